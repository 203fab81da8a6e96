"""Documents: received, opened, accepted or refused."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from binome.dossiers.echanges import pieces
from binome.dossiers.echanges.depot import aide
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Contrat, Piece
from binome.dossiers.nomenclatures import NaturePiece, Role
from binome.site.caisse.pages import Fichier as ChampFichier
from binome.site.caisse.pages import Formulaire, envoi, envoi_et_fichiers, formulaire
from binome.site.comptes.acces import AGENTS, Requete, ouvrir, reserve


class Depot(Formulaire):
    """A document to keep."""

    nature = forms.ChoiceField(label="Nature", choices=NaturePiece.choices)
    fichier = ChampFichier(label="Fichier", help_text=aide(settings.TAILLE_MAXIMALE_PIECE))


@require_http_methods(["GET", "POST"])
@reserve(Role.GESTIONNAIRE, Role.RESPONSABLE)
def deposer(requete: Requete, cle: int) -> HttpResponse:
    """Add a document to a file; an agent who adds it has seen it."""
    contrat = ouvrir(requete, Contrat, cle)

    def executer(donnees: dict[str, Any]) -> str:
        fichier = donnees["fichier"]
        piece = pieces.deposer(
            fichier.name,
            fichier.read(),
            NaturePiece(donnees["nature"]),
            requete.acteur,
            contrat=contrat,
            acceptee=True,
        )
        return f"{piece.get_nature_display()} : pièce enregistrée."

    return formulaire(
        requete,
        Depot(*envoi_et_fichiers(requete)),
        executer,
        titre=f"Ajouter une pièce — {contrat.numero}",
        rubrique="contrats",
        retour=reverse("caisse:contrat", args=[cle]),
    )


@require_safe
@reserve(*AGENTS)
def telecharger(requete: Requete, cle: int) -> HttpResponse:
    """The content of a document, never run by the browser."""
    return reponse_piece(ouvrir(requete, Piece, cle, action="telecharger"))


def reponse_piece(piece: Piece) -> HttpResponse:
    """A document as a download."""
    try:
        octets = pieces.contenu(piece)
    except Refus as refus:
        return HttpResponse(str(refus), status=410, content_type="text/plain; charset=utf-8")
    reponse = HttpResponse(octets, content_type=piece.type_mime)
    reponse.headers["Content-Disposition"] = f'attachment; filename="piece-{piece.pk}.{_extension(piece)}"'
    reponse.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return reponse


def _extension(piece: Piece) -> str:
    return {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}[piece.type_mime]


class Controle(Formulaire):
    """Accepted or not."""

    decision = forms.ChoiceField(
        label="Décision", choices=[("acceptee", "Accepter"), ("refusee", "Refuser")], widget=forms.RadioSelect
    )
    motif = forms.CharField(label="Motif du refus", max_length=300, required=False)


@require_http_methods(["GET", "POST"])
@reserve(Role.GESTIONNAIRE, Role.RESPONSABLE)
def controler(requete: Requete, cle: int) -> HttpResponse:
    """Accept or refuse a received document."""
    piece = ouvrir(requete, Piece, cle)

    def executer(donnees: dict[str, Any]) -> str:
        acceptee = donnees["decision"] == "acceptee"
        pieces.controler(piece.pk, requete.acteur, acceptee=acceptee, motif=donnees["motif"])
        return f"{piece.get_nature_display()} : pièce {'acceptée' if acceptee else 'refusée'}."

    retour = reverse("caisse:contrat", args=[piece.contrat_id]) if piece.contrat_id else reverse("caisse:journee")
    return formulaire(
        requete,
        Controle(envoi(requete)),
        executer,
        titre=f"Contrôler la pièce « {piece.get_nature_display()} »",
        rubrique="journee",
        retour=retour,
        modele="controle_piece",
        piece=piece,
    )
