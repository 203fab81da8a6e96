"""Every act of a file, declared once: what it is called, the event it writes, on which contracts, by whom.

The rule of each act is a function of this package; pages draw its form and offer it from here. An act without its
form, its event or its words fails a test.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from binome.dossiers.acteur import Acteur
from binome.dossiers.contrats import ouverture
from binome.dossiers.contrats.actes import adhesions, assistant, avenants, lectures, notes, renouvellement
from binome.dossiers.contrats.cycle import GESTION
from binome.dossiers.contrats.journal import etat_de
from binome.dossiers.models import Contrat
from binome.dossiers.nomenclatures import AGENTS, ENGAGEANTS, SIGNES, Dispositif, Genre, Role, Statut


def _toujours(contrat: Contrat) -> bool:
    del contrat
    return True


def _secretaire_promue(contrat: Contrat) -> bool:
    return etat_de(contrat).situation.get("assistant", {}).get("secretaire_promue") in {True, "oui"}


def _a_trancher(contrat: Contrat) -> bool:
    return bool(lectures.points_a_trancher(etat_de(contrat)))


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
        aide="Une autre simulation remplace celle du dossier : la réponse sur l'éligibilité est figée à nouveau.",
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
    ),
    Acte(
        "absence",
        "Absence de l'assistant",
        assistant.noter_absence,
        Genre.ABSENCE,
        aide="Les règles disent ensuite s'il faut suspendre.",
    ),
    Acte("formation", "Formation", assistant.noter_formation, Genre.FORMATION),
    Acte(
        "secretaire",
        "Remplacement de la secrétaire",
        assistant.noter_secretaire,
        Genre.SECRETAIRE,
        dispositifs=INDIVIDUEL,
        si=_secretaire_promue,
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
    ),
    Acte("adhesion", "Entrée d'un adhérent", adhesions.faire_adherer, Genre.ADHESION, dispositifs=COLLECTIF),
    Acte("retrait", "Sortie d'un adhérent", adhesions.retirer, Genre.RETRAIT, dispositifs=COLLECTIF),
    Acte(
        "renouvellement",
        "Dossier de renouvellement",
        renouvellement.preparer_renouvellement,
        Genre.OUVERTURE,
        (*ENGAGEANTS, Statut.ECHU),
        aide="Ouvre le dossier du contrat suivant ; celui-ci est renouvelé quand il est signé.",
        courrier="renouvellement-propose",
    ),
    Acte("echeance", "Échéance faite", notes.faire_echeance, Genre.ECHEANCE),
    Acte("note", "Note", notes.noter, Genre.NOTE, tuple(Statut), roles=AGENTS),
)

#: Every act by its name, in the order in which pages offer them.
ACTES = {acte.nom: acte for acte in _TOUS}


def possibles(contrat: Contrat, acteur: Acteur) -> list[Acte]:
    """The acts that this actor may record in the contract's state."""
    return [acte for acte in ACTES.values() if acte.est_possible(contrat, acteur)]
