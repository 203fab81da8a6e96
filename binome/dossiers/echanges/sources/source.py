"""What a source of letters is: a thing of the file, how it is found, and what it says, each field under its name.

A letter's template names its fields `source.champ` (`virement.montant`). A source is a class: its public methods marked
`@champ` each write one value in French, those marked `@table(…)` give the rows of a table, cell by cell under the codes
of its columns. A source that the file does not have gives nothing: the letters that quote it make no sense yet.
"""

from __future__ import annotations

import datetime
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Self, TypeVar

from binome import francais
from binome.dossiers.echanges.sources.contexte import Contexte

#: A row of a table: the text of each cell, by the code of its column.
Rangee = dict[str, str]

#: What a field says; None or blank where the file does not tell it.
Valeur = str | None

F = TypeVar("F", bound=Callable[..., Any])


def champ(produit: F) -> F:
    """Mark a method as the producer of a field of letters."""
    produit.__dict__["champ"] = True
    return produit


def table(*colonnes: str) -> Callable[[F], F]:
    """Mark a method as the producer of a table whose rows have these columns."""

    def marquer(produit: F) -> F:
        produit.__dict__["colonnes"] = colonnes
        return produit

    return marquer


class Source(ABC):
    """A thing of the file that letters quote."""

    nom: ClassVar[str]

    @classmethod
    @abstractmethod
    def trouver(cls, contexte: Contexte) -> Self | None:
        """The thing that this letter is about; None when the file has none."""

    @classmethod
    def sujets(cls, contexte: Contexte) -> dict[int, str]:
        """What a letter may be about when the file has several, by key, the most recent first; one asks which."""
        del contexte
        return {}

    @classmethod
    def champs(cls) -> dict[str, Callable[[Any], Valeur]]:
        """Producers of the fields, by name."""
        return {nom: produit for nom, produit in _methodes(cls) if "champ" in produit.__dict__}

    @classmethod
    def tables(cls) -> dict[str, Callable[[Any], Sequence[Rangee]]]:
        """Producers of the tables, by name."""
        return {nom: produit for nom, produit in _methodes(cls) if "colonnes" in produit.__dict__}

    @classmethod
    def colonnes(cls, nom: str) -> tuple[str, ...]:
        """Codes of the columns of a table."""
        colonnes: tuple[str, ...] = cls.tables()[nom].__dict__["colonnes"]
        return colonnes


def _methodes(source: type[Source]) -> list[tuple[str, Callable[..., Any]]]:
    toutes = {nom: m for classe in reversed(source.__mro__) for nom, m in vars(classe).items()}
    return [(nom, methode) for nom, methode in toutes.items() if callable(methode) and hasattr(methode, "__dict__")]


def jour(date: datetime.date) -> str:
    """A day, as letters write it."""
    return francais.date_longue(date)


def date_de(texte: str | datetime.date) -> datetime.date:
    """A day kept as text in an event."""
    return texte if isinstance(texte, datetime.date) else datetime.date.fromisoformat(texte)
