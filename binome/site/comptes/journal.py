"""The journal of the door: one place where it is written, and its keeping period."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.core.cache import cache
from django.db import ProgrammingError, transaction
from django.http import HttpRequest
from django.utils import timezone

from binome.dossiers import garde_fous
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Utilisateur
from binome.site.comptes.essais import empreinte
from binome.site.comptes.models import Connexion
from binome.site.socle.client import adresse_de

Quoi = Connexion.Quoi
#: Seconds for which one wait is written once, however many tries were refused.
UNE_ATTENTE = 300


def noter(
    quoi: Quoi,
    requete: HttpRequest | None,
    utilisateur: Utilisateur | None = None,
    *,
    auteur: Utilisateur | None = None,
    courriel: str = "",
    moyen: str = "",
    detail: str = "",
) -> None:
    """Write what happened. `courriel` is what was typed: an account, or the trace of one that does not exist.

    `auteur` is who did it, where the account's owner did not.
    """
    if utilisateur is None and courriel:
        utilisateur = Utilisateur.objects.filter(email=courriel.strip().lower()).first()
    Connexion.objects.create(
        quoi=quoi,
        utilisateur=utilisateur,
        auteur=auteur,
        inconnu=empreinte(courriel) if courriel and utilisateur is None else "",
        client=None if requete is None else adresse_de(requete),
        navigateur="" if requete is None else requete.headers.get("User-Agent", "")[:200].replace("\x00", ""),
        moyen=moyen,
        detail=detail[:200],
    )


def noter_attente(requete: HttpRequest, courriel: str) -> None:
    """Write that somebody waits: once for each account and client, whatever the number of tries."""
    if cache.add(f"attente:{empreinte(courriel)}:{adresse_de(requete)}", 1, UNE_ATTENTE):
        noter(Quoi.ATTENTE, requete, courriel=courriel)


def purger() -> int:
    """Erase what is older than the keeping period. How many rows. Raises Refus of a role that may not erase."""
    jours = max(settings.GARDE_DU_JOURNAL, garde_fous.GARDE_DU_JOURNAL)
    vieilles = Connexion.objects.filter(quand__lt=timezone.now() - datetime.timedelta(days=jours))
    try:
        with transaction.atomic():
            return int(vieilles.delete()[0])
    except ProgrammingError as erreur:
        raise Refus(
            "journal des connexions : seul le propriétaire des tables l'efface (docs/exploitation.md)"
        ) from erreur
