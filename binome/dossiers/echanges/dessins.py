"""What a document looks like, drawn in a process of its own (`binome.isolement`): nothing here imports the site."""

from __future__ import annotations

import base64
import io
from typing import Any

from PIL import Image

from binome.isolement import LectureRefusee

#: Width of a picture, in pixels.
LARGEUR = 1_000


def dessiner_pdf(octets: bytes, page: int) -> dict[str, Any]:
    """A page of a PDF, in the bounded process. Raises LectureRefusee when there is no such page."""
    import pypdfium2

    document = pypdfium2.PdfDocument(octets)
    if not 1 <= page <= len(document):
        raise LectureRefusee(f"page {page} : de 1 à {len(document)} attendu")
    voulue = document[page - 1]
    largeur, hauteur = voulue.get_size()
    # A page as long as a roll is drawn smaller: the picture stays one that a browser shows.
    echelle = min(LARGEUR / max(largeur, 1), 2 * LARGEUR / max(hauteur, 1))
    return _en_png(voulue.render(scale=echelle).to_pil(), len(document))


def reduire_image(octets: bytes, page: int) -> dict[str, Any]:
    """An image of a size to look at, in the bounded process. Raises LectureRefusee beyond its only page."""
    if page != 1:
        raise LectureRefusee(f"page {page} : une image n'en a qu'une")
    image = Image.open(io.BytesIO(octets))
    image.draft("RGB", (LARGEUR, 2 * LARGEUR))
    image.thumbnail((LARGEUR, 2 * LARGEUR))
    return _en_png(image.convert("RGB"), 1)


def _en_png(image: Image.Image, pages: int) -> dict[str, Any]:
    flux = io.BytesIO()
    image.save(flux, "PNG")
    return {"png": base64.b64encode(flux.getvalue()).decode(), "pages": pages}
