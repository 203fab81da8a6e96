"""What published results pay: the share of the aid that each outcome earns."""

from __future__ import annotations

import pytest

from binome.argent import en_centimes
from binome.simulation.modele.resultat import Resultat
from tests.cas_publics.cas import cas, publie
from tests.cas_publics.situations import AV7, RA, individuel

BASE_MT, CIBLE_MT = 1_000, 1_200
BASE_FA, CIBLE_FA = 1_400, 1_800


def troisieme_annee(mt: int, fa: int) -> Resultat:
    """A full-time contract whose third year shows these lists; +200 patients and +400 of active file were asked."""
    return individuel(
        RA,
        "1",
        patientele={"patientele_mt": BASE_MT, "file_active": BASE_FA},
        objectifs_notifies={"patientele_mt": {"cible": CIBLE_MT}, "file_active": {"cible": CIBLE_FA}},
        projections=[{"annee": 3, "patientele_mt": mt, "file_active": fa}],
    )


@pytest.mark.parametrize(
    ("mt", "fa", "taux", "montant"),
    [
        cas("S3-07", 1_200, 1_800, "1", 21_000),
        cas("S3-08", 1_200, 1_500, "1", 21_000),
        cas("S3-09", 1_050, 1_800, "1", 21_000),
        # 50 of 200 is a quarter; 300 of 400, three quarters: the better one.
        cas("S3-10", 1_050, 1_700, "3/4", 15_750),
        cas("S3-10", 1_150, 1_500, "3/4", 15_750, detail="patientele"),
        cas("S3-10", 1_000, 1_400, "0", 0, detail="sans-hausse"),
        cas("S3-11", 999, 1_399, "0", 0),
        cas("S3-13", 999, 1_800, "0", 0),
        cas("T6", 1_000, 1_800, "1", 21_000),
        cas("T7", 999, 1_800, "0", 0),
    ],
)
def test_modulation_de_la_troisieme_annee(mt: int, fa: int, taux: str, montant: int) -> None:
    annee = troisieme_annee(mt, fa).annees[2]
    assert annee.montant_maximal == en_centimes(21_000)
    assert annee.taux_modulation == taux
    assert annee.montant_du == en_centimes(montant)


@publie("S0-14")
def test_aucune_verification_avant_la_troisieme_annee(identifiant: str) -> None:
    baisses = [{"annee": annee, "patientele_mt": 700, "file_active": 900} for annee in (1, 2, 3)]
    resultat = individuel(AV7, "1/2", projections=baisses)
    assert [annee.evaluee for annee in resultat.annees] == [False, False, True, True, True]
    assert [annee.montant_du for annee in resultat.annees[:3]] == [en_centimes(m) for m in (18_000, 13_500, 0)]
