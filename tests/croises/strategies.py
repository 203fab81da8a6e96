"""Situations drawn around everything that may change an answer: dates, percentiles and their margins, targets.

Hypothesis draws a `Tirage` of plain codes, from strategies built once; a pure function turns it into a case. Building
strategies for each case (results near *its* target, days of *its* contract) would cost ten times the comparison.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from tests.reference import exacte
from tests.reference.exacte import BANDES, DUREE_CONTRAT, PUBLIES, SEUILS, Cas, CasCollectif, Resultats

UN_JOUR = timedelta(days=1)
RANGS = range(1, DUREE_CONTRAT + 1)
MAX_PATIENTS = 5_000

#: Days on which a rule starts to apply.
CHANGEMENTS = (
    exacte.DEBUT_AV7,
    exacte.DEBUT_AV8,
    exacte.DEBUT_RA,
    exacte.DEBUT_OBJECTIFS_SUSPENDUS,
    exacte.DEBUT_CM24,
    exacte.DEBUT_COLL,
)
#: The specialty with every indicator, one with a published P30, one that changes indicators in 2023, any other.
SPECIALITES = (*["medecine_generale"] * 6, "cardiologie_vasculaire", "pediatrie", "dermatologie")


def autour(jours: Iterable[date]) -> list[date]:
    """Each day, the day before and the day after, from the start of the scheme."""
    tous = {jour + ecart * UN_JOUR for jour in jours for ecart in (-1, 0, 1)}
    return sorted(jour for jour in tous if jour >= exacte.DEBUT_AV7)


#: A year of a contract may start around a change: signatures on the anniversaries of the changes.
ANNIVERSAIRES = [exacte.ajoute_mois(jour, 12 * annees) for jour in CHANGEMENTS for annees in range(-5, 3)]
FINS_DE_MOIS = [
    date(2019, 8, 31),
    date(2019, 12, 31),
    date(2020, 1, 31),
    date(2020, 2, 28),
    date(2020, 2, 29),
    date(2020, 3, 1),
    date(2021, 8, 30),
    date(2022, 3, 31),
    date(2023, 1, 29),
    date(2023, 5, 31),
    date(2024, 1, 30),
    date(2024, 2, 29),
    date(2024, 10, 31),
    date(2026, 8, 31),
    date(2028, 2, 29),
]
SIGNATURES = sorted({*autour(CHANGEMENTS), *autour(ANNIVERSAIRES), *FINS_DE_MOIS})
#: The eve and the day of each publication and of each change. Before the first publication nothing is known: that
#: has a test of its own.
APPRECIATIONS = sorted(
    {
        exacte.CONNU_AV7,
        exacte.DEBUT_AV7,
        *(jour - UN_JOUR for jour in (exacte.DEBUT_AV8, exacte.CONNU_RA, exacte.DEBUT_OBJECTIFS_SUSPENDUS)),
        *(exacte.DEBUT_AV8, exacte.CONNU_RA, exacte.DEBUT_RA, exacte.DEBUT_OBJECTIFS_SUSPENDUS),
        *(exacte.CONNU_CM24 - UN_JOUR, exacte.CONNU_CM24, exacte.DEBUT_CM24),
        *(exacte.CONNU_COLL, date(2026, 11, 22), date(2031, 1, 1)),
    }
)


def patients_remarquables(indicateur: str) -> list[int]:
    """Every bound of every percentile of `indicateur`, the estimates between them, and what lies just beside."""
    limites = {0, 1, exacte.RA_P30, exacte.RA_P99, MAX_PATIENTS}
    for distribution, specialite, quoi in PUBLIES:
        for percentile in SEUILS if quoi == indicateur else ():
            bas, haut = exacte.encadrement(distribution, specialite, indicateur, percentile)
            estime = exacte.estimation(distribution, specialite, indicateur, percentile)
            limites |= {bas, haut or bas, round(estime or bas)}
    return sorted({max(0, limite + ecart) for limite in limites for ecart in (-1, 0, 1)})


def selon(*poids: tuple[int, st.SearchStrategy[Any]]) -> st.SearchStrategy[Any]:
    """One of several strategies, by weight (`one_of` ignores repetitions)."""
    table = [strategie for nombre, strategie in poids for _ in range(nombre)]
    return st.integers(0, len(table) - 1).flatmap(table.__getitem__)


def rarement(strategie: st.SearchStrategy[Any], sur: int) -> st.SearchStrategy[Any]:
    """None but one time in `sur`: a case that mixes every oddity tests none of them."""
    return selon((sur - 1, st.none()), (1, strategie))


def options_ouvertes(signature: date, renouvellement: bool) -> list[str]:
    """Options that can be signed that day; 1/3 ETP is closed to new contracts from the reglement arbitral."""
    options = ["un_etp", "un_etp", "demi_etp", "demi_etp"]
    if signature < exacte.DEBUT_RA or renouvellement:
        options += ["tiers_etp", "tiers_etp"]
    if signature >= exacte.DEBUT_CM24:
        options += ["un_etp_et_demi", "deux_etp"]
    return options


# -- days of the contract -------------------------------------------------------------------------------------------

#: A day of the contract, or just outside, from the day of signature.
Jour = Callable[[date], date]


def _anniversaire(rang: int, ecart: int) -> Jour:
    return lambda signature: exacte.debut_annuite(signature, rang) + ecart * UN_JOUR


def _apres(jours: int) -> Jour:
    return lambda signature: signature + jours * UN_JOUR


def _fixe(jour: date) -> Jour:
    return lambda signature: jour


#: The first day of a year and its neighbours (the end of the contract included), or any day.
JOURS: st.SearchStrategy[Jour] = selon(
    (1, st.sampled_from([_anniversaire(rang, ecart) for rang in range(1, DUREE_CONTRAT + 2) for ecart in (-1, 0, 1)])),
    (1, st.integers(-30, 366 * DUREE_CONTRAT).map(_apres)),
)
#: The opening of the switch, the 2024 agreement, or a day of the contract.
BASCULES: st.SearchStrategy[Jour] = selon(
    (2, st.sampled_from([_fixe(jour) for jour in autour((exacte.DEBUT_RA, exacte.DEBUT_CM24))])), (1, JOURS)
)


# -- results --------------------------------------------------------------------------------------------------------

#: A result, from the base and the gain asked: beside the base, beside the target, a third of the way, or none.
Mesure = Callable[[int, int], int]
Releves = Sequence[tuple[Mesure | None, Mesure | None]]
MESURES: tuple[Mesure | None, ...] = (
    None,
    lambda base, gain: base - 1,
    lambda base, gain: base,
    lambda base, gain: base + 1,
    lambda base, gain: base + gain // 3,
    lambda base, gain: base + gain * 2 // 3,
    lambda base, gain: base + gain - 1,
    lambda base, gain: base + gain,
    lambda base, gain: base + gain + 1,
)
_RELEVE = st.sampled_from([(mt, fa) for mt in MESURES for fa in MESURES])
RELEVES = st.tuples(*[_RELEVE] * DUREE_CONTRAT)
GAIN_SANS_BORNE = 100


def resultats(releves: Releves, base_mt: int | None, base_fa: int | None, but: exacte.Objectif) -> Resultats:
    """The results of each year, around the objective (or its upper bound)."""

    def mesurer(mesure: Mesure | None, base: int | None, objectif: exacte.ObjectifIndicateur) -> int | None:
        gain = GAIN_SANS_BORNE if objectif.borne_haute is None else objectif.borne_haute
        return None if mesure is None else max(0, mesure(base or 0, gain))

    return {
        rang: (mesurer(mt, base_mt, but.mt), mesurer(fa, base_fa, but.fa))
        for rang, (mt, fa) in zip(RANGS, releves, strict=True)
    }


# -- individual contracts -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tirage:
    """What Hypothesis draws for one individual contract."""

    signature: date
    appreciation: date
    option: int
    specialite: str
    mt: int | None
    fa: int | None
    singularites: tuple[bool, bool, bool]
    bande: str | None
    cibles: tuple[int | None, int | None]
    quotite: int | None
    mep: bool | None
    embauche: Jour | None
    bascule: Jour | None
    suspension: tuple[Jour, int | None] | None
    fin_anticipee: Jour | None
    releves: Releves
    lectures: tuple[str | None, str | None, str | None]


def patients(indicateur: str) -> st.SearchStrategy[int | None]:
    """A number of patients, near a limit more often than not; sometimes not given."""
    remarquables = st.sampled_from(patients_remarquables(indicateur))
    return selon((5, remarquables), (3, st.integers(0, MAX_PATIENTS)), (1, st.none()))


#: A notified target, from the base. Most objectives are unknown without one, and nothing is then paid in proportion.
_CIBLE = rarement(st.sampled_from((-10, 0, 1, 7, 60, 137, 260, 1_000)), 2)
#: (renewal, new doctor, disabled worker): none most often, sometimes one, seldom several.
_SINGULARITES = (
    *[(False, False, False)] * 12,
    *[(False, True, False)] * 3,
    *[(True, False, False)] * 3,
    (False, False, True),
    (True, True, False),
    (True, True, True),
)
TIRAGES = st.builds(
    Tirage,
    signature=selon(
        (3, st.sampled_from(SIGNATURES)),
        (1, st.integers(0, 3_000).map(lambda n: exacte.DEBUT_AV7 + n * UN_JOUR)),
    ),
    appreciation=selon((1, st.sampled_from(APPRECIATIONS)), (1, st.sampled_from(APPRECIATIONS[-4:]))),
    option=st.integers(0, 23),
    specialite=st.sampled_from(SPECIALITES),
    mt=patients("mt"),
    fa=patients("fa"),
    singularites=st.sampled_from(_SINGULARITES),
    bande=rarement(st.sampled_from(BANDES), 6),
    cibles=st.tuples(_CIBLE, _CIBLE),
    quotite=rarement(st.integers(100, 999), 4),
    mep=rarement(st.just(True), 6),
    embauche=rarement(JOURS, 2),
    bascule=rarement(BASCULES, 3),
    suspension=rarement(st.tuples(JOURS, st.sampled_from((None, -1, 0, 91, 365, 366, 800))), 6),
    fin_anticipee=rarement(JOURS, 8),
    releves=RELEVES,
    lectures=st.tuples(*[st.sampled_from((None, None, "a", "b"))] * 3),
)


def assembler(tirage: Tirage) -> Cas:
    """The case that the draw describes."""
    signature = tirage.signature
    renouvellement, nouvel_installe, rqth_ald = tirage.singularites
    options = options_ouvertes(signature, renouvellement)

    def jour(choisi: Jour | None) -> date | None:
        return None if choisi is None else choisi(signature)

    def cible(ecart: int | None, base: int | None) -> int | None:
        return None if ecart is None else max(0, (base or 0) + ecart)

    debut, duree = tirage.suspension or (None, None)
    suspension = jour(debut)
    cas = Cas(
        date_signature=signature,
        date_appreciation=tirage.appreciation,
        option=options[tirage.option % len(options)],
        specialite=tirage.specialite,
        patientele_mt=tirage.mt,
        file_active=tirage.fa,
        date_embauche=jour(tirage.embauche),
        date_bascule=jour(tirage.bascule),
        renouvellement=renouvellement,
        nouvel_installe=nouvel_installe,
        rqth_ald=rqth_ald,
        mep=bool(tirage.mep),
        quotite=Fraction(1) if tirage.quotite is None else Fraction(tirage.quotite, 1_000),
        bande_notifiee=tirage.bande,
        cible_notifiee_mt=cible(tirage.cibles[0], tirage.mt),
        cible_notifiee_fa=cible(tirage.cibles[1], tirage.fa),
        date_debut_suspension=suspension,
        date_fin_suspension=None if suspension is None or duree is None else suspension + duree * UN_JOUR,
        date_fin_anticipee=jour(tirage.fin_anticipee),
        lecture_d12=tirage.lectures[0],
        lecture_d24=tirage.lectures[1],
        lecture_e3=tirage.lectures[2],
    )
    return replace(cas, resultats=resultats(tirage.releves, tirage.mt, tirage.fa, exacte.objectif(cas)))


CAS_INDIVIDUELS: st.SearchStrategy[Cas] = TIRAGES.map(assembler)


class Lot(list[Any]):
    """Many cases for one simulation. Hypothesis must not print them all: the comparison names the faulty ones."""

    def __repr__(self) -> str:
        return f"<{len(self)} cas>"


def lots(cas: st.SearchStrategy[Any]) -> st.SearchStrategy[Lot]:
    """One to two hundred cases at a time."""
    return st.lists(cas, min_size=100, max_size=200).map(Lot)


# -- collective contracts -------------------------------------------------------------------------------------------


def _collectif(cas: CasCollectif, releves: Releves) -> CasCollectif:
    but = exacte.objectif_collectif(cas)
    return replace(cas, resultats=resultats(releves, cas.base_mt, cas.base_fa, but))


_BASE = selon((4, st.integers(0, 40_000)), (1, st.none()))
_DEJA_GAGNES = selon((2, st.just(0)), (2, st.integers(0, 3_000)), (1, st.none()))
CAS_COLLECTIFS: st.SearchStrategy[CasCollectif] = st.builds(
    _collectif,
    st.builds(
        CasCollectif,
        date_signature=selon(
            (2, st.sampled_from([jour for jour in SIGNATURES if jour >= exacte.DEBUT_COLL])),
            (1, st.integers(0, 1_500).map(lambda n: exacte.DEBUT_COLL + n * UN_JOUR)),
        ),
        date_appreciation=st.sampled_from([jour for jour in APPRECIATIONS if jour >= exacte.CONNU_COLL]),
        etp=st.integers(1, 60).map(lambda demis: Fraction(demis, 2)),
        base_mt=_BASE,
        base_fa=_BASE,
        deja_gagnes_mt=_DEJA_GAGNES,
        deja_gagnes_fa=_DEJA_GAGNES,
        lecture_d19=st.sampled_from((None, "a", "b")),
    ),
    RELEVES,
)
