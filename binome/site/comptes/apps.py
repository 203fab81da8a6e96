"""The Django application."""

from django.apps import AppConfig


class Comptes(AppConfig):
    """See the package."""

    name = "binome.site.comptes"
    label = "comptes"
