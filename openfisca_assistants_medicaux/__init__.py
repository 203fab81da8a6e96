"""The law of the *aide à l'emploi d'assistants médicaux*, as an OpenFisca country package.

Use it alone, with OpenFisca's own commands (`openfisca test`, `openfisca serve`, reforms):

    from openfisca_assistants_medicaux import CountryTaxBenefitSystem
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_assistants_medicaux import entities
from openfisca_assistants_medicaux.apports import Apports, de_l_environnement
from openfisca_assistants_medicaux.distributions import Distributions, lire_percentiles
from openfisca_assistants_medicaux.fichiers import Fichier
from openfisca_assistants_medicaux.populations import Annuites, Contrats
from openfisca_assistants_medicaux.valeurs.fichier import lire
from openfisca_assistants_medicaux.valeurs.surimpression import percentiles, surimposer

__all__ = ["CountryTaxBenefitSystem"]

DOSSIER = Path(__file__).parent


class CountryTaxBenefitSystem(TaxBenefitSystem):
    """Rules, dated parameters and national distributions.

    `distributions` names CSV files of official percentiles that complete, replace or withdraw the published ones,
    after those of the environment variable BINOME_DISTRIBUTIONS (paths separated as in PATH). `valeurs` names YAML
    files of values that a fund holds, laid over the parameters, after those of BINOME_VALEURS. `apports` says instead
    all that is added: the environment is then not read. What was added is kept in `apports`, by content. `dossier` is
    where parameters are read (default: as they ship): those of another time, under the formulas of today.
    """

    def __init__(
        self,
        distributions: Iterable[str | Path] = (),
        valeurs: Iterable[str | Path] = (),
        *,
        apports: Apports | None = None,
        dossier: Path | None = None,
    ) -> None:
        super().__init__(entities.entities)
        self.add_variables_from_directory(str(DOSSIER / "variables"))
        self.dossier = dossier or DOSSIER
        self.load_parameters(str(self.dossier / "parameters"))
        self.open_api_config = {
            "variable_example": "montant_maximal",
            "parameter_example": "montants.un_etp.annee_1",
            "simulation_example": _exemple(),
        }
        self._ajouter(de_l_environnement().avec(distributions, valeurs) if apports is None else apports)

    def avec(self, apports: Apports) -> CountryTaxBenefitSystem:
        """The same law with other additions, in a few milliseconds: nothing is read again but them.

        Meant for the law as it ships: what this one adds stays in its parameters. Raises DistributionInvalide or
        ValeursInvalides.
        """
        autre = copy.copy(self)
        autre.entities = [copy.copy(entite) for entite in self.entities]
        autre.person_entity = next(entite for entite in autre.entities if entite.is_person)
        autre.group_entities = [entite for entite in autre.entities if not entite.is_person]
        for entite in autre.entities:
            entite.set_tax_benefit_system(autre)
        autre.variables = dict(self.variables)
        autre._parameters_at_instant_cache = {}
        # A root of its own: what is built from the parameters is kept by root.
        autre.parameters = copy.copy(self.parameters)
        autre._ajouter(apports)
        return autre

    def _ajouter(self, apports: Apports) -> None:
        self.apports: Apports = apports
        lues = [lire(fichier) for fichier in apports.valeurs]
        #: Some of what was added is invented, to try the program.
        self.inventees: bool = any(fichier.inventees for fichier in lues)
        donnees = [valeur for fichier in lues for valeur in fichier.valeurs]
        self.parameters = surimposer(self.parameters, donnees)
        publiees = Fichier.lu(self.dossier / "parameters" / "distributions" / "publiees.csv")
        fichiers = (publiees, *apports.distributions)
        lus = [p for fichier in fichiers for p in lire_percentiles(fichier)]
        self.distributions = Distributions([*lus, *percentiles(donnees)])

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
