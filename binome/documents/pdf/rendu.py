"""From the content to a tagged PDF: Typst lays out a template of the package, and reads nothing else of the machine."""

from __future__ import annotations

import datetime
import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import typst

from binome.documents.pdf import contenu
from binome.simulation.resultat import Resultat

MODELE = Path(__file__).parent / "deux-pages.typ"
POLICES = Path(__file__).parent.parent / "polices"
#: Accessible PDF: Typst refuses to write a document that breaks the standard.
NORME: Literal["ua-1"] = "ua-1"

#: Empty documents made after each: with four, no more than two layouts stay in memory.
DOCUMENTS_VIDES = 4

#: Signs that the fonts may not have.
_ILLISIBLES = re.compile("[^\n\u0020-\u007e\u00a0-\u017f\u200b\u2013-\u2026\u202f\u20ac\u2192\u2212\u2264\u2265]")


def rendre(resultat: Resultat, adresse: str | None) -> bytes:
    """Two A4 pages, PDF/UA-1, the same bytes each time. `adresse` is the link to the page of the result, if any."""
    dit = contenu.de(resultat, adresse)
    try:
        return _compiler(dit, resultat.date_appreciation)
    except typst.TypstError as erreur:
        if "could not be displayed" not in erreur.message:
            raise
        # A title may hold signs that the fonts do not have, and the standard refuses a missing glyph.
        return _compiler(_lisible(dit), resultat.date_appreciation)


def _compiler(dit: contenu.Contenu, jour: datetime.date) -> bytes:
    compilateur = typst.Compiler(
        _modele(),
        font_paths=_polices(),
        sys_inputs={"contenu": json.dumps(dit, ensure_ascii=False)},
    )
    instant = datetime.datetime.combine(jour, datetime.time(), datetime.UTC)
    octets = compilateur.compile(format="pdf", pdf_standards=[NORME], timestamp=instant)
    _oublier()
    assert isinstance(octets, bytes)  # noqa: S101 - one document is asked for
    return octets


def _oublier() -> None:
    """Make Typst forget: it keeps what it laid out, some forty megabytes, until ten more documents are made."""
    for _ in range(DOCUMENTS_VIDES):
        typst.Compiler(b"", font_paths=_polices()).compile(format="pdf")


@lru_cache
def _modele() -> bytes:
    return MODELE.read_bytes()


@lru_cache
def _polices() -> typst.Fonts:
    """The fonts of the package only: a document is the same on every machine."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(POLICES)])


def _lisible(element: Any, cle: str = "") -> Any:
    """The same content, the signs replaced that are not of the Latin script or of its punctuation."""
    if isinstance(element, dict):
        return {nom: _lisible(valeur, nom) for nom, valeur in element.items()}
    if isinstance(element, list):
        return [_lisible(valeur) for valeur in element]
    return _ILLISIBLES.sub("□", element) if isinstance(element, str) and cle not in {"svg", "adresse"} else element
