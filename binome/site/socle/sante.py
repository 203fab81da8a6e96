"""Health of the site, for whoever runs it."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from binome.dossiers.echanges import boite_d_envoi
from binome.simulation import loi_du_processus, version_de
from binome.site.socle import antivirus, disque

EN_CLAIR = {"ensure_ascii": False}
#: What each part says when all is well.
BON = {"loi": "chargée", "base": "répond", "cache": "répond", "disque": "a de la place"}
journal = logging.getLogger("binome.sante")


@csrf_exempt  # nothing is changed here, and what is not GET is refused as such
@require_safe
def vivant(requete: HttpRequest) -> JsonResponse:
    """The process answers."""
    del requete
    return JsonResponse({"etat": "vivant", "version": version_de("binome")}, json_dumps_params=EN_CLAIR)


@csrf_exempt
@require_safe
def pret(requete: HttpRequest) -> JsonResponse:
    """The law is loaded, the database and the cache answer, the disk has place, the antivirus looks; 503 otherwise."""
    del requete
    etat = {
        "loi": "chargée" if _reponse_de(_charger_la_loi) == "répond" else "illisible",
        "base": _reponse_de(_interroger_la_base),
        "cache": _reponse_de(_interroger_le_cache),
        "disque": _dire_la_place(),
        "antivirus": antivirus.etat(),
    }
    sans_antivirus = etat["antivirus"] == "ne répond pas" and settings.CLAMAV_EXIGE
    complet = {nom: etat[nom] for nom in BON} == BON and not sans_antivirus
    reponse = {"etat": "prêt" if complet else "non prêt", **etat}
    return JsonResponse(reponse, status=200 if complet else 503, json_dumps_params=EN_CLAIR)


@csrf_exempt
@require_safe
def courriels(requete: HttpRequest) -> JsonResponse:
    """How many e-mails wait, fail or were given up; 503 when some should have left an hour ago."""
    del requete
    bilan = boite_d_envoi.etat_de_la_boite()
    etat, code = ("en retard", 503) if bilan["en_retard"] else ("à jour", 200)
    if not boite_d_envoi.serveur_regle():
        etat, code = "sans serveur", 200
    return JsonResponse({"etat": etat, **bilan}, status=code, json_dumps_params=EN_CLAIR)


def _reponse_de(essai: Callable[[], None]) -> str:
    """Whether a part answers. Whatever it raises, it does not: a wrong address raises before any database error."""
    try:
        essai()
    except Exception:
        journal.exception("Une partie du site ne répond pas : %s", essai.__name__)
        return "ne répond pas"
    return "répond"


def _dire_la_place() -> str:
    octets = disque.libre()
    return "a de la place" if octets >= settings.DISQUE_LIBRE else f"presque plein : {octets // 1_000_000} Mo libres"


def _charger_la_loi() -> None:
    loi_du_processus()


def _interroger_la_base() -> None:
    with connection.cursor() as curseur:
        curseur.execute("SELECT 1")


def _interroger_le_cache() -> None:
    cache.get("sante")
