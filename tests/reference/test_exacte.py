"""Checks of the reference itself on published cases (droit.md §15 and §6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from . import exacte
from .exacte import Cas, CasCollectif

AUJOURDHUI = date(2026, 11, 22)
OPTIONS = ("tiers_etp", "demi_etp", "un_etp")


def cas(signature: date, option: str = "un_etp", **autres: Any) -> Cas:
    """A contract seen from the date of the file, unless told otherwise."""
    autres.setdefault("date_appreciation", AUJOURDHUI)
    return Cas(date_signature=signature, option=option, **autres)


def euros(c: Cas) -> list[tuple[int, ...] | None]:
    """Possible amounts of the five years, in euros."""
    resultat: list[tuple[int, ...] | None] = []
    for rang in range(1, 6):
        possibles = exacte.montants_possibles(c, rang)
        if possibles is None:
            resultat.append(None)
        else:
            assert all(m % 100 == 0 for m in possibles)
            resultat.append(tuple(m // 100 for m in possibles))
    return resultat


# ------------------------------------------------------------ published cases


@pytest.mark.parametrize(("option", "attendu"), list(zip(OPTIONS, (8400, 12600, 25200), strict=True)))
def test_t1_avance_av7(option: str, attendu: int) -> None:
    c = cas(date(2019, 10, 1), option, patientele_mt=700, date_embauche=date(2019, 11, 4))
    du = exacte.montant_du(c, 1)
    assert du is not None
    (jour, avance), (solde_le, solde) = exacte.versements(c, 1, du)
    assert avance == attendu * 100
    assert jour == date(2019, 11, 19)
    assert solde_le == date(2020, 10, 1)
    assert avance + solde == du


def test_t2_seuil_av7() -> None:
    """640 is in the band, 639 is not (the eligibility itself is not modelled)."""
    assert exacte.bande(cas(date(2019, 10, 1), patientele_mt=640))[0] == "p30_p50"
    sous = exacte.bande(cas(date(2019, 10, 1), patientele_mt=639))
    assert sous == ("moins_de_p30", "moins_de_p30")


def test_t3_av7_forte_patientele() -> None:
    c = cas(date(2020, 2, 1), patientele_mt=2059, file_active=2333)
    assert exacte.bande(c) == ("p95_plus", "p95_plus")
    but = exacte.objectif(c)
    assert (but.mt.gain, but.fa.gain) == (102, 116)


def test_t4_ra_demi_p95() -> None:
    c = cas(
        date(2023, 6, 1),
        "demi_etp",
        patientele_mt=2187,
        file_active=3000,
        date_appreciation=date(2023, 6, 1),
    )
    but = exacte.objectif(c)
    assert (but.mt.gain, but.fa.gain) == (0, 0)
    assert euros(c) == [(18000,)] * 5


@pytest.mark.parametrize("mt", [2187, 2188, 2500, 2830, 4000])
def test_t5_ra_un_p95(mt: int) -> None:
    c = cas(
        date(2023, 6, 1),
        patientele_mt=mt,
        file_active=3000,
        date_appreciation=date(2023, 6, 1),
    )
    gain = exacte.objectif(c).mt.gain
    assert gain is not None
    assert 0 <= gain <= 109
    assert euros(c) == [(36000,)] * 5


def test_t5_borne() -> None:
    assert exacte.objectif(cas(date(2023, 6, 1), patientele_mt=2187)).mt.gain == 109


@pytest.mark.parametrize(
    ("mt", "fa", "attendu"),
    [
        (1300, 1900, Fraction(1)),  # T6: FA reached, MT stable
        (1299, 1900, Fraction(0)),  # T7: FA reached, MT down
        (1560, 1799, Fraction(0)),
        (1560, 1800, Fraction(1)),
        (1326, 1820, Fraction(1, 5)),  # best of 26/260 and 20/100
        (1300, None, None),
        (1299, None, Fraction(0)),
        (None, None, None),
    ],
)
def test_t6_t7_modulation(mt: int | None, fa: int | None, attendu: Fraction | None) -> None:
    c = cas(
        date(2023, 6, 1),
        patientele_mt=1300,
        file_active=1800,
        cible_notifiee_fa=1900,
        resultats={3: (mt, fa)},
    )
    assert exacte.taux(c, 2) == 1
    assert exacte.taux(c, 3) == attendu
    assert exacte.taux(c, 4) is None


def test_t8_cm24() -> None:
    c = cas(date(2024, 7, 1), patientele_mt=900)
    assert euros(c)[:3] == [(38000,), (28000,), (22000,)]


def test_t9_revalorisation_anniversaire() -> None:
    c = cas(date(2023, 10, 1), "demi_etp", patientele_mt=1200)
    assert euros(c)[:3] == [(18000,), (14000,), (11000,)]


def test_t9_pas_encore_connue() -> None:
    c = cas(
        date(2023, 10, 1),
        "demi_etp",
        patientele_mt=1200,
        date_appreciation=date(2024, 6, 20),
    )
    assert euros(c)[:3] == [(18000,), (13500,), (10500,)]


def test_t11_tiers_ferme() -> None:
    assert euros(cas(date(2023, 5, 2), "tiers_etp", patientele_mt=900))[0] is None
    ouvert = euros(cas(date(2023, 4, 30), "tiers_etp", patientele_mt=700))
    assert ouvert[:3] == [(12000,), (9000,), (7350,)]
    # the year open on 22/06/2024 keeps the former scale
    ouvert = euros(cas(date(2022, 6, 22), "tiers_etp", patientele_mt=700))
    assert ouvert[:3] == [(12000,), (9000,), (7350,)]


def test_ra_1300() -> None:
    but = exacte.objectif(cas(date(2023, 6, 1), patientele_mt=1300, file_active=1600))
    assert but.mt.gain == 260
    assert but.fa.gain is None
    assert but.fa.borne_haute is None


def test_cm24_borne_ra() -> None:
    but = exacte.objectif(cas(date(2024, 7, 1), patientele_mt=1300, file_active=1600))
    assert but.mt.gain is None
    assert but.mt.borne_haute == 260
    nul = exacte.objectif(cas(date(2024, 7, 1), patientele_mt=2900, file_active=1600))
    assert nul.mt.gain == 0


def test_f1_demi_2019() -> None:
    c = cas(date(2019, 11, 1), "demi_etp", patientele_mt=975, file_active=2355)
    assert exacte.bande(c) == ("p70_p90", "p70_p90")
    but = exacte.objectif(c)
    assert (but.mt.gain, but.fa.gain) == (121, 294)


def test_y2_baisse() -> None:
    """The published 2020 contract: FA 2 013 below its base 2 333 loses it all."""
    c = cas(
        date(2020, 2, 1),
        patientele_mt=2059,
        file_active=2333,
        resultats={5: (2673, 2013)},
    )
    assert exacte.taux(c, 5) == 0
    assert exacte.montant_du(c, 5) == 0


def test_mg_2026() -> None:
    c = cas(date(2026, 9, 1), patientele_mt=1200, file_active=1600)
    assert euros(c) == [(38000,), (28000,), (22000,), (22000,), (22000,)]
    assert exacte.montant_du(c, 1) == 3800000
    assert exacte.montant_du(c, 3) is None


# ---------------------------------------------------------------- percentiles


@pytest.mark.parametrize(
    ("indicateur", "percentile", "centre"),
    [
        ("mt", 80, 1258),
        ("mt", 99, 2176),
        ("fa", 30, 1129),
        ("fa", 50, 1541),
        ("fa", 70, 2033),
        ("fa", 90, 2823),
        ("fa", 95, 3265),
    ],
)
def test_estimations_av7(indicateur: str, percentile: int, centre: int) -> None:
    """The figures written with a "~" in the decisions, to one or two patients."""
    valeur = exacte.estimation("AV7", "medecine_generale", indicateur, percentile)
    assert valeur is not None
    assert abs(valeur - centre) < 2


def test_encadrements() -> None:
    mg = "medecine_generale"
    assert exacte.encadrement("2021", mg, "mt", 30) == (775, 775)
    assert exacte.encadrement("2021", mg, "mt", 70) == (1331, 1414)
    assert exacte.encadrement("2021", mg, "mt", 90) == (1838, 1953)
    assert exacte.encadrement("2021", mg, "mt", 99) == (2717, 2886)
    assert exacte.encadrement("2021", mg, "fa", 30) == (1054, 1166)
    assert exacte.encadrement("2021", mg, "fa", 70) == (1897, 2098)
    assert exacte.encadrement("2021", mg, "fa", 90) == (2634, 2912)
    assert exacte.encadrement("AV7", mg, "fa", 70) == (1830, 2237)
    assert exacte.encadrement("AV7", mg, "mt", 50) == (829, 881)
    assert exacte.encadrement("AV7", mg, "mt", 90) == (1503, 1503)
    # clamped on the published P80
    assert exacte.encadrement("AV7", mg, "fa", 81)[0] == 2333
    cardio = "cardiologie_vasculaire"
    assert exacte.encadrement("AV7", cardio, "fa", 50) == (1480, None)
    assert exacte.encadrement("2021", "pediatrie", "fa", 50) == (0, None)


def test_bande_p90_a_cheval() -> None:
    c = cas(date(2026, 9, 1), patientele_mt=1900, file_active=1600)
    assert exacte.bande(c) == ("p70_p90", "p90_p95")
    assert euros(c)[2] == (22000, 26000)


def test_bande_sans_information() -> None:
    assert exacte.bande(cas(date(2024, 7, 1))) == ("moins_de_p30", "p95_plus")


# -------------------------------------------------------------------- others


def test_dates() -> None:
    signature = date(2020, 2, 29)
    assert exacte.regime(signature) == "AV7"
    assert exacte.debut_annuite(signature, 2) == date(2021, 2, 28)
    assert exacte.debut_annuite(signature, 5) == date(2024, 2, 29)
    assert exacte.regime(date(2020, 3, 11)) == "AV8"
    assert exacte.regime(date(2023, 5, 1)) == "RA"
    assert exacte.regime(date(2024, 6, 22)) == "CM24"


def test_grille_inconnue_bornee() -> None:
    """1 ETP, P50-P70: unknown rate, bounded by +35 %."""
    c = cas(
        date(2020, 1, 1),
        patientele_mt=1000,
        bande_notifiee="p50_p70",
        resultats={3: (1350, 1200), 4: (1349, 1200)},
        file_active=1200,
        lecture_d12="b",
    )
    but = exacte.objectif(c)
    assert but.mt.gain is None
    assert but.mt.borne_haute == 350
    assert exacte.taux(c, 3) == 1
    assert exacte.taux(c, 4) is None


def test_nouvel_installe() -> None:
    ra = exacte.objectif(cas(date(2023, 6, 1), patientele_mt=900, file_active=1600, nouvel_installe=True))
    assert (ra.mt.gain, ra.fa.gain) == (145, 0)
    av7 = exacte.objectif(cas(date(2019, 10, 1), patientele_mt=300, file_active=700, nouvel_installe=True))
    # The P50 of AV7 is published "about" 855 (829 to 881) for MT, estimated (1 387 to 1 696) for the file active.
    assert (av7.mt.gain, av7.mt.borne_haute) == (None, 881 - 300)
    assert (av7.fa.gain, av7.fa.borne_haute) == (None, 1696 - 700)


def test_nouvel_installe_mediane_estimee() -> None:
    """One indicator surely below the estimated median: the other, surely above, has nothing to gain."""
    sur = exacte.objectif(cas(date(2019, 10, 1), patientele_mt=300, file_active=2000, nouvel_installe=True))
    assert (sur.mt.borne_haute, sur.fa.gain) == (581, 0)
    # Inside the margin, he may stand above the median and owe the grid: no bound.
    marge = exacte.objectif(cas(date(2019, 10, 1), patientele_mt=850, nouvel_installe=True))
    assert (marge.mt.gain, marge.mt.borne_haute) == (None, None)


def test_bascule() -> None:
    c = cas(
        date(2022, 2, 1),
        patientele_mt=1300,
        file_active=1600,
        date_bascule=date(2023, 6, 15),
    )
    assert exacte.objectif(c).mt.gain == 260
    annees = exacte.simuler(c)
    assert [a.regime for a in annees] == ["AV8", "AV8", "RA", "RA", "RA"]
    assert exacte.versements(c, 3, 2100001) == [
        (date(2024, 2, 1), 1050001),
        (date(2024, 8, 1), 1050000),
    ]


def test_quotite() -> None:
    c = cas(date(2023, 7, 1), patientele_mt=900, quotite=Fraction(1, 3))
    assert exacte.montants_possibles(c, 1) == (1200000,)
    assert exacte.montants_possibles(c, 2) == (933333,)
    ancien = cas(date(2022, 6, 1), patientele_mt=900, quotite=Fraction(1, 2))
    assert exacte.montants_possibles(ancien, 1) is None


def test_suspension() -> None:
    c = cas(
        date(2024, 7, 1),
        patientele_mt=900,
        date_debut_suspension=date(2024, 12, 31),
        date_fin_suspension=date(2025, 1, 1),
        date_fin_anticipee=date(2025, 7, 1),
    )
    assert exacte.jours_dus(c, 1) == 363
    assert exacte.jours_dus(c, 2) == 1
    assert exacte.montant_du(c, 2) == 7671  # 28 000 / 365 = 76,712...


def test_renouvellement() -> None:
    c = cas(
        date(2024, 7, 1),
        patientele_mt=900,
        file_active=1000,
        renouvellement=True,
        resultats={1: (900, 1000), 2: (899, 1000)},
    )
    assert euros(c) == [(22000,)] * 5
    assert exacte.taux(c, 1) == 1
    assert exacte.taux(c, 2) == 0
    assert exacte.taux(c, 3) is None


def test_p95_a_cheval() -> None:
    """Cardiologist under AV7: the band may be anything from P30 up."""
    c = cas(
        date(2019, 10, 1),
        specialite="cardiologie_vasculaire",
        file_active=1500,
        resultats={3: (None, 1600), 4: (None, 2025), 5: (None, 1499)},
    )
    assert exacte.bande(c) == ("p30_p50", "p95_plus")
    assert exacte.taux(c, 3) is None
    assert exacte.taux(c, 4) == 1
    assert exacte.taux(c, 5) == 0
    assert exacte.montant_du(c, 4) is None
    assert exacte.montant_du(c, 5) == 0


def test_collectif() -> None:
    c = CasCollectif(
        date_signature=date(2026, 3, 1),
        date_appreciation=AUJOURDHUI,
        etp=Fraction(5, 2),
        base_mt=4000,
        base_fa=6000,
        deja_gagnes_mt=50,
        deja_gagnes_fa=300,
        resultats={3: (4300, 6000), 4: (3999, 7000), 5: (4650, 6000)},
    )
    but = exacte.objectif_collectif(c)
    assert (but.mt.gain, but.fa.gain) == (600, 0)
    assert exacte.montants_possibles_collectif(c, 1) == (9500000,)
    # FA has nothing left to gain: 300 of 600 MT is all that counts, unless one objective is enough.
    assert exacte.taux_collectif(c, 3) == Fraction(1, 2)
    assert exacte.taux_collectif(replace(c, lecture_d19="b"), 3) == 1
    assert exacte.taux_collectif(c, 4) == 0
    assert exacte.versements_collectif(c, 1, 9500000) == [(date(2026, 4, 1), 9500000)]
    assert exacte.montant_du_collectif(c, 4) == 0
    assert len(exacte.simuler_collectif(c)) == 5
