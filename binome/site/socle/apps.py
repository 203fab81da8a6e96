"""The Django application."""

from django.apps import AppConfig


class Socle(AppConfig):
    """See the package."""

    name = "binome.site.socle"
    label = "socle"

    def ready(self) -> None:
        """An antivirus whose address cannot be read stops the site: it would look at nothing. Raises."""
        from django.conf import settings

        from binome.site.socle import antivirus

        if settings.CLAMAV:
            antivirus.daemon(settings.CLAMAV)
