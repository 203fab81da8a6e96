"""A request too large is refused before anything of it is read or written to disk."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

#: Room for the other fields of a form beside its file.
MARGE = 1_000_000


class CorpsBorne:
    """413 above the size of the largest file that the site takes."""

    def __init__(self, suite: Callable[[HttpRequest], HttpResponse]) -> None:
        self.suite = suite

    def __call__(self, requete: HttpRequest) -> HttpResponse:
        """Answer, unless the body says that it is too large."""
        longueur = requete.META.get("CONTENT_LENGTH") or "0"
        maximum = max(settings.TAILLE_MAXIMALE_FICHIER, settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0) + MARGE
        if longueur.isdecimal() and int(longueur) > maximum and not requete.path.startswith("/api/"):
            dit = f"Envoi de {int(longueur) / 1_000_000:.1f} Mo refusé : au plus {maximum / 1_000_000:.0f} Mo attendus."
            return HttpResponse(dit, status=413, content_type="text/plain; charset=utf-8")
        return self.suite(requete)
