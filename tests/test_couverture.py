"""The floors of coverage: each package has one; what falls under it, or nothing runs, is told (`make couverture`)."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

RACINE = Path(__file__).parents[1]


@pytest.fixture(scope="module", name="couverture")
def _couverture() -> ModuleType:
    fiche = importlib.util.spec_from_file_location("couverture", RACINE / ".ci" / "couverture.py")
    assert fiche is not None
    assert fiche.loader is not None
    module = importlib.util.module_from_spec(fiche)
    fiche.loader.exec_module(module)
    return module


def test_chaque_paquet_a_son_plancher(couverture: ModuleType) -> None:
    assert set(couverture.tous()) == set(couverture.PLANCHERS)


def mesure(executees: int, manquantes: list[int]) -> dict[str, Any]:
    """What coverage says of a file."""
    return {
        "summary": {"num_statements": executees + len(manquantes), "covered_lines": executees},
        "missing_lines": manquantes,
        "functions": {"oubliee": {"missing_lines": manquantes, "executed_lines": []}} if manquantes else {},
    }


@pytest.mark.parametrize(("executees", "manquantes", "attendu"), [(100, [], 0), (50, [12], 1), (10, [12] * 10, 1)])
def test_sous_le_plancher_ce_qui_manque_est_nomme(
    couverture: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    executees: int, manquantes: list[int], attendu: int,
) -> None:  # fmt: skip
    monkeypatch.setattr(couverture, "mesures", lambda: {"binome/argent.py": mesure(executees, manquantes)})
    monkeypatch.setattr(couverture, "PLANCHERS", {**couverture.PLANCHERS, "binome/argent.py": 99})
    assert couverture.principal(["binome/argent.py"]) == attendu
    dit = capsys.readouterr().out
    assert ("Sous le plancher : binome/argent.py" in dit) == bool(attendu)
    assert ("aucun test : binome/argent.py:12 oubliee" in dit) == bool(manquantes)


def test_un_paquet_sans_plancher_est_nomme(
    couverture: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(couverture, "mesures", lambda: {"binome/argent.py": mesure(10, [])})
    monkeypatch.setattr(couverture, "tous", lambda: ["binome/neuf", *couverture.PLANCHERS])
    assert couverture.principal(["binome/argent.py"]) == 1
    assert "Sans plancher : binome/neuf." in capsys.readouterr().out
