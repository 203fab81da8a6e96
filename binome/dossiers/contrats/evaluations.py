"""The yearly evaluation from year 3: the rules propose, the agent confirms, or departs with a written reason."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.db import transaction
from django.utils import timezone

from binome.dossiers.acteur import Acteur
from binome.dossiers.contrats.cycle import GESTION
from binome.dossiers.contrats.etat import Etat, EvaluationDecidee
from binome.dossiers.contrats.journal import consigner, etat_de, verrouiller
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Contrat, Evaluation, Evenement, Medecin, Releve
from binome.dossiers.nomenclatures import SIGNES, Dispositif, Genre
from binome.simulation import INDICATEURS, Annee, ContratSuivi, PointOuvert, Suivi, suivre

#: Statements by doctor and date.
Releves = Mapping[tuple[int, datetime.date], Releve]


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


@dataclass(frozen=True)
class Ensemble:
    """What came of many decisions made together."""

    decidees: list[Evaluation]
    #: Why not, by file and contract year.
    refusees: dict[tuple[int, int], str]


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
    return _evaluables_de([(contrat, etat)], jour)[0]


def _evaluables_de(dossiers: Sequence[tuple[Contrat, Etat]], jour: datetime.date) -> list[list[tuple[Annee, Suivi]]]:
    """The same for many files, in one run of the law."""
    versions = [etat.suivis() if c.statut in SIGNES and etat.demarre else [] for c, etat in dossiers]
    suivis = suivre([version for siennes in versions for version, _ in siennes], jour)
    trouvees = []
    for siennes in versions:
        annees: dict[int, tuple[Annee, Suivi]] = {}
        for _, rangs in siennes:
            suivi = next(suivis)
            annees |= {annee.rang: (annee, suivi) for annee in suivi.annees if annee.rang in rangs}
        trouvees.append(
            [
                (annee, suivi)
                for _, (annee, suivi) in sorted(annees.items())
                if annee.evaluee and annee.debut <= jour and annee.jours_dus > 0 and annee.releve_evaluation is not None
            ]
        )
    return trouvees


def medecins_evalues(contrat: Contrat, annee: Annee) -> list[Medecin]:
    """Whose statements evaluate a year: the doctor's, or those of the members on its first day."""
    if contrat.dispositif == Dispositif.INDIVIDUEL:
        return [] if contrat.medecin is None else [contrat.medecin]
    adhesions = sorted(contrat.adhesions.all(), key=lambda adhesion: adhesion.pk)
    return [
        a.medecin
        for a in adhesions
        if a.debut is not None and a.debut <= annee.debut and (a.fin is None or a.fin >= annee.debut)
    ]


def constat_de(medecins: Sequence[Medecin], annee: Annee, releves: Releves, *, adultes_seuls: bool) -> Constat:
    """The statement by which a year is evaluated: the doctor's, or the sum of the members'.

    MT patients are those of the population that the rules of the contract count.
    """
    date = annee.releve_evaluation
    assert date is not None  # noqa: S101 - an evaluated year always has its statement
    trouves = {m.pk: releves[m.pk, date] for m in medecins if (m.pk, date) in releves}
    manquants = tuple(str(m) for m in medecins if m.pk not in trouves)
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
    (proposition,) = propositions([(contrat, etat, rang)], jour)
    if proposition is None:
        raise Refus(f"année « {rang} » : une année évaluée et commencée est attendue")
    return proposition


def propositions(demandes: Sequence[tuple[Contrat, Etat, int]], jour: datetime.date) -> list[Proposition | None]:
    """What the rules make of many years (file, its state, contract year), in two runs of the law and one reading of the
    statements; None for a year that is not to be evaluated."""
    par_demande = _evaluables_de([(contrat, etat) for contrat, etat, _ in demandes], jour)
    trouvees = [
        next(((a, s) for a, s in annees if a.rang == rang), None)
        for (_, _, rang), annees in zip(demandes, par_demande, strict=True)
    ]
    connus = [
        (contrat, etat, *trouvee) for (contrat, etat, _), trouvee in zip(demandes, trouvees, strict=True) if trouvee
    ]
    medecins = [medecins_evalues(contrat, annee) for contrat, _, annee, _ in connus]
    releves = _releves([m for siens in medecins for m in siens], [annee for _, _, annee, _ in connus])
    constats = [
        constat_de(siens, annee, releves, adultes_seuls=suivi.adultes_seuls)
        for siens, (_, _, annee, suivi) in zip(medecins, connus, strict=True)
    ]
    essais = [_essai(etat, annee, constat) for (_, etat, annee, _), constat in zip(connus, constats, strict=True)]
    dits = suivre(essais, jour)
    lues = (
        _proposition(annee, constat, next(dits)) for (_, _, annee, _), constat in zip(connus, constats, strict=True)
    )
    return [None if trouvee is None else next(lues) for trouvee in trouvees]


def _releves(medecins: Iterable[Medecin], annees: Iterable[Annee]) -> Releves:
    dates = {annee.releve_evaluation for annee in annees if annee.releve_evaluation is not None}
    lignes = Releve.objects.filter(medecin__in=[medecin.pk for medecin in medecins], date__in=dates)
    return {(releve.medecin_id, releve.date): releve for releve in lignes}


def _essai(etat: Etat, annee: Annee, constat: Constat) -> ContratSuivi:
    """The contract as if the year were evaluated on this statement, by the rules alone."""
    rang = annee.rang
    autres = {r: e for r, e in etat.evaluations.items() if r != rang}
    # Read by the rules alone: the part written here is never looked at.
    suppose = EvaluationDecidee(
        patientele_mt=constat.patientele_mt, file_active=constat.file_active, numerateur=0, denominateur=1
    )
    essai = etat.model_copy(update={"evaluations": {**autres, rang: suppose}})
    suivi = essai.suivi(annee.debut)
    return suivi.model_copy(update={"taux_decides": tuple(t for t in suivi.taux_decides if t.annee != rang)})


def _proposition(annee: Annee, constat: Constat, dit: Suivi) -> Proposition:
    rang = annee.rang
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
    attendue: Fraction | None = None,
    quand: datetime.datetime | None = None,
) -> Evaluation:
    """Decide the part of the aid of a year: the rules' proposal, or another one with a written reason. Raises Refus.

    `attendue` is the proposal that the agent saw: where the rules no longer propose it, nothing is decided.

    Deciding again a year already decided corrects it, and asks for a reason too; the next campaign pays or takes back
    the difference.
    """
    contrat = verrouiller(contrat_id)
    if acteur.role not in GESTION or acteur.caisse_id != contrat.caisse_id:
        raise Refus("évaluation : réservé à un gestionnaire ou au responsable de la caisse")
    etat = etat_de(contrat)
    jour = timezone.localdate(quand)
    proposition = proposer(contrat, etat, rang, jour)
    if attendue is not None and proposition.taux != attendue:
        raise Refus(f"année {rang} : la proposition a changé depuis qu'elle a été montrée")
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


#: What is decided together: the whole aid, as the rules propose it.
ENTIERE = Fraction(1)


def decider_ensemble(
    choisies: Sequence[tuple[int, int]], acteur: Acteur, *, quand: datetime.datetime | None = None
) -> Ensemble:
    """Decide many years (key of the file, contract year) whose whole aid the rules propose, each on its own.

    One that is refused does not stop the others: it is told, with its reason.
    """
    decidees, refusees = [], {}
    for cle, rang in choisies:
        try:
            decidees.append(decider(cle, rang, acteur, attendue=ENTIERE, quand=quand))
        except Refus as refus:
            refusees[cle, rang] = str(refus)
    return Ensemble(decidees, refusees)


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
