"""The certainty of every figure: the weakest of the law's values that the computation used for that very row.

It reads the trace, where `Lecteur` recorded each read, so a figure cannot claim more than what it stands on;
a condition is no surer than the source that poses it (the law's register), even when it reads no value. What a reader
entered is certain.
"""

from __future__ import annotations

from functools import lru_cache, reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from binome.simulation.moteur.execution import Noeud
from openfisca_assistants_medicaux import registre
from openfisca_assistants_medicaux.certitude import Certitude, certitude_propre
from openfisca_assistants_medicaux.nomenclatures import Condition, Regime
from openfisca_assistants_medicaux.valeurs.surimpression import CAISSE

CERTAINE = np.int8(Certitude.texte)


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
        self._noeuds: dict[str, Noeud] = simulation.tracer.noeuds if simulation.trace else {}
        self._origines: dict[str, NDArray[np.bool_]] = {}
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
            noeud = self._noeuds.setdefault(variable, Noeud(variable))
        return noeud

    def colonne(self, variable: str) -> NDArray[np.int8]:
        """Certainty of each row of a variable."""
        colonne = self._cache.get(variable)
        if colonne is None:
            colonne = self._cache[variable] = self._calculer(variable)
        return colonne

    def __call__(self, variable: str, ligne: int) -> Certitude:
        """Certainty of one figure."""
        return Certitude(int(self.colonne(variable)[ligne]))

    def origine(self, *figures: tuple[str, int]) -> str | None:
        """« caisse » when one of the figures rests on a value that an operator gave; None otherwise."""
        if not self._simulation.tax_benefit_system.apports.valeurs:
            return None
        return CAISSE if any(self._donnees(variable)[ligne] for variable, ligne in figures) else None

    def _donnees(self, variable: str) -> NDArray[np.bool_]:
        """Rows of a variable that rest on a value that an operator gave, directly or not."""
        donnees = self._origines.get(variable)
        if donnees is not None:
            return donnees
        entite, noeud = self.entites[variable], self.noeud(variable)
        donnees = np.zeros(len(self._certaines[entite]), dtype=bool)
        for lecture in noeud.lectures:
            de_la_caisse = np.array([entree.origine == CAISSE for entree in lecture.entrees], dtype=bool)
            if de_la_caisse.any():
                donnees |= de_la_caisse[lecture.rangs] & lecture.compte()
        for dependance, quand in noeud.dependances:
            venues = self._donnees(dependance)
            if self.entites[dependance] != entite:
                par_contrat = venues.reshape(-1, self._annees) if entite != "annuite" else None
                venues = np.repeat(venues, self._annees) if par_contrat is None else np.any(par_contrat, axis=1)
            donnees |= venues if quand is None else venues & quand
        self._origines[variable] = donnees
        return donnees

    def lues(self, parametre: str, vers: str) -> NDArray[np.bool_]:
        """Rows of the entity `vers` on which some rule computed so far read a parameter, and rests on it."""
        trouvees = np.zeros(len(self._certaines[vers]), dtype=bool)
        for variable, noeud in self._noeuds.items():
            for lecture in noeud.lectures:
                if not lecture.entrees or lecture.entrees[0].nom != parametre:
                    continue
                compte, entite = lecture.compte(), self.entites[variable]
                if entite == vers:
                    trouvees |= compte
                else:
                    par_contrat = entite != "annuite"
                    trouvees |= (
                        compte.repeat(self._annees) if par_contrat else compte.reshape(-1, self._annees).any(axis=1)
                    )
        return trouvees

    def liberer(self) -> None:
        """Forget everything."""
        self._cache.clear()
        self._origines.clear()
        self._certaines.clear()

    def projeter(self, variable: str, vers: str) -> NDArray[np.int8]:
        """Certainty of a variable, seen from the rows of the entity `vers`."""
        propre = self.colonne(variable)
        entite = self.entites[variable]
        if entite == vers:
            return propre
        if vers == "annuite":
            return np.repeat(propre, self._annees)
        # Year by year: NumPy is slow to reduce many short lines.
        return reduce(np.minimum, propre.reshape(-1, self._annees).T)

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
            lue = lecture.certitude()
            if lue is not None:
                quand = lecture.quand
                certitude = np.minimum(certitude, lue if quand is None else np.where(quand, lue, CERTAINE))
        for dependance, quand in noeud.dependances:
            venue = self.colonne(dependance)
            if venue is not self._certaines[self.entites[dependance]]:
                venue = self.projeter(dependance, entite)
                certitude = np.minimum(certitude, venue if quand is None else np.where(quand, venue, CERTAINE))
        bornes = _sources(variable)
        if bornes is not None:
            certitude = np.minimum(certitude, self._de_la_source(variable, bornes))
        return certaine if certitude is certaine or certitude.min(initial=CERTAINE) == CERTAINE else certitude

    def _de_la_source(self, variable: str, bornes: NDArray[np.int8]) -> Any:
        """Certainty of the source that poses a condition, under each row's régime; certain where it does not apply."""
        rendus, regimes = (np.asarray(self._simulation.calculate(v, self._periode)) for v in (variable, "regime"))
        return np.where(rendus == Condition.sans_objet.index, CERTAINE, bornes[regimes])
