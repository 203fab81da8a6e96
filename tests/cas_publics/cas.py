"""The published cases: what public sources affirm of the scheme, asserted one by one in the modules beside.

Each test id begins with the id of the case (`cas.csv` says what it affirms, and what cannot be asserted); T1 to T14
are the law dossier's own trials. Expected values come from the sources, never from a run of the code.

A rule dated before it could be signed (14/08/2019, 30/04/2023) is tried on a contract signed soon after; unless a test
says otherwise, one stands on the day of signature, so that only the rules then known count.
"""

from __future__ import annotations

import ast
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

DOSSIER = Path(__file__).parent
FICHIER = DOSSIER / "cas.csv"


def cas(identifiant: str, *valeurs: Any, detail: str = "") -> Any:
    """One published case as a set of parameters; `detail` tells apart the trials of a same case."""
    return pytest.param(*valeurs, id=f"{identifiant}-{detail}" if detail else identifiant)


def publie(*identifiants: str) -> pytest.MarkDecorator:
    """A test that asserts these published cases, the same way for each."""
    return pytest.mark.parametrize("identifiant", identifiants)


def lire_cas() -> list[dict[str, str]]:
    """The lines of `cas.csv`."""
    with FICHIER.open(encoding="utf-8", newline="") as fichier:
        return list(csv.DictReader(fichier))


def cites() -> set[str]:
    """Ids that the tests of this folder name, read in their decorators: whatever is run, all of them are seen."""
    return {cite for module in DOSSIER.glob("test_*.py") for cite in cites_dans(module.read_text(encoding="utf-8"))}


def cites_dans(texte: str) -> Iterator[str]:
    """Ids that the tests of a module name by `cas` or `publie`, in their decorators.

    Raises:
        ValueError: an id is not written as such: nobody would find it.
    """
    for test in ast.walk(ast.parse(texte)):
        if not isinstance(test, ast.FunctionDef) or not test.name.startswith("test_"):
            continue
        for noeud in (n for decorateur in test.decorator_list for n in ast.walk(decorateur)):
            if not isinstance(noeud, ast.Call) or not isinstance(noeud.func, ast.Name):
                continue
            for ecrit in {"cas": noeud.args[:1], "publie": noeud.args}.get(noeud.func.id, ()):
                if not isinstance(ecrit, ast.Constant) or not isinstance(ecrit.value, str):
                    raise ValueError(f"{test.name} : identifiant attendu en toutes lettres, lu {ast.unparse(ecrit)}")
                yield ecrit.value
