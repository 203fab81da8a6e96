"""The shape of a distribution of patients, and the percentiles that nobody published drawn from it.

A shape gives to each percentile a place on a scale where doctors of every distribution are taken to be spread alike;
a distribution is then a straight line of ln(patients) on that scale, drawn by two published percentiles. The scale is
read in the distribution of which most is known (docs/arbitrages/d27-forme-des-distributions.md); without one it is the
normal score, and the distribution is log-normal. Pure functions, no data here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from statistics import NormalDist

#: Published percentiles without which a distribution has no shape of its own.
POINTS_MINIMUM = 3
#: Beyond it (a factor of three thousand), an estimate is no longer one.
EXPOSANT_MAXIMAL = 8
#: A slope is drawn from the median up: below it, the distributions published differ.
MEDIANE = 50


def score(percentile: float) -> float:
    """Normal score of a percentile: the scale on which a log-normal distribution is a straight line."""
    return NormalDist().inv_cdf(percentile / 100)


@dataclass(frozen=True)
class Forme:
    """A scale of percentiles; without knots, the normal score."""

    #: (normal score, ln of the patients) of each known percentile, lowest first.
    noeuds: tuple[tuple[float, float], ...] = ()

    @property
    def propre(self) -> bool:
        """True when it is read in a distribution."""
        return bool(self.noeuds)

    def place(self, percentile: float) -> float | None:
        """Place of a percentile on the scale; None below the lowest known one.

        Between two known percentiles, straight in normal score. Above the highest, the slope goes on decreasing as it
        last did.
        """
        cote = score(percentile)
        if not self.noeuds:
            return cote
        if cote < self.noeuds[0][0]:
            return None
        for (bas, valeur_basse), (haut, valeur_haute) in pairwise(self.noeuds):
            if cote <= haut:
                return valeur_basse + (cote - bas) / (haut - bas) * (valeur_haute - valeur_basse)
        avant, derniere = (self._pente(rang) for rang in (-3, -2))
        suite = derniere * derniere / avant if avant > derniere else derniere
        dernier_score, derniere_valeur = self.noeuds[-1]
        return derniere_valeur + suite * (cote - dernier_score)

    def _pente(self, rang: int) -> float:
        (bas, valeur_basse), (haut, valeur_haute) = self.noeuds[rang], self.noeuds[rang + 1]
        return (valeur_haute - valeur_basse) / (haut - bas)


NORMALE = Forme()


def forme_de(publies: Mapping[float, int]) -> Forme:
    """The shape of a distribution; the normal score when too few of its percentiles are known."""
    if len(publies) < POINTS_MINIMUM:
        return NORMALE
    return Forme(tuple((score(p), math.log(publies[p])) for p in sorted(publies)))


def pente(publies: Mapping[float, int], forme: Forme) -> float | None:
    """Slope of ln(patients) on the scale, from the lowest published percentile at or above the median to the highest.

    None with fewer than two points there.
    """
    places = {p: place for p in publies if p >= MEDIANE and (place := forme.place(p)) is not None}
    if len(places) < 2:
        return None
    premier, dernier = min(places), max(places)
    if places[dernier] <= places[premier]:
        return None
    return (math.log(publies[dernier]) - math.log(publies[premier])) / (places[dernier] - places[premier])


def estimer(
    percentile: float, publies: Mapping[float, int], forme: Forme, empruntee: float | None, *, prolonge: bool
) -> float | None:
    """Estimate of an unpublished percentile, or None.

    Between two published percentiles: interpolated. With a single one: drawn from it with the slope `empruntee` of
    another distribution of the same specialty and indicator. Beyond the published ones, only if `prolonge`: drawn from
    the nearest with the distribution's own slope.
    """
    if len(publies) == 1:
        (ancre,) = publies
        return _depuis(ancre, percentile, publies, forme, empruntee)
    dessous = [p for p in publies if p < percentile]
    dessus = [p for p in publies if p > percentile]
    if dessous and dessus:
        return _entre(max(dessous), min(dessus), percentile, publies, forme)
    if not publies or not prolonge:
        return None
    return _depuis(max(dessous) if dessous else min(dessus), percentile, publies, forme, pente(publies, forme))


def _depuis(
    ancre: float, percentile: float, publies: Mapping[float, int], forme: Forme, de_pente: float | None
) -> float | None:
    depart, arrivee = forme.place(ancre), forme.place(percentile)
    if de_pente is None or depart is None or arrivee is None:
        return None
    exposant = de_pente * (arrivee - depart)
    # A shape that is flat where the distribution is not says nothing of it.
    return publies[ancre] * math.exp(exposant) if abs(exposant) < EXPOSANT_MAXIMAL else None


def _entre(a: float, b: float, percentile: float, publies: Mapping[float, int], forme: Forme) -> float:
    depart, voulue, arrivee = (forme.place(p) for p in (a, percentile, b))
    if depart is None or voulue is None or arrivee is None or arrivee <= depart:
        # Outside the shape, or where it is flat: log-normal.
        depart, voulue, arrivee = score(a), score(percentile), score(b)
    part = (voulue - depart) / (arrivee - depart)
    return math.exp(math.log(publies[a]) + part * (math.log(publies[b]) - math.log(publies[a])))
