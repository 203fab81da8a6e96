"""The Django application."""

from django.apps import AppConfig


class Guide(AppConfig):
    """See the package."""

    name = "binome.site.guide"
    label = "guide"
