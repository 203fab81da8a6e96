"""Addresses of the account of whoever is logged in."""

from __future__ import annotations

from django.urls import path

from binome.site.comptes import vues

app_name = "comptes"
urlpatterns = [
    path("accueil", vues.accueil, name="accueil"),
    path("role", vues.choisir, name="choisir"),
    path("sessions/", vues.sessions, name="sessions"),
    path("sessions/fermer", vues.fermer, name="fermer"),
]
