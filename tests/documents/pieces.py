"""PDF files and images, as people send them."""

from __future__ import annotations

import io
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
