"""Many rows are read by landmark, few rows one by one: the same values, and a reform is seen by both."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
import pytest
from openfisca_core import periods
from openfisca_core.indexed_enums import EnumArray

from binome.simulation.moteur.execution import Execution, Noeud
from openfisca_assistants_medicaux import CountryTaxBenefitSystem
from openfisca_assistants_medicaux.calendrier import ABSENTE
from openfisca_assistants_medicaux.lecture import BEAUCOUP, Lecteur
from openfisca_assistants_medicaux.nomenclatures import Secteur

JOUR = periods.period("2026-11-23")
PEU = BEAUCOUP // 4


@pytest.fixture(scope="module")
def loi() -> CountryTaxBenefitSystem:
    return CountryTaxBenefitSystem()


def lecteur_de(loi: Any, nombre: int) -> Lecteur:
    simulation = Execution(loi, nombre, 1, trace=True)
    return Lecteur(simulation.populations["contrat"], JOUR)


def jours() -> Any:
    """Days around every date of effect, before them all, after them all, and none."""
    tirage = np.random.default_rng(7)
    effets = np.array(["2019-08-21", "2020-03-11", "2023-05-01", "2024-06-22", "2026-01-01"], "datetime64[D]")
    autour = (effets[:, None] + np.arange(-1, 2)).reshape(-1)
    extremes = np.array(["1900-01-01", "2200-01-01"], "datetime64[D]")
    choisis = np.concatenate([autour, extremes, [ABSENTE]])
    return tirage.choice(choisis, 4 * BEAUCOUP)


LECTURES = {
    "nombre": lambda lire, dates: lire.nombre("montants.un_etp.annee_1", dates),
    "entier": lambda lire, dates: lire.entier("eligibilite.seuil.medecine_generale", dates),
    "texte": lambda lire, dates: lire.texte(
        "eligibilite.seuil.population", dates, {"adultes_plus_16": 0, "adultes_et_enfants": 1}
    ),
    "element": lambda lire, dates: lire.element("versements.annee_3_et_suivantes.acomptes", 0, dates),
    "longueur": lambda lire, dates: lire.longueur("options.un_etp.zones_requises", dates),
    "appartient": lambda lire, dates: lire.appartient("eligibilite.secteurs_admis", dates, secteurs(len(dates)))[0],
    "table": lambda lire, dates: lire.table(
        ["montants.un_etp.annee_1", "montants.demi_etp.annee_1", None], np.arange(len(dates)) % 3, dates
    ),
}


def secteurs(nombre: int) -> EnumArray:
    return EnumArray((np.arange(nombre) % len(Secteur)).astype(np.int16), Secteur)


@pytest.mark.parametrize("nom", LECTURES)
def test_beaucoup_de_lignes_se_lisent_comme_peu(loi: Any, nom: str) -> None:
    lecture, dates = LECTURES[nom], jours()
    # Whole multiples of the period of the keys, so that each slice has the keys of the whole.
    pas = 3 * len(Secteur) * (PEU // (3 * len(Secteur)))
    dates = dates[: pas * (len(dates) // pas)]
    assert pas < BEAUCOUP < len(dates)
    ensemble = lecture(lecteur_de(loi, len(dates)), dates)
    un_a_un = np.concatenate(
        [lecture(lecteur_de(loi, pas), dates[debut : debut + pas]) for debut in range(0, len(dates), pas)]
    )
    np.testing.assert_array_equal(ensemble, un_a_un)
    assert len(np.unique(ensemble.astype(str))) > 1


def test_les_rangs_traces_sont_ceux_des_valeurs_lues(loi: Any) -> None:
    dates = jours()
    lire = lecteur_de(loi, len(dates))
    lire.simulation.tracer.courant = Noeud("essai")
    valeurs = lire.nombre("montants.un_etp.annee_1", dates)
    (lecture,) = lire.simulation.tracer.courant.lectures
    lues = np.array([np.nan if rang < 0 else lecture.entrees[rang].valeur for rang in lecture.rangs], dtype=float)
    np.testing.assert_array_equal(valeurs, lues)


def test_une_date_d_effet_nouvelle_est_vue() -> None:
    """A reform may give the law a date that it did not have, after a first reading."""
    loi = CountryTaxBenefitSystem()
    dates = np.full(2 * BEAUCOUP, np.datetime64("2026-07-15"))
    chemin = "montants.un_etp.annee_1"
    avant = lecteur_de(loi, len(dates)).nombre(chemin, dates)
    loi.parameters.montants.un_etp.annee_1.update(start=datetime.date(2026, 7, 14).isoformat(), value=1)
    apres = lecteur_de(loi, len(dates)).nombre(chemin, dates)
    veille = lecteur_de(loi, len(dates)).nombre(chemin, dates - np.timedelta64(2, "D"))
    assert set(avant) == set(veille) != {1.0}
    assert set(apres) == {1.0}
    # What was already read by the former landmarks is still right.
    autre = "montants.demi_etp.annee_1"
    assert set(lecteur_de(loi, len(dates)).nombre(autre, dates)) == set(lecteur_de(loi, PEU).nombre(autre, dates[:PEU]))
