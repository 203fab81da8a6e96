"""The house's habits are kept by machine: commit messages, hooks before a commit, properties without a stop-watch."""

from __future__ import annotations

import importlib.util
import shlex
from pathlib import Path
from types import ModuleType

import pytest
import yaml
from hypothesis import settings

RACINE = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def message() -> ModuleType:
    fiche = importlib.util.spec_from_file_location("message", RACINE / ".ci" / "message.py")
    assert fiche is not None
    assert fiche.loader is not None
    module = importlib.util.module_from_spec(fiche)
    fiche.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("law: the rates are exact\n\nHalf paid nothing: the cell was truncated.\n", ""),
        ("docs, tests: the four words\n\nThey said three.\n# comment of git\n", ""),
        ("Merge branch 'x'\n", ""),
        ("wip\n\nwhy\n", "« partie: ce qui change » attendu"),
        ("law: " + "x" * 140 + "\n\nwhy\n", "au plus 120 attendus"),
        ("law: no body\n", "un corps qui dit pourquoi"),
        ("law: no body but comments\n\n# Please enter\n", "un corps qui dit pourquoi"),
        ("law: glued\nwhy\n", "une ligne vide"),
        ("", "« partie: ce qui change » attendu"),
    ],
)
def test_un_commit_dit_sa_partie_et_pourquoi(message: ModuleType, texte: str, attendu: str) -> None:
    fautes = message.fautes(texte)
    assert (attendu in " ; ".join(fautes)) if attendu else fautes == []


def test_les_crochets_appellent_les_outils_du_verrou() -> None:
    """Every hook runs a tool that is locked, or a script of ours that exists; none is fetched from elsewhere."""
    (depot,) = yaml.safe_load((RACINE / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    assert depot["repo"] == "local"
    verrou = (RACINE / "uv.lock").read_text(encoding="utf-8")
    for crochet in depot["hooks"]:
        mots = shlex.split(crochet["entry"])
        if mots[0] == "python3":
            assert (RACINE / mots[1]).is_file()
            continue
        assert mots[:4] == [".outils/bin/uv", "run", "--frozen", "--quiet"]
        assert f'name = "{mots[4]}"' in verrou


def test_aucune_propriete_n_est_jugee_au_chronometre() -> None:
    assert settings().deadline is None
