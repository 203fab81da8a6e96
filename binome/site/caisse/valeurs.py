"""The operator's values: what is in force, what is missing, and a file brought after its differences were shown."""

from __future__ import annotations

import base64
from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from binome.dossiers.exploitation.valeurs import IMPORTENT, VOIENT, controler, importer, peut_importer
from binome.erreurs import BinomeErreur
from binome.simulation import EMPREINTE_COURTE, aujourd_hui, valeurs
from binome.site.caisse.pages import Fichier as ChampFichier
from binome.site.caisse.pages import Formulaire, envoi_et_fichiers, page, raisons
from binome.site.comptes.acces import Requete, reserve
from openfisca_assistants_medicaux.apports import VALEURS
from openfisca_assistants_medicaux.fichiers import Fichier
from openfisca_assistants_medicaux.valeurs.fichier import a_remplir

#: Largest file of values, in bytes: it goes with the page that shows its differences, and comes back.
TAILLE_MAXIMALE = 500_000
#: How long differences that were shown may be confirmed, in seconds.
DELAI = 3600
SEL = "valeurs de la caisse"


class FichierDeValeurs(Formulaire):
    """A file of values."""

    fichier = ChampFichier(label="Fichier de valeurs (YAML)")

    def clean_fichier(self) -> Fichier:
        """The file, as it will be kept."""
        envoye = self.cleaned_data["fichier"]
        if envoye.size > TAILLE_MAXIMALE:
            raise ValidationError(f"{envoye.size // 1000} ko : au plus {TAILLE_MAXIMALE // 1000} ko attendus")
        return Fichier(envoye.name, envoye.read())


@require_http_methods(["GET", "POST"])
@reserve(*VOIENT)
def liste(requete: Requete) -> HttpResponse:
    """The values in force; the differences that a file would make, when one is sent."""
    if requete.method == "POST" and not peut_importer(requete.acteur):
        raise PermissionDenied
    formulaire = FichierDeValeurs(*envoi_et_fichiers(requete))
    if requete.method == "POST" and formulaire.is_valid():
        try:
            return _apercu(requete, controler(formulaire.cleaned_data["fichier"]))
        except valeurs.FautesDeValeurs as erreur:
            _refuser(formulaire, erreur.fautes)
        except BinomeErreur as erreur:
            _refuser(formulaire, raisons(erreur))
    return _liste(requete, formulaire)


def _refuser(formulaire: forms.Form, fautes: list[str]) -> None:
    for faute in fautes:
        formulaire.add_error(None, faute)


def _liste(requete: Requete, formulaire: forms.Form) -> HttpResponse:
    lues = valeurs.en_vigueur()
    return page(
        requete,
        "valeurs",
        "valeurs",
        422 if formulaire.is_bound else 200,
        lues=lues,
        manques=valeurs.manques(lues, aujourd_hui()),
        versions=valeurs.versions(),
        formulaire=formulaire if peut_importer(requete.acteur) and valeurs.dossier() else None,
        dossier=valeurs.dossier(),
        variable=VALEURS,
        bouton="Voir les différences",
        multiple=True,
    )


def _apercu(requete: Requete, lues: valeurs.Lues) -> HttpResponse:
    ancien = valeurs.en_vigueur()
    jeton = {
        "nom": lues.fichier.nom,
        "contenu": base64.b64encode(lues.fichier.contenu).decode("ascii"),
        "apres": "" if ancien is None else ancien.fichier.empreinte,
    }
    return page(
        requete,
        "valeurs_apercu",
        "valeurs",
        lues=lues,
        ancien=ancien,
        ecarts=valeurs.differences(None if ancien is None else ancien.dites, lues.dites),
        jeton=signing.dumps(jeton, salt=SEL, compress=True),
    )


@require_POST
@reserve(*IMPORTENT)
def confirmer(requete: Requete) -> HttpResponse:
    """Put in force the file whose differences were shown."""
    if not peut_importer(requete.acteur):
        raise PermissionDenied
    try:
        jeton: dict[str, Any] = signing.loads(requete.POST.get("jeton", ""), salt=SEL, max_age=DELAI)
        fichier = Fichier(jeton["nom"], base64.b64decode(jeton["contenu"]))
        lues = importer(fichier, requete.acteur, apres=jeton["apres"])
    except signing.BadSignature:
        messages.error(requete, "Rien n'a été importé : l'aperçu est trop ancien, redonnez le fichier.")
    except BinomeErreur as erreur:
        messages.error(requete, f"Rien n'a été importé. {' ; '.join(raisons(erreur))}.")
    else:
        messages.success(requete, f"En vigueur : {lues.fichier.nom}. Tous les calculs du site l'emploient désormais.")
    return redirect("caisse:valeurs")


@require_safe
@reserve(*VOIENT)
def vide(requete: Requete) -> HttpResponse:
    """A file to fill in."""
    del requete
    return _fichier("valeurs-a-remplir.yaml", a_remplir().encode())


@require_safe
@reserve(*VOIENT)
def version(requete: Requete, empreinte: str) -> HttpResponse:
    """A version that is, or was, in force, as it was given."""
    del requete
    lues = valeurs.en_vigueur()
    connus = [v.fichier for v in valeurs.versions()] + ([] if lues is None else [lues.fichier])
    fichier = next((f for f in connus if f.empreinte == empreinte), None)
    if fichier is None:
        raise Http404
    return _fichier(f"valeurs-{empreinte[:EMPREINTE_COURTE]}.yaml", fichier.contenu)


def _fichier(nom: str, contenu: bytes) -> HttpResponse:
    reponse = HttpResponse(contenu, content_type="application/yaml; charset=utf-8")
    reponse["Content-Disposition"] = f'attachment; filename="{nom}"'
    return reponse
