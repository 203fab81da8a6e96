"""The taxe sur les salaires is the practice's: what the assistant adds depends on the others."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binome.simulation.cout.taxe_salaires import bareme_taxe
from tests.cout.outils import NU, premiere

SALAIRES = st.lists(st.integers(0, 6_000_000), max_size=6)


def test_franchise_incluse_et_decote_continue_a_son_plafond() -> None:
    taxe = bareme_taxe(2026)
    # Cent by cent around both bounds, the tax is never lower for a higher salary.
    for depart in (1_750_000, 2_480_000):
        dues = [taxe.due([salaire]) for salaire in range(depart, depart + 60_000, 100)]
        assert dues == sorted(dues)
    assert taxe.due([]) == taxe.due([0]) == 0


def test_une_secretaire_prend_la_franchise() -> None:
    """A half-time assistant alone owes nothing; beside a full-time secretary, their tax is due in full, and more."""
    demi = [Fraction(1, 2)]
    seul = premiere("2026-07-01", quotites=demi, **NU)
    avec = premiere("2026-07-01", quotites=demi, autres_salaires_annuels=["24000"], **NU)
    assert seul.taxe_salaires == 0
    propre = bareme_taxe(2026).d_un_salarie(1_120_212) / 10_000
    assert avec.taxe_salaires > propre
    assert avec.total - seul.total == avec.taxe_salaires


def test_non_assujetti_rien_n_est_du() -> None:
    assert premiere("2026-07-01", assujetti_taxe_salaires=False).taxe_salaires == 0


@pytest.mark.parametrize("annee", range(2019, 2027))
@given(ajoutes=SALAIRES, autres=SALAIRES)
def test_ajouter_un_salarie_n_allege_jamais_la_taxe(annee: int, ajoutes: list[int], autres: list[int]) -> None:
    taxe = bareme_taxe(annee)
    assert taxe.du_fait_de(ajoutes, autres) >= 0
    assert taxe.du_fait_de([], autres) == 0
    assert taxe.du_fait_de(ajoutes, ()) == taxe.due(ajoutes)


@given(assistant=st.integers(0, 6_000_000), autres=SALAIRES)
def test_les_autres_salaires_n_allegent_jamais_celle_de_l_assistant_au_dela_du_plafond(
    assistant: int, autres: list[int]
) -> None:
    """Once the others have spent franchise and décote, the assistant's tax is their own; alone, never more."""
    taxe = bareme_taxe(2026)
    if taxe.due(autres) >= taxe.decote_plafond:
        entiere = taxe.d_un_salarie(assistant) / 10_000
        assert taxe.du_fait_de([assistant], autres) == pytest.approx(entiere, abs=1)
        assert taxe.du_fait_de([assistant], autres) >= taxe.due([assistant]) - 1
