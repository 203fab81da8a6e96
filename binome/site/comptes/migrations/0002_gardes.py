"""The shared cache: a table of no model (what it holds is worth minutes, and is no part of a backup's account).

(The journal of the door is only added to: see `binome.dossiers.garde_fous`.)
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The table of the cache."""

    dependencies = [("comptes", "0001_journal")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.CreateModel(
                    name="EntreeDuCache",
                    fields=[
                        ("cache_key", models.CharField(max_length=255, primary_key=True, serialize=False)),
                        ("value", models.TextField()),
                        ("expires", models.DateTimeField(db_index=True)),
                    ],
                    options={"db_table": "comptes_cache"},
                )
            ]
        ),
    ]
