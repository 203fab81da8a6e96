"""Where the assistant is employed: which rules of employment read here hold there, and why a cost is not determined."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from binome.simulation.cout import emploi
from binome.simulation.modele.nomenclatures import NomTerritoire

#: A territory, as a sentence says that something is there.
_LA_BAS = {
    "guadeloupe": "en Guadeloupe",
    "guyane": "en Guyane",
    "martinique": "en Martinique",
    "mayotte": "à Mayotte",
    "reunion": "à La Réunion",
    "saint_barthelemy": "à Saint-Barthélemy",
    "saint_martin": "à Saint-Martin",
    "saint_pierre_et_miquelon": "à Saint-Pierre-et-Miquelon",
}
TAUX = "outre_mer.taux_taxe_salaires"


@dataclass(frozen=True)
class Lieu:
    """What of the rules read holds in a territory."""

    territoire: NomTerritoire
    #: The collective agreement of medical practices applies.
    convention: bool
    #: SMIC, contributions and taxes are those read (the reliefs may not be).
    cotisations: bool
    #: The general relief of contributions applies.
    reduction: bool
    #: Flat rate of the taxe sur les salaires; None: the brackets of metropolitan France, or unknown.
    taux_taxe: Decimal | None

    @property
    def taxe_connue(self) -> bool:
        """The taxe sur les salaires of a salary can be computed."""
        return self.metropole or self.taux_taxe is not None

    @property
    def metropole(self) -> bool:
        """Everything read holds."""
        return self.territoire.value == "metropole"

    @property
    def refus(self) -> str | None:
        """Why the cost is not determined there, in a sentence; None when it is."""
        if self.cotisations and self.reduction:
            return None
        la_bas = _LA_BAS[self.territoire.value]
        if self.cotisations:
            raison = (
                f"{la_bas}, l'exonération dite Lodeom remplace la réduction générale des cotisations, et son barème "
                "n'a pas été lu. Le coût ne dépasse pas le total avant réduction."
            )
        elif self.taux_taxe is not None:
            raison = (
                f"{la_bas}, le salaire minimal et les cotisations ne sont pas ceux de la métropole, et n'ont pas été "
                "lus. Seule la taxe sur les salaires se calcule, sur un salaire saisi."
            )
        else:
            raison = f"{la_bas}, ni les cotisations ni l'impôt ne sont ceux de la métropole, et ils n'ont pas été lus."
        return f"Coût non déterminé outre-mer : {raison}"


@lru_cache(maxsize=64)
def lieu(territoire: NomTerritoire, date: datetime.date) -> Lieu:
    """The rules of a territory on a day, as known then."""
    if territoire.value == "metropole":
        return Lieu(territoire, convention=True, cotisations=True, reduction=True, taux_taxe=None)
    propres = emploi.valeur("outre_mer.cotisations_propres", date, date).valeur
    convention, reduction = (
        bool(emploi.valeur(f"outre_mer.{nom}", date, date).valeur)
        for nom in ("convention_collective", "reduction_generale")
    )
    connu = territoire.value in emploi.noms(TAUX)
    taux = Decimal(str(emploi.valeur(f"{TAUX}.{territoire.value}", date, date).valeur)) if connu else None
    return Lieu(territoire, convention, territoire.value not in propres, reduction, taux)
