"""The Django application."""

from django.apps import AppConfig


class Socle(AppConfig):
    """See the package."""

    name = "binome.site.socle"
    label = "socle"
