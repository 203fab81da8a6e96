"""Rich tables and paragraphs with French typography. Nothing here decides anything: it shows a result."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterable, Sequence
from typing import Any

from rich import box
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from binome import francais
from binome.simulation import Condition
from binome.simulation.mots.ecriture import phrase_de
from openfisca_assistants_medicaux.certitude import D_APRES_LA_CAISSE, Certitude

#: Verdict on a condition: mark and style.
VERDICTS = {
    "remplie": ("✓", "green"),
    "derogation": ("✓", "green"),
    "non_remplie": ("✗", "bold red"),
    "indeterminee": ("?", "yellow"),
    "sans_objet": ("–", "dim"),
}
REPONSES = {"oui": ("✓", "bold green"), "non": ("✗", "bold red"), "indeterminee": ("?", "bold yellow")}
STYLES_CERTITUDE = {
    Certitude.hypothese.name: "yellow",
    Certitude.secondaire.name: "cyan",
    Certitude.cite.name: "blue",
    Certitude.texte.name: "green",
}


def console(*, erreurs: bool = False) -> Console:
    """A console on stdout (or stderr): its width is the terminal's, or COLUMNS, or 80."""
    return Console(file=sys.stderr if erreurs else sys.stdout, highlight=False, markup=False, emoji=False)


class Paragraphe:
    """A text wrapped at ordinary spaces only: « 38 000 € » is never cut in two, as Rich alone would do."""

    def __init__(self, texte: str, style: str = "", retrait: int = 0, marque: tuple[str, str] = ("", "")) -> None:
        """`marque` is a bullet and its style, in the margin of the first line."""
        self.texte = francais.lier(texte)
        self.style = style
        self.retrait = retrait
        self.marque = marque

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Lines of at most the width given."""
        marge = " " * (self.retrait + len(self.marque[0]) + bool(self.marque[0]))
        lignes = [
            morceau
            for ligne in self.texte.splitlines()
            for morceau in textwrap.wrap(
                ligne, max(options.max_width - len(marge), 1), break_on_hyphens=False, break_long_words=True
            )
        ]
        for rang, ligne in enumerate(lignes or [""]):
            premiere = (" " * self.retrait + self.marque[0]).ljust(len(marge))
            debut = Text(marge) if rang else Text(premiere, style=self.marque[1])
            yield Text.assemble(debut, (ligne, self.style), no_wrap=True)

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        """From the longest word to the longest line."""
        mots = [len(mot) for mot in self.texte.replace("\n", " ").split(" ")]
        lignes = [len(ligne) for ligne in self.texte.splitlines()]
        large = options.max_width
        return Measurement(min(max(mots, default=0), large), min(max(lignes, default=0), large))


def titre(sortie: Console, texte: str) -> None:
    """Heading of a part."""
    sortie.print()
    sortie.print(Paragraphe(texte, "bold blue"))


def dire(sortie: Console, texte: str, style: str = "", retrait: int = 2) -> None:
    """A paragraph, set in from the margin."""
    sortie.print(Paragraphe(texte, style, retrait))


def puces(sortie: Console, textes: Iterable[str], style: str = "", marque: str = "•") -> None:
    """A list."""
    for texte in textes:
        sortie.print(Paragraphe(texte, style, 2, (marque, style)))


def tableau(
    sortie: Console,
    entetes: Sequence[str],
    lignes: Iterable[Sequence[Any]],
    droite: Iterable[int] = (),
    gras: int | None = None,
) -> None:
    """A table; columns of `droite` are aligned on the right, the column `gras` stands out."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    a_droite = set(droite)
    for rang, entete in enumerate(entetes):
        table.add_column(
            Paragraphe(entete, "bold"),
            justify="right" if rang in a_droite else "left",
            style="bold" if rang == gras else "",
        )
    for ligne in lignes:
        table.add_row(*(_cellule(cellule, "bold" if rang == gras else "") for rang, cellule in enumerate(ligne)))
    sortie.print(Padding(table, (0, 0, 0, 2), expand=False))


def _cellule(cellule: Any, style: str) -> Any:
    return Paragraphe(cellule, style) if isinstance(cellule, str) else cellule


def conditions(sortie: Console, montrees: Iterable[Condition], *, detail: bool = False) -> None:
    """Conditions, each with its mark and its reason; with their references if asked."""
    for condition in montrees:
        marque, style = VERDICTS[condition.verdict]
        sortie.print(Paragraphe(phrase_de(condition), _style_de(condition), 2, (marque, style)))
        if detail:
            source = f"{condition.reference} — {certitude(condition.certitude, condition.origine)} — {condition.nom}"
            sortie.print(Paragraphe(source, "dim", 4))


def _style_de(condition: Condition) -> str:
    return {"non_remplie": "bold", "sans_objet": "dim"}.get(condition.verdict, "")


def certitude(nom: str, origine: str | None = None) -> str:
    """A certainty in words; an official text that an operator read says so."""
    sure = Certitude[nom]
    return f"{sure.en_mots}{D_APRES_LA_CAISSE if origine and sure.officielle else ''}"
