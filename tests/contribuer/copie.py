"""A copy of the repository to try a page on: hard links, so that it costs nothing, and tests run in it from outside."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from tests.contribuer.pages import RACINE, Etape

#: What a copy has no use of.
INUTILES = shutil.ignore_patterns(
    ".git", ".venv*", ".outils", ".donnees", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", "navigateur"
)
#: Settings that the running tests made for themselves.
A_OUBLIER = ("BINOME_DONNEES", "DATABASE_URL", "PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT")


def copier(vers: Path) -> Path:
    """The repository under `vers`, without its environment."""
    shutil.copytree(RACINE, vers, ignore=INUTILES, copy_function=_lier)
    return vers


def _lier(source: str, cible: str) -> str:
    try:
        os.link(source, cible)
    except OSError:  # Another disk.
        shutil.copy2(source, cible)
    return cible


def ecrire(racine: Path, etapes: Iterable[Etape]) -> set[str]:
    """Follow the steps in a copy; the files touched. Raises PageFausse."""
    touches = set()
    for etape in etapes:
        for geste in etape.gestes:
            geste.ecrire(racine)
            touches.add(geste.fichier)
        for commande in etape.commandes:
            fait = executer(racine, commande.split())
            assert fait.returncode == 0, f"{etape} : {commande}\n{fait.stdout}{fait.stderr}"
    return touches


def executer(racine: Path, arguments: Iterable[str]) -> subprocess.CompletedProcess[str]:
    """Run Python in a copy, with the settings of the tests, on its own packages."""
    milieu = {nom: valeur for nom, valeur in os.environ.items() if nom not in A_OUBLIER}
    # Programs that the tests start must find the copy too, not the repository installed in the environment.
    milieu |= {"PYTHONPATH": str(racine), "DJANGO_SETTINGS_MODULE": "tests.reglages"}
    commande = [sys.executable, *arguments]
    return subprocess.run(commande, cwd=racine, env=milieu, capture_output=True, text=True, check=False)


def lancer(racine: Path, noeuds: Iterable[str]) -> tuple[bool, str]:
    """Run tests of a copy: whether all passed, and what they said."""
    options = ["-n", "0", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", "-m", "", "--tb=short"]
    fait = executer(racine, ["-m", "pytest", *options, *noeuds])
    return fait.returncode == 0, fait.stdout + fait.stderr
