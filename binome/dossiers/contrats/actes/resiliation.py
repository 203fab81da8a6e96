"""A termination to come: withdrawn before its day, as if it had not been announced."""

from __future__ import annotations

import datetime

from django.db import IntegrityError, transaction

from binome import francais
from binome.dossiers.acteur import Acteur
from binome.dossiers.contrats.actes.annulation import engager_de_nouveau
from binome.dossiers.contrats.actes.ouvert import ouvrir
from binome.dossiers.contrats.journal import consigner, etat_de
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Contrat, Evenement
from binome.dossiers.nomenclatures import ENGAGEANTS, Genre


def annoncee(contrat: Contrat) -> bool:
    """True when a termination is to come."""
    return etat_de(contrat).fin_annoncee is not None


@transaction.atomic
def retirer(contrat_id: int, acteur: Acteur, *, motif: str, quand: datetime.datetime | None = None) -> Evenement:
    """Withdraw a termination to come: the contract runs to its term again. Raises Refus."""
    contrat = ouvrir(contrat_id, acteur, "retrait de la résiliation", ENGAGEANTS)
    fin = etat_de(contrat).fin_annoncee
    if fin is None:
        raise Refus("retrait de la résiliation : aucune n'est annoncée")
    if not motif.strip():
        raise Refus("motif : attendu")
    evenement = consigner(contrat, Genre.RESILIATION_RETIREE, acteur, date_effet=fin, motif=motif.strip(), quand=quand)
    try:
        with transaction.atomic():
            contrat.adhesions.filter(fin=fin).update(fin=None)
            engager_de_nouveau(contrat)
    except IntegrityError as erreur:
        raise Refus(
            f"retrait de la résiliation : un médecin s'est engagé ailleurs après le {francais.date_courte(fin)}"
        ) from erreur
    return evenement
