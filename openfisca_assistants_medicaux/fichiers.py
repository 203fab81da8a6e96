"""A file that an operator gives, known by what it holds."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path


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
