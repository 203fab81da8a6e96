"""One vectorised run of the law: columns in, arrays out. The same for one doctor and for a million.

A *contrat* row is a doctor under one option (comparing options is more rows, not more runs); each has the same
number of *annuités*, in order. A figure is a variable and a row.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from openfisca_core import periods
from openfisca_core.indexed_enums import EnumArray

from binome.simulation.moteur.certitudes import Certitudes
from binome.simulation.moteur.execution import Execution
from openfisca_assistants_medicaux.nomenclatures import DATE_ABSENTE, NON_DETERMINE

Colonne = NDArray[Any]

ABSENTE = np.datetime64(DATE_ABSENTE, "D")
#: The same, as Python holds it.
PREMIER_JOUR: datetime.date = ABSENTE.item()


@lru_cache(maxsize=1024)
def membres(variable: Any) -> tuple[Any, ...]:
    """The members of the list of a variable of the law, by index."""
    return tuple(variable.possible_values)


class Calcul:
    """A run of the law on columns of inputs, at one date d'appréciation.

    `contrats` maps input variables to one value per contract; `annuites` to one value per contract year, in contract
    order (years 1 to `annees` of the first contract, then of the second…). `rang` is filled in. Dates are
    datetime64[D], enums are member indices.
    """

    def __init__(
        self,
        loi: Any,
        contrats: Mapping[str, Colonne],
        annuites: Mapping[str, Colonne],
        date_appreciation: datetime.date,
        *,
        nombre: int,
        annees: int,
        trace: bool,
    ) -> None:
        self.loi = loi
        self.nombre = nombre
        self.annees = annees
        self.date_appreciation = date_appreciation
        self.periode = periods.period(date_appreciation.isoformat())
        self.simulation = Execution(loi, nombre, annees, trace=trace)
        self.certitudes = Certitudes(self.simulation, self.periode, annees)
        self._colonnes: dict[str, Colonne] = {}
        #: The same as lists, for those of which rows are asked one by one.
        self._listes: dict[str, list[Any]] = {}
        rangs = np.tile(np.arange(1, annees + 1), nombre)
        for variable, colonne in {"rang": rangs, **contrats, **annuites}.items():
            self._saisir(variable, colonne)

    def _saisir(self, variable: str, colonne: Colonne) -> None:
        definition = self.loi.variables[variable]
        valeurs = (
            EnumArray(colonne.astype(np.int16), definition.possible_values)
            if getattr(definition, "possible_values", None) is not None
            else colonne
        )
        self.simulation.saisir(variable, valeurs)

    def colonne(self, variable: str) -> Colonne:
        """All the values of a variable: enum codes, cents, patients, dates."""
        colonne = self._colonnes.get(variable)
        if colonne is None:
            colonne = self._colonnes[variable] = np.asarray(self.simulation.calculate(variable, self.periode))
        return colonne

    def _liste(self, variable: str) -> list[Any]:
        liste = self._listes.get(variable)
        if liste is None:
            liste = self._listes[variable] = self.colonne(variable).tolist()
        return liste

    def liberer(self) -> None:
        """Forget every value, once what was asked has been copied."""
        self._colonnes.clear()
        self._listes.clear()
        self.certitudes.liberer()
        self.simulation.liberer()

    def par_contrat(self, variable: str) -> Colonne:
        """Values of a contract-year variable, of shape (contracts, years)."""
        return self.colonne(variable).reshape(self.nombre, self.annees)

    def membre(self, variable: str, ligne: int) -> Any:
        """The enum member of one row."""
        return membres(self.loi.variables[variable])[self._liste(variable)[ligne]]

    def entier(self, variable: str, ligne: int) -> int | None:
        """An integer of one row; None when undetermined."""
        valeur = int(self._liste(variable)[ligne])
        return None if valeur == NON_DETERMINE else valeur

    def date(self, variable: str, ligne: int) -> datetime.date | None:
        """A date of one row; None when absent."""
        valeur = self._liste(variable)[ligne]
        return valeur if isinstance(valeur, datetime.date) and valeur > PREMIER_JOUR else None

    def vrai(self, variable: str, ligne: int) -> bool:
        """A boolean of one row."""
        return bool(self._liste(variable)[ligne])

    def entite(self, variable: str) -> str:
        """Key of the entity of a variable: « contrat » or « annuite »."""
        return self.certitudes.entites[variable]
