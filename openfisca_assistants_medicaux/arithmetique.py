"""Exact integer arithmetic on cents, patients and rates.

OpenFisca stores floats on 32 bits: a rule that rounds must not see them. Rates are held as parts per million,
amounts as cents, both in 64-bit integers, and every division says how it rounds.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Entiers = NDArray[np.int64]

#: Parts per million: the finest rate a text or an input can carry.
MILLION = 1_000_000


def zero_si_inconnu(nombres: NDArray[np.float64]) -> NDArray[np.float64]:
    """The numbers, 0 where unknown (NaN): for operands that a mask sets aside afterwards."""
    return np.where(np.isnan(nombres), 0.0, nombres)


def en_millioniemes(taux: ArrayLike) -> Entiers:
    """A rate as parts per million. Absorbs the noise of 32-bit storage (0.8 is 800000, exactly); NaN gives 0."""
    return np.rint(zero_si_inconnu(np.asarray(taux, dtype=np.float64)) * MILLION).astype(np.int64)


def en_centimes(euros: ArrayLike) -> Entiers:
    """Euros to cents; NaN (unknown) gives -1."""
    euros = np.asarray(euros, dtype=np.float64)
    return np.where(np.isnan(euros), -1, np.rint(zero_si_inconnu(euros) * 100)).astype(np.int64)


def division_arrondie(numerateur: Entiers, denominateur: ArrayLike) -> Entiers:
    """Quotient of non-negative integers, rounded to the nearest, half up."""
    denominateur = np.asarray(denominateur, dtype=np.int64)
    return (2 * numerateur + denominateur) // (2 * denominateur)


def quotient_arrondi(numerateur: Entiers, denominateur: ArrayLike, a_l_inferieur: NDArray[np.bool_]) -> Entiers:
    """Quotient of non-negative integers, rounded down where `a_l_inferieur`, else to the nearest, half up."""
    denominateur = np.asarray(denominateur, dtype=np.int64)
    return np.where(a_l_inferieur, numerateur // denominateur, division_arrondie(numerateur, denominateur))


def fraction_de(nombre: ArrayLike, taux: ArrayLike) -> Entiers:
    """`taux` × `nombre`, rounded down: patients are counted whole (docs/arbitrages/d10-arrondis.md)."""
    return np.asarray(nombre, dtype=np.int64) * en_millioniemes(taux) // MILLION
