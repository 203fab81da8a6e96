"""Every rule answers at every date: each quarter, and the day before, of and after each date of effect."""

from __future__ import annotations

import datetime
from functools import cache
from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest
from openfisca_core.indexed_enums import EnumArray

from openfisca_assistants_medicaux.nomenclatures import NON_DETERMINE, Dispositif, Option
from tests.loi.population import (
    AUJOURD_HUI,
    Colonnes,
    autour_des_dates_d_effet,
    construire,
    dates_d_effet,
    formules_de_la_loi,
    systeme,
    tirer,
    valeurs,
)

#: Expected rules on each side of every boundary (droit.md, section 1; D5 for the avenant 8, C8 for the RA).
REGIMES = {
    "2019-08-20": "aucun",
    "2019-08-21": "AV7",
    "2019-08-22": "AV7",
    "2020-03-10": "AV7",
    "2020-03-11": "AV8",
    "2020-03-12": "AV8",
    "2023-04-30": "AV8",
    "2023-05-01": "RA",
    "2023-05-02": "RA",
    "2024-06-21": "RA",
    "2024-06-22": "CM24",
    "2024-06-23": "CM24",
}
REGIMES_COLLECTIFS = {"2026-02-24": "aucun", "2026-02-25": "COLL", "2026-02-26": "COLL"}

#: One day of signature inside each regime, and one before them all.
SIGNATURES = ("2019-06-03", "2019-10-01", "2021-02-28", "2023-07-31", "2025-01-15", "2026-04-01")


def _trimestres() -> list[datetime.date]:
    """First day of each quarter from 2019-Q4 to two years ahead."""
    jours = [datetime.date(annee, mois, 1) for annee in range(2019, 2030) for mois in (1, 4, 7, 10)]
    return [j for j in jours if datetime.date(2019, 10, 1) <= j <= AUJOURD_HUI.replace(year=AUJOURD_HUI.year + 2)]


def _croises(signatures: tuple[str, ...]) -> Colonnes:
    """Random contracts, forced to cover every signature × option × dispositif."""
    cas = list(product(signatures, Option.names, Dispositif.names))
    colonnes = tirer(len(cas), graine=len(cas))
    colonnes["date_signature"] = np.array([c[0] for c in cas], dtype="datetime64[D]")
    colonnes["option"] = np.array([c[1] for c in cas])
    colonnes["dispositif"] = np.array([c[2] for c in cas])
    return colonnes


@cache
def _population(signatures: tuple[str, ...]) -> Colonnes:
    return _croises(signatures)


def _anomalie(nom: str, tableau: Any) -> str | None:
    """What is wrong with an answer: a NaN or a NaT that escaped, a code outside its list, a negative quantity."""
    if isinstance(tableau, EnumArray):
        codes = np.asarray(tableau)
        connu = (codes >= 0) & (codes < len(systeme().variables[nom].possible_values))
    elif np.issubdtype(tableau.dtype, np.datetime64):
        annees = tableau.astype("datetime64[Y]").astype(int) + 1970
        connu = ~np.isnat(tableau) & ((annees == 1) | ((annees > 2010) & (annees < 2045)))
    elif np.issubdtype(tableau.dtype, np.number):
        # -1 says « not determined »; no other number is negative.
        connu = np.isfinite(tableau) & ((tableau >= 0) | (tableau == NON_DETERMINE))
    else:
        connu = np.ones(len(tableau), dtype=bool)
    fautes = np.unique(np.asarray(tableau)[~connu])
    return f"{nom} : {fautes[:5].tolist()}" if len(fautes) else None


def _anomalies(colonnes: Colonnes, jour: datetime.date) -> list[str]:
    """Every formula computes, one answer per row; what is wrong with the answers."""
    simulation = construire(colonnes)
    trouvees = []
    with np.errstate(all="raise"):
        for nom in formules_de_la_loi():
            tableau = simulation.calculate(nom, str(jour))
            assert len(tableau) == simulation.populations[systeme().variables[nom].entity.key].count, nom
            trouvees.append(_anomalie(nom, tableau))
    return [anomalie for anomalie in trouvees if anomalie]


@pytest.mark.parametrize("jour", _trimestres(), ids=str)
def test_chaque_trimestre_calcule(jour: datetime.date) -> None:
    assert _anomalies(_population((*SIGNATURES, str(jour))), jour) == []


@pytest.mark.parametrize("jour", autour_des_dates_d_effet(), ids=str)
def test_chaque_date_d_effet_calcule(jour: datetime.date) -> None:
    """As date d'appréciation and as date of signature."""
    assert _anomalies(_population((*SIGNATURES, str(jour))), jour) == []


def test_les_signatures_de_chaque_date_d_effet_calculent_aujourd_hui() -> None:
    assert _anomalies(_population(tuple(str(j) for j in autour_des_dates_d_effet())), AUJOURD_HUI) == []


def test_une_population_tres_variee_calcule() -> None:
    for graine, jour in enumerate(("2019-01-01", "2023-04-30", "2026-11-23", "2035-06-30")):
        assert _anomalies(tirer(1000, graine), datetime.date.fromisoformat(jour)) == [], jour


def test_un_contrat_sans_rien_de_renseigne_calcule() -> None:
    assert _anomalies({"quotite_liberale": np.ones(3)}, AUJOURD_HUI) == []


def test_les_dates_de_chaque_regime_sont_celles_du_droit() -> None:
    regimes = systeme().parameters.regimes
    changements = [jour for avant, jour in pairwise(REGIMES) if REGIMES[jour] != REGIMES[avant]]
    assert [v.instant_str for v in reversed(regimes.regime.values_list)] == changements
    assert {str(j) for j in dates_d_effet()} >= {"2019-08-21", "2020-03-11", "2023-05-01", "2024-06-22", "2026-02-25"}


@pytest.mark.parametrize(("jour", "attendu"), REGIMES.items())
def test_regime_individuel(jour: str, attendu: str) -> None:
    vu_le = max(jour, str(AUJOURD_HUI))
    assert valeurs({"date_signature": [jour]}, "regime", vu_le) == [attendu]


@pytest.mark.parametrize(("jour", "attendu"), REGIMES_COLLECTIFS.items())
def test_regime_collectif(jour: str, attendu: str) -> None:
    assert valeurs({"date_signature": [jour], "dispositif": ["collectif"]}, "regime") == [attendu]
