"""The data of a chart as a table: what a screen reader, or a doubtful reader, goes to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TableauDeGraphique:
    """A table of written values; the first cell of a row names it."""

    titre: str
    colonnes: tuple[str, ...]
    lignes: tuple[tuple[str, ...], ...]
