"""Envoie les courriels en attente."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from binome.dossiers import courriers


class Command(BaseCommand):
    """See the module."""

    help = "Envoie les courriels en attente"

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Do it, and say how many."""
        resultat = courriers.vider_la_boite()
        self.stdout.write(f"{resultat[0]} envoyés, {resultat[1]} en échec")
