"""The delegates' campaign: doctors without contract, screened in one batch, nearest to the threshold first."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from binome.dossiers import faits
from binome.dossiers.acteur import Acteur
from binome.dossiers.contrats.journal import LOT, tracer
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Engagement, Medecin, Releve, Reperage, Visite
from binome.dossiers.nomenclatures import IssueVisite, Role
from binome.simulation import (
    NomOption,
    Version,
    apports_du_processus,
    phrase_de_la_version,
    systeme,
    version_du_calcul,
)
from binome.simulation.tables.table import simuler_table

#: What a delegate is told of a doctor.
SORTIES = (
    "eligible",
    "seuil_activite",
    "patients_manquants",
    "conditions_non_remplies",
    "conditions_indeterminees",
    "total_cinq_ans",
    "certitude",
)

DEMARCHENT = (Role.DELEGUE, Role.GESTIONNAIRE, Role.RESPONSABLE)


def sans_contrat(medecins: QuerySet[Medecin], jour: datetime.date) -> QuerySet[Medecin]:
    """Doctors whom no contract binds on a day."""
    engage = Engagement.objects.filter(medecin=OuterRef("pk"), debut__lte=jour, fin__gte=jour)
    return medecins.filter(~Exists(engage), anonymise_le=None)


def liste(acteur: Acteur, jour: datetime.date, *, secteur: str = "", eligible: str = "") -> QuerySet[Medecin]:
    """The doctors to see: eligible ones first, then those nearest to the threshold."""
    medecins = sans_contrat(Medecin.objects.visibles(acteur), jour).filter(reperage__isnull=False)
    secteur = secteur or (acteur.secteur_dam if acteur.role == Role.DELEGUE else "")
    if secteur:
        medecins = medecins.filter(secteur_dam=secteur)
    if eligible:
        medecins = medecins.filter(reperage__eligible=eligible)
    return medecins.select_related("reperage").order_by(
        F("reperage__manque").asc(nulls_last=True), "-reperage__eligible", "nom", "pk"
    )


def reperer(caisse_id: int, acteur: Acteur, *, jour: datetime.date | None = None) -> int:
    """Screen every doctor without contract from their last statement, in one run of the law; how many were judged."""
    if acteur.role not in DEMARCHENT or acteur.caisse_id != caisse_id:
        raise Refus("repérage : réservé aux agents de la caisse")
    jour = jour or timezone.localdate()
    medecins = list(sans_contrat(Medecin.objects.filter(caisse_id=caisse_id), jour))
    derniers: dict[int, Releve] = {}
    for releve in Releve.objects.filter(medecin__caisse_id=caisse_id, date__lt=jour).order_by("date"):
        derniers[releve.medecin_id] = releve
    if not medecins:
        return 0
    reperages = _juger(medecins, [derniers.get(medecin.pk) for medecin in medecins], jour)
    with transaction.atomic():
        Reperage.objects.filter(medecin__caisse_id=caisse_id).delete()
        Reperage.objects.bulk_create(reperages, batch_size=LOT)
    return len(reperages)


def _juger(medecins: list[Medecin], releves: list[Releve | None], jour: datetime.date) -> list[Reperage]:
    """What the law says of doctors who would sign on a day; those whom it cannot judge are left out."""
    colonnes = faits.colonnes_de(medecins, releves, jour)
    # A doctor announced for later is not told as installed today.
    installes = colonnes["date_installation"]
    colonnes["date_installation"] = installes.set(installes > jour, None)
    # Asked once: what was added may change in between, and the answer must say the law that gave it.
    apports = apports_du_processus()
    loi, version = systeme(apports), version_du_calcul(apports)
    reponses, _ = simuler_table(loi, colonnes, jour, sorties=SORTIES, options=[NomOption.un_etp.value])
    return [
        _reperage(medecins[reponse["rang"]], releves[reponse["rang"]], reponse, jour, version)
        for reponse in reponses.iter_rows(named=True)
    ]


def _reperage(
    medecin: Medecin, releve: Releve | None, reponse: dict[str, Any], jour: datetime.date, version: Version
) -> Reperage:
    return Reperage(
        medecin=medecin,
        date_appreciation=jour,
        eligible=reponse["eligible"],
        patients=None if releve is None else releve.patientele_mt,
        seuil=reponse["seuil_activite"],
        manque=reponse["patients_manquants"],
        conditions_non_remplies=reponse["conditions_non_remplies"].split(),
        conditions_indeterminees=reponse["conditions_indeterminees"].split(),
        total_cinq_ans=reponse["total_cinq_ans"],
        certitude=reponse["certitude"],
        version=phrase_de_la_version(version),
        empreinte_loi=version.empreinte_loi,
    )


def planifier(medecin_id: int, acteur: Acteur, *, prevue_le: datetime.date) -> Visite:
    """Plan a visit. Raises Refus."""
    if acteur.role not in DEMARCHENT or acteur.utilisateur is None:
        raise Refus("visite : réservée aux agents de la caisse")
    medecin = Medecin.objects.visibles(acteur).get(pk=medecin_id)
    if medecin.visites.filter(issue=IssueVisite.PREVUE).exists():
        raise Refus(f"une visite à {medecin} est déjà prévue")
    visite = Visite.objects.create(medecin=medecin, delegue=acteur.utilisateur, prevue_le=prevue_le)
    tracer(acteur, "planifier_visite", visite)
    return visite


def rendre_compte(
    visite_id: int, acteur: Acteur, *, faite_le: datetime.date, issue: IssueVisite, note: str = ""
) -> Visite:
    """Record what came of a visit. Raises Refus."""
    visite = Visite.objects.visibles(acteur).select_related("medecin").get(pk=visite_id)
    if visite.issue != IssueVisite.PREVUE:
        raise Refus("visite : déjà enregistrée")
    if issue == IssueVisite.PREVUE:
        raise Refus("résultat : celui de la visite faite est attendu")
    if faite_le > timezone.localdate():
        raise Refus(f"date « {faite_le} » : date passée attendue")
    visite.faite_le, visite.issue, visite.note = faite_le, issue, note[:2000]
    visite.save(update_fields=["faite_le", "issue", "note"])
    tracer(acteur, "visite_faite", visite)
    return visite


def resultats(acteur: Acteur) -> list[dict[str, Any]]:
    """What came of the visits, by delegate."""
    par_delegue: dict[str, dict[str, int]] = {}
    for visite in Visite.objects.visibles(acteur).select_related("delegue"):
        ligne = par_delegue.setdefault(str(visite.delegue), dict.fromkeys(IssueVisite.values, 0))
        ligne[visite.issue] += 1
    return [{"delegue": nom, **ligne} for nom, ligne in sorted(par_delegue.items())]
