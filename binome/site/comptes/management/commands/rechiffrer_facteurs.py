"""Encrypts the second factors with the key of today, after it changed."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from binome.site.comptes import facteurs


class Command(BaseCommand):
    """See the module."""

    help = "Chiffre les seconds facteurs avec la clé d'aujourd'hui ; ensuite l'ancienne clé peut être retirée"

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Do it, and say how many."""
        faits, illisibles = facteurs.rechiffrer()
        self.stdout.write(f"{faits} secret(s) chiffré(s) avec la clé d'aujourd'hui")
        if illisibles:
            raise CommandError(
                f"{illisibles} secret(s) illisible(s) : leur clé est attendue dans BINOME_CLES_ANCIENNES ou _FACTEURS",
                returncode=2,
            )
