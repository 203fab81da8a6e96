"""Template tags of the result page."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from binome import francais
from binome.simulation import Annee, Option, PointOuvert, Resultat, phrase_de_la_version
from binome.simulation.mots import ecriture
from binome.simulation.mots.phrases import pour_lecteur
from binome.site.simulateur import adresse as adresses

register = template.Library()
for ecrit in (ecriture.euros_ronds, ecriture.gain, ecriture.consultations, ecriture.raison_de):
    register.filter(ecrit.__name__, ecrit)

register.filter("pour_lecteur", pour_lecteur)
register.filter("version", phrase_de_la_version)
register.filter("deux_montants", ecriture.deux_montants)


@register.filter
def annees_des_lectures(point: PointOuvert) -> list[dict[str, Any]]:
    """The contract years of a point, each with what both readings give (None: no aid)."""
    lectures = [{} if lecture is None else {a.rang: a for a in lecture.annees} for lecture in (point.a, point.b)]
    rangs = sorted({rang for lecture in lectures for rang in lecture})
    return [{"rang": rang, "lues": [lecture.get(rang) for lecture in lectures]} for rang in rangs]


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
def statut(nom: str) -> str:
    """What an indicator did, in a word."""
    return ecriture.STATUTS[nom]


@register.filter
def cle(table: dict[Any, Any], nom: Any) -> Any:
    """The value of a table under a name; None when there is none."""
    return table.get(nom)


@register.filter
def heures(valeur: Decimal | None) -> str:
    """Weekly hours: « 17,5 h »."""
    return "—" if valeur is None else f"{francais.valeur(float(valeur))}{francais.INSECABLE}h"


@register.filter
def prevu(annee: Annee) -> str:
    """The amount planned for a year, or « au plus » as long as it depends on results that are not known."""
    ecrit = ecriture.montant_de(annee)
    return f"au plus {ecrit}" if annee.au_plus and annee.montant_prevu is not None else ecrit


@register.filter
def total_d_option(option: Option) -> str:
    """The sum planned under an option, or « au plus » as long as some year depends on results."""
    ecrit = francais.euros(option.total_cinq_ans)
    borne = option.total_cinq_ans is not None and any(annee.au_plus for annee in option.annees)
    return f"au plus {ecrit}" if borne else ecrit


@register.simple_tag
def figure_d_annee(rang: int, champ: str) -> str:
    """Name of a figure of a year of the option shown."""
    return f"annees.{rang}.{champ}"


@register.simple_tag
def figure_d_option(option: str, rang: int) -> str:
    """Name of the amount of a year under an option."""
    return f"options.{option}.annees.{rang}.montant_prevu"


@register.simple_tag
def deux_montants_d_option(resultat: Resultat, option: str, rang: int) -> str:
    """Both amounts of a year under an option, where an open point gives two."""
    return ecriture.deux_montants(resultat, rang, option)


@register.simple_tag
def objectif_d_option(option: Option, indicateur: str) -> str:
    """What an option asks to gain on an indicator."""
    objectif = next((o for o in option.objectifs if o.indicateur == indicateur), None)
    return "—" if objectif is None else ecriture.gain(objectif)


@register.simple_tag
def reste(annee: Any) -> str:
    """What is left to pay in a month of a year, after the aid."""
    if annee is None:
        return "—"
    ecrit = ecriture.euros_ronds(annee.reste_a_charge_mensuel)
    return f"au moins {ecrit}" if annee.aide_au_plus and annee.reste_a_charge_mensuel is not None else ecrit


@register.filter
def cout_partiel(annee: Any) -> tuple[str, ...]:
    """What is known of a year whose cost is not determined, cell by cell."""
    return ecriture.cout_partiel(annee)


@register.simple_tag
def cout_mensuel(annee: Any) -> str:
    """What the assistant costs in a month of a year, before the aid."""
    return "—" if annee is None else ecriture.euros_ronds(annee.cout_mensuel)


@register.simple_tag(takes_context=True)
def autre_option(context: dict[str, Any], option: str) -> str:
    """The address of the same result, an option chosen."""
    situation = context["r"].situation
    paires = dict(adresses.paires(situation)) | {"contrat.option": option}
    return f"{reverse('simulateur:resultat')}?{urlencode(paires)}#options"
