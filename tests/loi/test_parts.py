"""Rates of the tables of results: exact fractions, from the parameter to the cent."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openfisca_assistants_medicaux import CountryTaxBenefitSystem
from openfisca_assistants_medicaux.nomenclatures import RegleAnnuite
from openfisca_assistants_medicaux.parts import ETATS, Part
from tests.loi.population import calculer, construire
from tests.reference import exacte

JOUR = date(2026, 11, 23)
SIGNATURE = date(2023, 6, 1)
#: Year 3 of a full time signed under the règlement arbitral, opened under the scale of 2024 (ameli, A1).
MAXIMUM, MAXIMUM_P95 = 2_200_000, 3_800_000
BASES, CIBLES = (1_300, 1_800), (1_560, 1_910)
#: Results that put each indicator in each state of the table: (MT, file active).
RESULTATS = {"atteint": CIBLES, "stable": (1_365, 1_855), "baisse": (1_299, 1_799)}

#: (parameter, state of MT or None, state of the file active, band) of every cell of the three tables.
CASES = [
    *(
        (f"modulation.deux_indicateurs.file_active_{fa}.patientele_mt_{mt}", mt, fa, "p70_p90")
        for fa in ETATS
        for mt in ETATS
    ),
    *((f"modulation.un_indicateur.file_active_{fa}", None, fa, "p70_p90") for fa in ETATS),
    ("modulation.p95_plus.sans_baisse", "stable", "stable", "p95_plus"),
    ("modulation.p95_plus.avec_baisse", "baisse", "atteint", "p95_plus"),
]

#: Rates with up to six decimals, the ends included.
TAUX = st.one_of(
    st.sampled_from([Decimal(0), Decimal(1), Decimal("0.5"), Decimal("0.333333"), Decimal("0.000001")]),
    st.integers(0, 1_000_000).map(lambda n: Decimal(n) / 1_000_000),
)


@cache
def loi() -> CountryTaxBenefitSystem:
    """A law of its own: its tables are changed."""
    return CountryTaxBenefitSystem()


@contextmanager
def case_changee(chemin: str, taux: Decimal) -> Iterator[None]:
    """The cell says `taux` at every date, as a reform would write it; put back afterwards."""
    parametre: Any = loi().parameters
    for morceau in chemin.split("."):
        parametre = parametre.children[morceau]
    avant = parametre.values_list
    try:
        parametre.update(start="2019-08-21", stop=None, value=float(taux))
        yield
    finally:
        parametre.values_list = avant


def contrat(mt: str | None, fa: str, bande: str) -> dict[str, Any]:
    """One contract year, its results in the states asked for."""
    return {
        "date_signature": [SIGNATURE],
        "rang": [3],
        "option": ["un_etp"],
        "specialite": ["cardiologie_vasculaire" if mt is None else "medecine_generale"],
        "patientele_mt": [BASES[0]],
        "file_active": [BASES[1]],
        "bande_notifiee": [bande],
        "cible_notifiee_patientele_mt": [CIBLES[0]],
        "cible_notifiee_file_active": [CIBLES[1]],
        "resultat_patientele_mt": [RESULTATS[mt or "stable"][0]],
        "resultat_file_active": [RESULTATS[fa][1]],
    }


def payer(mt: str | None, fa: str, bande: str) -> tuple[int, Fraction, str]:
    """(cents due, part, rule) of that year."""
    simulation = construire(contrat(mt, fa, bande), annuites=1, tbs=loi())
    noms = ["montant_du", "taux_numerateur", "taux_denominateur", "regle_annuite"]
    lus = calculer(simulation, noms, JOUR)
    part = Fraction(int(lus["taux_numerateur"][0]), int(lus["taux_denominateur"][0]))
    return int(lus["montant_du"][0]), part, str(lus["regle_annuite"][0])


@pytest.mark.parametrize(("chemin", "mt", "fa", "bande"), CASES, ids=[c[0] for c in CASES])
@settings(deadline=None, max_examples=25)
@given(taux=TAUX)
def test_la_part_versee_est_la_valeur_de_la_case(
    chemin: str, mt: str | None, fa: str, bande: str, taux: Decimal
) -> None:
    maximum = MAXIMUM_P95 if bande == "p95_plus" else MAXIMUM
    with case_changee(chemin, taux):
        du, part, regle = payer(mt, fa, bande)
    assert part == Fraction(taux)
    assert du == math.floor(maximum * Fraction(taux) + Fraction(1, 2))
    entiere = "fixe" if bande == "p95_plus" else "entiere"
    assert regle == {Decimal(0): "nulle", Decimal(1): entiere}.get(taux, "partielle")


@pytest.mark.parametrize("fa", ETATS)
@pytest.mark.parametrize("mt", ETATS)
@settings(deadline=None, max_examples=10)
@given(taux=TAUX)
def test_la_reference_lit_la_meme_case(mt: str, fa: str, taux: Decimal) -> None:
    """The independent reference pays the same cents for the same table."""
    cle = (fa.upper(), mt.upper())
    cas = exacte.Cas(
        date_signature=SIGNATURE,
        date_appreciation=JOUR,
        option="un_etp",
        patientele_mt=BASES[0],
        file_active=BASES[1],
        bande_notifiee="p70_p90",
        cible_notifiee_mt=CIBLES[0],
        cible_notifiee_fa=CIBLES[1],
        resultats={3: (RESULTATS[mt][0], RESULTATS[fa][1])},
    )
    with (
        case_changee(f"modulation.deux_indicateurs.file_active_{fa}.patientele_mt_{mt}", taux),
        patch.dict(exacte.TABLE_DEUX_INDICATEURS, {cle: Fraction(taux)}),
    ):
        du, part, _ = payer(mt, fa, "p70_p90")
        assert (du, part) == (exacte.montant_du(cas, 3), exacte.taux(cas, 3))


def test_un_taux_inconnu_ou_un_mot_ne_fait_pas_une_part() -> None:
    part = Part.du_taux(np.array([0.5, np.nan, np.inf, 1.0, 0.0]))
    assert part.numerateur.tolist() == [1, -1, -1, 1, 0]
    assert part.denominateur.tolist() == [2, 1, 1, 1, 1]


def test_un_resultat_qui_manque_ne_decide_rien_quand_la_table_en_depend() -> None:
    """MT below its base and no file active: nothing is due whatever it is, unless a cell of that column pays."""
    colonnes = contrat("baisse", "atteint", "p70_p90") | {"resultat_file_active": [-1]}
    with case_changee("modulation.deux_indicateurs.file_active_atteint.patientele_mt_baisse", Decimal("0.5")):
        lus = calculer(construire(colonnes, annuites=1, tbs=loi()), ["montant_du", "regle_annuite"], JOUR)
    assert lus["montant_du"].tolist() == [-1]
    assert lus["regle_annuite"].tolist() == [RegleAnnuite.resultat_manquant.name]
    lus = calculer(construire(colonnes, annuites=1, tbs=loi()), ["montant_du", "regle_annuite"], JOUR)
    assert lus["montant_du"].tolist() == [0]
    assert lus["regle_annuite"].tolist() == ["nulle"]
