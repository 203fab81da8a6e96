"""Every act of a file, declared once: what it is called, the event it writes, on which contracts, by whom.

The rule of each act is a function of this package; pages draw its form and offer it from here. An act without its
form, its event or its words fails a test.
"""

from __future__ import annotations

import datetime
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import NoneType
from typing import Any, get_args, get_type_hints

from binome.dossiers.acteur import Acteur
from binome.dossiers.contrats import ouverture
from binome.dossiers.contrats.actes import (
    adhesions,
    annulation,
    assistant,
    avenants,
    lectures,
    notes,
    renouvellement,
    resiliation,
)
from binome.dossiers.contrats.cycle import GESTION
from binome.dossiers.contrats.journal import etat_de
from binome.dossiers.models import Assistant, Contrat
from binome.dossiers.nomenclatures import AGENTS, ENGAGEANTS, SIGNES, CauseDeSortie, Dispositif, Genre, Role, Statut
from binome.simulation import NomRemplacement


def _toujours(contrat: Contrat) -> bool:
    del contrat
    return True


def _secretaire_promue(contrat: Contrat) -> bool:
    return etat_de(contrat).situation.get("assistant", {}).get("secretaire_promue") in {True, "oui"}


def _postes_tenus(contrat: Contrat) -> Any:
    return contrat.embauches.filter(date_fin=None).select_related("assistant").order_by("pk")


def _assistants(contrat: Contrat) -> Any:
    return Assistant.objects.filter(embauches__contrat=contrat).distinct().order_by("nom", "pk")


def _adherents(contrat: Contrat) -> Any:
    return contrat.adhesions.filter(fin=None).select_related("medecin").order_by("pk")


def _pieces(contrat: Contrat) -> Any:
    return contrat.pieces.all()


def _echeances(contrat: Contrat) -> Any:
    """Deadlines to meet; an evaluation has its own page."""
    return contrat.echeances.filter(faite_le=None).exclude(nom__startswith="date_evaluation.")


def _piece(libelle: str) -> Donnee:
    return Donnee(f"{libelle} (pièce)", lignes=_pieces)


def _a_trancher(contrat: Contrat) -> bool:
    return bool(lectures.points_a_trancher(etat_de(contrat)))


@dataclass(frozen=True)
class Donnee:
    """What an act asks, in words; of what kind it is, and whether it must be given, the rule's own parameter says."""

    libelle: str
    aide: str = ""
    #: Closed list of the law that a text must come from.
    liste: type | None = None
    #: Rows among which one is chosen.
    lignes: Callable[[Contrat], Any] | None = None
    #: Days among which one is chosen.
    jours: Callable[[Contrat], Iterable[datetime.date]] | None = None


@dataclass(frozen=True)
class ParametreDActe:
    """A parameter of a rule, as a form asks it."""

    nom: str
    donnee: Donnee
    genre: type
    obligatoire: bool


#: Parameters of a rule that nobody writes: the file, who acts, and when it is recorded.
DU_DOSSIER = ("contrat_id", "acteur", "quand")


@dataclass(frozen=True)
class Acte:
    """Something that may be recorded during a contract."""

    nom: str
    libelle: str
    #: The function that checks, writes the event, and does what follows.
    regle: Callable[..., Any]
    #: Kind of the event that it writes; `etat.EFFETS` says what the event changes.
    genre: Genre
    statuts: tuple[Statut, ...] = ENGAGEANTS
    dispositifs: tuple[Dispositif, ...] = (Dispositif.INDIVIDUEL, Dispositif.COLLECTIF)
    roles: tuple[Role, ...] = GESTION
    aide: str = ""
    #: Letter to propose afterwards.
    courrier: str = ""
    #: What the contract must be besides.
    si: Callable[[Contrat], bool] = _toujours
    #: What it asks, by parameter of its rule; empty: its form is more than the rule's parameters.
    donnees: Mapping[str, Donnee] = field(default_factory=dict)

    def parametres(self) -> Iterator[ParametreDActe]:
        """What is asked, in order, with the kind that the rule expects."""
        types, signature = get_type_hints(self.regle), inspect.signature(self.regle).parameters
        for nom, donnee in self.donnees.items():
            genres = get_args(types[nom]) or (types[nom],)
            facultatif = NoneType in genres or signature[nom].default is not inspect.Parameter.empty
            genre = next(genre for genre in genres if genre is not NoneType)
            yield ParametreDActe(nom, donnee, genre, not facultatif)

    def appliquer(self, contrat: Contrat, acteur: Acteur, dites: Mapping[str, Any]) -> Any:
        """Record the act with what was written. Raises Refus, SituationInvalide."""
        propres = {"contrat_id": contrat.pk, "acteur": acteur}
        attendus = inspect.signature(self.regle).parameters
        # A row is passed by its key to the rules that lock it themselves.
        ecrites = {nom: dites[nom].pk if nom.endswith("_id") else dites[nom] for nom in self.donnees}
        return self.regle(**{nom: valeur for nom, valeur in propres.items() if nom in attendus}, **ecrites)

    def est_possible(self, contrat: Contrat, acteur: Acteur) -> bool:
        """True when this actor may record the act in the contract's state."""
        return (
            acteur.role in self.roles
            and contrat.statut in self.statuts
            and contrat.dispositif in self.dispositifs
            and self.si(contrat)
        )


INDIVIDUEL, COLLECTIF = (Dispositif.INDIVIDUEL,), (Dispositif.COLLECTIF,)

_TOUS = (
    Acte(
        "modification",
        "Modifier le brouillon",
        ouverture.modifier_brouillon,
        Genre.MODIFICATION,
        (Statut.BROUILLON,),
        aide="La réponse sur l'éligibilité est figée à nouveau, avec les règles du jour.",
    ),
    Acte(
        "embauche",
        "Embauche",
        assistant.embaucher,
        Genre.EMBAUCHE,
        aide="L'assistant, son poste et son employeur ; aussi pour un remplaçant.",
    ),
    Acte(
        "depart",
        "Départ de l'assistant",
        assistant.faire_partir,
        Genre.DEPART,
        courrier="remplacement-assistant",
        donnees={
            "embauche_id": Donnee("Assistant", lignes=_postes_tenus),
            "date_fin": Donnee("Dernier jour"),
            "motif": Donnee("Motif"),
        },
    ),
    Acte(
        "absence",
        "Absence de l'assistant",
        assistant.noter_absence,
        Genre.ABSENCE,
        aide="Les règles disent ensuite s'il faut suspendre.",
        donnees={
            "debut": Donnee("Premier jour d'absence"),
            "fin": Donnee("Dernier jour d'absence", "Vide : en cours"),
            "remplace": Donnee("L'assistant absent est remplacé"),
            "motif": Donnee("Motif"),
        },
    ),
    Acte(
        "formation",
        "Formation",
        assistant.noter_formation,
        Genre.FORMATION,
        donnees={
            "assistant": Donnee("Assistant", lignes=_assistants),
            "commencee_le": Donnee("Formation commencée le"),
            "obtenue_le": Donnee("Qualification obtenue le"),
            "piece": _piece("Attestation"),
        },
    ),
    Acte(
        "secretaire",
        "Remplacement de la secrétaire",
        assistant.noter_secretaire,
        Genre.SECRETAIRE,
        dispositifs=INDIVIDUEL,
        si=_secretaire_promue,
        donnees={
            "remplacement": Donnee("Remplacement", liste=NomRemplacement),
            "date": Donnee("Date du remplacement"),
            "piece": _piece("Justificatif"),
        },
    ),
    Acte(
        "avenant",
        "Avenant",
        avenants.amender,
        Genre.AVENANT,
        aide="Il vaut pour les années qui commencent à sa date d'effet. Une case vide ne change rien.",
        courrier="avenant",
    ),
    Acte(
        "bascule",
        "Passage aux règles nouvelles",
        avenants.basculer,
        Genre.BASCULE,
        (Statut.SIGNE, Statut.EN_COURS),
        dispositifs=INDIVIDUEL,
        aide="Les patients ne sont plus comptés de même : les objectifs notifiés sont à notifier de nouveau.",
    ),
    Acte(
        "lecture",
        "Trancher un point ouvert",
        lectures.trancher,
        Genre.LECTURE,
        SIGNES,
        aide="Deux lectures donnent deux montants : rien n'est versé tant que la caisse n'a pas tranché.",
        si=_a_trancher,
    ),
    Acte(
        "bulletin",
        "Bulletin d'adhésion",
        adhesions.recevoir_bulletin,
        Genre.NOTE,
        (Statut.BROUILLON, Statut.A_SIGNER),
        COLLECTIF,
        donnees={
            "adhesion": Donnee("Adhérent", lignes=_adherents),
            "bulletin": _piece("Bulletin d'adhésion"),
        },
    ),
    Acte("adhesion", "Entrée d'un adhérent", adhesions.faire_adherer, Genre.ADHESION, dispositifs=COLLECTIF),
    Acte(
        "retrait",
        "Sortie d'un adhérent",
        adhesions.retirer,
        Genre.RETRAIT,
        dispositifs=COLLECTIF,
        donnees={
            "adhesion_id": Donnee("Adhérent", lignes=_adherents),
            "date": Donnee("Premier jour sans l'adhérent", "Un anniversaire du contrat, si la sortie est demandée"),
            "cause": Donnee("Cause", liste=CauseDeSortie),
            "motif": Donnee("Motif"),
        },
    ),
    Acte(
        "renouvellement",
        "Dossier de renouvellement",
        renouvellement.preparer_renouvellement,
        Genre.OUVERTURE,
        (*ENGAGEANTS, Statut.ECHU),
        aide="Ouvre le dossier du contrat suivant ; celui-ci est renouvelé quand il est signé.",
        courrier="renouvellement-propose",
        donnees={"date_signature": Donnee("Signature prévue", "Après le terme du contrat en cours")},
    ),
    Acte(
        "retrait-resiliation",
        "Retirer la résiliation",
        resiliation.retirer,
        Genre.RESILIATION_RETIREE,
        aide="Une résiliation annoncée se retire jusqu'à ce qu'elle soit constatée.",
        si=resiliation.annoncee,
        donnees={"motif": Donnee("Motif")},
    ),
    Acte(
        "echeance",
        "Échéance faite",
        notes.faire_echeance,
        Genre.ECHEANCE,
        donnees={
            "echeance": Donnee("Échéance", lignes=_echeances),
            "date": Donnee("Fait le"),
            "motif": Donnee("Note"),
        },
    ),
    Acte(
        "annulation",
        "Annuler le dernier acte",
        annulation.annuler,
        Genre.ACTE_ANNULE,
        tuple(Statut),
        aide="L'acte reste au journal, avec le motif de son annulation. Rien ne s'annule de ce qui a été payé.",
        si=annulation.annulable,
    ),
    Acte(
        "note",
        "Note",
        notes.noter,
        Genre.NOTE,
        tuple(Statut),
        roles=AGENTS,
        donnees={"texte": Donnee("Note")},
    ),
)

#: Every act by its name, in the order in which pages offer them.
ACTES = {acte.nom: acte for acte in _TOUS}


def possibles(contrat: Contrat, acteur: Acteur) -> list[Acte]:
    """The acts that this actor may record in the contract's state."""
    return [acte for acte in ACTES.values() if acte.est_possible(contrat, acteur)]
