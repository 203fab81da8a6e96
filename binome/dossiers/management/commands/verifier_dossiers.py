"""Every file checked against its events, every payment done again."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from binome.dossiers.contrats.journal import etat_de, reconstruire
from binome.dossiers.models import CalculConserve, Contrat
from binome.dossiers.paiements.grand_livre import rejouer


class Command(BaseCommand):
    """See the module."""

    help = "Reconstruit chaque dossier de ses événements et rejoue chaque versement"

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Say what differs; fail when something does."""
        fautes = 0
        for contrat in Contrat.objects.order_by("pk").iterator():
            if reconstruire(contrat) != etat_de(contrat):
                fautes += 1
                self.stdout.write(f"dossier {contrat.numero} : l'état n'est pas celui de ses événements")
        calculs = changes = 0
        for calcul in CalculConserve.objects.order_by("pk").iterator():
            rejeu, calculs = rejouer(calcul), calculs + 1
            if rejeu.valeurs_perdues or (not rejeu.identique and rejeu.memes_regles):
                fautes += 1
                self.stdout.write(f"calcul {calcul.pk} : {rejeu.phrase}")
            changes += not rejeu.memes_regles
        self.stdout.write(
            f"{Contrat.objects.count()} dossiers, {calculs} calculs ({changes} sous d'autres règles), {fautes} faute(s)"
        )
        if fautes:
            raise CommandError(f"{fautes} faute(s)", returncode=1)
