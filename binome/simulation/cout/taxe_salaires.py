"""The taxe sur les salaires: brackets per employee, then franchise and décote per employer.

What an assistant adds to it is a difference: the tax of the practice with them, less the tax without. A practice that
already pays salaries may have spent its franchise, and an assistant then costs more tax than their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from binome.simulation.cout.bareme import lignes_de

_DIX_MILLE = 10_000


@dataclass(frozen=True)
class BaremeTaxe:
    """One year's rates (ten-thousandths) and amounts (cents)."""

    annee: int
    taux_normal: int
    seuil_1: int
    majoration_1: int
    seuil_2: int
    majoration_2: int
    franchise: int
    decote_plafond: int
    decote_taux: int

    def d_un_salarie(self, salaire: int) -> int:
        """Tax of a yearly salary in cents, in ten-thousandths of a cent."""
        return (
            salaire * self.taux_normal
            + max(0, min(salaire, self.seuil_2) - self.seuil_1) * self.majoration_1
            + max(0, salaire - self.seuil_2) * self.majoration_2
        )

    def brute(self, salaires: Sequence[int]) -> int:
        """Tax before franchise and décote, in cents."""
        return _arrondir(sum(self.d_un_salarie(salaire) for salaire in salaires))

    def due(self, salaires: Sequence[int]) -> int:
        """Tax of an employer, in cents, on the yearly salaries (cents) of all the employees."""
        brute = sum(self.d_un_salarie(salaire) for salaire in salaires)
        if brute <= self.franchise * _DIX_MILLE:
            return 0
        manque = max(0, self.decote_plafond * _DIX_MILLE - brute)
        return _arrondir(brute - manque * self.decote_taux // _DIX_MILLE)

    def a_taux_unique(self, taux: Decimal) -> BaremeTaxe:
        """The same tax with one rate on the whole salary, as overseas."""
        return replace(self, taux_normal=int(taux * _DIX_MILLE), majoration_1=0, majoration_2=0)

    def du_fait_de(self, ajoutes: Sequence[int], autres: Sequence[int]) -> int:
        """What employees add to the tax of an employer, in cents, on top of the others'."""
        return self.due([*autres, *ajoutes]) - self.due(autres)


def _arrondir(montant: int) -> int:
    return (montant + _DIX_MILLE // 2) // _DIX_MILLE


@lru_cache
def _baremes() -> dict[int, BaremeTaxe]:
    lus = {}
    for ligne in lignes_de("taxe_salaires.csv"):
        nombres = {champ: int(texte) for champ, texte in ligne.items()}
        # Amounts are published in euros.
        for champ in ("seuil_1", "seuil_2", "franchise", "decote_plafond"):
            nombres[champ] *= 100
        lus[nombres["annee"]] = BaremeTaxe(**nombres)
    return lus


def bareme_taxe(annee: int) -> BaremeTaxe:
    """The tax of a year; of the nearest known year outside."""
    baremes = _baremes()
    return baremes[min(max(annee, min(baremes)), max(baremes))]
