"""Addresses of the guide."""

from __future__ import annotations

from django.urls import path

from binome.site.guide import vues

app_name = "guide"
urlpatterns = [
    path("", vues.accueil, name="accueil"),
    path("missions/", vues.missions, name="missions"),
    path("conditions/", vues.conditions, name="conditions"),
    path("profils/", vues.profils, name="profils"),
    path("recruter/", vues.recruter, name="recruter"),
    path("annee-3/", vues.annee_3, name="annee_3"),
    path("histoire/", vues.histoire, name="histoire"),
    path("glossaire/", vues.glossaire, name="glossaire"),
    path("sources/", vues.sources, name="sources"),
    path("sources/comparer/", vues.comparer, name="comparer"),
    path("sources/<str:nom>/", vues.parametre, name="parametre"),
    path("donnees-personnelles/", vues.donnees, name="donnees"),
    path("accessibilite/", vues.accessibilite, name="accessibilite"),
]
