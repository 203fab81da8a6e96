"""The demonstration fund, in an empty database of one's own machine."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from binome.dossiers.exploitation import demonstration
from binome.dossiers.models import Caisse

#: Hosts that only one's own machine answers to.
LOCAUX = {"localhost", "127.0.0.1", "[::1]", "testserver"}


class Command(BaseCommand):
    """See the module."""

    help = "Peuple une base vide d'une caisse de démonstration, entièrement inventée ; jamais en production"

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Live the history; say the accounts. Their password is public: refused where others may come."""
        ailleurs = sorted(set(settings.ALLOWED_HOSTS) - LOCAUX)
        if settings.HTTPS or ailleurs:
            pourquoi = "BINOME_HTTPS=oui" if settings.HTTPS else f"BINOME_HOTES={','.join(ailleurs)}"
            raise CommandError(
                f"{pourquoi} : la démonstration ouvre des comptes au mot de passe public, dont un administrateur ; "
                "BINOME_HTTPS=non et un hôte de sa propre machine sont attendus (« make run »)",
                returncode=2,
            )
        if Caisse.objects.exists():
            self.stdout.write("La base tient déjà une caisse : rien n'est ajouté.")
            return
        demonstration.peupler()
        self.stdout.write("Caisse de démonstration prête. Comptes (mot de passe : binome-demonstration) :")
        for nom in (*demonstration.COMPTES, "medecin"):
            self.stdout.write(f"  {nom}@demonstration.invalid")
