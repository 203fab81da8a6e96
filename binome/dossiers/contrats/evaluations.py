"""The yearly evaluation from year 3: the rules propose, the agent confirms, or departs with a written reason."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from fractions import Fraction

from django.db import transaction
from django.utils import timezone

from binome.dossiers.acteur import Acteur
from binome.dossiers.contrats.cycle import GESTION
from binome.dossiers.contrats.etat import Etat, EvaluationDecidee
from binome.dossiers.contrats.journal import consigner, etat_de, verrouiller
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Contrat, Evaluation, Evenement, Releve
from binome.dossiers.nomenclatures import SIGNES, Dispositif, Genre
from binome.simulation import INDICATEURS, Annee, PointOuvert, Suivi, suivre


@dataclass(frozen=True)
class Constat:
    """What the statement of an evaluation says, summed over the members of a group."""

    date: datetime.date
    patientele_mt: int | None
    file_active: int | None
    #: Doctors whose statement is missing.
    manquants: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proposition:
    """What the rules propose for a contract year."""

    annee: Annee
    constat: Constat
    #: Part of the aid; None when the rules do not say.
    taux: Fraction | None
    #: Why.
    explication: str
    #: Fingerprint of the law that proposes it.
    empreinte_loi: str
    #: The open point whose two readings do not give the same amount.
    lectures: PointOuvert | None = None


def annees_a_evaluer(contrat: Contrat, etat: Etat, jour: datetime.date) -> list[Annee]:
    """Started contract years whose aid depends on results, not decided yet or on a statement corrected since."""
    return [
        annee
        for annee in evaluables(contrat, etat, jour)
        if annee.rang not in etat.evaluations or etat.evaluations[annee.rang].a_refaire
    ]


def evaluables(contrat: Contrat, etat: Etat, jour: datetime.date) -> list[Annee]:
    """Started contract years whose aid depends on results."""
    return [annee for annee, _ in _evaluables(contrat, etat, jour)]


def _evaluables(contrat: Contrat, etat: Etat, jour: datetime.date) -> list[tuple[Annee, Suivi]]:
    if contrat.statut not in SIGNES or not etat.demarre:
        return []
    annees: dict[int, tuple[Annee, Suivi]] = {}
    for version, rangs in etat.suivis():
        suivi = next(suivre([version], jour))
        annees |= {annee.rang: (annee, suivi) for annee in suivi.annees if annee.rang in rangs}
    return [
        (annee, suivi)
        for _, (annee, suivi) in sorted(annees.items())
        if annee.evaluee and annee.debut <= jour and annee.jours_dus > 0 and annee.releve_evaluation is not None
    ]


def constat_de(contrat: Contrat, annee: Annee, *, adultes_seuls: bool) -> Constat:
    """The statement by which a year is evaluated: the doctor's, or the sum of the members'.

    MT patients are those of the population that the rules of the contract count.
    """
    date = annee.releve_evaluation
    assert date is not None  # noqa: S101 - an evaluated year always has its statement
    if contrat.dispositif == Dispositif.INDIVIDUEL:
        medecins = [contrat.medecin]
    else:
        # Those who are members on the first day of the year.
        medecins = [
            a.medecin
            for a in contrat.adhesions.select_related("medecin").order_by("pk")
            if a.debut is not None and a.debut <= annee.debut and (a.fin is None or a.fin >= annee.debut)
        ]
    trouves = {r.medecin_id: r for r in Releve.objects.filter(medecin__in=[m.pk for m in medecins if m], date=date)}
    manquants = tuple(str(m) for m in medecins if m is not None and m.pk not in trouves)
    mt, fa = (
        _somme([r.nombre(i, adultes_seuls=adultes_seuls) for r in trouves.values()], complet=not manquants)
        for i in INDICATEURS
    )
    return Constat(date, mt, fa, manquants)


def _somme(nombres: list[int | None], *, complet: bool) -> int | None:
    """Sum of known numbers; None when one is missing."""
    connus = [nombre for nombre in nombres if nombre is not None]
    return sum(connus) if complet and connus and len(connus) == len(nombres) else None


def proposer(contrat: Contrat, etat: Etat, rang: int, jour: datetime.date) -> Proposition:
    """What the rules make of the statement. Raises Refus when the year is not to be evaluated."""
    trouvee = next(((a, s) for a, s in _evaluables(contrat, etat, jour) if a.rang == rang), None)
    if trouvee is None:
        raise Refus(f"année « {rang} » : une année évaluée et commencée est attendue")
    annee, suivi = trouvee
    constat = constat_de(contrat, annee, adultes_seuls=suivi.adultes_seuls)
    return _proposition(etat, annee, constat, jour)


def _proposition(etat: Etat, annee: Annee, constat: Constat, jour: datetime.date) -> Proposition:
    rang = annee.rang
    autres = {r: e for r, e in etat.evaluations.items() if r != rang}
    # Read by the rules alone: the part written here is never looked at.
    suppose = EvaluationDecidee(
        patientele_mt=constat.patientele_mt, file_active=constat.file_active, numerateur=0, denominateur=1
    )
    essai = etat.model_copy(update={"evaluations": {**autres, rang: suppose}})
    suivi = essai.suivi(annee.debut)
    suivi = suivi.model_copy(update={"taux_decides": tuple(t for t in suivi.taux_decides if t.annee != rang)})
    dit = next(suivre([suivi], jour))
    lue = next(a for a in dit.annees if a.rang == rang)
    taux = None if lue.taux_modulation is None else Fraction(lue.taux_modulation)
    explication, suspens = lue.explication, dit.en_suspens(rang)
    if suspens is not None:
        # Neither reading is proposed alone: the point is settled first, or the agent decides a part with a reason.
        taux, explication = None, f"{explication} {suspens.phrase}"
    if constat.manquants:
        explication = f"Relevé du {constat.date:%d/%m/%Y} manquant : {', '.join(constat.manquants)}. {explication}"
    return Proposition(lue, constat, taux, explication, dit.empreinte_loi, suspens)


@transaction.atomic
def decider(
    contrat_id: int,
    rang: int,
    acteur: Acteur,
    *,
    taux: Fraction | None = None,
    motif: str = "",
    quand: datetime.datetime | None = None,
) -> Evaluation:
    """Decide the part of the aid of a year: the rules' proposal, or another one with a written reason. Raises Refus.

    Deciding again a year already decided corrects it, and asks for a reason too; the next campaign pays or takes back
    the difference.
    """
    contrat = verrouiller(contrat_id)
    if acteur.role not in GESTION or acteur.caisse_id != contrat.caisse_id:
        raise Refus("évaluation : réservé à un gestionnaire ou au responsable de la caisse")
    etat = etat_de(contrat)
    jour = timezone.localdate(quand)
    proposition = proposer(contrat, etat, rang, jour)
    decide = proposition.taux if taux is None else taux
    if decide is None:
        raise Refus(f"année {rang} : les règles ne proposent rien ({proposition.explication}) ; une part est attendue")
    if not 0 <= decide <= 1:
        raise Refus(f"part « {decide} » : entre 0 et 1 attendu")
    precedentes = contrat.evaluations.filter(annee=rang).count()
    if (decide != proposition.taux or precedentes) and not motif.strip():
        raise Refus("motif : attendu pour s'écarter de la proposition ou corriger une évaluation")
    evaluation = Evaluation.objects.create(
        contrat=contrat,
        annee=rang,
        version=precedentes + 1,
        releve_date=proposition.constat.date,
        patientele_mt=proposition.constat.patientele_mt,
        file_active=proposition.constat.file_active,
        propose_numerateur=None if proposition.taux is None else proposition.taux.numerator,
        propose_denominateur=None if proposition.taux is None else proposition.taux.denominator,
        numerateur=decide.numerator,
        denominateur=decide.denominator,
        explication=proposition.explication,
        motif=motif,
        decidee_le=quand or timezone.now(),
        auteur=acteur.utilisateur,
    )
    consigner(
        contrat,
        Genre.EVALUATION,
        acteur,
        date_effet=proposition.annee.debut,
        donnees={
            "annee": rang,
            "version": evaluation.version,
            "releve": proposition.constat.date.isoformat(),
            "patientele_mt": proposition.constat.patientele_mt,
            "file_active": proposition.constat.file_active,
            "propose": None if proposition.taux is None else str(proposition.taux),
            "numerateur": decide.numerator,
            "denominateur": decide.denominator,
            "empreinte_loi": proposition.empreinte_loi,
        },
        motif=motif,
        quand=quand,
    )
    return evaluation


@transaction.atomic
def contester(
    contrat_id: int, rang: int, acteur: Acteur, *, motif: str, quand: datetime.datetime | None = None
) -> Evenement:
    """Record that the doctor contests a decided evaluation: it is to be decided again. Raises Refus."""
    contrat = verrouiller(contrat_id)
    if acteur.caisse_id != contrat.caisse_id:
        raise Refus("contestation : réservé aux agents de la caisse")
    derniere = contrat.evaluations.filter(annee=rang).order_by("-version").first()
    if derniere is None or rang not in etat_de(contrat).evaluations:
        raise Refus(f"année « {rang} » : une évaluation décidée est attendue")
    if not motif.strip():
        raise Refus("motif : attendu (ce que le médecin conteste)")
    derniere.contestee_le = quand or timezone.now()
    derniere.save(update_fields=["contestee_le"])
    contrat.echeances.filter(nom=f"date_evaluation.{rang}").update(faite_le=None)
    return consigner(
        contrat,
        Genre.CONTESTATION,
        acteur,
        date_effet=timezone.localdate(quand),
        donnees={"annee": rang},
        motif=motif,
        quand=quand,
    )
