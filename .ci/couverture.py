"""What no test runs: each package against its floor, then the functions and the refusals that nothing reached.

Reads the data that `make couverture` left: most tests, and on PostgreSQL those that touch the database; neither the
browser's nor the law's cross-checks. A file read in a process without rights (`binome.isolement`) leaves no data: its
readers are listed, though tests run them. Exit 1 under a floor, or when a package has none.
"""

from __future__ import annotations

import ast
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from coverage import Coverage

RACINE = Path(__file__).parents[1]

#: Part of the lines that the tests run, in per cent. Raised when passed for good, never lowered to let a change in.
PLANCHERS = {
    "openfisca_assistants_medicaux": 99,
    "binome/argent.py": 99,
    "binome/cli": 97,
    "binome/documents": 98,
    "binome/dossiers": 92,
    "binome/erreurs.py": 99,
    "binome/francais.py": 89,
    "binome/identifiants.py": 93,
    "binome/isolement": 66,
    "binome/simulation": 98,
    "binome/site": 97,
    "binome/tableaux": 97,
}


def tous() -> Iterator[str]:
    """Every package and module of the house, by its path."""
    yield "openfisca_assistants_medicaux"
    for chemin in (RACINE / "binome").iterdir():
        if not chemin.name.startswith("__") and (chemin.suffix == ".py" or any(chemin.glob("*.py"))):
            yield str(chemin.relative_to(RACINE))


def mesures() -> dict[str, Any]:
    """Files of the report of coverage, by path. Raises coverage's NoDataError without data."""
    couverture = Coverage(config_file=str(RACINE / "pyproject.toml"))
    couverture.load()
    with tempfile.NamedTemporaryFile(suffix=".json") as fichier:
        couverture.json_report(outfile=fichier.name)
        rapport: dict[str, Any] = json.loads(Path(fichier.name).read_text(encoding="utf-8"))
    return rapport["files"]


def dans(nom: str, paquet: str) -> bool:
    """Whether a file is of a package, or is the module itself."""
    return nom == paquet or nom.startswith(f"{paquet}/")


def part(fichiers: dict[str, Any], paquet: str) -> float:
    """Per cent of the lines of a package that ran."""
    resumes = [f["summary"] for nom, f in fichiers.items() if dans(nom, paquet)]
    lignes = sum(resume["num_statements"] for resume in resumes)
    return 100 * sum(resume["covered_lines"] for resume in resumes) / lignes if lignes else 0.0


def jamais_executees(fichiers: dict[str, Any], paquet: str) -> Iterator[str]:
    """Functions of which no line ran: « file:line function »."""
    for nom, fichier in fichiers.items():
        if dans(nom, paquet):
            for fonction, mesure in fichier["functions"].items():
                if fonction and mesure["missing_lines"] and not mesure["executed_lines"]:
                    yield f"{nom}:{mesure['missing_lines'][0]} {fonction}"


def refus_jamais_dits(fichiers: dict[str, Any], paquet: str) -> Iterator[str]:
    """`raise` that no test reached: « file:line text »."""
    for nom, fichier in fichiers.items():
        if dans(nom, paquet):
            texte = (RACINE / nom).read_text(encoding="utf-8")
            manquantes = set(fichier["missing_lines"])
            for noeud in ast.walk(ast.parse(texte)):
                if isinstance(noeud, ast.Raise) and noeud.lineno in manquantes:
                    yield f"{nom}:{noeud.lineno} {texte.splitlines()[noeud.lineno - 1].strip()}"


def principal(paquets: list[str]) -> int:
    """Print each package, then what nothing runs in it; 1 when one is under its floor."""
    fichiers = mesures()
    dessous = []
    sans_plancher = sorted(set(tous()) - set(PLANCHERS))
    if sans_plancher:
        print(f"Sans plancher : {', '.join(sans_plancher)}.")
    for paquet in paquets or list(PLANCHERS):
        obtenu, plancher = part(fichiers, paquet), PLANCHERS[paquet]
        if obtenu < plancher:
            dessous.append(paquet)
        print(f"{paquet} : {obtenu:.1f} % (plancher {plancher} %){'  TROP BAS' if obtenu < plancher else ''}")
        for ligne in (*jamais_executees(fichiers, paquet), *refus_jamais_dits(fichiers, paquet)):
            print(f"  aucun test : {ligne}")
    if dessous:
        print(f"Sous le plancher : {', '.join(dessous)}. Écrire les tests de ce qui est listé ci-dessus.")
    return 1 if dessous or sans_plancher else 0


if __name__ == "__main__":
    sys.exit(principal(sys.argv[1:]))
