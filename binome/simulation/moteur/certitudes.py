"""The certainty of every figure: the weakest of the law's values that the computation used for that very row.

It reads OpenFisca's trace, where `Lecteur` recorded each read, so a figure cannot claim more than what it stands on;
a condition is no surer than the source that poses it (the law's register), even when it reads no value. What a reader
entered is certain.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from binome.simulation.moteur.execution import variables_lues
from openfisca_assistants_medicaux import registre
from openfisca_assistants_medicaux.certitude import Certitude, certitude_propre
from openfisca_assistants_medicaux.lecture import PRIS_EN_COMPTE, EntreesLues, ValeurLue
from openfisca_assistants_medicaux.nomenclatures import Condition, Regime

CERTAINE = np.int8(Certitude.texte)


@dataclass(frozen=True)
class Noeud:
    """What one formula used: its reads of the law, and the variables it called with the rows they count on."""

    variable: str
    lectures: list[EntreesLues]
    dependances: list[tuple[str, NDArray[np.bool_] | None]]
    #: Rows that the rule itself decides (None: all): there its own source counts.
    propre: NDArray[np.bool_] | None = None


@lru_cache
def entites(loi: Any) -> dict[str, str]:
    """Entity key of every variable."""
    return {nom: str(variable.entity.key) for nom, variable in loi.variables.items()}


@lru_cache(maxsize=256)
def _sources(variable: str) -> NDArray[np.int8] | None:
    """Certainty of the source of a condition by index of régime; None for any other variable."""
    fiche = registre.conditions().conditions.get(variable)
    if fiche is None:
        return None
    regimes: Any = Regime
    articles = [fiche.article(regime.name) for regime in regimes]
    return np.array([CERTAINE if article is None else article.certitude for article in articles], dtype=np.int8)


@lru_cache(maxsize=4096)
def _propre(variable: Any, periode: Any) -> np.int8:
    """Certainty of the source of a variable's formula."""
    return np.int8(certitude_propre(variable.get_formula(periode)))


class Certitudes:
    """Certainties of the figures of one simulation, on demand."""

    def __init__(self, simulation: Any, periode: Any, annees: int) -> None:
        self._periode = periode
        self._simulation = simulation
        self._annees = annees
        self._cache: dict[str, NDArray[np.int8]] = {}
        self._noeuds: dict[str, Noeud] = {}
        self._arbres_lus = 0
        self.entites = entites(simulation.tax_benefit_system)
        #: The one column of each entity where every row is certain: what nothing weakens is not worked out again.
        self._certaines = {cle: np.full(p.count, CERTAINE) for cle, p in simulation.populations.items()}
        for colonne in self._certaines.values():
            colonne.flags.writeable = False

    def noeud(self, variable: str) -> Noeud:
        """The traced computation of a variable, made now if it was not yet (empty for an input)."""
        noeud = self._noeuds.get(variable)
        if noeud is None:
            # What was never computed has no trace, and would pass for certain.
            self._simulation.calculate(variable, self._periode)
            self._indexer()
            noeud = self._noeuds.setdefault(variable, Noeud(variable, [], []))
        return noeud

    def colonne(self, variable: str) -> NDArray[np.int8]:
        """Certainty of each row of a variable."""
        colonne = self._cache.get(variable)
        if colonne is None:
            colonne = self._cache[variable] = self._calculer(variable)
        return colonne

    def toute_certaine(self, variable: str) -> bool:
        """True when no row of a variable rests on anything less than certain."""
        return self.colonne(variable) is self._certaines[self.entites[variable]]

    def __call__(self, variable: str, ligne: int) -> Certitude:
        """Certainty of one figure."""
        return Certitude(int(self.colonne(variable)[ligne]))

    def liberer(self) -> None:
        """Forget everything."""
        self._cache.clear()
        self._noeuds.clear()
        self._certaines.clear()

    def projeter(self, variable: str, vers: str) -> NDArray[np.int8]:
        """Certainty of a variable, seen from the rows of the entity `vers`."""
        propre = self.colonne(variable)
        entite = self.entites[variable]
        if entite == vers:
            return propre
        if vers == "annuite":
            return np.repeat(propre, self._annees)
        return propre.reshape(-1, self._annees).min(axis=1)  # type: ignore[no-any-return]

    def _calculer(self, variable: str) -> NDArray[np.int8]:
        entite = self.entites[variable]
        certitude = certaine = self._certaines[entite]
        noeud = self.noeud(variable)
        propre = _propre(self._simulation.tax_benefit_system.variables[variable], self._periode)
        if propre < CERTAINE:
            certitude = np.minimum(
                certitude, np.where(True if noeud.propre is None else noeud.propre, propre, CERTAINE)
            )
        for lecture in noeud.lectures:
            if lecture.certitudes is not None:
                # Rank -1 (nothing read) takes the last one, then is set aside with the rows that do not count.
                lue = lecture.certitudes[lecture.rangs]
                certitude = np.minimum(certitude, np.where(lecture.compte(), lue, CERTAINE))
        for dependance, quand in noeud.dependances:
            if not self.toute_certaine(dependance):
                venue = self.projeter(dependance, entite)
                certitude = np.minimum(certitude, venue if quand is None else np.where(quand, venue, CERTAINE))
        if _sources(variable) is not None:
            certitude = np.minimum(certitude, self._de_la_source(variable))
        return certaine if certitude is certaine or (certitude == CERTAINE).all() else certitude

    def _de_la_source(self, variable: str) -> Any:
        """Certainty of the source that poses a condition, under each row's régime; certain where it does not apply."""
        bornes = _sources(variable)
        if bornes is None:
            return CERTAINE
        rendus, regimes = (np.asarray(self._simulation.calculate(v, self._periode)) for v in (variable, "regime"))
        return np.where(rendus == Condition.sans_objet.index, CERTAINE, bornes[regimes])

    def _indexer(self) -> None:
        """Index the trees traced since last time; a variable's first computation is the one that holds its reads."""
        arbres = self._simulation.tracer.trees
        if len(arbres) == self._arbres_lus:
            return
        for arbre in arbres[self._arbres_lus :]:
            for trace in _parcourir(arbre):
                if trace.name not in self._noeuds:
                    self._noeuds[trace.name] = _en_noeud(trace)
        self._arbres_lus = len(arbres)


def _parcourir(arbre: Any) -> Iterator[Any]:
    pile = [arbre]
    while pile:
        trace = pile.pop()
        yield trace
        pile.extend(trace.children)


def _en_noeud(trace: Any) -> Noeud:
    masques: dict[str, NDArray[np.bool_]] = {}
    lectures = []
    for lu in trace.parameters:
        if lu.name.startswith(PRIS_EN_COMPTE):
            masques[lu.name.removeprefix(PRIS_EN_COMPTE)] = lu.value
        elif isinstance(lu.value, ValeurLue):
            lectures.append(lu.value.lecture)
    lues = [(nom, masques.get(nom)) for nom in variables_lues(trace)]
    return Noeud(trace.name, lectures, lues, masques.get(trace.name))
