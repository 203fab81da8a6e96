"""The numbers of the law, and the constants written in the code: what the checks of both compare."""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Iterator
from pathlib import Path

from binome.simulation.moteur.systeme import systeme
from openfisca_assistants_medicaux.apports import AUCUN

RACINE = Path(__file__).parent.parent

#: Too small to tell a rule from a count or an index.
SANS_SENS = {0, 1, 2, 3}
#: Keywords and widget attributes that size a column or a field.
LARGEURS = {"max_length", "min_length", "max_digits", "decimal_places", "rows", "min_value", "max_value"}


def valeurs_de_la_loi() -> set[float]:
    """Every number of the parameters (and of their names: p30_p50) and distributions, in euros and in cents."""
    nombres: set[float] = set()
    for parametre in systeme(AUCUN).parameters.get_descendants():
        nombres |= {float(limite) for limite in re.findall(r"p(\d\d)", parametre.name)}
        for instant in getattr(parametre, "values_list", ()):
            valeurs = instant.value if isinstance(instant.value, list) else [instant.value]
            for valeur in valeurs:
                if isinstance(valeur, (int, float)) and not isinstance(valeur, bool):
                    nombres |= {valeur, valeur * 100} if "EUR" in str(parametre.metadata.get("unit")) else {valeur}
    with (RACINE / "openfisca_assistants_medicaux/parameters/distributions/publiees.csv").open(
        encoding="utf-8"
    ) as flux:
        nombres |= {float(ligne["valeur"]) for ligne in csv.DictReader(flux)}
    return nombres - SANS_SENS


def constantes(fichier: str) -> Iterator[tuple[int, object]]:
    """(line, constant) of the code, docstrings left out."""
    arbre = ast.parse((RACINE / fichier).read_text(encoding="utf-8"))
    documentation = {
        noeud.body[0].value
        for noeud in ast.walk(arbre)
        if isinstance(noeud, (ast.Module, ast.ClassDef, ast.FunctionDef))
        and noeud.body
        and isinstance(noeud.body[0], ast.Expr)
    }
    largeurs = {
        mot.value for noeud in ast.walk(arbre) if isinstance(noeud, ast.keyword) and (mot := noeud).arg in LARGEURS
    }
    for noeud in ast.walk(arbre):
        if isinstance(noeud, ast.Dict):
            largeurs |= {
                valeur
                for cle, valeur in zip(noeud.keys, noeud.values, strict=True)
                if isinstance(cle, ast.Constant) and cle.value in LARGEURS
            }
    for noeud in ast.walk(arbre):
        if isinstance(noeud, ast.Constant) and noeud not in documentation and noeud not in largeurs:
            yield noeud.lineno, noeud.value
