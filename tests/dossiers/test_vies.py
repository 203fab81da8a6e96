"""Years of random events over a contract's life: what must hold, whatever happens, in whatever order."""

import datetime

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from binome.dossiers.contrats import au as connaissances
from binome.dossiers.contrats import cycle, evaluations, journal
from binome.dossiers.contrats.actes import annulation, assistant, avenants, corrections, resiliation
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Assistant, CalculConserve, Ecriture, Embauche, Releve
from binome.dossiers.nomenclatures import ENGAGEANTS, Abandon, Genre, IssueDuRecours, Nature, Role, Statut, StatutLigne
from binome.dossiers.paiements import banque, campagnes, creances, grand_livre, rejeux
from binome.dossiers.paiements.dus import droits
from binome.dossiers.paiements.recouvrement import recouvrement_de
from tests.dossiers import fabrique
from tests.dossiers.versements import rejeter

SIGNATURE = datetime.date(2020, 3, 2)
FIN = datetime.date(2026, 11, 1)


def image(connu):
    """What a file holds, to compare: nothing of it may come from what was recorded after."""
    return {
        "etat": connu.etat,
        "dates": (connu.date_signature, connu.date_fin, connu.regime),
        "evenements": [e.numero for e in connu.evenements],
        "echeances": sorted((e.nom, e.date, e.faite_le, e.libelle, e.certitude) for e in connu.echeances),
        "embauches": [(e.pk, e.date_debut, e.date_fin, e.motif_fin) for e in connu.embauches],
        "pieces": [(p.pk, p.etat, p.motif_refus) for p in connu.pieces],
        "evaluations": [(e.annee, e.version, e.contestee_le) for e in connu.evaluations],
        "ecritures": [(e.pk, e.montant) for e in connu.ecritures],
    }


class Vie(RuleBasedStateMachine):
    """A contract, a fund, and time that passes."""

    def __init__(self):
        super().__init__()
        self.atome = transaction.atomic()
        self.atome.__enter__()
        self.caisse = fabrique.caisse()
        self.gestionnaire = fabrique.agent(self.caisse)
        self.responsable = fabrique.agent(self.caisse, Role.RESPONSABLE)
        self.valideur = fabrique.agent(self.caisse, Role.VALIDEUR)
        self.contrat = fabrique.contrat_en_cours(self.gestionnaire, SIGNATURE)
        self.jour = SIGNATURE + datetime.timedelta(days=1)
        self.rejets = 0
        #: The file as it stood at the end of each day that passed.
        self.album = {}

    def teardown(self):
        try:
            for jour, vu in self.album.items():
                assert image(connaissances.au(self.contrat, jour)) == vu, jour
        finally:
            transaction.set_rollback(True)
            self.atome.__exit__(None, None, None)

    @property
    def quand(self):
        return fabrique.instant(self.jour)

    def tenter(self, acte, *args, **champs):
        """An act that may be refused: nothing is changed then."""
        evenements, ecritures = self.contrat.evenements.count(), Ecriture.objects.count()
        try:
            with transaction.atomic():
                resultat = acte(*args, **champs, quand=self.quand)
        except Refus:
            assert self.contrat.evenements.count() == evenements
            assert Ecriture.objects.count() == ecritures
            resultat = None
        self.contrat.refresh_from_db()
        return resultat

    @initialize(jours=st.integers(10, 90))
    def la_premiere_campagne(self, jours):
        self.le_temps_passe(jours)
        self.une_campagne()

    @rule(jours=st.integers(5, 300))
    def le_temps_passe(self, jours):
        self.contrat.refresh_from_db()
        self.album[self.jour] = image(connaissances.aujourd_hui(self.contrat))
        self.jour = min(self.jour + datetime.timedelta(days=jours), FIN)

    @rule()
    def une_campagne(self):
        campagne = self.tenter(campagnes.ouvrir, self.caisse.pk, self.jour, self.gestionnaire)
        assert campagne is not None
        campagnes.preparer(campagne.pk, quand=self.quand)
        statut = self.contrat.statut
        campagnes.valider(campagne.pk, self.valideur, quand=self.quand)
        banque.emettre_campagne(campagne.pk, self.valideur, quand=self.quand)
        self.contrat.refresh_from_db()
        ligne = campagne.lignes.first()
        if ligne is None:
            return
        if statut == Statut.SUSPENDU:
            assert ligne.statut == StatutLigne.BLOQUEE
        if ligne.statut in {StatutLigne.EMISE, StatutLigne.SANS_VIREMENT}:
            inscrits = grand_livre.droits_inscrits([self.contrat.pk])[self.contrat.pk]
            du = next(droits([journal.etat_de(self.contrat)], self.jour))
            for droit in du.dus:
                assert inscrits.get((droit.annee.rang, droit.echeance), 0) == droit.centimes
            assert grand_livre.solde(self.contrat).aide == 0

    @rule(jours=st.integers(150, 400), mt=st.integers(1250, 1700), fa=st.integers(1750, 2100))
    def une_annee_ordinaire(self, jours, mt, fa):
        self.le_temps_passe(jours)
        self.evaluer(mt, fa, None)
        self.une_campagne()

    @rule(recul=st.integers(0, 60))
    def suspendre(self, recul):
        self.tenter(
            cycle.appliquer,
            self.contrat.pk,
            "suspendre",
            self.responsable,
            motif="absence longue",
            date_effet=self.jour - datetime.timedelta(days=recul),
        )

    @rule(recul=st.integers(0, 30))
    def reprendre(self, recul):
        self.tenter(
            cycle.appliquer,
            self.contrat.pk,
            "reprendre",
            self.gestionnaire,
            date_effet=self.jour - datetime.timedelta(days=recul),
        )

    @rule()
    def l_assistant_part(self):
        poste = self.contrat.embauches.filter(date_fin=None).first()
        if poste is not None:
            self.tenter(assistant.faire_partir, poste.pk, self.gestionnaire, date_fin=self.jour, motif="démission")

    @rule()
    def l_assistant_est_remplace(self):
        qui = Assistant.objects.create(caisse=self.caisse, nom="Autre", prenom=str(self.jour), profil="dei")
        self.tenter(
            assistant.embaucher, self.contrat.pk, qui, self.gestionnaire, date_debut=self.jour, centiemes_heures=1750
        )

    @rule(
        mt=st.integers(1100, 1800), fa=st.integers(1600, 2200), part=st.none() | st.fractions(0, 1, max_denominator=8)
    )
    def evaluer(self, mt, fa, part):
        etat = journal.etat_de(self.contrat)
        for annee in evaluations.evaluables(self.contrat, etat, self.jour):
            Releve.objects.get_or_create(
                medecin=self.contrat.medecin,
                date=annee.releve_evaluation,
                defaults={"patientele_mt": mt, "file_active": fa},
            )
            contestee = annee.rang in etat.evaluations
            if contestee and part is None:
                continue
            self.tenter(
                evaluations.decider,
                self.contrat.pk,
                annee.rang,
                self.gestionnaire,
                taux=part,
                motif="" if part is None else "examen du dossier",
            )

    @rule(quotite=st.sampled_from([0.5, 0.8, 1.0]), rang=st.integers(1, 4))
    def amender(self, quotite, rang):
        self.tenter(
            avenants.amender,
            self.contrat.pk,
            self.gestionnaire,
            date_effet=avenants.anniversaires(self.contrat)[rang],
            changements={"medecin.quotite_liberale": quotite},
            motif="temps partiel",
        )

    @precondition(lambda self: self.rejets < 3)
    @rule(nouveau_rib=st.booleans())
    def la_banque_rejette(self, nouveau_rib):
        ligne = self.contrat.lignes_versement.filter(statut=StatutLigne.EMISE).order_by("-pk").first()
        if ligne is None:
            return
        self.rejets += 1
        octets = rejeter(f"S{self.contrat.pk}-{self.rejets}", ligne.reference)
        banque.recevoir(self.caisse.pk, "r.xml", octets, self.valideur, quand=self.quand)
        if nouveau_rib:
            fabrique.compte(self.contrat.medecin)

    @rule(part=st.fractions(0, 1, max_denominator=4))
    def rembourser(self, part):
        montant = int(grand_livre.solde(self.contrat).du_par_le_medecin * part)
        self.tenter(grand_livre.rembourser, self.contrat.pk, montant, self.valideur, date=self.jour, motif="chèque")

    @rule(
        mode=st.sampled_from(["totale", "plafonnee", "aucune"]), plafond=st.none() | st.integers(1, 50_000),
    )  # fmt: skip
    def recouvrer(self, mode, plafond):
        self.tenter(creances.notifier, self.contrat.pk, self.gestionnaire, date=self.jour)
        self.tenter(creances.choisir_la_retenue, self.contrat.pk, self.gestionnaire, mode=mode, plafond=plafond)

    @rule(nombre=st.integers(1, 36))
    def echelonner(self, nombre):
        self.tenter(
            creances.accorder_un_echeancier, self.contrat.pk, self.gestionnaire, premiere=self.jour, nombre=nombre
        )

    @rule(issue=st.sampled_from(IssueDuRecours.values))
    def contester_un_trop_percu(self, issue):
        self.tenter(creances.enregistrer_un_recours, self.contrat.pk, self.gestionnaire, date=self.jour, motif="faux")
        if issue != IssueDuRecours.REJETE:
            self.tenter(
                creances.trancher_le_recours, self.contrat.pk, self.gestionnaire,
                date=self.jour, issue=issue, motif="décision",
            )  # fmt: skip

    @rule(part=st.fractions(0, 1, max_denominator=4), abandon=st.sampled_from(Abandon.values), accorde=st.booleans())
    def abandonner(self, part, abandon, accorde):
        montant = int(grand_livre.solde(self.contrat).du_par_le_medecin * part)
        self.tenter(
            creances.demander_un_abandon, self.contrat.pk, self.gestionnaire,
            abandon=abandon, montant=montant, motif="difficultés",
        )  # fmt: skip
        if accorde:
            self.tenter(creances.accorder_l_abandon, self.contrat.pk, self.valideur)
        else:
            self.tenter(creances.refuser_l_abandon, self.contrat.pk, self.valideur, motif="non")

    @rule(avance=st.integers(0, 200))
    def resilier(self, avance):
        if self.jour > datetime.date(2023, 1, 1):
            self.tenter(
                cycle.appliquer,
                self.contrat.pk,
                "resilier",
                self.gestionnaire,
                motif="départ",
                date_effet=self.jour + datetime.timedelta(days=avance),
                donnees={"par": "caisse"},
            )

    @rule()
    def constater_le_terme(self):
        self.tenter(cycle.appliquer, self.contrat.pk, "constater_terme", self.gestionnaire)

    @rule()
    def constater_la_resiliation(self):
        self.tenter(cycle.appliquer, self.contrat.pk, "constater_resiliation", self.gestionnaire)

    @rule()
    def retirer_la_resiliation(self):
        self.tenter(resiliation.retirer, self.contrat.pk, self.gestionnaire, motif="il reste")

    @rule()
    def annuler_le_dernier_acte(self):
        dernier = annulation.dernier_acte(self.contrat)
        # The life of a contract is what is tried here: its signature stands.
        if dernier is not None and dernier.genre != Genre.SIGNATURE:
            payees = Ecriture.objects.filter(contrat=self.contrat).count()
            self.tenter(
                annulation.annuler, self.contrat.pk, self.gestionnaire, numero=dernier.numero, motif="mauvais dossier"
            )
            assert Ecriture.objects.filter(contrat=self.contrat).count() == payees

    @rule(decalage=st.integers(-20, 20), heures=st.integers(1000, 3500))
    def corriger_une_embauche(self, decalage, heures):
        fait = next((f for f in reversed(journal.tenus(self.contrat)) if f.genre == Genre.EMBAUCHE), None)
        if fait is None:
            return
        poste = Embauche.objects.select_related("assistant").get(pk=fait.donnees["embauche"])
        dites = {champ: getattr(poste, champ) for champ in connaissances.DU_POSTE}
        dites |= {champ: getattr(poste.assistant, champ) for champ in corrections.DE_LA_PERSONNE}
        dites |= {
            "date_debut": poste.date_debut + datetime.timedelta(days=decalage), "centiemes_heures": heures,
        }  # fmt: skip
        self.tenter(
            corrections.corriger_embauche, self.contrat.pk, fait.numero, self.gestionnaire, dites=dites, motif="erreur"
        )

    @invariant()
    def l_etat_se_reconstruit(self):
        self.contrat.refresh_from_db()
        assert journal.reconstruire(self.contrat) == journal.etat_de(self.contrat)
        assert self.contrat.statut == journal.etat_de(self.contrat).statut

    @invariant()
    def on_ne_paie_jamais_plus_que_du(self):
        solde = grand_livre.solde(self.contrat)
        assert solde.aide >= 0
        assert solde.du_par_le_medecin >= 0
        sommes = {
            ligne["nature"]: ligne["somme"]
            for ligne in Ecriture.objects.filter(contrat=self.contrat, compte="aide")
            .values("nature")
            .annotate(somme=Sum("montant"))
        }
        paye = -sommes.get(Nature.VERSEMENT, 0) - sommes.get(Nature.RETOUR, 0)
        assert 0 <= paye <= sommes.get(Nature.DROIT, 0) + sommes.get(Nature.INDU, 0)

    @invariant()
    def une_creance_se_suit_au_centime(self):
        """What recovery says owed is the ledger's; what is kept back, notified or scheduled is never more."""
        tenu, du = recouvrement_de(self.contrat), grand_livre.solde(self.contrat).du_par_le_medecin
        assert tenu.du == du
        assert 0 <= tenu.retenable <= tenu.notifie <= du
        assert tenu.constate == du + tenu.recouvre + tenu.abandonne
        assert 0 <= tenu.echelonne <= du

    @invariant()
    def un_contrat_fini_ne_lie_plus(self):
        if self.contrat.statut not in ENGAGEANTS:
            assert not self.contrat.engagements.filter(fin__gt=self.contrat.date_fin).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("combien", [12, pytest.param(60, marks=pytest.mark.lent)])
def test_une_vie_de_contrat(combien):
    vus = set()

    class Suivie(Vie):
        def teardown(self):
            for calcul in CalculConserve.objects.filter(ecritures__contrat=self.contrat).distinct():
                assert rejeux.rejouer(calcul).identique
                vus.add(calcul.empreinte)
            super().teardown()

    run_state_machine_as_test(
        Suivie,
        settings=settings(max_examples=combien, stateful_step_count=30, suppress_health_check=list(HealthCheck)),
    )
    # Every life began with a payment: some computation was done again.
    assert vus
