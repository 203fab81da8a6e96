"""Addresses of the fund."""

from __future__ import annotations

from django.urls import path

from binome.site.caisse import (
    contrats,
    evaluations,
    journee,
    medecins,
    pieces,
    prospection,
    registre,
    releves,
    suivi,
    versements,
)

app_name = "caisse"
urlpatterns = [
    path("", journee.journee, name="journee"),
    path("contrats/", contrats.liste, name="contrats"),
    path("contrats/nouveau", contrats.nouveau, name="nouveau"),
    path("contrats/<int:cle>/", contrats.fiche, name="contrat"),
    path("contrats/<int:cle>/calendrier.ics", contrats.calendrier_ics, name="contrat_calendrier"),
    path("contrats/<int:cle>/transition/<slug:nom>", contrats.transition, name="transition"),
    path("contrats/<int:cle>/acte/<slug:nom>", contrats.acte, name="acte"),
    path("contrats/<int:cle>/evaluation/<int:annee>", evaluations.evaluer, name="evaluer"),
    path("contrats/<int:cle>/evaluation/<int:annee>/contester", evaluations.contester, name="contester"),
    path("contrats/<int:cle>/pieces", pieces.deposer, name="deposer"),
    path("contrats/<int:cle>/remboursement", versements.rembourser, name="rembourser"),
    path("pieces/<int:cle>", pieces.telecharger, name="piece"),
    path("pieces/<int:cle>/controle", pieces.controler, name="controler_piece"),
    path("medecins/", medecins.liste, name="medecins"),
    path("medecins/nouveau", medecins.nouveau, name="nouveau_medecin"),
    path("medecins/<int:cle>/", medecins.fiche, name="medecin"),
    path("medecins/<int:cle>/modifier", medecins.modifier, name="modifier_medecin"),
    path("medecins/<int:cle>/compte", medecins.compte, name="compte_medecin"),
    path("medecins/<int:cle>/releves.svg", medecins.graphique, name="graphique_medecin"),
    path("structures/nouvelle", medecins.nouvelle_structure, name="nouvelle_structure"),
    path("structures/<int:cle>/", medecins.structure, name="structure"),
    path("structures/<int:cle>/compte", medecins.compte_structure, name="compte_structure"),
    path("releves/", releves.liste, name="releves"),
    path("releves/<int:cle>/", releves.apercu, name="import_releves"),
    path("releves/<int:cle>/appliquer", releves.appliquer, name="appliquer_releves"),
    path("versements/", versements.liste, name="versements"),
    path("versements/retours", versements.retours, name="retours"),
    path("versements/<int:cle>/", versements.campagne, name="campagne"),
    path("versements/<int:cle>/<slug:acte>", versements.agir, name="agir_campagne"),
    path("versements/<int:cle>/fichier.xml", versements.fichier, name="fichier"),
    path("versements/<int:cle>/comptabilite.csv", versements.comptabilite, name="comptabilite"),
    path("lignes/<int:cle>/ecarter", versements.ecarter, name="ecarter"),
    path("ecritures/<int:cle>/", versements.ecriture, name="ecriture"),
    path("ecritures/<int:cle>/annuler", versements.contre_passer, name="contre_passer"),
    path("demarchage/", prospection.liste, name="prospection"),
    path("demarchage/import", prospection.importer, name="importer_medecins"),
    path("demarchage/medecins/<int:cle>/", prospection.fiche, name="prospect"),
    path("demarchage/visites/<int:cle>", prospection.visite, name="visite"),
    path("suivi/", suivi.suivi, name="suivi"),
    path("suivi/contrats.<slug:format_>", suivi.exporter, name="exporter"),
    path("national/", suivi.national, name="national"),
    path("registre/", registre.registre, name="registre"),
]
