"""A backup in a new folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from binome.dossiers.erreurs import Refus
from binome.dossiers.exploitation import sauvegarde
from binome.dossiers.management.discrete import Discrete


class Command(Discrete):
    """See the module."""

    help = "Sauvegarde la base et les pièces dans un dossier nouveau"

    def add_arguments(self, parser: CommandParser) -> None:
        """The folder."""
        parser.add_argument("dossier", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Write it, and say what it holds."""
        try:
            bilan = sauvegarde.sauvegarder(options["dossier"])
        except Refus as refus:
            raise CommandError(str(refus), returncode=2) from refus
        self.dire(
            f"Sauvegarde écrite : {sum(bilan['tables'].values())} lignes, grand livre {bilan['grand_livre']}, "
            f"{len(bilan['valeurs'])} fichier(s) de valeurs"
        )
