"""The law of the *aide à l'emploi d'assistants médicaux*, as an OpenFisca country package.

Use it alone, with OpenFisca's own commands (`openfisca test`, `openfisca serve`, reforms):

    from openfisca_assistants_medicaux import CountryTaxBenefitSystem
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_assistants_medicaux import entities
from openfisca_assistants_medicaux.apports import Apports, Fichier, de_l_environnement
from openfisca_assistants_medicaux.distributions import Distributions, lire_percentiles
from openfisca_assistants_medicaux.populations import Annuites, Contrats

__all__ = ["CountryTaxBenefitSystem"]

DOSSIER = Path(__file__).parent


class CountryTaxBenefitSystem(TaxBenefitSystem):
    """Rules, dated parameters and national distributions.

    `distributions` names CSV files of official percentiles that complete, replace or withdraw the published ones,
    after those of the environment variable BINOME_DISTRIBUTIONS (paths separated as in PATH). `apports` says instead
    all that is added: the environment is then not read. What was added is kept in `apports`, by content.
    """

    def __init__(self, distributions: Iterable[str | Path] = (), *, apports: Apports | None = None) -> None:
        super().__init__(entities.entities)
        self.apports: Apports = de_l_environnement().avec(distributions) if apports is None else apports
        self.add_variables_from_directory(str(DOSSIER / "variables"))
        self.load_parameters(str(DOSSIER / "parameters"))
        self.open_api_config = {
            "variable_example": "montant_maximal",
            "parameter_example": "montants.un_etp.annee_1",
            "simulation_example": _exemple(),
        }
        publiees = Fichier.lu(DOSSIER / "parameters" / "distributions" / "publiees.csv")
        fichiers = (publiees, *self.apports.distributions)
        self.distributions = Distributions(p for fichier in fichiers for p in lire_percentiles(fichier))

    def instantiate_entities(self) -> dict[str, object]:
        """The populations of a simulation, which refuse in words a period that is not a day."""
        annuites = Annuites(self.person_entity)
        return {self.person_entity.key: annuites} | {
            entite.key: Contrats(entite, annuites) for entite in self.group_entities
        }

    def get_package_metadata(self) -> dict[str, str]:
        """What OpenFisca's web API tells of the package, whatever the distribution that carries it."""
        return {
            "name": "openfisca-assistants-medicaux",
            "version": _version(),
            "repository_url": "",
            "location": str(DOSSIER.parent),
        }


def _version() -> str:
    for distribution in ("openfisca-assistants-medicaux", "binome"):
        try:
            return version(distribution)
        except PackageNotFoundError:
            continue
    return "0.0.0"


def _exemple() -> dict[str, object]:
    """A situation for the documentation of OpenFisca's web API."""
    jour = "2026-11-23"
    return {
        "contrats": {
            "contrat": {
                "annuites": ["annee_1"],
                "date_signature": {"ETERNITY": "2026-03-02"},
                "option": {"ETERNITY": "un_etp"},
                "specialite": {"ETERNITY": "medecine_generale"},
                "patientele_mt": {"ETERNITY": 1200},
            }
        },
        "annuites": {"annee_1": {"rang": {"ETERNITY": 1}, "montant_maximal": {jour: None}}},
    }
