"""Dates of the contract, as pure vector functions (NumPy in, NumPy out).

Convention, written once: a delay in months or years runs from day to same day, and stops at the last day of
the month when that day does not exist (29 February 2020 + 1 year = 28 February 2021). Every date is counted
from the first one, never from the previous result (2020-02-29 + 4 years = 2024-02-29). The convention's text
is silent; see docs/arbitrages/e06-anniversaires-fin-de-mois.md.
"""

import numpy as np
from numpy.typing import NDArray

from openfisca_assistants_medicaux.nomenclatures import DATE_ABSENTE

Dates = NDArray[np.datetime64]

ABSENTE = np.datetime64(DATE_ABSENTE, "D")


#: The calendar as tables, an order of magnitude faster than NumPy's month arithmetic. Dates outside are clamped to it:
#: inputs are bounded well inside.
PREMIER_JOUR = np.datetime64("1850-01-01", "D")
UN_JOUR = np.timedelta64(1, "D")
_MOIS = np.arange(np.datetime64("1850-01", "M"), np.datetime64("2351-01", "M"))
#: Rank of the first day of each month, counted from PREMIER_JOUR.
JOUR_DU_MOIS = (_MOIS.astype("datetime64[D]") - PREMIER_JOUR).astype(np.int32)
#: Rank of the last day of each month in that month, from 0.
DERNIER_JOUR = (np.diff(JOUR_DU_MOIS) - 1).astype(np.int32)
#: Month of each day, and rank of the day in it, from 0.
MOIS_DU_JOUR = np.repeat(np.arange(len(_MOIS) - 1, dtype=np.int32), DERNIER_JOUR + 1)
JOUR_DANS_LE_MOIS = (np.arange(len(MOIS_DU_JOUR)) - JOUR_DU_MOIS[MOIS_DU_JOUR]).astype(np.int32)
_ORIGINE = PREMIER_JOUR.astype(np.int64)


def renseignee(dates: Dates) -> NDArray[np.bool_]:
    """True where a date was given (neither absent nor NaT)."""
    # Not a time compares false with anything.
    return dates > ABSENTE


def ajouter_mois(dates: Dates, mois: NDArray[np.int_] | int) -> Dates:
    """Date `mois` calendar months later, clamped to the end of the month; an absent date stays absent.

    >>> ajouter_mois(np.array(["2020-01-31", "2020-02-29"], "datetime64[D]"), np.array([1, 12]))
    array(['2020-02-29', '2021-02-28'], dtype='datetime64[D]')
    """
    dates = np.asarray(dates)
    # `take` clamps as it reads: an absent date, or one that is not a time, falls on a limit and is set aside below.
    rang = dates.astype("datetime64[D]", copy=False).view(np.int64) - _ORIGINE
    mois_atteint = MOIS_DU_JOUR.take(rang, mode="clip") + np.asarray(mois).astype(np.int32)
    jour = np.minimum(JOUR_DANS_LE_MOIS.take(rang, mode="clip"), DERNIER_JOUR.take(mois_atteint, mode="clip"))
    jour += JOUR_DU_MOIS[:-1].take(mois_atteint, mode="clip")
    resultat = (jour + _ORIGINE).view("datetime64[D]")
    connues = renseignee(dates)
    return resultat if connues.all() else np.where(connues, resultat, ABSENTE)


def ajouter_mois_si_connu(dates: Dates, mois: NDArray[np.float64]) -> Dates:
    """Same, where the delay itself may be unknown (NaN): the result is then absent."""
    inconnu = np.isnan(mois)
    if not inconnu.any():
        return ajouter_mois(dates, mois)
    return np.where(inconnu, ABSENTE, ajouter_mois(dates, np.where(inconnu, 0, mois)))


def ajouter_jours_si_connu(dates: Dates, jours: NDArray[np.float64]) -> Dates:
    """Date `jours` days later; absent where the date or the delay (NaN) is unknown."""
    connu = ~np.isnan(jours) & renseignee(dates)
    return np.where(connu, dates + np.where(connu, jours, 0).astype("timedelta64[D]"), ABSENTE)


def prochain_anniversaire(origine: Dates, dates: Dates) -> Dates:
    """First anniversary of `origine`, from the first one, on or after each date; absent where one of them is.

    >>> prochain_anniversaire(np.array(["2024-02-29", "2024-03-01"], "datetime64[D]"),
    ...                       np.array(["2025-02-28", "2025-03-02"], "datetime64[D]"))
    array(['2025-02-28', '2026-03-01'], dtype='datetime64[D]')
    """
    connues = renseignee(origine) & renseignee(dates)
    debut, fin = np.where(connues, origine, PREMIER_JOUR), np.where(connues, dates, PREMIER_JOUR)
    annees = np.maximum((fin.astype("datetime64[Y]") - debut.astype("datetime64[Y]")).astype(np.int64), 1)
    candidat = ajouter_mois(debut, 12 * annees)
    return np.where(connues, np.where(candidat >= fin, candidat, ajouter_mois(debut, 12 * (annees + 1))), ABSENTE)


def jours_communs(debut_a: Dates, fin_a: Dates, debut_b: Dates, fin_b: Dates) -> NDArray[np.int64]:
    """Number of days common to two closed intervals [debut, fin]; 0 where one of them has no start."""
    commun = np.minimum(fin_a, fin_b) - np.maximum(debut_a, debut_b)
    jours = np.maximum(commun.astype(np.int64) + 1, 0)
    return np.where(renseignee(debut_a) & renseignee(debut_b), jours, 0)


def dernier_releve_avant(dates: Dates, releves: list[str]) -> Dates:
    """Last half-yearly statement strictly before each date.

    `releves` holds the month and day of the statements (« 06-30 », « 12-31 »). An absent date stays absent.

    >>> dernier_releve_avant(np.array(["2023-11-23", "2023-06-30"], "datetime64[D]"), ["06-30", "12-31"])
    array(['2023-06-30', '2022-12-31'], dtype='datetime64[D]')
    """
    annees = dates.astype("datetime64[Y]")
    meilleur = np.full(dates.shape, ABSENTE, dtype="datetime64[D]")
    for recul in (1, 0):
        for releve in releves:
            mois, jour = (int(morceau) for morceau in releve.split("-"))
            du_mois = (annees - np.timedelta64(recul, "Y")).astype("datetime64[M]") + np.timedelta64(mois - 1, "M")
            candidat = du_mois.astype("datetime64[D]") + (jour - 1) * UN_JOUR
            meilleur = np.where((candidat < dates) & (candidat > meilleur), candidat, meilleur)
    return np.where(renseignee(dates), meilleur, ABSENTE)
