"""Erasure of what names people, at the end of its keeping."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from binome.dossiers.exploitation import donnees_personnelles


class Command(BaseCommand):
    """See the module."""

    help = "Anonymise les médecins dont la conservation est échue (--faire ; sans, les dit seulement)"

    def add_arguments(self, parser: CommandParser) -> None:
        """Nothing is erased unless asked."""
        parser.add_argument("--faire", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Say who, or do it."""
        medecins = donnees_personnelles.a_anonymiser(timezone.localdate())
        for medecin in medecins:
            if options["faire"]:
                donnees_personnelles.anonymiser(medecin)
            self.stdout.write(f"fiche {medecin.pk}{'' if options['faire'] else ' : à anonymiser'}")
        self.stdout.write(f"{len(medecins)} fiche(s)")
