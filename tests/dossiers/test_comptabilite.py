"""Accounting: over any cut of periods, each line of the ledger once, and nothing changes after a closing."""

import csv
import datetime
import io
from collections import defaultdict

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from binome.dossiers import garde_fous
from binome.dossiers.contrats import cycle
from binome.dossiers.erreurs import Refus
from binome.dossiers.exploitation.verification import fautes
from binome.dossiers.models import CodeAnalytique, Ecriture, EcritureExportee, ExportComptable, PlanComptable
from binome.dossiers.nomenclatures import Compte, Nature, Role
from binome.dossiers.paiements import annulations, banque, campagnes, comptabilite, grand_livre, rapprochement
from tests.documents.messages_bancaires import retour_054
from tests.dossiers import fabrique
from tests.dossiers.versements import SIGNATURE, payer, rejeter

pytestmark = pytest.mark.django_db
DEBUT, FIN = datetime.date(2024, 8, 1), datetime.date(2025, 9, 30)
#: The day on which periods are closed.
JOUR = datetime.date(2025, 11, 3)


@pytest.fixture
def caisse():
    return fabrique.caisse()


@pytest.fixture
def gestionnaire(caisse):
    return fabrique.agent(caisse)


@pytest.fixture
def valideur(caisse):
    return fabrique.agent(caisse, Role.VALIDEUR)


@pytest.fixture
def vecu(caisse, gestionnaire, valideur):
    """A ledger that holds a line of every nature but the cancelled order and the set-off."""
    contrats = [fabrique.contrat_en_cours(gestionnaire, SIGNATURE) for _ in range(2)]
    payer(caisse, datetime.date(2024, 8, 15), gestionnaire, valideur)
    reference = contrats[0].lignes_versement.get().reference
    recu = fabrique.instant(datetime.date(2024, 8, 20))
    banque.recevoir(caisse.pk, "r.xml", rejeter("S", reference), valideur, quand=recu)
    cycle.appliquer(
        contrats[1].pk, "resilier", gestionnaire, date_effet=datetime.date(2024, 12, 31), motif="départ",
        donnees={"par": "caisse"}, quand=fabrique.instant(datetime.date(2024, 10, 1)),
    )  # fmt: skip
    payer(caisse, datetime.date(2025, 1, 15), gestionnaire, valideur)
    rembourse = datetime.date(2025, 2, 1)
    rendu = grand_livre.rembourser(
        contrats[1].pk, 200_000, valideur, date=rembourse, motif="chèque", quand=fabrique.instant(rembourse)
    )
    grand_livre.contre_passer(rendu.pk, valideur, motif="sans provision", quand=fabrique.instant(FIN))
    return contrats


def lues(export):
    return list(csv.DictReader(io.StringIO(bytes(export.octets).decode("utf-8-sig")), delimiter=";"))


def centimes(texte):
    return int(texte.replace(",", "").replace("\u202f", "").replace("\u00a0", "") or 0)


@settings(max_examples=20, suppress_health_check=list(HealthCheck))
@given(coupes=st.sets(st.dates(DEBUT, FIN), max_size=5), retard=st.booleans())
def test_l_union_des_exports_est_le_grand_livre_une_fois(vecu, caisse, valideur, coupes, retard):
    """Whatever the cut, and with a repayment recorded after its day was closed."""
    with transaction.atomic():
        clos = {}
        for rang, fin in enumerate([*sorted(coupes - {FIN}), FIN, JOUR - datetime.timedelta(days=1)]):
            if fin < comptabilite.premier_jour(caisse.pk):
                # Nothing was recorded by then: the first period begins with the first line.
                assert not clos
                continue
            export = comptabilite.clore(caisse.pk, fin, valideur, quand=fabrique.instant(JOUR))
            clos[export.pk] = bytes(export.octets)
            if rang == 0 and retard:
                grand_livre.rembourser(
                    vecu[1].pk, 1_000, valideur, date=datetime.date(2025, 1, 20), motif="espèces",
                    quand=fabrique.instant(JOUR),
                )  # fmt: skip
        exports = list(ExportComptable.objects.filter(caisse=caisse).order_by("numero"))
        assert [export.numero for export in exports] == list(range(1, len(exports) + 1))
        assert {export.pk: bytes(export.octets) for export in exports} == clos
        pieces = [ligne["pièce"] for export in exports for ligne in lues(export)]
        assert set(pieces) == {str(cle) for cle in Ecriture.objects.values_list("pk", flat=True)}
        assert EcritureExportee.objects.count() == Ecriture.objects.count()
        soldes = defaultdict(int)
        for export in exports:
            for ligne in lues(export):
                soldes[ligne["compte"]] += centimes(ligne["crédit (€)"]) - centimes(ligne["débit (€)"])
        for compte, nom in ((Compte.AIDE, "MEDECIN"), (Compte.CREANCE, "INDU")):
            assert soldes[nom] == sum(e.montant for e in Ecriture.objects.filter(compte=compte))
        assert sum(soldes.values()) == 0
        assert list(fautes()) == []
        transaction.set_rollback(True)


def test_une_periode_close_ne_change_plus(vecu, caisse, valideur):
    export = comptabilite.clore(caisse.pk, FIN, valideur, quand=fabrique.instant(JOUR))
    for acte in (
        lambda: ExportComptable.objects.update(total=0),
        lambda: EcritureExportee.objects.update(compte="AUTRE"),
        lambda: EcritureExportee.objects.all()._raw_delete(EcritureExportee.objects.db),
    ):
        with pytest.raises(DatabaseError, match="ajout seul"), transaction.atomic():
            acte()
    une = export.ecritures.first()
    une.pk = None
    with pytest.raises(DatabaseError), transaction.atomic():
        une.save(force_insert=True)


def test_une_periode_alteree_hors_du_produit_est_nommee(vecu, caisse, valideur):
    comptabilite.clore(caisse.pk, FIN, valideur, quand=fabrique.instant(JOUR))
    with connection.cursor() as curseur:
        for ordre in garde_fous.retirer(connection.vendor):
            curseur.execute(ordre)
    EcritureExportee.objects.filter(numero=1).update(compte="AUTRE")
    assert [faute for faute in fautes() if "période comptable 1" in faute and "écritures" in faute]


@pytest.mark.parametrize(
    ("fin", "attendu"),
    [(JOUR, "un jour passé"), (datetime.date(2024, 8, 14), "à partir du 15/08/2024")],
)
def test_ce_qui_ne_se_clot_pas(vecu, caisse, valideur, gestionnaire, fin, attendu):
    with pytest.raises(Refus, match=attendu):
        comptabilite.clore(caisse.pk, fin, valideur, quand=fabrique.instant(JOUR))
    with pytest.raises(Refus, match="réservé"):
        comptabilite.clore(caisse.pk, FIN, gestionnaire, quand=fabrique.instant(JOUR))


def test_une_caisse_sans_ecriture_n_a_rien_a_clore(caisse, valideur):
    with pytest.raises(Refus, match="rien à clore"):
        comptabilite.clore(caisse.pk, FIN, valideur)


def test_le_plan_de_la_caisse_sert_aux_periodes_a_venir(vecu, caisse, valideur):
    """Closed periods keep the accounts of their day."""
    avant = comptabilite.clore(caisse.pk, datetime.date(2024, 12, 31), valideur, quand=fabrique.instant(JOUR))
    plan = PlanComptable.objects.create(
        caisse=caisse, journal="J1", charge="65611", tiers="4671", banque="512", indus="4672"
    )
    CodeAnalytique.objects.create(plan=plan, option=vecu[0].option, code="AM-DEMI")
    apres = comptabilite.clore(caisse.pk, FIN, valideur, quand=fabrique.instant(JOUR))
    assert {ligne["compte"] for ligne in lues(avant)} == {"AIDE", "MEDECIN", "BANQUE"}
    assert {ligne["compte"] for ligne in lues(apres)} >= {"65611", "4671", "4672", "512"}
    assert {(ligne["journal"], ligne["analytique"]) for ligne in lues(apres)} == {("J1", "AM-DEMI")}
    assert list(fautes()) == []


def test_le_rapprochement_nomme_ce_qui_differe(vecu, caisse, valideur):
    """Ledger, bank and accounting agree; a return of another amount, and one without a reference, are named."""
    comptabilite.clore(caisse.pk, datetime.date(2024, 12, 31), valideur, quand=fabrique.instant(JOUR))
    bilan = rapprochement.rapprocher(caisse.pk, 2024)
    (aout,) = bilan.lignes
    assert (aout.grand_livre, aout.banque, aout.clos, aout.a_clore) == (-1_900_000, -1_900_000, -1_900_000, 0)
    assert bilan.juste
    suivante = rapprochement.rapprocher(caisse.pk, 2025)
    assert suivante.juste
    assert suivante.a_clore > 0
    quand = fabrique.instant(datetime.date(2024, 9, 3))
    reste = vecu[1].lignes_versement.order_by("pk").first().reference
    banque.recevoir(caisse.pk, "ecart.xml", retour_054(reste), valideur, quand=quand)
    banque.recevoir(caisse.pk, "sans.xml", retour_054("NOTPROVIDED"), valideur, quand=quand)
    un, deux = rapprochement.rapprocher(caisse.pk, 2024).ecarts
    assert "ecart.xml" in un
    assert reste in un
    assert "NOTPROVIDED" in deux


#: An order issued ahead of its day.
EMIS, EXECUTE = datetime.date(2024, 8, 1), datetime.date(2024, 8, 15)


@pytest.fixture
def campagne(caisse, gestionnaire, valideur):
    fabrique.contrat_en_cours(gestionnaire, SIGNATURE)
    quand = fabrique.instant(EMIS)
    campagne = campagnes.ouvrir(caisse.pk, EXECUTE, gestionnaire, quand=quand)
    campagnes.preparer(campagne.pk, quand=quand)
    campagnes.valider(campagne.pk, valideur, quand=quand)
    banque.emettre_campagne(campagne.pk, valideur, quand=quand)
    campagne.refresh_from_db()
    return campagne


def test_deux_agents_l_annulent_et_le_grand_livre_le_dit(caisse, campagne, gestionnaire, valideur):
    quand = fabrique.instant(datetime.date(2024, 8, 5))
    with pytest.raises(Refus, match="d'abord demandée"):
        annulations.annuler(campagne.pk, valideur, quand=quand)
    annulations.demander(campagne.pk, valideur, motif="mauvais fichier", quand=quand)
    with pytest.raises(Refus, match="autre agent"):
        annulations.annuler(campagne.pk, valideur, quand=quand)
    # And the database itself refuses.
    with pytest.raises(DatabaseError), transaction.atomic():
        type(campagne).objects.filter(pk=campagne.pk).update(annulee_par=valideur.utilisateur)
    annulations.annuler(campagne.pk, fabrique.agent(caisse, Role.RESPONSABLE), quand=quand)
    ligne = campagne.lignes.get()
    assert ligne.statut == "annulee"
    ecriture = ligne.ecritures.get(nature=Nature.ANNULATION)
    assert (ecriture.montant, "mauvais fichier" in ecriture.libelle) == (ligne.montant, True)
    assert ligne.contrat.evenements.filter(genre="annulation").count() == 1
    assert grand_livre.solde(ligne.contrat).aide == ligne.montant
    assert list(fautes()) == []
    assert rapprochement.rapprocher(caisse.pk, 2024).juste
    encore, fichier = payer(caisse, datetime.date(2024, 8, 20), gestionnaire, valideur)
    assert (encore.montant, encore.compte_bancaire_id) == (ligne.montant, ligne.compte_bancaire_id)
    assert fichier is not None


def test_le_jour_venu_il_ne_s_annule_plus(caisse, campagne, gestionnaire):
    with pytest.raises(Refus, match="avant ce jour"):
        annulations.demander(campagne.pk, gestionnaire, motif="trop tard", quand=fabrique.instant(EXECUTE))
    quand = fabrique.instant(datetime.date(2024, 8, 14))
    annulations.demander(campagne.pk, gestionnaire, motif="à temps", quand=quand)
    with pytest.raises(Refus, match="avant ce jour"):
        annulations.annuler(campagne.pk, fabrique.agent(caisse, Role.RESPONSABLE), quand=fabrique.instant(EXECUTE))
    with pytest.raises(Refus, match="déjà demandée"):
        annulations.demander(campagne.pk, gestionnaire, motif="encore", quand=quand)
