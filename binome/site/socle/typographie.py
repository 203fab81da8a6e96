"""French typography of the pages, set once at the edge: no-break spaces and apostrophes, in text only.

Sentences come from the law's labels, from the computation and from templates; here they all get the same marks.
Code, forms' values and attributes are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from binome.francais import FINE, INSECABLE

#: Elements whose text is kept letter by letter.
_TEL_QUEL = re.compile(r"(<(pre|code|script|style|textarea)\b.*?</\2>|<[^>]*>)", re.DOTALL)
_MARQUES = {"apostrophe": "’", "fine": FINE, "insecable": INSECABLE}
#: Every mark in one pass, the first that fits.
_REGLES = re.compile(
    r"(?P<apostrophe>(?<=\w)(?:'|&#x27;)(?=\w))"
    r"|(?P<fine> (?=[;?!]))"
    r"|(?P<insecable> (?=[:»])|(?<=«) "
    r"|(?<=\d) (?=(?:%|€|ETP|ans?|mois|jours?|patients?|heures?)(?!\w))"
    # A thin space hardly shows between the digits of a sans-serif on a screen: pages have the plain one.
    rf"|(?<=\d)[ {FINE}](?=\d{{3}}(?!\d)))"
)


def soigner(page: str) -> str:
    """The page with its text well set."""
    morceaux = _TEL_QUEL.split(page)
    # The split gives text, element, element's name, text…
    return "".join(
        _soigner_texte(morceau) if rang % 3 == 0 else morceau
        for rang, morceau in enumerate(morceaux)
        if rang % 3 != 2 and morceau
    )


def _soigner_texte(texte: str) -> str:
    if texte.isspace():
        return texte
    return _REGLES.sub(_marque, texte)


def _marque(trouvee: re.Match[str]) -> str:
    return _MARQUES[str(trouvee.lastgroup)]


class Typographie:
    """Sets the text of every HTML answer."""

    def __init__(self, suite: Callable[[HttpRequest], HttpResponse]) -> None:
        self.suite = suite

    def __call__(self, requete: HttpRequest) -> HttpResponse:
        """Answer, with its text well set."""
        reponse = self.suite(requete)
        if not reponse.streaming and reponse.get("Content-Type", "").startswith("text/html"):
            reponse.content = soigner(reponse.content.decode()).encode()
        return reponse
