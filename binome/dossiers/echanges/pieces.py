"""Documents: content checked, kept in a private store outside what the site serves, under their own fingerprint."""

from __future__ import annotations

import datetime
import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from binome.dossiers.acteur import Acteur, reserver
from binome.dossiers.contrats.journal import consigner, tracer, verrouiller
from binome.dossiers.echanges.depot import verifier
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Contrat, Medecin, Piece, Structure
from binome.dossiers.nomenclatures import AGENTS, PIECES_CONTROLEES_A_DEUX, EtatPiece, Genre, NaturePiece
from binome.dossiers.quotas import prendre_place


def chemin_de(sha256: str) -> Path:
    """Where a content is kept."""
    return Path(settings.PIECES) / sha256[:2] / sha256


def deposer(
    nom: str,
    octets: bytes,
    nature: NaturePiece,
    acteur: Acteur,
    *,
    contrat: Contrat | None = None,
    medecin: Medecin | None = None,
    structure: Structure | None = None,
    acceptee: bool = False,
    quand: datetime.datetime | None = None,
) -> Piece:
    """Check and keep a document. Raises BinomeErreur when its content is refused; nothing is kept then.

    `acceptee`: whoever brings it has seen it. A document that opens payments waits for another agent all the same.
    """
    proprietaire = contrat or medecin or structure
    if proprietaire is None:
        raise Refus("pièce : un dossier, un médecin ou une structure est attendu")
    if acceptee and acteur.role not in AGENTS:
        raise Refus("pièce : seuls les agents de la caisse acceptent une pièce")
    acceptee = acceptee and nature not in PIECES_CONTROLEES_A_DEUX
    depose = verifier(nom, octets, settings.TAILLE_MAXIMALE_PIECE)
    with transaction.atomic():
        prendre_place(proprietaire.caisse_id, acteur, depose.taille, contrat_id=None if contrat is None else contrat.pk)
        # Kept before the row is written: a killed process leaves a content that nobody names (`contenus_orphelins`
        # removes it), never a name without content.
        _garder(depose.sha256, octets)
        quand = quand or timezone.now()
        piece = Piece.objects.create(
            caisse_id=proprietaire.caisse_id,
            contrat=contrat,
            medecin=medecin,
            structure=structure,
            nature=nature,
            etat=EtatPiece.ACCEPTEE if acceptee else EtatPiece.RECUE,
            nom=depose.nom,
            type_mime=depose.type_mime,
            taille=depose.taille,
            sha256=depose.sha256,
            deposee_le=quand,
            deposee_par=acteur.utilisateur,
            controlee_le=quand if acceptee else None,
            controlee_par=acteur.utilisateur if acceptee else None,
        )
        if contrat is not None:
            verrou = verrouiller(contrat.pk)
            consigner(
                verrou,
                Genre.PIECE,
                acteur,
                date_effet=timezone.localdate(quand),
                donnees={"nature": nature.value, "etat": piece.etat, "sha256": piece.sha256},
                piece=piece,
                quand=quand,
            )
        else:
            tracer(acteur, "deposer", piece, quand=quand)
        return piece


@transaction.atomic
def controler(
    piece_id: int, acteur: Acteur, *, acceptee: bool, motif: str = "", quand: datetime.datetime | None = None
) -> Piece:
    """Accept or refuse a document. Raises Refus."""
    piece = Piece.objects.select_for_update(of=("self",)).get(pk=piece_id)
    reserver(acteur, piece.caisse_id, AGENTS, "contrôle d'une pièce")
    if piece.etat != EtatPiece.RECUE:
        raise Refus(f"pièce « {piece.get_etat_display().lower()} » : déjà contrôlée")
    if not controle_a_deux(piece, acteur):
        raise Refus(f"{piece.get_nature_display()} : contrôlé par un autre agent que celui qui l'a déposé")
    if not acceptee and not motif.strip():
        raise Refus("motif : attendu pour refuser une pièce")
    quand = quand or timezone.now()
    piece.etat = EtatPiece.ACCEPTEE if acceptee else EtatPiece.REFUSEE
    piece.motif_refus = "" if acceptee else motif[:300]
    piece.controlee_le, piece.controlee_par = quand, acteur.utilisateur
    piece.save(update_fields=["etat", "motif_refus", "controlee_le", "controlee_par"])
    if piece.contrat_id is not None:
        consigner(
            verrouiller(piece.contrat_id),
            Genre.PIECE if acceptee else Genre.PIECE_REFUSEE,
            acteur,
            date_effet=timezone.localdate(quand),
            donnees={"nature": piece.nature, "etat": piece.etat},
            motif=motif,
            piece=piece,
            quand=quand,
        )
    else:
        tracer(acteur, "controler", piece, quand=quand)
    return piece


def controle_a_deux(piece: Piece, acteur: Acteur) -> bool:
    """False for whoever brought a document that opens payments: another agent looks at it."""
    return not piece.a_deux or (acteur.utilisateur is not None and acteur.utilisateur.pk != piece.deposee_par_id)


def contenu(piece: Piece) -> bytes:
    """Content of a document. Raises Refus when it was erased at the end of its keeping, or is lost."""
    if piece.effacee_le is not None:
        raise Refus(f"pièce effacée le {piece.effacee_le:%d/%m/%Y}, au terme de sa conservation")
    try:
        octets = chemin_de(piece.sha256).read_bytes()
    except FileNotFoundError as erreur:
        raise Refus("pièce : contenu introuvable dans le dépôt ; restaurez-le d'une sauvegarde") from erreur
    if hashlib.sha256(octets).hexdigest() != piece.sha256:
        raise Refus("pièce : le contenu du dépôt n'est plus celui qui a été reçu")
    return octets


def effacer(piece: Piece, *, quand: datetime.datetime) -> None:
    """Erase a content at the end of its keeping, unless another document has the same."""
    piece.effacee_le = quand
    piece.save(update_fields=["effacee_le"])
    if not Piece.objects.filter(sha256=piece.sha256, effacee_le=None).exists():
        chemin_de(piece.sha256).unlink(missing_ok=True)


def _garder(sha256: str, octets: bytes) -> None:
    """Write the content whole or not at all, readable by this account only."""
    chemin = chemin_de(sha256)
    if chemin.exists():
        return
    chemin.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descripteur, provisoire = tempfile.mkstemp(dir=chemin.parent, prefix=".depot-")
    try:
        with os.fdopen(descripteur, "wb") as fichier:
            fichier.write(octets)
            fichier.flush()
            os.fsync(fichier.fileno())
        Path(provisoire).replace(chemin)
    finally:
        Path(provisoire).unlink(missing_ok=True)
