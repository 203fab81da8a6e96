"""Structured logs that never hold what a user typed.

A simulation's address holds the situation: logs keep the path, never the parameters.
"""

from __future__ import annotations

import logging
import re
import time
import traceback
import uuid
from collections.abc import Callable

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse

from binome.site.socle.flux import Flux

journal = logging.getLogger("binome.requetes")

#: The parameters of an address, wherever one is quoted in a message.
_PARAMETRES = re.compile(r"\?\S*=\S*")
#: What opens something by itself: the link of a password, of an address or of an invitation, a session's number.
_CLES = re.compile(r"(/(?:key|confirm-email|invitation)/)(?!done/)[^\s/\"']+|(\bsessionid=)[^\s;\"']+")
_NUMERO = re.compile(r"[A-Za-z0-9-]{8,64}")


def cadres(erreur: BaseException) -> list[str]:
    """Where an error happened, frame by frame, without its message nor the values of the frames."""
    return [f"{cadre.filename}:{cadre.lineno} {cadre.name}" for cadre in traceback.extract_tb(erreur.__traceback__)]


def sans_cles(texte: str) -> str:
    """A path, or any text, without the keys that it holds."""
    return _CLES.sub(lambda trouve: f"{trouve[1] or trouve[2]}…", texte)


class SansLesChiffres(logging.Filter):
    """Cuts the parameters and the keys of every address out of a message, whoever wrote it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the record, with its addresses cut."""
        message = record.getMessage()
        coupe = sans_cles(_PARAMETRES.sub("?…", message))
        if coupe != message:
            record.msg, record.args = coupe, ()
        if record.exc_info and record.exc_info[1] is not None:
            # An exception may quote what was typed: what it is and where it happened are enough.
            erreur, record.exc_info, record.exc_text = record.exc_info[1], None, None
            record.__dict__ |= {"exception": type(erreur).__name__, "pile": cadres(erreur)}
        # Django's own records carry the request, whose parameters are the user's.
        record.__dict__.pop("request", None)
        return True


class JournalDesRequetes:
    """One line for each request: method, path, status, duration, and a number to find it again."""

    def __init__(self, suite: Callable[[HttpRequest], HttpResponse]) -> None:
        self.suite = suite

    def __call__(self, requete: HttpRequest) -> HttpResponse:
        """Answer, then write the line: once all is sent, for an answer sent as it is computed.

        The number given by a proxy is kept when it looks like one.
        """
        recu = requete.headers.get("X-Request-ID", "")
        numero = recu if _NUMERO.fullmatch(recu) else uuid.uuid4().hex
        debut = time.perf_counter()
        reponse = self.suite(requete)
        reponse["X-Request-ID"] = numero
        dit = {
            "methode": requete.method,
            "chemin": sans_cles(requete.path),
            "statut": reponse.status_code,
            "numero": numero,
        }

        def ecrire() -> None:
            journal.info("requete", extra={**dit, "ms": round((time.perf_counter() - debut) * 1000, 1)})

        # A file is left to the server, which sends it at its own pace.
        if isinstance(reponse, StreamingHttpResponse) and not isinstance(reponse, FileResponse):
            reponse.streaming_content = Flux(reponse.streaming_content, ecrire)
        else:
            ecrire()
        return reponse
