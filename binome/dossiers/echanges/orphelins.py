"""Contents of the store that no document names: a killed process leaves one, and it would outlive its keeping."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import transaction

from binome.dossiers.models import Caisse, Piece
from binome.dossiers.quotas import reserver_le_depot

#: How old a content must be to be one: much more than an upload lasts.
AGE = datetime.timedelta(days=1)
_CONTENU = re.compile(r"[0-9a-f]{64}|\.depot-.+")


def orphelins(avant: datetime.datetime) -> list[Path]:
    """Contents last written before that time that no document names, and what an interrupted upload left."""
    nommes = set(Piece.objects.filter(effacee_le=None).values_list("sha256", flat=True))
    return [chemin for chemin in _anciens(avant) if chemin.name not in nommes]


def supprimer(chemin: Path, avant: datetime.datetime) -> bool:
    """Remove one, unless it was named or written again since. Nobody sends a document meanwhile."""
    with transaction.atomic():
        reserver_le_depot(Caisse.objects.all())
        if Piece.objects.filter(sha256=chemin.name, effacee_le=None).exists() or not _ancien(chemin, avant):
            return False
        chemin.unlink()
        return True


def _anciens(avant: datetime.datetime) -> Iterator[Path]:
    racine = Path(settings.PIECES)
    for chemin in sorted(racine.glob("*/*")):
        if _CONTENU.fullmatch(chemin.name) and _ancien(chemin, avant):
            yield chemin


def _ancien(chemin: Path, avant: datetime.datetime) -> bool:
    try:
        return chemin.stat().st_mtime < avant.timestamp()
    except FileNotFoundError:
        return False
