"""What changes the terms of a contract: an amendment, the switch to the newer rules."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from binome import francais
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


#: What is notified anew when a contract passes to the newer rules: they do not count the same patients.
DE_LA_BASCULE = ("objectifs_notifies.patientele_mt", "objectifs_notifies.file_active")


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
    controler(contrat, date_effet, changements, timezone.localdate(quand))
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


def controler(contrat: Contrat, date_effet: datetime.date, changements: Mapping[str, Any], jour: datetime.date) -> None:
    """Refuse what an amendment cannot change, or a day that begins no year. Raises Refus, SituationInvalide."""
    if not changements:
        raise Refus("avenant : au moins un changement attendu")
    inconnus = [chemin for chemin in changements if chemin not in AMENDABLES]
    if inconnus:
        raise Refus(f"avenant : {', '.join(inconnus)} ne se change pas par avenant")
    debuts = anniversaires(contrat)
    if date_effet not in debuts:
        dates = ", ".join(str(debut) for debut in debuts[1:])
        raise Refus(f"date d'effet « {date_effet} » : premier jour d'une année du contrat attendu ({dates})")
    situation = etat_de(contrat).situation
    membres = changements.get("groupe.membres")
    if membres is not None and len(membres) != len(situation["groupe"]["membres"]):
        raise Refus("avenant : qui entre et qui sort s'enregistre par les actes des adhérents")
    donnees: Mapping[str, Any] = situation
    for chemin, valeur in changements.items():
        donnees = modifier(donnees, chemin, valeur)
    # An objective typed as a gain, a number beyond one doctor: refused here as by every other door.
    ouverture.controler(lire_situation(donnees), max(jour, date_effet))


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
    inconnus = [chemin for chemin in objectifs or {} if chemin not in DE_LA_BASCULE]
    if inconnus:
        raise Refus(f"passage aux règles nouvelles : {', '.join(inconnus)} ne se change pas ainsi")
    situation = modifier(etat.situation, "contrat.date_bascule", date.isoformat())
    for chemin, valeur in (objectifs or {}).items():
        situation = modifier(situation, chemin, valeur)
    essai = etat.model_copy(update={"situation": situation})
    if not bascule_admise(lire_situation(situation), timezone.localdate(quand)):
        raise Refus("passage aux règles nouvelles : il ne s'ouvre ni à ce régime ni à cette date")
    fige = ouverture.figer(essai.lire(), max(timezone.localdate(quand), date))
    notifie = etat.lire().objectifs_notifies.patientele_mt
    if (
        notifie is not None
        and notifie.cible is not None
        and etat.verdict.get("adultes_seuls") != fige["verdict"]["adultes_seuls"]
        and DE_LA_BASCULE[0] not in (objectifs or {})
    ):
        raise Refus(
            f"objectif de patients médecin traitant : {francais.nombre(notifie.cible)} comptait les adultes seuls ; "
            "l'objectif notifié sous les règles nouvelles est attendu"
        )
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
