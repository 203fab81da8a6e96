"""PDF files and images, as people send them."""

from __future__ import annotations

import io
import zlib
from typing import Any

import pikepdf
from PIL import Image


def pdf(**racine: Any) -> bytes:
    """A PDF of one empty page; `racine` is written in its catalogue, as what opens with it is."""
    document = pikepdf.new()
    document.add_blank_page()
    for nom, valeur in racine.items():
        document.Root[f"/{nom}"] = valeur
    flux = io.BytesIO()
    document.save(flux)
    return flux.getvalue()


def image(format_: str = "PNG", taille: tuple[int, int] = (4, 4)) -> bytes:
    """A black image, of a format that Pillow names and a size in pixels."""
    flux = io.BytesIO()
    Image.new("RGB", taille).save(flux, format_)
    return flux.getvalue()


def bombe_objets(megaoctets: int) -> bytes:
    """A PDF whose objects stand in a compressed stream followed by so many megabytes of spaces."""
    return _pdf_compresse(b"4 0 <</Type/Font>>", megaoctets, dans_la_table=False)


def bombe_table(megaoctets: int) -> bytes:
    """A PDF whose cross-reference stream is followed by so many megabytes of spaces."""
    return _pdf_compresse(b"4 0 <</Type/Font>>", megaoctets, dans_la_table=True)


def _pdf_compresse(objets: bytes, megaoctets: int, *, dans_la_table: bool) -> bytes:
    fichier, places = bytearray(b"%PDF-1.5\n"), {}

    def ajouter(numero: int, contenu: bytes) -> None:
        places[numero] = len(fichier)
        fichier.extend(b"%d 0 obj\n%b\nendobj\n" % (numero, contenu))

    def flux(entete: bytes, contenu: bytes, vide: int) -> bytes:
        compresseur = zlib.compressobj(9)
        plie = compresseur.compress(contenu)
        plie += b"".join(compresseur.compress(b" " * 1_000_000) for _ in range(vide)) + compresseur.flush()
        return b"<<%b/Filter/FlateDecode/Length %d>>stream\n%b\nendstream" % (entete, len(plie), plie)

    ajouter(1, b"<</Type/Catalog/Pages 2 0 R/Police 4 0 R>>")
    ajouter(2, b"<</Type/Pages/Kids[3 0 R]/Count 1>>")
    ajouter(3, b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<<>>>>")
    ajouter(5, flux(b"/Type/ObjStm/N 1/First 4", objets, 0 if dans_la_table else megaoctets))
    places[6] = len(fichier)
    rangees = [(0, 0, 65535), *((1, places[n], 0) for n in (1, 2, 3)), (2, 5, 0), (1, places[5], 0), (1, places[6], 0)]
    table = b"".join(bytes([s]) + a.to_bytes(4, "big") + b.to_bytes(2, "big") for s, a, b in rangees)
    ajouter(6, flux(b"/Type/XRef/Size 7/W[1 4 2]/Root 1 0 R", table, megaoctets if dans_la_table else 0))
    fichier.extend(b"startxref\n%d\n%%%%EOF\n" % places[6])
    return bytes(fichier)
