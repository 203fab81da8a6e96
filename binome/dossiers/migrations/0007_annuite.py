"""One word for a year of a contract: only the label of the fields changes, no table does."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """See the module."""

    dependencies = [("dossiers", "0006_valeurs_du_calcul")]

    operations = [
        migrations.AlterField(
            model_name="ecriture",
            name="annee",
            field=models.PositiveSmallIntegerField(null=True, verbose_name="annuité"),
        ),
        migrations.AlterField(
            model_name="evaluation",
            name="annee",
            field=models.PositiveSmallIntegerField(verbose_name="annuité"),
        ),
    ]
