"""The law, loaded once per process."""

from __future__ import annotations

import datetime
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from openfisca_assistants_medicaux import CountryTaxBenefitSystem


@lru_cache(maxsize=4)
def systeme(distributions: tuple[str, ...] = ()) -> CountryTaxBenefitSystem:
    """The tax and benefit system, with the operator's distribution files if any."""
    return CountryTaxBenefitSystem(distributions)


@lru_cache
def annees_du_contrat(loi: Any) -> int:
    """Number of contract years to compute: the longest duration that the law gives to a contract."""
    durees = (loi.parameters.vie_du_contrat.duree, loi.parameters.aide_collective.duree)
    return int(max(valeur.value for duree in durees for valeur in duree.values_list if valeur.value is not None))


@lru_cache
def version_de(paquet: str) -> str:
    """Installed version of a package, or « inconnue »."""
    try:
        return version(paquet)
    except PackageNotFoundError:
        return "inconnue"


def ouverture_collective(loi: Any) -> datetime.date:
    """First day on which a collective contract could be signed."""
    ouvertures = loi.parameters.regimes.aide_collective_ouverte.values_list
    return datetime.date.fromisoformat(min(valeur.instant_str for valeur in ouvertures))


def premiere_signature(loi: Any) -> datetime.date:
    """First day on which a contract could be signed: the first date of effect of the first regime."""
    regimes = loi.parameters.regimes.regime.values_list
    return datetime.date.fromisoformat(min(valeur.instant_str for valeur in regimes))
