"""E-mail addresses: whoever writes one, by whatever form, it is one that a mail can be sent to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from binome import simulation
from binome.tableaux import cellules
from binome.tableaux.refus import CelluleRefusee


def valider_adresse(texte: str) -> None:
    """Raises ValidationError, which names what was received, unless `cellules.courriel` reads the address."""
    try:
        cellules.courriel(texte)
    except CelluleRefusee as refus:
        raise ValidationError(f"{simulation.refusee(texte)} ; {refus}") from refus


class Adresse(models.EmailField):  # type: ignore[type-arg]
    """An e-mail address, by the house's grammar of cells; the column is that of an EmailField."""

    default_validators: ClassVar[list[Callable[[str], None]]] = [valider_adresse]  # type: ignore[misc]

    def formfield(self, **champs: Any) -> Any:
        """A box without Django's own grammar: one refusal, in our words."""
        return super().formfield(**{"form_class": forms.CharField, "widget": forms.EmailInput, **champs})

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """What migrations know: an EmailField."""
        nom, _, arguments, champs = super().deconstruct()
        return nom, "django.db.models.EmailField", arguments, champs
