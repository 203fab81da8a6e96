"""The faults of `make mutants` can still be written: the code that each changes is there, and its tests too."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from bench import taux_des_mutants
from bench.mutants import MUTANTS, Mutant, changements
from tests.noeuds import essais_de

RACINE = Path(__file__).parents[1]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.nom)
def test_une_faute_s_ecrit_et_a_ses_essais(mutant: Mutant) -> None:
    compile(mutant.source(), mutant.fichier, "exec")
    for noeud in mutant.tests:
        fichier, _, nom = noeud.partition("::")
        assert nom in essais_de(fichier), noeud
    # A fault tried in this process is one of a function, found by its place among those of its name.
    assert mutant.a_part or changements(mutant)


@pytest.mark.parametrize(
    ("vues", "survivantes", "code", "dit"),
    [(94, 6, 1, "94.0 % vues, 6 survivent"), (95, 5, 0, "95.0 % vues"), (0, 0, 1, "0 fautes")],
)
def test_le_taux_tient_son_plancher(
    vues: int, survivantes: int, code: int, dit: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    comptes = {"killed": vues, "timeout": 0, "survived": survivantes, "no_tests": 0, "total": vues + survivantes}
    monkeypatch.setattr(taux_des_mutants, "RESULTATS", tmp_path / "comptes.json")
    assert taux_des_mutants.main() == 2
    taux_des_mutants.RESULTATS.write_text(json.dumps(comptes))
    assert taux_des_mutants.main() == code
    assert dit in capsys.readouterr().out


def test_chaque_fichier_que_mutmut_change_est_la_et_ses_essais_aussi() -> None:
    reglages = tomllib.loads((RACINE / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mutmut"]
    for fichier in (*reglages["only_mutate"], *reglages["also_copy"]):
        assert (RACINE / fichier).exists(), fichier
    for noeud in reglages["pytest_add_cli_args_test_selection"]:
        fichier, _, nom = noeud.partition("::")
        assert not nom or nom in essais_de(fichier), noeud
