"""The rights of the site's own role, on PostgreSQL."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser

from binome.dossiers.erreurs import Refus
from binome.dossiers.exploitation import role_du_site
from binome.dossiers.management.discrete import Discrete


class Command(Discrete):
    """See the module."""

    help = "Écrit les droits du rôle du site sur PostgreSQL, ou les donne (--appliquer) ; à relancer après « migrate »"

    def add_arguments(self, parser: CommandParser) -> None:
        """The role, and whether to act."""
        parser.add_argument("role", help="Rôle avec lequel le site se connecte (créé s'il n'existe pas)")
        parser.add_argument("--appliquer", action="store_true", help="Donne les droits au lieu de les écrire")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Print the statements, or play them."""
        try:
            ordres = (role_du_site.donner if options["appliquer"] else role_du_site.ordres)(options["role"])
        except Refus as refus:
            raise CommandError(str(refus), returncode=2) from refus
        if options["appliquer"]:
            self.dire(f"Rôle « {options['role']} » : droits donnés ({len(ordres)} ordres)")
        else:
            self.stdout.write("\n".join(f"{ordre};" for ordre in ordres))
