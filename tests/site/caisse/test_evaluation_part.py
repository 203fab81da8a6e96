"""T66c: the part of an evaluation is a share, and its amount is seen before it is decided."""

from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import QueryDict

from binome.site.caisse.evaluations import Decision

PROPOSITION: Any = SimpleNamespace(taux=Fraction(1, 2), annee=SimpleNamespace(montant_maximal=22_000_00))


def decision(**champs: str) -> Decision:
    envoi = QueryDict(mutable=True)
    envoi.update({"motif": "relevé rectifié", **champs})
    return Decision(PROPOSITION, envoi)


@pytest.mark.parametrize("ecrite", ["0.625", "0,625", "62,5", "62.5", "62,5 %"])
def test_t66c_la_part_montre_son_montant_avant_d_etre_decidee(ecrite: str) -> None:
    premiere = decision(part=ecrite)
    assert not premiere.is_valid()
    (dit,) = premiere.non_field_errors()
    assert "62,5\u00a0% (5/8) de l'aide" in dit
    assert "13\u202f750\u00a0€" in dit
    assert premiere.data["montree"] == "5/8"
    seconde = decision(part=ecrite, montree="5/8")
    assert seconde.is_valid(), seconde.errors
    assert seconde.cleaned_data["part"] == Fraction(5, 8)


def test_t66c_une_part_changee_entre_temps_est_montree_de_nouveau() -> None:
    assert not decision(part="75", montree="5/8").is_valid()


@pytest.mark.parametrize("ecrite", ["1", "0,5 %", "150"])
def test_t66c_une_part_ambigue_ou_hors_d_etendue_est_demandee(ecrite: str) -> None:
    refusee = decision(part=ecrite)
    assert not refusee.is_valid()
    assert "%" in refusee.errors["part"][0]


def test_t66c_la_part_proposee_se_decide_d_un_coup() -> None:
    for part in ("", "50"):
        confirmee = decision(part=part)
        assert confirmee.is_valid(), confirmee.errors
