"""What changes the terms of a contract: an amendment, the switch to the newer rules."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from binome.dossiers.acteur import Acteur
from binome.dossiers.contrats import ouverture
from binome.dossiers.contrats.actes.ouvert import dans_le_contrat, ouvrir
from binome.dossiers.contrats.etat import NOTIFIABLES, modifier
from binome.dossiers.contrats.journal import consigner, etat_de
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Contrat, Evenement, Piece
from binome.dossiers.nomenclatures import ENGAGEANTS, Genre, Statut
from binome.simulation import (
    Simulation,
    Situation,
    ancre_des_annees,
    annees_du_contrat,
    bornes_des_annees,
    lire_situation,
    loi_du_processus,
)

#: Parts of the situation that an amendment may change.
AMENDABLES = (
    *NOTIFIABLES,
    "medecin.quotite_liberale",
    "contrat.option",
    "groupe.etp_demandes",
    "groupe.membres",
)


def anniversaires(contrat: Contrat) -> list[datetime.date]:
    """First days of the contract years, the signature included."""
    return bornes_des_annees(ancre_des_annees(etat_de(contrat).lire()), annees_du_contrat(loi_du_processus()))[0]


@transaction.atomic
def amender(
    contrat_id: int,
    acteur: Acteur,
    *,
    date_effet: datetime.date,
    changements: Mapping[str, Any],
    motif: str,
    piece: Piece | None = None,
    quand: datetime.datetime | None = None,
) -> Evenement:
    """Amend a contract from the first day of one of its years (docs/adr/0012). Raises Refus, SituationInvalide."""
    contrat = ouvrir(contrat_id, acteur, "avenant", ENGAGEANTS)
    if not motif.strip():
        raise Refus("motif : attendu (les circonstances)")
    if not changements:
        raise Refus("avenant : au moins un changement attendu")
    inconnus = [chemin for chemin in changements if chemin not in AMENDABLES]
    if inconnus:
        raise Refus(f"avenant : {', '.join(inconnus)} ne se change pas par avenant")
    debuts = anniversaires(contrat)
    if date_effet not in debuts:
        dates = ", ".join(str(debut) for debut in debuts[1:])
        raise Refus(f"date d'effet « {date_effet} » : premier jour d'une année du contrat attendu ({dates})")
    donnees: Mapping[str, Any] = etat_de(contrat).situation
    for chemin, valeur in changements.items():
        donnees = modifier(donnees, chemin, valeur)
    # An objective typed as a gain, a number beyond one doctor: refused here as by every other door.
    ouverture.controler(lire_situation(donnees), max(timezone.localdate(quand), date_effet))
    return consigner(
        contrat,
        Genre.AVENANT,
        acteur,
        date_effet=date_effet,
        donnees={"changements": dict(changements)},
        motif=motif,
        piece=piece,
        quand=quand,
    )


@transaction.atomic
def basculer(
    contrat_id: int,
    acteur: Acteur,
    *,
    date: datetime.date,
    objectifs: Mapping[str, Any] | None = None,
    piece: Piece | None = None,
    quand: datetime.datetime | None = None,
) -> Evenement:
    """Switch an old contract to the newer rules, at the doctor's request, if the law opens it. Raises Refus."""
    contrat = ouvrir(contrat_id, acteur, "passage aux règles nouvelles", (Statut.EN_COURS, Statut.SIGNE))
    dans_le_contrat(contrat, date, "date du passage")
    etat = etat_de(contrat)
    if etat.collectif:
        raise Refus("passage aux règles nouvelles : un contrat individuel est attendu")
    if etat.lire().contrat is not None and etat.situation["contrat"].get("date_bascule"):
        raise Refus(f"passage aux règles nouvelles : déjà fait le {etat.situation['contrat']['date_bascule']}")
    essai = etat.model_copy(update={"situation": modifier(etat.situation, "contrat.date_bascule", date.isoformat())})
    if not bascule_admise(essai.lire(), timezone.localdate(quand)):
        raise Refus("passage aux règles nouvelles : il ne s'ouvre ni à ce régime ni à cette date")
    fige = ouverture.figer(essai.lire(), max(timezone.localdate(quand), date))
    return consigner(
        contrat,
        Genre.BASCULE,
        acteur,
        date_effet=date,
        donnees={
            "changements": dict(objectifs or {}),
            # Objectives are counted anew; the answer on eligibility stays that of the signature.
            "verdict": {nom: fige["verdict"][nom] for nom in ("objectifs", "adultes_seuls", "bande")},
        },
        piece=piece,
        quand=quand,
    )


def bascule_admise(situation: Situation, jour: datetime.date) -> bool:
    """True when the law admits the switch that a situation asks for."""
    simulation = Simulation(situation, max(jour, situation.date_signature))
    return simulation.calcul.vrai("bascule_admise", simulation.ligne)
