"""The Django application."""

from django.apps import AppConfig


class Api(AppConfig):
    """See the package."""

    name = "binome.site.api"
    label = "api"
