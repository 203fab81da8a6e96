"""The mails of the accounts wait in the outbox too: of no fund, encrypted, and for a time."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """See the module."""

    dependencies = [("dossiers", "0010_boite_d_envoi")]

    operations = [
        migrations.AddField(model_name="courriel", name="confidentiel", field=models.BooleanField(default=False)),
        migrations.AddField(model_name="courriel", name="expire_le", field=models.DateTimeField(null=True)),
        migrations.AlterField(
            model_name="courriel",
            name="caisse",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="courriels",
                to="dossiers.caisse",
            ),
        ),
        migrations.AddConstraint(
            model_name="courriel",
            constraint=models.CheckConstraint(
                condition=models.Q(("caisse__isnull", False), ("confidentiel", False))
                | models.Q(
                    ("caisse", None),
                    ("confidentiel", True),
                    ("contrat", None),
                    ("courrier", None),
                    ("expire_le__isnull", False),
                ),
                name="courriel_d_une_caisse_ou_confidentiel",
            ),
        ),
    ]
