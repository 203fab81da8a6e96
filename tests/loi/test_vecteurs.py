"""A rule answers each row as if it were alone: no scalar test on an array, no row that leaks into another."""

from __future__ import annotations

import numpy as np
import pytest

from tests.loi.population import (
    ANNUITES,
    Colonnes,
    calculer_tout,
    choisir,
    construire,
    est_d_annuite,
    tirer,
)

CONTRATS = 200
JOURS = ("2023-06-15", "2026-11-23")


def _lignes(resultats: Colonnes, rangs: np.ndarray) -> Colonnes:
    """The results of some contracts, in the order of `rangs`."""
    return {
        nom: tableau.reshape(-1, ANNUITES)[rangs].reshape(-1) if est_d_annuite(nom) else tableau[rangs]
        for nom, tableau in resultats.items()
    }


def _differences(obtenus: Colonnes, attendus: Colonnes) -> list[str]:
    return [nom for nom in attendus if not np.array_equal(obtenus[nom], attendus[nom])]


@pytest.fixture(scope="module", params=[11, 12])
def colonnes(request: pytest.FixtureRequest) -> Colonnes:
    return tirer(CONTRATS, graine=request.param)


@pytest.mark.parametrize("jour", JOURS)
def test_permuter_les_contrats_permute_les_resultats(colonnes: Colonnes, jour: str) -> None:
    ordre = np.random.default_rng(7).permutation(CONTRATS)
    resultats = calculer_tout(construire(colonnes), jour)
    permutes = calculer_tout(construire(choisir(colonnes, ordre)), jour)
    assert _differences(permutes, _lignes(resultats, ordre)) == []


@pytest.mark.parametrize("jour", JOURS)
def test_un_contrat_seul_donne_le_meme_resultat(colonnes: Colonnes, jour: str) -> None:
    resultats = calculer_tout(construire(colonnes), jour)
    for rang in np.random.default_rng(3).choice(CONTRATS, 25, replace=False):
        seul = np.array([rang])
        obtenus = calculer_tout(construire(choisir(colonnes, seul)), jour)
        assert _differences(obtenus, _lignes(resultats, seul)) == [], f"contract {rang}"


def test_deux_moities_font_le_tout(colonnes: Colonnes) -> None:
    resultats = calculer_tout(construire(colonnes))
    for moitie in np.split(np.arange(CONTRATS), 2):
        obtenus = calculer_tout(construire(choisir(colonnes, moitie)))
        assert _differences(obtenus, _lignes(resultats, moitie)) == []


def test_la_trace_ne_change_aucun_resultat(colonnes: Colonnes) -> None:
    sans = calculer_tout(construire(colonnes))
    avec = calculer_tout(construire(colonnes, trace=True))
    assert _differences(avec, sans) == []


def test_l_ordre_des_demandes_ne_change_aucun_resultat(colonnes: Colonnes) -> None:
    """Shared computations run in the formula that asks first: whichever it is."""
    attendus = calculer_tout(construire(colonnes))
    simulation = construire(colonnes)
    for nom in reversed(list(attendus)):
        simulation.calculate(nom, "2026-11-23")
    assert _differences(calculer_tout(simulation), attendus) == []


def test_une_simulation_repond_a_plusieurs_dates_d_appreciation(colonnes: Colonnes) -> None:
    """Nothing computed at one date d'appréciation leaks into another."""
    simulation = construire(colonnes)
    for jour in ("2026-11-23", "2022-01-01", "2024-06-21"):
        attendus = calculer_tout(construire(colonnes), jour)
        assert _differences(calculer_tout(simulation, jour), attendus) == [], jour


def test_une_entree_corrigee_change_ce_qui_en_depend(colonnes: Colonnes) -> None:
    """After `delete_arrays`, as OpenFisca's own tools do, nothing stale is left behind."""
    simulation = construire(colonnes)
    calculer_tout(simulation)
    corrigees = {**colonnes, "file_active": np.where(colonnes["file_active"] >= 0, 4000, -1)}
    simulation.delete_arrays("file_active")
    simulation.set_input("file_active", "ETERNITY", corrigees["file_active"])
    attendus = calculer_tout(construire(corrigees))
    for nom in attendus:
        simulation.delete_arrays(nom)
    assert _differences(calculer_tout(simulation), attendus) == []
