"""What the database refuses by itself: see `binome.dossiers.garde_fous`."""

from typing import Any

from django.db import migrations

from binome.dossiers import garde_fous


def poser(apps: object, schema_editor: Any) -> None:
    """Install the triggers of this database."""
    for ordre in garde_fous.poser(schema_editor.connection.vendor):
        schema_editor.execute(ordre, params=None)


def retirer(apps: object, schema_editor: Any) -> None:
    """Remove them."""
    for ordre in garde_fous.retirer(schema_editor.connection.vendor):
        schema_editor.execute(ordre, params=None)


class Migration(migrations.Migration):
    """Triggers of the ledger, the events and the engagements."""

    dependencies = [("dossiers", "0001_initiale")]
    operations = [migrations.RunPython(poser, retirer)]
