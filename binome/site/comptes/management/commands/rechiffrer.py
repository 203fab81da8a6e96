"""Encrypts with the key of today, after it changed, what the database keeps encrypted: factors, mails that wait."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError

from binome.dossiers.echanges import boite_d_envoi
from binome.dossiers.management.discrete import Discrete
from binome.site.comptes import facteurs


class Command(Discrete):
    """See the module."""

    help = "Chiffre seconds facteurs et courriels en attente avec la clé du jour ; l'ancienne peut ensuite être retirée"

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Do it, and say how many."""
        secrets, perdus = facteurs.rechiffrer()
        plis, egares = boite_d_envoi.rechiffrer()
        self.dire(f"{secrets} secret(s) et {plis} courriel(s) chiffrés avec la clé d'aujourd'hui")
        illisibles = perdus + egares
        if illisibles:
            raise CommandError(
                f"{illisibles} secret(s) ou courriel(s) illisible(s) : "
                "leur clé est attendue dans BINOME_CLES_ANCIENNES ou _FACTEURS",
                returncode=2,
            )
