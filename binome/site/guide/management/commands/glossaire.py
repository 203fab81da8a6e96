"""Writes the tables of docs/glossaire.md from the glossary of the site."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from binome.site.guide.glossaire import en_markdown

#: Where the tables begin; what is above is written by hand.
DEBUT_DES_TABLES = "\n## "


class Command(BaseCommand):
    """See the module."""

    help = "Récrit les tables de docs/glossaire.md à partir de binome/site/guide/glossaire.csv."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file to write."""
        parser.add_argument("fichier", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Keep what is above the first table, write the tables."""
        del args
        fichier: Path = options["fichier"]
        avant = fichier.read_text(encoding="utf-8").split(DEBUT_DES_TABLES, 1)[0]
        fichier.write_text(f"{avant}\n{en_markdown(timezone.localdate()).rstrip()}\n", encoding="utf-8")
        self.stdout.write(f"{fichier} récrit.")
