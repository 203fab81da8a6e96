"""Kept computations say which files of the operator's values they used.

A column that may be null: neither database makes the table anew, and its triggers stay.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The files of values of a kept computation."""

    dependencies = [
        ("dossiers", "0005_zonage"),
    ]

    operations = [
        migrations.AddField(
            model_name="calculconserve",
            name="valeurs",
            field=models.JSONField(null=True),
        ),
    ]
