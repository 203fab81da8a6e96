"""The outbox knows when each e-mail is tried next, what was given up, and the Message-ID that each one keeps."""

from typing import Any

import django.utils.timezone
from django.db import migrations, models
from django.utils import timezone

#: Tries after which an e-mail was given up until now, without a word.
ESSAIS_D_AVANT = 5


def dire_les_abandons(apps: Any, editeur: Any) -> None:
    """What was given up in silence comes on the agents' list."""
    del editeur
    courriels = apps.get_model("dossiers", "Courriel").objects.filter(envoye_le=None, essais__gte=ESSAIS_D_AVANT)
    courriels.update(abandonne_le=timezone.now())


class Migration(migrations.Migration):
    """See the module."""

    dependencies = [("dossiers", "0009_controle")]

    operations = [
        migrations.RemoveIndex(model_name="courriel", name="courriel_a_envoyer"),
        migrations.AddField(
            model_name="courriel",
            name="prochain_essai_le",
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.AddField(model_name="courriel", name="abandonne_le", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="courriel", name="classe_le", field=models.DateTimeField(null=True)),
        migrations.AddField(
            model_name="courriel", name="identifiant", field=models.CharField(blank=True, max_length=120)
        ),
        migrations.RunPython(dire_les_abandons, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="courriel",
            index=models.Index(
                condition=models.Q(envoye_le=None, abandonne_le=None),
                fields=["prochain_essai_le"],
                name="courriel_a_envoyer",
            ),
        ),
    ]
