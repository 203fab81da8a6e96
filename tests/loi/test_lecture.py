"""Reading dated parameters: what applies at a row's date, among what was known at the date d'appréciation."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openfisca_core.parameters import Parameter
from openfisca_core.periods import period
from openfisca_core.reforms import Reform
from openfisca_core.simulations import Simulation

from openfisca_assistants_medicaux import CountryTaxBenefitSystem
from openfisca_assistants_medicaux.certitude import Certitude
from openfisca_assistants_medicaux.lecture import PRIS_EN_COMPTE, Lecteur, ValeurLue
from openfisca_assistants_medicaux.nomenclatures import Secteur
from tests.loi.population import calculer, construire, feuilles, systeme

NUMERIQUES = [
    p for p in feuilles() if all(isinstance(v.value, (bool, int, float)) for v in p.values_list if v.value is not None)
]
jours = st.dates(datetime.date(2018, 1, 1), datetime.date(2030, 12, 31))


def _lecteur(nombre: int, jour: str = "2026-11-23", *, tbs: Any = None, trace: bool = False) -> Lecteur:
    simulation = construire({"quotite_liberale": np.ones(nombre)}, annuites=1, tbs=tbs, trace=trace)
    return Lecteur(simulation.populations["contrat"], period(jour))


def _dates(*valeurs: str | datetime.date) -> np.ndarray:
    return np.array([str(v) for v in valeurs], dtype="datetime64[D]")


def _montants(tbs: Any, jour: str, **colonnes: Any) -> list[int]:
    """Maximum amounts of the five years of a general practitioner's contract."""
    base = {"specialite": ["medecine_generale"], "patientele_mt": [1200], "patientele_mt_adultes": [1200]}
    simulation = construire({**base, **colonnes}, tbs=tbs)
    montants: list[int] = calculer(simulation, ["montant_maximal"], jour)["montant_maximal"].tolist()
    return montants


# -- what was known ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("jour", "annee_2"),
    [("2024-06-19", 1_350_000), ("2024-06-20", 1_350_000), ("2024-06-21", 1_400_000), ("2024-06-22", 1_400_000)],
)
def test_une_decision_passee_se_rejoue(jour: str, annee_2: int) -> None:
    """T9: a half-time contract of 1 October 2023, before and after the convention of 2024 was published."""
    montants = _montants(None, jour, date_signature=["2023-10-01"], option=["demi_etp"], file_active=[-1])
    assert montants[:2] == [1_800_000, annee_2]


def test_rien_n_est_connu_avant_le_journal_officiel() -> None:
    montants = {
        jour: _montants(None, jour, date_signature=["2019-09-02"], option=["un_etp"], bande_notifiee=["p30_p50"])[0]
        for jour in ("2019-08-19", "2019-08-20", "2019-08-21")
    }
    assert montants == {"2019-08-19": -1, "2019-08-20": 3_600_000, "2019-08-21": 3_600_000}


@given(st.sampled_from(NUMERIQUES), st.lists(jours, min_size=1, max_size=6), jours)
def test_nombre_comme_une_lecture_naive(
    parametre: Parameter, dates: list[datetime.date], appreciation: datetime.date
) -> None:
    def naif(date: datetime.date) -> float:
        valeur = None
        for candidate in reversed(parametre.values_list):  # oldest effect first
            connue = candidate.metadata.get("connu_le", candidate.instant_str) <= str(appreciation)
            if connue and candidate.instant_str <= str(date):
                valeur = candidate.value
        return float("nan") if valeur is None else float(valeur)

    lus = _lecteur(len(dates), str(appreciation)).nombre(parametre.name, _dates(*dates))
    np.testing.assert_array_equal(lus, [naif(date) for date in dates])


# -- the forms of a read -------------------------------------------------------------------------------------------


def test_chaque_ligne_lit_a_sa_date() -> None:
    dates = _dates("2019-08-20", "2019-08-21", "2024-06-21", "2024-06-22")
    lire = _lecteur(4)
    np.testing.assert_array_equal(lire.nombre("montants.un_etp.annee_1", dates), [np.nan, 36000, 36000, 38000])
    assert lire.entier("montants.un_etp.annee_1", dates).tolist() == [-1, 36000, 36000, 38000]


def test_texte_liste_element_longueur() -> None:
    dates = _dates("2019-08-20", "2020-01-01", "2020-06-01", "2023-05-01")
    lire = _lecteur(4)
    codes = {"AV7": 1, "AV8": 2, "RA": 3, "CM24": 4}
    assert lire.texte("regimes.regime", dates, codes).tolist() == [-1, 1, 2, 3]
    assert lire.longueur("options.un_etp.zones_requises", dates).tolist() == [-1, 1, 2, 0]
    acomptes = lire.element("versements.annee_3_et_suivantes.acomptes", 1, dates)
    np.testing.assert_array_equal(acomptes, [np.nan, np.nan, np.nan, 0.5])
    secteurs = Secteur.encode(np.array(["secteur_1", "secteur_2", "secteur_1", "secteur_2"]))
    dedans, connu = lire.appartient("eligibilite.secteurs_admis", dates, secteurs)
    assert dedans.tolist() == [False, False, True, False]
    assert connu.tolist() == [False, True, True, True]


def test_une_table_lit_plusieurs_parametres_a_la_fois() -> None:
    chemins = ["montants.demi_etp.annee_1", None, "montants.tiers_etp.annee_1"]
    dates = _dates("2019-08-20", "2024-06-22", "2024-06-22", "2023-04-30", "2023-05-01")
    lus = _lecteur(5).table(chemins, np.array([0, 0, 1, 2, 2]), dates)
    np.testing.assert_array_equal(lus, [np.nan, 19000, np.nan, 12000, np.nan])


def test_un_parametre_qui_n_existe_pas_est_une_erreur() -> None:
    lire, dates = _lecteur(1), _dates("2026-01-01")
    for chemin in ("montants.un_etp.annee_9", "montants.un_etp", "montants.un_etp.annee_1.x", "inconnu"):
        with pytest.raises(KeyError, match="does not exist"):
            lire.nombre(chemin, dates)


def test_un_mot_imprevu_est_une_erreur() -> None:
    with pytest.raises(KeyError):
        _lecteur(1).texte("regimes.regime", _dates("2026-01-01"), {"AV7": 1})


# -- reforms and updates -------------------------------------------------------------------------------------------


class hausse_de_la_premiere_annee(Reform):
    """A reform as a country package user would write it."""

    def apply(self) -> None:
        def modifier(parametres: Any) -> Any:
            parametres.montants.un_etp.annee_1.update(start="2026-01-01", value=40_000)
            return parametres

        self.modify_parameters(modifier)


def test_une_reforme_des_montants_est_vue() -> None:
    situation: dict[str, Any] = {"date_signature": ["2026-03-02"], "option": ["un_etp"]}
    reforme = hausse_de_la_premiere_annee(systeme())
    assert _montants(reforme, "2026-11-23", **situation)[:2] == [4_000_000, 2_800_000]
    assert _montants(None, "2026-11-23", **situation)[:2] == [3_800_000, 2_800_000]
    assert _montants(reforme, "2026-11-23", date_signature=["2025-03-02"], option=["un_etp"])[0] == 3_800_000


def test_une_valeur_changee_apres_une_premiere_lecture_est_vue() -> None:
    tbs = CountryTaxBenefitSystem()
    situation: dict[str, Any] = {"date_signature": ["2026-03-02"], "option": ["un_etp"]}
    assert _montants(tbs, "2026-11-23", **situation)[0] == 3_800_000
    tbs.parameters.montants.un_etp.annee_1.update(start="2026-01-01", value=41_000)
    assert _montants(tbs, "2026-11-23", **situation)[0] == 4_100_000
    tbs.parameters.montants.un_etp.annee_1.update(start="2026-01-01", value=42_000)
    assert _montants(tbs, "2026-11-23", **situation)[0] == 4_200_000


@pytest.mark.parametrize(
    ("chemin", "valeur", "variable", "avant", "apres"),
    [
        ("eligibilite.seuil.medecine_generale", 1301, "condition_seuil_activite", "remplie", "non_remplie"),
        ("eligibilite.secteurs_admis", ["secteur_2"], "condition_conventionnement", "remplie", "non_remplie"),
        ("eligibilite.seuil.population", "adultes_plus_16", "base_patientele_mt", 1300, 1000),
        ("distributions.marge_estimation.patientele_mt", 0.5, "bande_haute", "p50_p70", "p90_p95"),
        ("distributions.indicateur_retenu", "les_deux", "bande_basse", "p95_plus", "p50_p70"),
        ("objectifs.releves", ["03-31"], "releve_reference", "2025-12-31", "2025-03-31"),
        ("vie_du_contrat.duree", 3, "date_fin_contrat", "2031-03-01", "2029-03-01"),
        ("objectifs.premiere_annee_verifiee", 1, "annuite_evaluee", False, True),
        ("options.heures_hebdomadaires.un_etp", 39, "heures_hebdomadaires", 35.0, 39.0),
        ("options.un_etp.zones_requises", ["zip"], "condition_zone", "sans_objet", "non_remplie"),
        ("formation.cqp.rncp", "RNCP50000", "fiche_rncp", 40913, 50000),
    ],
)
def test_chaque_forme_de_lecture_voit_le_changement(
    chemin: str, valeur: Any, variable: str, avant: Any, apres: Any
) -> None:
    tbs = CountryTaxBenefitSystem()
    situation = {
        "date_signature": ["2026-03-02"],
        "date_embauche": ["2026-04-01"],
        "specialite": ["medecine_generale"],
        "option": ["un_etp"],
        "zone": ["hors_zone"],
        "secteur": ["secteur_1"],
        "patientele_mt": [1300],
        "patientele_mt_adultes": [1000],
        "file_active": [3500 if variable == "bande_basse" else 1600],
    }

    def lue() -> Any:
        (resultat,) = calculer(construire(situation, annuites=1, tbs=tbs), [variable], "2026-11-23")[variable].tolist()
        return str(resultat) if isinstance(resultat, datetime.date) else resultat

    assert lue() == avant
    parametre = tbs.parameters
    for morceau in chemin.split("."):
        parametre = parametre.children[morceau]
    parametre.update(start="2019-08-21", value=valeur)
    assert lue() == apres


def test_deux_systemes_ne_partagent_rien() -> None:
    modifie = CountryTaxBenefitSystem()
    modifie.parameters.montants.un_etp.annee_1.update(start="2026-01-01", value=1)
    situation: dict[str, Any] = {"date_signature": ["2026-03-02"], "option": ["un_etp"]}
    assert _montants(modifie, "2026-11-23", **situation)[0] == 100
    assert _montants(CountryTaxBenefitSystem(), "2026-11-23", **situation)[0] == 3_800_000


# -- the trace -----------------------------------------------------------------------------------------------------


def _acces(simulation: Simulation) -> dict[str, list[Any]]:
    """Parameter accesses of a trace, by name."""
    acces: dict[str, list[Any]] = {}
    a_visiter = list(simulation.tracer.trees)
    while a_visiter:
        noeud = a_visiter.pop()
        a_visiter.extend(noeud.children)
        for lu in noeud.parameters:
            acces.setdefault(lu.name, []).append(lu.value)
    return acces


def test_la_trace_porte_la_valeur_lue_par_chaque_ligne() -> None:
    simulation = construire({"date_signature": ["2019-09-02", "2026-03-02", "2000-01-01"]}, annuites=1, trace=True)
    simulation.calculate("regime", "2026-11-23")
    (valeur,) = _acces(simulation)["regimes.regime"]
    assert isinstance(valeur, ValeurLue)
    lecture = valeur.lecture
    lues = [lecture.entrees[rang] if rang >= 0 else None for rang in lecture.rangs]
    assert [e and e.valeur for e in lues] == ["AV7", "CM24", None]
    assert [e and e.date_effet for e in lues] == ["2019-08-21", "2024-06-22", None]
    assert [e and e.certitude for e in lues] == [Certitude.texte, Certitude.cite, None]
    assert lues[0] is not None
    assert lues[0].nom == "regimes.regime"
    assert lues[0].references
    assert lecture.compte().tolist() == [True, True, False]


def test_la_trace_dit_sur_quelles_lignes_une_lecture_compte() -> None:
    simulation = construire(
        {"date_signature": ["2026-03-02", "2026-03-02"], "dispositif": ["collectif", "individuel"]},
        annuites=1,
        trace=True,
    )
    simulation.calculate("regime", "2026-11-23")
    acces = _acces(simulation)
    assert acces["regimes.aide_collective_ouverte"][0].lecture.compte().tolist() == [True, False]
    assert acces["regimes.regime"][0].lecture.compte().tolist() == [False, True]


def test_la_trace_dit_sur_quelles_lignes_une_dependance_compte() -> None:
    simulation = construire(
        {"specialite": ["medecine_generale"] * 2, "patientele_mt": [1200, 100], "date_signature": ["2026-03-02"] * 2},
        annuites=1,
        trace=True,
    )
    simulation.calculate("condition_seuil_activite", "2026-11-23")
    (masque,) = _acces(simulation)[PRIS_EN_COMPTE + "derogation_seuil"]
    assert masque.tolist() == [False, True]


def test_sans_trace_rien_n_est_enregistre() -> None:
    simulation = construire({"date_signature": ["2026-03-02"]}, annuites=1)
    simulation.calculate("regime", "2026-11-23")
    assert not hasattr(simulation.tracer, "trees")
