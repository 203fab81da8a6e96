"""Exact reference of the French aid for hiring medical assistants (tests only).

This module shares no code with the package under test.  It is scalar, slow and
plain on purpose: integers and ``Fraction`` everywhere, amounts in cents.  Floats
appear in one place only, the estimate of an unpublished percentile.

``None`` always means "non determine" (the public sources do not settle it).
Where the decisions of the lead leave a choice, a ``CHOIX`` comment says which one
was made here.
"""

from __future__ import annotations

import calendar
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from itertools import pairwise
from statistics import NormalDist

Resultats = Mapping[int, tuple[int | None, int | None]]
Versement = tuple[date | None, int]

# --------------------------------------------------------------------------
# Figures
# --------------------------------------------------------------------------

DEBUT_AV7 = date(2019, 8, 21)
DEBUT_AV8 = date(2020, 3, 11)
DEBUT_RA = date(2023, 5, 1)
DEBUT_CM24 = date(2024, 6, 22)
DEBUT_COLL = date(2026, 2, 25)

CONNU_AV7 = date(2019, 8, 20)
CONNU_RA = date(2023, 4, 30)
CONNU_CM24 = date(2024, 6, 21)
#: Regimes since the straight line took the place of the steps.
RECENTS = ("RA", "CM24")
CONNU_COLL = date(2026, 2, 25)

# From then on, a suspension also suspends the objectives (droit.md, section 8).
DEBUT_OBJECTIFS_SUSPENDUS = date(2023, 7, 2)

DUREE_CONTRAT = 5

MEDECINE_GENERALE = "medecine_generale"
PEDIATRIE = "pediatrie"

BANDES = ("moins_de_p30", "p30_p50", "p50_p70", "p70_p90", "p90_p95", "p95_plus")
SEUILS = (30, 50, 70, 90, 95)  # reaching SEUILS[k] opens BANDES[k + 1]

DISTRIBUTION_AV7 = "AV7"
DISTRIBUTION_2021 = "2021"

PUBLIES: dict[tuple[str, str, str], dict[int, int]] = {
    (DISTRIBUTION_AV7, "medecine_generale", "mt"): {30: 640, 50: 855, 70: 1107, 90: 1503, 95: 1721},
    (DISTRIBUTION_AV7, "medecine_generale", "fa"): {80: 2333},
    (DISTRIBUTION_AV7, "cardiologie_vasculaire", "fa"): {30: 1480},
    (DISTRIBUTION_2021, "medecine_generale", "mt"): {30: 775, 50: 1045, 95: 2187},
    (DISTRIBUTION_2021, "medecine_generale", "fa"): {50: 1514, 95: 3207},
}
# Published "about": the sources say 845 to 875.
APPROCHES = {(DISTRIBUTION_AV7, "medecine_generale", "mt", 50): Fraction(3, 100)}
# Margins of an estimate: general practice with two published percentiles, else the last one.
MARGES = {"mt": Fraction(3, 100), "fa": Fraction(5, 100)}
MARGE_AUTRE = Fraction(1, 10)


@dataclass(frozen=True)
class Bareme:
    """Yearly amounts of one option, in euros."""

    annee_1: int | None
    annee_2: int
    annee_3: int
    p90_p95: int  # from year 3
    p95_plus: int  # every year


BAREME_AV7 = {
    "tiers_etp": Bareme(12000, 9000, 7000, 8350, 12000),
    "demi_etp": Bareme(18000, 13500, 10500, 12500, 18000),
    "un_etp": Bareme(36000, 27000, 21000, 25000, 36000),
}
BAREME_CM24 = {
    "tiers_etp": Bareme(None, 9450, 7350, 8767, 12600),
    "demi_etp": Bareme(19000, 14000, 11000, 13000, 19000),
    "un_etp": Bareme(38000, 28000, 22000, 26000, 38000),
}
#: Newest first: first day of the contract years that a scale pays, day it was published, its amounts.
BAREMES = (
    (DEBUT_CM24, CONNU_CM24, BAREME_CM24),
    (DEBUT_AV7, CONNU_AV7, BAREME_AV7),
)
BAREME_COLL = (38000, 28000, 22000)  # per ETP, years 1, 2, 3 and following

# Rates of the AV7/AV8 grid; a band that is absent is unknown.
GRILLE_AV7: dict[str, dict[str, Fraction]] = {
    "tiers_etp": {
        "p30_p50": Fraction(20, 100),
        "p50_p70": Fraction(15, 100),
        "p70_p90": Fraction(75, 1000),
        "p90_p95": Fraction(4, 100),
        "p95_plus": Fraction(0),
    },
    "demi_etp": {
        "p30_p50": Fraction(25, 100),
        "p70_p90": Fraction(125, 1000),
        "p90_p95": Fraction(6, 100),
        "p95_plus": Fraction(0),
    },
    "un_etp": {
        "p30_p50": Fraction(35, 100),
        "p90_p95": Fraction(125, 1000),
        "p95_plus": Fraction(5, 100),
    },
}

#: Tables of results, from year 3. « PRORATA »: the best attainment rate of the objectives that are not reached.
ETATS = ("ATTEINT", "STABLE", "BAISSE")
PRORATA = "PRORATA"
Case = Fraction | str
#: (file active, MT): URPS sheet, « Atteinte de l'objectif individuel ».
TABLE_DEUX_INDICATEURS: dict[tuple[str, str], Case] = {
    ("ATTEINT", "ATTEINT"): Fraction(1),
    ("ATTEINT", "STABLE"): Fraction(1),
    ("ATTEINT", "BAISSE"): Fraction(0),
    ("STABLE", "ATTEINT"): Fraction(1),
    ("STABLE", "STABLE"): PRORATA,
    ("STABLE", "BAISSE"): Fraction(0),
    ("BAISSE", "ATTEINT"): Fraction(0),
    ("BAISSE", "STABLE"): Fraction(0),
    ("BAISSE", "BAISSE"): Fraction(0),
}
#: Newest first: first day of signature under a table, day it was published, its cells.
TABLES_DEUX_INDICATEURS = ((DEBUT_AV7, CONNU_AV7, TABLE_DEUX_INDICATEURS),)
#: Both objectives asked for (D12 and D19, reading a).
TABLE_DEUX_EXIGES: dict[tuple[str, str], Case] = {
    ("ATTEINT", "ATTEINT"): Fraction(1),
    ("ATTEINT", "STABLE"): PRORATA,
    ("ATTEINT", "BAISSE"): Fraction(0),
    ("STABLE", "ATTEINT"): PRORATA,
    ("STABLE", "STABLE"): PRORATA,
    ("STABLE", "BAISSE"): Fraction(0),
    ("BAISSE", "ATTEINT"): Fraction(0),
    ("BAISSE", "STABLE"): Fraction(0),
    ("BAISSE", "BAISSE"): Fraction(0),
}
TABLE_UN_INDICATEUR: dict[str, Case] = {"ATTEINT": Fraction(1), "STABLE": PRORATA, "BAISSE": Fraction(0)}
TABLE_P95 = {"sans_baisse": Fraction(1), "avec_baisse": Fraction(0)}

RA_P30 = 775
RA_P99 = 2830
RA_COEFFICIENT = Fraction(45, 100)
RA_PLAFOND_P95 = 109

COLL_GAIN_MT = 260
COLL_GAIN_FA = 110


# --------------------------------------------------------------------------
# Inputs
# --------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Cas:
    """One individual contract.

    ``resultats`` maps the rank of a year to (mt, fa).  ``cible_notifiee_*`` are
    targets (numbers of patients), not gains.
    """

    date_signature: date
    option: str
    specialite: str = MEDECINE_GENERALE
    patientele_mt: int | None = None
    file_active: int | None = None
    date_appreciation: date
    date_embauche: date | None = None
    date_bascule: date | None = None
    renouvellement: bool = False
    nouvel_installe: bool = False
    rqth_ald: bool = False
    mep: bool = False
    quotite: Fraction = Fraction(1)
    bande_notifiee: str | None = None
    seuil_notifie: int | None = None
    #: Share of the MT list under 16; None: not told.
    part_enfants: Fraction | None = None
    cible_notifiee_mt: int | None = None
    cible_notifiee_fa: int | None = None
    resultats: Resultats = field(default_factory=dict)
    date_debut_suspension: date | None = None
    date_fin_suspension: date | None = None
    date_fin_anticipee: date | None = None
    #: The readings that the fund settled (« a », « b »), None where it did not.
    lecture_d12: str | None = None
    lecture_d24: str | None = None
    lecture_e3: str | None = None


@dataclass(frozen=True, kw_only=True)
class CasCollectif:
    """One collective contract."""

    date_signature: date
    date_appreciation: date
    etp: Fraction
    base_mt: int | None
    base_fa: int | None
    #: None: there were former individual contracts, and nobody tells what they gained.
    deja_gagnes_mt: int | None = 0
    deja_gagnes_fa: int | None = 0
    resultats: Resultats = field(default_factory=dict)
    lecture_d19: str | None = None


# --------------------------------------------------------------------------
# Results
# --------------------------------------------------------------------------


@dataclass(frozen=True)
class ObjectifIndicateur:
    """Expected gain of one indicator.

    ``suivi`` is False when the indicator does not count for this contract.
    When ``gain`` is known, ``borne_haute`` equals it.
    """

    suivi: bool
    gain: int | None
    borne_haute: int | None


@dataclass(frozen=True)
class Objectif:
    """Objective of a contract, indicator by indicator."""

    mt: ObjectifIndicateur
    fa: ObjectifIndicateur


@dataclass(frozen=True)
class Annuite:
    """Everything about one contract year.

    ``versements`` is None when ``montant_du`` is.
    """

    rang: int
    debut: date
    fin: date
    regime: str
    montants_possibles: tuple[int, ...] | None
    taux: Fraction | None
    jours: int
    jours_dus: int
    montant_du: int | None
    versements: tuple[Versement, ...] | None


NON_SUIVI = ObjectifIndicateur(False, None, None)
INDETERMINE = ObjectifIndicateur(True, None, None)


def _gain(valeur: int) -> ObjectifIndicateur:
    """A determined gain."""
    return ObjectifIndicateur(True, valeur, valeur)


def _borne(valeur: int) -> ObjectifIndicateur:
    """An undetermined gain of which only an upper bound is known."""
    return ObjectifIndicateur(True, None, valeur)


# --------------------------------------------------------------------------
# Small tools
# --------------------------------------------------------------------------


def arrondi(valeur: Fraction) -> int:
    """Nearest integer, half up."""
    return math.floor(valeur + Fraction(1, 2))


def ajoute_mois(jour: date, mois: int) -> date:
    """The same day some months later, clamped to the end of the month."""
    rang_mois = jour.year * 12 + (jour.month - 1) + mois
    annee = rang_mois // 12
    mois_civil = rang_mois % 12 + 1
    dernier = calendar.monthrange(annee, mois_civil)[1]
    return date(annee, mois_civil, min(jour.day, dernier))


# --------------------------------------------------------------------------
# Regimes and years
# --------------------------------------------------------------------------


def regime(date_signature: date, vu_le: date = date.max) -> str:
    """Regime of a contract signed on that day ('AV7', 'AV8', 'RA', 'CM24'), as it was known on the day `vu_le`.

    CHOIX: the day AV8 was published is unknown, so it is known from its date of effect.
    """
    if date_signature >= DEBUT_CM24 and vu_le >= CONNU_CM24:
        return "CM24"
    if date_signature >= DEBUT_RA and vu_le >= CONNU_RA:
        return "RA"
    if date_signature >= DEBUT_AV8 and vu_le >= DEBUT_AV8:
        return "AV8"
    if date_signature >= DEBUT_AV7 and vu_le >= CONNU_AV7:
        return "AV7"
    raise ValueError(f"aucun regime avant le {DEBUT_AV7}")


def ancre(cas: Cas) -> date:
    """The day from which the years are counted: the signature, or the hire when D24 is settled so (AV7, AV8)."""
    if cas.lecture_d24 != "b" or cas.date_embauche is None or cas.date_embauche <= cas.date_signature:
        return cas.date_signature
    ancien = regime(cas.date_signature, cas.date_appreciation) in ("AV7", "AV8")
    return (
        cas.date_embauche if ancien and cas.date_embauche > ajoute_mois(cas.date_signature, 1) else cas.date_signature
    )


def debut_annuite(date_signature: date, rang: int) -> date:
    """First day of the year of that rank, counted from the signature itself (or from another anchor)."""
    return ajoute_mois(date_signature, 12 * (rang - 1))


def fin_annuite(date_signature: date, rang: int) -> date:
    """Last day of the year of that rank."""
    return debut_annuite(date_signature, rang + 1) - timedelta(days=1)


def jours_annuite(date_signature: date, rang: int) -> int:
    """Number of days of the year of that rank (365 or 366)."""
    debut = debut_annuite(date_signature, rang)
    return (debut_annuite(date_signature, rang + 1) - debut).days


def jours_dus(cas: Cas, rang: int) -> int:
    """Days of the year that are neither suspended nor after an early end."""
    if cas.date_debut_suspension is None and cas.date_fin_anticipee is None:
        return jours_annuite(ancre(cas), rang)
    total = 0
    jour = debut_annuite(ancre(cas), rang)
    fin = fin_annuite(ancre(cas), rang)
    while jour <= fin:
        if not _suspendu(cas, jour) and not _termine(cas, jour):
            total += 1
        jour += timedelta(days=1)
    return total


def _suspendu(cas: Cas, jour: date) -> bool:
    """True if the contract is suspended on that day, both ends included."""
    if cas.date_debut_suspension is None or jour < cas.date_debut_suspension:
        return False
    # CHOIX: a suspension without an end never ends.
    return cas.date_fin_suspension is None or jour <= cas.date_fin_suspension


def _termine(cas: Cas, jour: date) -> bool:
    """True if that day is strictly after the early end."""
    return cas.date_fin_anticipee is not None and jour > cas.date_fin_anticipee


def regime_objectif(cas: Cas) -> str:
    """Regime whose rules give the objective (the switched one, if any)."""
    origine = regime(cas.date_signature, cas.date_appreciation)
    if origine in ("AV7", "AV8") and cas.date_bascule is not None and cas.date_bascule > cas.date_signature:
        arrivee = regime(cas.date_bascule, cas.date_appreciation)
        # The switch only opens with the reglement arbitral, and a contract that ended no longer switches.
        if arrivee in RECENTS and cas.date_bascule <= fin_annuite(ancre(cas), DUREE_CONTRAT):
            return arrivee
    return origine


def regime_annuite(cas: Cas, rang: int) -> str:
    """Regime whose payment calendar governs the year of that rank."""
    if cas.date_bascule is not None and debut_annuite(ancre(cas), rang) >= cas.date_bascule:
        return regime_objectif(cas)
    return regime(cas.date_signature, cas.date_appreciation)


def en_phase_perenne(cas: Cas, rang: int) -> bool:
    """True in the phase "3e annee et suivantes" (a renewal is always in it, unless E3 is settled as a new contract)."""
    return (cas.renouvellement and cas.lecture_e3 != "b") or rang >= 3


# --------------------------------------------------------------------------
# Percentiles and bands
# --------------------------------------------------------------------------


def distribution_du_regime(code: str) -> str:
    """Distribution used by a regime."""
    if code in ("AV7", "AV8"):
        return DISTRIBUTION_AV7
    return DISTRIBUTION_2021


def _score(percentile: int) -> float:
    """Normal score of a percentile."""
    return NormalDist().inv_cdf(percentile / 100)


# The adults of AV7 are the distribution of which most is known: its shape is lent to the others (D27).
FORME = PUBLIES[(DISTRIBUTION_AV7, "medecine_generale", "mt")]


def _rang_forme(percentile: int) -> float | None:
    """ln of what the shape has at a percentile; None below its first one.

    Between two of its percentiles, straight in normal score. Above the last one, the slope of the next stretch is to
    the last one's what the last one's is to the one before.
    """
    connus = sorted(FORME)
    if percentile < connus[0]:
        return None
    for bas, haut in pairwise(connus):
        if percentile <= haut:
            part = (_score(percentile) - _score(bas)) / (_score(haut) - _score(bas))
            return math.log(FORME[bas]) + part * (math.log(FORME[haut]) - math.log(FORME[bas]))
    pentes = [
        (math.log(FORME[haut]) - math.log(FORME[bas])) / (_score(haut) - _score(bas))
        for bas, haut in ((connus[-3], connus[-2]), (connus[-2], connus[-1]))
    ]
    suivante = pentes[1] * pentes[1] / pentes[0]
    return math.log(FORME[connus[-1]]) + suivante * (_score(percentile) - _score(connus[-1]))


def _pente(valeurs: Mapping[int, int]) -> float | None:
    """How much wider than the shape a distribution is, from its first percentile at or above the median to its last."""
    hauts = sorted(p for p in valeurs if p >= 50)
    if len(hauts) < 2:
        return None
    bas, haut = _rang_forme(hauts[0]), _rang_forme(hauts[-1])
    assert bas is not None
    assert haut is not None
    return (math.log(valeurs[hauts[-1]]) - math.log(valeurs[hauts[0]])) / (haut - bas)


def estimation(distribution: str, specialite: str, indicateur: str, percentile: int) -> float | None:
    """Estimate of an unpublished percentile, if there is one: the shape of AV7, fitted on what is published."""
    valeurs = PUBLIES.get((distribution, specialite, indicateur), {})
    place = _rang_forme(percentile)
    if not valeurs or place is None:
        return None
    dessous = [p for p in valeurs if p < percentile]
    dessus = [p for p in valeurs if p > percentile]
    if len(valeurs) == 1:
        # The slope of the 31/12/2021 distribution of the same doctors.
        pente = _pente(PUBLIES.get((DISTRIBUTION_2021, specialite, indicateur), {}))
        ancre = next(iter(valeurs))
    elif dessous and dessus:
        ancre = max(dessous)
        bas, haut = _rang_forme(ancre), _rang_forme(min(dessus))
        assert bas is not None
        assert haut is not None
        pente = (math.log(valeurs[min(dessus)]) - math.log(valeurs[ancre])) / (haut - bas)
    elif specialite == MEDECINE_GENERALE:
        pente = _pente(valeurs)
        ancre = max(dessous) if dessous else min(dessus)
    else:
        return None
    depart = _rang_forme(ancre)
    if pente is None or depart is None:
        return None
    return math.exp(math.log(valeurs[ancre]) + pente * (place - depart))


def _bornes_publiees(distribution: str, specialite: str, indicateur: str, percentile: int) -> tuple[int, int]:
    """A published percentile, or the two ends of one that is published "about"."""
    valeur = PUBLIES[(distribution, specialite, indicateur)][percentile]
    marge = APPROCHES.get((distribution, specialite, indicateur, percentile), Fraction(0))
    return math.floor(valeur * (1 - marge)), math.ceil(valeur * (1 + marge))


@cache
def encadrement(distribution: str, specialite: str, indicateur: str, percentile: int) -> tuple[int, int | None]:
    """Lowest and highest possible value of a percentile (None: no upper limit)."""
    valeurs = PUBLIES.get((distribution, specialite, indicateur), {})
    if percentile in valeurs:
        return _bornes_publiees(distribution, specialite, indicateur, percentile)

    # The published neighbours always bound the percentile.
    bornes = {p: _bornes_publiees(distribution, specialite, indicateur, p) for p in valeurs}
    dessous = [b for p, (b, _) in bornes.items() if p < percentile]
    dessus = [h for p, (_, h) in bornes.items() if p > percentile]
    bas: int = max(dessous) if dessous else 0
    haut: int | None = min(dessus) if dessus else None

    estime = estimation(distribution, specialite, indicateur, percentile)
    if estime is not None:
        propre = specialite == MEDECINE_GENERALE and len(valeurs) > 1
        marge = MARGES[indicateur] if propre else MARGE_AUTRE
        bas = max(bas, math.floor(Fraction(estime) * (1 - marge)))
        haut_estime = math.ceil(Fraction(estime) * (1 + marge))
        haut = haut_estime if haut is None else min(haut, haut_estime)
    return bas, haut


def _bande_indicateur(distribution: str, specialite: str, indicateur: str, valeur: int) -> tuple[int, int]:
    """Lowest and highest possible rank in BANDES for one indicator."""
    basse = 0
    haute = 0
    for k, percentile in enumerate(SEUILS):
        bas, haut = encadrement(distribution, specialite, indicateur, percentile)
        if haut is not None and valeur >= haut:
            basse = k + 1
        if valeur >= bas:
            haute = k + 1
    return basse, haute


def hors_distribution(cas: Cas) -> bool:
    """The published percentiles are « hors MEP »: of such a general practitioner they say nothing (D23)."""
    return cas.mep and cas.specialite == MEDECINE_GENERALE


def _bande_selon(cas: Cas, distribution: str) -> tuple[str, str]:
    """Band of the contract read in one distribution."""
    if cas.bande_notifiee is not None:
        return cas.bande_notifiee, cas.bande_notifiee
    if hors_distribution(cas):
        return BANDES[0], BANDES[-1]

    intervalles: list[tuple[int, int]] = []
    if cas.specialite == MEDECINE_GENERALE and cas.patientele_mt is not None:
        intervalles.append(_bande_indicateur(distribution, cas.specialite, "mt", cas.patientele_mt))
    if cas.file_active is not None:
        intervalles.append(_bande_indicateur(distribution, cas.specialite, "fa", cas.file_active))
    if not intervalles:
        return BANDES[0], BANDES[-1]
    basse = max(i[0] for i in intervalles)
    haute = max(i[1] for i in intervalles)
    return BANDES[basse], BANDES[haute]


def condition_du_seuil_notifie(cas: Cas) -> str:
    """The verdict on the activity threshold, where the fund notified one: it alone decides (arbitrage D23).

    Under avenants 7 and 8, more than a fifth of children exempts from it (ReAGJIR, 05/07/2019); a doctor newly
    installed is exempt under every régime, and so is RQTH/ALD.
    """
    assert cas.seuil_notifie is not None
    patients = cas.patientele_mt if cas.specialite == MEDECINE_GENERALE else cas.file_active
    if patients is not None and patients >= cas.seuil_notifie:
        return "remplie"
    # The numbers win over the share: a MT list that is known counts adults alone here, so no child.
    dite = cas.part_enfants if cas.patientele_mt is None else None
    enfants = dite is not None and dite > Fraction(1, 5) and cas.date_signature < DEBUT_RA
    if enfants or cas.nouvel_installe or cas.rqth_ald:
        return "derogation"
    return "indeterminee" if patients is None else "non_remplie"


def bande(cas: Cas) -> tuple[str, str]:
    """Lowest and highest possible band, frozen at signature."""
    return _bande_selon(cas, distribution_du_regime(regime(cas.date_signature, cas.date_appreciation)))


def bande_objectif(cas: Cas) -> tuple[str, str]:
    """The band that the objective reads: the same base, in the distribution of the switched regime if any."""
    return _bande_selon(cas, distribution_du_regime(regime_objectif(cas)))


# --------------------------------------------------------------------------
# Objectives
# --------------------------------------------------------------------------


def indicateurs_suivis(specialite: str, code_regime: str) -> tuple[str, ...]:
    """Indicators that count: ('mt', 'fa') or ('fa',)."""
    if specialite == MEDECINE_GENERALE:
        return ("mt", "fa")
    if specialite == PEDIATRIE and code_regime in RECENTS:
        return ("mt", "fa")
    return ("fa",)


def objectif(cas: Cas) -> Objectif:
    """Objective of the contract (a single one, the switched one if switched)."""
    return Objectif(mt=_objectif_indicateur(cas, "mt"), fa=_objectif_indicateur(cas, "fa"))


def _base(cas: Cas, indicateur: str) -> int | None:
    """Starting number of patients of one indicator."""
    return cas.patientele_mt if indicateur == "mt" else cas.file_active


def _objectif_indicateur(cas: Cas, indicateur: str) -> ObjectifIndicateur:
    """Objective of one indicator; the first rule that applies wins."""
    code = regime_objectif(cas)
    if indicateur not in indicateurs_suivis(cas.specialite, code):
        return NON_SUIVI

    base = _base(cas, indicateur)
    cible = cas.cible_notifiee_mt if indicateur == "mt" else cas.cible_notifiee_fa
    if cible is not None:
        if base is None:
            return INDETERMINE
        # CHOIX: a target below the base is a "maintien" (gain 0).
        return _gain(max(0, cible - base))
    # Avenant 7 only waives the threshold (S0); later regimes adapt the contract, nobody published how (D18).
    if cas.rqth_ald and code not in ("AV7", "AV8"):
        return INDETERMINE
    # Mixed activity: the whole objective under RA and CM24 (D3); nothing written before.
    if cas.quotite != 1 and code not in RECENTS:
        return INDETERMINE
    if cas.renouvellement and cas.lecture_e3 != "b":
        return _gain(0)
    if cas.nouvel_installe and _part_sous_p50(cas):
        return _objectif_nouvel_installe(cas, indicateur)
    if code in ("AV7", "AV8"):
        return _objectif_av7(cas, indicateur)
    valeur_ra = _gain_ra(cas, indicateur)
    if valeur_ra is None:
        return INDETERMINE
    if code == "RA" or valeur_ra == 0:
        return _gain(valeur_ra)
    return _borne(valeur_ra)


def _part_sous_p50(cas: Cas) -> bool:
    """True unless every indicator given is surely at or above its P50.

    CHOIX: read indicator by indicator; an indicator not given is left out.
    """
    return any(haut is None or base < haut for base, _, haut in medianes(cas))


def part_surement_sous_p50(cas: Cas) -> bool:
    """True if one indicator given is surely below its P50."""
    return any(base < bas for base, bas, _ in medianes(cas))


def medianes(cas: Cas) -> list[tuple[int, int, int | None]]:
    """(base, lowest P50, highest P50) of each indicator that is followed and given."""
    code = regime_objectif(cas)
    distribution = distribution_du_regime(code)
    medianes: list[tuple[int, int, int | None]] = []
    for indicateur in indicateurs_suivis(cas.specialite, code):
        base = _base(cas, indicateur)
        if base is not None and hors_distribution(cas):
            medianes.append((base, 0, None))
        elif base is not None:
            medianes.append((base, *encadrement(distribution, cas.specialite, indicateur, 50)))
    return medianes


def _objectif_nouvel_installe(cas: Cas, indicateur: str) -> ObjectifIndicateur:
    """Reach the P50 when it is published; otherwise undetermined.

    CHOIX: an estimated P50 still bounds the gain, but only of a doctor who surely starts below: one who may start
    above could owe the objective of the grid instead. An indicator surely at or above its P50 has nothing to gain.
    """
    base = _base(cas, indicateur)
    if base is None:
        return INDETERMINE
    bas, haut = encadrement(distribution_du_regime(regime_objectif(cas)), cas.specialite, indicateur, 50)
    if haut is None or hors_distribution(cas):
        return INDETERMINE
    if bas == haut:
        return _gain(max(0, haut - base))
    if not part_surement_sous_p50(cas):
        return INDETERMINE
    return _gain(0) if base >= haut else _borne(haut - base)


def _objectif_av7(cas: Cas, indicateur: str) -> ObjectifIndicateur:
    """Grid of AV7/AV8: the rate of the contract band, on each indicator."""
    base = _base(cas, indicateur)
    grille = GRILLE_AV7.get(cas.option)
    if base is None or grille is None:
        return INDETERMINE
    basse, haute = _bande_selon(cas, DISTRIBUTION_AV7)
    possibles = BANDES[BANDES.index(basse) : BANDES.index(haute) + 1]
    taux_possibles = {grille.get(b) for b in possibles}

    if len(taux_possibles) == 1 and None not in taux_possibles:
        return _gain(math.floor(grille[basse] * base))

    # Upper bound: the lowest possible band, or the nearest known one below it.
    for rang_bande in range(BANDES.index(basse), -1, -1):
        if BANDES[rang_bande] in grille:
            return _borne(math.floor(grille[BANDES[rang_bande]] * base))
    return INDETERMINE


def _gain_ra(cas: Cas, indicateur: str) -> int | None:
    """Gain under RA, None if undetermined."""
    if cas.specialite != MEDECINE_GENERALE:
        # CHOIX: even for a half-time with a notified band P95_plus.
        return None
    surement_p95 = _bande_selon(cas, DISTRIBUTION_2021)[0] == "p95_plus"
    if cas.option == "demi_etp":
        return 0 if surement_p95 else None
    if cas.option != "un_etp" or indicateur != "mt":
        return None
    base = cas.patientele_mt
    if base is None or base < RA_P30 or hors_distribution(cas):
        return None
    valeur = arrondi(RA_P30 * RA_COEFFICIENT * Fraction(RA_P99 - base, RA_P99 - RA_P30))
    valeur = max(0, valeur)
    if surement_p95:
        return min(valeur, RA_PLAFOND_P95)
    return valeur


# --------------------------------------------------------------------------
# Amounts
# --------------------------------------------------------------------------


def bareme_connu(cas: Cas, rang: int) -> Bareme | None:
    """Scale in force on the first day of the year and known at the appreciation."""
    return bareme_au(debut_annuite(ancre(cas), rang), cas.date_appreciation, cas.option)


def bareme_au(debut: date, vu_le: date, option: str) -> Bareme | None:
    """Scale of an option for a year that begins on a day, as it was known on the day `vu_le`."""
    return next((bareme.get(option) for effet, connu, bareme in BAREMES if debut >= effet and vu_le >= connu), None)


def table_deux_indicateurs(signature: date, vu_le: date) -> Mapping[tuple[str, str], Case]:
    """Table of two indicators of a contract signed on a day, as it was known on the day `vu_le`."""
    return next(table for effet, connu, table in TABLES_DEUX_INDICATEURS if signature >= effet and vu_le >= connu)


def _euros(cas: Cas, rang: int, bareme: Bareme, code_bande: str) -> int | None:
    """Full-time amount of the year for one band, in euros."""
    if code_bande == "p95_plus":
        return bareme.p95_plus
    if en_phase_perenne(cas, rang):
        return bareme.p90_p95 if code_bande == "p90_p95" else bareme.annee_3
    return bareme.annee_1 if rang == 1 else bareme.annee_2


def montants_possibles(cas: Cas, rang: int) -> tuple[int, ...] | None:
    """Distinct possible maximum amounts of the year, in cents, ascending."""
    bareme = bareme_connu(cas, rang)
    if bareme is None:
        return None
    # CHOIX: the quotite follows the regime of the signature, even once switched.
    if cas.quotite != 1 and regime(cas.date_signature, cas.date_appreciation) in ("AV7", "AV8"):
        return None
    # CHOIX: a renewed third-time never reads the closed year-1 amount.
    ferme = (
        cas.option == "tiers_etp"
        and rang == 1
        and not en_phase_perenne(cas, rang)
        and ancre(cas) >= DEBUT_RA
        and cas.date_appreciation >= CONNU_RA
    )
    if ferme:
        return None

    basse, haute = bande(cas)
    montants: set[int] = set()
    for code_bande in BANDES[BANDES.index(basse) : BANDES.index(haute) + 1]:
        euros = _euros(cas, rang, bareme, code_bande)
        if euros is None:
            return None
        montants.add(arrondi(euros * 100 * cas.quotite))
    return tuple(sorted(montants))


# --------------------------------------------------------------------------
# Rate
# --------------------------------------------------------------------------


@dataclass(frozen=True)
class Mesure:
    """One indicator followed: starting point, result, objective."""

    base: int | None
    resultat: int | None
    objectif: ObjectifIndicateur


def _statut(mesure: Mesure) -> str:
    """MANQUANT, BAISSE, ATTEINT, STABLE or INDETERMINE."""
    if mesure.base is None or mesure.resultat is None:
        return "MANQUANT"
    if mesure.resultat < mesure.base:
        return "BAISSE"
    borne = mesure.objectif.borne_haute
    if borne is not None and mesure.resultat >= mesure.base + borne:
        return "ATTEINT"
    if mesure.objectif.gain is None:
        return "INDETERMINE"
    return "STABLE"


def _prorata(mesure: Mesure) -> Fraction:
    """Exact share of the gain obtained by a STABLE indicator."""
    assert mesure.base is not None
    assert mesure.resultat is not None
    assert mesure.objectif.gain is not None
    return Fraction(mesure.resultat - mesure.base, mesure.objectif.gain)


def _etats(mesure: Mesure) -> tuple[str, ...]:
    """The states of the tables that an indicator may be in: an unknown result may be anything."""
    statut = _statut(mesure)
    return {"MANQUANT": ETATS, "INDETERMINE": ("ATTEINT", "STABLE")}.get(statut, (statut,))


def _taux_module(mesures: list[Mesure], table: Mapping[tuple[str, str], Case]) -> Fraction | None:
    """Rate of the modulation table, outside P95_plus: the cell, if every cell that may apply says the same."""
    etats = [_etats(m) for m in mesures]
    if len(mesures) == 1:
        cases = {TABLE_UN_INDICATEUR[fa] for fa in etats[0]}
    else:
        mt_possibles, fa_possibles = etats
        cases = {table[fa, mt] for fa in fa_possibles for mt in mt_possibles}
    if len(cases) > 1:
        return None
    case = cases.pop()
    if not isinstance(case, str):
        return case
    if any(len(possibles) > 1 for possibles in etats):
        return None
    return max(_prorata(m) for m in mesures if _statut(m) == "STABLE")


def _taux_p95(mesures: list[Mesure]) -> Fraction | None:
    """Rate of a contract in P95_plus: by whether an indicator fell."""
    statuts = [_statut(m) for m in mesures]
    if "BAISSE" in statuts:
        return TABLE_P95["avec_baisse"]
    if "MANQUANT" in statuts:
        return None
    return TABLE_P95["sans_baisse"]


def taux(cas: Cas, rang: int) -> Fraction | None:
    """Share of the maximum amount that is due for the year."""
    if not en_phase_perenne(cas, rang):
        return Fraction(1)
    if _objectifs_suspendus(cas, rang) or _ouverte_avant_la_bascule(cas, rang):
        return None

    but = objectif(cas)
    resultat_mt, resultat_fa = cas.resultats.get(rang, (None, None))
    mesures: list[Mesure] = []
    if but.mt.suivi:
        mesures.append(Mesure(cas.patientele_mt, resultat_mt, but.mt))
    if but.fa.suivi:
        mesures.append(Mesure(cas.file_active, resultat_fa, but.fa))

    if len(mesures) > 1 and regime_annuite(cas, rang) in ("AV7", "AV8") and cas.lecture_d12 != "b":
        return _taux_module(mesures, TABLE_DEUX_EXIGES)

    basse, haute = bande(cas)
    if basse == "p95_plus":
        return _taux_p95(mesures)
    table = table_deux_indicateurs(cas.date_signature, cas.date_appreciation)
    if haute != "p95_plus":
        return _taux_module(mesures, table)
    if _taux_p95(mesures) == _taux_module(mesures, table):
        return _taux_module(mesures, table)
    return None


def _ouverte_avant_la_bascule(cas: Cas, rang: int) -> bool:
    """True for a year opened before an admitted switch: the switched objective does not judge it (E7)."""
    if regime_objectif(cas) == regime(cas.date_signature, cas.date_appreciation) or cas.date_bascule is None:
        return False
    return debut_annuite(ancre(cas), rang) < cas.date_bascule


def _objectifs_suspendus(cas: Cas, rang: int) -> bool:
    """True if the contract is suspended on the day of the evaluation, the first of the year."""
    debut = debut_annuite(ancre(cas), rang)
    connu = min(debut, cas.date_appreciation) >= DEBUT_OBJECTIFS_SUSPENDUS
    return connu and _suspendu(cas, debut)


def montant_du(cas: Cas, rang: int) -> int | None:
    """Amount due for the year, in cents, None if it cannot be told.

    CHOIX: several possible maximum amounts that all give the same amount due
    (a rate of zero) make it determined; an unknown scale never does. A year with
    no day due (after an early end) owes nothing, whatever the rest.
    """
    if jours_dus(cas, rang) == 0:
        return 0
    possibles = montants_possibles(cas, rang)
    part = taux(cas, rang)
    if possibles is None or part is None:
        return None
    jours = jours_annuite(ancre(cas), rang)
    temps = Fraction(jours_dus(cas, rang), jours)
    dus = {arrondi(m * part * temps) for m in possibles}
    if len(dus) == 1:
        return dus.pop()
    return None


def montant_prevu(cas: Cas, rang: int) -> int | None:
    """What payments are planned on: the amount due, or the maximum for the days due while the rate is unknown."""
    du = montant_du(cas, rang)
    possibles = montants_possibles(cas, rang)
    if du is not None or possibles is None or len(possibles) > 1:
        return du
    return arrondi(possibles[0] * Fraction(jours_dus(cas, rang), jours_annuite(ancre(cas), rang)))


# --------------------------------------------------------------------------
# Payments
# --------------------------------------------------------------------------


def versements(cas: Cas, rang: int, montant_cents: int) -> list[Versement]:
    """Dated payments of the year; they add up to the amount exactly.

    CHOIX: a renewal follows the calendar of the years 3 and following.
    """
    if regime_annuite(cas, rang) not in ("AV7", "AV8"):
        perenne = en_phase_perenne(cas, rang)
        return _versements_ra(cas.date_signature, ancre(cas), rang, montant_cents, perenne)

    debut = debut_annuite(ancre(cas), rang)
    if rang > 1 or en_phase_perenne(cas, rang):
        return [(debut, montant_cents)]
    avance = arrondi(Fraction(70, 100) * montant_cents)
    date_avance = None
    if cas.date_embauche is not None:
        date_avance = cas.date_embauche + timedelta(days=15)
    date_solde = debut_annuite(ancre(cas), 2)
    return [(date_avance, avance), (date_solde, montant_cents - avance)]


def _versements_ra(
    date_signature: date, ancre_des_annees: date, rang: int, montant_cents: int, perenne: bool
) -> list[Versement]:
    """Calendar of RA, CM24 and COLL."""
    debut = debut_annuite(ancre_des_annees, rang)
    if perenne:
        moitie = arrondi(Fraction(montant_cents, 2))
        # CHOIX: six months counted from the anniversary, not from the signature.
        return [(debut, moitie), (ajoute_mois(debut, 6), montant_cents - moitie)]
    if rang == 1:
        return [(ajoute_mois(date_signature, 1), montant_cents)]
    return [(debut, montant_cents)]


def simuler(cas: Cas) -> list[Annuite]:
    """The five years of the contract."""
    annuites: list[Annuite] = []
    for rang in range(1, DUREE_CONTRAT + 1):
        du = montant_du(cas, rang)
        annuites.append(
            Annuite(
                rang=rang,
                debut=debut_annuite(ancre(cas), rang),
                fin=fin_annuite(ancre(cas), rang),
                regime=regime_annuite(cas, rang),
                montants_possibles=montants_possibles(cas, rang),
                taux=taux(cas, rang),
                jours=jours_annuite(ancre(cas), rang),
                jours_dus=jours_dus(cas, rang),
                montant_du=du,
                versements=None if du is None else tuple(versements(cas, rang, du)),
            )
        )
    return annuites


# --------------------------------------------------------------------------
# Collective contract
# --------------------------------------------------------------------------


def objectif_collectif(cas: CasCollectif) -> Objectif:
    """260 MT and 110 FA per ETP, less the patients already gained; unknown before the aid exists."""
    if cas.date_signature < DEBUT_COLL or cas.date_appreciation < CONNU_COLL:
        return Objectif(mt=INDETERMINE, fa=INDETERMINE)
    return Objectif(
        mt=_gain_collectif(math.floor(COLL_GAIN_MT * cas.etp), cas.deja_gagnes_mt),
        fa=_gain_collectif(math.floor(COLL_GAIN_FA * cas.etp), cas.deja_gagnes_fa),
    )


def _gain_collectif(brut: int, deja_gagnes: int | None) -> ObjectifIndicateur:
    """The objective less what former individual contracts gained; at most the whole of it when nobody tells."""
    return _borne(brut) if deja_gagnes is None else _gain(max(0, brut - deja_gagnes))


def montants_possibles_collectif(cas: CasCollectif, rang: int) -> tuple[int, ...] | None:
    """The maximum amount of the year, in cents, as a tuple of one."""
    debut = debut_annuite(cas.date_signature, rang)
    if debut < DEBUT_COLL or cas.date_appreciation < CONNU_COLL:
        return None
    euros = BAREME_COLL[min(rang, 3) - 1]
    return (arrondi(euros * 100 * cas.etp),)


def taux_collectif(cas: CasCollectif, rang: int) -> Fraction | None:
    """Share of the maximum amount that is due for the year."""
    if rang < 3:
        return Fraction(1)
    if cas.date_signature < DEBUT_COLL or cas.date_appreciation < CONNU_COLL:
        return None
    but = objectif_collectif(cas)
    resultat_mt, resultat_fa = cas.resultats.get(rang, (None, None))
    return _taux_module(
        [
            Mesure(cas.base_mt, resultat_mt, but.mt),
            Mesure(cas.base_fa, resultat_fa, but.fa),
        ],
        table_deux_indicateurs(cas.date_signature, cas.date_appreciation)
        if cas.lecture_d19 == "b"
        else TABLE_DEUX_EXIGES,
    )


def montant_du_collectif(cas: CasCollectif, rang: int) -> int | None:
    """Amount due for the year, in cents."""
    possibles = montants_possibles_collectif(cas, rang)
    part = taux_collectif(cas, rang)
    if possibles is None or part is None:
        return None
    return arrondi(possibles[0] * part)


def montant_prevu_collectif(cas: CasCollectif, rang: int) -> int | None:
    """What payments are planned on: the amount due, or the maximum while the rate is unknown."""
    du = montant_du_collectif(cas, rang)
    possibles = montants_possibles_collectif(cas, rang)
    if du is not None or possibles is None:
        return du
    return possibles[0]


def versements_collectif(cas: CasCollectif, rang: int, montant_cents: int) -> list[Versement]:
    """Dated payments of the year."""
    return _versements_ra(cas.date_signature, cas.date_signature, rang, montant_cents, rang >= 3)


def simuler_collectif(cas: CasCollectif) -> list[Annuite]:
    """The five years of the collective contract."""
    annuites: list[Annuite] = []
    for rang in range(1, DUREE_CONTRAT + 1):
        du = montant_du_collectif(cas, rang)
        jours = jours_annuite(cas.date_signature, rang)
        dates = None if du is None else tuple(versements_collectif(cas, rang, du))
        annuites.append(
            Annuite(
                rang=rang,
                debut=debut_annuite(cas.date_signature, rang),
                fin=fin_annuite(cas.date_signature, rang),
                regime="COLL",
                montants_possibles=montants_possibles_collectif(cas, rang),
                taux=taux_collectif(cas, rang),
                jours=jours,
                jours_dus=jours,
                montant_du=du,
                versements=dates,
            )
        )
    return annuites
