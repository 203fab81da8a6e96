"""The law and the exact reference agree, to the cent and to the fraction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from openfisca_core.parameters import Parameter

from openfisca_assistants_medicaux.nomenclatures import Option
from tests.croises.comparaison import ecarts, exiger_l_accord
from tests.croises.simulations import INCONNU, calculer_par_date, simulation_individuelle, systeme
from tests.croises.strategies import CAS_COLLECTIFS, CAS_INDIVIDUELS, lots
from tests.reference import exacte
from tests.reference.exacte import BANDES, DUREE_CONTRAT, Cas, CasCollectif

AUJOURDHUI = date(2026, 11, 22)
RANGS = range(1, DUREE_CONTRAT + 1)

#: The rows of a simulation are independent: a failure is reduced by `exiger_l_accord`, row by row, not by Hypothesis.
REGLAGES = settings(
    max_examples=50,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    print_blob=False,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)


@REGLAGES
@given(lots(CAS_INDIVIDUELS))
def test_contrats_individuels(cas: list[Cas]) -> None:
    exiger_l_accord(cas)


@REGLAGES
@given(lots(CAS_COLLECTIFS))
def test_contrats_collectifs(cas: list[CasCollectif]) -> None:
    exiger_l_accord(cas)


# -- every option, regime, band and cell of the modulation table ----------------------------------------------------

BASE_MT, BASE_FA = 1_200, 1_600
GAIN_MT, GAIN_FA = 100, 90
CELLULES = ((-1, -1), (0, 0), (30, 31), (GAIN_MT - 1, GAIN_FA - 1), (GAIN_MT, GAIN_FA))
SIGNATURES_PAR_REGIME = {
    date(2019, 10, 1): ("tiers_etp", "demi_etp", "un_etp"),
    date(2021, 3, 31): ("tiers_etp", "demi_etp", "un_etp"),
    date(2023, 6, 15): ("demi_etp", "un_etp"),
    date(2024, 9, 1): ("demi_etp", "un_etp", "un_etp_et_demi", "deux_etp"),
}


def grille(specialite: str, notifie: bool) -> list[Cas]:
    """Options × regimes × bands × results: lower, equal, in between, just under the target, on it."""
    return [
        Cas(
            date_signature=signature,
            date_appreciation=AUJOURDHUI,
            option=option,
            specialite=specialite,
            patientele_mt=BASE_MT,
            file_active=BASE_FA,
            bande_notifiee=bande,
            cible_notifiee_mt=BASE_MT + GAIN_MT if notifie else None,
            cible_notifiee_fa=BASE_FA + GAIN_FA if notifie else None,
            resultats=dict.fromkeys(RANGS, (BASE_MT + mt[0], BASE_FA + fa[1])),
        )
        for signature, options in SIGNATURES_PAR_REGIME.items()
        for option, bande, mt, fa in product(options, (None, *BANDES), CELLULES, CELLULES)
    ]


@pytest.mark.parametrize("specialite", ["medecine_generale", "pediatrie", "dermatologie"])
def test_grille_objectif_notifie(specialite: str) -> None:
    cas = grille(specialite, notifie=True)
    attendus = {exacte.taux(c, 3) for c in cas}
    assert {Fraction(0), Fraction(1), Fraction(31, GAIN_FA)} <= attendus
    exiger_l_accord(cas)


def test_grille_objectif_de_la_formule() -> None:
    exiger_l_accord(grille("medecine_generale", notifie=False))


def test_grille_bascule_et_renouvellement() -> None:
    """The same, once switched to the reglement arbitral, and renewed (where 1/3 ETP stays possible)."""
    anciens = [c for c in grille("medecine_generale", notifie=False) if c.date_signature == date(2021, 3, 31)]
    exiger_l_accord([replace(c, date_bascule=exacte.DEBUT_RA) for c in anciens])
    exiger_l_accord([replace(c, date_signature=date(2024, 10, 1), renouvellement=True) for c in anciens])


# -- every dated value of a scale or of a table --------------------------------------------------------------------

COLONNES = {
    "annee_1": "annee_1",
    "annee_2": "annee_2",
    "annee_3_et_suivantes": "annee_3",
    "bande_p90_p95": "p90_p95",
    "bande_p95_plus": "p95_plus",
}
ETATS = {"atteint": "ATTEINT", "stable": "STABLE", "baisse": "BAISSE"}
DANS_LA_REFERENCE = "tests/reference/exacte.py"


def valeurs_datees(noeud: str, effets: Iterable[date]) -> list[tuple[str, date, Any]]:
    """(name, day, value) of the leaves under a node, on the days when the law or the reference changes them."""
    trouvees = []
    for feuille in systeme().parameters.get_descendants():
        if isinstance(feuille, Parameter) and feuille.name.startswith(f"{noeud}."):
            jours = {date.fromisoformat(valeur.instant_str) for valeur in feuille.values_list} | set(effets)
            trouvees += [(feuille.name, jour, feuille(jour.isoformat())) for jour in sorted(jours)]
    return [(nom, jour, valeur) for nom, jour, valeur in trouvees if valeur is not None]


def test_chaque_montant_est_celui_de_la_reference() -> None:
    """Whatever contracts are drawn, an amount that one of the two does not hold is named."""
    vus = 0
    for nom, jour, valeur in valeurs_datees("montants", [effet for effet, _, _ in exacte.BAREMES]):
        _, option, *colonne = nom.split(".")
        if option not in Option.names or not colonne:
            continue
        bareme = exacte.bareme_au(jour, date.max, option)
        attendu = None if bareme is None else getattr(bareme, COLONNES[colonne[0]])
        assert attendu == valeur, f"{nom} au {jour} : {valeur} dans la loi, {attendu} dans {DANS_LA_REFERENCE}"
        vus += 1
    assert vus > 20


def test_chaque_regime_est_celui_de_la_reference() -> None:
    for valeur in systeme().parameters.regimes.regime.values_list:
        jour = date.fromisoformat(valeur.instant_str)
        attendu = exacte.regime(jour)
        assert attendu == valeur.value, f"le {jour} : {valeur.value} dans la loi, {attendu} dans {DANS_LA_REFERENCE}"


def test_chaque_case_de_la_table_est_celle_de_la_reference() -> None:
    vus = 0
    effets = [effet for effet, _, _ in exacte.TABLES_DEUX_INDICATEURS]
    for nom, jour, valeur in valeurs_datees("modulation.deux_indicateurs", effets):
        active, liste = (ETATS[mot.rpartition("_")[2]] for mot in nom.split(".")[-2:])
        case = exacte.table_deux_indicateurs(jour, date.max)[active, liste]
        lue = exacte.PRORATA if valeur == "prorata" else Fraction(str(valeur))
        assert case == lue, f"{nom} au {jour} : {lue} dans la loi, {case} dans {DANS_LA_REFERENCE}"
        vus += 1
    assert vus >= 9


# -- before a rule is known -----------------------------------------------------------------------------------------

VEILLE_AV7 = Cas(
    date_signature=date(2019, 10, 1),
    date_appreciation=date(2019, 8, 19),
    option="un_etp",
    patientele_mt=BASE_MT,
    file_active=BASE_FA,
    resultats=dict.fromkeys(RANGS, (BASE_MT, BASE_FA)),
)
VEILLE_COLL = CasCollectif(
    date_signature=date(2026, 3, 1),
    date_appreciation=date(2026, 2, 24),
    etp=Fraction(2),
    base_mt=BASE_MT,
    base_fa=BASE_FA,
    resultats=dict.fromkeys(RANGS, (BASE_MT, BASE_FA)),
)
MONTANTS = ("montant_maximal_bas", "montant_maximal_haut", "montant_du", "montant_prevu", "versement_1_montant")
GAINS = ("gain_patientele_mt", "gain_file_active", "borne_gain_patientele_mt", "borne_gain_file_active")


@pytest.mark.parametrize("cas", [VEILLE_AV7, VEILLE_COLL], ids=["AV7", "COLL"])
def test_rien_de_connu(cas: Cas | CasCollectif) -> None:
    (reponse,) = calculer_par_date([cas])
    assert reponse["regime"] == "aucun"
    assert {variable: reponse[variable] for variable in MONTANTS} == dict.fromkeys(MONTANTS, [INCONNU] * DUREE_CONTRAT)
    assert {variable: reponse[variable] for variable in GAINS} == dict.fromkeys(GAINS, INCONNU)


# -- cases that once differed ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("cas", [VEILLE_AV7, VEILLE_COLL], ids=["AV7", "COLL"])
def test_taux_inconnu_quand_la_regle_l_est(cas: Cas | CasCollectif) -> None:
    (reponse,) = calculer_par_date([cas])
    assert reponse["taux_numerateur"][2:] == [INCONNU] * 3


NOUVEL_INSTALLE_AV7 = Cas(
    date_signature=date(2019, 10, 1),
    date_appreciation=AUJOURDHUI,
    option="un_etp",
    nouvel_installe=True,
)


def test_nouvel_installe_un_indicateur_au_dessus_du_p50_estime() -> None:
    """Starts under P50 by his MT list (300 < 728); his active file (2 000 >= 1 748) has a gain of 0 (D6)."""
    assert not ecarts([replace(NOUVEL_INSTALLE_AV7, patientele_mt=300, file_active=2_000)])


def test_nouvel_installe_dans_la_marge_du_p50_estime() -> None:
    """800 lies in the margin of the P50 (728 to 891): above it, the grid would ask for more than 91."""
    assert not ecarts([replace(NOUVEL_INSTALLE_AV7, patientele_mt=800)])


def test_tiers_etp_ferme_au_p95() -> None:
    """1/3 ETP, year 1 opened on or after 1 May 2023: undetermined, whatever the band."""
    ferme = Cas(date_signature=date(2024, 9, 1), date_appreciation=AUJOURDHUI, option="tiers_etp")
    assert not ecarts([replace(ferme, bande_notifiee=bande) for bande in (None, "p50_p70", "p95_plus")])


def test_le_seuil_notifie_decide_seul() -> None:
    """On, under and over the threshold; unknown; exempt by the children, strictly over a fifth, or otherwise."""
    cas = [
        Cas(
            date_signature=signature, date_appreciation=AUJOURDHUI, option="un_etp", specialite=specialite,
            patientele_mt=patients if specialite == "medecine_generale" else None, file_active=patients,
            seuil_notifie=1_200, part_enfants=part, bande_notifiee=bande,
            nouvel_installe=nouveau,
        )
        for signature, specialite, patients, part, bande, nouveau in product(
            SIGNATURES_PAR_REGIME,
            ("medecine_generale", "pediatrie", "dermatologie", "cardiologie_vasculaire"),
            (None, 1_199, 1_200, 2_500),
            (None, Fraction(1, 5), Fraction(201, 1_000)),
            (None, "moins_de_p30"),
            (False, True),
        )
    ]  # fmt: skip
    calcul = simulation_individuelle(cas)
    rendus = calcul.calculate("condition_seuil_activite", AUJOURDHUI.isoformat()).decode_to_str().tolist()
    fautes = [
        (un, rendu) for un, rendu in zip(cas, rendus, strict=True) if rendu != exacte.condition_du_seuil_notifie(un)
    ]
    assert fautes == []
    assert set(rendus) == {"remplie", "non_remplie", "derogation", "indeterminee"}
