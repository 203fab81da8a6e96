"""The points that the texts read leave open between two readings, and how a rule knows which one it follows.

Each point is a leaf of `parameters/lectures`: its default reading (`a` or `b`) by date, what each reading says, and the
page of docs/arbitrages that tells why. A contract settles it by the input `lecture_<point>`. A rule asks which one it
follows on the rows where the choice changes something: only there does the default weigh on the certainty.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache, reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openfisca_assistants_medicaux.calendrier import ajouter_mois_si_connu
from openfisca_assistants_medicaux.lecture import Lecteur
from openfisca_assistants_medicaux.nomenclatures import NON_DETERMINE, LectureTranchee

Masque = NDArray[np.bool_]

#: Words of `lectures.<point>`.
LECTURES: dict[str, Any] = {"a": LectureTranchee.a.index, "b": LectureTranchee.b.index}


def lecture_suivie(
    lire: Lecteur, point: str, tranchee: NDArray[Any], dates: NDArray[Any], quand: Masque
) -> NDArray[np.int64]:
    """Code of the reading that each row of `quand` follows (see `Lecture`); -1 where the point is closed at its date.

    `tranchee` is the column of the input `lecture_<point>`, on the rows of the rule's own entity.
    """
    saisie = np.asarray(tranchee).astype(np.int64)
    libre = saisie == LectureTranchee.non_tranchee.index
    defaut = lire.texte(f"lectures.{point}", dates, LECTURES, quand=quand & libre)
    return np.where(quand & (defaut >= 0), np.where(libre, defaut, saisie), -1)


@dataclass(frozen=True)
class SourceDeLecture:
    """One reading: what it says, and where it was read."""

    texte: str
    source: str


@dataclass(frozen=True)
class Point:
    """A point open between two readings, as the law package describes it."""

    nom: str
    #: Number of its page in docs/arbitrages.
    arbitrage: str
    question: str
    a: SourceDeLecture
    b: SourceDeLecture
    #: Inputs of the law without which both readings give the same: one of each group must be told.
    suppose: tuple[tuple[str, ...], ...]
    #: Dates among them that tell something only when less than this parameter's months before the signature.
    recentes: Mapping[str, str]
    #: First days on which the default changes, and the default from then on (None: the point is closed).
    dates: tuple[datetime.date, ...]
    defauts: tuple[str | None, ...]

    def defaut(self, jour: datetime.date) -> str | None:
        """The default reading of a contract that follows the rules of that day; None where the point is closed."""
        rang = sum(date <= jour for date in self.dates)
        return self.defauts[rang - 1] if rang else None

    def concerne(self, dites: Collection[str]) -> bool:
        """True when a contract that tells these inputs may give two different answers."""
        return all(any(nom in dites for nom in groupe) for groupe in self.suppose)


@lru_cache(maxsize=4)
def points_de(loi: Any) -> Mapping[str, Point]:
    """Every point of a law, by name, in the order of their names."""
    feuilles = sorted(loi.parameters.lectures.children.items())
    return {nom: _point(nom, feuille) for nom, feuille in feuilles}


def _point(nom: str, feuille: Any) -> Point:
    meta, valeurs = feuille.metadata, list(reversed(feuille.values_list))
    return Point(
        nom=nom,
        arbitrage=meta["point"],
        question=meta["question"],
        a=SourceDeLecture(**meta["a"]),
        b=SourceDeLecture(**meta["b"]),
        suppose=tuple(tuple(groupe) for groupe in meta["suppose"]),
        recentes=dict(meta.get("recentes", {})),
        dates=tuple(datetime.date.fromisoformat(valeur.instant_str) for valeur in valeurs),
        defauts=tuple(valeur.value for valeur in valeurs),
    )


def points_ouverts(
    loi: Any, signature: datetime.date, dites: Mapping[str, Any], aussi: Collection[str] = ()
) -> list[Point]:
    """The points on which a contract may give two answers: open on the day of its signature, and about what it tells.

    `dites` are the law inputs that it gives a value to, `aussi` those that it tells or may tell of its years.
    """
    noms = _qui_disent(dites) | set(aussi)
    ouverts = [point for point in points_de(loi).values() if point.defaut(signature) is not None]
    return [point for point in ouverts if point.concerne(noms - _anciennes(loi, point, dites, signature))]


def _qui_disent(dites: Mapping[str, Any]) -> set[str]:
    """The inputs that say something: neither unknown, nor the « no » of a circumstance."""
    return {nom for nom, valeur in dites.items() if valeur is not False and valeur != NON_DETERMINE}


def _anciennes(loi: Any, point: Point, dites: Mapping[str, Any], signature: datetime.date) -> set[str]:
    """The dates too old to tell anything about a point."""
    jour = np.array([signature], dtype="datetime64[D]")
    anciennes = set()
    for nom, parametre in point.recentes.items():
        if nom in dites:
            duree = reduce(lambda noeud, partie: noeud.children[partie], parametre.split("."), loi.parameters)
            mois = np.array([duree(str(signature))], dtype=np.float64)
            if not (jour < ajouter_mois_si_connu(np.array([dites[nom]], dtype="datetime64[D]"), mois)).all():
                anciennes.add(nom)
    return anciennes
