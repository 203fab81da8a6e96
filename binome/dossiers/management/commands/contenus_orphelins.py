"""Contents that no document names: said, or removed."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from binome.dossiers.echanges import orphelins
from binome.dossiers.management.discrete import Discrete


class Command(Discrete):
    """See the module."""

    help = "Dit les contenus du dépôt qu'aucune pièce ne nomme (--supprimer les retire)"

    def add_arguments(self, parser: CommandParser) -> None:
        """Nothing is removed unless asked."""
        parser.add_argument("--supprimer", action="store_true", help="retire ces contenus")
        defaut = int(orphelins.AGE.total_seconds() // 3600)
        parser.add_argument("--heures", type=int, default=defaut, help=f"âge minimal, en heures ({defaut})")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Say which, or remove them."""
        avant = timezone.now() - datetime.timedelta(hours=max(options["heures"], 1))
        trouves = orphelins.orphelins(avant)
        retires = 0
        for chemin in trouves:
            octets = chemin.stat().st_size
            retire = options["supprimer"] and orphelins.supprimer(chemin, avant)
            retires += retire
            self.dire(f"{chemin} : {octets} octets{', retiré' if retire else ''}")
        self.dire(f"{len(trouves)} contenu(s) qu'aucune pièce ne nomme, {retires} retiré(s)")
