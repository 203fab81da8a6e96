"""The bench compares like with like: the rules in NumPy give the law's figures on the bench's doctors."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from bench import numpy_seul, population
from bench.mesures import CHIFFRES, DATE
from binome.simulation.moteur.systeme import systeme
from binome.simulation.tables import table
from openfisca_assistants_medicaux.apports import AUCUN

NOMBRE = 4_000


@pytest.fixture(scope="module")
def deux() -> tuple[pl.DataFrame, dict[str, Any]]:
    """The law's table, and NumPy's columns."""
    loi: Any = systeme(AUCUN)
    saisies = table.entrees(loi, population.medecins(NOMBRE))
    table.croiser(loi, saisies, DATE)
    assert saisies.fautes == []
    nues = {nom: connue.valeurs for nom, connue in saisies.colonnes.items()}
    reponses = table.calculer(loi, saisies, DATE, sorties=CHIFFRES)
    return reponses, numpy_seul.calculer(numpy_seul.Figures(loi, DATE), nues)


def en_codes(colonne: pl.Series) -> Any:
    """A column of the table as NumPy holds it."""
    if isinstance(colonne.dtype, pl.Enum):
        return colonne.to_physical().to_numpy()
    return colonne.to_numpy() if colonne.dtype == pl.Date else colonne.fill_null(-1).to_numpy()


@pytest.mark.parametrize("chiffre", CHIFFRES)
def test_numpy_donne_les_chiffres_de_la_loi(deux: tuple[pl.DataFrame, dict[str, Any]], chiffre: str) -> None:
    reponses, nues = deux
    calculee = nues[chiffre]
    annees = range(calculee.shape[1]) if calculee.ndim == 2 else [None]
    for annee in annees:
        de_numpy = calculee if annee is None else calculee[:, annee]
        de_la_loi = en_codes(reponses[chiffre if annee is None else f"{chiffre}_an{annee + 1}"])
        if de_numpy.dtype.kind == "M":
            np.testing.assert_array_equal(np.isnat(de_numpy), np.isnat(de_la_loi))
            absentes = np.isnat(de_numpy)
            de_numpy, de_la_loi = de_numpy[~absentes], de_la_loi[~absentes].astype("datetime64[D]")
        np.testing.assert_array_equal(de_numpy, de_la_loi)


def test_les_medecins_des_mesures_sont_de_tous_les_regimes(deux: tuple[pl.DataFrame, dict[str, Any]]) -> None:
    """A ratio on doctors who are all refused, or all of one regime, would measure little."""
    reponses, _ = deux
    assert {"AV7", "AV8", "RA", "CM24"} <= set(reponses["regime"].unique())
    assert set(reponses["eligible"].unique()) == {"oui", "non", "indeterminee"}
    assert len(reponses["bande_basse"].unique()) == 6
    assert reponses["montant_prevu_an3"].n_unique() > 5
    assert reponses["gain_patientele_mt"].n_unique() > 100
    assert reponses["montant_du_an3"].null_count() > 0
