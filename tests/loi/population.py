"""Populations of contracts for the tests: one simulation out of plain columns, and wide random columns.

A population is a dict of columns: one value per contract for the inputs of `contrat`, `ANNUITES` values per
contract, in order of rank, for those of `annuite`.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from openfisca_core.indexed_enums import Enum, EnumArray
from openfisca_core.parameters import Parameter
from openfisca_core.simulations import Simulation, SimulationBuilder

from openfisca_assistants_medicaux import CountryTaxBenefitSystem
from openfisca_assistants_medicaux.calendrier import UN_JOUR

#: Years of a contract.
ANNUITES = 5

#: The date d'appréciation of the tests that do not care.
AUJOURD_HUI = datetime.date(2026, 11, 23)

Colonnes = dict[str, NDArray[Any]]


@cache
def systeme() -> CountryTaxBenefitSystem:
    """The law, loaded once. Tests that change a parameter build their own."""
    return CountryTaxBenefitSystem()


@cache
def entrees_de_la_loi() -> tuple[str, ...]:
    """Every input variable."""
    return tuple(nom for nom, variable in systeme().variables.items() if not variable.formulas)


@cache
def formules_de_la_loi() -> tuple[str, ...]:
    """Every variable that has a formula."""
    return tuple(nom for nom, variable in systeme().variables.items() if variable.formulas)


def feuilles(tbs: Any = None) -> list[Parameter]:
    """Every parameter leaf."""
    return [p for p in (tbs or systeme()).parameters.get_descendants() if isinstance(p, Parameter)]


@cache
def dates_d_effet() -> tuple[datetime.date, ...]:
    """Every date of effect found in the parameters, in order."""
    return tuple(sorted({datetime.date.fromisoformat(v.instant_str) for p in feuilles() for v in p.values_list}))


@cache
def autour_des_dates_d_effet() -> tuple[datetime.date, ...]:
    """The day before, of and after each date of effect."""
    jours = {jour + datetime.timedelta(ecart) for jour in dates_d_effet() for ecart in (-1, 0, 1)}
    return tuple(sorted(jours))


def est_d_annuite(variable: str) -> bool:
    """True for a variable of the contract year."""
    return bool(systeme().variables[variable].entity.is_person)


def construire(
    colonnes: Mapping[str, ArrayLike], *, annuites: int = ANNUITES, trace: bool = False, tbs: Any = None
) -> Simulation:
    """A simulation of as many contracts as the columns have rows, each of `annuites` years (ranks 1, 2, 3...).

    A column is an array, or a list of dates, numbers, booleans or names of enum members. `rang` may be given.
    """
    tbs = tbs or systeme()
    contrats = max(len(np.asarray(c)) // (annuites if est_d_annuite(nom) else 1) for nom, c in colonnes.items())
    constructeur = SimulationBuilder()
    constructeur.create_entities(tbs)
    identifiants = np.arange(contrats).astype(str)
    constructeur.declare_person_entity("annuite", np.arange(contrats * annuites).astype(str))
    groupe = constructeur.declare_entity("contrat", identifiants)
    constructeur.join_with_persons(groupe, np.repeat(identifiants, annuites), ["annuite"] * (contrats * annuites))
    simulation = constructeur.build(tbs)
    simulation.trace = trace
    if "rang" not in colonnes:
        simulation.set_input("rang", "ETERNITY", np.tile(np.arange(1, annuites + 1), contrats))
    for nom, colonne in colonnes.items():
        simulation.set_input(nom, "ETERNITY", _tableau(nom, colonne))
    return simulation


def _tableau(nom: str, colonne: ArrayLike) -> NDArray[Any]:
    variable = systeme().variables[nom]
    if variable.value_type is Enum:
        noms = np.asarray(colonne)
        codes = [variable.possible_values[str(membre)].index for membre in noms]
        return EnumArray(np.array(codes, dtype=np.int16), variable.possible_values)
    return np.asarray(colonne).astype(variable.dtype)


def calculer(simulation: Simulation, variables: Iterable[str], jour: datetime.date | str) -> Colonnes:
    """The variables at a date d'appréciation, as arrays; enums by the names of their members."""
    resultats = {}
    for nom in variables:
        tableau = simulation.calculate(nom, str(jour))
        resultats[nom] = tableau.decode_to_str() if isinstance(tableau, EnumArray) else tableau
    return resultats


def calculer_tout(simulation: Simulation, jour: datetime.date | str = AUJOURD_HUI) -> Colonnes:
    """Every formula variable at a date d'appréciation."""
    return calculer(simulation, formules_de_la_loi(), jour)


def valeurs(colonnes: Mapping[str, ArrayLike], variable: str, jour: datetime.date | str = AUJOURD_HUI) -> list[Any]:
    """One variable of contracts of one year, as a plain list; dates as ISO strings."""
    tableau = calculer(construire(colonnes, annuites=1), [variable], jour)[variable]
    return [str(v) if isinstance(v, datetime.date) else v for v in tableau.tolist()]


def choisir(colonnes: Colonnes, rangs: Sequence[int] | NDArray[np.int_]) -> Colonnes:
    """The columns of some contracts, in the order of `rangs`."""
    rangs = np.asarray(rangs)
    return {
        nom: colonne.reshape(-1, ANNUITES)[rangs].reshape(-1) if est_d_annuite(nom) else colonne[rangs]
        for nom, colonne in colonnes.items()
    }


# -- wide random columns ------------------------------------------------------------------------------------------

Tirage = Callable[[np.random.Generator, int], NDArray[Any]]


def _parmi(noms: Sequence[Any], poids: Sequence[float] | None = None) -> Tirage:
    total = None if poids is None else np.asarray(poids) / np.sum(poids)
    return lambda hasard, n: hasard.choice(np.asarray(noms), n, p=total)


#: Published percentiles.
LIMITES_PUBLIEES = sorted({p.valeur for p in systeme().distributions.percentiles})


def _entiers(bas: int, haut: int, absents: float = 0.1) -> Tirage:
    def tirer(hasard: np.random.Generator, n: int) -> NDArray[Any]:
        tires = hasard.integers(bas, haut + 1, n)
        # A rule that decides at a limit is tried only by who stands exactly there.
        limites = [limite for limite in LIMITES_PUBLIEES if bas <= limite <= haut]
        if limites:
            tires = np.where(hasard.random(n) < 0.05, hasard.choice(limites, n), tires)
        return np.where(hasard.random(n) < absents, -1, tires)

    return tirer


def _vrai(part: float) -> Tirage:
    return lambda hasard, n: hasard.random(n) < part


def _dates(debut: str, fin: str, absents: float) -> Tirage:
    """Half of them on, just before or just after a date of effect; the others anywhere, ends of month included."""

    def tirer(hasard: np.random.Generator, n: int) -> NDArray[Any]:
        bornes = np.array([j for j in autour_des_dates_d_effet() if debut <= str(j) <= fin], dtype="datetime64[D]")
        etendue = (np.datetime64(fin, "D") - np.datetime64(debut, "D")).astype(int)
        ailleurs = np.datetime64(debut, "D") + hasard.integers(0, etendue, n)
        fins_de_mois = (ailleurs.astype("datetime64[M]") + np.timedelta64(1, "M")).astype("datetime64[D]") - UN_JOUR
        jours = np.select(
            [hasard.random(n) < 0.5, hasard.random(n) < 0.2], [hasard.choice(bornes, n), fins_de_mois], ailleurs
        )
        return np.where(hasard.random(n) < absents, np.datetime64("0001-01-01", "D"), jours)

    return tirer


#: Inputs that need more than « any member of the enum »; the others are drawn from their type.
TIRAGES: dict[str, Tirage] = {
    "dispositif": _parmi(["individuel", "collectif"], [3, 1]),
    "date_signature": _dates("2019-08-01", "2028-12-31", 0.02),
    "renouvellement": _vrai(0.15),
    "date_bascule": _dates("2022-01-01", "2026-01-01", 0.7),
    "statut_exercice": _parmi(["installe", "collaborateur", "remplacant", "centre_de_sante"], [7, 1, 1, 1]),
    "mode_exercice_particulier": _vrai(0.15),
    "rang_densite_departement": _parmi([-1.0, 0.0, 0.29, 0.3, 0.31, 1.0]),
    "date_zonage": _dates("2018-05-01", "2026-12-31", 0.7),
    "date_installation": _dates("2018-06-01", "2028-12-31", 0.5),
    "rqth_ald": _vrai(0.1),
    "part_honoraires_cliniques": _parmi([-1.0, 0.5, 0.75, 0.7999, 0.8, 0.85, 1.0]),
    "quotite_liberale": _parmi([1.0, 0.8, 0.5, 0.125, 0.333333], [6, 1, 1, 1, 1]),
    "nombre_medecins_lieu": _entiers(1, 4),
    "patientele_mt": _entiers(0, 3500),
    "part_enfants": _parmi([-1.0, 0.0, 0.2, 0.21, 1.0], [6, 1, 1, 1, 1]),
    "seuil_notifie": _entiers(0, 2000, 0.8),
    "patientele_mt_adultes": _entiers(0, 2800, 0.2),
    "patientele_mt_enfants": _entiers(0, 700, 0.3),
    "file_active": _entiers(0, 5000),
    "bande_notifiee": _parmi(
        ["non_determinee", "moins_de_p30", "p30_p50", "p50_p70", "p70_p90", "p90_p95", "p95_plus"],
        [6, 1, 1, 1, 1, 1, 1],
    ),
    "cible_notifiee_patientele_mt": _entiers(0, 4000, 0.7),
    "cible_notifiee_file_active": _entiers(0, 5500, 0.7),
    "gain_notifie_patientele_mt": _entiers(0, 500, 0.9),
    "gain_notifie_file_active": _entiers(0, 500, 0.9),
    "montant_notifie_annee_1": _entiers(0, 8_000_000, 0.9),
    "montant_notifie_annee_2": _entiers(0, 8_000_000, 0.9),
    "montant_notifie_annee_3_et_suivantes": _entiers(0, 8_000_000, 0.9),
    "resultat_patientele_mt": _entiers(0, 4000),
    "resultat_file_active": _entiers(0, 5500),
    "taux_decide_numerateur": _entiers(0, 4, 0.9),
    "taux_decide_denominateur": _parmi([4, 5, 8]),
    "jours_suspendus_constates": _entiers(0, 365, 0.9),
    "evaluation_suspendue_constatee": _vrai(0.05),
    "annee_contrat_en_cours": _entiers(0, 5),
    "date_embauche": _dates("2019-08-01", "2028-12-31", 0.1),
    "secretaire_promue": _vrai(0.4),
    "date_remplacement_secretaire": _dates("2019-08-01", "2028-12-31", 0.2),
    "date_debut_absence": _dates("2019-08-01", "2028-12-31", 0.5),
    "date_fin_absence": _dates("2020-01-01", "2028-12-31", 0.4),
    "assistant_remplace": _vrai(0.3),
    "date_debut_suspension": _dates("2019-08-01", "2030-12-31", 0.7),
    "date_fin_suspension": _dates("2020-01-01", "2031-12-31", 0.4),
    "date_fin_anticipee": _dates("2020-01-01", "2031-12-31", 0.8),
    "date_fin_contrat_collectif": _dates("2026-01-01", "2028-12-31", 0.6),
    "circonstances_exceptionnelles": _vrai(0.2),
    "nombre_adherents": _entiers(0, 6),
    "nombre_adherents_refuses": _parmi([0, 1], [4, 1]),
    "nombre_adherents_indetermines": _parmi([0, 1], [4, 1]),
    "nombre_adherents_sous_contrat_individuel": _parmi([0, 1], [3, 1]),
    "etp_demandes": _parmi([0.0, 0.5, 1.0, 1.5, 2.0, 2.25, 4.0]),
    "nombre_pamsu_docteur_junior": _entiers(0, 3, 0),
    "structure_agreee_docteur_junior": _vrai(0.3),
    "date_accueil_docteur_junior": _dates("2026-01-01", "2027-12-31", 0.2),
    "date_adhesion": _dates("2026-02-25", "2028-12-31", 0.7),
    "nombre_nouveaux_installes": _entiers(0, 2, 0.5),
    "patientele_mt_des_nouveaux_a_gagner": _parmi([0, -1, 745]),
    "file_active_des_nouveaux_a_gagner": _parmi([0, -1, 814]),
    "patientele_mt_deja_gagnee": _parmi([0, 0, -1, 120, 600]),
    "file_active_deja_gagnee": _parmi([0, 0, -1, 50, 300]),
}

#: Half of the doctors are general practitioners; the rest is spread over every specialty.
PART_DE_GENERALISTES = 0.5


def tirer(contrats: int, graine: int = 0) -> Colonnes:
    """Random contracts of five years: all regimes, options, specialties, both dispositifs, every input varied."""
    hasard = np.random.default_rng(graine)
    colonnes: Colonnes = {}
    for nom in entrees_de_la_loi():
        variable = systeme().variables[nom]
        taille = contrats * (ANNUITES if est_d_annuite(nom) else 1)
        if nom == "rang":
            colonnes[nom] = np.tile(np.arange(1, ANNUITES + 1), contrats)
        elif nom == "specialite":
            toutes = np.asarray(list(variable.possible_values.names))
            generaliste = hasard.random(taille) < PART_DE_GENERALISTES
            colonnes[nom] = np.where(generaliste, "medecine_generale", hasard.choice(toutes, taille))
        elif nom in TIRAGES:
            colonnes[nom] = TIRAGES[nom](hasard, taille)
        elif variable.value_type is Enum:
            colonnes[nom] = hasard.choice(np.asarray(list(variable.possible_values.names)), taille)
        else:
            raise NotImplementedError(f"say in TIRAGES how to draw the input « {nom} »")
    return colonnes
