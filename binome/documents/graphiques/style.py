"""What the charts share: colours, sizes, and an estimate of the room that a text takes."""

from __future__ import annotations

from typing import Any

ENCRE, DOUX, REGLE, PAPIER = "#1d2733", "#4f5b67", "#7d786c", "#fffdf8"
ACCENT, OCRE, BRIQUE = "#0f5c5c", "#8a5a12", "#a63d2f"
#: Tints that are never alone: an outline or a line of the full colour goes with them.
ACCENT_PALE, BRIQUE_PALE, REGLE_PALE = "#d3e6e3", "#f3dcd7", "#e9e5db"

POLICE = "'Source Sans 3', system-ui, sans-serif"
TEXTE, GRAND = 13, 15

#: Under this width, in pixels, a chart takes its narrow layout.
ETROIT = 520
#: Room left around a chart, in pixels.
MARGE = 8

#: Widths of characters as a share of the size, in a wide fallback font, to be safe: an image inside a page may not have
#: the font of the site.
CHASSES = {**dict.fromkeys("0123456789€≤≈+", 0.56), **dict.fromkeys("\u202f\u00a0 .,;:’'/|ijlt()", 0.28)}
CHASSE, CAPITALE = 0.55, 0.68


def largeur_de(texte: str, taille: float = TEXTE) -> float:
    """Room that a text may take, in pixels."""
    return taille * sum(CHASSES.get(signe, CAPITALE if signe.isupper() else CHASSE) for signe in texte)


def lignes_de(texte: str, largeur: float, taille: float = TEXTE) -> list[str]:
    """A text cut into lines that fit in `largeur` pixels; only plain spaces break, amounts keep their units."""
    lignes = [""]
    for mot in texte.split(" "):
        suite = f"{lignes[-1]} {mot}".strip(" ")
        if lignes[-1] and largeur_de(suite, taille) > largeur:
            lignes.append(mot)
        else:
            lignes[-1] = suite
    return lignes


def rangees(boites: list[tuple[float, float]], ecart: float = 6) -> list[int]:
    """A row for each box (left, right), the lowest where it touches none of those already placed."""
    fins: list[float] = []
    places = []
    for gauche, droite in boites:
        rang = next((r for r, fin in enumerate(fins) if gauche >= fin + ecart), len(fins))
        if rang == len(fins):
            fins.append(droite)
        fins[rang] = droite
        places.append(rang)
    return places


def configurer(graphique: Any) -> Any:
    """The look of every chart: no frame, no background, the font of the site."""
    return graphique.configure(background="transparent", font=POLICE, padding=MARGE).configure_view(stroke=None)
