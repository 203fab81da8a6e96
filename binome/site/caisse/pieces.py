"""Documents: received, opened, accepted or refused."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from binome.dossiers.echanges import apercus, pieces
from binome.dossiers.echanges.depot import aide
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Contrat, Piece
from binome.dossiers.nomenclatures import EtatPiece, NaturePiece, Role
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
    """Add a document to a file; an agent who adds it has seen it, but one that opens payments is seen by another."""
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
        dit = f"{piece.get_nature_display()} : pièce enregistrée."
        return dit if piece.etat == EtatPiece.ACCEPTEE else f"{dit} Un autre agent la contrôle."

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


@require_safe
@reserve(*AGENTS)
def apercu(requete: Requete, cle: int, page: int) -> HttpResponse:
    """A page of a document, drawn here: a browser never opens what a stranger sent."""
    piece = ouvrir(requete, Piece, cle)
    try:
        dessin = apercus.apercu(piece, page)
    except Refus as refus:
        return HttpResponse(str(refus), status=410, content_type="text/plain; charset=utf-8")
    reponse = HttpResponse(dessin.png, content_type="image/png")
    reponse.headers["Cache-Control"] = "private, no-store"
    return reponse


def pages_vues(piece: Piece | None) -> list[int]:
    """The pages of a document that can be shown, from 1; none when it cannot be drawn."""
    if piece is None or piece.effacee_le is not None:
        return []
    try:
        return list(range(1, min(apercus.apercu(piece).pages, apercus.PAGES) + 1))
    except Refus:
        return []


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
@reserve(*AGENTS)
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
        pages_vues=pages_vues(piece),
        soi_meme=not pieces.controle_a_deux(piece, requete.acteur),
    )
