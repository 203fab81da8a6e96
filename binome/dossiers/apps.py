"""The Django application."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate

from binome.dossiers import garde_fous


class Dossiers(AppConfig):
    """See the package."""

    name = "binome.dossiers"
    label = "dossiers"
    verbose_name = "Dossiers de la caisse"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The triggers are put back after every migration, whatever it made anew; each connection compares names."""
        post_migrate.connect(_garantir, sender=self)
        connection_created.connect(_apprendre)


def _garantir(using: str, **_: Any) -> None:
    garde_fous.garantir(connections[using])


def _apprendre(connection: Any, **_: Any) -> None:
    from binome.dossiers.patientele import recherche

    recherche.apprendre(connection)
