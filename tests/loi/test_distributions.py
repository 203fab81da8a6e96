"""National distributions: published percentiles, bounds of the others, and the files an operator adds."""

from __future__ import annotations

import datetime
import itertools
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binome.simulation.tables.table import simuler_table
from openfisca_assistants_medicaux import DOSSIER, CountryTaxBenefitSystem
from openfisca_assistants_medicaux.certitude import Certitude
from openfisca_assistants_medicaux.distributions import (
    COLONNES,
    INFINI,
    PERCENTILES,
    DistributionInvalide,
    Distributions,
    Marges,
    Percentile,
    PercentileInconnu,
    encadrer,
    lire_csv,
)
from openfisca_assistants_medicaux.forme import NORMALE, Forme, estimer, forme_de, pente, score
from openfisca_assistants_medicaux.nomenclatures import Specialite
from tests.loi.population import calculer, construire, systeme

MG = "medecine_generale"
MARGE = 0.1
MARGES = Marges(patientele_mt=0.03, file_active=0.05, autres=MARGE)
#: The percentiles that a shape of the whole range knows.
AVENANT_7 = {30.0: 640, 50.0: 855, 70.0: 1107, 90.0: 1503, 95.0: 1721}


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
        ("", "patientele_mt", 99, 2176),
        ("", "file_active", 30, 1129),
        ("", "file_active", 50, 1541),
        ("", "file_active", 70, 2033),
        ("", "file_active", 90, 2823),
        ("", "file_active", 95, 3265),
        ("2021-12-31", "patientele_mt", 70, 1373),
        ("2021-12-31", "patientele_mt", 90, 1896),
        ("2021-12-31", "patientele_mt", 99, 2801),
        ("2021-12-31", "file_active", 30, 1110),
        ("2021-12-31", "file_active", 70, 1998),
        ("2021-12-31", "file_active", 90, 2773),
        ("2021-12-31", "file_active", 99, 4125),
    ],
)
def test_estimations_ecrites_dans_la_decision(date: str, indicateur: str, percentile: int, attendu: int) -> None:
    estimation = systeme().distributions.encadrement(date, MG, indicateur, percentile, MARGES).estimation
    assert estimation == pytest.approx(attendu, abs=1)


@pytest.mark.parametrize(
    ("date", "indicateur", "publies"),
    [
        ("", "patientele_mt", {30: 640, 70: 1107, 90: 1503, 95: 1721}),
        ("2021-12-31", "patientele_mt", {30: 775, 50: 1045, 95: 2187}),
        ("2021-12-31", "file_active", {50: 1514, 95: 3207}),
    ],
)
def test_un_percentile_publie_est_exact(date: str, indicateur: str, publies: dict[int, int]) -> None:
    for percentile, valeur in publies.items():
        encadrement = systeme().distributions.encadrement(date, MG, indicateur, percentile, MARGES)
        assert (encadrement.bas, encadrement.haut, encadrement.publie) == (valeur, valeur, True)
        assert encadrement.certitude > Certitude.hypothese


def test_un_percentile_approche_garde_sa_source_et_sa_marge() -> None:
    """The P50 of the avenant 7: 855, from 845 to 875 by the sources; neither exact, nor an estimate of ours."""
    encadrement = systeme().distributions.encadrement("", MG, "patientele_mt", 50, MARGES)
    assert (encadrement.bas, encadrement.haut, encadrement.publie) == (829, 881, False)
    assert encadrement.estimation == 855
    assert encadrement.certitude is Certitude.secondaire
    assert encadrement.bas <= 845 < 875 <= encadrement.haut


def test_le_p30_de_2021_laisse_hors_du_calage_est_retrouve() -> None:
    """What supports the margin of 3 %: the shape fitted on P50 and P95 alone finds the published P30 again."""
    forme = systeme().distributions.forme
    estime = estimer(30, {50.0: 1045, 95.0: 2187}, forme, None, prolonge=True)
    assert estime == pytest.approx(775, rel=0.01)
    # And a log-normal of the same two points does not.
    assert estimer(30, {50.0: 1045, 95.0: 2187}, NORMALE, None, prolonge=True) != pytest.approx(775, rel=0.05)


def test_le_p80_de_file_active_de_2021_est_proche_des_cas_publies() -> None:
    """Doctors of the avenant 7 « at P80 » had 2 333 and 2 355 patients; the log-normal said 2 223."""
    estime = systeme().distributions.encadrement("2021-12-31", MG, "file_active", 80, MARGES).estimation
    assert estime == pytest.approx(2292, abs=1)


def test_la_forme_decroit_en_pente_et_passe_par_ses_points() -> None:
    forme = forme_de(AVENANT_7)
    for percentile, valeur in AVENANT_7.items():
        assert forme.place(percentile) == pytest.approx(math.log(valeur))
    assert forme.place(29) is None
    bouts = [30.0, 50.0, 70.0, 90.0, 95.0, 99.0]
    places = [forme.place(p) or 0.0 for p in bouts]
    scores = [score(p) for p in bouts]
    pentes_ = [(y2 - y1) / (x2 - x1) for (x1, y1), (x2, y2) in itertools.pairwise(zip(scores, places, strict=True))]
    assert pentes_ == sorted(pentes_, reverse=True)
    assert pentes_ == pytest.approx([0.552, 0.493, 0.404, 0.373, 0.344], abs=0.001)


def test_sans_assez_de_points_la_forme_est_normale() -> None:
    assert forme_de({}) is forme_de({30.0: 640, 90.0: 1440}) is NORMALE
    assert not NORMALE.propre
    assert Distributions([]).forme is NORMALE


def test_la_certitude_d_un_percentile_ne_depasse_pas_sa_source() -> None:
    """Read in the fund's brochure, quoted from ameli by others, or only reported: never more than that."""
    for p in systeme().distributions.percentiles:
        lu = "brochure CNAM" in p.source
        cite = "repris par" in p.source
        plafond = Certitude.texte if lu else Certitude.cite if cite else Certitude.secondaire
        assert p.certitude <= plafond, (p.indicateur, p.percentile)


def test_la_log_normale_retrouve_la_negociation_de_2019() -> None:
    """P50 855 and P90 1 480 announced P70 1 089; the log-normal says about 1 070, the shape 1 099."""
    assert estimer(70, {50: 855, 90: 1480}, NORMALE, None, prolonge=False) == pytest.approx(1070, abs=2)
    assert estimer(70, {50: 855, 90: 1480}, forme_de(AVENANT_7), None, prolonge=False) == pytest.approx(1099, abs=2)


formes = st.one_of(st.just(NORMALE), st.builds(forme_de, publications(minimum=3)))


@given(publications(minimum=2), st.floats(1, 99))
def test_sans_forme_l_estimation_est_lineaire_en_logarithme(publies: dict[float, int], percentile: float) -> None:
    estimation = estimer(percentile, publies, NORMALE, None, prolonge=False)
    dessous, dessus = [p for p in publies if p < percentile], [p for p in publies if p > percentile]
    if not dessous or not dessus:
        assert estimation is None
        return
    a, b = max(dessous), min(dessus)
    part = (score(percentile) - score(a)) / (score(b) - score(a))
    attendu = publies[a] ** (1 - part) * publies[b] ** part
    assert estimation == pytest.approx(attendu, rel=1e-9)


@given(publications(minimum=2), formes, st.floats(1, 99))
def test_l_estimation_reste_entre_ses_voisins(publies: dict[float, int], forme: Forme, percentile: float) -> None:
    estimation = estimer(percentile, publies, forme, None, prolonge=False)
    dessous, dessus = [p for p in publies if p < percentile], [p for p in publies if p > percentile]
    assert (estimation is None) is (not dessous or not dessus)
    if estimation is not None:
        assert publies[max(dessous)] * (1 - 1e-9) <= estimation <= publies[min(dessus)] * (1 + 1e-9)


def _encadrer(percentile: float, publies: dict[float, int], estimation: float | None) -> tuple[int, int]:
    encadrement = encadrer(percentile, {p: (v, v) for p, v in publies.items()}, estimation, MARGE)
    assert encadrement.certitude is Certitude.hypothese
    return encadrement.bas, encadrement.haut


@given(publications(), formes, pentes)
def test_les_bornes_encadrent_et_croissent(publies: dict[float, int], forme: Forme, pente: float | None) -> None:
    bornes = []
    for percentile in range(1, 100):
        if percentile in publies:
            bornes.append((publies[percentile],) * 2)
            continue
        estimation = estimer(percentile, publies, forme, pente, prolonge=False)
        bornes.append(_encadrer(percentile, publies, estimation))
    # From a single point, nothing is drawn below the shape: what is known there is wider, not lower.
    connus = bornes if len(publies) != 1 or not forme.propre else []
    for bas, haut in bornes:
        assert 0 <= bas <= haut <= INFINI
    for avant, apres in itertools.pairwise(connus):
        assert avant[0] <= apres[0]
        assert avant[1] <= apres[1]


@given(publications(minimum=2), st.integers(1, 99), st.floats(1, 9000))
def test_les_bornes_restent_entre_les_voisins_publies(
    publies: dict[float, int], percentile: int, estimation: float
) -> None:
    bas, haut = _encadrer(percentile, publies, estimation)
    assert bas <= haut
    for p, valeur in publies.items():
        if p < percentile:
            assert bas >= valeur
        if p > percentile:
            assert haut <= valeur


@given(st.integers(100, 5000), st.integers(1, 99), st.floats(0.05, 1.5))
def test_un_seul_point_emprunte_une_pente(valeur: int, percentile: int, pente: float) -> None:
    estimation = estimer(percentile, {50.0: valeur}, NORMALE, pente, prolonge=False)
    assert estimation == pytest.approx(valeur * math.exp(pente * score(percentile)))
    assert estimer(percentile, {50.0: valeur}, NORMALE, None, prolonge=False) is None


def test_la_marge_s_arrondit_vers_l_exterieur() -> None:
    publies = {30.0: 1000, 70.0: 3000}
    estimation = estimer(50, publies, NORMALE, None, prolonge=False)
    assert estimation == pytest.approx(math.sqrt(1000 * 3000))  # halfway in logarithm between P30 and P70
    assert _encadrer(50, publies, estimation) == (math.floor(estimation * 0.9), math.ceil(estimation * 1.1))


def test_sans_prolongement_rien_au_dela_des_points_publies() -> None:
    publies = {30.0: 775, 50.0: 1045, 95.0: 2187}
    forme = forme_de(AVENANT_7)
    assert estimer(99, publies, forme, None, prolonge=False) is None
    assert estimer(99, publies, forme, None, prolonge=True) == pytest.approx(2801, abs=1)
    assert estimer(20, publies, forme, None, prolonge=True) is None, "sous la forme"
    assert _encadrer(99, publies, None) == (2187, INFINI)
    assert _encadrer(20, publies, None) == (0, 775)


def test_rien_de_publie_rien_de_su() -> None:
    assert estimer(50, {}, NORMALE, 0.4, prolonge=True) is None
    assert _encadrer(50, {}, None) == (0, INFINI)


def test_la_pente_va_de_la_mediane_au_plus_haut() -> None:
    publies = {30.0: 775, 50.0: 1045, 95.0: 2187}
    assert pente(publies, NORMALE) == pytest.approx(math.log(2187 / 1045) / (score(95) - score(50)))
    assert pente(publies, forme_de(AVENANT_7)) == pytest.approx(math.log(2187 / 1045) / math.log(1721 / 855))
    assert pente({30.0: 775, 50.0: 1045}, NORMALE) is None
    assert pente({}, NORMALE) is None


def test_les_autres_specialites_ne_se_prolongent_pas() -> None:
    """The shape of general practitioners is not theirs: bounded as before, with the larger margin."""
    autre = {"date": "2021-12-31", "specialite": "dermatologie", "indicateur": "file_active", "population": "tous_ages"}
    points = [
        Percentile(**autre, percentile=p, valeur=v, certitude=Certitude.texte, source="CPAM", lien="", note="")
        for p, v in ((50.0, 1000), (95.0, 2000))
    ]
    distributions = Distributions([*systeme().distributions.percentiles, *points])
    assert distributions.encadrement("2021-12-31", "dermatologie", "file_active", 30, MARGES).estimation is None
    estime = distributions.encadrement("2021-12-31", "dermatologie", "file_active", 90, MARGES)
    assert estime.estimation is not None
    assert estime.bas == math.floor(estime.estimation * 0.9)


def test_la_table_donne_ce_que_donnent_les_encadrements() -> None:
    distributions = systeme().distributions
    table, mg = distributions.table(MARGES), Specialite[MG].index
    for d, date in enumerate(distributions.dates):
        for i, indicateur in enumerate(("patientele_mt", "file_active")):
            for p, percentile in enumerate(PERCENTILES):
                attendu = distributions.encadrement(date, MG, indicateur, percentile, MARGES)
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


def test_une_valeur_approchee_se_dit_dans_une_colonne_facultative(tmp_path: Path) -> None:
    fichier = tmp_path / "officiels.csv"
    lignes = [{**LIGNE, "marge": "0.05"}, {**LIGNE, "percentile": "50", "valeur": "1500", "marge": ""}]
    corps = [",".join((*COLONNES, "marge")), *(",".join(ligne.values()) for ligne in lignes)]
    fichier.write_text("\n".join(corps) + "\n", encoding="utf-8")
    assert [p.bornes for p in lire_csv(fichier)] == [(1045, 1155), (1500, 1500)]
    fichier.write_text("\n".join(corps).replace("0.05", "0.6") + "\n", encoding="utf-8")
    with pytest.raises(DistributionInvalide, match=r"marge « 0\.6 »"):
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
    officiel = {**LIGNE, "specialite": MG, "indicateur": "patientele_mt", "percentile": "90", "valeur": "1900"}
    tbs = CountryTaxBenefitSystem(distributions=[_ecrire(tmp_path, officiel)])
    situation = {
        "date_signature": ["2026-03-02"] * 2,
        "specialite": [MG] * 2,
        "patientele_mt": [1899, 1900],
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


def test_un_percentile_que_les_distributions_ne_tiennent_pas_est_refuse() -> None:
    """A reform that asks for P20 must not silently read P30."""
    loi = CountryTaxBenefitSystem()
    loi.parameters.eligibilite.seuil.percentile_minimal.update(start="2026-01-01", value=20)
    colonnes = {
        "specialite": ["pediatrie"],
        "date_signature": [datetime.date(2026, 3, 2)],
        "option": ["un_etp"],
        "file_active": [1600],
    }
    with pytest.raises(PercentileInconnu, match="P20"):
        simuler_table(loi, colonnes, datetime.date(2026, 11, 23), sorties=["seuil_activite"])
