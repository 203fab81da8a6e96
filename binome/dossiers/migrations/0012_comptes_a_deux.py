"""An account is proposed by one agent, with its proof, and validated by another; its holder is told before it is paid.

The accounts that were there stay usable.
"""

from typing import Any

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F
from django.db.models.functions import TruncDate

from binome.dossiers.garde_fous import remettre_les_gardes, retirer_les_gardes


def reprendre(apps: Any, schema_editor: Any) -> None:
    """What one agent alone recorded until now stays what it was: an account in use."""
    del schema_editor
    comptes = apps.get_model("dossiers", "CompteBancaire").objects.all()
    comptes.update(
        valide_le=F("depuis"),
        annonce_le=F("depuis"),
        utilisable_le=TruncDate("depuis"),
        moyen_annonce="compte enregistré avant que deux agents ne soient demandés",
    )


class Migration(migrations.Migration):
    """See the module."""

    dependencies = [
        ("dossiers", "0011_courriels_des_comptes"),
    ]

    operations = [
        migrations.RunPython(retirer_les_gardes, remettre_les_gardes),
        migrations.RemoveConstraint(
            model_name="evenement",
            name="evenement_genre",
        ),
        migrations.AddField(
            model_name="caisse",
            name="delai_compte",
            field=models.PositiveSmallIntegerField(
                default=2,
                help_text="Jours entre l'annonce d'un compte à son titulaire et le premier virement qu'il peut recevoir.",
                validators=[django.core.validators.MaxValueValidator(60)],
                verbose_name="délai d'un compte nouveau (jours)",
            ),
        ),
        migrations.AddField(
            model_name="comptebancaire",
            name="annonce_le",
            field=models.DateTimeField(null=True, verbose_name="annoncé le"),
        ),
        migrations.AddField(
            model_name="comptebancaire",
            name="motif_refus",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="comptebancaire",
            name="moyen_annonce",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="comptebancaire",
            name="refuse_le",
            field=models.DateTimeField(null=True, verbose_name="refusé le"),
        ),
        migrations.AddField(
            model_name="comptebancaire",
            name="refuse_par",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="comptebancaire",
            name="rib",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="dossiers.piece",
            ),
        ),
        migrations.AddField(
            model_name="comptebancaire",
            name="utilisable_le",
            field=models.DateField(null=True, verbose_name="utilisable à partir du"),
        ),
        migrations.AddField(
            model_name="comptebancaire",
            name="valide_le",
            field=models.DateTimeField(null=True, verbose_name="validé le"),
        ),
        migrations.AddField(
            model_name="comptebancaire",
            name="valide_par",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="medecin",
            name="anciens_courriels",
            field=models.JSONField(blank=True, default=list, editable=False, verbose_name="anciens courriels"),
        ),
        migrations.AddField(
            model_name="piece",
            name="structure",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="pieces",
                to="dossiers.structure",
            ),
        ),
        migrations.AddField(
            model_name="structure",
            name="courriel",
            field=models.EmailField(blank=True, max_length=254, verbose_name="courriel"),
        ),
        migrations.AddField(
            model_name="structure",
            name="anciens_courriels",
            field=models.JSONField(blank=True, default=list, editable=False, verbose_name="anciens courriels"),
        ),
        migrations.AlterField(
            model_name="comptebancaire",
            name="actif",
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name="evenement",
            name="genre",
            field=models.CharField(
                choices=[
                    ("ouverture", "Ouverture du dossier"),
                    ("modification", "Modification du brouillon"),
                    ("preparation", "Contrat envoyé à la signature"),
                    ("reprise_brouillon", "Contrat repris avant signature"),
                    ("signature", "Signature"),
                    ("embauche", "Embauche de l'assistant"),
                    ("demarrage", "Contrat en cours"),
                    ("absence", "Absence de l'assistant"),
                    ("depart", "Départ de l'assistant"),
                    ("formation", "Formation de l'assistant"),
                    ("secretaire", "Remplacement de la secrétaire"),
                    ("suspension", "Suspension"),
                    ("reprise", "Reprise"),
                    ("avenant", "Avenant"),
                    ("bascule", "Passage aux règles nouvelles"),
                    ("adhesion", "Entrée d'un adhérent"),
                    ("retrait", "Sortie d'un adhérent"),
                    ("evaluation", "Évaluation annuelle"),
                    ("contestation", "Évaluation contestée"),
                    ("lecture", "Point ouvert tranché"),
                    ("piece", "Pièce reçue"),
                    ("piece_refusee", "Pièce refusée"),
                    ("courrier", "Courrier"),
                    ("compte", "Compte bancaire"),
                    ("versement", "Versement"),
                    ("retour", "Virement rejeté"),
                    ("remboursement", "Remboursement reçu"),
                    ("echeance", "Échéance faite"),
                    ("note", "Note"),
                    ("terme", "Terme du contrat"),
                    ("resiliation", "Résiliation"),
                    ("renouvellement", "Renouvellement"),
                    ("classement", "Classement sans suite"),
                ],
                max_length=20,
            ),
        ),
        migrations.RunPython(reprendre, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="comptebancaire",
            constraint=models.CheckConstraint(
                condition=models.Q(("actif", False), ("valide_le__isnull", False), _connector="OR"),
                name="compte_valide",
            ),
        ),
        migrations.AddConstraint(
            model_name="comptebancaire",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valide_par__isnull", True),
                    ("saisi_par__isnull", True),
                    models.Q(("valide_par", models.F("saisi_par")), _negated=True),
                    _connector="OR",
                ),
                name="compte_deux_agents",
                violation_error_message="Un compte est validé par un autre agent que celui qui l'a proposé.",
            ),
        ),
        migrations.AddConstraint(
            model_name="comptebancaire",
            constraint=models.UniqueConstraint(
                condition=models.Q(("refuse_le__isnull", True), ("valide_le__isnull", True)),
                fields=("medecin",),
                name="compte_medecin_propose",
            ),
        ),
        migrations.AddConstraint(
            model_name="comptebancaire",
            constraint=models.UniqueConstraint(
                condition=models.Q(("refuse_le__isnull", True), ("valide_le__isnull", True)),
                fields=("structure",),
                name="compte_structure_propose",
            ),
        ),
        migrations.AddConstraint(
            model_name="evenement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "genre__in",
                        [
                            "ouverture",
                            "modification",
                            "preparation",
                            "reprise_brouillon",
                            "signature",
                            "embauche",
                            "demarrage",
                            "absence",
                            "depart",
                            "formation",
                            "secretaire",
                            "suspension",
                            "reprise",
                            "avenant",
                            "bascule",
                            "adhesion",
                            "retrait",
                            "evaluation",
                            "contestation",
                            "lecture",
                            "piece",
                            "piece_refusee",
                            "courrier",
                            "compte",
                            "versement",
                            "retour",
                            "remboursement",
                            "echeance",
                            "note",
                            "terme",
                            "resiliation",
                            "renouvellement",
                            "classement",
                        ],
                    )
                ),
                name="evenement_genre",
            ),
        ),
        migrations.RunPython(remettre_les_gardes, retirer_les_gardes),
    ]
