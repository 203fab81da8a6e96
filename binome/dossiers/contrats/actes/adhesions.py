"""The members of a collective contract: who joins, who leaves, the form that each signed."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from binome import francais
from binome.dossiers import faits
from binome.dossiers.acteur import Acteur
from binome.dossiers.contrats.actes.avenants import anniversaires
from binome.dossiers.contrats.actes.ouvert import dans_le_contrat, ouvrir
from binome.dossiers.contrats.journal import consigner
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Adhesion, Contrat, Engagement, Medecin, Piece
from binome.dossiers.nomenclatures import ENGAGEANTS, CauseDeSortie, Dispositif, Genre, Statut


@transaction.atomic
def faire_adherer(
    contrat_id: int,
    medecin: Medecin,
    acteur: Acteur,
    *,
    date: datetime.date,
    bulletin: Piece,
    quand: datetime.datetime | None = None,
) -> Adhesion:
    """A doctor joins a signed collective contract, on one of its anniversaries. Raises Refus.

    The years that start from then on are read with them, their patient list being that of their last statement.
    """
    contrat = ouvrir(contrat_id, acteur, "adhésion", ENGAGEANTS)
    _collectif_a_l_anniversaire(contrat, date)
    assert contrat.date_fin is not None  # noqa: S101 - a signed contract has a term
    try:
        with transaction.atomic():
            adhesion, nouvelle = Adhesion.objects.get_or_create(
                contrat=contrat, medecin=medecin, defaults={"debut": date, "bulletin": bulletin}
            )
            if not nouvelle:
                raise Refus(f"{medecin} adhère ou a déjà adhéré à ce contrat")
            Engagement.objects.create(
                contrat=contrat, medecin=medecin, rpps=medecin.rpps, debut=date, fin=contrat.date_fin
            )
    except IntegrityError as erreur:
        raise Refus(f"{medecin} est déjà engagé par un autre contrat à ces dates") from erreur
    consigner(
        contrat,
        Genre.ADHESION,
        acteur,
        date_effet=date,
        donnees={"medecin": medecin.pk, "membre": _membre(medecin, date)},
        piece=bulletin,
        quand=quand,
    )
    return adhesion


def _membre(medecin: Medecin, date: datetime.date) -> dict[str, Any]:
    """A new member as the law reads them. Raises Refus without the statement that their results are compared with."""
    releve = medecin.releves.filter(date__lt=date, patientele_mt__isnull=False).order_by("-date").first()
    if releve is None:
        raise Refus(
            f"{medecin} : relevé antérieur au {francais.date_courte(date)} attendu, patients médecin traitant "
            "compris ; ses résultats se comptent à partir de lui (0 pour qui n'a encore aucun patient)"
        )
    return faits.membre_de(medecin, releve, date)


@transaction.atomic
def retirer(
    adhesion_id: int,
    acteur: Acteur,
    *,
    date: datetime.date,
    cause: str = "",
    motif: str,
    quand: datetime.datetime | None = None,
) -> Adhesion:
    """A doctor leaves a collective contract: on one of its anniversaries, or on the day of what makes them leave.

    The years that start from then on are read without them, at the start as in the results. Raises Refus.
    """
    adhesion = Adhesion.objects.select_related("medecin").get(pk=adhesion_id)
    contrat = ouvrir(adhesion.contrat_id, acteur, "sortie d'un adhérent", ENGAGEANTS)
    pourquoi = CauseDeSortie(cause or CauseDeSortie.CHOIX)
    if pourquoi == CauseDeSortie.CHOIX:
        _collectif_a_l_anniversaire(contrat, date)
    elif date > timezone.localdate(quand):
        raise Refus(f"date de sortie « {date} » : date passée attendue pour « {pourquoi.label} »")
    dans_le_contrat(contrat, date, "date de sortie")
    if adhesion.fin is not None:
        raise Refus(f"{adhesion.medecin} est déjà sorti le {adhesion.fin}")
    veille = date - datetime.timedelta(days=1)
    if adhesion.debut is not None and veille < adhesion.debut:
        raise Refus(f"date de sortie « {date} » : postérieure à l'entrée attendue ({adhesion.debut})")
    adhesion.fin = veille
    adhesion.save(update_fields=["fin"])
    contrat.engagements.filter(medecin=adhesion.medecin, fin__gt=veille).update(fin=veille)
    consigner(
        contrat,
        Genre.RETRAIT,
        acteur,
        date_effet=date,
        donnees={
            "medecin": adhesion.medecin_id,
            "rang": _rang_de_signataire(contrat, adhesion),
            "cause": pourquoi.value,
        },
        motif=motif,
        quand=quand,
    )
    return adhesion


def _rang_de_signataire(contrat: Contrat, adhesion: Adhesion) -> int | None:
    """Rank of a member among those who signed, in the order of the simulation; None for who joined later."""
    signataires = contrat.adhesions.filter(debut=contrat.date_signature).order_by("pk").values_list("pk", flat=True)
    return list(signataires).index(adhesion.pk) if adhesion.debut == contrat.date_signature else None


def _collectif_a_l_anniversaire(contrat: Contrat, date: datetime.date) -> None:
    if contrat.dispositif != Dispositif.COLLECTIF:
        raise Refus("adhésion : un contrat collectif est attendu")
    debuts = anniversaires(contrat)
    if date not in debuts:
        dates = ", ".join(str(debut) for debut in debuts[1:])
        raise Refus(f"date « {date} » : anniversaire du contrat attendu ({dates})")


@transaction.atomic
def recevoir_bulletin(
    contrat_id: int, adhesion: Adhesion, bulletin: Piece, acteur: Acteur, *, quand: datetime.datetime | None = None
) -> None:
    """Tie a member of a collective contract to the form that they signed. Raises Refus."""
    contrat = ouvrir(contrat_id, acteur, "bulletin d'adhésion", (Statut.BROUILLON, Statut.A_SIGNER))
    if adhesion.contrat_id != contrat.pk or bulletin.contrat_id != contrat.pk:
        raise Refus("bulletin d'adhésion : un adhérent et une pièce de ce dossier sont attendus")
    adhesion.bulletin = bulletin
    adhesion.save(update_fields=["bulletin"])
    consigner(
        contrat,
        Genre.NOTE,
        acteur,
        date_effet=timezone.localdate(quand),
        donnees={"medecin": adhesion.medecin_id, "bulletin": bulletin.pk},
        motif=f"Bulletin d'adhésion de {adhesion.medecin}",
        piece=bulletin,
        quand=quand,
    )
