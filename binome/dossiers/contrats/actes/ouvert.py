"""The contract that an act writes to: locked, in a state that admits the act, held by who may act."""

from __future__ import annotations

import datetime

from binome.dossiers.acteur import Acteur
from binome.dossiers.contrats.cycle import GESTION
from binome.dossiers.contrats.journal import verrouiller
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Contrat
from binome.dossiers.nomenclatures import SIGNES, Statut


def ouvrir(contrat_id: int, acteur: Acteur, quoi: str, statuts: tuple[Statut, ...] = SIGNES) -> Contrat:
    """The locked contract, if this actor may act on it in this state. Raises Refus."""
    contrat = verrouiller(contrat_id)
    if acteur.role not in GESTION or acteur.caisse_id != contrat.caisse_id:
        raise Refus(f"{quoi} : réservé à un gestionnaire ou au responsable de la caisse")
    if contrat.statut not in statuts:
        raise Refus(f"{quoi} : dossier « {contrat.get_statut_display()} »")
    return contrat


def dans_le_contrat(contrat: Contrat, date: datetime.date, champ: str) -> None:
    """Refuse a date out of the contract, naming its field. Raises Refus."""
    signature, fin = contrat.date_signature, contrat.date_fin
    if signature is not None and date < signature:
        raise Refus(f"{champ} « {date} » : date égale ou postérieure à la signature attendue ({signature})")
    if fin is not None and date > fin:
        raise Refus(f"{champ} « {date} » : date du contrat attendue (au plus le {fin})")
