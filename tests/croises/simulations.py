"""One vectorised OpenFisca simulation out of many cases of the reference."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from openfisca_core.indexed_enums import EnumArray
from openfisca_core.simulations import Simulation, SimulationBuilder

from openfisca_assistants_medicaux import CountryTaxBenefitSystem
from openfisca_assistants_medicaux.nomenclatures import Bande, Dispositif, LectureTranchee, Option, Reponse, Specialite
from tests.reference.exacte import DUREE_CONTRAT, Cas, CasCollectif

#: What the law says where nothing was given or nothing is known.
INCONNU = -1
SANS_DATE = date(1, 1, 1)

#: Compared once per contract; MT and active file where the reference has both.
DU_CONTRAT = (
    "regime",
    "regime_des_regles",
    "bande_basse",
    "bande_haute",
    "gain_patientele_mt",
    "gain_file_active",
    "borne_gain_patientele_mt",
    "borne_gain_file_active",
)
#: Compared once per contract year.
DE_L_ANNUITE = (
    "debut_annuite",
    "fin_annuite",
    "jours_annuite",
    "jours_dus",
    "montant_maximal_bas",
    "montant_maximal_haut",
    "montant_maximal",
    "taux_numerateur",
    "taux_denominateur",
    "montant_du",
    "montant_prevu",
    "versement_1_montant",
    "versement_1_date",
    "versement_2_montant",
    "versement_2_date",
)

Valeurs = dict[str, list[Any]]


@cache
def systeme() -> CountryTaxBenefitSystem:
    """The law, loaded once for all tests."""
    # Each simulation would warn that the package is not installed under the name OpenFisca expects.
    logging.getLogger("openfisca_core.taxbenefitsystems.tax_benefit_system").setLevel(logging.ERROR)
    return CountryTaxBenefitSystem()


def _entiers(valeurs: Iterable[int | None]) -> NDArray[np.int32]:
    return np.array([INCONNU if v is None else v for v in valeurs], dtype=np.int32)


def _dates(valeurs: Iterable[date | None]) -> NDArray[np.datetime64]:
    return np.array([SANS_DATE if v is None else v for v in valeurs], dtype="datetime64[D]")


def _membres(noms: Iterable[str], classe: Any) -> EnumArray:
    return EnumArray(np.array([classe[nom].index for nom in noms], dtype=np.int16), classe)


def _resultats(cas: Sequence[Cas | CasCollectif], indicateur: int) -> NDArray[np.int32]:
    rangs = range(1, DUREE_CONTRAT + 1)
    return _entiers(c.resultats.get(rang, (None, None))[indicateur] for c in cas for rang in rangs)


def _simulation(nombre: int, entrees: Mapping[str, Any]) -> Simulation:
    """`nombre` contracts of five years, with their inputs."""
    contrats = np.arange(nombre).astype(str)
    constructeur = SimulationBuilder()
    constructeur.create_entities(systeme())
    constructeur.declare_person_entity("annuite", np.arange(nombre * DUREE_CONTRAT).astype(str))
    groupes = constructeur.declare_entity("contrat", contrats)
    appartenances = np.repeat(contrats, DUREE_CONTRAT)
    constructeur.join_with_persons(groupes, appartenances, ["annuite"] * len(appartenances))
    simulation = constructeur.build(systeme())
    simulation.set_input("rang", "ETERNITY", np.tile(np.arange(1, DUREE_CONTRAT + 1), nombre))
    for variable, valeurs in entrees.items():
        simulation.set_input(variable, "ETERNITY", valeurs)
    return simulation


def simulation_individuelle(cas: Sequence[Cas]) -> Simulation:
    """Individual contracts. The reference has one MT list: the same number is given as adults and as all ages,
    because a switched contract is measured by both populations."""
    mt = _entiers(c.patientele_mt for c in cas)
    entrees = {
        "date_signature": _dates(c.date_signature for c in cas),
        "option": _membres((c.option for c in cas), Option),
        "specialite": _membres((c.specialite for c in cas), Specialite),
        "patientele_mt": mt,
        "patientele_mt_adultes": mt,
        "file_active": _entiers(c.file_active for c in cas),
        "date_embauche": _dates(c.date_embauche for c in cas),
        "date_bascule": _dates(c.date_bascule for c in cas),
        "renouvellement": np.array([c.renouvellement for c in cas]),
        "nouvel_installe_declare": _membres(("oui" if c.nouvel_installe else "non" for c in cas), Reponse),
        "rqth_ald": np.array([c.rqth_ald for c in cas]),
        "mode_exercice_particulier": np.array([c.mep for c in cas]),
        "quotite_liberale": np.array([float(c.quotite) for c in cas], dtype=np.float32),
        "bande_notifiee": _membres((c.bande_notifiee or "non_determinee" for c in cas), Bande),
        "seuil_notifie": _entiers(c.seuil_notifie for c in cas),
        "part_enfants": np.array([-1 if c.part_enfants is None else float(c.part_enfants) for c in cas], np.float32),
        "cible_notifiee_patientele_mt": _entiers(c.cible_notifiee_mt for c in cas),
        "cible_notifiee_file_active": _entiers(c.cible_notifiee_fa for c in cas),
        "resultat_patientele_mt": _resultats(cas, 0),
        "resultat_file_active": _resultats(cas, 1),
        "date_debut_suspension": _dates(c.date_debut_suspension for c in cas),
        "date_fin_suspension": _dates(c.date_fin_suspension for c in cas),
        "date_fin_anticipee": _dates(c.date_fin_anticipee for c in cas),
        **{
            f"lecture_{point}": _membres(
                (getattr(c, f"lecture_{point}") or "non_tranchee" for c in cas), LectureTranchee
            )
            for point in ("d12", "d24", "e3")
        },
    }
    return _simulation(len(cas), entrees)


def simulation_collective(cas: Sequence[CasCollectif]) -> Simulation:
    """Collective contracts."""
    entrees = {
        "dispositif": _membres(("collectif" for _ in cas), Dispositif),
        "date_signature": _dates(c.date_signature for c in cas),
        "etp_demandes": np.array([float(c.etp) for c in cas], dtype=np.float32),
        "patientele_mt": _entiers(c.base_mt for c in cas),
        "file_active": _entiers(c.base_fa for c in cas),
        "patientele_mt_deja_gagnee": _entiers(c.deja_gagnes_mt for c in cas),
        "file_active_deja_gagnee": _entiers(c.deja_gagnes_fa for c in cas),
        "lecture_d19": _membres((c.lecture_d19 or "non_tranchee" for c in cas), LectureTranchee),
        "resultat_patientele_mt": _resultats(cas, 0),
        "resultat_file_active": _resultats(cas, 1),
    }
    return _simulation(len(cas), entrees)


def calculer(simulation: Simulation, appreciation: date) -> Valeurs:
    """Every compared variable at one date d'appréciation, as plain Python values: one per contract, or a list of
    five per contract."""
    periode = appreciation.isoformat()
    valeurs: Valeurs = {}
    for variable in DU_CONTRAT:
        valeurs[variable] = _en_liste(simulation.calculate(variable, periode))
    for variable in DE_L_ANNUITE:
        tableau = simulation.calculate(variable, periode)
        valeurs[variable] = tableau.reshape(-1, DUREE_CONTRAT).tolist()
    return valeurs


def _en_liste(tableau: Any) -> list[Any]:
    if isinstance(tableau, EnumArray):
        return [str(nom) for nom in tableau.decode_to_str()]
    liste: list[Any] = tableau.tolist()
    return liste


def calculer_par_date(cas: Sequence[Cas | CasCollectif]) -> list[dict[str, Any]]:
    """What the law says of each case, in order: one simulation per date d'appréciation."""
    reponses: list[dict[str, Any]] = [{} for _ in cas]
    for appreciation in sorted({c.date_appreciation for c in cas}):
        rangs = [i for i, c in enumerate(cas) if c.date_appreciation == appreciation]
        groupe: Any = [cas[i] for i in rangs]
        construire: Any = simulation_individuelle if isinstance(groupe[0], Cas) else simulation_collective
        valeurs = calculer(construire(groupe), appreciation)
        for position, i in enumerate(rangs):
            reponses[i] = {variable: liste[position] for variable, liste in valeurs.items()}
    return reponses
