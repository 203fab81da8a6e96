"""Which rules computed something: their version, and the fingerprint of their text."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

import openfisca_assistants_medicaux
from binome.simulation.moteur.systeme import version_de

#: What the rules are made of.
_EXTENSIONS = {".py", ".yaml", ".csv"}


@lru_cache
def empreinte_de_la_loi() -> str:
    """SHA-256 of the rules' formulas and parameters: two equal ones give the same cents for the same inputs."""
    racine = Path(openfisca_assistants_medicaux.__file__).parent
    somme = hashlib.sha256()
    for fichier in sorted(racine.rglob("*"), key=lambda f: f.relative_to(racine).as_posix()):
        relatif = fichier.relative_to(racine).as_posix()
        if fichier.suffix in _EXTENSIONS and not relatif.startswith("tests/") and "__pycache__" not in relatif:
            somme.update(f"{relatif}\0".encode() + fichier.read_bytes() + b"\0")
    return somme.hexdigest()


def version_de_la_loi() -> str:
    """Version of the package that holds the rules."""
    return version_de("binome")
