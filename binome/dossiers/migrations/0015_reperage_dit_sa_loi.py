"""The delegates' screening says on what it was computed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0014_corrections")]

    operations = [
        migrations.AddField(
            model_name="reperage",
            name="empreinte_loi",
            field=models.CharField(blank=True, default="", max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="reperage",
            name="version",
            field=models.TextField(blank=True, default="", verbose_name="calculé par"),
            preserve_default=False,
        ),
    ]
