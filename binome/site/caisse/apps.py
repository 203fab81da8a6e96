"""The Django application."""

from django.apps import AppConfig


class Caisse(AppConfig):
    """See the package."""

    name = "binome.site.caisse"
    label = "caisse"
