"""Lived files on which letters make sense: each scene leads a contract to a day, through the acts of the domain."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from binome.dossiers.acteur import Acteur
from binome.dossiers.contrats import cycle, evaluations, ouverture
from binome.dossiers.contrats.actes import assistant, avenants, renouvellement
from binome.dossiers.echanges import lettres
from binome.dossiers.echanges.sources import Contexte
from binome.dossiers.models import Assistant, Caisse, Contrat, Embauche, LigneVersement, Medecin, Structure
from binome.dossiers.nomenclatures import EtatPiece, NaturePiece, Role
from binome.dossiers.paiements import banque, creances, grand_livre
from binome.simulation import Situation
from tests.dossiers import fabrique
from tests.dossiers.versements import payer, rejeter

#: Signatures under three sets of rules.
CONVENTION, ARBITRAL, AVENANT_8 = datetime.date(2024, 7, 1), datetime.date(2023, 6, 1), datetime.date(2022, 7, 1)
GROUPE = datetime.date(2026, 3, 2)


@dataclass
class Vie:
    """A contract on a day, and who works on it."""

    contrat: Contrat
    gestionnaire: Acteur
    valideur: Acteur
    jour: datetime.date

    def au(self, jour: datetime.date) -> datetime.datetime:
        """The day becomes the scene's; its noon."""
        self.jour = jour
        return fabrique.instant(jour)

    def payer(self, jour: datetime.date) -> LigneVersement:
        """A whole campaign."""
        self.au(jour)
        ligne, _ = payer(self.contrat.caisse, jour, self.gestionnaire, self.valideur)
        assert ligne is not None
        self.contrat.refresh_from_db()
        return ligne

    def appliquer(self, nom: str, jour: datetime.date, motif: str = "", **champs: object) -> None:
        """A transition, on the day of its effect."""
        quand = self.au(jour)
        responsable = fabrique.agent(self.contrat.caisse, Role.RESPONSABLE)
        cycle.appliquer(self.contrat.pk, nom, responsable, date_effet=jour, motif=motif, quand=quand, **champs)  # type: ignore[arg-type]
        self.contrat.refresh_from_db()

    def partir(self, jour: datetime.date) -> None:
        """The assistant leaves."""
        poste = Embauche.objects.get(contrat=self.contrat, date_fin=None)
        assistant.faire_partir(poste.pk, self.gestionnaire, date_fin=jour, motif="démission", quand=self.au(jour))

    def evaluer(self, rang: int, jour: datetime.date, mt: int, fa: int, taux: Fraction | None = None) -> None:
        """The statement of a year, and the decision on it."""
        quand = self.au(jour)
        annee = next(
            a
            for a in evaluations.evaluables(self.contrat, Contexte(self.contrat, self.gestionnaire, jour).etat, jour)
            if a.rang == rang
        )
        assert self.contrat.medecin is not None
        assert annee.releve_evaluation is not None
        fabrique.releve(self.contrat.medecin, annee.releve_evaluation, mt, fa)
        motif = "" if taux is None else "Cabinet fermé trois semaines pour travaux."
        evaluations.decider(self.contrat.pk, rang, self.gestionnaire, taux=taux, motif=motif, quand=quand)


def _debut() -> tuple[Caisse, Acteur, Acteur, Medecin]:
    caisse = fabrique.caisse()
    medecin = fabrique.medecin(caisse, zone="zip", numero_am="991000001")
    return caisse, fabrique.agent(caisse), fabrique.agent(caisse, Role.VALIDEUR), medecin


def ouvert() -> Vie:
    """A file opened for an eligible doctor."""
    _, gestionnaire, valideur, medecin = _debut()
    return Vie(fabrique.contrat_ouvert(gestionnaire, CONVENTION, medecin), gestionnaire, valideur, CONVENTION)


def refuse() -> Vie:
    """A file opened for a doctor whom the rules refuse."""
    caisse, gestionnaire, valideur, _ = _debut()
    medecin = fabrique.medecin(caisse, secteur="non_conventionne")
    donnees = fabrique.situation(CONVENTION).model_dump(mode="json", exclude_unset=True)
    donnees["medecin"]["secteur"] = "non_conventionne"
    contrat = ouverture.ouvrir(
        Situation.model_validate(donnees), gestionnaire, medecin=medecin, quand=fabrique.instant(CONVENTION)
    )
    return Vie(contrat, gestionnaire, valideur, CONVENTION)


def signe() -> Vie:
    """A contract just signed, one of whose documents was refused."""
    _, gestionnaire, valideur, medecin = _debut()
    contrat = fabrique.contrat_signe(gestionnaire, CONVENTION, medecin)
    fabrique.piece(contrat, NaturePiece.CONTRAT_SIGNE)
    travail = fabrique.piece(contrat, NaturePiece.CONTRAT_TRAVAIL)
    travail.etat, travail.motif_refus = EtatPiece.REFUSEE, "illisible"
    travail.save()
    return Vie(contrat, gestionnaire, valideur, CONVENTION)


def relance() -> Vie:
    """The same, a month after the documents were asked for."""
    vie = signe()
    lettre = lettres.preparer(vie.contrat, "pieces-demandees", vie.gestionnaire, vie.jour)
    lettres.envoyer(vie.contrat.pk, lettre, vie.gestionnaire, quand=fabrique.instant(vie.jour))
    vie.au(datetime.date(2024, 8, 5))
    return vie


def en_cours(signature: datetime.date = CONVENTION) -> Vie:
    """A contract that runs."""
    _, gestionnaire, valideur, medecin = _debut()
    return Vie(fabrique.contrat_en_cours(gestionnaire, signature, medecin), gestionnaire, valideur, signature)


def formation() -> Vie:
    """A contract whose assistant has begun a training."""
    vie = en_cours()
    qui, debut = Assistant.objects.get(embauches__contrat=vie.contrat), datetime.date(2025, 1, 6)
    assistant.noter_formation(vie.contrat.pk, qui, vie.gestionnaire, commencee_le=debut, quand=vie.au(debut))
    vie.au(datetime.date(2026, 6, 1))
    return vie


def formation_attendue() -> Vie:
    """A contract under rules that date the beginning of the training, not begun."""
    return en_cours(ARBITRAL)


def paye() -> Vie:
    """A first instalment paid."""
    vie = en_cours()
    vie.payer(datetime.date(2024, 8, 15))
    return vie


def rejete() -> Vie:
    """A transfer that the bank sent back."""
    vie = paye()
    ligne = vie.contrat.lignes_versement.get()
    recu = vie.au(datetime.date(2024, 8, 20))
    banque.recevoir(vie.contrat.caisse_id, "retour.xml", rejeter("1", ligne.reference), vie.valideur, quand=recu)
    return vie


def repaye() -> Vie:
    """A transfer that came back, issued again on another account."""
    vie = rejete()
    assert vie.contrat.medecin is not None
    fabrique.compte(vie.contrat.medecin)
    vie.payer(datetime.date(2024, 9, 15))
    return vie


def _trois_ans() -> Vie:
    vie = en_cours(ARBITRAL)
    for jour in (datetime.date(2023, 7, 15), datetime.date(2024, 6, 15)):
        vie.payer(jour)
    return vie


def evalue() -> Vie:
    """Year 3 evaluated at what the rules propose, and paid."""
    vie = _trois_ans()
    vie.evaluer(3, datetime.date(2025, 6, 2), 1430, 1850)
    vie.payer(datetime.date(2025, 6, 15))
    return vie


def evalue_autrement() -> Vie:
    """Year 3 evaluated otherwise than the rules propose, on a year suspended for a while."""
    vie = _trois_ans()
    vie.evaluer(3, datetime.date(2025, 6, 2), 1430, 1850, Fraction(4, 5))
    return vie


def reevalue() -> Vie:
    """Year 3 contested, and decided again."""
    vie = evalue()
    conteste, decide = datetime.date(2025, 6, 20), datetime.date(2025, 7, 1)
    evaluations.contester(vie.contrat.pk, 3, vie.gestionnaire, motif="relevé faux", quand=vie.au(conteste))
    evaluations.decider(
        vie.contrat.pk, 3, vie.gestionnaire, taux=Fraction(1), motif="Relevé corrigé.", quand=vie.au(decide)
    )
    return vie


def trop_percu() -> Vie:
    """A year paid whole, then lowered: the difference is claimed."""
    vie = _trois_ans()
    vie.evaluer(3, datetime.date(2025, 6, 2), 1600, 2000)
    vie.payer(datetime.date(2025, 12, 15))
    conteste, decide = datetime.date(2025, 12, 20), datetime.date(2025, 12, 22)
    evaluations.contester(vie.contrat.pk, 3, vie.gestionnaire, motif="relevé faux", quand=vie.au(conteste))
    evaluations.decider(
        vie.contrat.pk, 3, vie.gestionnaire, taux=Fraction(1, 2), motif="Relevé corrigé.", quand=vie.au(decide)
    )
    vie.payer(datetime.date(2026, 1, 15))
    return vie


def retenu() -> Vie:
    """A claim kept back on the next instalment."""
    vie = trop_percu()
    assert grand_livre.solde(vie.contrat).du_par_le_medecin > 0
    notifie = datetime.date(2026, 2, 2)
    creances.notifier(vie.contrat.pk, vie.gestionnaire, date=notifie, quand=vie.au(notifie))
    creances.choisir_la_retenue(vie.contrat.pk, vie.gestionnaire, mode="totale", quand=vie.au(notifie))
    vie.evaluer(4, datetime.date(2026, 6, 2), 1700, 2100)
    vie.payer(datetime.date(2026, 12, 15))
    return vie


def suspendu() -> Vie:
    """A contract suspended after a departure."""
    vie = paye()
    vie.partir(datetime.date(2024, 10, 31))
    vie.appliquer("suspendre", datetime.date(2024, 11, 1), "Le poste n'est pas pourvu.")
    return vie


def repris() -> Vie:
    """A suspended contract whose post is held again."""
    vie = suspendu()
    qui = Assistant.objects.create(caisse=vie.contrat.caisse, nom="Relève", prenom="Sacha", profil="dei")
    jour = datetime.date(2025, 2, 3)
    assistant.embaucher(
        vie.contrat.pk, qui, vie.gestionnaire, date_debut=jour, centiemes_heures=1750, quand=vie.au(jour)
    )
    vie.appliquer("reprendre", jour)
    return vie


def parti() -> Vie:
    """An assistant gone."""
    vie = en_cours()
    vie.partir(datetime.date(2024, 10, 31))
    return vie


def absent() -> Vie:
    """An assistant away."""
    vie, debut = en_cours(), datetime.date(2024, 10, 1)
    assistant.noter_absence(vie.contrat.pk, vie.gestionnaire, debut=debut, quand=vie.au(debut))
    return vie


def _resilie(par: str) -> Vie:
    vie = paye()
    vie.appliquer("resilier", datetime.date(2025, 6, 30), "Le cabinet ferme.", donnees={"par": par})
    return vie


def resilie_par_le_medecin() -> Vie:
    """A contract that the doctor ended, its last day gone."""
    vie = _resilie("medecin")
    vie.au(datetime.date(2025, 7, 10))
    return vie


def resilie_par_la_caisse() -> Vie:
    """A contract that the fund ended."""
    return _resilie("caisse")


def passe_au_collectif() -> Vie:
    """A contract ended for that of a society."""
    vie = _resilie("collectif")
    assert vie.contrat.medecin is not None
    vie.contrat.medecin.structure = Structure.objects.create(caisse=vie.contrat.caisse, nom="SISA d'Essai")
    vie.contrat.medecin.save()
    return vie


def echu() -> Vie:
    """A contract at its term, paid for its first years."""
    vie = evalue()
    vie.appliquer("constater_terme", datetime.date(2028, 6, 5))
    return vie


def amende() -> Vie:
    """A contract whose option changes."""
    vie = en_cours()
    avenants.amender(
        vie.contrat.pk,
        vie.gestionnaire,
        date_effet=datetime.date(2025, 7, 1),
        changements={"contrat.option": "un_etp", "objectifs_notifies.file_active": {"cible": 1950}},
        motif="Un second mi-temps est recruté.",
        quand=vie.au(datetime.date(2025, 5, 1)),
    )
    return vie


def ancien() -> Vie:
    """An old contract that may pass to the newer rules."""
    vie = en_cours(AVENANT_8)
    vie.au(datetime.date(2024, 9, 2))
    return vie


def a_renouveler() -> Vie:
    """A contract whose next file is open."""
    vie, jour = en_cours(), datetime.date(2029, 4, 2)
    renouvellement.preparer_renouvellement(
        vie.contrat.pk, vie.gestionnaire, date_signature=datetime.date(2029, 7, 1), quand=vie.au(jour)
    )
    return vie


def releve() -> Vie:
    """A contract whose doctor has a new statement."""
    vie = en_cours()
    assert vie.contrat.medecin is not None
    fabrique.releve(vie.contrat.medecin, datetime.date(2024, 12, 31), 1350, 1950)
    vie.au(datetime.date(2025, 2, 1))
    return vie


def groupe() -> Vie:
    """A society's contract, ready to be signed by its members."""
    caisse, gestionnaire, valideur, _ = _debut()
    membres = [fabrique.medecin(caisse, zone="zip", numero_am=f"99100001{rang}") for rang in range(3)]
    structure = Structure.objects.create(
        caisse=caisse,
        nom="Maison d'Essai",
        forme_juridique="SISA",
        finess="990000001",
        adresse="3 rue du Groupe\n99000 Essai",
        representant="Camille Gérance",
    )
    adherents = [
        {
            "specialite": "medecine_generale",
            "secteur": "secteur_1",
            "patientele_mt": 1200,
            "file_active": 1700,
        }
        for _ in membres
    ]
    situation = Situation.model_validate(
        {
            "groupe": {
                "date_signature": GROUPE.isoformat(),
                "forme_juridique": "SISA",
                "etp_demandes": 1.5,
                "membres": adherents,
            },
            "assistant": {"locaux_adaptes": True},
        }
    )
    contrat = ouverture.ouvrir(
        situation, gestionnaire, structure=structure, membres=membres, quand=fabrique.instant(GROUPE)
    )
    return Vie(contrat, gestionnaire, valideur, GROUPE)


def vivre(scene: Callable[[], Vie]) -> Vie:
    """A scene, its contract as the base has it."""
    vie = scene()
    vie.contrat = Contrat.objects.select_related("caisse", "medecin", "structure").get(pk=vie.contrat.pk)
    return vie


#: The scenes on which each letter makes sense; together, they fill every field that the file tells.
SCENES: dict[str, tuple[Callable[[], Vie], ...]] = {
    "accuse-demande": (ouvert,),
    "avenant": (amende,),
    "bascule-proposee": (ancien,),
    "bulletin-adhesion": (groupe,),
    "contrat-a-signer": (ouvert,),
    "contrat-collectif": (groupe,),
    "contrat-individuel": (ouvert,),
    "contrat-signe": (signe,),
    "eligibilite-defavorable": (refuse,),
    "eligibilite-favorable": (ouvert,),
    "evaluation": (evalue, evalue_autrement),
    "evaluation-modifiee": (reevalue,),
    "fin-contrat": (echu, resilie_par_le_medecin),
    "formation-non-commencee": (formation_attendue,),
    "formation-non-terminee": (formation, en_cours),
    "indu": (trop_percu,),
    "passage-collectif": (passe_au_collectif,),
    "pieces-demandees": (signe,),
    "pieces-relance": (relance,),
    "point-semestriel": (releve,),
    "rappel-echeance": (formation,),
    "remplacement-assistant": (parti, absent),
    "renouvellement-propose": (a_renouveler,),
    "reprise": (repris,),
    "resiliation-caisse": (resilie_par_la_caisse,),
    "resiliation-medecin": (resilie_par_le_medecin,),
    "suspension": (suspendu,),
    "versement": (paye, repaye, retenu),
    "virement-rejete": (rejete,),
}
