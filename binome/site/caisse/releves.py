"""Statements: the fund's imports, previewed then applied whole."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from binome.dossiers.models import ImportReleves
from binome.dossiers.patientele import import_releves
from binome.erreurs import BinomeErreur
from binome.site.caisse.pages import Fichier as ChampFichier
from binome.site.caisse.pages import Formulaire, envoi_et_fichiers, formulaire, page, raisons, tranche
from binome.site.comptes.acces import AGENTS, Requete, ouvrir, reserve


class Fichier(Formulaire):
    """A file of statements."""

    fichier = ChampFichier(label="Fichier (CSV, .xlsx ou .ods)")


@require_http_methods(["GET", "POST"])
@reserve(*AGENTS)
def liste(requete: Requete) -> HttpResponse:
    """The imports of the fund, and a new one."""
    faits: list[ImportReleves] = []

    def executer(donnees: dict[str, Any]) -> str:
        fichier, caisse = donnees["fichier"], requete.acteur.la_caisse
        faits.append(import_releves.apercevoir(caisse, fichier.name, fichier.read(), requete.acteur))
        return "Fichier lu : rien n'est encore appliqué."

    imports = ImportReleves.objects.visibles(requete.acteur).defer("octets").select_related("auteur")
    reponse = formulaire(
        requete,
        Fichier(*envoi_et_fichiers(requete)),
        executer,
        titre="Relevés de patientèle",
        rubrique="releves",
        retour=reverse("caisse:releves"),
        bouton="Lire le fichier",
        modele="releves",
        tranche=tranche(requete, imports),
        colonnes=import_releves.COLONNES,
    )
    if faits:
        reponse["Location"] = reverse("caisse:import_releves", args=[faits[0].pk])
    return reponse


@require_safe
@reserve(*AGENTS)
def apercu(requete: Requete, cle: int) -> HttpResponse:
    """What a file would do, and its bad lines."""
    importe = ouvrir(requete, ImportReleves, cle, lignes=ImportReleves.objects.defer("octets"))
    return page(
        requete,
        "import_releves",
        "releves",
        importe=importe,
        bilan=importe.bilan,
        peut_appliquer=importe.statut == ImportReleves.Statut.APERCU
        and requete.acteur.role in import_releves.IMPORTENT,
    )


@require_POST
@reserve(*import_releves.IMPORTENT)
def appliquer(requete: Requete, cle: int) -> HttpResponse:
    """Apply a previewed file."""
    ouvrir(requete, ImportReleves, cle)
    try:
        ajoutes = import_releves.appliquer(cle, requete.acteur)
    except BinomeErreur as erreur:
        for raison in raisons(erreur):
            messages.error(requete, raison)
    else:
        messages.success(requete, f"{ajoutes} relevés ajoutés.")
    return redirect("caisse:import_releves", cle)
