"""The charts of a result: one definition for the page, the PDF and the download, and the same data as a table."""

from __future__ import annotations

from types import ModuleType

from binome.documents.graphiques import mensuel, objectif, rendu
from binome.documents.graphiques.tableau import TableauDeGraphique
from binome.simulation import Resultat

__all__ = ["LARGEUR", "NOMS", "Tableau", "hauteur", "prechauffer", "svg", "tableau"]

_GRAPHIQUES: dict[str, ModuleType] = {"objectif": objectif, "mensuel": mensuel}
NOMS = tuple(_GRAPHIQUES)

#: Width for which `hauteur` answers, in pixels.
LARGEUR = 720


def svg(nom: str, resultat: Resultat, largeur: int = LARGEUR) -> str:
    """A chart of NOMS as SVG, `largeur` pixels wide; narrow widths get their own layout. KeyError: unknown name."""
    return rendu.en_svg(_GRAPHIQUES[nom].dessiner(resultat, largeur))


def tableau(nom: str, resultat: Resultat) -> TableauDeGraphique:
    """Every number of a chart, as a table. KeyError: unknown name."""
    lu: TableauDeGraphique = _GRAPHIQUES[nom].tableau(resultat)
    return lu


def hauteur(nom: str, resultat: Resultat, largeur: int = LARGEUR) -> int:
    """Height of a chart, in pixels, without drawing it. KeyError: unknown name."""
    haut: int = _GRAPHIQUES[nom].dessiner(resultat, largeur).hauteur
    return haut


def prechauffer() -> None:
    """Start the drawing engine and compile every template, so that the first visitor does not wait."""
    for graphique in _GRAPHIQUES.values():
        for modele in graphique.MODELES:
            rendu.compiler(modele)
