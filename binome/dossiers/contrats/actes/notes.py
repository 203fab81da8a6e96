"""What is written in the file: a free note, a deadline that was met."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone

from binome.dossiers.acteur import Acteur
from binome.dossiers.contrats.actes.ouvert import ouvrir
from binome.dossiers.contrats.journal import consigner, verrouiller
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Echeance, Evenement
from binome.dossiers.nomenclatures import Genre


@transaction.atomic
def faire_echeance(
    echeance: Echeance, acteur: Acteur, *, date: datetime.date, motif: str = "", quand: datetime.datetime | None = None
) -> Evenement:
    """Record that what a deadline asks for was done. Raises Refus."""
    contrat = ouvrir(echeance.contrat_id, acteur, "échéance")
    if echeance.faite_le is not None:
        raise Refus(f"{echeance.libelle} : déjà fait le {echeance.faite_le}")
    if date > timezone.localdate(quand):
        raise Refus(f"date « {date} » : date passée attendue")
    echeance.faite_le = date
    echeance.save(update_fields=["faite_le"])
    donnees = {"echeance": echeance.nom}
    return consigner(contrat, Genre.ECHEANCE, acteur, date_effet=date, donnees=donnees, motif=motif, quand=quand)


@transaction.atomic
def noter(contrat_id: int, acteur: Acteur, texte: str, *, quand: datetime.datetime | None = None) -> Evenement:
    """A free note in the file. Raises Refus."""
    contrat = verrouiller(contrat_id)
    if acteur.caisse_id != contrat.caisse_id:
        raise Refus("note : réservé aux agents de la caisse")
    if not texte.strip():
        raise Refus("note : texte attendu")
    return consigner(
        contrat, Genre.NOTE, acteur, date_effet=timezone.localdate(quand), motif=texte.strip(), quand=quand
    )
