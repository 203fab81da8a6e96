"""A point that the texts read leave open, settled by the fund for one contract."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from binome.dossiers.acteur import Acteur
from binome.dossiers.contrats.actes.ouvert import ouvrir
from binome.dossiers.contrats.etat import Etat
from binome.dossiers.contrats.journal import consigner, etat_de
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Evenement
from binome.dossiers.nomenclatures import Genre
from binome.simulation import NomLecture, points_du_contrat


@dataclass(frozen=True)
class ATrancher:
    """A point that a contract meets, and what the fund said of it."""

    point: str
    arbitrage: str
    question: str
    #: What each reading says, by its letter.
    lectures: dict[str, str]
    #: The reading settled; empty while it is not.
    tranchee: str


def points_a_trancher(etat: Etat) -> list[ATrancher]:
    """The points on which the law may give a contract two answers, settled or not."""
    signe = etat.situation.get("groupe" if etat.collectif else "contrat", {})
    deja = signe.get("lectures") or {}
    return [
        ATrancher(
            point=point.nom,
            arbitrage=point.arbitrage,
            question=point.question,
            lectures={"a": point.a.texte, "b": point.b.texte},
            tranchee=deja.get(point.nom) or "",
        )
        for point in points_du_contrat(etat.suivi(datetime.date.max))
    ]


@transaction.atomic
def trancher(
    contrat_id: int,
    acteur: Acteur,
    *,
    point: str,
    lecture: NomLecture,
    motif: str,
    quand: datetime.datetime | None = None,
) -> Evenement:
    """Settle an open point of a contract, with a written reason; settling again corrects it. Raises Refus.

    What is due follows from the reading for the whole contract: the next campaign pays, or takes back, the difference.
    """
    contrat = ouvrir(contrat_id, acteur, "point ouvert")
    connus = {p.point: p for p in points_a_trancher(etat_de(contrat))}
    if point not in connus:
        attendus = ", ".join(connus) or "aucun pour ce contrat"
        raise Refus(f"point « {point} » : un point ouvert de ce contrat est attendu ({attendus})")
    if not motif.strip():
        raise Refus("motif : attendu (le texte ou l'instruction qui tranche)")
    if connus[point].tranchee == lecture:
        raise Refus(f"point « {point} » : déjà tranché ainsi")
    return consigner(
        contrat,
        Genre.LECTURE,
        acteur,
        date_effet=timezone.localdate(quand),
        donnees={"point": point, "lecture": lecture.value},
        motif=motif.strip(),
        quand=quand,
    )
