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
from openfisca_core.errors import CycleError, VariableNotFoundError
from openfisca_core.populations import GroupPopulation, SinglePopulation
from openfisca_core.simulations import Simulation
from openfisca_core.tracers import FullTracer, TraceNode

from openfisca_assistants_medicaux.lecture import oublier

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
            connue = projetees[id(array)] = (np.repeat(array, self.annees), array)
            connue[0].flags.writeable = False
        return connue[0]


class Traceur(FullTracer):  # type: ignore[misc]
    """OpenFisca's tracer without the stop-watch and the stack; it also notes the values that a formula reads again."""

    def record_calculation_start(self, variable: str, period: Any) -> None:
        """Open a node; the cycle check is the engine's, so no stack is kept."""
        self._enter_calculation(variable, period)

    def record_calculation_end(self) -> None:
        """Close the node."""
        self._exit_calculation()

    def record_parameter_access(self, parameter: str, period: Any, value: Any) -> None:  # noqa: ARG002
        """Keep what was read."""
        if self._current_node is not None:
            self._current_node.parameters.append(LectureTracee(parameter, value))

    def noter(self, variable: str) -> None:
        """Add a variable to what the computation under way has read."""
        if self._current_node is not None:
            self._current_node.__dict__.setdefault("relues", []).append(variable)


def variables_lues(trace: TraceNode) -> dict[str, None]:
    """Names of the variables that a traced formula read, each once, in order of first reading."""
    return dict.fromkeys([*(enfant.name for enfant in trace.children), *trace.__dict__.get("relues", ())])


@lru_cache(maxsize=4096)
def formule_de(variable: Any, period: Any) -> Any:
    """The formula of a variable on a day; None for an input."""
    return None if variable.is_neutralized else variable.get_formula(period)


@lru_cache(maxsize=1024)
def valeurs_par_defaut(variable: Any, nombre: int) -> Any:
    """The default of a variable for `nombre` rows, read-only because it is shared."""
    valeurs = variable.default_array(nombre)
    valeurs.flags.writeable = False
    return valeurs


class LectureTracee(NamedTuple):
    """A read of the law under the node of the formula that made it, as OpenFisca's trace names it."""

    name: str
    value: Any


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
        self._valeurs: dict[str, Any] = {}
        self._en_cours: set[str] = set()
        self.trace = trace
        if trace:
            self.tracer = Traceur()

    def calculate(self, variable_name: str, period: Any) -> Any:
        """The value of a variable: computed the first time, remembered afterwards."""
        valeur = self._valeurs.get(variable_name)
        if valeur is None:
            variable = self.tax_benefit_system.variables.get(variable_name)
            if variable is None:
                raise VariableNotFoundError(variable_name, self.tax_benefit_system)
            valeur = self._valeurs[variable_name] = self._evaluer(variable, period)
        elif self._trace:
            self.tracer.noter(variable_name)
        return valeur

    def _evaluer(self, variable: Any, period: Any) -> Any:
        """An input left out takes its default; anything else runs its formula, once, and never inside itself."""
        population = self.populations[variable.entity.key]
        formule = formule_de(variable, period)
        if formule is None:
            if self._trace:
                self.tracer.noter(variable.name)
            return valeurs_par_defaut(variable, population.count)
        if variable.name in self._en_cours:
            raise CycleError(f"Circular definition detected on formula {variable.name}@{period}")
        self._en_cours.add(variable.name)
        self.tracer.record_calculation_start(variable.name, period)
        try:
            valeur = self._cast_formula_result(self._appliquer(formule, population, period), variable)
        finally:
            self._en_cours.discard(variable.name)
            self.tracer.record_calculation_end()
        return valeur

    def _appliquer(self, formule: Any, population: Any, period: Any) -> Any:
        if formule.__code__.co_argcount == SANS_PARAMETRES:
            return formule(population, period)
        return formule(population, period, self.tax_benefit_system.get_parameters_at_instant)

    def liberer(self) -> None:
        """Forget every value. OpenFisca's objects refer to each other in circles, which Python frees late: packet after
        packet of a large table would pile up."""
        self._valeurs.clear()
        self.projetees.clear()
        pile = list(self.tracer.trees) if self._trace else []
        while pile:
            trace = pile.pop()
            pile.extend(trace.children)
            trace.__dict__.clear()
        self.trace = False
        for population in self.populations.values():
            population._holders.clear()
        oublier(self)

    def saisir(self, variable: str, valeurs: Any) -> None:
        """Enter an input that does not change over time, one value per row."""
        population = self.populations[self.tax_benefit_system.variables[variable].entity.key]
        self._valeurs[variable] = population.get_holder(variable)._to_array(valeurs)
