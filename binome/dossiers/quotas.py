"""How much may be sent and kept: by an account in a day, in the file of a contract, in a whole fund.

Counted in the transaction that keeps what was sent, the fund's row locked: two at once cannot both take the last place.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.db.models import F, QuerySet, Sum
from django.db.models.functions import Length
from django.utils import timezone

from binome.dossiers.acteur import Acteur
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Caisse, FichierBancaire, ImportReleves, Piece

JOUR = datetime.timedelta(days=1)


def prendre_place(caisse_id: int, acteur: Acteur, taille: int, *, contrat_id: int | None = None) -> None:
    """Refuse what would pass a quota (`taille` in bytes). Inside a transaction, which it makes wait. Raises Refus."""
    reserver_le_depot(Caisse.objects.filter(pk=caisse_id))
    if acteur.utilisateur is not None:
        envoye = du_compte(acteur.utilisateur.pk, timezone.now() - JOUR)
        _refuser(
            "de votre compte", "envoyés depuis 24 heures", envoye, taille, settings.QUOTA_COMPTE, "reprenez demain"
        )
    if contrat_id is not None:
        tenu = _somme([Piece.objects.filter(contrat=contrat_id, effacee_le=None)])
        _refuser("du dossier", "de pièces", tenu, taille, settings.QUOTA_DOSSIER, "demandez à l'administrateur")
    tenu = de_la_caisse(caisse_id)
    _refuser("de la caisse", "gardés", tenu, taille, settings.QUOTA_CAISSE, "demandez à l'administrateur")


def reserver_le_depot(caisses: QuerySet[Caisse]) -> None:
    """Wait for whoever sends a document to these funds, and make the next one wait until the end of the transaction."""
    list(caisses.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def du_compte(utilisateur_id: int, depuis: datetime.datetime) -> int:
    """Bytes that an account has sent since then, whatever became of them."""
    return _somme(
        [
            Piece.objects.filter(deposee_par=utilisateur_id, deposee_le__gte=depuis),
            ImportReleves.objects.filter(auteur=utilisateur_id, cree_le__gte=depuis),
            FichierBancaire.objects.filter(auteur=utilisateur_id, cree_le__gte=depuis, sens=FichierBancaire.Sens.RECU),
        ]
    )


def de_la_caisse(caisse_id: int) -> int:
    """Bytes that the files of a fund take: documents, statements, bank's files."""
    return _somme(
        [
            Piece.objects.filter(caisse=caisse_id, effacee_le=None),
            ImportReleves.objects.filter(caisse=caisse_id),
            FichierBancaire.objects.filter(caisse=caisse_id),
        ]
    )


def _somme(listes: Iterable[QuerySet[Piece] | QuerySet[ImportReleves] | QuerySet[FichierBancaire]]) -> int:
    return sum(
        liste.order_by().aggregate(octets=Sum(F("taille") if liste.model is Piece else Length("octets")))["octets"] or 0
        for liste in listes
    )


def _refuser(de_qui: str, quoi: str, tenu: int, taille: int, quota: int, ensuite: str) -> None:
    if tenu + taille > quota:
        raise Refus(
            f"quota {de_qui} : {tenu / 1e6:.1f} Mo {quoi}, et {taille / 1e6:.1f} Mo ici, "
            f"pour {quota / 1e6:g} Mo au plus ; {ensuite}".replace(".", ",")
        )
