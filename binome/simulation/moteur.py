"""OpenFisca's engine, with a short way to what is already computed.

A run asks every variable at one single day, so a value is known by its variable alone. Formulas read each other some
four hundred times for one doctor; OpenFisca checks periods, entities and storages each time, which took most of the
fifteen milliseconds of a simulation. Formulas, casts, inputs and cycle checks stay OpenFisca's
(docs/adr/0003-acces-direct-aux-valeurs-calculees.md); a test compares the two engines variable by variable.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from openfisca_core import periods
from openfisca_core.populations import GroupPopulation, SinglePopulation
from openfisca_core.simulations import Simulation
from openfisca_core.tracers import FullTracer, TraceNode

from openfisca_assistants_medicaux.lecture import oublier


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
    """The contracts of a run."""


class Traceur(FullTracer):  # type: ignore[misc]
    """OpenFisca's tracer without the stop-watch, which also notes that a formula read a value computed before."""

    def noter(self, variable: str) -> None:
        """Add a variable to what the computation under way has read."""
        if self._current_node is not None:
            self._current_node.__dict__.setdefault("relues", []).append(variable)

    def _record_start_time(self, time_in_s: float | None = None) -> None:
        """Times are not asked."""

    def _record_end_time(self, time_in_s: float | None = None) -> None:
        """Times are not asked."""


def variables_lues(trace: TraceNode) -> dict[str, None]:
    """Names of the variables that a traced formula read, each once, in order of first reading."""
    return dict.fromkeys([*(enfant.name for enfant in trace.children), *trace.__dict__.get("relues", ())])


class Execution(Simulation):  # type: ignore[misc]
    """A simulation asked at one single day."""

    def __init__(self, loi: Any, nombre: int, annees: int, *, trace: bool) -> None:
        annuites = Annuites(loi.person_entity)
        contrats = Contrats(loi.group_entities[0], annuites)
        annuites.count, annuites.ids = nombre * annees, range(nombre * annees)
        contrats.count, contrats.ids = nombre, range(nombre)
        contrats.members_entity_id = np.repeat(np.arange(nombre), annees)
        super().__init__(loi, {"annuite": annuites, "contrat": contrats})
        self._valeurs: dict[str, Any] = {}
        self.trace = trace
        if trace:
            self.tracer = Traceur()

    def calculate(self, variable_name: str, period: Any) -> Any:
        """The value of a variable: computed by OpenFisca the first time, remembered afterwards."""
        valeur = self._valeurs.get(variable_name)
        if valeur is None:
            valeur = self._valeurs[variable_name] = super().calculate(variable_name, period)
        elif self._trace:
            self.tracer.noter(variable_name)
        return valeur

    def liberer(self) -> None:
        """Forget every value. OpenFisca's objects refer to each other in circles, which Python frees late: packet after
        packet of a large table would pile up."""
        self._valeurs.clear()
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
        """Enter an input that does not change over time."""
        self.set_input(variable, periods.ETERNITY, valeurs)
