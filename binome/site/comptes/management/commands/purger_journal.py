"""Erases the journal of log-ins beyond its keeping period: as the owner of the tables, on PostgreSQL."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError

from binome.dossiers.erreurs import Refus
from binome.dossiers.management.discrete import Discrete
from binome.site.comptes import journal


class Command(Discrete):
    """See the module."""

    help = "Efface le journal des connexions au-delà de sa garde ; sur PostgreSQL, avec le propriétaire des tables"

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Do it, and say how many."""
        try:
            effacees = journal.purger()
        except Refus as refus:
            raise CommandError(str(refus), returncode=2) from refus
        self.dire(f"{effacees} ligne(s) de journal effacée(s)")
