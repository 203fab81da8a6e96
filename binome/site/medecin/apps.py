"""The Django application."""

from django.apps import AppConfig


class EspaceMedecin(AppConfig):
    """See the package."""

    name = "binome.site.medecin"
    label = "medecin"
