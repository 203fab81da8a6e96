"""What a contract under way asks for: deadlines, documents, statements, the assistant's post."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from django.utils import timezone

from binome import francais
from binome.dossiers.contrats.cycle import compte_de, pieces_du_demarrage
from binome.dossiers.echanges.sources.contexte import Contexte
from binome.dossiers.echanges.sources.contrat import patients
from binome.dossiers.echanges.sources.decisions import ABSENCE
from binome.dossiers.echanges.sources.source import Rangee, Source, Valeur, champ, date_de, jour, table
from binome.dossiers.models import Courrier, Echeance, Embauche, Evenement, Releve
from binome.dossiers.nomenclatures import ENGAGEANTS, EtatPiece, Genre, NaturePiece, Statut
from binome.simulation.mots.ecriture import minuscule
from openfisca_assistants_medicaux import registre

#: Why a document is awaited before the first payment.
POURQUOI = {
    NaturePiece.CONTRAT_SIGNE: "Il fixe les règles et le début de l'aide",
    NaturePiece.CONTRAT_TRAVAIL: "Il établit l'embauche et le temps de travail",
    NaturePiece.RIB: "Il dit où verser l'aide",
}
#: Letters that ask for documents: a reminder names the last of them.
DEMANDES = ("pieces-demandees", "contrat-signe")


@dataclass(frozen=True)
class DesPieces(Source):
    """Documents that are missing, or that were refused."""

    contexte: Contexte
    manquantes: tuple[Rangee, ...]
    nom = "pieces"

    @classmethod
    def trouver(cls, contexte: Contexte) -> Self | None:
        """None when nothing is missing, and when no document is awaited."""
        if contexte.contrat.statut not in (Statut.A_SIGNER, *ENGAGEANTS):
            return None
        manquantes = tuple(cls._manquantes(contexte))
        return cls(contexte, manquantes) if manquantes else None

    @classmethod
    def _manquantes(cls, contexte: Contexte) -> list[Rangee]:
        pieces = list(contexte.contrat.pieces.order_by("pk"))
        tenues = {piece.nature for piece in pieces if piece.etat != EtatPiece.REFUSEE}
        # The account may be known without its document having been filed here.
        tenues |= set() if compte_de(contexte.contrat) is None else {NaturePiece.RIB.value}
        refusees = {p.nature: p for p in pieces if p.etat == EtatPiece.REFUSEE and p.nature not in tenues}
        attendues = dict.fromkeys(
            [*pieces_du_demarrage(contexte.contrat), NaturePiece.RIB, *(NaturePiece(n) for n in refusees)]
        )
        return [
            {
                "piece": nature.label,
                "pourquoi": POURQUOI.get(nature, "Elle justifie ce que le dossier déclare"),
                "manque": f"refusée : {refusees[nature].motif_refus}" if nature in refusees else "non reçue",
            }
            for nature in attendues
            if nature not in tenues
        ]

    @table("piece", "pourquoi", "manque")
    def liste(self) -> list[Rangee]:
        """Each document, why it is awaited, what is wrong with it."""
        return list(self.manquantes)


@dataclass(frozen=True)
class DeLaDemandeDePieces(Source):
    """The last letter that asked for documents."""

    courrier: Courrier
    nom = "demande_de_pieces"

    @classmethod
    def trouver(cls, contexte: Contexte) -> Self | None:
        """None when none was sent."""
        courrier = contexte.contrat.courriers.filter(modele__in=DEMANDES).order_by("pk").last()
        return None if courrier is None else cls(courrier)

    @champ
    def date(self) -> Valeur:
        """The day when it was sent."""
        return jour(timezone.localdate(self.courrier.cree_le))

    @champ
    def date_limite(self) -> Valeur:
        """The day that it set."""
        limite: str | None = self.courrier.contenu.get("champs", {}).get("date_limite")
        return limite


@dataclass(frozen=True)
class DeLEcheance(Source):
    """A deadline that the doctor has to meet, and that the fund reminds of."""

    echeance: Echeance
    nom = "echeance"
    #: Names of the deadlines that it may be; blank: all those that are reminded of.
    noms: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def _a_tenir(cls, contexte: Contexte) -> list[Echeance]:
        if contexte.contrat.statut not in ENGAGEANTS:
            return []
        noms = cls.noms or tuple(fiche.nom for fiche in registre.echeances() if fiche.rappel)
        return list(contexte.contrat.echeances.filter(nom__in=noms, faite_le=None).order_by("date", "nom"))

    @classmethod
    def sujets(cls, contexte: Contexte) -> dict[int, str]:
        """Every deadline to meet, the nearest first."""
        return {e.pk: f"{minuscule(e.libelle)}, {jour(e.date)}" for e in cls._a_tenir(contexte)}

    @classmethod
    def trouver(cls, contexte: Contexte) -> Self | None:
        """The deadline asked for, or the nearest."""
        return next((cls(e) for e in cls._a_tenir(contexte) if contexte.sujet in {None, e.pk}), None)

    @champ
    def date(self) -> Valeur:
        """The day."""
        return jour(self.echeance.date)

    @champ
    def libelle(self) -> Valeur:
        """What is awaited."""
        return minuscule(self.echeance.libelle)

    @champ
    def aide(self) -> Valeur:
        """What there is to do, from the register of deadlines."""
        return registre.echeances()[self.echeance.nom].aide


@dataclass(frozen=True)
class DuDebutDeFormation(DeLEcheance):
    """The day before which the assistant's training must begin, while it has not."""

    nom = "formation_a_commencer"
    noms = ("date_limite_debut_formation",)


@dataclass(frozen=True)
class DeLaQualification(DeLEcheance):
    """The day before which the assistant must be qualified, while they are not."""

    nom = "qualification"
    noms = ("date_limite_qualification",)


@dataclass(frozen=True)
class DuPoste(Source):
    """The assistant in post, or the last who was."""

    embauche: Embauche
    nom = "poste"

    @classmethod
    def trouver(cls, contexte: Contexte) -> Self | None:
        """None before the first hire."""
        embauche = contexte.contrat.embauches.select_related("assistant").order_by("date_debut", "pk").last()
        return None if embauche is None else cls(embauche)

    @champ
    def assistant(self) -> Valeur:
        """Their name."""
        return str(self.embauche.assistant)

    @champ
    def date_embauche(self) -> Valeur:
        """Their first day."""
        return jour(self.embauche.date_debut)

    @champ
    def formation_commencee(self) -> Valeur:
        """What is known of the beginning of their training."""
        debut = self.embauche.assistant.formation_commencee_le
        if debut is None:
            return "n'a pas justifié du début de sa formation"
        return f"a commencé sa formation le {jour(debut)}"


@dataclass(frozen=True)
class DuRemplacement(Source):
    """A post that nobody holds: the assistant left, or is away and not replaced."""

    contexte: Contexte
    evenement: Evenement
    nom = "remplacement"

    @classmethod
    def trouver(cls, contexte: Contexte) -> Self | None:
        """None when the post is held."""
        contrat = contexte.contrat
        if contrat.statut not in ENGAGEANTS:
            return None
        if contrat.embauches.exists() and not contrat.embauches.filter(date_fin=None).exists():
            depart = contexte.dernier(Genre.DEPART)
            return None if depart is None else cls(contexte, depart)
        absence = contexte.dernier(Genre.ABSENCE)
        if absence is None or absence.donnees.get("assistant_remplace"):
            return None
        fin = absence.donnees.get("date_fin_absence")
        return None if fin and date_de(fin) < contexte.jour else cls(contexte, absence)

    @champ
    def evenement_appris(self) -> Valeur:
        """What the fund learnt."""
        poste, quand = DuPoste.trouver(self.contexte), jour(self.evenement.date_effet)
        qui = "votre assistant" if poste is None else str(poste.embauche.assistant)
        if self.evenement.genre == Genre.DEPART:
            return f"le départ de {qui}, le {quand}"
        return f"l'absence de {qui} depuis le {quand}"

    @champ
    def regle(self) -> Valeur:
        """What the register of deadlines says of an absence, and its day when the law counts one."""
        fiche = registre.echeances()[ABSENCE]
        date = self.contexte.contrat.echeances.filter(nom=ABSENCE).values_list("date", flat=True).first()
        return fiche.aide if date is None else f"{fiche.libelle} : le {jour(date)}. {fiche.aide}"


@dataclass(frozen=True)
class DuReleve(Source):
    """The doctor's last statement, once the contract runs."""

    contexte: Contexte
    releve: Releve
    nom = "releve"

    @classmethod
    def trouver(cls, contexte: Contexte) -> Self | None:
        """None before a statement that follows the signature."""
        contrat = contexte.contrat
        if contrat.medecin is None or contrat.statut not in ENGAGEANTS:
            return None
        depuis = contexte.etat.date_signature
        releve = contrat.medecin.releves.filter(date__gt=depuis, date__lte=contexte.jour).order_by("date").last()
        return None if releve is None else cls(contexte, releve)

    @champ
    def date(self) -> Valeur:
        """Its day."""
        return jour(self.releve.date)

    @champ
    def prochaine_evaluation(self) -> Valeur:
        """The day of the next yearly evaluation."""
        prochaine = (
            self.contexte.contrat.echeances.filter(nom__startswith="date_evaluation.", date__gt=self.contexte.jour)
            .order_by("date")
            .first()
        )
        return None if prochaine is None else f"Prochaine évaluation : {jour(prochaine.date)}."

    @table("indicateur", "base", "objectif", "releve", "ecart")
    def indicateurs(self) -> list[Rangee]:
        """What it says of each objective, and how far that is."""
        adultes = self.contexte.suivi.adultes_seuls
        rangees = []
        for o in self.contexte.objectifs_de(self.releve.date):
            nombre = self.releve.nombre(o["indicateur"], adultes_seuls=adultes)
            rangees.append(
                {
                    "indicateur": o["libelle"],
                    "base": patients(o["base"]),
                    "objectif": patients(o["cible"]),
                    "releve": patients(nombre),
                    "ecart": _ecart(nombre, o["cible"]),
                }
            )
        return rangees


def _ecart(nombre: int | None, cible: int | None) -> str:
    if nombre is None or cible is None:
        return "à déterminer"
    manque = cible - nombre
    if manque == 0:
        return "au nombre fixé"
    return f"{francais.pluriel(abs(manque), 'patient')} de {'moins' if manque > 0 else 'plus'}"
