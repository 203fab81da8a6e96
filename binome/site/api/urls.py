"""Addresses of the API. Whatever happens under `/api/` is answered by a problem, an unknown address included."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, re_path

from binome.site.api import documentation
from binome.site.api.problemes import en_problemes, introuvable
from binome.site.api.v1 import api

app_name = "api"

_v1, _application, _espace = api.urls
for _adresse in _v1:
    if isinstance(_adresse, URLPattern):
        _adresse.callback = en_problemes(_adresse.callback)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", en_problemes(documentation.accueil), name="accueil"),
    path("v1/openapi.json", en_problemes(documentation.openapi), name="openapi"),
    path("v1/", include((_v1, _application), namespace=_espace)),
    re_path(r"^(?P<reste>.*)$", en_problemes(introuvable), name="inconnue"),
]
