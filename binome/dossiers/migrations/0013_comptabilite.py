"""Closed accounting periods and their chart, what the bank says, and orders cancelled before their day by two agents."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from binome.dossiers.garde_fous import remettre_les_gardes, retirer_les_gardes


class Migration(migrations.Migration):
    """See the module."""

    dependencies = [
        ("dossiers", "0012_comptes_a_deux"),
    ]

    operations = [
        migrations.RunPython(retirer_les_gardes, remettre_les_gardes),
        migrations.CreateModel(
            name="CodeAnalytique",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "option",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Collectif"),
                            ("tiers_etp", "1/3 ETP"),
                            ("demi_etp", "1/2 ETP"),
                            ("un_etp", "1 ETP"),
                            ("un_etp_et_demi", "1,5 ETP"),
                            ("deux_etp", "2 ETP"),
                        ],
                        max_length=30,
                        verbose_name="option",
                    ),
                ),
                ("code", models.CharField(max_length=20, verbose_name="code analytique")),
            ],
            options={
                "verbose_name": "code analytique",
                "verbose_name_plural": "codes analytiques",
            },
        ),
        migrations.CreateModel(
            name="EcritureExportee",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("numero", models.PositiveIntegerField()),
                ("journal", models.CharField(max_length=10)),
                ("date", models.DateField()),
                ("compte", models.CharField(max_length=20)),
                ("contrepartie", models.CharField(blank=True, max_length=20)),
                ("analytique", models.CharField(blank=True, max_length=20)),
            ],
            options={
                "verbose_name": "écriture exportée",
                "ordering": ("numero", "pk"),
            },
        ),
        migrations.CreateModel(
            name="ExportComptable",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("numero", models.PositiveIntegerField(verbose_name="numéro")),
                ("debut", models.DateField(verbose_name="premier jour")),
                ("fin", models.DateField(verbose_name="dernier jour")),
                ("nombre", models.PositiveIntegerField()),
                ("total", models.BigIntegerField()),
                ("octets", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                ("cree_le", models.DateTimeField(default=django.utils.timezone.now, verbose_name="clos le")),
            ],
            options={
                "verbose_name": "période comptable close",
                "ordering": ("-numero",),
            },
        ),
        migrations.CreateModel(
            name="PlanComptable",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("journal", models.CharField(default="AM", max_length=10, verbose_name="journal")),
                ("charge", models.CharField(default="AIDE", max_length=20, verbose_name="compte de charge (aide due)")),
                (
                    "tiers",
                    models.CharField(default="MEDECIN", max_length=20, verbose_name="compte de tiers (médecins)"),
                ),
                ("banque", models.CharField(default="BANQUE", max_length=20, verbose_name="compte de banque")),
                ("indus", models.CharField(default="INDU", max_length=20, verbose_name="compte des trop-perçus")),
            ],
            options={
                "verbose_name": "plan comptable",
            },
        ),
        migrations.CreateModel(
            name="ReponseBancaire",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.CharField(blank=True, max_length=80)),
                ("ordre", models.CharField(blank=True, max_length=80)),
                ("statut", models.CharField(max_length=8)),
                ("code", models.CharField(blank=True, max_length=40)),
                ("motif", models.CharField(blank=True, max_length=300)),
                ("montant", models.BigIntegerField(null=True, verbose_name="montant rendu (centimes)")),
                (
                    "effet",
                    models.CharField(
                        choices=[
                            ("inscrit", "Inscrit au grand livre"),
                            ("deja", "Déjà inscrit"),
                            ("ecart", "Autre montant : rien n'est inscrit"),
                            ("inconnu", "Référence inconnue de la caisse"),
                            ("accepte", "Accepté par la banque"),
                            ("en_attente", "En attente à la banque"),
                        ],
                        max_length=12,
                    ),
                ),
            ],
            options={
                "verbose_name": "réponse de la banque",
                "ordering": ("pk",),
            },
        ),
        migrations.RemoveConstraint(
            model_name="ecriture",
            name="ecriture_nature",
        ),
        migrations.RemoveConstraint(
            model_name="evenement",
            name="evenement_genre",
        ),
        migrations.AddField(
            model_name="campagne",
            name="annulation_demandee_le",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="campagne",
            name="annulation_demandee_par",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="campagne",
            name="annulation_motif",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="campagne",
            name="annulee_le",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="campagne",
            name="annulee_par",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="campagne",
            name="statut",
            field=models.CharField(
                choices=[
                    ("preparation", "En préparation"),
                    ("proposee", "Proposée"),
                    ("validee", "Validée"),
                    ("emise", "Émise"),
                    ("annulee", "Annulée"),
                    ("ordre_annule", "Ordre annulé"),
                ],
                default="preparation",
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="ecriture",
            name="nature",
            field=models.CharField(
                choices=[
                    ("droit", "Aide due"),
                    ("versement", "Virement émis"),
                    ("retour", "Virement rejeté"),
                    ("annulation", "Virement annulé avant son jour"),
                    ("indu", "Trop-perçu constaté"),
                    ("compensation", "Trop-perçu retenu sur un versement"),
                    ("remboursement", "Trop-perçu remboursé"),
                    ("contre_passation", "Écriture annulée"),
                ],
                max_length=20,
            ),
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
                    ("annulation", "Virement annulé"),
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
        migrations.AlterField(
            model_name="ligneversement",
            name="statut",
            field=models.CharField(
                choices=[
                    ("proposee", "Proposée"),
                    ("bloquee", "Bloquée"),
                    ("ecartee", "Écartée"),
                    ("validee", "Validée"),
                    ("emise", "Émise"),
                    ("retournee", "Rejetée par la banque"),
                    ("non_executee", "Non exécutée par la banque"),
                    ("annulee", "Annulée avant son jour"),
                    ("sans_virement", "Comptabilisée sans virement"),
                ],
                default="proposee",
                max_length=15,
            ),
        ),
        migrations.AddConstraint(
            model_name="campagne",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("annulee_par__isnull", True),
                    models.Q(("annulee_par", models.F("annulation_demandee_par")), _negated=True),
                    _connector="OR",
                ),
                name="campagne_annulee_a_deux",
                violation_error_message="Un ordre est annulé par un autre agent que celui qui l'a demandé.",
            ),
        ),
        migrations.AddConstraint(
            model_name="campagne",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("statut", "ordre_annule"), _negated=True),
                    models.Q(("annulation_demandee_le__isnull", False), ("annulee_le__isnull", False)),
                    _connector="OR",
                ),
                name="campagne_ordre_annule",
            ),
        ),
        migrations.AddConstraint(
            model_name="ecriture",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "nature__in",
                        [
                            "droit",
                            "versement",
                            "retour",
                            "annulation",
                            "indu",
                            "compensation",
                            "remboursement",
                            "contre_passation",
                        ],
                    )
                ),
                name="ecriture_nature",
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
                            "annulation",
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
        migrations.AddField(
            model_name="ecritureexportee",
            name="ecriture",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="exportee", to="dossiers.ecriture"
            ),
        ),
        migrations.AddField(
            model_name="exportcomptable",
            name="auteur",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="exportcomptable",
            name="caisse",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="exports_comptables", to="dossiers.caisse"
            ),
        ),
        migrations.AddField(
            model_name="ecritureexportee",
            name="export",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="ecritures", to="dossiers.exportcomptable"
            ),
        ),
        migrations.AddField(
            model_name="plancomptable",
            name="caisse",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="plan_comptable", to="dossiers.caisse"
            ),
        ),
        migrations.AddField(
            model_name="codeanalytique",
            name="plan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="analytiques", to="dossiers.plancomptable"
            ),
        ),
        migrations.AddField(
            model_name="reponsebancaire",
            name="fichier",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="reponses", to="dossiers.fichierbancaire"
            ),
        ),
        migrations.AddField(
            model_name="reponsebancaire",
            name="ligne",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reponses",
                to="dossiers.ligneversement",
            ),
        ),
        migrations.AddConstraint(
            model_name="exportcomptable",
            constraint=models.UniqueConstraint(fields=("caisse", "numero"), name="export_numero_unique"),
        ),
        migrations.AddConstraint(
            model_name="exportcomptable",
            constraint=models.UniqueConstraint(fields=("caisse", "debut"), name="export_debut_unique"),
        ),
        migrations.AddConstraint(
            model_name="exportcomptable",
            constraint=models.CheckConstraint(
                condition=models.Q(("debut__lte", models.F("fin")), ("numero__gte", 1)), name="export_periode"
            ),
        ),
        migrations.AddConstraint(
            model_name="codeanalytique",
            constraint=models.UniqueConstraint(
                fields=("plan", "option"),
                name="analytique_unique",
                violation_error_message="Cette option a déjà un code.",
            ),
        ),
        migrations.RunPython(remettre_les_gardes, retirer_les_gardes),
    ]
