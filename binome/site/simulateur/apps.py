"""The Django application."""

from django.apps import AppConfig


class Simulateur(AppConfig):
    """See the package."""

    name = "binome.site.simulateur"
    label = "simulateur"
