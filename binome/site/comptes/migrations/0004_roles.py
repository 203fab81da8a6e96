"""Roles given and withdrawn are in the journal, with who did it; what guards it is with what guards the books."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def retirer_l_ancien_garde(apps: object, schema_editor: Any) -> None:
    """Put there by a former version, under another name: `garde_fous.garantir` puts back what replaces it."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION IF EXISTS comptes_connexion_ajout_seul() CASCADE", params=None)


class Migration(migrations.Migration):
    """See the module."""

    dependencies = [
        ("comptes", "0003_secrets_et_adresses"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(retirer_l_ancien_garde, migrations.RunPython.noop),
        migrations.AddField(
            model_name="connexion",
            name="auteur",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="par",
            ),
        ),
        migrations.AlterField(
            model_name="connexion",
            name="quoi",
            field=models.CharField(
                choices=[
                    ("entree", "Entrée"),
                    ("sortie", "Sortie"),
                    ("expiree", "Session expirée"),
                    ("fermee", "Session fermée"),
                    ("mot_de_passe_faux", "Mot de passe refusé"),
                    ("code_faux", "Code refusé"),
                    ("attente", "Trop d'essais"),
                    ("identite_refusee", "Identité refusée"),
                    ("identite_liee", "Identité liée"),
                    ("mot_de_passe_change", "Mot de passe changé"),
                    ("mot_de_passe_demande", "Mot de passe demandé"),
                    ("adresse_changee", "Adresse changée"),
                    ("facteur_ajoute", "Facteur ajouté"),
                    ("facteur_retire", "Facteur retiré"),
                    ("codes_refaits", "Codes de secours refaits"),
                    ("compte_ouvert", "Compte ouvert"),
                    ("compte_ferme", "Compte fermé"),
                    ("compte_rouvert", "Compte rouvert"),
                    ("role_donne", "Rôle donné"),
                    ("role_change", "Rôle changé"),
                    ("role_retire", "Rôle retiré"),
                    ("droit_donne", "Droit donné"),
                    ("droit_retire", "Droit retiré"),
                ],
                max_length=30,
                verbose_name="fait",
            ),
        ),
    ]
