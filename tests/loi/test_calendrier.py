"""Dates of the contract, against naive day-by-day references."""

from __future__ import annotations

import calendar
import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfisca_assistants_medicaux.calendrier import (
    ABSENTE,
    ajouter_jours_si_connu,
    ajouter_mois,
    ajouter_mois_si_connu,
    dernier_releve_avant,
    jours_communs,
    renseignee,
)

UN_JOUR = datetime.timedelta(days=1)
RELEVES = ["06-30", "12-31"]

jours = st.dates(datetime.date(1950, 1, 1), datetime.date(2150, 12, 31))
mois = st.integers(-480, 480)


def _dates(*valeurs: datetime.date | str | None) -> np.ndarray:
    return np.array([ABSENTE if v is None else np.datetime64(v, "D") for v in valeurs], dtype="datetime64[D]")


def _seule(tableau: np.ndarray) -> datetime.date:
    assert tableau.dtype == np.dtype("datetime64[D]")
    (date,) = tableau.tolist()
    return date


def mois_plus_tard(jour: datetime.date, mois: int) -> datetime.date:
    """Same day of the month, or the last one: the reference."""
    annee, mois_0 = divmod(jour.year * 12 + jour.month - 1 + mois, 12)
    return datetime.date(annee, mois_0 + 1, min(jour.day, calendar.monthrange(annee, mois_0 + 1)[1]))


@given(jours, mois)
def test_ajouter_mois_comme_la_reference(jour: datetime.date, mois: int) -> None:
    assert _seule(ajouter_mois(_dates(jour), mois)) == mois_plus_tard(jour, mois)


@given(st.lists(st.tuples(jours, mois), min_size=1, max_size=20))
def test_ajouter_mois_ligne_a_ligne(lignes: list[tuple[datetime.date, int]]) -> None:
    obtenues = ajouter_mois(_dates(*(j for j, _ in lignes)), np.array([m for _, m in lignes]))
    assert obtenues.tolist() == [mois_plus_tard(j, m) for j, m in lignes]


@given(jours, jours, mois)
def test_ajouter_mois_garde_l_ordre(un: datetime.date, autre: datetime.date, mois: int) -> None:
    avant, apres = ajouter_mois(_dates(min(un, autre), max(un, autre)), mois)
    assert avant <= apres


@pytest.mark.parametrize(
    ("jour", "mois", "attendu"),
    [
        ("2020-02-29", 12, "2021-02-28"),
        ("2020-02-29", 48, "2024-02-29"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2025-01-31", 1, "2025-02-28"),
        ("2025-08-31", 6, "2026-02-28"),
        ("2025-12-31", 2, "2026-02-28"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2028-02-29", -12, "2027-02-28"),
        ("2026-03-02", 0, "2026-03-02"),
        ("1969-12-31", 2, "1970-02-28"),
    ],
)
def test_ajouter_mois_borne_la_fin_de_mois(jour: str, mois: int, attendu: str) -> None:
    assert str(_seule(ajouter_mois(_dates(jour), mois))) == attendu


def test_les_anniversaires_se_comptent_depuis_la_signature() -> None:
    """Counted from the previous anniversary, 29 February would never come back (arbitrage E6)."""
    signature = _dates("2020-02-29")
    de_la_signature = [str(_seule(ajouter_mois(signature, 12 * n))) for n in range(5)]
    assert de_la_signature == ["2020-02-29", "2021-02-28", "2022-02-28", "2023-02-28", "2024-02-29"]


def test_une_date_absente_le_reste() -> None:
    absentes = np.array([ABSENTE, np.datetime64("NaT", "D")])
    assert not renseignee(absentes).any()
    assert (ajouter_mois(absentes, 12) == ABSENTE).all()
    assert (ajouter_mois_si_connu(absentes, np.array([12.0, np.nan])) == ABSENTE).all()
    assert (ajouter_jours_si_connu(absentes, np.array([12.0, np.nan])) == ABSENTE).all()
    assert (dernier_releve_avant(absentes, RELEVES) == ABSENTE).all()


@given(jours, st.integers(0, 120))
def test_un_delai_inconnu_donne_une_date_absente(jour: datetime.date, delai: int) -> None:
    delais = np.array([float(delai), np.nan])
    assert ajouter_mois_si_connu(_dates(jour, jour), delais).tolist() == [
        mois_plus_tard(jour, delai),
        datetime.date(1, 1, 1),
    ]
    assert ajouter_jours_si_connu(_dates(jour, jour), delais).tolist() == [
        jour + delai * UN_JOUR,
        datetime.date(1, 1, 1),
    ]


proches = st.dates(datetime.date(2024, 1, 1), datetime.date(2025, 12, 31))


@given(proches, proches, proches, proches)
def test_jours_communs_comme_un_compte_jour_par_jour(
    debut_a: datetime.date, fin_a: datetime.date, debut_b: datetime.date, fin_b: datetime.date
) -> None:
    def jours_de(debut: datetime.date, fin: datetime.date) -> set[datetime.date]:
        return {debut + n * UN_JOUR for n in range((fin - debut).days + 1)}

    (obtenu,) = jours_communs(_dates(debut_a), _dates(fin_a), _dates(debut_b), _dates(fin_b))
    assert obtenu == len(jours_de(debut_a, fin_a) & jours_de(debut_b, fin_b))


def test_jours_communs_sans_debut() -> None:
    jour = _dates("2026-01-01", "2026-01-01")
    assert jours_communs(jour, jour, jour, jour).tolist() == [1, 1]
    assert jours_communs(_dates("2026-01-01"), _dates("2026-12-31"), _dates(None), _dates("9999-12-31")).tolist() == [0]
    assert jours_communs(_dates(None), _dates("9999-12-31"), _dates("2026-01-01"), _dates("2026-12-31")).tolist() == [0]


@given(jours, st.sampled_from([RELEVES, RELEVES[::-1], ["03-31"], ["01-01", "07-14", "11-30"]]))
def test_dernier_releve_comme_un_recul_jour_par_jour(jour: datetime.date, releves: list[str]) -> None:
    attendu = jour - UN_JOUR
    while f"{attendu:%m-%d}" not in releves:
        attendu -= UN_JOUR
    assert _seule(dernier_releve_avant(_dates(jour), releves)) == attendu


@pytest.mark.parametrize(
    ("jour", "attendu"),
    [
        ("2023-11-23", "2023-06-30"),
        ("2023-06-30", "2022-12-31"),
        ("2023-07-01", "2023-06-30"),
        ("2023-12-31", "2023-06-30"),
        ("2024-01-01", "2023-12-31"),
    ],
)
def test_dernier_releve_est_strictement_anterieur(jour: str, attendu: str) -> None:
    assert str(_seule(dernier_releve_avant(_dates(jour), RELEVES))) == attendu


def test_sans_releve_connu_la_date_est_absente() -> None:
    assert dernier_releve_avant(_dates("2026-01-01"), []).tolist() == [datetime.date(1, 1, 1)]
