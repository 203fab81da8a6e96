"""What every page of the fund shares: its frame, its lists cut into pages, its forms."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from binome.dossiers.echanges import comptes
from binome.dossiers.erreurs import Refus
from binome.dossiers.exploitation.valeurs import VOIENT
from binome.dossiers.models import Consultation
from binome.dossiers.nomenclatures import Role
from binome.erreurs import BinomeErreur
from binome.simulation import SituationInvalide
from binome.site.comptes.acces import AGENTS, DE_LA_CAISSE, Requete
from binome.site.socle import antivirus
from binome.site.socle.disque import malgre_un_disque_plein

PAR_PAGE = 50

#: Headings of the fund's pages: code, label, view, roles.
RUBRIQUES = (
    ("journee", "Ma journée", "caisse:journee", AGENTS),
    ("contrats", "Dossiers", "caisse:contrats", AGENTS),
    ("medecins", "Médecins", "caisse:medecins", AGENTS),
    ("releves", "Relevés", "caisse:releves", AGENTS),
    ("versements", "Versements", "caisse:versements", AGENTS),
    ("courriers", "Courriers", "caisse:courriers", AGENTS),
    ("prospection", "Démarchage", "caisse:prospection", DE_LA_CAISSE),
    ("tableau_de_bord", "Tableau de bord", "caisse:tableau_de_bord", AGENTS),
    ("national", "Tableau national", "caisse:national", (Role.PILOTAGE,)),
    ("valeurs", "Valeurs", "caisse:valeurs", VOIENT),
    ("administration", "Administration", "admin:index", (Role.ADMINISTRATEUR,)),
    ("registre", "Registre", "caisse:registre", (Role.RESPONSABLE,)),
)


def page(requete: Requete, modele: str, rubrique: str, code_http: int = 200, **contexte: Any) -> HttpResponse:
    """A page of the fund."""
    visibles = [
        {"code": code, "libelle": libelle, "vue": vue}
        for code, libelle, vue, roles in RUBRIQUES
        if requete.acteur.role in roles
    ]
    if "tranche" in contexte:
        # A list names people too.
        consigner_lecture(requete, modele)
    cadre = {
        "rubriques": visibles,
        "rubrique_caisse": rubrique,
        "rubrique": "espace",
        "acteur": requete.acteur,
        "peut_gerer": requete.acteur.est(Role.GESTIONNAIRE, Role.RESPONSABLE),
        "examine_les_comptes": requete.acteur.est(*comptes.VALIDENT),
        "cherche_partout": requete.acteur.est(*AGENTS),
    }
    return render(requete, f"caisse/{modele}.html", {**cadre, **contexte}, status=code_http)


def consigner_lecture(requete: Requete, liste: str) -> None:
    """Log that a list of named rows was read: in the database or, where the disk is full, on the standard error."""
    acteur = requete.acteur
    dit = {"role": acteur.role, "caisse_id": acteur.caisse_id, "action": "lister", "objet": liste}
    with malgre_un_disque_plein(requete, f"lister {liste}", compte=requete.user.pk, **dit):
        Consultation.objects.create(utilisateur=acteur.utilisateur, **dit)


def tranche(requete: HttpRequest, lignes: QuerySet[Any], par_page: int = PAR_PAGE) -> Page[Any]:
    """The page of a list that the address asks for; the first or the last one when there is no such page."""
    return Paginator(lignes, par_page).get_page(requete.GET.get("page"))


def envoi(requete: HttpRequest) -> QueryDict | None:
    """What was sent, were it empty; None when nothing was."""
    return requete.POST if requete.method == "POST" else None


def envoi_et_fichiers(requete: HttpRequest) -> tuple[Any, Any]:
    """The same, with the files."""
    return (requete.POST, requete.FILES) if requete.method == "POST" else (None, None)


def lire(lecteur: Callable[[str], object], texte: str) -> str:
    """A number that names something, read by its own rule. Raises ValidationError, in its words."""
    try:
        return str(lecteur(texte))
    except BinomeErreur as erreur:
        raise ValidationError(str(erreur)) from erreur


class Formulaire(forms.Form):
    """A form drawn by our components; « date », « fichier » and others are what the browser knows."""

    required_css_class = "requis"


class Fichier(forms.FileField):
    """A file, refused by its size before it is read, then looked at by the antivirus if there is one."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The file, of a size that can be read whole."""
        fichier = super().clean(data, initial)
        if fichier is not None and fichier.size > settings.TAILLE_MAXIMALE_FICHIER:
            maximum = settings.TAILLE_MAXIMALE_FICHIER / 1_000_000
            raise ValidationError(f"{fichier.size / 1_000_000:.1f} Mo : au plus {maximum:g} Mo attendus")
        if fichier is not None:
            antivirus.examiner(fichier.name, fichier)
        return fichier


class Texte(forms.CharField):
    """A written reason."""

    def __init__(self, **champs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 4}), max_length=2000, **champs)


def raisons(erreur: BinomeErreur) -> list[str]:
    """Why something was refused, a sentence each."""
    if isinstance(erreur, Refus):
        return list(erreur.raisons)
    if isinstance(erreur, SituationInvalide):
        return [str(faute) for faute in erreur.fautes]
    return [str(erreur)]


def formulaire(
    requete: Requete,
    formulaire: forms.BaseForm,
    executer: Callable[[dict[str, Any]], str],
    *,
    titre: str,
    rubrique: str,
    retour: str,
    bouton: str = "Enregistrer",
    chapeau: str = "",
    aides: Iterable[str] = (),
    modele: str = "formulaire",
    **contexte: Any,
) -> HttpResponse:
    """Show a form, and do what it asks; `executer` returns what to say then. A refusal changes nothing: 422."""
    code_http = 200
    if requete.method == "POST":
        if formulaire.is_valid():
            try:
                dit = executer(formulaire.cleaned_data)
            except BinomeErreur as erreur:
                for raison in raisons(erreur):
                    formulaire.add_error(None, raison)
            else:
                messages.success(requete, dit)
                return redirect(retour)
        code_http = 422
    return page(
        requete,
        modele,
        rubrique,
        code_http,
        formulaire=formulaire,
        titre=titre,
        retour=retour,
        bouton=bouton,
        chapeau=chapeau,
        aides=list(aides),
        multiple=formulaire.is_multipart(),
        **contexte,
    )
