"""What the database refuses by itself: see `binome.dossiers.garde_fous`."""

from django.db import migrations

from binome.dossiers.garde_fous import remettre_les_gardes, retirer_les_gardes


class Migration(migrations.Migration):
    """Triggers of the ledger, the events and the engagements."""

    dependencies = [("dossiers", "0001_initiale")]
    operations = [migrations.RunPython(remettre_les_gardes, retirer_les_gardes)]
