"""What a fund does to recover a claim: its events, and the two natures of a claim given up."""

from django.db import migrations, models

from binome.dossiers.garde_fous import remettre_les_gardes, retirer_les_gardes


class Migration(migrations.Migration):
    """See the module."""

    dependencies = [
        ("dossiers", "0017_lettres_anciennes"),
    ]

    operations = [
        migrations.RunPython(retirer_les_gardes, remettre_les_gardes),
        migrations.RemoveConstraint(
            model_name="ecriture",
            name="ecriture_nature",
        ),
        migrations.RemoveConstraint(
            model_name="evenement",
            name="evenement_genre",
        ),
        migrations.AddField(
            model_name="caisse",
            name="seuil_abandon",
            field=models.PositiveIntegerField(
                default=0,
                help_text="Remises et admissions en non-valeur. 0 : toujours deux agents.",
                verbose_name="abandon de créance à deux agents, au-delà de (euros)",
            ),
        ),
        migrations.AddField(
            model_name="plancomptable",
            name="non_valeurs",
            field=models.CharField(
                default="NON_VALEUR", max_length=20, verbose_name="compte des admissions en non-valeur"
            ),
        ),
        migrations.AddField(
            model_name="plancomptable",
            name="remises",
            field=models.CharField(default="REMISE", max_length=20, verbose_name="compte des remises de trop-perçus"),
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
                    ("remise", "Trop-perçu remis"),
                    ("non_valeur", "Trop-perçu admis en non-valeur"),
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
                    ("releve", "Relevé corrigé"),
                    ("piece", "Pièce reçue"),
                    ("piece_refusee", "Pièce refusée"),
                    ("courrier", "Courrier"),
                    ("compte", "Compte bancaire"),
                    ("versement", "Versement"),
                    ("retour", "Virement rejeté"),
                    ("annulation", "Virement annulé"),
                    ("remboursement", "Remboursement reçu"),
                    ("indu_notifie", "Trop-perçu notifié"),
                    ("retenue", "Retenue sur les versements"),
                    ("echeancier", "Échéancier accordé"),
                    ("recours", "Recours contre un trop-perçu"),
                    ("recours_tranche", "Recours tranché"),
                    ("abandon_demande", "Abandon de créance demandé"),
                    ("abandon_accorde", "Abandon de créance accordé"),
                    ("abandon_refuse", "Abandon de créance refusé"),
                    ("echeance", "Échéance faite"),
                    ("note", "Note"),
                    ("correction", "Acte corrigé"),
                    ("acte_annule", "Acte annulé"),
                    ("terme", "Terme du contrat"),
                    ("resiliation_annoncee", "Résiliation à venir"),
                    ("resiliation_retiree", "Résiliation retirée"),
                    ("resiliation", "Résiliation"),
                    ("renouvellement", "Renouvellement"),
                    ("classement", "Classement sans suite"),
                ],
                max_length=20,
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
                            "remise",
                            "non_valeur",
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
                            "releve",
                            "piece",
                            "piece_refusee",
                            "courrier",
                            "compte",
                            "versement",
                            "retour",
                            "annulation",
                            "remboursement",
                            "indu_notifie",
                            "retenue",
                            "echeancier",
                            "recours",
                            "recours_tranche",
                            "abandon_demande",
                            "abandon_accorde",
                            "abandon_refuse",
                            "echeance",
                            "note",
                            "correction",
                            "acte_annule",
                            "terme",
                            "resiliation_annoncee",
                            "resiliation_retiree",
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
