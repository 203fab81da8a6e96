"""From a content to a tagged PDF: Typst lays out a template of the package, and reads nothing else of the machine."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Collection
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import typst

Contenu = dict[str, Any]

POLICES = Path(__file__).parent / "polices"
#: Accessible PDF: Typst refuses to write a document that breaks the standard.
NORME: Literal["ua-1"] = "ua-1"

#: Empty documents made after each: with four, no more than two layouts stay in memory.
DOCUMENTS_VIDES = 4

#: Signs that the fonts may not have.
_ILLISIBLES = re.compile("[^\n\u0020-\u007e\u00a0-\u017f\u200b\u2013-\u2026\u202f\u20ac\u2192\u2212\u2264\u2265]")


def pdf(gabarit: Path, contenu: Contenu, jour: datetime.date, *, intacts: Collection[str] = ()) -> bytes:
    """A PDF/UA-1, the same bytes for the same content. `intacts`: entries whose signs are never replaced."""
    try:
        return _compiler(gabarit, contenu, jour)
    except typst.TypstError as erreur:
        if "could not be displayed" not in erreur.message:
            raise
        # A text may hold signs that the fonts do not have, and the standard refuses a missing glyph.
        return _compiler(gabarit, _lisible(contenu, intacts), jour)


def _compiler(gabarit: Path, contenu: Contenu, jour: datetime.date) -> bytes:
    compilateur = typst.Compiler(
        _lu(gabarit),
        font_paths=_polices(),
        sys_inputs={"contenu": json.dumps(contenu, ensure_ascii=False)},
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
def _lu(gabarit: Path) -> bytes:
    return gabarit.read_bytes()


@lru_cache
def _polices() -> typst.Fonts:
    """The fonts of the package only: a document is the same on every machine."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(POLICES)])


def _lisible(element: Any, intacts: Collection[str], cle: str = "") -> Any:
    """The same content, the signs replaced that are not of the Latin script or of its punctuation."""
    if isinstance(element, dict):
        return {nom: _lisible(valeur, intacts, nom) for nom, valeur in element.items()}
    if isinstance(element, list):
        return [_lisible(valeur, intacts) for valeur in element]
    return _ILLISIBLES.sub("□", element) if isinstance(element, str) and cle not in intacts else element
