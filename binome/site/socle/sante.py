"""Health of the site, for whoever runs it."""

from __future__ import annotations

import logging

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from binome.simulation.systeme import systeme, version_de

EN_CLAIR = {"ensure_ascii": False}
journal = logging.getLogger("binome.sante")


def vivant(requete: HttpRequest) -> JsonResponse:
    """The process answers."""
    del requete
    return JsonResponse({"etat": "vivant", "version": version_de("binome")}, json_dumps_params=EN_CLAIR)


def pret(requete: HttpRequest) -> JsonResponse:
    """The law is loaded and the database answers; 503 otherwise."""
    del requete
    etat = {"loi": "chargée" if systeme().variables else "vide", "base": "répond"}
    try:
        with connection.cursor() as curseur:
            curseur.execute("SELECT 1")
    except DatabaseError:
        journal.exception("La base ne répond pas")
        etat["base"] = "ne répond pas"
    complet = etat == {"loi": "chargée", "base": "répond"}
    reponse = {"etat": "prêt" if complet else "non prêt", **etat}
    return JsonResponse(reponse, status=200 if complet else 503, json_dumps_params=EN_CLAIR)
