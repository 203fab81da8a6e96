"""The Django application."""

from django.apps import AppConfig


class Caisse(AppConfig):
    """See the package."""

    name = "binome.site.caisse"
    label = "caisse"

    def ready(self) -> None:
        """Register the administration."""
        from binome.site.caisse import administration  # noqa: F401
