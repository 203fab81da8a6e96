"""Statements: the fund's imports, previewed then applied whole."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from binome.dossiers.faits import NOMBRES
from binome.dossiers.models import ImportReleves, Medecin, Releve
from binome.dossiers.patientele import import_releves
from binome.dossiers.patientele import releves as saisies
from binome.erreurs import BinomeErreur
from binome.site.caisse.pages import Fichier as ChampFichier
from binome.site.caisse.pages import Formulaire, Texte, envoi, envoi_et_fichiers, formulaire, page, raisons, tranche
from binome.site.comptes.acces import AGENTS, Requete, ouvrir, reserve
from binome.site.socle.saisies import LONGUEUR, Jour


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


class Nombres(Formulaire):
    """The numbers of one statement, read as a line of an import."""

    def __init__(self, *args: Any, **champs: Any) -> None:
        super().__init__(*args, **champs)
        for nom in NOMBRES:
            self.fields[nom] = forms.CharField(
                label=saisies.libelle(nom).capitalize(),
                required=False,
                max_length=LONGUEUR,
                widget=forms.TextInput({"inputmode": "numeric", "class": "court", "autocomplete": "off"}),
            )


class Saisie(Nombres):
    """A statement that no file brought."""

    date = Jour(label="Date du relevé")


class Correction(Nombres):
    """What a statement says really, and why it was wrong."""

    motif = Texte(label="Motif", help_text="Ce qui était faux, et d'où vient le nombre juste")

    field_order = (*NOMBRES, "motif")


def _dits(donnees: dict[str, Any]) -> dict[str, str]:
    return {nom: donnees[nom].strip() for nom in NOMBRES}


@require_http_methods(["GET", "POST"])
@reserve(*saisies.TIENNENT)
def saisir(requete: Requete, cle: int) -> HttpResponse:
    """Enter one statement of one doctor."""
    medecin = ouvrir(requete, Medecin, cle)

    def executer(donnees: dict[str, Any]) -> str:
        saisies.saisir(medecin, requete.acteur, date=donnees["date"].isoformat(), nombres=_dits(donnees))
        return "Relevé enregistré."

    return formulaire(
        requete,
        Saisie(envoi(requete)),
        executer,
        titre=f"Saisir un relevé — {medecin}",
        rubrique="medecins",
        retour=reverse("caisse:medecin", args=[cle]),
    )


@require_http_methods(["GET", "POST"])
@reserve(*saisies.TIENNENT)
def corriger(requete: Requete, cle: int) -> HttpResponse:
    """Correct one statement: the former one is kept."""
    releve = ouvrir(requete, Releve, cle, lignes=Releve.objects.select_related("medecin"))
    connus = {nom: getattr(releve, nom) for nom in NOMBRES}

    def executer(donnees: dict[str, Any]) -> str:
        saisies.corriger(releve.pk, requete.acteur, nombres=_dits(donnees), motif=donnees["motif"])
        return "Relevé corrigé : l'ancien est gardé, les évaluations qui s'appuyaient sur lui sont à refaire."

    return formulaire(
        requete,
        Correction(envoi(requete), initial=connus),
        executer,
        titre=f"Corriger le relevé du {releve.date:%d/%m/%Y} — {releve.medecin}",
        rubrique="medecins",
        retour=reverse("caisse:medecin", args=[releve.medecin_id]),
        chapeau="Les nombres d'avant sont gardés. Les évaluations décidées sur eux reviennent dans « Ma journée ».",
    )
