"""The chain of events and ledger (what is there already included), the laws kept, the differences announced."""

from heapq import merge
from typing import Any

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from binome.dossiers.models.controle import LOT, empreinte_de, empreinte_du_motif, maillon_de


def enchainer(apps: Any, schema_editor: Any) -> None:
    """A link for each event and each line of the ledger, contract by contract, as they were recorded."""
    del schema_editor
    maillon = apps.get_model("dossiers", "Maillon")
    for contrat in apps.get_model("dossiers", "Contrat").objects.order_by("pk").values_list("pk", flat=True).iterator():
        evenements = apps.get_model("dossiers", "Evenement").objects.filter(contrat=contrat).order_by("numero")
        ecritures = apps.get_model("dossiers", "Ecriture").objects.filter(contrat=contrat).order_by("pk")
        maillons, empreinte = [], ""
        for rang, objet in enumerate(merge(evenements, ecritures, key=lambda o: o.consigne_le), start=1):
            empreinte = empreinte_de(objet, empreinte, empreinte_du_motif(objet))
            maillons.append(maillon_de(maillon, objet, rang, empreinte))
        maillon.objects.bulk_create(maillons, batch_size=LOT)


class Migration(migrations.Migration):
    """What lets the books be checked."""

    dependencies = [
        ("dossiers", "0008_voies_de_recours"),
    ]

    operations = [
        migrations.CreateModel(
            name="EcartAnnonce",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("motif", models.TextField(verbose_name="ce qui change, et pourquoi")),
                ("par", models.CharField(max_length=150, verbose_name="annoncé par")),
                ("a_compter_du", models.DateField(verbose_name="à compter du")),
                ("empreinte_loi", models.CharField(max_length=64)),
                ("ecarts", models.JSONField(default=dict)),
                ("consigne_le", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "écart annoncé",
            },
        ),
        migrations.CreateModel(
            name="LoiConservee",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("empreinte", models.CharField(max_length=64, unique=True)),
                ("version", models.CharField(max_length=30)),
                ("octets", models.BinaryField()),
                ("cree_le", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "loi conservée",
            },
        ),
        migrations.AddField(
            model_name="importreleves",
            name="efface_le",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.CreateModel(
            name="Maillon",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rang", models.PositiveIntegerField()),
                ("forme", models.PositiveSmallIntegerField(default=1)),
                ("empreinte_motif", models.CharField(blank=True, max_length=64)),
                ("empreinte", models.CharField(max_length=64)),
                (
                    "contrat",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="maillons", to="dossiers.contrat"
                    ),
                ),
                (
                    "ecriture",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="maillon",
                        to="dossiers.ecriture",
                    ),
                ),
                (
                    "evenement",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="maillon",
                        to="dossiers.evenement",
                    ),
                ),
            ],
            options={
                "verbose_name": "maillon",
                "ordering": ("contrat", "rang"),
                "constraints": [
                    models.UniqueConstraint(fields=("contrat", "rang"), name="maillon_rang_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ecriture__isnull", True), ("evenement__isnull", False)),
                            models.Q(("ecriture__isnull", False), ("evenement__isnull", True)),
                            _connector="OR",
                        ),
                        name="maillon_un_objet",
                    ),
                ],
            },
        ),
        migrations.RunPython(enchainer, migrations.RunPython.noop),
    ]
