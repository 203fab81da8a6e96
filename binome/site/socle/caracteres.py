"""Characters that no field may hold: a null, which databases refuse, is refused before any page reads it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

NUL = "\x00"
#: Doors with words of their own for it: the API's problems, the guide's forms, which keep the page and name the field.
EN_SES_MOTS = ("/api/", "/guide/")
DIT = "Caractère nul refusé dans l'adresse ou dans un champ du formulaire : du texte est attendu."


class SansCaractereNul:
    """400 where an address or a form holds a null."""

    def __init__(self, suite: Callable[[HttpRequest], HttpResponse]) -> None:
        self.suite = suite

    def __call__(self, requete: HttpRequest) -> HttpResponse:
        """Answer, unless the address holds a null."""
        if requete.path.startswith(EN_SES_MOTS):
            return self.suite(requete)
        if NUL in requete.path or any(NUL in nom or NUL in valeur for nom, valeur in _paires(requete.GET)):
            return _refus()
        return self.suite(requete)

    def process_view(self, requete: HttpRequest, *vue: Any) -> HttpResponse | None:
        """The same for forms: by then the proof that the form is ours was read from its fields."""
        del vue
        if requete.path.startswith(EN_SES_MOTS):
            return None
        return _refus() if any(NUL in nom or NUL in valeur for nom, valeur in _paires(requete.POST)) else None


def _paires(champs: Any) -> list[tuple[str, str]]:
    return [(nom, valeur) for nom, valeurs in champs.lists() for valeur in valeurs]


def _refus() -> HttpResponse:
    return HttpResponse(DIT, status=400, content_type="text/plain; charset=utf-8")
