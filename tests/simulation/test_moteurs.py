"""Our engine answers what OpenFisca's own engine answers, variable by variable."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
import pytest
from openfisca_core.simulations import Simulation

from binome.simulation.moteur.calcul import Calcul
from binome.simulation.moteur.systeme import annees_du_contrat, systeme
from openfisca_assistants_medicaux.apports import AUCUN

NOMBRE = 150


def colonnes(graine: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Random inputs of contracts and contract years."""
    loi = systeme(AUCUN)
    tirage = np.random.default_rng(graine)
    annees = annees_du_contrat(loi)
    contrats: dict[str, Any] = {
        "date_signature": np.datetime64("2019-08-21") + tirage.integers(0, 2800, NOMBRE).astype("timedelta64[D]"),
        "quotite_liberale": tirage.choice([1.0, 0.5, 0.8], NOMBRE),
        "etp_demandes": tirage.choice([0.5, 1.0, 3.0], NOMBRE),
        "nombre_adherents": tirage.integers(1, 6, NOMBRE),
        "renouvellement": tirage.random(NOMBRE) < 0.1,
        "rqth_ald": tirage.random(NOMBRE) < 0.1,
    }
    contrats["date_embauche"] = contrats["date_signature"] + np.timedelta64(20, "D")
    for nom in ("patientele_mt", "patientele_mt_adultes", "file_active"):
        contrats[nom] = tirage.integers(200, 4000, NOMBRE)
    for nom in ("dispositif", "option", "specialite", "secteur", "zone", "forme_juridique", "profil_assistant"):
        contrats[nom] = tirage.integers(0, len(loi.variables[nom].possible_values), NOMBRE)
    annuites = {
        nom: np.where(tirage.random(NOMBRE * annees) < 0.5, tirage.integers(200, 4000, NOMBRE * annees), -1)
        for nom in ("resultat_patientele_mt", "resultat_file_active")
    }
    return contrats, annuites


def par_openfisca(contrats: dict[str, Any], annuites: dict[str, Any], annees: int) -> Simulation:
    """The same inputs in OpenFisca's own simulation."""
    loi = systeme(AUCUN)
    populations = loi.instantiate_entities()
    populations["contrat"].count, populations["annuite"].count = NOMBRE, NOMBRE * annees
    populations["contrat"].ids = list(range(NOMBRE))
    populations["annuite"].ids = list(range(NOMBRE * annees))
    populations["contrat"].members_entity_id = np.repeat(np.arange(NOMBRE), annees)
    simulation = Simulation(loi, populations)
    rangs = np.tile(np.arange(1, annees + 1), NOMBRE)
    for nom, valeurs in {"rang": rangs, **contrats, **annuites}.items():
        simulation.set_input(nom, "eternity", valeurs)
    return simulation


@pytest.mark.parametrize("date", ["2020-01-15", "2024-06-21", "2026-11-23"])
def test_memes_valeurs(date: str) -> None:
    loi = systeme(AUCUN)
    annees = annees_du_contrat(loi)
    contrats, annuites = colonnes(7)
    notre = Calcul(loi, contrats, annuites, datetime.date.fromisoformat(date), nombre=NOMBRE, annees=annees, trace=True)
    leur = par_openfisca(contrats, annuites, annees)
    for nom, variable in loi.variables.items():
        if variable.is_input_variable():
            continue
        np.testing.assert_array_equal(notre.colonne(nom), np.asarray(leur.calculate(nom, date)), err_msg=nom)


def test_une_variable_inconnue_est_refusee() -> None:
    contrats, annuites = colonnes(1)
    loi = systeme(AUCUN)
    calcul = Calcul(
        loi,
        contrats,
        annuites,
        datetime.date(2026, 1, 1),
        nombre=NOMBRE,
        annees=annees_du_contrat(loi),
        trace=False,
    )
    with pytest.raises(Exception, match="calculate or to set a value for variable 'nexiste_pas'"):
        calcul.colonne("nexiste_pas")
