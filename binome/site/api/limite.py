"""How much one client may ask: requests by period, and lines of batches by hour.

Counts live in Django's cache: by default a table of the database, which all processes share. `CACHE_URL` gives another.
An empty `BINOME_LIMITE_API` lifts both.
"""

from __future__ import annotations

import datetime
import hashlib
import logging
import re
import time
from functools import lru_cache

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from ninja.conf import settings as reglages_ninja
from ninja.throttling import BaseThrottle

from binome import francais
from binome.site.api.problemes import trop_de_demandes
from binome.site.socle.client import reseau_de

journal = logging.getLogger("binome.api")

#: A rate, as settings write it.
_TAUX = re.compile(r"([1-9]\d{0,8})/([1-9]\d{0,4})?([smhd])")
_SECONDES = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}

#: The period over which the lines of batches are counted, in seconds: as many as one whole batch.
PERIODE_DES_LOTS = int(datetime.timedelta(hours=1).total_seconds())


@lru_cache
def taux_de(texte: str) -> tuple[int, int] | None:
    """(number, seconds) of a rate such as « 300/m »; None when there is no limit. Raises ImproperlyConfigured."""
    if not texte.strip():
        return None
    lu = _TAUX.fullmatch(texte.strip())
    if lu is None:
        raise ImproperlyConfigured(
            f"BINOME_LIMITE_API « {texte} » : un nombre de demandes et une période attendus "
            "(« 300/m », « 5/30s » ; s, m, h ou d), ou rien pour ne pas limiter"
        )
    nombre, fois, unite = lu.groups()
    return int(nombre), int(fois or 1) * _SECONDES[unite]


class LimiteDesDemandes(BaseThrottle):
    """Requests of one address, by period. Stateless, so that threads do not count for one another."""

    def allow_request(self, request: HttpRequest) -> bool:
        """Count the request; False beyond the limit."""
        taux = taux_de(settings.LIMITE_API)
        return taux is None or _compter("demandes", self.client(request), 1, taux[1]) <= taux[0]

    def wait(self) -> float | None:
        """Seconds until the next period."""
        taux = taux_de(settings.LIMITE_API)
        return None if taux is None else _attente(taux[1])

    def client(self, requete: HttpRequest) -> str:
        """Who asks: the network of the connection, or the one a declared proxy (`NINJA_NUM_PROXIES`) tells."""
        if reglages_ninja.NUM_PROXIES is None:
            # Without a declared proxy, anyone may write the header.
            return reseau_de(str(requete.META.get("REMOTE_ADDR", "")))
        return reseau_de(self.get_ident(requete) or "")


limite = LimiteDesDemandes()


def compter_lignes(requete: HttpRequest, nombre: int) -> None:
    """Count the lines of a batch. Raises a problem when the client has used up its hour."""
    if taux_de(settings.LIMITE_API) is None:
        return
    if _compter("lignes", limite.client(requete), nombre, PERIODE_DES_LOTS) > settings.LIGNES_PAR_LOT:
        _compter("lignes", limite.client(requete), -nombre, PERIODE_DES_LOTS)
        plafond = francais.nombre(settings.LIGNES_PAR_LOT)
        raise trop_de_demandes(_attente(PERIODE_DES_LOTS), f"Les lots d'une heure comptent {plafond} lignes au plus")


def _compter(quoi: str, client: str, nombre: int, duree: int) -> int:
    """The count of the current period, this one included. A cache that keeps nothing, or that fails, limits nothing."""
    # An address is personal data: the cache holds its hash, for the time of the period.
    empreinte = hashlib.sha256(client.encode()).hexdigest()[:32]
    cle = f"api:{quoi}:{empreinte}:{int(time.time() // duree)}"
    try:
        return _ajouter(cle, nombre, duree)
    except Exception as erreur:
        # Each cache has errors of its own. To answer without counting is better than not to answer.
        journal.error("limite : le cache ne répond pas, rien n'est compté", extra={"exception": type(erreur).__name__})
        return nombre


def _ajouter(cle: str, nombre: int, duree: int) -> int:
    """One write, for the cache may be the database; two for the first request of a period."""
    try:
        return int(cache.incr(cle, nombre))
    except ValueError:
        if cache.add(cle, nombre, duree):
            return nombre
    try:
        # Another process began the period meanwhile.
        return int(cache.incr(cle, nombre))
    except ValueError:
        return nombre


def _attente(duree: int) -> float:
    return duree - time.time() % duree
