"""The layers that charts are made of, in Altair. Coordinates are pixels: the layout is done before drawing, so that
labels never meet, whatever the numbers and the width.
"""

from __future__ import annotations

from typing import Any

import altair as alt

from binome.documents.graphiques import style

#: Kinds of text: (size, weight, colour).
TEXTES: dict[str, tuple[int, int, str]] = {
    "titre": (style.GRAND, 600, style.ENCRE),
    "valeur": (style.GRAND, 600, style.ENCRE),
    "objectif": (style.GRAND, 600, style.OCRE),
    "versement": (style.TEXTE, 600, style.ACCENT),
    "cout": (style.TEXTE, 600, style.BRIQUE),
    "gras": (style.TEXTE, 600, style.ENCRE),
    "detail": (style.TEXTE, 400, style.DOUX),
}


def texte(x: float, y: float, ecrit: str, genre: str = "detail", ancre: str = "start") -> dict[str, Any]:
    """One text, its baseline at `y`; `genre` is one of TEXTES, `ancre` is start, middle or end."""
    aligne = {"start": "left", "middle": "center", "end": "right"}[ancre]
    return {"x": round(x, 1), "y": round(y, 1), "texte": ecrit, "genre": genre, "aligne": aligne}


def largeur_du_texte(ecrit: str, genre: str) -> float:
    """Room that a text of a kind may take, in pixels."""
    return style.largeur_de(ecrit, TEXTES[genre][0])


def etendue(pose: dict[str, Any]) -> tuple[float, float]:
    """Left and right ends of a placed text, in pixels."""
    large = largeur_du_texte(pose["texte"], pose["genre"])
    gauche = pose["x"] - {"left": 0.0, "center": large / 2, "right": large}[pose["aligne"]]
    return gauche, gauche + large


def calque(donnees: str) -> alt.Chart:
    """A layer on the data set of that name."""
    return alt.Chart(alt.NamedData(name=donnees))


def x(champ: str = "x") -> alt.X:
    """A horizontal position in pixels."""
    return alt.X(f"{champ}:Q", scale=None, axis=None)


def y(champ: str = "y") -> alt.Y:
    """A vertical position in pixels, from the top."""
    return alt.Y(f"{champ}:Q", scale=None, axis=None)


def textes() -> alt.Chart:
    """The layer of all the texts."""

    def selon_genre(rang: int) -> alt.ExprRef:
        table = {genre: reglage[rang] for genre, reglage in TEXTES.items()}
        return alt.ExprRef(f"({_en_javascript(table)})[datum.genre]")

    graphique: alt.Chart = (
        calque("textes")
        .mark_text(
            baseline="alphabetic",
            align=alt.ExprRef("datum.aligne"),
            fontSize=selon_genre(0),
            fontWeight=selon_genre(1),
            color=selon_genre(2),
        )
        .encode(x=x(), y=y(), text="texte:N")
    )
    return graphique


def _en_javascript(table: dict[str, Any]) -> str:
    return "{" + ", ".join(f"{cle}: {valeur!r}" for cle, valeur in table.items()) + "}"
