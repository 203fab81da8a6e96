"""The ways of appeal that letters of decision carry."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0007_annuite")]

    operations = [
        migrations.AddField(
            model_name="caisse",
            name="voies_de_recours",
            field=models.TextField(
                blank=True,
                default="",
                help_text="Autorité, délai et tribunal, tels que les lettres de décision les disent.",
                verbose_name="voies de recours",
            ),
            preserve_default=False,
        ),
    ]
