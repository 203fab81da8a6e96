"""What the tests of the command line share."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from typer.testing import CliRunner

from binome.cli.application import application

EXEMPLES = Path(__file__).parent.parent.parent / "exemples"
GENERALISTE = EXEMPLES / "generaliste-2026.yaml"


@dataclass(frozen=True)
class Reponse:
    """What a command answered; no-break spaces are plain ones, to be read easily in assertions."""

    code: int
    brut: str
    erreurs: str

    @property
    def sortie(self) -> str:
        return lisible(self.brut)


def lisible(texte: str) -> str:
    return texte.replace("\u202f", " ").replace("\u00a0", " ")


def lancer(*arguments: object, entree: str | bytes | None = None, largeur: int = 100) -> Reponse:
    resultat = CliRunner().invoke(
        application, [str(a) for a in arguments], input=entree, env={"COLUMNS": str(largeur), "TERM": "dumb"}
    )
    if resultat.exception is not None and not isinstance(resultat.exception, SystemExit):
        raise resultat.exception
    return Reponse(resultat.exit_code, resultat.stdout, lisible(resultat.stderr))


def mots(texte: str) -> str:
    """A text on one line: where it wraps does not matter."""
    return " ".join(texte.split())
