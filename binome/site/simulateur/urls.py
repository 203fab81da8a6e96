"""Addresses of the simulator."""

from __future__ import annotations

from django.urls import path

from binome.site.simulateur import emporter, etapes, resultat

app_name = "simulateur"
urlpatterns = [
    path("", etapes.accueil, name="accueil"),
    path("simulation/resultat", resultat.page, name="resultat"),
    path("simulation/et-si", resultat.et_si, name="et_si"),
    path("simulation/explication", resultat.explication, name="explication"),
    path("simulation/graphique/<slug:nom>.svg", emporter.graphique, name="graphique"),
    path("simulation/binome.pdf", emporter.pdf, name="pdf"),
    path("simulation/binome.ics", emporter.calendrier, name="ics"),
    path("simulation/binome.csv", emporter.tableur, name="csv"),
    path("simulation/binome.json", emporter.json, name="json"),
    path("simulation/<slug:parcours>/<slug:etape>", etapes.etape, name="etape"),
]
