"""One employee of a doctor's practice, priced by OpenFisca-France. Runs in the isolated environment only.

The traps it steers round: reliefs recovered month after month read their own past, so that a year is always computed
from January to December; the apprenticeship tax is on by default and the taxe sur les salaires off (both are left to
Binôme, which knows the whole practice). Numbers are computed in double precision.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from openfisca_core.simulation_builder import SimulationBuilder
from openfisca_core.variables.config import VALUE_TYPES

VALUE_TYPES[float]["dtype"] = np.float64

from openfisca_france import FranceTaxBenefitSystem  # noqa: E402 - the precision is set before its variables exist

Vecteur = NDArray[np.float64]

#: Everything else that an employer pays is counted in `cotisations`.
ALLEGEMENTS = (
    "allegement_general",
    "allegement_cotisation_allocations_familiales",
    "allegement_cotisation_maladie",
)


@cache
def systeme() -> Any:
    """OpenFisca-France, loaded once (four seconds)."""
    return FranceTaxBenefitSystem()


def mois_de(annee: int) -> list[str]:
    """The months of a year, as OpenFisca writes them."""
    return [f"{annee}-{mois:02d}" for mois in range(1, 13)]


def simulation(annee: int, bruts: Vecteur, *, quotite: float = 1.0, autres: dict[str, Any] | None = None) -> Any:
    """One employee per gross monthly salary, the same from January to December, alone in the practice."""
    loi, nombre = systeme(), len(bruts)
    fabrique = SimulationBuilder()
    fabrique.create_entities(loi)
    personnes = [str(rang) for rang in range(nombre)]
    fabrique.declare_person_entity("individu", personnes)
    for entite, role in (
        ("famille", "demandeur"),
        ("foyer_fiscal", "declarant_principal"),
        ("menage", "personne_de_reference"),
    ):
        groupe = fabrique.declare_entity(entite, personnes)
        fabrique.join_with_persons(groupe, personnes, [role] * nombre)
    construite = fabrique.build(loi)
    partiel = loi.variables["contrat_de_travail"].possible_values.temps_partiel.index
    for mois in mois_de(annee):
        entrees: dict[str, Any] = {
            "salaire_de_base": bruts,
            "effectif_entreprise": 1,
            "redevable_taxe_apprentissage": False,
            "assujettie_taxe_salaires": False,
            # A whole month: by its 28 days, February would get a smaller social security ceiling.
            "nombre_jours_calendaires": 30,
        } | (autres or {})
        if quotite != 1:
            heures = loi.parameters(mois).marche_travail.salaire_minimum.smic.nb_heures_travail_mensuel
            entrees |= {"contrat_de_travail": partiel, "heures_remunerees_volume": quotite * heures}
        for variable, valeur in entrees.items():
            construite.set_input(variable, mois, np.broadcast_to(np.asarray(valeur), (nombre,)).copy())
    return construite


def super_bruts(annee: int, bruts: Vecteur, **options: Any) -> Vecteur:
    """Yearly cost, months summed in order."""
    lancee = simulation(annee, bruts, **options)
    return np.sum([lancee.calculate("salaire_super_brut", mois) for mois in mois_de(annee)], axis=0)  # type: ignore[no-any-return]


def postes(annee: int, bruts: Vecteur) -> dict[str, dict[str, Vecteur]]:
    """For each month: contributions before relief, training, relief, apprenticeship tax, all positive."""
    lancee = simulation(annee, bruts)
    liable = simulation(annee, bruts, autres={"redevable_taxe_apprentissage": True})
    par_mois = {}
    for mois in mois_de(annee):
        allegement, nets = np.zeros(len(bruts)), np.zeros(len(bruts))
        for variable in ALLEGEMENTS:
            montant = lancee.calculate(variable, mois)
            allegement = allegement + montant
            if variable != "allegement_general":
                nets = nets + montant
        formation = -lancee.calculate("contribution_formation_professionnelle", mois)
        brutes = -lancee.calculate("cotisations_employeur", mois) + nets - formation
        ecart = bruts + brutes + formation - allegement - lancee.calculate("salaire_super_brut", mois)
        if np.abs(ecart).max() > 0.005:
            raise ValueError(f"{mois}: the lines do not add up to the super-brut ({np.abs(ecart).max()})")
        par_mois[mois] = {
            "cotisations": brutes,
            "formation": formation,
            "allegement": allegement,
            "taxe_apprentissage": -liable.calculate("taxe_apprentissage", mois),
        }
    return par_mois


def taux_d_allegement(mois: str, bruts: Vecteur) -> NDArray[np.int64]:
    """Relief over gross, in ten-thousandths, for one month before December, in the mode that needs no other month."""
    autres = {}
    for variable in (f"{nom}_mode_recouvrement" for nom in ALLEGEMENTS):
        modes = systeme().variables[variable].possible_values
        autres[variable] = modes.anticipe.index
    lancee = simulation(int(mois[:4]), bruts, autres=autres)
    total = sum(lancee.calculate(variable, mois) for variable in ALLEGEMENTS)
    return np.round(10_000 * total / bruts).astype(np.int64)
