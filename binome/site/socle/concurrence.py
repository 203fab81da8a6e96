"""Two people at once: what the database refused to the second one is said in a page, and never as a breakdown."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

journal = logging.getLogger(__name__)


class ApresUnAutre:
    """409 where a row that the database holds unique, or to be kept as it is, was written by someone else meanwhile.

    Acts that know what they met say it themselves (`Refus`); this is the net under the others. What the database said
    goes to the log, whole: a fault of ours would look the same to the user, and must not be lost.
    """

    def __init__(self, suite: Callable[[HttpRequest], HttpResponse]) -> None:
        self.suite = suite

    def __call__(self, requete: HttpRequest) -> HttpResponse:
        """Answer."""
        return self.suite(requete)

    def process_exception(self, requete: HttpRequest, erreur: Exception) -> HttpResponse | None:
        """The page, for what the database refused; nothing was written: each act is one transaction."""
        if not isinstance(erreur, IntegrityError):
            return None
        journal.error("écriture refusée par la base", exc_info=erreur)
        return render(requete, "409.html", status=409)
