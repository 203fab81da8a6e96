"""Both readings of each open point, on the rows of a table where the choice changes the answer.

A rule asks which reading it follows on the rows where the choice changes something, and nowhere else: the trace of the
run names them. Those rows alone are computed again, with the other reading: a table on which nothing is open costs
nothing more.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from binome.simulation.modele.situation import Lectures
from binome.simulation.moteur.calcul import Calcul
from openfisca_assistants_medicaux.lectures import LECTURES, Point, points_de
from openfisca_assistants_medicaux.nomenclatures import NON_DETERMINE, Reponse

Masque = NDArray[np.bool_]
Colonnes = Mapping[str, NDArray[Any]]

#: Names of the open points of a row.
POINTS_OUVERTS = "points_ouverts"
#: What the readings are compared on: when they agree on all of it, they give the same answer.
COMPARES = ("eligible", "option_ouverte", "montant_prevu", "debut_annuite")


@dataclass(frozen=True)
class Reponses:
    """What some rows answer, and on what readings are compared. Arrays by row, or by row and year."""

    verdicts: NDArray[Any]
    refusees: Masque
    montants: NDArray[Any]
    debuts: NDArray[Any]

    @classmethod
    def de(cls, calcul: Calcul) -> Reponses:
        """Those of every row of a run."""
        verdicts = np.stack([np.asarray(calcul.colonne(nom)) for nom in COMPARES[:2]], axis=1)
        montants, debuts = (calcul.par_contrat(nom) for nom in COMPARES[2:])
        return cls(verdicts, (verdicts == Reponse.non.index).any(axis=1), montants, debuts)

    def lignes(self, rangs: NDArray[np.intp]) -> Reponses:
        """Those of some rows."""
        return Reponses(self.verdicts[rangs], self.refusees[rangs], self.montants[rangs], self.debuts[rangs])

    def different(self, autres: Reponses) -> Masque:
        """Rows on which two readings do not give the same answer; amounts that are refused do not count."""
        des_annees = (self.montants != autres.montants) | (self.debuts != autres.debuts)
        verdicts: Masque = (self.verdicts != autres.verdicts).any(axis=1)
        differents: Masque = verdicts | (~self.refusees & des_annees.any(axis=1))
        return differents

    def totaux(self) -> NDArray[np.int64]:
        """Sum of the years in cents; -1 where refused, or where a year is not determined."""
        complets = ~self.refusees & (self.montants >= 0).all(axis=1)
        return np.where(complets, self.montants.sum(axis=1, dtype=np.int64), NON_DETERMINE)


def points_des_medecins(loi: Any) -> tuple[Point, ...]:
    """The open points that a table of doctors may meet, in the order of their numbers."""
    points = points_de(loi)
    return tuple(points[nom] for nom in sorted(Lectures.model_fields, key=lambda nom: (nom[0], int(nom[1:]))))


def colonne_du_total(point: str, lecture: str) -> str:
    """Name of the column of a total under one reading."""
    return f"total_cinq_ans_{point}_{lecture}"


def lectures_de(
    calcul: Calcul, contrats: Colonnes, annuites: Colonnes, date: datetime.date
) -> dict[str, pl.Series | NDArray[np.int64]]:
    """The columns of the readings of a traced run, whose inputs are given as `Calcul` takes them."""
    points, retenues = points_des_medecins(calcul.loi), Reponses.de(calcul)
    touchees = {point.nom: np.flatnonzero(_touchees(calcul, point, contrats["date_signature"])) for point in points}
    autres = _autres(calcul, points, touchees, contrats, annuites, date)
    ensemble = np.zeros(calcul.nombre, dtype=np.int64)
    colonnes: dict[str, pl.Series | NDArray[np.int64]] = {}
    for rang, point in enumerate(points):
        totaux = {lecture: np.full(calcul.nombre, NON_DETERMINE, dtype=np.int64) for lecture in LECTURES}
        lignes = touchees[point.nom]
        if len(lignes):
            la, ailleurs = retenues.lignes(lignes), autres[point.nom]
            ouvertes = la.different(ailleurs)
            ensemble[lignes[ouvertes]] |= 1 << rang
            suivies = _par_defaut(point, contrats["date_signature"][lignes])
            for lecture, total in totaux.items():
                par_lecture = np.where(suivies == LECTURES[lecture], la.totaux(), ailleurs.totaux())
                total[lignes[ouvertes]] = par_lecture[ouvertes]
        colonnes |= {colonne_du_total(point.nom, lecture): total for lecture, total in totaux.items()}
    noms = [point.nom for point in points]
    return {POINTS_OUVERTS: _noms(noms, ensemble), **colonnes}


def _touchees(calcul: Calcul, point: Point, signatures: NDArray[Any]) -> Masque:
    """Rows on which some rule followed the default reading of a point."""
    lue = calcul.certitudes.lues(f"lectures.{point.nom}", "contrat")
    return lue & (_par_defaut(point, signatures) >= 0)


def _par_defaut(point: Point, signatures: NDArray[Any]) -> NDArray[np.int64]:
    """Code of the default reading of a point by date of signature; -1 where it is closed."""
    codes = np.array([NON_DETERMINE, *(LECTURES.get(defaut or "", NON_DETERMINE) for defaut in point.defauts)])
    debuts = np.array(point.dates, dtype="datetime64[D]")
    rendus: NDArray[np.int64] = codes[debuts.searchsorted(signatures, side="right")]
    return rendus


def _autres(
    calcul: Calcul,
    points: tuple[Point, ...],
    touchees: Mapping[str, NDArray[np.intp]],
    contrats: Colonnes,
    annuites: Colonnes,
    date: datetime.date,
) -> dict[str, Reponses]:
    """The answers under the other reading of each point, on the rows that it touches, all in one run."""
    lignes = np.concatenate([touchees[point.nom] for point in points])
    if not len(lignes):
        return {}
    saisies = {nom: colonne[lignes] for nom, colonne in contrats.items()}
    debut, places = 0, {}
    for point in points:
        rangs = touchees[point.nom]
        places[point.nom] = np.arange(debut, debut + len(rangs))
        debut += len(rangs)
        if len(rangs):
            nom = f"lecture_{point.nom}"
            if nom not in saisies:
                saisies[nom] = np.array(calcul.loi.variables[nom].default_array(len(lignes)), dtype=np.int16)
            suivies = _par_defaut(point, contrats["date_signature"][rangs])
            saisies[nom][places[point.nom]] = np.where(suivies == LECTURES["a"], LECTURES["b"], LECTURES["a"])
    par_annee = {
        nom: colonne.reshape(calcul.nombre, calcul.annees)[lignes].reshape(-1) for nom, colonne in annuites.items()
    }
    essai = Calcul(calcul.loi, saisies, par_annee, date, nombre=len(lignes), annees=calcul.annees, trace=False)
    toutes = Reponses.de(essai)
    essai.liberer()
    return {nom: toutes.lignes(rangs) for nom, rangs in places.items()}


def _noms(noms: list[str], ensemble: NDArray[np.int64]) -> pl.Series:
    """Names of the points of each row, joined by spaces; one text per distinct set."""
    distincts, rangs = np.unique(ensemble, return_inverse=True)
    textes = [" ".join(nom for rang, nom in enumerate(noms) if code >> rang & 1) for code in distincts.tolist()]
    return pl.Series(textes, dtype=pl.String).gather(rangs)
