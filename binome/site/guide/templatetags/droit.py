"""The law in a sentence: a page never types a figure, it names the parameter that holds it."""

from __future__ import annotations

import datetime
import re
from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from binome import francais
from binome.simulation import Reference, certitude_en_mots
from binome.simulation.mots import grandeurs
from binome.simulation.mots.conditions import pour_changer
from binome.simulation.mots.ecriture import majuscule
from binome.simulation.parametres import Parametre
from binome.site.guide import loi as lois
from binome.site.guide.enonces import ENONCES, Enonce
from openfisca_assistants_medicaux import nomenclatures, registre
from openfisca_assistants_medicaux.certitude import Certitude

register = template.Library()

#: A rule that the day's law does not hold.
ABSENTE = "sans objet à ce jour"
Contexte = dict[str, Any]
_AVANT_SIGNE = re.compile(r" (?=[»:;?!])")


@register.simple_tag(takes_context=True)
def loi(context: Contexte, nom: str, date: datetime.date | None = None, court: bool = False) -> SafeString:
    """A value with its unit, linked to its source; its certainty follows when no official text says it.

    `court` leaves out « par an », where the sentence already tells the year.
    """
    parametre = lois.lire(nom, date or _jour(context))
    ecrite = ABSENTE if parametre is None else parametre.valeur_ecrite
    return _lien(nom, typo(ecrite).partition(" par ")[0] if court else ecrite) + _marque(parametre)


@register.simple_tag(takes_context=True)
def loi_liste(context: Contexte, nom: str) -> SafeString:
    """A value that is a list, one line for each."""
    parametre = lois.lire(nom, _jour(context))
    if parametre is None or not parametre.valeur:
        return loi(context, nom)
    lignes = format_html_join("", "<li>{}</li>", ((typo(grandeurs.mot(str(v))),) for v in parametre.valeur))
    return format_html(
        '<ul>{}</ul><p class="discret">{}{}</p>', lignes, _lien(nom, "Source de cette liste"), _marque(parametre)
    )


@register.simple_tag(takes_context=True)
def loi_avant(context: Contexte, nom: str) -> SafeString:
    """The value that the one in force took the place of."""
    parametre = lois.lire(nom, _jour(context))
    if parametre is None:
        return loi(context, nom)
    return loi(context, nom, parametre.depuis - datetime.timedelta(days=1))


@register.simple_tag(takes_context=True)
def loi_depuis(context: Contexte, nom: str) -> str:
    """Since when a value is in force, in words."""
    parametre = lois.lire(nom, _jour(context))
    return ABSENTE if parametre is None else francais.date_longue(parametre.depuis)


@register.simple_tag(takes_context=True)
def regle(context: Contexte, nom: str) -> Parametre | None:
    """A value of the law, for a page to choose its words by."""
    return lois.lire(nom, _jour(context))


@register.simple_tag
def condition(nom: str, titre: bool = False) -> SafeString:
    """What a condition asks for, as the register words it, with a link; `titre` says first what it is about."""
    demande = _phrase(pour_changer(nom))
    if titre:
        return format_html("{} {}", _lien_du_registre(nom, _phrase(registre.conditions()[nom].court)), demande)
    return _lien_du_registre(nom, demande)


@register.simple_tag
def echeance(nom: str) -> SafeString:
    """A deadline as the register words it: its name, linked to its sources, and what there is to do."""
    fiche = registre.echeances()[nom]
    return format_html("{} {}", _lien_du_registre(nom, _phrase(fiche.libelle)), _phrase(fiche.aide))


@register.simple_tag
def debut_du_regime(code: str) -> str:
    """First day of a set of rules, in words."""
    return francais.date_longue(lois.debut_du_regime(code))


@register.simple_tag
def bande(nom: str) -> str:
    """The name of a place in the national distribution: « P95 et plus »."""
    bandes: Any = nomenclatures.Bande
    return str(bandes[nom].value)


@register.simple_tag
def marque(nom: str | None) -> SafeString:
    """A certainty in words, whichever it is."""
    return _pastille(nom)


@register.simple_tag(takes_context=True)
def source(context: Contexte, cle: str) -> SafeString:
    """A call to the page's notes for a statement that no parameter holds; its certainty if no official text says it."""
    appels: list[Enonce] = context["appels"]
    enonce = ENONCES[cle]
    if enonce not in appels:
        appels.append(enonce)
    rang = appels.index(enonce) + 1
    pastille = _pastille(enonce.certitude) if a_rappeler(enonce.certitude) else mark_safe("")
    return format_html(
        '<sup class="appel"><a href="#note-{0}" aria-label="Source {0}">{0}</a></sup>{1}', rang, _espace(pastille)
    )


@register.inclusion_tag("guide/_notes.html", takes_context=True)
def notes(context: Contexte) -> Contexte:
    """The notes that the page called, in order."""
    return {"enonces": context["appels"]}


@register.simple_tag
def references(lues: tuple[Reference, ...]) -> SafeString:
    """References one after the other, each a link where a browser opens it."""
    liens = (
        format_html('<a href="{}" rel="external">{}</a>', lien, typo(r.titre))
        if (lien := lien_public(r))
        else typo(r.titre)
        for r in lues
    )
    return format_html_join(f"{francais.INSECABLE}; ", "{}", ((lien,) for lien in liens))


@register.inclusion_tag("guide/_textes.html", takes_context=True)
def textes(context: Contexte, *noms: str) -> Contexte:
    """The texts behind some parameters (a name covers all those under it), and where they were read."""
    parametres = lois.parametres_du(_jour(context))
    references: dict[str, Reference] = {}
    for nom in noms:
        for parametre in parametres.values():
            if parametre.nom == nom or parametre.nom.startswith(f"{nom}."):
                references |= {r.titre: r for r in parametre.references}
    return {"references": list(references.values())}


@register.filter
def a_rappeler(nom: str | None) -> bool:
    """An official text, read or quoted, is the general case: the guide says so once, and each rule's own page."""
    return nom is not None and not Certitude[nom].officielle


@register.filter
def typo(texte: str) -> str:
    """French typography for the law's own texts, which are written with plain spaces and apostrophes."""
    return _AVANT_SIGNE.sub(francais.INSECABLE, texte.replace("« ", f"«{francais.INSECABLE}")).replace("'", "’")


@register.filter
def lien_public(reference: Reference) -> str:
    """The address of a reference when it is one that a browser opens."""
    return reference.lien if reference.lien and reference.lien.startswith(("https://", "http://")) else ""


def _jour(context: Contexte) -> datetime.date:
    """The day that the page is about: today, unless the view says another."""
    jour: datetime.date = context.get("jour_du_droit") or timezone.localdate()
    return jour


def _lien(nom: str, texte: str) -> SafeString:
    return format_html('<a class="loi" href="{}">{}</a>', reverse("guide:parametre", args=[nom]), texte)


def _lien_du_registre(nom: str, texte: str) -> SafeString:
    return format_html('<a href="{}#{}">{}</a>', reverse("guide:conditions"), nom, texte)


def _phrase(texte: str) -> str:
    """Words of the register as a sentence of the page."""
    return typo(f"{majuscule(texte.removesuffix('.'))}.")


def _marque(parametre: Parametre | None) -> SafeString:
    if parametre is None or not a_rappeler(parametre.certitude):
        return mark_safe("")
    return _espace(_pastille(parametre.certitude))


def _espace(pastille: SafeString) -> SafeString:
    return format_html(" {}", pastille) if pastille else pastille


def _pastille(nom: str | None) -> SafeString:
    """A certainty in words."""
    if nom is None:
        return mark_safe('<span class="certitude inconnue">valeur inconnue</span>')
    return format_html('<span class="certitude {}">{}</span>', nom, certitude_en_mots(nom))
