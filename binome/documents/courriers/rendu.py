"""A letter as a PDF."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from binome.documents import mise_en_page
from binome.documents.courriers.composition import BANDEAU, composer, exemple
from binome.documents.courriers.courrier import Courrier
from binome.documents.mise_en_page import Contenu

GABARIT = Path(__file__).parent / "courrier.typ"
FORMULE = "Nous vous prions d’agréer l’expression de nos salutations distinguées."

#: Longest word that a line, or a cell, holds whole; an address of the web or of the post is never parted sooner.
MOT, MOT_DE_CELLULE, ADRESSE = 28, 16, 64


def rendre(courrier: Courrier) -> bytes:
    """A4 pages, PDF/UA-1, the same bytes for the same letter. Raises BinomeErreur."""
    return _pdf(courrier, composer(courrier))


def apercu(nom: str) -> bytes:
    """The PDF of a template filled with its example values, marked as such. Raises BinomeErreur."""
    courrier = exemple(nom)
    return _pdf(courrier, composer(courrier, bandeau=BANDEAU))


def _pdf(courrier: Courrier, contenu: Contenu) -> bytes:
    return mise_en_page.pdf(GABARIT, {**_secable(contenu), "formule": FORMULE}, courrier.date)


def _secable(element: Any, mot: int = MOT) -> Any:
    """The same content, whose words that no line can hold may break."""
    if isinstance(element, dict):
        dans = MOT_DE_CELLULE if element.get("genre") == "tableau" else mot
        return {nom: _secable(valeur, dans) for nom, valeur in element.items()}
    if isinstance(element, list):
        return [_secable(valeur, mot) for valeur in element]
    if not isinstance(element, str):
        return element
    return re.sub(r"\S+", lambda trouve: _couper(trouve.group(), mot), element)


def _couper(mot: str, longueur: int) -> str:
    if "@" in mot or "://" in mot:
        longueur = ADRESSE
    return "\u200b".join(mot[debut : debut + longueur] for debut in range(0, len(mot), longueur))
