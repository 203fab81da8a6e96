"""The demonstration fund, in an empty database."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from binome.dossiers.exploitation import demonstration
from binome.dossiers.models import Caisse


class Command(BaseCommand):
    """See the module."""

    help = "Peuple une base vide d'une caisse de démonstration, entièrement inventée"

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Live the history; say the accounts."""
        if Caisse.objects.exists():
            self.stdout.write("La base tient déjà une caisse : rien n'est ajouté.")
            return
        demonstration.peupler()
        self.stdout.write("Caisse de démonstration prête. Comptes (mot de passe : binome-demonstration) :")
        for nom in (*demonstration.COMPTES, "medecin"):
            self.stdout.write(f"  {nom}@demonstration.invalid")
