"""A new kind of event: an open point settled by the fund."""

from django.db import migrations, models

from binome.dossiers.garde_fous import remettre_les_gardes, retirer_les_gardes


class Migration(migrations.Migration):
    """The kind « lecture » of an event."""

    dependencies = [
        ("dossiers", "0003_ligne_non_executee"),
    ]

    operations = [
        migrations.RunPython(retirer_les_gardes, remettre_les_gardes),
        migrations.RemoveConstraint(
            model_name="evenement",
            name="evenement_genre",
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
