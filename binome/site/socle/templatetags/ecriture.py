"""French writing in templates: the same functions as everywhere else in Binôme."""

from __future__ import annotations

import datetime
from typing import Any

from django import template

from binome import francais
from binome.simulation import certitude_en_mots
from binome.simulation.mots.grandeurs import grandeur
from openfisca_assistants_medicaux.nomenclatures import Condition, Reponse

register = template.Library()


@register.filter
def euros(montant: int | None) -> str:
    """Cents, written « 38 000 € »; « non déterminé » when there is none."""
    return francais.euros(montant)


@register.filter
def date_longue(date: datetime.date) -> str:
    """« 1er mars 2026 »."""
    return francais.date_longue(date)


@register.filter
def date_courte(date: datetime.date) -> str:
    """« 01/03/2026 »."""
    return francais.date_courte(date)


@register.filter
def nombre(valeur: Any) -> str:
    """A number with thin spaces and a decimal comma; « non déterminé » when there is none."""
    return "non déterminé" if valeur is None else francais.valeur(valeur)


@register.filter
def avec_unite(valeur: Any, unite: str) -> str:
    """A value of the law with its unit: « 22 000 € par an », « P50 »."""
    return grandeur(valeur, unite)


@register.filter
def patients(compte: int | None) -> str:
    """« 1 300 patients »."""
    return "non déterminé" if compte is None else francais.pluriel(compte, "patient")


@register.filter
def certitude(nom: str | None, origine: str | None = None) -> str:
    """A certainty in words; nothing to say of what is not determined."""
    return certitude_en_mots(nom, origine or None) if nom else ""


@register.filter
def verdict_en_mots(nom: str) -> str:
    """A verdict in words, as the law's lists say it; what is not determined is to be confirmed."""
    if nom == "indeterminee":
        return "À confirmer"
    listes: tuple[Any, ...] = (Reponse, Condition)
    return str(next(liste[nom].value for liste in listes if nom in liste.__members__))
