"""Envoie les courriels en attente."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError

from binome.dossiers.echanges import boite_d_envoi
from binome.dossiers.erreurs import Refus
from binome.dossiers.management.discrete import Discrete


class Command(Discrete):
    """See the module."""

    help = "Envoie les courriels en attente"

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Do it, and say how many; 1 when the server could not be reached."""
        try:
            resultat = boite_d_envoi.vider_la_boite()
        except Refus as refus:
            raise CommandError(str(refus), returncode=2) from refus
        self.dire(
            f"{resultat.partis} envoyés, {resultat.echecs} en échec (repris plus tard), {resultat.abandons} abandonnés"
        )
        if resultat.injoignable:
            raise CommandError("le serveur de courriels (EMAIL_URL) ne répond pas : les autres attendent")
