"""OpenFisca's engine, with a short way to what is already computed.

A run asks every variable at one single day, so a value is known by its variable alone. Formulas read each other some
four hundred times for one doctor; OpenFisca checks periods, entities and storages each time, which took most of the
fifteen milliseconds of a simulation. Formulas, casts and inputs stay OpenFisca's
(docs/adr/0003-acces-direct-aux-valeurs-calculees.md); a test compares the two engines variable by variable.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from openfisca_core.errors import CycleError, VariableNotFoundError
from openfisca_core.indexed_enums import Enum, EnumArray
from openfisca_core.populations import GroupPopulation, SinglePopulation
from openfisca_core.simulations import Simulation

from openfisca_assistants_medicaux.lecture import PRIS_EN_COMPTE, EntreesLues, oublier

#: Arguments of a formula that does not ask for OpenFisca's own parameters-at-an-instant.
SANS_PARAMETRES = 2


class _LectureDirecte:
    """Asks the simulation for a variable without asking again whether the period is one."""

    simulation: Any

    def __call__(self, variable_name: str, period: Any, options: Any = None) -> Any:
        if options is not None:
            return super().__call__(variable_name, period, options)  # type: ignore[misc]
        return self.simulation.calculate(variable_name, period)


class Annuites(_LectureDirecte, SinglePopulation):  # type: ignore[misc]
    """The contract years of a run."""


class Contrats(_LectureDirecte, GroupPopulation):  # type: ignore[misc]
    """The contracts of a run, each with the same number of years, in order."""

    annees: int = 1

    def project(self, array: Any, role: Any = None) -> Any:
        """A value of the contract, for each of its years; made once, so that what is read by it is too."""
        if role is not None:
            return super().project(array, role)
        projetees = self.simulation.projetees
        connue = projetees.get(id(array))
        if connue is None:
            # The array is kept with its projection, so that its identity stays its own.
            connue = projetees[id(array)] = (array.repeat(self.annees), array)
            connue[0].flags.writeable = False
        return connue[0]


class VersLesAnnuites:
    """The contracts as the formula of a contract year asks for them: `annuite.contrat("regime", period)`.

    OpenFisca finds the way from one entity to the other at each read; here there is only one.
    """

    __slots__ = ("_contrats",)

    def __init__(self, contrats: Contrats) -> None:
        self._contrats = contrats

    def __call__(self, variable_name: str, period: Any) -> Any:
        """The value of a variable of the contract, for each of its years."""
        contrats = self._contrats
        return contrats.project(contrats.simulation.calculate(variable_name, period))


Masque = NDArray[np.bool_]


class Noeud:
    """What one formula used: its reads of the law, and the variables it called with the rows they count on."""

    __slots__ = ("_dependances", "lectures", "lues", "masques", "variable")

    def __init__(self, variable: str) -> None:
        self.variable = variable
        self.lectures: list[EntreesLues] = []
        #: By variable, the rows on which the formula says that it counts.
        self.masques: dict[str, Masque] = {}
        #: Variables in the order in which the formula asked for them, with the rows of the branch that did (None: all).
        self.lues: list[tuple[str, Masque | None]] = []
        self._dependances: list[tuple[str, Masque | None]] | None = None

    @property
    def dependances(self) -> list[tuple[str, Masque | None]]:
        """The variables that the formula read, each once, with the rows on which they count (None: all)."""
        if self._dependances is None:
            lues: dict[str, Masque | None] = {}
            for nom, branche in self.lues:
                autre = lues.setdefault(nom, branche)
                if autre is not branche and autre is not None:
                    lues[nom] = None if branche is None else autre | branche
            self._dependances = [*(lues | {nom: m for nom, m in self.masques.items() if nom in lues}).items()]
        return self._dependances

    @property
    def propre(self) -> Masque | None:
        """Rows that the rule itself decides (None: all): there its own source counts."""
        return self.masques.get(self.variable)


class Traceur:
    """What each formula read, by variable, and nothing else: no stop-watch, no stack, no tree.

    Each variable is computed once in a run, so its name is the place of its node; OpenFisca's trees say the same with a
    node by read.
    """

    def __init__(self) -> None:
        self.noeuds: dict[str, Noeud] = {}
        self.courant: Noeud | None = None
        #: Rows of the branch that the formula under way is in (None: all).
        self.branche: Masque | None = None

    def record_parameter_access(self, parameter: str, period: Any, value: Any) -> None:  # noqa: ARG002
        """Keep on which rows a dependency counts. Reads of the law come by `noter_lecture`."""
        if self.courant is not None and parameter.startswith(PRIS_EN_COMPTE):
            nom, masques = parameter.removeprefix(PRIS_EN_COMPTE), self.courant.masques
            # Said by two branches, it counts on the rows of both.
            masques[nom] = masques[nom] | value if nom in masques else value

    def noter_lecture(self, lecture: EntreesLues) -> None:
        """Keep a read of the law by the formula under way."""
        if self.courant is not None:
            if self.branche is not None:
                lecture.quand = self.branche if lecture.quand is None else lecture.quand & self.branche
            self.courant.lectures.append(lecture)


class RegleDeCalcul(NamedTuple):
    """What it takes to compute a variable on a day, found once for all the runs of a law."""

    variable: Any
    #: None for an input.
    formule: Any
    #: True for a formula that asks for OpenFisca's own parameters-at-an-instant.
    avec_parametres: bool
    entite: str
    dtype: Any
    #: Class of the array that needs no cast.
    classe: Any


def _regle(variable: Any, period: Any) -> RegleDeCalcul:
    formule = None if variable.is_neutralized else variable.get_formula(period)
    avec_parametres = formule is not None and formule.__code__.co_argcount != SANS_PARAMETRES
    classe = EnumArray if variable.value_type is Enum else np.ndarray
    return RegleDeCalcul(variable, formule, avec_parametres, variable.entity.key, variable.dtype, classe)


@lru_cache(maxsize=64)
def _regles(loi: Any, period: Any) -> dict[str, RegleDeCalcul]:  # noqa: ARG001 - they are those of this law on this day
    """The rules found so far."""
    return {}


@lru_cache(maxsize=1024)
def valeurs_par_defaut(variable: Any, nombre: int) -> Any:
    """The default of a variable for `nombre` rows, read-only because it is shared."""
    valeurs = variable.default_array(nombre)
    valeurs.flags.writeable = False
    return valeurs


class Execution(Simulation):  # type: ignore[misc]
    """A simulation asked at one single day."""

    def __init__(self, loi: Any, nombre: int, annees: int, *, trace: bool) -> None:
        annuites = Annuites(loi.person_entity)
        contrats = Contrats(loi.group_entities[0], annuites)
        annuites.count, annuites.ids = nombre * annees, range(nombre * annees)
        contrats.count, contrats.ids = nombre, range(nombre)
        contrats.members_entity_id = np.repeat(np.arange(nombre), annees)
        contrats.annees = annees
        self.projetees: dict[int, tuple[Any, Any]] = {}
        super().__init__(loi, {"annuite": annuites, "contrat": contrats})
        annuites.__dict__[contrats.entity.key] = VersLesAnnuites(contrats)
        self._valeurs: dict[str, Any] = {}
        self._en_cours: set[str] = set()
        self._regles: dict[str, RegleDeCalcul] | None = None
        self._trace = trace
        self._traceur = Traceur() if trace else None
        if self._traceur is not None:
            self.tracer = self._traceur

    def calculate(self, variable_name: str, period: Any) -> Any:
        """The value of a variable: computed the first time, remembered afterwards."""
        valeur = self._valeurs.get(variable_name)
        if valeur is None:
            valeur = self._valeurs[variable_name] = self._evaluer(variable_name, period)
        elif (traceur := self._traceur) is not None and traceur.courant is not None:
            traceur.courant.lues.append((variable_name, traceur.branche))
        return valeur

    def _regle(self, regles: dict[str, RegleDeCalcul], variable_name: str, period: Any) -> RegleDeCalcul:
        """How a variable is computed. Raises VariableNotFoundError."""
        variable = self.tax_benefit_system.variables.get(variable_name)
        if variable is None:
            raise VariableNotFoundError(variable_name, self.tax_benefit_system)
        regle = regles.get(variable_name)
        # A reform may have put another variable in the place of the one that was known.
        if regle is None or regle.variable is not variable:
            regle = regles[variable_name] = _regle(variable, period)
        return regle

    def _evaluer(self, nom: str, period: Any) -> Any:
        """An input left out takes its default; anything else runs its formula, once, and never inside itself."""
        if self._regles is None:
            self._regles = _regles(self.tax_benefit_system, period)
        regle = self._regle(self._regles, nom, period)
        population, traceur = self.populations[regle.entite], self._traceur
        appelant, branche = (None, None) if traceur is None else (traceur.courant, traceur.branche)
        if appelant is not None:
            appelant.lues.append((nom, branche))
        if regle.formule is None:
            return valeurs_par_defaut(regle.variable, population.count)
        if nom in self._en_cours:
            raise CycleError(f"Circular definition detected on formula {nom}@{period}")
        self._en_cours.add(nom)
        noeud = Noeud(nom)
        if traceur is not None:
            traceur.courant, traceur.branche = noeud, None
        try:
            valeur = self._appliquer(regle, population, period)
            if traceur is not None:
                traceur.noeuds[nom] = noeud
        finally:
            self._en_cours.discard(nom)
            if traceur is not None:
                traceur.courant, traceur.branche = appelant, branche
        return valeur

    def _appliquer(self, regle: RegleDeCalcul, population: Any, period: Any) -> Any:
        if regle.avec_parametres:
            valeur = regle.formule(population, period, self.tax_benefit_system.get_parameters_at_instant)
        else:
            valeur = regle.formule(population, period)
        if type(valeur) is regle.classe and valeur.dtype == regle.dtype:
            return valeur
        return self._cast_formula_result(valeur, regle.variable)

    def liberer(self) -> None:
        """Forget every value. OpenFisca's objects refer to each other in circles, which Python frees late: packet after
        packet of a large table would pile up."""
        self._valeurs.clear()
        self.projetees.clear()
        if self._traceur is not None:
            self._traceur.noeuds.clear()
            self._traceur.courant = None
            self._traceur = None
        self.trace = False
        for population in self.populations.values():
            population._holders.clear()
        oublier(self)

    def saisir(self, variable: str, valeurs: Any) -> None:
        """Enter an input that does not change over time, one value per row."""
        regle = self._regle(_regles(self.tax_benefit_system, None), variable, None)
        population = self.populations[regle.entite]
        if type(valeurs) is not regle.classe or valeurs.dtype != regle.dtype or len(valeurs) != population.count:
            valeurs = population.get_holder(variable)._to_array(valeurs)
        self._valeurs[variable] = valeurs
