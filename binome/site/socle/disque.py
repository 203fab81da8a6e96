"""A disk that fills: reading goes on, what cannot be written says so, and `/sante/pret` says it before it is full."""

from __future__ import annotations

import errno
import logging
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.defaults import server_error

journal = logging.getLogger("binome.disque")

#: What SQLite (full, input or output error, read only) and PostgreSQL (disk full, read only) say of no place left.
_SQLITE, _POSTGRESQL = {8, 10, 13}, {"53100", "25006"}


def plein(erreur: BaseException | None) -> bool:
    """True of an error that says that nothing can be written any more, whoever met it."""
    if isinstance(erreur, OSError):
        return erreur.errno in {errno.ENOSPC, errno.EDQUOT, errno.EROFS}
    if not isinstance(erreur, OperationalError):
        return False
    cause = erreur.__cause__
    # SQLite's extended codes hold the plain one in their last byte.
    return getattr(cause, "sqlite_errorcode", 0) & 0xFF in _SQLITE or getattr(cause, "sqlstate", "") in _POSTGRESQL


@contextmanager
def malgre_un_disque_plein(requete: HttpRequest, quoi: str, **dit: Any) -> Iterator[None]:
    """What a reading page would write beside: where there is no place, it is told to the log, and the page goes on."""
    try:
        yield
    except (OperationalError, OSError) as erreur:
        if not plein(erreur):
            raise
        requete.disque_plein = True  # type: ignore[attr-defined]
        journal.error("disque plein : %s ne s'écrit pas en base", quoi, extra=dit)


def libre() -> int:
    """Bytes left where the site writes: in the fullest of its places, the one that receives uploads included."""
    lieux = [Path(lieu) for lieu in (settings.DONNEES, settings.PIECES, tempfile.gettempdir())]
    return min(shutil.disk_usage(lieu).free for lieu in lieux if lieu.exists())


def erreur_500(requete: HttpRequest) -> HttpResponse:
    """The page of an error of ours: 503, and why, where no place is left on the disk."""
    if not plein(sys.exc_info()[1]):
        return server_error(requete)
    journal.error("disque plein : %s %s refusé", requete.method, requete.path)
    return render(requete, "disque_plein.html", status=503)
