"""Pages of a document as pictures, for an agent to look at beside a form: drawn in a process of their own.

A browser never opens what a stranger sent: it shows the picture that we drew of it.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass

from binome import isolement
from binome.dossiers.echanges import pieces
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Piece

#: Pages shown: whoever wants more downloads the document.
PAGES = 8
BORNES = isolement.Bornes(memoire=300_000_000, processeur=8, reponse=12_000_000)
_LECTEUR = "binome.dossiers.echanges.dessins:"


@dataclass(frozen=True)
class Apercu:
    """A picture of a page (PNG), and how many pages the document has."""

    png: bytes
    pages: int


def apercu(piece: Piece, page: int = 1) -> Apercu:
    """A page of a document, from 1. Raises Refus when its content is gone, or when it cannot be drawn."""
    lecteur = "dessiner_pdf" if piece.type_mime == "application/pdf" else "reduire_image"
    try:
        lu = isolement.lire(_LECTEUR + lecteur, pieces.contenu(piece), BORNES, page=page)
    except isolement.LectureRefusee as refus:
        raise Refus(*refus.raisons) from refus
    return Apercu(base64.b64decode(lu["png"]), lu["pages"])
