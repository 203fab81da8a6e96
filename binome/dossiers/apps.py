"""The Django application."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate

from binome.dossiers import garde_fous


class Dossiers(AppConfig):
    """See the package."""

    name = "binome.dossiers"
    label = "dossiers"
    verbose_name = "Dossiers de la caisse"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The triggers are put back after every migration, whatever it made anew."""
        post_migrate.connect(_garantir, sender=self)


def _garantir(using: str, **_: Any) -> None:
    garde_fous.garantir(connections[using])
