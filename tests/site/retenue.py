"""The site, whose visitors' documents are held until let go: `tests/site/test_documents_retenus.py` serves it.

In the folder `RETENUE`, each document that begins to be drawn, and each demand that takes its place in the queue,
writes a line in the pipe `nouvelles`; a document is drawn once who waits has unlocked `verrou`.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Any

from binome.documents import pdf
from binome.site.simulateur.emporter import DOCUMENTS
from binome.site.wsgi import application

__all__ = ["application"]

LIEU = Path(os.environ["RETENUE"])
rendre, attendre = pdf.rendre, DOCUMENTS._attendre


def dire(mot: str) -> None:
    """A line of news, to who serves this site."""
    with (LIEU / "nouvelles").open("a", encoding="utf-8") as nouvelles:
        nouvelles.write(f"{mot}\n")


def rendre_une_fois_libere(*arguments: Any) -> bytes:
    """As the site draws a document, once it is let go."""
    dire("dessine")
    with (LIEU / "verrou").open() as verrou:
        fcntl.flock(verrou, fcntl.LOCK_SH)
    return rendre(*arguments)


def attendre_en_le_disant() -> bool:
    """As a demand waits for its place, told before it does: nobody else is counted in between."""
    if DOCUMENTS._attendent < DOCUMENTS._file:
        dire("attend")
    return attendre()


pdf.rendre = rendre_une_fois_libere
DOCUMENTS._attendre = attendre_en_le_disant  # type: ignore[method-assign]
# The queue's own patience is told elsewhere (tests/site/test_places.py): here a slow machine must not end it.
DOCUMENTS._patience = 600.0
