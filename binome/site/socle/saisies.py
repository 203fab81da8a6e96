"""The boxes of every form: dates, numbers, amounts, shares and e-mail addresses, read by the house's grammar of cells.

A box reads what a file, an address or the API reads (the types of a situation, `binome.tableaux.cellules`), and refuses
it in the same words. It carries its unit and its range. Django's own date and number fields have another
grammar (two-digit years, no « 1 200 »): no form of the site uses them.
"""

from __future__ import annotations

import datetime
import re
from abc import ABC, abstractmethod
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from pydantic import TypeAdapter
from pydantic import ValidationError as Refusee

from binome import argent, francais, simulation
from binome.tableaux import cellules
from binome.tableaux.refus import CelluleRefusee

#: A technical bound: no date, number or share is longer.
LONGUEUR = 32
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_CHIFFRES = {"inputmode": "decimal", "class": "court", "autocomplete": "off"}


class Saisie(forms.CharField, ABC):
    """A box whose text is read as a cell; None when nothing is written. `unite` is drawn beside it."""

    def __init__(
        self, *, unite: str = "", etendue: str = "", help_text: str = "", max_length: int = LONGUEUR, **champs: Any
    ) -> None:
        self.unite = unite
        aides = [aide for aide in (etendue[:1].upper() + etendue[1:], help_text) if aide]
        super().__init__(max_length=max_length, help_text=" ; ".join(aides), **champs)

    @abstractmethod
    def lire(self, texte: str) -> Any:
        """The value that a text says. Raises CelluleRefusee, or pydantic's ValidationError."""

    def clean(self, value: Any) -> Any:
        """The value written; a refusal says what was received and what is expected."""
        texte = super().clean(value)
        if not texte:
            return None
        try:
            return self.lire(texte)
        except CelluleRefusee as refus:
            raise ValidationError(f"{simulation.refusee(texte)} ; {refus}") from refus
        except Refusee as refus:
            raise ValidationError(simulation.traduire(refus.errors()[0]).message) from refus


class Calendrier(forms.DateInput):
    """The browser's calendar; a wrong date, that a calendar would show blank, stays as it was written."""

    def __init__(self) -> None:
        super().__init__(attrs={"type": "date"}, format="%Y-%m-%d")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """What the component draws."""
        contexte = super().get_context(name, value, attrs)
        ecrite = contexte["widget"]["value"]
        if ecrite and not _ISO.fullmatch(str(ecrite)):
            contexte["widget"]["type"] = "text"
        return contexte


class Jour(Saisie):
    """A day: JJ/MM/AAAA or AAAA-MM-JJ, with the browser's calendar."""

    _lu: TypeAdapter[datetime.date] = TypeAdapter(simulation.Date)

    def __init__(self, **champs: Any) -> None:
        super().__init__(**{"widget": Calendrier(), **champs})

    def lire(self, texte: str) -> datetime.date:
        """The day, within the bounds of a situation's dates."""
        return self._lu.validate_python(texte)


class Euros(Saisie):
    """An amount in euros: « 1 200,50 », « 1 200 € »."""

    _lu: TypeAdapter[Decimal] = TypeAdapter(simulation.Euros)

    def __init__(self, **champs: Any) -> None:
        maximum = f"{francais.nombre(simulation.MONTANT_MAXIMUM)}{francais.INSECABLE}€"
        super().__init__(unite="€", etendue=f"de 0 à {maximum}", widget=forms.TextInput(_CHIFFRES), **champs)

    def lire(self, texte: str) -> Decimal:
        """The amount, in euros."""
        return self._lu.validate_python(texte)


class Centimes(Euros):
    """An amount typed in euros, held in integer cents."""

    def clean(self, value: Any) -> int | None:
        """The amount, in cents; None when nothing is written."""
        euros: Decimal | None = super().clean(value)
        return None if euros is None else argent.en_centimes(euros)


class Entier(Saisie):
    """A whole number: « 1 200 »."""

    def __init__(self, **champs: Any) -> None:
        super().__init__(widget=forms.TextInput({**_CHIFFRES, "inputmode": "numeric"}), **champs)

    def lire(self, texte: str) -> int:
        """The number."""
        return cellules.entier(texte)


class Heures(Saisie):
    """Hours of work in a week: « 17,5 »."""

    _lu: TypeAdapter[Decimal] = TypeAdapter(simulation.Heures)

    def __init__(self, **champs: Any) -> None:
        super().__init__(
            unite="heures",
            etendue=f"de 1 à {simulation.HEURES_MAXIMUM} heures",
            widget=forms.TextInput(_CHIFFRES),
            **champs,
        )

    def lire(self, texte: str) -> Decimal:
        """The hours."""
        return self._lu.validate_python(texte)


class Part(Saisie):
    """A share: « 62,5 », « 62,5 % » and « 0,625 » say the same; « 1 » is asked back with its two readings."""

    def __init__(self, *, borne: cellules.Part, **champs: Any) -> None:
        super().__init__(unite="%", etendue=f"part {borne.etendue}", widget=forms.TextInput(_CHIFFRES), **champs)
        self.borne = borne

    def lire(self, texte: str) -> Fraction:
        """The share of one, exact."""
        return Fraction(self.borne.lire(texte))


class Courriel(Saisie):
    """One e-mail address; an empty text when nothing is written."""

    def __init__(self, **champs: Any) -> None:
        super().__init__(**{"widget": forms.EmailInput(), "max_length": cellules.COURRIEL_MAXIMUM, **champs})

    def lire(self, texte: str) -> str:
        """The address."""
        return cellules.courriel(texte)

    def clean(self, value: Any) -> str:
        """The address written, or an empty text."""
        return super().clean(value) or ""
