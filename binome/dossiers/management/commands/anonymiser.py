"""Erasure of what names people, at the end of its keeping."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from binome.dossiers.exploitation import donnees_personnelles
from binome.dossiers.management.discrete import Discrete


class Command(Discrete):
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
            self.dire(f"fiche {medecin.pk}{'' if options['faire'] else ' : à anonymiser'}")
        fichiers = donnees_personnelles.fichiers_echus(timezone.localdate())
        for importe in fichiers:
            if options["faire"]:
                donnees_personnelles.effacer_le_fichier(importe, quand=timezone.now())
            self.dire(f"fichier de relevés {importe.pk}{'' if options['faire'] else ' : à effacer'}")
        self.dire(f"{len(medecins)} fiche(s), {len(fichiers)} fichier(s) de relevés")
