"""A variable of this law is asked for one day: anything else is refused in words, before OpenFisca's cache stumbles.

OpenFisca's web API answers 500 to a period of another length (openfisca-core issue 916: the error that its cache raises
has not the fields that the API reads). Ours is the error that it turns into a 400.
"""

from __future__ import annotations

from typing import Any

from openfisca_core.errors import SituationParsingError
from openfisca_core.holders import Holder
from openfisca_core.periods import DateUnit
from openfisca_core.populations import GroupPopulation, Population


class _ValeursDUnJour(Holder):  # type: ignore[misc]
    """The values of a variable, by day."""

    def _set(self, period: Any, value: Any) -> None:
        if not self._eternal and period is not None and (period.unit != DateUnit.DAY or period.size != 1):
            raise SituationParsingError(
                [self.population.entity.plural, self.variable.name],
                f"période « {period} » refusée pour {self.variable.name} ; un jour est attendu, la date d'appréciation "
                f"(« {period.start} »)",
                code=400,
            )
        super()._set(period, value)


class _UnJour:
    """Gives its variables values by day."""

    _holders: dict[str, Any]

    def get_holder(self, variable_name: str) -> Any:
        """Where the values of a variable are kept."""
        holder = super().get_holder(variable_name)  # type: ignore[misc]
        if not isinstance(holder, _ValeursDUnJour):
            holder = self._holders[variable_name] = _ValeursDUnJour(holder.variable, self)
        return holder


class Annuites(_UnJour, Population):  # type: ignore[misc]
    """Contract years."""


class Contrats(_UnJour, GroupPopulation):  # type: ignore[misc]
    """Contracts."""
