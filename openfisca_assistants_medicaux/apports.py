"""What an operator adds to the law: files of percentiles and of values, known by what they hold.

A law is its text and what was added to it. Two processes that read different files compute under different laws,
whatever the names of the files: `Apports` is compared, cached and fingerprinted by content. A name is only there for
readers.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

#: Environment variables that name what a process adds to the law, for OpenFisca's own commands as for Binôme's.
DISTRIBUTIONS = "BINOME_DISTRIBUTIONS"


@dataclass(frozen=True)
class Fichier:
    """A file as it was when it was read."""

    nom: str
    contenu: bytes = field(repr=False)

    @cached_property
    def empreinte(self) -> str:
        """SHA-256 of what it holds."""
        return hashlib.sha256(self.contenu).hexdigest()

    @classmethod
    def lu(cls, chemin: str | Path) -> Fichier:
        """A file of the disk, read anew only once it has changed. Raises OSError."""
        lieu = Path(chemin)
        etat = lieu.stat()
        return _lire(str(lieu), etat.st_mtime_ns, etat.st_size, etat.st_ino)


@lru_cache(maxsize=64)
def _lire(chemin: str, modifie: int, taille: int, inode: int) -> Fichier:
    del modifie, taille, inode
    lieu = Path(chemin)
    return Fichier(lieu.name, lieu.read_bytes())


@dataclass(frozen=True)
class Apports:
    """The files that complete or replace what the law package ships, in order: a later one wins."""

    distributions: tuple[Fichier, ...] = ()

    @cached_property
    def empreinte(self) -> str:
        """SHA-256 of all they hold, in order; empty when nothing was added."""
        if not self.distributions:
            return ""
        somme = hashlib.sha256()
        for fichier in self.distributions:
            somme.update(f"distributions\0{fichier.empreinte}\0".encode())
        return somme.hexdigest()

    def avec(self, distributions: Iterable[str | Path] = ()) -> Apports:
        """These, then the files given. Raises OSError when one cannot be read."""
        return Apports((*self.distributions, *map(Fichier.lu, distributions)))


#: The law as it ships.
AUCUN = Apports()


def de_l_environnement() -> Apports:
    """What the environment says, paths separated as in PATH. Raises OSError when a file cannot be read."""
    chemins = tuple(chemin for chemin in os.environ.get(DISTRIBUTIONS, "").split(os.pathsep) if chemin)
    return Apports(tuple(map(Fichier.lu, chemins)))
