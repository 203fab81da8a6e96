"""Why a file, a line or a cell cannot be read, in words for whoever sent it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from binome.erreurs import BinomeErreur


class FichierRefuse(BinomeErreur):
    """A file that cannot be read at all: every reason, in French."""

    def __init__(self, *raisons: str) -> None:
        super().__init__(" ; ".join(raisons))
        self.raisons = raisons


class CelluleRefusee(ValueError):
    """A cell that is not what its column expects; the message says what is, not the value, which the door shows."""


@dataclass(frozen=True)
class FauteDeLigne:
    """Why a line was set aside. `ligne` is the line of the file, titles and quoted line breaks counted."""

    ligne: int
    champ: str
    valeur: str
    message: str

    def __str__(self) -> str:
        return f"ligne {self.ligne}, {self.champ} : {self.message}"

    def en_donnees(self) -> dict[str, Any]:
        """For the database."""
        return {"ligne": self.ligne, "champ": self.champ, "valeur": self.valeur[:60], "message": self.message}
