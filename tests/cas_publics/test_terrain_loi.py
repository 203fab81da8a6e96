"""Public cases of the field, and the disagreements with the dossier of the law, each under its identifier.

`Tnn`: a case found in a public page (press, unions, forums). `Pn`: a point on which an independent reading of the
dossier disagreed with what Binôme said. What is expected comes from the sources, not from the code.
"""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from pydantic import ValidationError

from binome.francais import INSECABLE
from binome.simulation.modele.resultat import Condition, Resultat
from binome.simulation.modele.situation import Situation
from binome.simulation.reponse.simuler import Simulation, simuler

GENERALISTE = {"specialite": "medecine_generale", "secteur": "secteur_1"}
AU_CABINET = {"locaux_adaptes": "oui"}
#: What avenant 7 asked besides: two doctors, a coordinated practice.
A_PLUSIEURS = {"zone": "hors_zone", "nombre_medecins_lieu": 2, "engagement_exercice_coordonne": "oui"}


def _resultat(date: str, **parties: Any) -> Resultat:
    return simuler(Situation.model_validate({"date_appreciation": date, **parties}))


def _condition(resultat: Resultat, nom: str) -> Condition:
    return next(c for c in resultat.verdict.conditions if c.nom == nom)


def _maximums(resultat: Resultat) -> list[int | None]:
    """Euros, where each amount of the result is in cents."""
    return [None if a.montant_maximal is None else a.montant_maximal // 100 for a in resultat.annees]


def _gains(resultat: Resultat) -> dict[str, int | None]:
    return {objectif.indicateur: objectif.gain for objectif in resultat.objectifs}


def _cm24(option: str, *, mt: int, medecin: dict[str, Any], fa: int = 1500) -> Resultat:
    return _resultat(
        "2026-11-23",
        medecin=GENERALISTE | medecin,
        patientele={"patientele_mt": mt, "file_active": fa},
        contrat={"date_signature": "2026-11-02", "option": option},
        assistant=AU_CABINET,
    )


def _av7(signature: str, *, adultes: int, option: str = "1/2", **medecin: Any) -> Resultat:
    return _resultat(
        "2026-11-23",
        medecin=GENERALISTE | A_PLUSIEURS | medecin,
        patientele={"patientele_mt_adultes": adultes},
        contrat={"date_signature": signature, "option": option},
    )


# -- P: disagreements with the dossier -----------------------------------------------------------------------------


@pytest.mark.parametrize("mt", [600, 1160])
def test_p1_un_mep_n_est_pas_juge_sur_les_percentiles_des_autres(mt: int) -> None:
    resultat = _cm24("1/2", mt=mt, medecin={"mode_exercice_particulier": True})
    seuil = _condition(resultat, "condition_seuil_activite")
    assert (seuil.verdict, seuil.seuil, seuil.certitude) == ("indeterminee", None, "hypothese")
    assert resultat.verdict.eligible == "indeterminee"
    assert resultat.bande is not None
    assert (resultat.bande.basse, resultat.bande.haute) == ("moins_de_p30", "p95_plus")
    assert any("MEP" in message and "bande" in message for message in resultat.messages)


@pytest.mark.parametrize(("bande", "eligible"), [("p50_p70", "oui"), ("moins_de_p30", "non")])
def test_p1_la_bande_notifiee_decide_pour_un_mep(bande: str, eligible: str) -> None:
    resultat = _resultat(
        "2026-11-23",
        medecin=GENERALISTE | {"mode_exercice_particulier": True},
        patientele={"patientele_mt": 1160, "file_active": 1500},
        contrat={"date_signature": "2026-11-02", "option": "1/2", "bande_notifiee": bande},
        assistant=AU_CABINET,
    )
    assert resultat.verdict.eligible == eligible
    if eligible == "oui":
        assert _maximums(resultat)[:3] == [19_000, 14_000, 11_000]


def test_p2_rqth_les_montants_sont_estimes_et_le_message_le_dit() -> None:
    resultat = _cm24("1", mt=450, medecin={"rqth_ald": True})
    assert resultat.verdict.eligible == "oui"
    assert _maximums(resultat)[0] == 38_000
    assert {annee.certitude for annee in resultat.annees} == {"hypothese"}
    assert any("contrat aménagé, contenu inconnu" in message for message in resultat.messages)


def test_p4_des_contrats_individuels_anterieurs_au_gain_inconnu() -> None:
    membre = {"specialite": "medecine_generale", "secteur": "secteur_1", "patientele_mt": 1000, "file_active": 1500}
    groupe = {"date_signature": "2026-05-04", "forme_juridique": "SCM", "etp_demandes": 1, "membres": [membre, membre]}

    def gain(**autres: Any) -> tuple[int | None, int | None, str | None]:
        mt = _resultat("2026-11-23", groupe=groupe | autres).objectifs[0]
        return mt.gain, mt.gain_au_plus, mt.certitude

    assert gain() == (260, 260, "secondaire")
    assert gain(contrats_individuels_anterieurs=True) == (None, 260, "hypothese")
    assert gain(contrats_individuels_anterieurs=True, patientele_mt_deja_gagnee=100) == (160, 160, "hypothese")


@pytest.mark.parametrize("signature", ["2019-12-02", "2020-06-01"])
def test_p7_activite_mixte_sous_l_avenant_7_rien_n_est_ecrit(signature: str) -> None:
    resultat = _av7(signature, adultes=700, quotite_liberale=0.6)
    assert _condition(resultat, "condition_statut_exercice").verdict == "indeterminee"
    assert resultat.verdict.eligible == "indeterminee"
    assert _gains(resultat)["patientele_mt"] is None
    assert _maximums(resultat)[0] is None


def test_p7_activite_mixte_admise_depuis_le_reglement_arbitral() -> None:
    assert _cm24("1", mt=1200, medecin={"quotite_liberale": 0.6}).verdict.eligible == "oui"


def test_p8_rqth_sous_l_avenant_7_la_grille_s_applique() -> None:
    resultat = _av7("2019-12-02", adultes=700, rqth_ald=True)
    assert _gains(resultat)["patientele_mt"] == 175
    assert not any("aménagé" in message for message in resultat.messages)


@pytest.mark.parametrize("signature", ["2020-03-10", "2020-03-11", "2023-04-28"])
def test_p10_l_avenant_8_n_affaiblit_que_ce_qu_il_change(signature: str) -> None:
    assert _maximums(_av7(signature, adultes=700))[0] == 18_000
    situation = Situation.model_validate(
        {
            "date_appreciation": "2026-11-23",
            "medecin": GENERALISTE | A_PLUSIEURS,
            "patientele": {"patientele_mt_adultes": 700},
            "contrat": {"date_signature": signature, "option": "1/2"},
        }
    )
    assert Simulation(situation).expliquer("annees.1.montant_maximal").certitude == "texte"


@pytest.mark.parametrize("signature", ["2019-12-02", "2021-12-02"])
def test_p11_isole_en_zip_le_texte_officiel_suffit(signature: str) -> None:
    regroupe = _condition(
        _av7(signature, adultes=700, zone="zip", nombre_medecins_lieu=1), "condition_exercice_regroupe"
    )
    assert (regroupe.verdict, regroupe.certitude) == ("derogation", "texte")


def test_p11_isole_en_zac_reste_une_lecture() -> None:
    regroupe = _condition(
        _av7("2019-12-02", adultes=700, zone="zac", nombre_medecins_lieu=1), "condition_exercice_regroupe"
    )
    assert regroupe.certitude == "hypothese"


@pytest.mark.parametrize(("adultes", "gain", "certitude"), [(700, 175, "secondaire"), (701, 175, "hypothese")])
def test_p11_l_arrondi_ne_pese_que_la_ou_il_arrondit(adultes: int, gain: int, certitude: str) -> None:
    # The band rests on the P50 of the avenant 7, reported: what is not rounded adds no doubt to it.
    objectif = _av7("2019-12-02", adultes=adultes).objectifs[0]
    assert (objectif.gain, objectif.certitude) == (gain, certitude)


def test_p13_le_medecin_le_poste_et_l_option_se_disent_a_part() -> None:
    """A doctor whose half time is open is not told « non éligible »: the zone closes the full time only."""
    plein = _av7("2019-12-02", adultes=1200, option="1").verdict
    assert (plein.eligible, plein.medecin, plein.option) == ("non", "oui", "non")
    assert plein.phrase.startswith("Médecin éligible, mais pas à cette option. ")
    assert plein.poste != "non"
    demi = _av7("2019-12-02", adultes=1200).verdict
    assert (demi.eligible, demi.medecin, demi.option) == ("oui", "oui", "oui")


def test_p13_un_medecin_refuse_reste_non_eligible() -> None:
    refuse = _cm24("1", mt=1200, medecin={"secteur": "secteur_2"}).verdict
    assert (refuse.eligible, refuse.medecin) == ("non", "non")
    assert refuse.phrase.startswith("Non éligible. ")


def test_t57_seul_en_zac_le_temps_plein_demande_la_mediane() -> None:
    resultat = _resultat(
        "2020-12-15",
        medecin=GENERALISTE | {"zone": "zac", "nombre_medecins_lieu": 1, "engagement_exercice_coordonne": "oui"},
        patientele={"patientele_mt_adultes": 700, "file_active": 1200},
        contrat={"date_signature": "2020-12-07", "option": "1"},
        assistant=AU_CABINET,
    )
    assert _condition(resultat, "condition_zone").verdict == "non_remplie"
    assert resultat.verdict.eligible == "non"


# -- T: cases of the field ------------------------------------------------------------------------------------------


def test_t01_demenagement_dispense_du_seuil_par_derogation() -> None:
    resultat = _resultat(
        "2026-11-23",
        medecin=GENERALISTE | {"zone": "hors_zone", "date_installation": "2012-03-01", "nouvel_installe": "oui"},
        patientele={"patientele_mt": 310, "file_active": 700},
        contrat={"date_signature": "2026-10-01", "option": "1/2"},
        assistant=AU_CABINET,
    )
    assert resultat.verdict.eligible == "oui"
    assert _condition(resultat, "condition_seuil_activite").verdict == "derogation"
    assert _gains(resultat) == {"patientele_mt": 735, "file_active": 814}
    assert _maximums(resultat)[:3] == [19_000, 14_000, 11_000]


def test_t11_le_tiers_temps_se_renouvelle() -> None:
    resultat = _resultat(
        "2024-12-01",
        medecin=GENERALISTE,
        patientele={"patientele_mt": 1350, "patientele_mt_adultes": 1190, "file_active": 1900},
        contrat={"date_signature": "2024-11-04", "option": "1/3", "renouvellement": "oui"},
        assistant=AU_CABINET | {"date_embauche": "2019-11-04", "profil_assistant": "cqp_am"},
    )
    assert resultat.verdict.eligible == "oui"
    assert _maximums(resultat) == [7_350] * 5
    assert _gains(resultat) == {"patientele_mt": 0, "file_active": 0}
    assert all("maintien" in objectif.phrase for objectif in resultat.objectifs)
    # The other reading is beside it: both are shown, one is followed.
    assert [lu.point for lu in resultat.lectures] == ["e3"]


def _part_clinique(ecrite: Any) -> Any:
    brute = {
        "medecin": {"specialite": "orl", "secteur": "secteur_1", "part_honoraires_cliniques": ecrite},
        "patientele": {"file_active": 2100},
        "contrat": {"date_signature": "2026-11-02", "option": "1"},
    }
    medecin = Situation.model_validate(brute).medecin
    assert medecin is not None
    return medecin.part_honoraires_cliniques


def test_t14_85_est_lu_85_pour_cent_et_au_dela_de_cent_est_refuse_en_clair() -> None:
    """The case typed 85 for 0.85: read so, since nothing else can be meant; beyond 100 the refusal names the unit."""
    assert _part_clinique(85) == _part_clinique("0,85") == 0.85
    for trop in (101, "101 %", 850):
        with pytest.raises(ValidationError) as refus:
            _part_clinique(trop)
        (erreur,) = refus.value.errors()
        assert erreur["loc"] == ("medecin", "part_honoraires_cliniques")
        assert f"« {trop} » refusé" in erreur["msg"]
        assert "entre 1 et 100\u00a0%" in erreur["msg"]


def test_t08_avant_la_mediane_de_l_avenant_7_un_quart_de_plus() -> None:
    """Published in 2019: 20, 25 or 35 % up to P50; a half-time of 800 adults is 25 % of them."""
    resultat = _resultat(
        "2026-11-23",
        medecin=GENERALISTE | A_PLUSIEURS,
        patientele={"patientele_mt_adultes": 800, "file_active": 1300},
        contrat={"date_signature": "2019-12-02", "option": "1/2"},
    )
    assert _gains(resultat)["patientele_mt"] == 200


def test_t51_une_absence_de_plus_de_trois_mois_ne_suspend_rien_d_elle_meme() -> None:
    """A suspension asks for a written agreement and an amendment: until then it is possible, and amounts stay whole."""
    resultat = _resultat(
        "2026-11-23",
        medecin=GENERALISTE,
        patientele={"patientele_mt": 1100, "file_active": 1600, "date_releve": "2024-12-31"},
        contrat={"date_signature": "2025-03-03", "option": "1"},
        assistant=AU_CABINET
        | {"date_embauche": "2025-03-10", "profil_assistant": "cqp_am"}
        | {"date_debut_absence": "2026-02-02", "date_fin_absence": "2026-06-15"},
    )
    assert "date_suspension_possible" in {echeance.nom for echeance in resultat.echeances}
    assert all(annee.jours_dus == annee.jours for annee in resultat.annees)


def test_t15_reprise_de_patientele_deja_au_dessus_de_la_mediane() -> None:
    resultat = _cm24("1", mt=1250, fa=1400, medecin={"date_installation": "2026-06-01"})
    assert _gains(resultat) == {"patientele_mt": 0, "file_active": 114}


def test_t55_deux_sites_un_contrat_chacun() -> None:
    resultat = _resultat(
        "2024-01-15",
        medecin=GENERALISTE | {"zone": "zip", "nombre_medecins_lieu": 1},
        patientele={"patientele_mt": 1300, "file_active": 1800},
        contrat={"date_signature": "2023-09-04", "option": "1/2"},
        assistant=AU_CABINET,
        employeur={"mode": "groupement_medecins"},
    )
    assert resultat.verdict.eligible == "oui"
    assert _maximums(resultat)[0] == 18_000
    assert _gains(resultat) == {"patientele_mt": None, "file_active": None}


def test_t56_seul_hors_zone_ce_qui_manque_est_la_coordination() -> None:
    resultat = _resultat(
        "2022-02-10",
        medecin={
            "specialite": "ophtalmologie",
            "secteur": "secteur_1",
            "zone": "hors_zone",
            "nombre_medecins_lieu": 1,
            "engagement_exercice_coordonne": "oui",
        },
        patientele={"file_active": 4500},
        contrat={"date_signature": "2022-02-04", "option": "1/2"},
        assistant=AU_CABINET,
    )
    regroupe = _condition(resultat, "condition_exercice_regroupe")
    assert regroupe.verdict == "indeterminee"
    assert "coordination_assistant_partage" in regroupe.raison
    assert "nombre_medecins_lieu" not in regroupe.raison


@pytest.mark.parametrize(("date", "verdict"), [("2027-01-04", "remplie"), ("2027-06-01", "indeterminee")])
def test_un_remplacement_promis_suffit_tant_que_le_delai_court(date: str, verdict: str) -> None:
    resultat = _resultat(
        date,
        medecin=GENERALISTE,
        patientele={"patientele_mt": 1200, "file_active": 1500},
        contrat={"date_signature": "2026-11-02", "option": "1"},
        assistant=AU_CABINET
        | {"date_embauche": "2026-11-02", "secretaire_promue": True, "remplacement_secretaire": "salarie"},
    )
    assert _condition(resultat, "condition_remplacement_secretaire").verdict == verdict


def test_t59_rural_deja_deborde_maintien() -> None:
    resultat = _resultat(
        "2022-07-14",
        medecin=GENERALISTE | A_PLUSIEURS | {"zone": "zip", "nombre_medecins_lieu": 3},
        patientele={"patientele_mt_adultes": 2300, "file_active": 3400},
        contrat={"date_signature": "2022-07-01", "option": "1/2"},
        assistant=AU_CABINET,
    )
    assert _gains(resultat) == {"patientele_mt": 0, "file_active": 0}
    assert _maximums(resultat) == [18_000] * 5


def test_t61_secretaire_reembauchee_sans_remplacement() -> None:
    resultat = _resultat(
        "2019-11-15",
        medecin=GENERALISTE | A_PLUSIEURS,
        patientele={"patientele_mt_adultes": 900, "file_active": 1500},
        contrat={"date_signature": "2019-11-04", "option": "1/2"},
        assistant=AU_CABINET
        | {"date_embauche": "2019-11-04", "secretaire_promue": "oui", "remplacement_secretaire": "aucun"},
    )
    assert _condition(resultat, "condition_remplacement_secretaire").verdict == "non_remplie"
    assert any("4 mai 2020" in c.replace(INSECABLE, " ") for c in resultat.verdict.pour_changer)


def test_t63_nouvel_installe_de_2019_p50_approche() -> None:
    """P50 « 800 et quelques »: 855 within a margin; the objective is bounded, the one of the fund is asked."""
    resultat = _resultat(
        "2023-01-10",
        medecin=GENERALISTE | A_PLUSIEURS | {"date_installation": "2019-09-02"},
        patientele={"patientele_mt_adultes": 150, "file_active": 600},
        contrat={"date_signature": "2020-01-06", "option": "1/2"},
        assistant=AU_CABINET,
        resultats=[{"annee": 3, "patientele_mt": 860, "file_active": 1100}],
    )
    mt = resultat.objectifs[0]
    assert mt.gain is None
    assert mt.gain_au_plus is not None
    assert 650 <= mt.gain_au_plus <= 750
    assert "objectif notifié" in mt.phrase


def test_t64_la_sisa_emploie_le_medecin_recoit() -> None:
    resultat = _resultat(
        "2024-10-01",
        medecin=GENERALISTE,
        patientele={"patientele_mt": 1200, "file_active": 1700},
        contrat={"date_signature": "2024-09-02", "option": "1/2"},
        assistant=AU_CABINET,
        employeur={"mode": "sisa"},
    )
    assert resultat.beneficiaire == "Médecin"
    assert any("même si l'employeur" in message for message in resultat.messages)


def test_d25_la_resiliation_prend_effet_a_l_anniversaire() -> None:
    situation = Situation.model_validate(
        {
            "date_appreciation": "2026-11-23",
            "medecin": GENERALISTE,
            "patientele": {"patientele_mt": 1200, "file_active": 1700},
            "contrat": {"date_signature": "2025-01-20", "option": "1/2"},
        }
    )
    calcul = Simulation(situation).calcul
    assert calcul.date("date_effet_resiliation", 0) == datetime.date(2028, 1, 20)
    assert calcul.membre("renouvellement_par_accord_expres", 0).name == "oui"
    assert calcul.certitudes("date_effet_resiliation", 0).name == "hypothese"
