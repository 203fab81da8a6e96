"""From the result of a simulation to its two pages."""

from __future__ import annotations

from pathlib import Path

from binome.documents import mise_en_page
from binome.documents.pdf import contenu
from binome.simulation import Resultat

GABARIT = Path(__file__).parent / "deux-pages.typ"


def rendre(resultat: Resultat, adresse: str | None) -> bytes:
    """Two A4 pages, PDF/UA-1, the same bytes each time. `adresse` is the link to the page of the result, if any."""
    dit = contenu.de(resultat, adresse)
    return mise_en_page.pdf(GABARIT, dit, resultat.date_appreciation, intacts={"svg", "adresse"})
