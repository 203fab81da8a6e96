"""The other reading of each open point, as more rows of the same run of the law.

A row that may give two answers is repeated, with the reading that it does not follow; nothing is run again.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openfisca_assistants_medicaux.lectures import LECTURES, Point, points_ouverts
from openfisca_assistants_medicaux.nomenclatures import NON_DETERMINE

Colonnes = Mapping[str, NDArray[Any]]


@dataclass(frozen=True)
class Variante:
    """A row that repeats another one with the other reading of a point."""

    point: Point
    #: The reading that the repeated row follows by default, and the one tried here.
    retenue: str
    autre: str
    #: The row repeated, and the row of this variant.
    origine: int
    ligne: int


def dites_de(dites: Mapping[str, Any]) -> set[str]:
    """The inputs that say something: neither unknown, nor the « no » of a circumstance."""
    return {nom for nom, valeur in dites.items() if valeur is not False and valeur != NON_DETERMINE}


def points_a_essayer(loi: Any, dites: Mapping[str, Any], annuites: Colonnes, signature: datetime.date) -> list[Point]:
    """The open points on which a contract may give two answers, those that the fund settled left out.

    `dites` are the law inputs that the contract tells, `annuites` those of its years.
    """
    ouverts = points_ouverts(loi, signature, dites_de(dites) | set(annuites))
    return [point for point in ouverts if f"lecture_{point.nom}" not in dites]


def variantes_de(
    points: Iterable[Point], rangs: Iterable[int], premiere: int, signature: datetime.date
) -> tuple[Variante, ...]:
    """The variants of the rows `rangs` on these points; their own rows are numbered from `premiere`."""
    couples = [(point, rang) for rang in rangs for point in points]
    return tuple(
        Variante(point, retenue, "b" if retenue == "a" else "a", rang, premiere + position)
        for position, (point, rang) in enumerate(couples)
        if (retenue := point.defaut(signature)) is not None
    )


def avec_variantes(
    loi: Any, variantes: Sequence[Variante], contrats: Colonnes, annuites: Colonnes, nombre: int, annees: int
) -> tuple[dict[str, NDArray[Any]], dict[str, NDArray[Any]]]:
    """The columns of `nombre` contracts and of their years, followed by those of the variants."""
    if not variantes:
        return dict(contrats), dict(annuites)
    lignes = np.concatenate([np.arange(nombre), [variante.origine for variante in variantes]])
    etendus = {nom: colonne[lignes] for nom, colonne in contrats.items()}
    par_annee = {nom: colonne.reshape(nombre, annees)[lignes].reshape(-1) for nom, colonne in annuites.items()}
    for variante in variantes:
        nom = f"lecture_{variante.point.nom}"
        if nom not in etendus:
            etendus[nom] = np.array(loi.variables[nom].default_array(len(lignes)), dtype=np.int16)
        etendus[nom][variante.ligne] = LECTURES[variante.autre]
    return etendus, par_annee
