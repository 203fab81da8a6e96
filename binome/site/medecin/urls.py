"""Addresses of the doctor's space."""

from __future__ import annotations

from django.urls import path

from binome.site.medecin import vues

app_name = "medecin"
urlpatterns = [
    path("", vues.accueil, name="accueil"),
    path("contrats/<int:cle>/", vues.contrat, name="contrat"),
    path("contrats/<int:cle>/calendrier.ics", vues.calendrier_ics, name="calendrier"),
    path("contrats/<int:cle>/piece", vues.deposer, name="deposer"),
    path("pieces/<int:cle>", vues.piece, name="piece"),
    path("courriers/<int:cle>", vues.courrier, name="courrier"),
    path("releves.svg", vues.graphique, name="graphique"),
    path("mes-donnees.json", vues.mes_donnees, name="donnees"),
]
