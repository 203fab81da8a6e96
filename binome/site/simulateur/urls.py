"""Addresses of the simulator."""

from __future__ import annotations

from django.urls import path
from django.views.decorators.http import require_safe

from binome.site.simulateur import emporter, etapes, resultat

app_name = "simulateur"
urlpatterns = [
    path("", require_safe(etapes.accueil), name="accueil"),
    path("simulation/resultat", require_safe(resultat.page), name="resultat"),
    path("simulation/et-si", require_safe(resultat.et_si), name="et_si"),
    path("simulation/explication", require_safe(resultat.explication), name="explication"),
    path("simulation/graphique/<slug:nom>.svg", require_safe(emporter.graphique), name="graphique"),
    path("simulation/binome.pdf", require_safe(emporter.pdf), name="pdf"),
    path("simulation/binome.ics", require_safe(emporter.calendrier), name="ics"),
    path("simulation/binome.csv", require_safe(emporter.tableur), name="csv"),
    path("simulation/binome.json", require_safe(emporter.json), name="json"),
    path("simulation/<slug:parcours>/<slug:etape>", require_safe(etapes.etape), name="etape"),
]
