"""What an employer pays on a gross monthly salary, read in the data that `bareme_cout/` draws from OpenFisca-France.

Everything is an integer: euros are cents, and amounts are kept in millionths of a cent (`UNITE`) until a whole year is
summed, so that rounding happens once.
"""

from __future__ import annotations

import csv
import datetime
import json
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from importlib.resources import files
from itertools import accumulate

#: Amounts in millionths of a cent.
UNITE = 1_000_000
_CENT_MILLIEME = UNITE // 100_000
_DIX_MILLIEME = UNITE // 10_000


@dataclass(frozen=True, eq=False)
class PeriodeDeBareme:
    """A period of constant rules; rates in hundred-thousandths, relief steps in ten-thousandths."""

    depuis: datetime.date
    #: (gross salary up to which it holds, slope, constant); the last one has no end.
    cotisations: tuple[tuple[int | None, int, int], ...]
    formation: int
    taxe_apprentissage: int
    allegement_maximal: int
    #: Gross salary, in cents, up to which the relief keeps at least each rate, from the highest one down.
    allegement_bornes: tuple[int, ...]

    def cotisations_de(self, temps_plein: int, quotite: Fraction) -> int:
        """Contributions of a month before relief, in millionths of a cent, for a post of that full-time gross salary.

        A part-time post pays as its full-time salary does, ceiling in proportion.
        """
        for jusqu_a, taux, constante in self.cotisations:
            if jusqu_a is None or temps_plein <= jusqu_a:
                return int((temps_plein * taux * _CENT_MILLIEME + constante * UNITE) * quotite)
        raise AssertionError("the last segment has no end")

    def allegement_de(self, temps_plein: int, quotite: Fraction) -> int:
        """Relief of a month, in millionths of a cent: a rate that goes down by steps as the salary grows."""
        taux = self.allegement_maximal - bisect_left(self.allegement_bornes, temps_plein)
        return int(temps_plein * taux * _DIX_MILLIEME * quotite)

    def taxe_apprentissage_de(self, brut: int) -> int:
        """Apprenticeship tax of a month, in millionths of a cent."""
        return brut * self.taxe_apprentissage * _CENT_MILLIEME


@dataclass(frozen=True)
class Bareme:
    """The data, as loaded."""

    openfisca_france: str
    genere_le: datetime.date
    derniere_annee: int
    hypotheses: tuple[str, ...]
    periodes: tuple[PeriodeDeBareme, ...]
    #: (date, cents) of each gross monthly SMIC.
    smics: tuple[tuple[datetime.date, int], ...]

    def periode(self, date: datetime.date) -> PeriodeDeBareme:
        """The period in force on a day: the first one before any, the last one beyond."""
        return self.periodes[max(0, bisect_right(self.periodes, date, key=_depuis) - 1)]

    def smic(self, date: datetime.date) -> int:
        """Gross monthly SMIC of a day, in cents."""
        return self.smics[max(0, bisect_right(self.smics, date, key=_premier) - 1)][1]


def _depuis(periode: PeriodeDeBareme) -> datetime.date:
    return periode.depuis


def _premier(smic: tuple[datetime.date, int]) -> datetime.date:
    return smic[0]


def arrondir(montant: int) -> int:
    """Millionths of a cent as whole cents, half a cent rounded up."""
    return (montant + UNITE // 2) // UNITE


def lignes_de(fichier: str) -> list[dict[str, str]]:
    """Rows of one of the CSV files of data."""
    texte = (files(__package__) / "donnees" / fichier).read_text(encoding="utf-8")
    return list(csv.DictReader(texte.splitlines()))


@lru_cache
def bareme() -> Bareme:
    """The data, read once per process."""
    brut = json.loads((files(__package__) / "donnees" / "bareme.json").read_text(encoding="utf-8"))
    return Bareme(
        openfisca_france=brut["openfisca_france"],
        genere_le=datetime.date.fromisoformat(brut["genere_le"]),
        derniere_annee=brut["annees"][1],
        hypotheses=tuple(brut["hypotheses"]),
        periodes=tuple(
            PeriodeDeBareme(
                depuis=datetime.date.fromisoformat(periode["depuis"]),
                cotisations=tuple((s["jusqu_a"], s["taux"], s["constante"]) for s in periode["cotisations"]),
                formation=periode["formation"],
                taxe_apprentissage=periode["taxe_apprentissage"],
                allegement_maximal=periode["allegement"]["taux_maximal"],
                allegement_bornes=tuple(accumulate(periode["allegement"]["ecarts"])),
            )
            for periode in brut["periodes"]
        ),
        smics=tuple(
            (datetime.date.fromisoformat(ligne["depuis"]), int(ligne["smic_mensuel_centimes"]))
            for ligne in lignes_de("smic.csv")
        ),
    )
