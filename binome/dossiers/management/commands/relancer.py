"""Écrit les rappels d'échéance du jour."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from binome.dossiers.echanges import rappels
from binome.dossiers.management.discrete import Discrete


class Command(Discrete):
    """See the module."""

    help = "Écrit les rappels d'échéance du jour"

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Do it, and say how many."""
        resultat = rappels.relancer(timezone.localdate())
        self.dire(f"{resultat} rappels écrits")
