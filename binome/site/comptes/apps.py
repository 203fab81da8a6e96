"""The Django application."""

from django.apps import AppConfig


class Comptes(AppConfig):
    """See the package."""

    name = "binome.site.comptes"
    label = "comptes"

    def ready(self) -> None:
        """Listen to what happens to accounts."""
        from binome.site.comptes import signaux  # noqa: F401
