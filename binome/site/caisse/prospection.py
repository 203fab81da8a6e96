"""The delegates' campaign."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from binome.dossiers.models import Medecin, Visite
from binome.dossiers.nomenclatures import IssueVisite, Role
from binome.dossiers.patientele import import_medecins, prospection
from binome.erreurs import BinomeErreur
from binome.simulation.mots import conditions
from binome.site.caisse.pages import Fichier as ChampFichier
from binome.site.caisse.pages import (
    Formulaire,
    Texte,
    envoi,
    envoi_et_fichiers,
    formulaire,
    page,
    raisons,
    tranche,
)
from binome.site.comptes.acces import DE_LA_CAISSE, Requete, ouvrir, reserve
from binome.site.socle.saisies import Jour


@require_http_methods(["GET", "HEAD", "POST"])
@reserve(*DE_LA_CAISSE)
def liste(requete: Requete) -> HttpResponse:
    """The doctors to see, nearest to the threshold first; POST screens them all again."""
    if requete.method == "POST":
        return _reperer(requete)
    jour = timezone.localdate()
    secteur, eligible = requete.GET.get("secteur", ""), requete.GET.get("eligible", "")
    lignes = prospection.liste(requete.acteur, jour, secteur=secteur, eligible=eligible)
    filtre = requete.GET.copy()
    filtre.pop("page", None)
    secteurs = (
        Medecin.objects.visibles(requete.acteur)
        .exclude(secteur_dam="")
        .values_list("secteur_dam", flat=True)
        .order_by("secteur_dam")
        .distinct()
    )
    return page(
        requete,
        "prospection",
        "prospection",
        tranche=tranche(requete, lignes),
        filtre=filtre.urlencode(),
        secteurs=secteurs,
        secteur=secteur or (requete.acteur.secteur_dam if requete.acteur.role == Role.DELEGUE else ""),
        eligible=eligible,
        resultats=prospection.resultats(requete.acteur),
        issues=IssueVisite.choices,
        visites=Visite.objects.visibles(requete.acteur)
        .filter(issue=IssueVisite.PREVUE)
        .select_related("medecin", "delegue")
        .order_by("prevue_le")[:50],
        importe=requete.acteur.role in import_medecins.IMPORTENT,
    )


def _reperer(requete: Requete) -> HttpResponse:
    try:
        nombre = prospection.reperer(requete.acteur.la_caisse, requete.acteur)
    except BinomeErreur as erreur:
        for raison in raisons(erreur):
            messages.error(requete, raison)
    else:
        messages.success(requete, f"{nombre} médecins sans contrat repérés.")
    return redirect("caisse:prospection")


class Fichier(Formulaire):
    """A list of doctors."""

    fichier = ChampFichier(label="Liste de médecins (CSV, .xlsx ou .ods)")


@require_http_methods(["GET", "POST"])
@reserve(*import_medecins.IMPORTENT)
def importer(requete: Requete) -> HttpResponse:
    """Import a list of doctors, all or nothing."""

    def executer(donnees: dict[str, Any]) -> str:
        bilan = import_medecins.importer(requete.acteur.la_caisse, donnees["fichier"].read(), requete.acteur)
        return f"{bilan.crees} médecins créés, {bilan.modifies} mis à jour, {bilan.releves} relevés ajoutés."

    return formulaire(
        requete,
        Fichier(*envoi_et_fichiers(requete)),
        executer,
        titre="Importer une liste de médecins",
        rubrique="prospection",
        retour=reverse("caisse:prospection"),
        bouton="Importer",
        chapeau=f"Colonnes : {', '.join(import_medecins.COLONNES)}. Une seule ligne fautive et rien n'est importé.",
    )


class Planifier(Formulaire):
    """A visit to plan."""

    prevue_le = Jour(label="Visite prévue le")


@require_http_methods(["GET", "POST"])
@reserve(*DE_LA_CAISSE)
def fiche(requete: Requete, cle: int) -> HttpResponse:
    """A doctor to see: why they could sign, what is missing, the visits; POST plans one."""
    medecin = ouvrir(requete, Medecin, cle, lignes=Medecin.objects.select_related("reperage"))
    reperage = getattr(medecin, "reperage", None)

    def executer(donnees: dict[str, Any]) -> str:
        prospection.planifier(cle, requete.acteur, prevue_le=donnees["prevue_le"])
        return f"Visite à {medecin} prévue."

    return formulaire(
        requete,
        Planifier(envoi(requete)),
        executer,
        titre=f"{medecin}",
        rubrique="prospection",
        retour=reverse("caisse:prospect", args=[cle]),
        bouton="Prévoir la visite",
        modele="prospect",
        medecin=medecin,
        reperage=reperage,
        refus=[] if reperage is None else [conditions.pour_changer(nom) for nom in reperage.conditions_non_remplies],
        a_dire=[]
        if reperage is None
        else [conditions.a_demander_au_medecin(nom) for nom in reperage.conditions_indeterminees],
        visites=medecin.visites.select_related("delegue"),
        releve=medecin.releves.order_by("-date").first(),
        peut_ouvrir=requete.acteur.role in (Role.GESTIONNAIRE, Role.RESPONSABLE),
    )


class CompteRendu(Formulaire):
    """What came of a visit."""

    faite_le = Jour(label="Visite faite le")
    issue = forms.ChoiceField(label="Résultat", choices=[c for c in IssueVisite.choices if c[0] != IssueVisite.PREVUE])
    note = Texte(label="Note", required=False)


@require_http_methods(["GET", "POST"])
@reserve(*DE_LA_CAISSE)
def visite(requete: Requete, cle: int) -> HttpResponse:
    """Record a visit."""
    prevue = ouvrir(requete, Visite, cle, lignes=Visite.objects.select_related("medecin"))

    def executer(donnees: dict[str, Any]) -> str:
        prospection.rendre_compte(
            cle,
            requete.acteur,
            faite_le=donnees["faite_le"],
            issue=IssueVisite(donnees["issue"]),
            note=donnees["note"],
        )
        return f"Visite à {prevue.medecin} enregistrée."

    return formulaire(
        requete,
        CompteRendu(envoi(requete), initial={"faite_le": timezone.localdate()}),
        executer,
        titre=f"Visite à {prevue.medecin}",
        rubrique="prospection",
        retour=reverse("caisse:prospect", args=[prevue.medecin_id]),
    )
