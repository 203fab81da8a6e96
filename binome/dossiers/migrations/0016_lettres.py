"""What letters of decision carry, how letters travel, and the print queue.

What a fund had written of the ways of appeal is kept as its precisions, until it fills each of the three.
"""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from binome.dossiers.garde_fous import remettre_les_gardes, retirer_les_gardes


class Migration(migrations.Migration):
    """See the module."""

    dependencies = [
        ("dossiers", "0015_reperage_dit_sa_loi"),
    ]

    operations = [
        migrations.RunPython(retirer_les_gardes, remettre_les_gardes),
        migrations.CreateModel(
            name="Signataire",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("nom", models.CharField(max_length=120, verbose_name="prénom et nom")),
                ("qualite", models.CharField(max_length=150, verbose_name="qualité")),
                ("delegation", models.CharField(blank=True, max_length=300, verbose_name="délégation")),
                ("depuis", models.DateField(verbose_name="depuis le")),
                ("jusqu_au", models.DateField(blank=True, null=True, verbose_name="jusqu'au")),
            ],
            options={
                "verbose_name": "signataire",
                "ordering": ("nom", "pk"),
            },
        ),
        migrations.RenameField(
            model_name="caisse",
            old_name="voies_de_recours",
            new_name="recours_precisions",
        ),
        migrations.AddField(
            model_name="caisse",
            name="recours_autorite",
            field=models.CharField(
                default="",
                help_text="Devant qui la décision se conteste d'abord, avec son adresse.",
                max_length=300,
                verbose_name="recours : autorité",
            ),
        ),
        migrations.AddField(
            model_name="caisse",
            name="recours_delai",
            field=models.CharField(
                default="",
                help_text="En toutes lettres, compté de la réception de la décision.",
                max_length=100,
                verbose_name="recours : délai",
            ),
        ),
        migrations.AlterField(
            model_name="caisse",
            name="recours_precisions",
            field=models.TextField(
                blank=True,
                default="",
                help_text="Forme du recours, délai du tribunal, pièces.",
                verbose_name="recours : précisions",
            ),
        ),
        migrations.AddField(
            model_name="caisse",
            name="recours_tribunal",
            field=models.CharField(
                default="",
                help_text="Qui est saisi ensuite, avec son adresse.",
                max_length=300,
                verbose_name="recours : tribunal",
            ),
        ),
        migrations.AddField(
            model_name="courrier",
            name="canal",
            field=models.CharField(
                choices=[
                    ("espace", "Espace du médecin, annoncé par courriel"),
                    ("papier", "Papier, lettre simple"),
                    ("recommande", "Papier, recommandé avec avis de réception"),
                ],
                default="espace",
                max_length=10,
                verbose_name="voie",
            ),
        ),
        migrations.AddField(
            model_name="courrier",
            name="numero_recommande",
            field=models.CharField(blank=True, max_length=13, verbose_name="n° de recommandé"),
        ),
        migrations.CreateModel(
            name="Impression",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("cree_le", models.DateTimeField(default=django.utils.timezone.now, verbose_name="préparée le")),
                (
                    "auteur",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "caisse",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="impressions", to="dossiers.caisse"
                    ),
                ),
            ],
            options={
                "verbose_name": "impression",
                "ordering": ("-pk",),
            },
        ),
        migrations.AddField(
            model_name="courrier",
            name="impression",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="courriers",
                to="dossiers.impression",
            ),
        ),
        migrations.AddConstraint(
            model_name="courrier",
            constraint=models.CheckConstraint(
                condition=models.Q(("impression", None), ("canal__in", ("papier", "recommande")), _connector="OR"),
                name="courrier_imprime_sur_papier",
            ),
        ),
        migrations.AddConstraint(
            model_name="courrier",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("numero_recommande", ""),
                    models.Q(("canal", "recommande"), ("impression__isnull", False)),
                    _connector="OR",
                ),
                name="courrier_recommande_imprime",
            ),
        ),
        migrations.AddField(
            model_name="signataire",
            name="caisse",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="signataires", to="dossiers.caisse"
            ),
        ),
        migrations.AddConstraint(
            model_name="signataire",
            constraint=models.CheckConstraint(
                condition=models.Q(("jusqu_au", None), ("jusqu_au__gte", models.F("depuis")), _connector="OR"),
                name="signataire_dates_en_ordre",
            ),
        ),
        migrations.RunPython(remettre_les_gardes, retirer_les_gardes),
    ]
