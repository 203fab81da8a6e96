"""The tests that a file of tests holds, by name, without running it."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

RACINE = Path(__file__).parents[1]


@cache
def essais_de(fichier: str) -> frozenset[str]:
    arbre = ast.parse((RACINE / fichier).read_text(encoding="utf-8"))
    return frozenset(noeud.name for noeud in arbre.body if isinstance(noeud, ast.FunctionDef))
