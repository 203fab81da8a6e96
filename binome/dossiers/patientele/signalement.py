"""What a new statement changes: the evaluations that rest on it are to be decided again."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable

from django.utils import timezone

from binome import francais
from binome.dossiers.acteur import Acteur
from binome.dossiers.contrats.journal import consigner, verrouiller
from binome.dossiers.models import Contrat, Evaluation, Releve
from binome.dossiers.nomenclatures import SIGNES, Genre


def signaler(releves: Iterable[Releve], acteur: Acteur, *, motif: str, quand: datetime.datetime) -> int:
    """Flag to be decided again the evaluations that rest on statements entered or corrected since: how many files."""
    par_medecin: dict[int, set[datetime.date]] = defaultdict(set)
    for releve in releves:
        par_medecin[releve.medecin_id].add(releve.date)
    dates = set().union(*par_medecin.values())
    touches: dict[int, set[int]] = defaultdict(set)
    reposent = Evaluation.objects.filter(releve_date__in=dates, contrat__statut__in=SIGNES)
    individuels = reposent.filter(contrat__medecin__in=par_medecin).values_list(
        "contrat_id", "annee", "releve_date", "contrat__medecin"
    )
    # A member who joined or left around that year: reopened all the same, and decided as it was.
    collectifs = reposent.filter(contrat__adhesions__medecin__in=par_medecin).values_list(
        "contrat_id", "annee", "releve_date", "contrat__adhesions__medecin"
    )
    for contrat, annee, date, medecin in (*individuels, *collectifs):
        if date in par_medecin.get(medecin, ()):
            touches[contrat].add(annee)
    depart = Contrat.objects.filter(statut__in=SIGNES, medecin__in=par_medecin)
    for contrat_id, medecin, situation in depart.values_list("pk", "medecin", "etat__situation__patientele"):
        if datetime.date.fromisoformat((situation or {}).get("date_releve") or "0001-01-01") in par_medecin[medecin]:
            touches.setdefault(contrat_id, set())
    for contrat_id in sorted(touches):
        _signaler(contrat_id, sorted(touches[contrat_id]), acteur, motif, quand)
    return len(touches)


def _signaler(contrat_id: int, annees: list[int], acteur: Acteur, motif: str, quand: datetime.datetime) -> None:
    contrat = verrouiller(contrat_id)
    suites = [f"année {annee} à évaluer de nouveau" for annee in annees] or [
        "c'est le relevé de départ : s'il faut changer la base ou l'objectif, un avenant le dit"
    ]
    consigner(
        contrat,
        Genre.RELEVE,
        acteur,
        date_effet=timezone.localdate(quand),
        donnees={"annees": annees},
        motif=f"{motif} À suivre : {francais.enumeration(suites)}.",
        quand=quand,
    )
    contrat.echeances.filter(nom__in=[f"date_evaluation.{annee}" for annee in annees]).update(faite_le=None)
