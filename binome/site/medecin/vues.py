"""My contract, my objective, my deadlines, my documents, what I was paid and why."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from binome.dossiers.contrats.journal import etat_de
from binome.dossiers.echanges import pieces
from binome.dossiers.echanges.depot import aide
from binome.dossiers.exploitation import donnees_personnelles
from binome.dossiers.models import Contrat, Courrier, Medecin, Piece
from binome.dossiers.nomenclatures import SIGNES, NaturePiece
from binome.dossiers.paiements.dus import droits
from binome.dossiers.paiements.grand_livre import solde
from binome.dossiers.paiements.recouvrement import recouvrement_de
from binome.erreurs import BinomeErreur
from binome.site.caisse.contrats import reponse_calendrier, titulaires
from binome.site.caisse.courriers import en_pdf
from binome.site.caisse.medecins import objectifs_de, reponse_graphique
from binome.site.caisse.pages import Fichier as ChampFichier
from binome.site.caisse.pages import Formulaire, raisons
from binome.site.caisse.pieces import reponse_piece
from binome.site.comptes.acces import Requete, Role, noter_lecture, ouvrir, reserve


def _page(requete: Requete, modele: str, statut: int = 200, **contexte: Any) -> HttpResponse:
    return render(requete, f"medecin/{modele}.html", {"rubrique": "espace", **contexte}, status=statut)


def _moi(requete: Requete) -> Medecin:
    assert requete.acteur.medecin_id is not None  # noqa: S101 - proved by the constraint « affectation_portee »
    return ouvrir(requete, Medecin, requete.acteur.medecin_id)


@require_safe
@reserve(Role.MEDECIN)
def accueil(requete: Requete) -> HttpResponse:
    """My contracts; the only one at once."""
    medecin = _moi(requete)
    contrats = list(titulaires(Contrat.objects.visibles(requete.acteur)).order_by("-date_signature", "-pk"))
    return _page(requete, "accueil", medecin=medecin, contrats=contrats)


@require_safe
@reserve(Role.MEDECIN)
def contrat(requete: Requete, cle: int) -> HttpResponse:
    """My contract."""
    ouvert = ouvrir(requete, Contrat, cle, lignes=titulaires(Contrat.objects.all()))
    return _page(requete, "contrat", **_de_mon_contrat(requete, ouvert, Depot()))


def _de_mon_contrat(requete: Requete, ouvert: Contrat, depot: forms.Form) -> dict[str, Any]:
    etat, jour = etat_de(ouvert), timezone.localdate()
    medecin = Medecin.objects.get(pk=requete.acteur.medecin_id or 0)
    # A society's payments are the society's: a member sees the contract, not its ledger.
    le_mien = ouvert.medecin_id == medecin.pk
    dernier = medecin.releves.order_by("-date").first()
    return {
        "contrat": ouvert,
        "medecin": medecin,
        "signe": ouvert.statut in SIGNES,
        "annees": next(droits([etat], max(jour, etat.date_signature))).annees if le_mien else (),
        "objectifs": [
            {
                **o,
                "constate": None
                if dernier is None
                else dernier.nombre(o["indicateur"], adultes_seuls=etat.verdict.get("adultes_seuls", False)),
            }
            for o in objectifs_de(medecin)
        ]
        if le_mien
        else etat.verdict.get("objectifs", []),
        "dernier": dernier,
        "le_mien": le_mien,
        "ecritures": ouvert.ecritures.filter(compte="aide").order_by("-pk") if le_mien else [],
        "solde": solde(ouvert) if le_mien else None,
        "recouvrement": recouvrement_de(ouvert) if le_mien else None,
        "echeances": ouvert.echeances.all(),
        "pieces": Piece.objects.visibles(requete.acteur).filter(contrat=ouvert),
        "courriers": Courrier.objects.visibles(requete.acteur).filter(contrat=ouvert).defer("pdf", "contenu"),
        "evaluations": ouvert.evaluations.order_by("annee", "version"),
        "jour": jour,
        "formulaire": depot,
    }


@require_safe
@reserve(Role.MEDECIN)
def calendrier_ics(requete: Requete, cle: int) -> HttpResponse:
    """My deadlines, for my calendar."""
    return reponse_calendrier(ouvrir(requete, Contrat, cle, lignes=titulaires(Contrat.objects.all())))


class Depot(Formulaire):
    """A document to send."""

    nature = forms.ChoiceField(label="Nature", choices=NaturePiece.choices)
    fichier = ChampFichier(label="Fichier", help_text=aide(settings.TAILLE_MAXIMALE_PIECE))


@require_http_methods(["POST"])
@reserve(Role.MEDECIN)
def deposer(requete: Requete, cle: int) -> HttpResponse:
    """Send a document to the fund."""
    ouvert = ouvrir(requete, Contrat, cle, lignes=titulaires(Contrat.objects.all()))
    fait = Depot(requete.POST, requete.FILES)
    if fait.is_valid():
        fichier = fait.cleaned_data["fichier"]
        try:
            pieces.deposer(
                fichier.name,
                fichier.read(),
                NaturePiece(fait.cleaned_data["nature"]),
                requete.acteur,
                contrat=ouvert,
                medecin=_moi(requete),
            )
        except BinomeErreur as erreur:
            for raison in raisons(erreur):
                fait.add_error(None, raison)
        else:
            messages.success(requete, "Pièce envoyée : votre caisse va la contrôler.")
            return redirect("medecin:contrat", cle)
    return _page(requete, "contrat", 422, **_de_mon_contrat(requete, ouvert, fait))


@require_safe
@reserve(Role.MEDECIN)
def piece(requete: Requete, cle: int) -> HttpResponse:
    """One of my documents."""
    return reponse_piece(ouvrir(requete, Piece, cle, action="telecharger"))


@require_safe
@reserve(Role.MEDECIN)
def courrier(requete: Requete, cle: int) -> HttpResponse:
    """A letter that I was sent."""
    return en_pdf(bytes(ouvrir(requete, Courrier, cle, action="telecharger").pdf), f"courrier-{cle}")


@require_safe
@reserve(Role.MEDECIN)
def graphique(requete: Requete) -> HttpResponse:
    """My statements against my objective, as a drawing."""
    return reponse_graphique(_moi(requete))


@require_safe
@reserve(Role.MEDECIN)
def mes_donnees(requete: Requete) -> HttpResponse:
    """Everything the fund keeps about me."""
    medecin = _moi(requete)
    noter_lecture(requete, "exporter_mes_donnees", medecin)
    reponse = JsonResponse(
        donnees_personnelles.exporter(medecin), json_dumps_params={"ensure_ascii": False, "indent": 2}
    )
    reponse["Content-Disposition"] = 'attachment; filename="mes-donnees-binome.json"'
    return reponse
