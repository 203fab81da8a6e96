"""The law package's figures on the job: dated values of the topic « emploi », with certainty and references."""

from __future__ import annotations

import datetime
from functools import lru_cache
from typing import Any

import numpy as np

from binome.simulation.moteur.systeme import systeme
from openfisca_assistants_medicaux.apports import AUCUN
from openfisca_assistants_medicaux.lecture import Entree, Historique, construire_historique

THEME = "emploi"


@lru_cache(maxsize=512)
def valeur(nom: str, date: datetime.date, appreciation: datetime.date) -> Entree:
    """The value of `emploi.<nom>` in force on a day, among those known at the date d'appréciation.

    Raises KeyError when the topic has no such parameter, or nothing was in force yet.
    """
    historique = _historique(nom, appreciation)
    rang = int(historique.dates.searchsorted(np.datetime64(date, "D"), side="right")) - 1
    if rang < 0:
        raise KeyError(f"{THEME}.{nom} has no value on {date}")
    return historique.entrees[rang]


def noms(nom: str) -> tuple[str, ...]:
    """Names of the values grouped under `emploi.<nom>`."""
    return tuple(_noeud(nom).children)


def dates_d_effet(nom: str, appreciation: datetime.date) -> tuple[datetime.date, ...]:
    """Days on which `emploi.<nom>` takes each value known at the date d'appréciation."""
    return tuple(_historique(nom, appreciation).dates.astype(object))


@lru_cache(maxsize=256)
def _historique(nom: str, appreciation: datetime.date) -> Historique:
    return construire_historique(_noeud(nom), np.datetime64(appreciation, "D"))


def _noeud(nom: str) -> Any:
    # Nobody adds anything to the figures of the job: they are those of the text.
    noeud: Any = systeme(AUCUN).parameters.children[THEME]
    for morceau in nom.split("."):
        noeud = noeud.children[morceau]
    return noeud
