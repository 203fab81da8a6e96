"""Addresses of the site."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from binome.site.comptes.oidc.views import Sortie
from binome.site.socle import sante

handler500 = "binome.site.socle.disque.erreur_500"

urlpatterns = [
    path("", include("binome.site.simulateur.urls")),
    path("guide/", include("binome.site.guide.urls")),
    path("api/", include("binome.site.api.urls")),
    path("comptes/", include("binome.site.comptes.urls")),
    path("comptes/logout/", Sortie.as_view(), name="account_logout"),
    path("comptes/", include("allauth.urls")),
    path("caisse/", include("binome.site.caisse.urls")),
    path("medecin/", include("binome.site.medecin.urls")),
    path("administration/", admin.site.urls),
    path("sante/vivant", sante.vivant, name="vivant"),
    path("sante/pret", sante.pret, name="pret"),
    path("sante/courriels", sante.courriels, name="sante_courriels"),
]
