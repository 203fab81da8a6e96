"""The Django application."""

from django.apps import AppConfig


class Dossiers(AppConfig):
    """See the package."""

    name = "binome.dossiers"
    label = "dossiers"
    verbose_name = "Dossiers de la caisse"
    default_auto_field = "django.db.models.BigAutoField"
