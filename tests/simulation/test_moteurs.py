"""Our engine answers what OpenFisca's own engine answers, variable by variable."""

from __future__ import annotations

import datetime
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openfisca_core.reforms import Reform
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


def comparer(loi: Any, graine: int, jour: datetime.date, *, trace: bool) -> Calcul:
    """Our run, once every variable has been found equal, bit by bit, to OpenFisca's."""
    annees = annees_du_contrat(loi)
    contrats, annuites = colonnes(graine)
    notre = Calcul(loi, contrats, annuites, jour, nombre=NOMBRE, annees=annees, trace=trace)
    leur = par_openfisca(loi, contrats, annuites, annees)
    for nom, variable in loi.variables.items():
        if not variable.is_input_variable():
            leurs = np.asarray(leur.calculate(nom, jour.isoformat()))
            np.testing.assert_array_equal(notre.colonne(nom), leurs, err_msg=nom)
    return notre


def par_openfisca(loi: Any, contrats: dict[str, Any], annuites: dict[str, Any], annees: int) -> Simulation:
    """The same inputs in OpenFisca's own simulation."""
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


@cache
def reformee() -> Any:
    """The law with the first year of a full time raised by a tenth, from the middle of its history."""

    class Reforme(Reform):  # type: ignore[misc]
        def apply(self) -> None:
            self.modify_parameters(self.relever)

        def relever(self, parametres: Any) -> Any:
            montant = parametres.montants.un_etp.annee_1
            montant.update(start="2022-01-01", value=1.1 * montant("2022-01-01"))
            return parametres

    return Reforme(systeme(AUCUN))


@pytest.mark.parametrize("date", ["2020-01-15", "2024-06-21", "2026-11-23"])
def test_memes_valeurs(date: str) -> None:
    comparer(systeme(AUCUN), 7, datetime.date.fromisoformat(date), trace=True)


@given(
    graine=st.integers(0, 10**6),
    jour=st.dates(datetime.date(2019, 8, 21), datetime.date(2028, 12, 31)),
    trace=st.booleans(),
    reforme=st.booleans(),
)
@settings(max_examples=12)
def test_memes_valeurs_partout(graine: int, jour: datetime.date, trace: bool, reforme: bool) -> None:
    """Contracts alone and of groups, on any day, under a reform as under the law, traced or not."""
    comparer(reformee() if reforme else systeme(AUCUN), graine, jour, trace=trace)


def test_la_reforme_des_essais_change_quelque_chose() -> None:
    jour = datetime.date(2026, 11, 23)
    de_la_loi, de_la_reforme = (comparer(loi, 7, jour, trace=False) for loi in (systeme(AUCUN), reformee()))
    assert (de_la_loi.colonne("montant_maximal") != de_la_reforme.colonne("montant_maximal")).any()


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
