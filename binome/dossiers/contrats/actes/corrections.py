"""What was recorded wrong: a later event says what is true, the first one stays as it was written.

A correction is not an amendment: it says what always was. What is due is counted again with it; the next campaign pays
or takes back the difference.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from pydantic import ValidationError

from binome.dossiers.acteur import Acteur
from binome.dossiers.contrats.actes import avenants
from binome.dossiers.contrats.actes.assistant import controler_embauche
from binome.dossiers.contrats.actes.ouvert import dans_le_contrat, ouvrir
from binome.dossiers.contrats.au import DU_POSTE
from binome.dossiers.contrats.etat import Fait
from binome.dossiers.contrats.journal import consigner, tenus
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Assistant, Contrat, Embauche, Evenement
from binome.dossiers.nomenclatures import SIGNES, Genre

#: What may be corrected.
CORRIGEABLES = frozenset(
    {Genre.EMBAUCHE, Genre.DEPART, Genre.ABSENCE, Genre.FORMATION, Genre.SECRETAIRE, Genre.AVENANT}
)
#: Columns of who was hired that a correction may change, with those of the post (`au.DU_POSTE`).
DE_LA_PERSONNE = ("nom", "prenom", "profil")


def corrigeable(contrat: Contrat, numero: int) -> Fait:
    """An event that holds and that may be corrected, as it is known now. Raises Refus."""
    fait = next((fait for fait in tenus(contrat) if fait.numero == numero), None)
    if fait is None or Genre(fait.genre) not in CORRIGEABLES:
        raise Refus(f"événement « {numero} » : un acte de ce dossier qui se corrige est attendu")
    return fait


def _ouvrir(contrat_id: int, numero: int, acteur: Acteur, motif: str, genre: Genre) -> tuple[Contrat, Fait]:
    contrat = ouvrir(contrat_id, acteur, "correction", SIGNES)
    fait = corrigeable(contrat, numero)
    if fait.genre != genre:
        raise Refus(f"événement « {numero} » : « {genre.label} » attendu")
    if not motif.strip():
        raise Refus("motif : attendu (ce qui était faux)")
    return contrat, fait


def _corriger(
    contrat: Contrat,
    fait: Fait,
    acteur: Acteur,
    *,
    date_effet: datetime.date,
    donnees: Mapping[str, Any],
    motif: str,
    avant: Mapping[str, Any] | None = None,
    quand: datetime.datetime | None = None,
) -> Evenement:
    if (
        date_effet == fait.date_effet
        and all(fait.donnees.get(nom) == dit for nom, dit in donnees.items())
        and not avant
    ):
        raise Refus("correction : rien n'est changé")
    try:
        return consigner(
            contrat,
            Genre.CORRECTION,
            acteur,
            date_effet=date_effet,
            donnees={
                "numero": fait.numero,
                "genre": str(fait.genre),
                "donnees": dict(donnees),
                "avant": dict(avant or {}),
            },
            motif=motif.strip(),
            quand=quand,
        )
    except ValidationError as erreur:
        raise Refus(*(str(dite["msg"]) for dite in erreur.errors())) from erreur


@transaction.atomic
def corriger_embauche(
    contrat_id: int,
    numero: int,
    acteur: Acteur,
    *,
    dites: Mapping[str, Any],
    motif: str,
    quand: datetime.datetime | None = None,
) -> Evenement:
    """Correct a hire: its day, its hours, its employer, or who was hired. Raises Refus."""
    contrat, fait = _ouvrir(contrat_id, numero, acteur, motif, Genre.EMBAUCHE)
    embauche = Embauche.objects.select_for_update(of=("self",)).get(pk=fait.donnees["embauche"])
    assistant = embauche.assistant
    debut = dites["date_debut"]
    if embauche.date_fin is not None and debut > embauche.date_fin:
        raise Refus(f"date d'embauche « {debut} » : au plus tard le départ ({embauche.date_fin})")
    controler_embauche(contrat, assistant, debut, dites["centiemes_heures"], sauf=embauche)
    avant: dict[str, Any] = {}
    for objet, champs in ((embauche, DU_POSTE), (assistant, DE_LA_PERSONNE)):
        for champ in champs:
            valeur = getattr(objet, champ)
            if valeur != dites[champ]:
                avant[champ] = valeur.isoformat() if isinstance(valeur, datetime.date) else valeur
                setattr(objet, champ, dites[champ])
    if not avant:
        raise Refus("correction : rien n'est changé")
    embauche.save()
    assistant.save(update_fields=list(DE_LA_PERSONNE))
    donnees = {
        "date_embauche": debut.isoformat(),
        "profil_assistant": dites["profil"],
        "teletravail": dites["teletravail"],
        "centiemes_heures": dites["centiemes_heures"],
    }
    return _corriger(contrat, fait, acteur, date_effet=debut, donnees=donnees, motif=motif, avant=avant, quand=quand)


@transaction.atomic
def corriger_depart(
    contrat_id: int,
    numero: int,
    acteur: Acteur,
    *,
    date_fin: datetime.date,
    motif: str,
    quand: datetime.datetime | None = None,
) -> Evenement:
    """Correct the last day of an assistant. Raises Refus."""
    contrat, fait = _ouvrir(contrat_id, numero, acteur, motif, Genre.DEPART)
    embauche = Embauche.objects.get(pk=fait.donnees["embauche"])
    if date_fin < embauche.date_debut:
        raise Refus(f"date du départ « {date_fin} » : au plus tôt l'embauche ({embauche.date_debut})")
    embauche.date_fin = date_fin
    embauche.save(update_fields=["date_fin"])
    return _corriger(contrat, fait, acteur, date_effet=date_fin, donnees={}, motif=motif, quand=quand)


@transaction.atomic
def corriger_absence(
    contrat_id: int,
    numero: int,
    acteur: Acteur,
    *,
    debut: datetime.date,
    fin: datetime.date | None,
    remplace: bool,
    motif: str,
    quand: datetime.datetime | None = None,
) -> Evenement:
    """Correct the days of an absence, or whether the assistant was replaced. Raises Refus."""
    contrat, fait = _ouvrir(contrat_id, numero, acteur, motif, Genre.ABSENCE)
    dans_le_contrat(contrat, debut, "premier jour d'absence")
    if fin is not None and fin < debut:
        raise Refus(f"dernier jour d'absence « {fin} » : date égale ou postérieure au premier attendue ({debut})")
    donnees = {
        "date_debut_absence": debut.isoformat(),
        "date_fin_absence": None if fin is None else fin.isoformat(),
        "assistant_remplace": remplace,
    }
    return _corriger(contrat, fait, acteur, date_effet=debut, donnees=donnees, motif=motif, quand=quand)


@transaction.atomic
def corriger_formation(
    contrat_id: int,
    numero: int,
    acteur: Acteur,
    *,
    commencee_le: datetime.date | None,
    obtenue_le: datetime.date | None,
    motif: str,
    quand: datetime.datetime | None = None,
) -> Evenement:
    """Correct the dates of a training. Raises Refus."""
    contrat, fait = _ouvrir(contrat_id, numero, acteur, motif, Genre.FORMATION)
    if commencee_le is not None and obtenue_le is not None and obtenue_le < commencee_le:
        raise Refus(f"qualification « {obtenue_le} » : date égale ou postérieure au début attendue ({commencee_le})")
    jour = obtenue_le or commencee_le
    if jour is None:
        raise Refus("formation : une date de début ou d'obtention est attendue")
    donnees = {
        "commencee_le": None if commencee_le is None else commencee_le.isoformat(),
        "obtenue_le": None if obtenue_le is None else obtenue_le.isoformat(),
    }
    ecrit = _corriger(contrat, fait, acteur, date_effet=jour, donnees=donnees, motif=motif, quand=quand)
    recompter_la_formation(Assistant.objects.get(pk=fait.donnees["assistant"]))
    return ecrit


def recompter_la_formation(assistant: Assistant) -> None:
    """The dates of an assistant's training, from what holds in all their files."""
    debut: str | None = None
    obtention: str | None = None
    for contrat in Contrat.objects.filter(embauches__assistant=assistant).distinct().order_by("pk"):
        for fait in tenus(contrat):
            if fait.genre == Genre.FORMATION and fait.donnees["assistant"] == assistant.pk:
                debut = fait.donnees["commencee_le"] or debut
                obtention = fait.donnees["obtenue_le"] or obtention
    assistant.formation_commencee_le = None if debut is None else datetime.date.fromisoformat(debut)
    assistant.qualification_obtenue_le = None if obtention is None else datetime.date.fromisoformat(obtention)
    assistant.save(update_fields=["formation_commencee_le", "qualification_obtenue_le"])


@transaction.atomic
def corriger_secretaire(
    contrat_id: int,
    numero: int,
    acteur: Acteur,
    *,
    remplacement: str,
    date: datetime.date | None,
    motif: str,
    quand: datetime.datetime | None = None,
) -> Evenement:
    """Correct how the promoted secretary was replaced. Raises Refus."""
    contrat, fait = _ouvrir(contrat_id, numero, acteur, motif, Genre.SECRETAIRE)
    donnees = {
        "remplacement_secretaire": remplacement,
        "date_remplacement_secretaire": None if date is None else date.isoformat(),
    }
    return _corriger(
        contrat, fait, acteur, date_effet=date or fait.date_effet, donnees=donnees, motif=motif, quand=quand
    )


@transaction.atomic
def corriger_avenant(
    contrat_id: int,
    numero: int,
    acteur: Acteur,
    *,
    date_effet: datetime.date,
    changements: Mapping[str, Any],
    motif: str,
    quand: datetime.datetime | None = None,
) -> Evenement:
    """Correct what an amendment changes, or from when. Raises Refus, SituationInvalide."""
    contrat, fait = _ouvrir(contrat_id, numero, acteur, motif, Genre.AVENANT)
    avenants.controler(contrat, date_effet, changements, timezone.localdate(quand))
    donnees = {"changements": dict(changements)}
    return _corriger(contrat, fait, acteur, date_effet=date_effet, donnees=donnees, motif=motif, quand=quand)
