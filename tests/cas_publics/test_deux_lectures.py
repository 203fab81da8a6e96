"""Published cases on which sources contradict each other: both amounts are shown, and one only once the fund settled.

T07 and T65 are cases of the field; P3 to P12 are disagreements found by an independent reading of the dossier.
"""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from binome.simulation.modele.resultat import PointOuvert, Resultat
from binome.simulation.modele.situation import Lectures, LecturesDuGroupe
from binome.simulation.moteur.systeme import loi_du_processus
from openfisca_assistants_medicaux.lectures import points_de
from tests.cas_publics.situations import collectif, condition, individuel, jour, objectif

#: Avenant 8, one full time, 2 059 adults (above P95) and a file active of 2 333; objectives +102 and +116.
T07: dict[str, Any] = {
    "signature": "2020-10-01",
    "option": "1",
    "le": "2025-04-03",
    "patientele": {"patientele_mt_adultes": 2059, "file_active": 2333},
    "objectifs_notifies": {"patientele_mt": {"gain": 102}, "file_active": {"gain": 116}},
    "resultats": [
        {"annee": 3, "patientele_mt": 2400, "file_active": 2360},
        {"annee": 4, "patientele_mt": 2600, "file_active": 2360},
        {"annee": 5, "patientele_mt": 2673, "file_active": 2360},
    ],
}


def point(resultat: Resultat, nom: str) -> PointOuvert:
    """One open point of a result."""
    (trouve,) = (p for p in resultat.lectures if p.point == nom)
    return trouve


def montants(point_lu: PointOuvert, lecture: str) -> list[int | None]:
    """Amounts of each year under one reading, in cents."""
    lue = point_lu.a if lecture == "a" else point_lu.b
    assert lue is not None
    return [annee.montant for annee in lue.annees]


def test_t07_un_seul_objectif_atteint_sous_l_avenant_8_donne_deux_montants() -> None:
    """Le Quotidien du Médecin, 03/04/2025, and CSMF, letter 1006: both were required; the table gave it all."""
    resultat = individuel(**T07)
    lu = point(resultat, "d12")
    # 36 000 € × 27/116 = 8 379,31 €; 38 000 € × 27/116 = 8 844,83 €.
    assert montants(lu, "a")[2:] == [837_931, 837_931, 884_483]
    assert montants(lu, "b")[2:] == [3_600_000, 3_600_000, 3_800_000]
    assert (lu.retenue, lu.ouverte, lu.option) == ("a", True, "un_etp")
    assert resultat.annees[2].montant_du == 837_931
    assert resultat.annees[2].certitude == "hypothese"


@pytest.mark.parametrize(("lecture", "attendu"), [("a", 837_931), ("b", 3_600_000)])
def test_t07_tranche_par_la_caisse_un_seul_montant(lecture: str, attendu: int) -> None:
    resultat = individuel(**T07, contrat={"lectures": {"d12": lecture}})
    lu = point(resultat, "d12")
    assert not lu.ouverte
    assert (lu.a is None, lu.b is None) == (lecture == "b", lecture == "a")
    assert lu.phrase.startswith("Avenants 7 et 8 :")
    assert "Tranché par la caisse" in lu.phrase
    assert resultat.annees[2].montant_du == attendu


def test_t65_embauche_six_mois_apres_la_signature_les_annees_ont_deux_debuts() -> None:
    """Art. 9-5-2-2, as copied by a thesis: « année de l'embauche »."""
    resultat = individuel(
        "2019-12-02",
        "1/2",
        le="2023-02-01",
        medecin={"zone": "hors_zone"},
        patientele={"patientele_mt_adultes": 700, "file_active": 1200},
        assistant={"date_embauche": "2020-06-01"},
    )
    lu = point(resultat, "d24")
    assert lu.a is not None
    assert lu.b is not None
    assert [lue.annees[1].debut for lue in (lu.a, lu.b)] == [jour("2020-12-02"), jour("2021-06-01")]
    assert any("embauché longtemps après la signature" in message for message in resultat.messages)


def test_t65_sous_la_convention_2024_un_avertissement_et_une_seule_lecture() -> None:
    resultat = individuel("2024-07-01", "1/2", assistant={"date_embauche": "2025-05-01"})
    assert resultat.lectures == ()
    assert any("la deuxième commence le 1er\u00a0juillet\u00a02025" in message for message in resultat.messages)


def test_d24_a_un_mois_pres_rien_ne_se_signale() -> None:
    resultat = individuel("2019-12-02", "1/2", assistant={"date_embauche": "2020-01-02"})
    assert "d24" not in [p.point for p in resultat.lectures]
    assert not any("embauché longtemps" in message for message in resultat.messages)


def test_p5_moins_de_640_adultes_mais_forte_file_active_deux_verdicts() -> None:
    resultat = individuel("2019-11-05", "1/2", patientele={"patientele_mt_adultes": 600, "file_active": 2500})
    seuil = condition(resultat, "seuil_activite")
    assert (seuil.verdict, seuil.certitude) == ("non_remplie", "hypothese")
    lu = point(resultat, "d4")
    assert lu.a is not None
    assert lu.b is not None
    assert (lu.a.eligible, lu.b.eligible) == ("non", "oui")
    assert (lu.a.annees, montants(lu, "b")[0]) == ((), 1_800_000)
    tranche = individuel(
        "2019-11-05",
        "1/2",
        patientele={"patientele_mt_adultes": 600, "file_active": 2500},
        contrat={"lectures": {"d4": "b"}},
    )
    assert tranche.verdict.eligible == "oui"
    assert tranche.annees[0].montant_prevu == 1_800_000


def test_p6_temps_plein_en_zac_sous_l_avenant_7_deux_verdicts() -> None:
    resultat = individuel(
        "2019-12-02", "1", medecin={"zone": "zac"}, patientele={"patientele_mt_adultes": 700, "file_active": 1200}
    )
    zone = condition(resultat, "zone")
    assert (zone.verdict, zone.certitude) == ("non_remplie", "hypothese")
    lu = point(resultat, "d5")
    assert lu.b is not None
    assert (lu.b.option_ouverte, montants(lu, "b")[0]) == ("oui", 3_600_000)
    assert (
        individuel(
            "2019-12-02",
            "1",
            medecin={"zone": "zac"},
            patientele={"patientele_mt_adultes": 700, "file_active": 1200},
            contrat={"lectures": {"d5": "a"}},
        ).verdict.eligible
        == "non"
    )


def test_d2_quatre_vingts_pour_cent_pile_deux_verdicts() -> None:
    """ameli, 28/11/2024: « 80 % et plus » of clinical fees, « moins de 20 % » of technical acts."""
    ferme = {"medecin": {"specialite": "orl", "part_honoraires_cliniques": "80 %"}, "patientele": {"file_active": 2500}}
    bande = {"contrat": {"bande_notifiee": "p70_p90"}}
    lu = point(individuel("2026-03-02", "1", **ferme, **bande), "d2")
    assert lu.a is not None
    assert lu.b is not None
    assert (lu.a.eligible, lu.b.eligible) == ("oui", "non")
    assert (montants(lu, "a")[0], lu.b.annees) == (3_800_000, ())
    au_dessus = {**ferme, "medecin": {**ferme["medecin"], "part_honoraires_cliniques": "81 %"}}
    assert "d2" not in [p.point for p in individuel("2026-03-02", "1", **au_dessus, **bande).lectures]


def test_e9_le_nouvel_installe_est_juge_en_troisieme_annee_ou_au_bout_de_ses_36_mois() -> None:
    """URPS: « la 3e année »; remede.org, draft of avenant 7: three years to reach the median."""
    resultat = individuel(
        "2026-03-02",
        "1",
        le="2028-11-23",
        medecin={"date_installation": "2025-09-01"},
        patientele={"patientele_mt": 445, "file_active": 914},
        resultats=[{"annee": 3, "patientele_mt": 845, "file_active": 1114}],
    )
    lu = point(resultat, "e9")
    # 400 patients gained out of 600: 22 000 € × 2/3, or the whole amount.
    assert [montants(lu, lecture)[2] for lecture in "ab"] == [1_466_667, 2_200_000]
    assert (resultat.annees[2].montant_du, resultat.annees[2].certitude) == (1_466_667, "hypothese")


@pytest.mark.parametrize(("option", "signature"), [("1/3", "2026-03-02"), ("2", "2026-03-02")])
def test_une_option_fermee_laisse_voir_les_deux_lectures_des_autres(option: str, signature: str) -> None:
    """Closed on that day, or for its own conditions: what is compared with it is shown with both amounts."""
    patientele = {"patientele_mt": 2300, "file_active": 1600}
    sans = individuel(signature, None, patientele=patientele)
    avec = individuel(signature, option, patientele=patientele, medecin={"zone": "hors_zone"})
    (choisie,) = (o for o in avec.options if o.choisie)
    assert choisie.ouverte == "non"
    lus = {p.option: (p.a and p.a.total_cinq_ans, p.b and p.b.total_cinq_ans) for p in avec.lectures}
    assert lus["un_etp"] == (19_000_000, 13_200_000)
    assert lus == {p.option: (p.a and p.a.total_cinq_ans, p.b and p.b.total_cinq_ans) for p in sans.lectures}
    # Chosen and open, it speaks alone.
    assert [p.option for p in individuel(signature, "1", patientele=patientele).lectures] == ["un_etp"]


def test_p12_avenant_7_un_patient_de_moins_ne_donne_pas_l_aide_entiere() -> None:
    """One objective reached, the other one patient short: 21 000 € under the reading b only."""
    resultat = individuel(
        "2019-09-02",
        "1",
        le="2022-01-01",
        patientele={"patientele_mt_adultes": 1000, "file_active": 1200},
        contrat={"bande_notifiee": "p50_p70"},
        objectifs_notifies={"patientele_mt": {"gain": 100}, "file_active": {"gain": 50}},
        resultats=[{"annee": 3, "patientele_mt": 1100, "file_active": 1249}],
    )
    lu = point(resultat, "d12")
    assert (montants(lu, "a")[2], montants(lu, "b")[2]) == (2_058_000, 2_100_000)


def test_p12_groupe_519_patients_sur_520_ne_donne_pas_l_aide_entiere() -> None:
    groupe = {
        "le": "2028-06-01",
        "membres": ({"patientele_mt": 1500, "file_active": 2500},) * 2,
        "etp": 2,
        "resultats": [{"annee": 3, "patientele_mt": 3519, "file_active": 5220}],
    }
    resultat = collectif("2026-03-02", **groupe)
    lu = point(resultat, "d19")
    assert (montants(lu, "a")[2], montants(lu, "b")[2]) == (4_391_538, 4_400_000)
    tranche = collectif("2026-03-02", **groupe, groupe={"lectures": {"d19": "b"}})
    assert tranche.annees[2].montant_du == 4_400_000


#: Two members, two full times; the first was installed less than a year before.
NOUVEAU: dict[str, Any] = {
    "le": "2028-06-01",
    "membres": (
        {"patientele_mt": 300, "file_active": 700, "date_installation": "2025-09-01"},
        {"patientele_mt": 1300, "file_active": 2000},
    ),
    "etp": 2,
    "resultats": [{"annee": 3, "patientele_mt": 2500, "file_active": 3734}],
}


def test_p3_la_mediane_du_nouvel_installe_remplace_sa_part_ou_s_y_ajoute() -> None:
    resultat = collectif("2026-03-02", **NOUVEAU)
    lu = point(resultat, "e12")
    assert (montants(lu, "a")[2], montants(lu, "b")[2]) == (3_940_299, 3_130_435)
    assert (lu.retenue, lu.ouverte, lu.arbitrage) == ("a", True, "E12")
    # The constat: « +520/+220 come firm, « secondaire » ».
    assert [objectif(resultat, nom).gain for nom in ("patientele_mt", "file_active")] == [1005, 924]
    assert objectif(resultat).certitude == "hypothese"
    tranche = collectif("2026-03-02", **NOUVEAU, groupe={"lectures": {"e12": "b"}})
    assert [objectif(tranche, nom).gain for nom in ("patientele_mt", "file_active")] == [1265, 1034]
    assert tranche.annees[2].montant_du == 3_130_435
    assert not point(tranche, "e12").ouverte


def test_p3_le_delai_du_nouvel_installe_court_de_son_adhesion() -> None:
    """Three years from the day he joined; nothing for a member installed long ago, or above the median."""
    premier, second = NOUVEAU["membres"]

    def delai(**dates: Any) -> Any:
        resultat = collectif("2026-03-02", membres=({**premier, **dates}, second), etp=2)
        dues = [e.date for e in resultat.echeances if e.nom == "date_limite_mediane_nouvel_installe"]
        return dues, objectif(resultat).gain

    assert delai() == ([jour("2029-03-02")], 1005)
    assert delai(date_installation="2026-10-01", date_adhesion="2027-03-02") == ([jour("2030-03-02")], 1005)
    assert delai(date_installation="2019-01-01") == ([], 520)
    assert delai(date_installation=None) == ([], 520)
    assert delai(patientele_mt=1100, file_active=1600) == ([], 520)


def test_e3_contrat_renouvele_continue_ou_repart() -> None:
    resultat = individuel("2024-10-01", "1", contrat={"renouvellement": True, "bande_notifiee": "p50_p70"})
    lu = point(resultat, "e3")
    assert montants(lu, "a")[:2] == [2_200_000, 2_200_000]
    assert montants(lu, "b")[:2] == [3_800_000, 2_800_000]


def test_deux_lectures_qui_donnent_le_meme_montant_ne_se_montrent_pas() -> None:
    """Both objectives reached: D12 changes nothing."""
    resultats = [{"annee": 3, "patientele_mt": 2400, "file_active": 2500}]
    assert individuel(**{**T07, "resultats": resultats}).lectures == ()


def test_chaque_point_de_la_loi_se_tranche_et_se_nomme() -> None:
    """The fields of a situation are the points of the law, each with its two readings, their sources and its page."""
    points = points_de(loi_du_processus())
    assert set(Lectures.model_fields) | set(LecturesDuGroupe.model_fields) == set(points)
    for nom, lu in points.items():
        assert lu.arbitrage.lower() == nom
        assert lu.question.endswith("?")
        assert all((lu.a.texte, lu.a.source, lu.b.texte, lu.b.source)), nom
        assert lu.a.texte != lu.b.texte


def test_une_lecture_inconnue_est_refusee() -> None:
    with pytest.raises(ValidationError, match="lectures"):
        individuel("2020-10-01", "1", contrat={"lectures": {"d12": "c"}})


def test_d7_un_seul_indicateur_au_p95_donne_deux_montants() -> None:
    """URPS Médecins, early 2024: « dont au minimum »; the avenant 7 wrote « et/ou »."""
    dit: dict[str, Any] = {
        "signature": "2026-03-02",
        "option": "1",
        "patientele": {"patientele_mt": 2300, "file_active": 1600},
    }
    lu = point(individuel(**dit), "d7")
    # The published stake of C12 and D7: 190 000 € or 132 000 € in five years.
    assert [sum(filter(None, montants(lu, lecture))) for lecture in ("a", "b")] == [19_000_000, 13_200_000]
    assert (lu.retenue, lu.ouverte, lu.arbitrage) == ("a", True, "D7")
    tranche = individuel(**dit, contrat={"lectures": {"d7": "b"}})
    assert tranche.annees[2].montant_maximal == 2_200_000
    assert not point(tranche, "d7").ouverte
    # Under the P90 by both, the amounts do not depend on the band: nothing is open.
    assert all(
        p.point != "d7"
        for p in individuel(**{**dit, "patientele": {"patientele_mt": 1200, "file_active": 1600}}).lectures
    )
