"""Letters from before: e-mails that have not left no longer hold theirs, and those of societies were on paper.

A migration of its own: PostgreSQL changes no table whose rows the same transaction has just written.
"""

from typing import Any

from django.db import migrations


def taire_les_lettres(apps: Any, schema_editor: Any) -> None:
    """An e-mail that has not left only says that a document waits."""
    del schema_editor
    courriels = apps.get_model("dossiers", "Courriel").objects.filter(envoye_le=None, courrier__isnull=False)
    for courriel in courriels.select_related("caisse"):
        nom = courriel.caisse.nom
        courriel.objet = f"{nom} — un document vous attend dans votre espace"[:200]
        courriel.corps = f"Docteur,\n\n{nom} a déposé un document dans votre espace.\n\n{nom}\n"
        courriel.save(update_fields=["objet", "corps"])


def ranger_les_papiers(apps: Any, schema_editor: Any) -> None:
    """Letters to societies: on paper, and printed before there was a queue."""
    del schema_editor
    anciens = apps.get_model("dossiers", "Courrier").objects.filter(contrat__medecin=None, medecin=None)
    for caisse in anciens.order_by("caisse").values_list("caisse", flat=True).distinct():
        impression = apps.get_model("dossiers", "Impression").objects.create(caisse_id=caisse)
        anciens.filter(caisse=caisse).update(canal="papier", impression=impression)


class Migration(migrations.Migration):
    """See the module."""

    dependencies = [("dossiers", "0016_lettres")]

    operations = [
        migrations.RunPython(taire_les_lettres, migrations.RunPython.noop),
        migrations.RunPython(ranger_les_papiers, migrations.RunPython.noop),
    ]
