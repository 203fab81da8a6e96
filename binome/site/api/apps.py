"""The Django application."""

from django.apps import AppConfig


class Api(AppConfig):
    """See the package."""

    name = "binome.site.api"
    label = "api"

    def ready(self) -> None:
        """Refuse to start with a limit that cannot be read."""
        from django.conf import settings

        from binome.site.api.limite import taux_de

        taux_de(settings.LIMITE_API)
