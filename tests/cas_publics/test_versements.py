"""Published instalments: how much of a year's aid is paid, and when."""

from __future__ import annotations

import pytest

from binome.argent import en_centimes
from tests.cas_publics.cas import cas, publie
from tests.cas_publics.situations import AV7, RA, individuel, jour


@pytest.mark.parametrize(
    ("demandee", "avance"),
    [
        cas("S0-05", "1/3", 8_400),
        cas("S0-06", "1", 25_200),
        cas("T1", "1/3", 8_400, detail="1/3"),
        cas("T1", "1/2", 12_600, detail="1/2"),
        cas("T1", "1", 25_200, detail="1"),
    ],
)
def test_avance_de_l_avenant_7(demandee: str, avance: int) -> None:
    versement = individuel(AV7, demandee, assistant={"date_embauche": "2019-10-01"}).annees[0].versements[0]
    assert (versement.montant, versement.date) == (en_centimes(avance), jour("2019-10-16"))


@publie("V23-vers")
def test_calendrier_de_versement_du_reglement_arbitral(identifiant: str) -> None:
    annees = individuel(RA, "1").annees
    assert [(v.montant, v.date) for v in annees[0].versements] == [(en_centimes(36_000), jour("2023-07-15"))]
    assert [(v.montant, v.date) for v in annees[1].versements] == [(en_centimes(27_000), jour("2024-06-15"))]
    for annee in annees[2:]:
        assert [v.montant for v in annee.versements] == [en_centimes(10_500)] * 2
    # The rule before it: 70 % first.
    assert individuel("2023-04-28", "1").annees[0].versements[0].montant == en_centimes(25_200)
