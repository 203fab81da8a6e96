"""Published payroll figures, and OpenFisca-France's own, found again."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from binome.argent import en_centimes
from binome.simulation.cout.bareme import bareme
from binome.simulation.cout.taxe_salaires import bareme_taxe
from tests.cout.outils import NU, premiere

#: OpenFisca-France rounds each contribution, and a twelfth of the tax, every month; Binôme rounds a year once.
ARRONDIS_MENSUELS = en_centimes(0.10)


@pytest.mark.parametrize(
    ("annee", "attendu"), [(2024, "35894.70"), (2025, "35581.96"), (2026, "35477.16")], ids=["2024", "2025", "2026"]
)
def test_2_300_euros_par_mois_avec_les_deux_taxes(annee: int, attendu: str) -> None:
    """One employee alone, liable to taxe sur les salaires and apprenticeship tax, January to December."""
    payee = premiere(
        f"{annee}-01-01", le="2026-12-31", salaire_brut_mensuel=2300, redevable_taxe_apprentissage=True, **NU
    )
    assert abs(payee.total - en_centimes(Decimal(attendu))) <= ARRONDIS_MENSUELS


def test_2_200_euros_apres_juin_2026_la_reduction_d_openfisca_france() -> None:
    """538,56 € a month; mon-entreprise expects 573,98 €, on a SMIC that the décret of 12 June 2026 did not follow."""
    periode = bareme().periode(datetime.date(2026, 7, 1))
    payee = premiere("2026-07-01", salaire_brut_mensuel=2200, **NU)
    assert payee.allegement / 12 == en_centimes(538.56)
    assert periode.depuis == datetime.date(2026, 1, 1)  # the June SMIC changes nothing in the relief
    assert bareme().smic(datetime.date(2026, 7, 1)) > bareme().smic(datetime.date(2026, 5, 1))


def test_smic_publie_au_1er_juin_2026() -> None:
    assert bareme().smic(datetime.date(2026, 6, 1)) == 186_702
    assert bareme().smic(datetime.date(2026, 5, 31)) == 182_303


@pytest.mark.parametrize(
    ("salaire", "brute", "due"),
    [
        pytest.param(22_404, "1715.14", "1471.49", id="un temps plein au SMIC"),
        pytest.param(11_202, "559.94", "0.00", id="un mi-temps au SMIC : franchise"),
        pytest.param(25_919, "2193.18", "2193.18", id="haut de l'avenant 90 : pas de décote"),
    ],
)
def test_taxe_sur_les_salaires_publiee_pour_2026(salaire: int, brute: str, due: str) -> None:
    """Published: 1 715 → 1 471,55 €; 559,95 → 0 €; 2 193 €. The cents apart are those of months rounded one by one."""
    taxe = bareme_taxe(2026)
    assert taxe.d_un_salarie(salaire * 100) / 1_000_000 == pytest.approx(float(brute), abs=0.005)
    assert taxe.due([salaire * 100]) / 100 == pytest.approx(float(due), abs=0.005)
    publiees = {22_404: 1471.55, 11_202: 0, 25_919: 2193}
    assert taxe.due([salaire * 100]) / 100 == pytest.approx(publiees[salaire], abs=0.2)


def test_salaire_par_defaut_le_plus_grand_du_smic_et_de_la_grille() -> None:
    """January 2024: avenant 90 exceeds the SMIC; since November 2024 the SMIC is not exceeded by much, then exceeds."""
    assert premiere("2024-01-15", **NU).brut == en_centimes(21789.48)  # 12 × 1 815,79
    payee = premiere("2026-07-01", **NU)
    assert payee.brut == en_centimes(22404.24)  # 12 × 1 867,02
