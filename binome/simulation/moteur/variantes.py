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

from binome.simulation.moteur.calcul import Calcul
from openfisca_assistants_medicaux.lectures import LECTURES, Point, points_ouverts

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


def points_a_essayer(loi: Any, dites: Mapping[str, Any], annuites: Colonnes, signature: datetime.date) -> list[Point]:
    """The open points on which a contract may give two answers, those that the fund settled left out.

    `dites` are the law inputs that the contract tells, `annuites` those of its years.
    """
    ouverts = points_ouverts(loi, signature, dites, annuites)
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


@dataclass(frozen=True)
class Bloc:
    """The rows of one contract in a run: the same contract under several options, each with its years."""

    nombre: int
    #: Columns of the contract, and of its years.
    contrats: Colonnes
    annuites: Colonnes
    #: The open points to try, on these of its rows (from 0).
    points: Sequence[Point]
    rangs: Sequence[int]
    signature: datetime.date


def executer(
    loi: Any, blocs: Sequence[Bloc], date: datetime.date, annees: int
) -> tuple[Calcul, list[tuple[int, tuple[Variante, ...]]]]:
    """One traced run for all these contracts: their rows one after the other, then those of their variants.

    Gives the run and, for each contract, its first row and its variants.
    """
    nombre = sum(bloc.nombre for bloc in blocs)
    contrats = _reunir(loi, [(bloc.nombre, bloc.contrats) for bloc in blocs])
    annuites = _reunir(loi, [(bloc.nombre * annees, bloc.annuites) for bloc in blocs])
    places: list[tuple[int, tuple[Variante, ...]]] = []
    toutes: list[Variante] = []
    premiere = 0
    for bloc in blocs:
        lignes = [premiere + rang for rang in bloc.rangs]
        variantes = variantes_de(bloc.points, lignes, nombre + len(toutes), bloc.signature)
        places.append((premiere, variantes))
        toutes += variantes
        premiere += bloc.nombre
    contrats, annuites = avec_variantes(loi, toutes, contrats, annuites, nombre, annees)
    total = nombre + len(toutes)
    return Calcul(loi, contrats, annuites, date, nombre=total, annees=annees, trace=True), places


def _reunir(loi: Any, blocs: Sequence[tuple[int, Colonnes]]) -> Colonnes:
    """The columns of several blocks of rows, end to end; what a block does not tell is left to the law's default."""
    if len(blocs) == 1:
        return blocs[0][1]
    total = sum(taille for taille, _ in blocs)
    reunies: dict[str, NDArray[Any]] = {}
    debut = 0
    for taille, colonnes in blocs:
        for nom, colonne in colonnes.items():
            if nom not in reunies:
                reunies[nom] = np.array(loi.variables[nom].default_array(total))
            reunies[nom][debut : debut + taille] = colonne
        debut += taille
    return reunies
