"""What the database refuses by itself: see `binome.dossiers.garde_fous`."""

from typing import Any

from django.db import migrations

from binome.dossiers import garde_fous


def poser(apps: object, schema_editor: Any) -> None:
    """Install the triggers of this database."""
    connexion = schema_editor.connection
    for ordre in garde_fous.remettre(connexion.vendor, connexion.introspection.table_names()):
        schema_editor.execute(ordre, params=None)


def retirer(apps: object, schema_editor: Any) -> None:
    """Remove them."""
    connexion = schema_editor.connection
    for ordre in garde_fous.retirer(connexion.vendor, connexion.introspection.table_names()):
        schema_editor.execute(ordre, params=None)


class Migration(migrations.Migration):
    """Triggers of the ledger, the events and the engagements."""

    dependencies = [("dossiers", "0001_initiale")]
    operations = [migrations.RunPython(poser, retirer)]
