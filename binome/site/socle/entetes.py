"""Headers of safety that neither Django nor the content policy sets."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

_TOUJOURS = {
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class EntetesDeSurete:
    """Adds them to every answer; one that holds a situation is kept by no cache on the way, but its view may say so."""

    def __init__(self, suite: Callable[[HttpRequest], HttpResponse]) -> None:
        self.suite = suite

    def __call__(self, requete: HttpRequest) -> HttpResponse:
        """Answer, with the headers."""
        reponse = self.suite(requete)
        for nom, valeur in _TOUJOURS.items():
            reponse.headers.setdefault(nom, valeur)
        if requete.GET or requete.method not in {"GET", "HEAD"}:
            reponse.headers.setdefault("Cache-Control", "private, no-store")
        if requete.GET:
            # An address with a situation is nobody's business: not a search engine's either.
            reponse.headers.setdefault("X-Robots-Tag", "noindex")
        return reponse
