"""What happens to the assistant: hired, gone, absent, in training, a secretary who was promoted."""

from __future__ import annotations

import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from binome.dossiers.acteur import Acteur
from binome.dossiers.contrats.actes.ouvert import dans_le_contrat, ouvrir
from binome.dossiers.contrats.journal import consigner, etat_de
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Assistant, Contrat, Embauche, Evenement, Piece
from binome.dossiers.models.contrat import Employeur, TypeContratTravail
from binome.dossiers.nomenclatures import ENGAGEANTS, Genre

#: Hundredths of an hour in a week: against typing errors.
HEURES_MAXIMUM = 4800


@transaction.atomic
def embaucher(
    contrat_id: int,
    assistant: Assistant,
    acteur: Acteur,
    *,
    date_debut: datetime.date,
    centiemes_heures: int,
    type_contrat: TypeContratTravail = TypeContratTravail.CDI,
    employeur: Employeur = Employeur.MEDECIN,
    employeur_nom: str = "",
    teletravail: str = "aucun",
    piece: Piece | None = None,
    quand: datetime.datetime | None = None,
) -> Embauche:
    """Record a hire, or a replacement. Raises Refus.

    `centiemes_heures` is the weekly time, in hundredths of an hour. The first hire is the one that the law reads.
    """
    contrat = ouvrir(contrat_id, acteur, "embauche", ENGAGEANTS)
    if assistant.caisse_id != contrat.caisse_id:
        raise Refus("assistant : une personne de la caisse est attendue")
    controler_embauche(contrat, assistant, date_debut, centiemes_heures)
    premiere = not contrat.embauches.exists()
    try:
        with transaction.atomic():
            embauche = Embauche.objects.create(
                contrat=contrat,
                assistant=assistant,
                employeur=employeur,
                employeur_nom=employeur_nom,
                type_contrat=type_contrat,
                centiemes_heures=centiemes_heures,
                teletravail=teletravail,
                date_debut=date_debut,
            )
    except IntegrityError as erreur:
        raise Refus(f"{assistant} est déjà en poste dans ce dossier") from erreur
    consigner(
        contrat,
        Genre.EMBAUCHE,
        acteur,
        date_effet=date_debut,
        donnees={
            "assistant": assistant.pk,
            "embauche": embauche.pk,
            "premiere": premiere,
            "date_embauche": date_debut.isoformat(),
            "profil_assistant": assistant.profil,
            "teletravail": teletravail,
            "centiemes_heures": centiemes_heures,
        },
        piece=piece,
        quand=quand,
    )
    return embauche


def controler_embauche(
    contrat: Contrat,
    assistant: Assistant,
    date_debut: datetime.date,
    centiemes_heures: int,
    sauf: Embauche | None = None,
) -> None:
    """Refuse a hire out of the contract, or hours that one person does not work in a week. Raises Refus."""
    if contrat.date_fin is not None and date_debut > contrat.date_fin:
        raise Refus(f"date d'embauche « {date_debut} » : date du contrat attendue (au plus le {contrat.date_fin})")
    if not 0 < centiemes_heures <= HEURES_MAXIMUM:
        raise Refus(f"heures « {centiemes_heures / 100:g} » : entre 0 et {HEURES_MAXIMUM // 100} par semaine attendu")
    ailleurs = [
        poste
        for poste in assistant.embauches.select_related("contrat__medecin", "contrat__structure")
        if (sauf is None or poste.pk != sauf.pk) and (poste.date_fin is None or poste.date_fin >= date_debut)
    ]
    total = centiemes_heures + sum(poste.centiemes_heures for poste in ailleurs)
    if total > HEURES_MAXIMUM:
        postes = ", ".join(
            f"{poste.centiemes_heures / 100:g} h dans le dossier {poste.contrat.numero}" for poste in ailleurs
        )
        raise Refus(
            f"heures : {assistant} en ferait {total / 100:g} par semaine ({postes}) ; "
            f"au plus {HEURES_MAXIMUM // 100} attendues : est-ce bien la même personne ?"
        )


@transaction.atomic
def faire_partir(
    embauche_id: int, acteur: Acteur, *, date_fin: datetime.date, motif: str, quand: datetime.datetime | None = None
) -> Embauche:
    """Record that an assistant left. Raises Refus."""
    embauche = Embauche.objects.select_related("assistant").get(pk=embauche_id)
    contrat = ouvrir(embauche.contrat_id, acteur, "départ de l'assistant")
    if embauche.date_fin is not None:
        raise Refus(f"{embauche.assistant} est déjà parti le {embauche.date_fin}")
    if date_fin < embauche.date_debut:
        raise Refus(f"date du départ « {date_fin} » : au plus tôt l'embauche ({embauche.date_debut})")
    if not motif.strip():
        raise Refus("motif : attendu")
    embauche.date_fin, embauche.motif_fin = date_fin, motif[:200]
    embauche.save(update_fields=["date_fin", "motif_fin"])
    consigner(
        contrat,
        Genre.DEPART,
        acteur,
        date_effet=date_fin,
        donnees={"embauche": embauche.pk, "assistant": embauche.assistant_id},
        motif=motif,
        quand=quand,
    )
    return embauche


@transaction.atomic
def noter_absence(
    contrat_id: int,
    acteur: Acteur,
    *,
    debut: datetime.date,
    fin: datetime.date | None = None,
    remplace: bool = False,
    motif: str = "",
    quand: datetime.datetime | None = None,
) -> Evenement:
    """Record a long absence of the assistant; the law says what follows. Raises Refus."""
    contrat = ouvrir(contrat_id, acteur, "absence", ENGAGEANTS)
    dans_le_contrat(contrat, debut, "premier jour d'absence")
    if fin is not None and fin < debut:
        raise Refus(f"dernier jour d'absence « {fin} » : date égale ou postérieure au premier attendue ({debut})")
    return consigner(
        contrat,
        Genre.ABSENCE,
        acteur,
        date_effet=debut,
        donnees={
            "date_debut_absence": debut.isoformat(),
            "date_fin_absence": None if fin is None else fin.isoformat(),
            "assistant_remplace": remplace,
        },
        motif=motif,
        quand=quand,
    )


@transaction.atomic
def noter_formation(
    contrat_id: int,
    assistant: Assistant,
    acteur: Acteur,
    *,
    commencee_le: datetime.date | None = None,
    obtenue_le: datetime.date | None = None,
    piece: Piece | None = None,
    quand: datetime.datetime | None = None,
) -> Evenement:
    """Record that the assistant's training began, or that they are qualified: deadlines are met. Raises Refus."""
    contrat = ouvrir(contrat_id, acteur, "formation", ENGAGEANTS)
    if not contrat.embauches.filter(assistant=assistant).exists():
        raise Refus(f"{assistant} n'est pas l'assistant de ce dossier")
    if commencee_le is None and obtenue_le is None:
        raise Refus("formation : une date de début ou d'obtention est attendue")
    debut = commencee_le or assistant.formation_commencee_le
    if obtenue_le is not None and debut is not None and obtenue_le < debut:
        raise Refus(f"qualification « {obtenue_le} » : date égale ou postérieure au début attendue ({debut})")
    assistant.formation_commencee_le = debut
    assistant.qualification_obtenue_le = obtenue_le or assistant.qualification_obtenue_le
    assistant.save(update_fields=["formation_commencee_le", "qualification_obtenue_le"])
    jour = obtenue_le or commencee_le
    assert jour is not None  # noqa: S101 - checked above
    return consigner(
        contrat,
        Genre.FORMATION,
        acteur,
        date_effet=jour,
        donnees={
            "assistant": assistant.pk,
            "commencee_le": None if commencee_le is None else commencee_le.isoformat(),
            "obtenue_le": None if obtenue_le is None else obtenue_le.isoformat(),
        },
        piece=piece,
        quand=quand,
    )


@transaction.atomic
def noter_secretaire(
    contrat_id: int,
    acteur: Acteur,
    *,
    remplacement: str,
    date: datetime.date | None,
    piece: Piece | None = None,
    quand: datetime.datetime | None = None,
) -> Evenement:
    """Record how the promoted secretary was replaced, or that she was not. Raises Refus."""
    contrat = ouvrir(contrat_id, acteur, "remplacement de la secrétaire", ENGAGEANTS)
    if not etat_de(contrat).lire().assistant.secretaire_promue:
        raise Refus("remplacement de la secrétaire : l'assistant de ce dossier n'est pas une secrétaire promue")
    donnees = {
        "remplacement_secretaire": remplacement,
        "date_remplacement_secretaire": None if date is None else date.isoformat(),
    }
    return consigner(
        contrat,
        Genre.SECRETAIRE,
        acteur,
        date_effet=date or timezone.localdate(quand),
        donnees=donnees,
        piece=piece,
        quand=quand,
    )
