"""Published costs of an assistant, and what is left to pay once the aid is received."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from binome.argent import en_centimes
from binome.simulation.modele.cout import CoutAnnuel
from tests.cas_publics.cas import cas, publie
from tests.cas_publics.situations import AV7, CM24, RA, individuel


def _cout(signature: str, demandee: str, *, le: str | None = None, **hypotheses: Any) -> tuple[CoutAnnuel, ...]:
    """The contract years of the chosen option, priced; no cover nor insurance unless entered."""
    saisies = {"mutuelle_mensuelle": 0, "taux_prevoyance": 0, **hypotheses}
    resultat = individuel(signature, demandee, le=le, cout=saisies)
    assert resultat.cout is not None
    (choisie,) = (o.option for o in resultat.options if o.choisie)
    (chiffree,) = (o for o in resultat.cout.options if o.option == choisie)
    return chiffree.annees


@pytest.mark.parametrize(
    ("demandee", "publie_par_mois", "restes"),
    [
        # 1 642 € × 1,6; the half-time post is billed at half.
        cas("E-01", "1", Decimal("2627.20"), (-540, 294, 794)),
        cas("E-02", "1/2", Decimal("1314.00"), (-270, 147, 397)),
    ],
)
def test_reste_a_charge_publie_par_un_groupement(
    demandee: str, publie_par_mois: Decimal, restes: tuple[int, int, int]
) -> None:
    """The published invoice gives the published balances; today's salary is another, and so is its cost."""
    facture = publie_par_mois * (2 if demandee == "1/2" else 1)
    publiees = _cout(CM24, demandee, facture_mensuelle=facture)
    for annee, reste in zip(publiees, restes, strict=False):
        assert annee.cout_mensuel == en_centimes(publie_par_mois)
        assert annee.reste_a_charge_mensuel is not None
        assert abs(annee.reste_a_charge_mensuel - en_centimes(reste)) <= 100
    # The salary behind it is the grid of 2019, below what may be paid at the date of the page.
    paye = Decimal("1642") * 12 / (2 if demandee == "1/2" else 1)
    direct = _cout(CM24, demandee)[0]
    assert direct.brut > en_centimes(paye * Decimal("1.1"))
    # And a multiplier counts neither reliefs nor the taxe sur les salaires: employing directly at the SMIC costs less.
    assert direct.total < publiees[0].total


@pytest.mark.parametrize(
    ("brut", "publie", "coefficient"),
    [
        cas("E-04", 1_642, 25_600, "1.13", detail="position 5"),
        cas("E-04", 1_943, 30_300, "1.28", detail="position 9"),
    ],
)
def test_cout_charge_publie_en_2019(brut: int, publie: int, coefficient: str) -> None:
    """Published with one coefficient (1.30); reliefs make it grow with the salary."""
    assert abs(Decimal(brut * 12) * Decimal("1.3") - publie) <= 20
    (annee, *_) = _cout("2019-09-02", "1", le="2019-12-31", salaire_brut_mensuel=brut)
    assert round(annee.total / annee.brut, 2) == float(coefficient)
    assert annee.total < en_centimes(publie)


@publie("E-05")
def test_ce_que_coute_une_hausse_de_3_pour_cent(identifiant: str) -> None:
    """Published: 1 036 € a year, that is contributions without the relief that the raise makes lose."""
    avant, apres = (
        _cout("2022-07-01", "1", salaire_brut_mensuel=brut, assujetti_taxe_salaires=False)[0] for brut in (2000, 2060)
    )
    sans_perte_d_allegement = apres.total + apres.allegement - avant.total - avant.allegement
    assert abs(sans_perte_d_allegement - en_centimes(1_036)) <= 25_00
    assert apres.total - avant.total == en_centimes(1340.25)


@pytest.mark.parametrize(
    ("le", "publie", "calcule"),
    [
        cas("E-03", RA, 28_656, "30073.24", detail="coût"),
        cas("E-06", CM24, 28_656, "29811.98", detail="coût"),
        cas("E-12", RA, 29_352, "30073.24", detail="coût"),
    ],
)
def test_cout_publie_de_1_600_euros_nets(le: str, publie: int, calcule: str) -> None:
    """1 600 € net is about 2 051 € gross (22 % withheld): the published cost leaves out the taxe sur les salaires."""
    annee = _cout(le, "1", salaire_brut_mensuel=2_051)[0]
    assert annee.total == en_centimes(Decimal(calcule))
    assert annee.total - annee.taxe_salaires < en_centimes(publie) < annee.total


@pytest.mark.parametrize(
    ("signature", "cout_mensuel", "soldes", "ecart"),
    [
        cas("E-03", RA, 2_388, (7_400, -1_600, -7_600), 60),
        cas("E-06", CM24, 2_388, (9_344, -656, -6_656), 0),
        cas("E-12", AV7, 2_446, (6_642, -2_358, -8_358), 6),
    ],
)
def test_solde_apres_le_cout_publie(
    signature: str, cout_mensuel: int, soldes: tuple[int, int, int], ecart: int
) -> None:
    """The published cost as entered, the published balances found again; they are rounded (`ecart`)."""
    restes = [annee.reste_a_charge for annee in _cout(signature, "1", facture_mensuelle=cout_mensuel)]
    for reste, solde in zip(restes, soldes, strict=False):
        assert reste is not None
        assert abs(-reste - en_centimes(solde)) <= en_centimes(ecart)
