"""What accounts held before: factors are encrypted, addresses that were taken without proof are dropped."""

from typing import Any

from django.db import migrations
from django.db.models import F
from django.db.models.functions import Lower


def chiffrer(apps: Any, schema_editor: Any) -> None:
    """Encrypt the secrets that are in clear."""
    from binome.site.comptes.facteurs import CHAMPS, MARQUE
    from binome.site.comptes.facteurs import chiffrer as chiffrer_un

    def un(garde: str) -> str:
        return garde if garde.startswith(MARQUE) else chiffrer_un(garde)

    for facteur in apps.get_model("mfa", "Authenticator").objects.filter(type__in=[str(t) for t in CHAMPS]):
        for champ in ("secret", "seed", "migrated_codes"):
            garde = facteur.data.get(champ)
            if garde is not None:
                facteur.data[champ] = [un(g) for g in garde] if isinstance(garde, list) else un(garde)
        facteur.save(update_fields=["data"])


def retirer_les_adresses_prises(apps: Any, schema_editor: Any) -> None:
    """An address that is not the account's own was added without proof: it opens nothing."""
    adresses = apps.get_model("account", "EmailAddress").objects
    adresses.annotate(dite=Lower("email"), propre=Lower("user__email")).exclude(dite=F("propre")).delete()


class Migration(migrations.Migration):
    """Data only."""

    dependencies = [
        ("comptes", "0002_gardes"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("dossiers", "0001_initiale"),
    ]
    operations = [
        migrations.RunPython(chiffrer, migrations.RunPython.noop),
        migrations.RunPython(retirer_les_adresses_prises, migrations.RunPython.noop),
    ]
