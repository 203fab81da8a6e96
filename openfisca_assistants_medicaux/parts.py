"""Parts of the aid and results of an evaluation, as exact integers. Pure vector functions.

A part is a fraction of the maximum, numerator and denominator apart: a rate of the law goes from its parameter to the
cent without ever being a float. A result is compared with its base and its target, in patients, -1 where unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openfisca_assistants_medicaux.arithmetique import MILLION, en_millioniemes
from openfisca_assistants_medicaux.nomenclatures import NON_DETERMINE, StatutIndicateur

Entiers = NDArray[np.int64]
Masque = NDArray[np.bool_]

INCONNU = StatutIndicateur.indeterminee.index
BAISSE = StatutIndicateur.baisse.index
STABLE = StatutIndicateur.stable.index
ATTEINT = StatutIndicateur.atteint.index
MAINTENU = StatutIndicateur.maintenu.index
SANS_OBJET = StatutIndicateur.sans_objet.index

#: Rows and columns of the tables of results, in order.
ETATS = ("atteint", "stable", "baisse")
#: First and last position in ETATS that a status may stand for: an unknown target may be reached or not, an unknown
#: result may be anything.
_PREMIER, _DERNIER = np.zeros(len(StatutIndicateur), dtype=np.int64), np.zeros(len(StatutIndicateur), dtype=np.int64)
for _statut, _bornes in {
    ATTEINT: (0, 0),
    STABLE: (1, 1),
    BAISSE: (2, 2),
    MAINTENU: (0, 1),
    INCONNU: (0, 2),
    SANS_OBJET: (0, 0),
}.items():
    _PREMIER[_statut], _DERNIER[_statut] = _bornes


@dataclass(frozen=True)
class Part:
    """Exact fractions of the maximum; the numerator is -1 where undetermined (the denominator is then 1)."""

    numerateur: Entiers
    denominateur: Entiers

    @classmethod
    def inconnue(cls, nombre: int) -> Part:
        """`nombre` undetermined parts."""
        return cls(np.full(nombre, NON_DETERMINE), np.ones(nombre, dtype=np.int64))

    @classmethod
    def du_taux(cls, taux: NDArray[np.float64]) -> Part:
        """A rate of the law (up to six decimals), exactly; undetermined where unknown (NaN) or a word (infinity)."""
        connu = np.isfinite(taux)
        millioniemes = en_millioniemes(np.where(connu, taux, 0.0))
        diviseur = np.gcd(millioniemes, MILLION)
        return cls(np.where(connu, millioniemes // diviseur, NON_DETERMINE), np.where(connu, MILLION // diviseur, 1))

    def si(self, quand: Masque, sinon: Part) -> Part:
        """This part where `quand`, else `sinon`."""
        return Part(
            np.where(quand, self.numerateur, sinon.numerateur), np.where(quand, self.denominateur, sinon.denominateur)
        )

    def egale(self, autre: Part) -> Masque:
        """True where both are known and the same part."""
        connues = (self.numerateur >= 0) & (autre.numerateur >= 0)
        egales: Masque = connues & (self.numerateur * autre.denominateur == autre.numerateur * self.denominateur)
        return egales


def statut_indicateur(resultat: Entiers, base: Entiers, cible: Entiers, borne: Entiers) -> Entiers:
    """Status of a result: below the base, target reached, in between, or kept while the target is unknown.

    All in patients, -1 unknown. `borne` is the largest gain the target may ask for: at base + borne, it is reached.
    """
    connu = (resultat >= 0) & (base >= 0)
    certaine = np.where(cible >= 0, cible, np.where(borne >= 0, base + borne, NON_DETERMINE))
    atteint = (certaine >= 0) & (resultat >= certaine)
    statut = np.where(atteint, ATTEINT, np.where(cible >= 0, STABLE, MAINTENU))
    return np.where(connu, np.where(resultat < base, BAISSE, statut), INCONNU)


def positions(statuts: Entiers) -> tuple[Entiers, Entiers]:
    """(first, last) position in ETATS that each status may stand for."""
    return _PREMIER[statuts], _DERNIER[statuts]


def meilleur_taux(
    resultats: Sequence[Entiers],
    bases: Sequence[Entiers],
    cibles: Sequence[Entiers],
    comptes: Sequence[Masque],
    plus_faible: Masque,
    de_la_cible: Masque,
) -> Part:
    """Best attainment rate (result − base) / (target − base) of the indicators that count on each row; the lowest one
    where `plus_faible`; result / target where `de_la_cible` (docs/arbitrages/d11-taux-atteinte.md).

    Those that count are stable: base <= result < target. Zero where none counts.
    """
    numerateur = np.zeros(len(resultats[0]), dtype=np.int64)
    denominateur = np.ones(len(resultats[0]), dtype=np.int64)
    retenu = np.zeros(len(plus_faible), dtype=bool)
    for resultat, base, cible, compte in zip(resultats, bases, cibles, comptes, strict=True):
        depart = np.where(de_la_cible, 0, base)
        gagne, a_gagner = np.maximum(resultat - depart, 0), np.maximum(cible - depart, 1)
        plus, moins = gagne * denominateur > numerateur * a_gagner, gagne * denominateur < numerateur * a_gagner
        mieux = compte & np.where(plus_faible, ~retenu | moins, plus)
        retenu = retenu | compte
        numerateur = np.where(mieux, gagne, numerateur)
        denominateur = np.where(mieux, a_gagner, denominateur)
    return Part(numerateur, denominateur)
