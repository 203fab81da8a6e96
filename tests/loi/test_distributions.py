"""National distributions: published percentiles, bounds of the others, and the files an operator adds."""

from __future__ import annotations

import itertools
import math
from pathlib import Path
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfisca_assistants_medicaux import DOSSIER, CountryTaxBenefitSystem
from openfisca_assistants_medicaux.certitude import Certitude
from openfisca_assistants_medicaux.distributions import (
    COLONNES,
    INFINI,
    PERCENTILES,
    DistributionInvalide,
    Distributions,
    encadrer,
    estimer,
    lire_csv,
    pente_log_normale,
)
from openfisca_assistants_medicaux.nomenclatures import Specialite
from tests.loi.population import calculer, construire, systeme

MG = "medecine_generale"
MARGE = 0.1


def _score(percentile: float) -> float:
    return NormalDist().inv_cdf(percentile / 100)


@st.composite
def publications(draw: st.DrawFn, minimum: int = 0) -> dict[float, int]:
    """Published percentiles of one distribution: increasing, as percentiles are."""
    percentiles = sorted(draw(st.sets(st.integers(1, 99), min_size=minimum, max_size=6)))
    valeurs = sorted(draw(st.sets(st.integers(1, 6000), min_size=len(percentiles), max_size=len(percentiles))))
    return {float(p): v for p, v in zip(percentiles, valeurs, strict=True)}


pentes = st.one_of(st.none(), st.floats(0.05, 1.5))


# -- interpolation -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("date", "indicateur", "percentile", "attendu"),
    [
        ("", "patientele_mt", 50, 810),
        ("", "patientele_mt", 70, 1025),
        ("", "patientele_mt", 90, 1440),
        ("", "patientele_mt", 95, 1696),
        ("", "file_active", 30, 1251),
        ("", "file_active", 50, 1589),
        ("", "file_active", 70, 2018),
        ("", "file_active", 90, 2852),
        ("", "file_active", 95, 3366),
    ],
)
def test_estimations_ecrites_dans_la_decision(date: str, indicateur: str, percentile: int, attendu: int) -> None:
    estimation = systeme().distributions.encadrement(date, MG, indicateur, percentile, MARGE).estimation
    assert estimation == pytest.approx(attendu, abs=1.5)


@pytest.mark.parametrize(
    ("indicateur", "publies"),
    [("patientele_mt", {30: 775, 50: 1045, 95: 2187}), ("file_active", {50: 1514, 95: 3207})],
)
def test_un_percentile_publie_est_exact(indicateur: str, publies: dict[int, int]) -> None:
    for percentile, valeur in publies.items():
        encadrement = systeme().distributions.encadrement("2021-12-31", MG, indicateur, percentile, MARGE)
        assert (encadrement.bas, encadrement.haut, encadrement.publie) == (valeur, valeur, True)
        assert encadrement.certitude > Certitude.hypothese


def test_la_log_normale_retrouve_la_negociation_de_2019() -> None:
    """P50 855 and P90 1 480 announced P70 1 089; the log-normal says about 1 070, a straight line 1 167."""
    assert estimer(70, {50: 855, 90: 1480}, None) == pytest.approx(1070, abs=2)


@given(publications(minimum=2), st.floats(1, 99))
def test_l_estimation_est_lineaire_en_logarithme(publies: dict[float, int], percentile: float) -> None:
    estimation = estimer(percentile, publies, None)
    dessous, dessus = [p for p in publies if p < percentile], [p for p in publies if p > percentile]
    if not dessous or not dessus:
        assert estimation is None
        return
    a, b = max(dessous), min(dessus)
    part = (_score(percentile) - _score(a)) / (_score(b) - _score(a))
    attendu = publies[a] ** (1 - part) * publies[b] ** part
    assert estimation == pytest.approx(attendu, rel=1e-9)


@given(publications(), pentes)
def test_les_bornes_encadrent_et_croissent(publies: dict[float, int], pente: float | None) -> None:
    encadrements = [encadrer(p, publies, pente, MARGE) for p in range(1, 100)]
    for percentile, encadrement in enumerate(encadrements, start=1):
        assert 0 <= encadrement.bas <= encadrement.haut <= INFINI
        assert encadrement.publie == (percentile in publies)
    for avant, apres in itertools.pairwise(encadrements):
        assert avant.bas <= apres.bas
        assert avant.haut <= apres.haut


@given(publications(minimum=2), st.integers(1, 99))
def test_les_bornes_restent_entre_les_voisins_publies(publies: dict[float, int], percentile: int) -> None:
    encadrement = encadrer(percentile, publies, None, MARGE)
    for p, valeur in publies.items():
        if p < percentile:
            assert encadrement.bas >= valeur
        if p > percentile:
            assert encadrement.haut <= valeur


@given(st.integers(100, 5000), st.integers(1, 99), st.floats(0.05, 1.5))
def test_un_seul_point_emprunte_une_pente(valeur: int, percentile: int, pente: float) -> None:
    encadrement = encadrer(percentile, {50.0: valeur}, pente, MARGE)
    if percentile == 50:
        assert encadrement.publie
        return
    assert encadrement.estimation == pytest.approx(valeur * math.exp(pente * _score(percentile)))
    assert encadrement.certitude is Certitude.hypothese
    assert encadrer(percentile, {50.0: valeur}, None, MARGE).estimation is None


def test_la_marge_s_arrondit_vers_l_exterieur() -> None:
    estimation = math.sqrt(1000 * 3000)  # halfway in logarithm between P30 and P70
    encadrement = encadrer(50, {30.0: 1000, 70.0: 3000}, None, MARGE)
    assert encadrement.estimation == pytest.approx(estimation)
    assert (encadrement.bas, encadrement.haut) == (math.floor(estimation * 0.9), math.ceil(estimation * 1.1))


def test_sans_extrapolation_au_dela_des_points_publies() -> None:
    publies = {30.0: 775, 50.0: 1045, 95.0: 2187}
    assert encadrer(99, publies, None, MARGE).bas == 2187
    assert encadrer(99, publies, None, MARGE).haut == INFINI
    assert (encadrer(20, publies, None, MARGE).bas, encadrer(20, publies, None, MARGE).haut) == (0, 775)


def test_rien_de_publie_rien_de_su() -> None:
    encadrement = encadrer(50, {}, 0.4, MARGE)
    assert (encadrement.bas, encadrement.haut, encadrement.estimation) == (0, INFINI, None)


def test_la_pente_va_de_la_mediane_au_plus_haut() -> None:
    assert pente_log_normale({30.0: 775, 50.0: 1045, 95.0: 2187}) == pytest.approx(
        math.log(2187 / 1045) / (_score(95) - _score(50))
    )
    assert pente_log_normale({30.0: 775, 50.0: 1045}) is None
    assert pente_log_normale({}) is None


def test_la_table_donne_ce_que_donnent_les_encadrements() -> None:
    distributions = systeme().distributions
    table, mg = distributions.table(MARGE), Specialite[MG].index
    for d, date in enumerate(distributions.dates):
        for i, indicateur in enumerate(("patientele_mt", "file_active")):
            for p, percentile in enumerate(PERCENTILES):
                attendu = distributions.encadrement(date, MG, indicateur, percentile, MARGE)
                assert (table.bas[d, mg, i, p], table.haut[d, mg, i, p]) == (attendu.bas, attendu.haut)


# -- files of an operator ------------------------------------------------------------------------------------------

LIGNE = {
    "date": "2021-12-31",
    "specialite": "dermatologie",
    "indicateur": "file_active",
    "population": "tous_ages",
    "percentile": "30",
    "valeur": "1100",
    "certitude": "texte",
    "source": "CPAM",
    "lien": "",
    "note": "",
}


def _ecrire(dossier: Path, *lignes: dict[str, str], nom: str = "officiels.csv") -> Path:
    fichier = dossier / nom
    corps = [",".join(COLONNES), *(",".join(ligne[c] for c in COLONNES) for ligne in lignes)]
    fichier.write_text("\n".join(corps) + "\n", encoding="utf-8")
    return fichier


def test_le_fichier_livre_se_lit() -> None:
    percentiles = lire_csv(DOSSIER / "parameters" / "distributions" / "publiees.csv")
    assert {(p.specialite, p.indicateur, p.percentile, p.valeur) for p in percentiles} >= {
        (MG, "patientele_mt", 30.0, 640),
        (MG, "patientele_mt", 30.0, 775),
        (MG, "file_active", 95.0, 3207),
        ("cardiologie_vasculaire", "file_active", 30.0, 1480),
    }
    assert all(p.source for p in percentiles)


@pytest.mark.parametrize(
    ("champ", "valeur"),
    [
        ("date", "31/12/2021"),
        ("date", "2021-13-01"),
        ("date", "2021-12"),
        ("date", "20211231"),
        ("date", "2021-W52-5"),
        ("date", "NaT"),
        ("specialite", "dermato"),
        ("specialite", "non_renseignee"),
        ("specialite", ""),
        ("indicateur", "mt"),
        ("population", "enfants"),
        ("percentile", "médiane"),
        ("percentile", "0"),
        ("percentile", "100"),
        ("percentile", "nan"),
        ("valeur", ""),
        ("valeur", "1 100"),
        ("valeur", "1100.5"),
        ("valeur", "-3"),
        ("valeur", "0"),
        ("valeur", "inf"),
        ("valeur", "1000000"),
        ("certitude", "sûr"),
    ],
)
def test_une_faute_nomme_la_ligne_le_champ_et_la_valeur(tmp_path: Path, champ: str, valeur: str) -> None:
    fichier = _ecrire(tmp_path, LIGNE, {**LIGNE, champ: valeur})
    with pytest.raises(DistributionInvalide) as erreur:
        lire_csv(fichier)
    message = str(erreur.value)
    assert "officiels.csv, ligne 3" in message
    assert champ in message
    assert f"« {valeur} »" in message


def test_toutes_les_fautes_sont_dites(tmp_path: Path) -> None:
    fichier = _ecrire(tmp_path, {**LIGNE, "valeur": "x"}, LIGNE, {**LIGNE, "percentile": "y"})
    with pytest.raises(DistributionInvalide) as erreur:
        lire_csv(fichier)
    lignes = str(erreur.value).splitlines()
    assert [ligne.split(" : ")[0] for ligne in lignes] == ["officiels.csv, ligne 2", "officiels.csv, ligne 4"]


def test_une_ligne_trop_courte_est_une_faute_de_cette_ligne(tmp_path: Path) -> None:
    fichier = _ecrire(tmp_path, LIGNE)
    fichier.write_text(fichier.read_text(encoding="utf-8") + "2021-12-31,dermatologie,file_active\n", encoding="utf-8")
    with pytest.raises(DistributionInvalide, match=r"officiels\.csv, ligne 3"):
        lire_csv(fichier)


def test_une_colonne_absente_est_nommee(tmp_path: Path) -> None:
    fichier = tmp_path / "officiels.csv"
    fichier.write_text("date;specialite\n2021-12-31;dermatologie\n", encoding="utf-8")
    with pytest.raises(DistributionInvalide, match=r"colonne.*absente.*date, specialite, indicateur"):
        lire_csv(fichier)
    fichier.write_text("", encoding="utf-8")
    with pytest.raises(DistributionInvalide, match="colonne"):
        lire_csv(fichier)


def test_un_fichier_qui_n_est_pas_en_utf_8_est_refuse(tmp_path: Path) -> None:
    fichier = _ecrire(tmp_path, {**LIGNE, "note": "relevé"})
    fichier.write_bytes(fichier.read_text(encoding="utf-8").encode("latin-1"))
    with pytest.raises(DistributionInvalide, match="UTF-8"):
        lire_csv(fichier)


def test_un_fichier_de_tableur_avec_marque_d_octets_se_lit(tmp_path: Path) -> None:
    fichier = _ecrire(tmp_path, LIGNE)
    fichier.write_text(fichier.read_text(encoding="utf-8"), encoding="utf-8-sig")
    assert [p.valeur for p in lire_csv(fichier)] == [1100]


def _seuils(tbs: CountryTaxBenefitSystem) -> dict[str, list[object]]:
    """Thresholds of dermatologists of 2019 and 2026, just below, on and above 1 100 of active file."""
    simulation = construire(
        {
            "date_signature": ["2019-10-01", "2026-03-02", "2026-03-02", "2026-03-02"],
            "specialite": ["dermatologie"] * 4,
            "file_active": [1100, 1099, 1100, 1101],
        },
        annuites=1,
        tbs=tbs,
    )
    resultats = calculer(simulation, ["seuil_activite", "condition_seuil_activite"], "2026-11-23")
    return {nom: tableau.tolist() for nom, tableau in resultats.items()}


def test_un_fichier_de_percentiles_change_le_seuil_d_une_specialite(tmp_path: Path) -> None:
    assert _seuils(systeme()) == {
        "seuil_activite": [-1, -1, -1, -1],
        "condition_seuil_activite": ["indeterminee"] * 4,
    }
    assert _seuils(CountryTaxBenefitSystem(distributions=[_ecrire(tmp_path, LIGNE)])) == {
        "seuil_activite": [-1, 1100, 1100, 1100],
        "condition_seuil_activite": ["indeterminee", "non_remplie", "remplie", "remplie"],
    }


def test_la_variable_d_environnement_fait_de_meme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BINOME_DISTRIBUTIONS", str(_ecrire(tmp_path, {**LIGNE, "date": ""})))
    assert _seuils(CountryTaxBenefitSystem()) == {
        "seuil_activite": [1100, -1, -1, -1],
        "condition_seuil_activite": ["remplie", "indeterminee", "indeterminee", "indeterminee"],
    }


def test_un_fichier_fautif_empeche_de_demarrer(tmp_path: Path) -> None:
    with pytest.raises(DistributionInvalide, match="valeur"):
        CountryTaxBenefitSystem(distributions=[_ecrire(tmp_path, {**LIGNE, "valeur": "beaucoup"})])


def test_un_percentile_officiel_remplace_le_notre(tmp_path: Path) -> None:
    officiel = {**LIGNE, "specialite": MG, "indicateur": "patientele_mt", "percentile": "90", "valeur": "1800"}
    tbs = CountryTaxBenefitSystem(distributions=[_ecrire(tmp_path, officiel)])
    situation = {
        "date_signature": ["2026-03-02"] * 2,
        "specialite": [MG] * 2,
        "patientele_mt": [1799, 1800],
    }
    avant = calculer(construire(situation, annuites=1), ["patientele_au_moins_p90"], "2026-11-23")
    apres = calculer(construire(situation, annuites=1, tbs=tbs), ["patientele_au_moins_p90"], "2026-11-23")
    assert avant["patientele_au_moins_p90"].tolist() == ["indeterminee", "indeterminee"]
    assert apres["patientele_au_moins_p90"].tolist() == ["non", "oui"]


def test_le_dernier_fichier_l_emporte(tmp_path: Path) -> None:
    ancien = _ecrire(tmp_path, LIGNE, nom="ancien.csv")
    recent = _ecrire(tmp_path, {**LIGNE, "valeur": "1150"}, nom="recent.csv")
    percentiles = [*lire_csv(ancien), *lire_csv(recent)]
    assert Distributions(percentiles).publies("2021-12-31", "dermatologie", "file_active") == {30.0: 1150}
