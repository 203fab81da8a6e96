"""From a chart to SVG, by vl-convert: each Altair template is compiled once, then only its data change.

Compiling a Vega-Lite chart takes longer than drawing it, so a template only names its data sets and a `Dessin` brings
their rows. Nothing is read from the network: the data are in the chart and the fonts in this package.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import altair as alt
import vl_convert

from binome.documents.graphiques import style

POLICES = Path(__file__).parent.parent / "polices"

#: Makes the Altair chart of one layout; a module function, compared by identity.
Modele = Callable[[], alt.TopLevelMixin]


@dataclass(frozen=True)
class Dessin:
    """What a template needs to become one chart."""

    modele: Modele
    titre: str
    description: str
    largeur: int
    hauteur: int
    donnees: dict[str, list[dict[str, Any]]]
    #: Room for axes (left, top, right, bottom; pixels), for a template that has some.
    marges: tuple[int, int, int, int] = (style.MARGE,) * 4


@lru_cache(maxsize=1)
def _enregistrer_les_polices() -> None:
    vl_convert.register_font_directory(str(POLICES))


@lru_cache(maxsize=16)
def compiler(modele: Modele) -> str:
    """The Vega specification of a template, as JSON; the first call also starts the drawing engine."""
    _enregistrer_les_polices()
    graphique = style.configurer(modele())
    vega = vl_convert.vegalite_to_vega(graphique.to_dict())
    # The layout leaves its own margins: nothing is measured to fit.
    vega["autosize"] = "none"
    return json.dumps(vega)


def en_svg(dessin: Dessin) -> str:
    """The chart as SVG, with its title and description for those who do not see it."""
    vega = json.loads(compiler(dessin.modele))
    gauche, haut, droite, bas = dessin.marges
    vega["width"], vega["height"] = dessin.largeur - gauche - droite, dessin.hauteur - haut - bas
    vega["padding"] = {"left": gauche, "top": haut, "right": droite, "bottom": bas}
    for source in vega["data"]:
        if source["name"] in dessin.donnees:
            source["values"] = dessin.donnees[source["name"]]
    return _accessible(vl_convert.vega_to_svg(vega, allowed_base_urls=[]), dessin)


@lru_cache(maxsize=1)
def _polices_incluses() -> str:
    """Style sheet of the two weights used, inside the image: a page cannot lend its fonts to an image."""
    regles = []
    for graisse in (400, 600):
        police = base64.b64encode((POLICES / f"binome-graphiques-{graisse}.woff2").read_bytes()).decode()
        source = f"url(data:font/woff2;base64,{police}) format('woff2')"
        regles.append(f"@font-face{{font-family:'Source Sans 3';font-weight:{graisse};src:{source}}}")
    return f"<style>{''.join(regles)}</style>"


def _accessible(brut: str, dessin: Dessin) -> str:
    """One image for assistive technology: a name, a description, and no inner roles."""
    svg = re.sub(r' (?:role|aria-[a-z]+)="[^"]*"', "", brut)
    ouverture, reste = svg.split(">", 1)
    nom = f"<title>{escape(dessin.titre)}</title><desc>{escape(dessin.description)}</desc>"
    return f'{ouverture} role="img" lang="fr">{nom}{_polices_incluses()}{reste}'
