"""What happens during a contract besides changes of state: hires, absences, training, amendments, switch, members."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from binome.dossiers.acteur import Acteur
from binome.dossiers.contrats import ouverture
from binome.dossiers.contrats.cycle import GESTION
from binome.dossiers.contrats.etat import modifier
from binome.dossiers.contrats.journal import consigner, etat_de, suivi_de, verrouiller
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import (
    Adhesion,
    Assistant,
    Contrat,
    Echeance,
    Embauche,
    Engagement,
    Evenement,
    Medecin,
    Piece,
    Releve,
)
from binome.dossiers.models.contrat import Employeur, TypeContratTravail
from binome.dossiers.nomenclatures import ENGAGEANTS, SIGNES, Dispositif, Genre, Statut
from binome.simulation.contrats_suivis import bornes_des_annees
from binome.simulation.modele.situation import Situation
from binome.simulation.moteur.systeme import annees_du_contrat, systeme
from binome.simulation.reponse.simuler import Simulation

#: Parts of the situation that an amendment may change.
AMENDABLES = (
    "objectifs_notifies.patientele_mt",
    "objectifs_notifies.file_active",
    "montants_notifies.annee_1",
    "montants_notifies.annee_2",
    "montants_notifies.annee_3_et_suivantes",
    "medecin.quotite_liberale",
    "contrat.option",
    "contrat.bande_notifiee",
    "groupe.etp_demandes",
    "groupe.membres",
)


def _ouvrir(contrat_id: int, acteur: Acteur, quoi: str, statuts: tuple[Statut, ...] = SIGNES) -> Contrat:
    """The locked contract, if this actor may act on it in this state."""
    contrat = verrouiller(contrat_id)
    if acteur.role not in GESTION or acteur.caisse_id != contrat.caisse_id:
        raise Refus(f"{quoi} : réservé à un gestionnaire ou au responsable de la caisse")
    if contrat.statut not in statuts:
        raise Refus(f"{quoi} : dossier « {contrat.get_statut_display()} »")
    return contrat


def _dans_le_contrat(contrat: Contrat, date: datetime.date, champ: str) -> None:
    signature, fin = contrat.date_signature, contrat.date_fin
    if signature is not None and date < signature:
        raise Refus(f"{champ} « {date} » : date égale ou postérieure à la signature attendue ({signature})")
    if fin is not None and date > fin:
        raise Refus(f"{champ} « {date} » : date du contrat attendue (au plus le {fin})")


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
    contrat = _ouvrir(contrat_id, acteur, "embauche", ENGAGEANTS)
    if assistant.caisse_id != contrat.caisse_id:
        raise Refus("assistant : une personne de la caisse est attendue")
    if contrat.date_fin is not None and date_debut > contrat.date_fin:
        raise Refus(f"date d'embauche « {date_debut} » : date du contrat attendue (au plus le {contrat.date_fin})")
    if not 0 < centiemes_heures <= HEURES_MAXIMUM:
        raise Refus(f"heures « {centiemes_heures / 100:g} » : entre 0 et {HEURES_MAXIMUM // 100} par semaine attendu")
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


#: Hundredths of an hour in a week: against typing errors.
HEURES_MAXIMUM = 4800


@transaction.atomic
def faire_partir(
    embauche_id: int, acteur: Acteur, *, date_fin: datetime.date, motif: str, quand: datetime.datetime | None = None
) -> Embauche:
    """Record that an assistant left. Raises Refus."""
    embauche = Embauche.objects.select_related("assistant").get(pk=embauche_id)
    contrat = _ouvrir(embauche.contrat_id, acteur, "départ de l'assistant")
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
    contrat = _ouvrir(contrat_id, acteur, "absence", ENGAGEANTS)
    _dans_le_contrat(contrat, debut, "premier jour d'absence")
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
    contrat = _ouvrir(contrat_id, acteur, "formation", ENGAGEANTS)
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
    evenement = consigner(
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
    faites = ["date_limite_debut_formation"] + (["date_limite_qualification"] if obtenue_le else [])
    contrat.echeances.filter(nom__in=faites, faite_le=None).update(faite_le=jour)
    return evenement


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
    contrat = _ouvrir(contrat_id, acteur, "remplacement de la secrétaire", ENGAGEANTS)
    if not etat_de(contrat).lire().assistant.secretaire_promue:
        raise Refus("remplacement de la secrétaire : l'assistant de ce dossier n'est pas une secrétaire promue")
    donnees = {
        "remplacement_secretaire": remplacement,
        "date_remplacement_secretaire": None if date is None else date.isoformat(),
    }
    evenement = consigner(
        contrat,
        Genre.SECRETAIRE,
        acteur,
        date_effet=date or timezone.localdate(quand),
        donnees=donnees,
        piece=piece,
        quand=quand,
    )
    if date is not None:
        contrat.echeances.filter(nom__startswith="date_limite_remplacement_secretaire", faite_le=None).update(
            faite_le=date
        )
    return evenement


def anniversaires(contrat: Contrat) -> list[datetime.date]:
    """First days of the contract years, the signature included."""
    return bornes_des_annees(etat_de(contrat).date_signature, annees_du_contrat(systeme()))[0]


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
    contrat = _ouvrir(contrat_id, acteur, "avenant", ENGAGEANTS)
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
    ouverture.lire_situation(donnees)
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
    contrat = _ouvrir(contrat_id, acteur, "passage aux règles nouvelles", (Statut.EN_COURS, Statut.SIGNE))
    _dans_le_contrat(contrat, date, "date du passage")
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
    """A doctor joins a signed collective contract, on one of its anniversaries. Raises Refus."""
    contrat = _ouvrir(contrat_id, acteur, "adhésion", ENGAGEANTS)
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
        contrat, Genre.ADHESION, acteur, date_effet=date, donnees={"medecin": medecin.pk}, piece=bulletin, quand=quand
    )
    return adhesion


@transaction.atomic
def retirer(
    adhesion_id: int, acteur: Acteur, *, date: datetime.date, motif: str, quand: datetime.datetime | None = None
) -> Adhesion:
    """A doctor leaves a collective contract, on one of its anniversaries. Raises Refus."""
    adhesion = Adhesion.objects.select_related("medecin").get(pk=adhesion_id)
    contrat = _ouvrir(adhesion.contrat_id, acteur, "sortie d'un adhérent", ENGAGEANTS)
    _collectif_a_l_anniversaire(contrat, date)
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
        donnees={"medecin": adhesion.medecin_id},
        motif=motif,
        quand=quand,
    )
    return adhesion


def _collectif_a_l_anniversaire(contrat: Contrat, date: datetime.date) -> None:
    if contrat.dispositif != Dispositif.COLLECTIF:
        raise Refus("adhésion : un contrat collectif est attendu")
    debuts = anniversaires(contrat)
    if date not in debuts:
        dates = ", ".join(str(debut) for debut in debuts[1:])
        raise Refus(f"date « {date} » : anniversaire du contrat attendu ({dates})")


@transaction.atomic
def faire_echeance(
    echeance: Echeance, acteur: Acteur, *, date: datetime.date, motif: str = "", quand: datetime.datetime | None = None
) -> Evenement:
    """Record that what a deadline asks for was done. Raises Refus."""
    contrat = _ouvrir(echeance.contrat_id, acteur, "échéance")
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


@transaction.atomic
def recevoir_bulletin(
    contrat_id: int, adhesion: Adhesion, bulletin: Piece, acteur: Acteur, *, quand: datetime.datetime | None = None
) -> None:
    """Tie a member of a collective contract to the form that they signed. Raises Refus."""
    contrat = _ouvrir(contrat_id, acteur, "bulletin d'adhésion", (Statut.BROUILLON, Statut.A_SIGNER))
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


@transaction.atomic
def preparer_renouvellement(
    contrat_id: int, acteur: Acteur, *, date_signature: datetime.date, quand: datetime.datetime | None = None
) -> Contrat:
    """Open the file of the contract that follows, in draft, from the last statement. Raises Refus, SituationInvalide.

    The former contract becomes « renouvelé » when the new one is signed.
    """
    contrat = _ouvrir(contrat_id, acteur, "renouvellement", (*ENGAGEANTS, Statut.ECHU))
    etat = etat_de(contrat)
    suivi = suivi_de(etat, timezone.localdate(quand))
    if suivi.renouvelable == "non":
        raise Refus("renouvellement : les règles de ce contrat ne l'ouvrent pas")
    if contrat.date_fin is not None and date_signature <= contrat.date_fin:
        raise Refus(f"signature prévue « {date_signature} » : postérieure au terme attendue ({contrat.date_fin})")
    if hasattr(contrat, "suivant"):
        raise Refus(f"renouvellement : le dossier {contrat.suivant.numero} est déjà ouvert")
    donnees: dict[str, Any] = dict(etat.lire(datetime.date.max).model_dump(mode="json", exclude_unset=True))
    partie = "groupe" if etat.collectif else "contrat"
    garde = {nom: v for nom, v in donnees[partie].items() if nom in GARDES_AU_RENOUVELLEMENT}
    donnees[partie] = garde | {"date_signature": date_signature.isoformat()}
    if not etat.collectif:
        donnees["contrat"]["renouvellement"] = True
    # What was notified, amended or observed belongs to the contract that ends.
    for nom in ("resultats", "projections", "montants_notifies", "objectifs_notifies"):
        donnees.pop(nom, None)
    donnees["assistant"] = {
        nom: v for nom, v in donnees.get("assistant", {}).items() if not nom.startswith(("date_debut", "date_fin"))
    }
    if contrat.medecin is not None:
        releve = contrat.medecin.releves.filter(date__lt=date_signature).order_by("-date").first()
        if releve is not None:
            donnees["patientele"] = _patientele(releve)
    return ouverture.ouvrir(
        ouverture.lire_situation(donnees),
        acteur,
        medecin=contrat.medecin,
        structure=contrat.structure,
        membres=[a.medecin for a in contrat.adhesions.filter(fin=None).select_related("medecin").order_by("pk")],
        precedent=contrat,
        source=f"renouvellement de {contrat.numero}",
        quand=quand,
    )


#: What a renewed contract keeps of the one before.
GARDES_AU_RENOUVELLEMENT = ("option", "forme_juridique", "etp_demandes", "membres", "structure_agreee_docteur_junior")


def _patientele(releve: Releve) -> dict[str, Any]:
    nombres = ("patientele_mt", "patientele_mt_adultes", "patientele_mt_enfants", "file_active")
    connus = {nom: getattr(releve, nom) for nom in nombres if getattr(releve, nom) is not None}
    return {**connus, "date_releve": releve.date.isoformat()}
