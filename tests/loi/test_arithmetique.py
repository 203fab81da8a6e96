"""Exact arithmetic: cents, patients and rates never see a 32-bit float, and round as the law rounds."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfisca_assistants_medicaux.arithmetique import (
    MILLION,
    division_arrondie,
    en_centimes,
    en_millioniemes,
    fraction_de,
    zero_si_inconnu,
)
from tests.loi.population import feuilles

montants = st.integers(0, 10**10)
patients = st.integers(0, 100_000)
millioniemes = st.integers(0, MILLION)


@given(st.lists(st.tuples(st.integers(0, 10**17), st.integers(1, 10**9)), min_size=1, max_size=20))
def test_division_arrondie_comme_une_fraction(couples: list[tuple[int, int]]) -> None:
    numerateurs, denominateurs = (np.array(colonne, dtype=np.int64) for colonne in zip(*couples, strict=True))
    attendus = [math.floor(Fraction(n, d) + Fraction(1, 2)) for n, d in couples]
    assert division_arrondie(numerateurs, denominateurs).tolist() == attendus


@pytest.mark.parametrize(
    ("numerateur", "denominateur", "attendu"),
    [
        (1, 2, 1),
        (3, 2, 2),
        (5, 2, 3),
        (1, 3, 0),
        (2, 3, 1),
        (0, 7, 0),
        (2_199_999, 2, 1_100_000),
        (876_700, 8, 109_588),
    ],
)
def test_le_demi_monte(numerateur: int, denominateur: int, attendu: int) -> None:
    """Half up, not to the even neighbour as NumPy and Python round."""
    assert division_arrondie(np.array([numerateur]), denominateur).tolist() == [attendu]


def test_le_plus_gros_produit_de_la_loi_tient_en_64_bits() -> None:
    """A group of 200 ETP × a target of 52 000 patients × the days of a year."""
    montant, gagne, a_gagner, jours = 200 * 3_800_000, 51_999, 52_000, 366
    obtenu = division_arrondie(np.array([montant * gagne * 365]), a_gagner * jours)
    assert obtenu.tolist() == [math.floor(Fraction(montant * gagne * 365, a_gagner * jours) + Fraction(1, 2))]


@given(patients, millioniemes)
def test_fraction_de_arrondit_a_l_entier_inferieur(nombre: int, taux: int) -> None:
    assert fraction_de([nombre], [taux / MILLION]).tolist() == [math.floor(nombre * Fraction(taux, MILLION))]


@pytest.mark.parametrize(
    ("nombre", "taux", "attendu"),
    [(2_059, 0.05, 102), (2_333, 0.05, 116), (2_355, 0.125, 294), (975, 0.125, 121), (700, 0.35, 245), (100, 0.29, 29)],
)
def test_fraction_de_les_exemples_publies(nombre: int, taux: float, attendu: int) -> None:
    """102 and 116: lettre CSMF n° 1006; 294: FMF. 0.35 × 700 is 244.99999999999997 in floating point."""
    assert fraction_de([nombre], [taux]).tolist() == [attendu]


@given(millioniemes)
def test_en_millioniemes_absorbe_les_32_bits(taux: int) -> None:
    assert en_millioniemes(np.float32(taux / MILLION)) == taux
    assert en_millioniemes(taux / MILLION) == taux


def test_chaque_taux_de_la_loi_tient_en_millioniemes() -> None:
    for parametre in feuilles():
        # Amounts in euros and cents are no rates: they are read as cents.
        if str(parametre.metadata["unit"]).startswith("EUR"):
            continue
        for valeur in parametre.values_list:
            if isinstance(valeur.value, float):
                exact = Fraction(str(valeur.value)) * MILLION
                assert en_millioniemes(np.float32(valeur.value)) == exact, parametre.name


@given(montants)
def test_en_centimes_est_exact(centimes: int) -> None:
    assert en_centimes(centimes / 100) == centimes


def test_l_inconnu_n_est_jamais_un_montant() -> None:
    assert en_centimes([np.nan, 0.0, 38_000.0]).tolist() == [-1, 0, 3_800_000]
    assert en_millioniemes([np.nan, 0.8]).tolist() == [0, 800_000]
    assert zero_si_inconnu(np.array([np.nan, -1.0, 2.5])).tolist() == [0.0, -1.0, 2.5]
