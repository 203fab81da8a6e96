"""What caches may keep: the law and the document of the API, which hold nothing of anyone. Results are never kept."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.http import parse_etags, quote_etag

#: Seconds: for a given day, and for a day that was not given, which changes at midnight.
UN_JOUR_DIT, AUJOURD_HUI = 3_600, 300


def repondre(requete: HttpRequest, contenu: bytes, media: str, secondes: int = UN_JOUR_DIT) -> HttpResponse:
    """The answer, with its fingerprint; nothing more when the client holds the same one."""
    empreinte = quote_etag(hashlib.sha256(contenu).hexdigest()[:32])
    tenues = {tenue.removeprefix("W/") for tenue in parse_etags(requete.headers.get("If-None-Match", ""))}
    reponse: HttpResponse
    reponse = HttpResponseNotModified() if tenues & {empreinte, "*"} else HttpResponse(contenu, content_type=media)
    reponse["ETag"] = empreinte
    patch_cache_control(reponse, public=True, max_age=secondes)
    patch_vary_headers(reponse, ("Accept-Encoding",))
    return reponse
