"""Template tags of the result page."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from binome.simulation import francais
from binome.simulation.phrases import pour_lecteur
from binome.simulation.resultat import Option
from binome.site.simulateur import adresse as adresses

register = template.Library()

register.filter("pour_lecteur", pour_lecteur)


@register.simple_tag(takes_context=True)
def explique(context: dict[str, Any], figure: str, texte: object) -> SafeString:
    """A figure that opens its explanation; the figure alone when it has none."""
    if figure not in context.get("figures", ()):
        return format_html("{}", texte)
    parametres = f"{urlencode({'figure': figure})}&{context['adresse']}"
    adresse = f"{reverse('simulateur:explication')}?{parametres}"
    return format_html(
        '<a class="pourquoi" href="{}">{}<span class="invisible"> : expliquer ce chiffre</span></a>', adresse, texte
    )


@register.filter
def cle(table: dict[Any, Any], nom: Any) -> Any:
    """The value of a table under a name; None when there is none."""
    return table.get(nom)


@register.filter
def euros_ronds(montant: Decimal | None) -> str:
    """An amount of a cost, to the euro: an estimate has no cents."""
    return francais.euros(None if montant is None else montant.quantize(Decimal(1)))


@register.filter
def nombre_ou_inconnu(valeur: Decimal | None) -> str:
    """A decimal number, or « non déterminé »."""
    return "non déterminé" if valeur is None else francais.valeur(float(valeur))


@register.filter
def heures(valeur: Decimal | None) -> str:
    """Weekly hours: « 17,5 h »."""
    return "—" if valeur is None else f"{francais.valeur(float(valeur))}{francais.INSECABLE}h"


@register.filter
def gain(compte: int | None) -> str:
    """Patients to gain: « +260 patients »; none when the level is to be kept."""
    if compte is None:
        return "non déterminé"
    return f"+{francais.pluriel(compte, 'patient')}" if compte else "se maintenir"


@register.simple_tag
def figure_d_annee(rang: int, champ: str) -> str:
    """Name of a figure of a year of the option shown."""
    return f"annees.{rang}.{champ}"


@register.simple_tag
def figure_d_option(option: str, rang: int) -> str:
    """Name of the amount of a year under an option."""
    return f"options.{option}.annees.{rang}.montant_prevu"


@register.simple_tag
def objectif_d_option(option: Option, indicateur: str) -> str:
    """What an option asks to gain on an indicator."""
    objectif = next((o for o in option.objectifs if o.indicateur == indicateur), None)
    if objectif is None:
        return "—"
    if objectif.gain is None and objectif.gain_au_plus is not None:
        return f"{gain(objectif.gain_au_plus)} au plus"
    return gain(objectif.gain)


@register.simple_tag
def reste(annee: Any) -> str:
    """What is left to pay in a month of a year, after the aid."""
    if annee is None:
        return "—"
    return euros_ronds(annee.reste_a_charge_mensuel)


@register.simple_tag
def cout_mensuel(annee: Any) -> str:
    """What the assistant costs in a month of a year, before the aid."""
    return "—" if annee is None else euros_ronds(annee.cout_mensuel)


@register.simple_tag(takes_context=True)
def autre_option(context: dict[str, Any], option: str) -> str:
    """The address of the same result, an option chosen."""
    situation = context["r"].situation
    paires = dict(adresses.paires(situation)) | {"contrat.option": option}
    return f"{reverse('simulateur:resultat')}?{urlencode(paires)}#options"
