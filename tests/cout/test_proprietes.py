"""What any cost obeys."""

from __future__ import annotations

import datetime
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binome.argent import en_centimes
from binome.simulation.cout.bareme import bareme
from binome.simulation.cout.postes import QUOTITES
from tests.cout.outils import AUJOURD_HUI, annees_de, premiere

SALAIRES = st.decimals("1000", "9000", places=2)
SIGNATURES = st.dates(datetime.date(2019, 8, 21), datetime.date(2027, 6, 30)).map(str)
AUTRES = st.lists(st.decimals("0", "40000", places=2), max_size=3)
PLEIN, DEMI = QUOTITES["un_etp"], QUOTITES["demi_etp"]


@given(signature=SIGNATURES, salaire=SALAIRES, hausse=st.decimals("1", "200", places=2), autres=AUTRES)
def test_le_cout_croit_avec_le_salaire(
    signature: str, salaire: Decimal, hausse: Decimal, autres: list[Decimal]
) -> None:
    """Even where a relief ends: no rise costs less than nothing."""
    options = {"le": AUJOURD_HUI, "autres_salaires_annuels": autres}
    bas = premiere(signature, salaire_brut_mensuel=salaire, **options)
    haut = premiere(signature, salaire_brut_mensuel=min(salaire + hausse, Decimal(9500)), **options)
    assert haut.total > bas.total


@given(signature=SIGNATURES, salaire=SALAIRES, autres=AUTRES)
def test_un_mi_temps_ne_coute_pas_plus_que_la_moitie_hors_mutuelle(
    signature: str, salaire: Decimal, autres: list[Decimal]
) -> None:
    options = {"le": AUJOURD_HUI, "salaire_brut_mensuel": salaire, "autres_salaires_annuels": autres}
    plein, demi = premiere(signature, quotites=PLEIN, **options), premiere(signature, quotites=DEMI, **options)
    assert demi.total < plein.total
    for ligne in ("brut", "cotisations", "allegement"):
        # Half a cent a month on an odd salary.
        assert abs(2 * getattr(demi, ligne) - getattr(plein, ligne)) <= 15


@given(signature=SIGNATURES, salaire=st.none() | SALAIRES, aide=st.integers(0, 50_000), autres=AUTRES)
def test_centimes_exacts_et_reste_egal_au_cout_moins_l_aide(
    signature: str, salaire: Decimal | None, aide: int, autres: list[Decimal]
) -> None:
    annees = annees_de(
        signature,
        le=AUJOURD_HUI,
        salaire_brut_mensuel=salaire,
        autres_salaires_annuels=autres,
        aides=[en_centimes(aide)] * 5,
    )
    for annee in annees:
        for champ, valeur in annee:
            if champ != "consultations_par_jour":
                assert not isinstance(valeur, Decimal | float), champ
        assert annee.allegement >= 0
        assert min(annee.cotisations, annee.taxe_salaires, annee.formation, annee.prevoyance) >= 0
        assert annee.reste_a_charge == annee.total - en_centimes(aide)
        assert annee.cout_mensuel * 12 == pytest.approx(annee.total, abs=6)
    assert all(apres.brut >= avant.brut for avant, apres in pairwise(annees))


@given(rang=st.integers(0, 13), temps_plein=st.integers(100_000, 1_139_999))
def test_l_allegement_est_une_marche_qui_descend(rang: int, temps_plein: int) -> None:
    periode = bareme().periodes[rang]
    taux = [periode.allegement_de(t, Fraction(1)) / t for t in (temps_plein, temps_plein + 1)]
    assert 0 <= taux[1] <= taux[0] <= periode.allegement_maximal * 100


def test_les_donnees_couvrent_tous_les_contrats() -> None:
    donnees = bareme()
    assert donnees.periodes[0].depuis <= datetime.date(2019, 8, 21)
    assert [p.depuis for p in donnees.periodes] == sorted(p.depuis for p in donnees.periodes)
    assert donnees.derniere_annee == 2026
    for periode in donnees.periodes:
        assert list(periode.allegement_bornes) == sorted(periode.allegement_bornes)
        assert len(periode.allegement_bornes) == periode.allegement_maximal
