"""The command line: one file per command, shared edges in `affichage` and `fichiers`. Reads and writes; no rule."""

from __future__ import annotations

import sys
from io import TextIOWrapper


def principal() -> None:
    """Entry point of `binome`."""
    # A terminal that cannot write « é » or « ✓ » must not stop the answer.
    for flux in (sys.stdout, sys.stderr):
        if isinstance(flux, TextIOWrapper):
            flux.reconfigure(errors="replace")
    from binome.cli.application import application

    application()
