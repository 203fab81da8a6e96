"""The conditions and the deadlines as the law's register words them: nothing of them is written here."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from binome.dossiers.contrats.echeances import Mots, mots_de
from binome.simulation.mots.conditions import pour_changer
from binome.simulation.mots.ecriture import majuscule
from binome.site.guide.loi import COLLECTIF, parametres_du
from openfisca_assistants_medicaux import registre
from openfisca_assistants_medicaux.nomenclatures import Regime


@dataclass(frozen=True)
class ConditionDuGuide:
    """A condition, and the texts that pose it for a contract of today."""

    nom: str
    titre: str
    demande: str
    #: (set of rules, source, certainty) where it applies.
    sources: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class EcheanceDuGuide:
    """A deadline, and what is told of it."""

    nom: str
    titre: str
    mots: Mots
    source: str
    rappelee: bool


def conditions(jour: datetime.date) -> tuple[ConditionDuGuide, ...]:
    """Conditions that a contract signed on a day may meet, alone or in a group, in the order of the register."""
    regimes: Any = Regime
    codes = (parametres_du(jour)["regimes.regime"].valeur, COLLECTIF)
    trouvees = []
    for fiche in registre.conditions():
        posees = [(regimes[code], fiche.article(code)) for code in codes]
        sources = tuple((str(r.value), a.titre, a.certitude.name) for r, a in posees if a is not None)
        if sources:
            trouvees.append(
                ConditionDuGuide(fiche.nom, majuscule(fiche.court), majuscule(pour_changer(fiche.nom)), sources)
            )
    return tuple(trouvees)


def echeances() -> tuple[EcheanceDuGuide, ...]:
    """Every deadline, in the order of the register."""
    return tuple(
        EcheanceDuGuide(fiche.nom, fiche.libelle, mots, fiche.source, fiche.rappel)
        for fiche in registre.echeances()
        if (mots := mots_de(fiche.nom)) is not None
    )
