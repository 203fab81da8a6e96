"""What an operator adds to the law: files of percentiles and of values, known by what they hold.

A law is its text and what was added to it. Two processes that read different files compute under different laws,
whatever the names of the files: `Apports` is compared, cached and fingerprinted by content. A name is only there for
readers.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from openfisca_assistants_medicaux.fichiers import Fichier
from openfisca_assistants_medicaux.valeurs import depot

#: Environment variables that name what a process adds to the law, for OpenFisca's own commands as for Binôme's.
DISTRIBUTIONS = "BINOME_DISTRIBUTIONS"
VALEURS = "BINOME_VALEURS"


@dataclass(frozen=True)
class Apports:
    """The files that complete or replace what the law package ships, in order: a later one wins."""

    distributions: tuple[Fichier, ...] = ()
    valeurs: tuple[Fichier, ...] = ()

    @cached_property
    def empreinte(self) -> str:
        """SHA-256 of all they hold, in order; empty when nothing was added."""
        if not self.distributions and not self.valeurs:
            return ""
        somme = hashlib.sha256()
        for nature, fichiers in (("distributions", self.distributions), ("valeurs", self.valeurs)):
            for fichier in fichiers:
                somme.update(f"{nature}\0{fichier.empreinte}\0".encode())
        return somme.hexdigest()

    def avec(self, distributions: Iterable[str | Path] = (), valeurs: Iterable[str | Path] = ()) -> Apports:
        """These, then the files given. Raises OSError when one cannot be read."""
        return Apports(
            (*self.distributions, *map(Fichier.lu, distributions)), (*self.valeurs, *map(Fichier.lu, valeurs))
        )


#: The law as it ships.
AUCUN = Apports()


def de_l_environnement() -> Apports:
    """What the environment says: files of percentiles, separated as in PATH, and the place of the operator's values (a
    file, or a folder whose last version counts). Raises OSError when a file cannot be read."""
    chemins = tuple(chemin for chemin in os.environ.get(DISTRIBUTIONS, "").split(os.pathsep) if chemin)
    distributions = tuple(map(Fichier.lu, chemins))
    lieu = lieu_des_valeurs()
    valeurs = None if lieu is None else depot.en_vigueur(lieu)
    return Apports(distributions, () if valeurs is None else (valeurs,))


def lieu_des_valeurs() -> Path | None:
    """Where this process reads the operator's values; None when nothing says so."""
    lieu = os.environ.get(VALEURS, "").strip()
    return Path(lieu) if lieu else None
