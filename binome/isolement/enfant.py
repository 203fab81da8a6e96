"""The process that reads a stranger's file: it bounds itself before it imports anything, answers in JSON, leaves."""

from __future__ import annotations

import importlib
import json
import os
import resource
import sys
from typing import Any

#: Shared libraries and reserved addresses, which cost no memory, beside what the reader may hold.
ADRESSES = 700_000_000


def principal() -> None:
    """Read the demand on the standard input, and write the answer on the standard output."""
    entree = sys.stdin.buffer
    demande = json.loads(entree.read(int.from_bytes(entree.read(4), "big")))
    borner(**demande["bornes"])
    # What a library prints is not our answer.
    reponse = os.dup(1)
    os.dup2(2, 1)
    with os.fdopen(reponse, "w", encoding="utf-8") as sortie:
        json.dump(_repondre(demande["lecteur"], entree.read(), demande["options"]), sortie)


def borner(memoire: int, processeur: int, reponse: int, attente: float) -> None:
    """Limits of this process, for good; the one that started it counts the waiting."""
    del attente
    for borne, valeur in (
        (resource.RLIMIT_DATA, memoire),
        (resource.RLIMIT_AS, memoire + ADRESSES),
        (resource.RLIMIT_CPU, processeur),
        (resource.RLIMIT_FSIZE, reponse),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(borne, (valeur, valeur))


def _repondre(lecteur: str, octets: bytes, options: dict[str, Any]) -> dict[str, Any]:
    from binome.erreurs import BinomeErreur

    try:
        module, _, fonction = lecteur.partition(":")
        return {"lu": getattr(importlib.import_module(module), fonction)(octets, **options)}
    except BinomeErreur as erreur:
        return {"refus": list(getattr(erreur, "raisons", (str(erreur),)))}
    except (Exception, RecursionError, MemoryError) as erreur:
        # What it is, never what it says: it may quote the file.
        return {"panne": type(erreur).__name__}
