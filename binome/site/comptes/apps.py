"""The Django application."""

from django.apps import AppConfig


class Comptes(AppConfig):
    """See the package."""

    name = "binome.site.comptes"
    label = "comptes"

    def ready(self) -> None:
        """Listen to what happens to accounts. Raises ImproperlyConfigured with bounds that bound nothing."""
        from django.conf import settings
        from django.core.exceptions import ImproperlyConfigured

        from binome.dossiers import garde_fous
        from binome.site.comptes import signaux  # noqa: F401

        if settings.GARDE_DU_JOURNAL < garde_fous.GARDE_DU_JOURNAL:
            raise ImproperlyConfigured(
                f"BINOME_JOURNAL_CONNEXIONS « {settings.GARDE_DU_JOURNAL} » : "
                f"{garde_fous.GARDE_DU_JOURNAL} jours au moins attendus"
            )
        if settings.INACTIVITE < 1:
            raise ImproperlyConfigured(f"BINOME_INACTIVITE « {settings.INACTIVITE} » : une minute au moins attendue")
