"""The journal of the door is only added to, and not erased before six months: the database itself refuses.

The shared cache: a table of no model (what it holds is worth minutes, and is no part of a backup's account).
"""

from typing import Any

from django.db import migrations, models

#: As `journal.GARDE_MINIMALE` (days).
GARDE = 180
TABLE = "comptes_connexion"
REFUS = "binome: ajout seul"

SQLITE = (
    f"CREATE TRIGGER {TABLE}_update BEFORE UPDATE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{REFUS}'); END",
    f"CREATE TRIGGER {TABLE}_delete BEFORE DELETE ON {TABLE} WHEN OLD.quand > datetime('now', '-{GARDE} days') "
    f"BEGIN SELECT RAISE(ABORT, '{REFUS}'); END",
    # « INSERT OR REPLACE » deletes without the trigger of deletions.
    f"CREATE TRIGGER {TABLE}_insert BEFORE INSERT ON {TABLE} "
    f"WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, '{REFUS}'); END",
)
POSTGRESQL = (
    f"CREATE FUNCTION {TABLE}_ajout_seul() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    f"IF TG_OP = 'DELETE' AND OLD.quand <= now() - interval '{GARDE} days' THEN RETURN OLD; END IF; "
    f"IF TG_OP = 'TRUNCATE' AND NOT EXISTS (SELECT 1 FROM {TABLE} WHERE quand > now() - interval '{GARDE} days') "
    "THEN RETURN NULL; END IF; "
    f"RAISE EXCEPTION '{REFUS}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    f"CREATE TRIGGER {TABLE}_ligne BEFORE UPDATE OR DELETE ON {TABLE} "
    f"FOR EACH ROW EXECUTE FUNCTION {TABLE}_ajout_seul()",
    f"CREATE TRIGGER {TABLE}_truncate BEFORE TRUNCATE ON {TABLE} EXECUTE FUNCTION {TABLE}_ajout_seul()",
)


def poser(apps: object, schema_editor: Any) -> None:
    """Install the triggers of this database."""
    for ordre in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(ordre, params=None)


def retirer(apps: object, schema_editor: Any) -> None:
    """Remove them."""
    if schema_editor.connection.vendor == "sqlite":
        for acte in ("update", "delete", "insert"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_{acte}", params=None)
    else:
        schema_editor.execute(f"DROP FUNCTION IF EXISTS {TABLE}_ajout_seul() CASCADE", params=None)


class Migration(migrations.Migration):
    """Triggers, and the table of the cache."""

    dependencies = [("comptes", "0001_journal")]
    operations = [
        migrations.RunPython(poser, retirer),
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
