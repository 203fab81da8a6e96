"""Who may sign, as published: thresholds, waivers, zones, specialties, options open or closed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from binome.argent import en_centimes
from tests.cas_publics.cas import cas, publie
from tests.cas_publics.situations import (
    AV7,
    AV8,
    CM24,
    RA,
    condition,
    echeance,
    individuel,
    jour,
    maximums,
    objectif,
    option,
    refus,
)

EXCLUES = (
    "radiologie",
    "radiotherapie",
    "stomatologie",
    "anesthesie",
    "anatomie_cytologie_pathologiques",
    "medecine_nucleaire",
)
SOUMISES_AUX_HONORAIRES = ("chirurgie_generale", "chirurgie_orthopedique", "orl", "gynecologie_obstetrique")


@pytest.mark.parametrize(
    ("signature", "patientele", "eligible", "verdict"),
    [
        cas("S0-07", AV7, {"patientele_mt_adultes": 640}, "oui", "remplie"),
        cas("S0-08", AV7, {"patientele_mt_adultes": 639}, "non", "non_remplie"),
        cas("T2", AV7, {"patientele_mt_adultes": 640}, "oui", "remplie", detail="640"),
        cas("T2", AV7, {"patientele_mt_adultes": 639}, "non", "non_remplie", detail="639"),
        cas("S3-01", RA, {"patientele_mt_adultes": 600, "patientele_mt_enfants": 175}, "oui", "remplie"),
        cas("S3-02", RA, {"patientele_mt_adultes": 600, "patientele_mt_enfants": 174}, "non", "non_remplie"),
    ],
)
def test_seuil_du_generaliste(signature: str, patientele: dict[str, int], eligible: str, verdict: str) -> None:
    resultat = individuel(signature, patientele=patientele)
    assert resultat.verdict.eligible == eligible
    assert condition(resultat, "seuil_activite").verdict == verdict


PETITE = {"patientele_mt_adultes": 600}


@pytest.mark.parametrize(
    ("medecin", "patientele"),
    [
        cas("S0-15", {"nouvel_installe": True}, PETITE, detail="nouvel-installe"),
        cas("S0-15", {}, {**PETITE, "patientele_mt_enfants": 400}, detail="enfants"),
        cas("S0-15", {"rqth_ald": True}, PETITE, detail="rqth-ald"),
        # 151 children of 751 patients: just over 20 %.
        cas("R-16", {}, {**PETITE, "patientele_mt_enfants": 151}),
    ],
)
def test_dispense_du_seuil(medecin: dict[str, Any], patientele: dict[str, int]) -> None:
    resultat = individuel(AV7, medecin=medecin, patientele=patientele)
    assert condition(resultat, "seuil_activite").verdict == "derogation"
    assert resultat.verdict.eligible == "oui"


@publie("R-16")
def test_vingt_pour_cent_d_enfants_ne_suffisent_pas(identifiant: str) -> None:
    resultat = individuel(AV7, patientele={**PETITE, "patientele_mt_enfants": 150})
    assert condition(resultat, "seuil_activite").verdict == "non_remplie"


@publie("S3-03")
def test_nouvel_installe_du_reglement_arbitral(identifiant: str) -> None:
    resultat = individuel(
        RA, "1", medecin={"nouvel_installe": True}, patientele={"patientele_mt": 300, "file_active": 700}
    )
    assert resultat.verdict.eligible == "oui"
    assert objectif(resultat).cible == 1_045
    assert objectif(resultat, "file_active").cible == 1_514
    assert next(annee.rang for annee in resultat.annees if annee.evaluee) == 3
    assert echeance(resultat, "date_limite_objectif") == jour("2026-06-15")


@publie("S0-04")
def test_temps_plein_refuse_hors_zone(identifiant: str) -> None:
    resultat = individuel(AV7, "1", medecin={"zone": "hors_zone"})
    assert refus(resultat) == ["zone"]
    assert resultat.verdict.eligible == "non"
    assert option(resultat, "un_etp").ouverte == "non"
    assert [option(resultat, nom).ouverte for nom in ("tiers_etp", "demi_etp")] == ["oui", "oui"]


@pytest.mark.parametrize(
    ("zone", "partage", "verdict"),
    [
        cas("S0-16", "zip", False, "derogation"),
        cas("S0-17", "hors_zone", True, "derogation"),
        cas("S0-17", "hors_zone", False, "non_remplie", detail="sans-partage"),
    ],
)
def test_exercice_isole(zone: str, partage: bool, verdict: str) -> None:
    medecin = {"zone": zone, "nombre_medecins_lieu": 1, "coordination_assistant_partage": partage}
    resultat = individuel(AV7, medecin=medecin)
    assert condition(resultat, "exercice_regroupe").verdict == verdict
    assert resultat.verdict.eligible == ("non" if verdict == "non_remplie" else "oui")


@pytest.mark.parametrize(
    ("signature", "zone", "adultes"),
    [
        cas("R-10", AV8, "zip", 641, detail="zip"),
        # Avenant 8 asks for the median in a ZAC; 1 500 adults stand well above it.
        cas("R-10", AV8, "zac", 1_500, detail="zac"),
    ],
)
def test_temps_plein_d_un_medecin_seul(signature: str, zone: str, adultes: int) -> None:
    resultat = individuel(
        signature,
        "1",
        medecin={"zone": zone, "nombre_medecins_lieu": 1, "coordination_assistant_partage": False},
        patientele={"patientele_mt_adultes": adultes},
    )
    assert refus(resultat) == []
    assert resultat.verdict.eligible == "oui"
    assert option(resultat, "un_etp").ouverte == "oui"


@publie("R-11")
def test_assistant_partage_entre_un_isole_et_une_msp(identifiant: str) -> None:
    promue = {"secretaire_promue": True, "remplacement_secretaire": "salarie"}
    remplacee = {**promue, "date_remplacement_secretaire": "2021-03-01"}
    isole = {"zone": "hors_zone", "nombre_medecins_lieu": 1, "coordination_assistant_partage": True}
    en_msp = {"zone": "hors_zone", "nombre_medecins_lieu": 4}
    for medecin in (isole, en_msp):
        resultat = individuel(AV8, "1/2", medecin=medecin, assistant=remplacee)
        assert resultat.verdict.eligible == "oui"
        assert maximums(resultat.annees)[0] == en_centimes(18_000)
        assert resultat.beneficiaire == "Médecin"
    sans_remplacement = {**promue, "remplacement_secretaire": "aucun"}
    assert refus(individuel(AV8, "1/2", medecin=en_msp, assistant=sans_remplacement)) == ["remplacement_secretaire"]


@publie("S0-18")
def test_specialite_admise_dans_trente_pour_cent_des_departements(identifiant: str) -> None:
    anesthesiste = {"specialite": "anesthesie_reanimation"}
    for hors in ({"departement_sous_dote": False}, {"rang_densite_departement": 0.31}):
        resultat = individuel(AV7, medecin={**anesthesiste, **hors})
        assert resultat.verdict.eligible == "non"
        assert refus(resultat) == ["specialite"]
    dedans = individuel(AV7, medecin={**anesthesiste, "rang_densite_departement": 0.3})
    assert condition(dedans, "specialite").verdict == "remplie"


@pytest.mark.parametrize(
    ("signature", "specialite"),
    [cas("S3-20", RA, specialite, detail=specialite) for specialite in EXCLUES]
    + [cas("A24-excl", CM24, specialite, detail=specialite) for specialite in EXCLUES],
)
def test_specialites_exclues(signature: str, specialite: str) -> None:
    # A new doctor is waived from a threshold that is unpublished for these specialties: only the list can refuse.
    resultat = individuel(signature, medecin={"specialite": specialite, "nouvel_installe": True})
    assert resultat.verdict.eligible == "non"
    assert refus(resultat) == ["specialite"]


@pytest.mark.parametrize(
    ("specialite", "cliniques", "eligible"),
    [
        *[cas("A24-chir-ok", nom, 0.8, "oui", detail=nom) for nom in SOUMISES_AUX_HONORAIRES],
        *[cas("A24-chir-ok", nom, 0.81, "oui", detail=f"{nom}-ccam-19") for nom in SOUMISES_AUX_HONORAIRES],
        *[cas("A24-chir-ko", nom, 0.799, "non", detail=f"{nom}-ccam-20.1") for nom in SOUMISES_AUX_HONORAIRES],
        cas("T14", "chirurgie_generale", 0.85, "oui", detail="ccam-15"),
        cas("T14", "chirurgie_generale", 0.75, "non", detail="ccam-25"),
    ],
)
def test_honoraires_cliniques(specialite: str, cliniques: float, eligible: str) -> None:
    medecin = {"specialite": specialite, "part_honoraires_cliniques": cliniques, "nouvel_installe": True}
    resultat = individuel(CM24, medecin=medecin)
    assert resultat.verdict.eligible == eligible
    assert refus(resultat) == ([] if eligible == "oui" else ["honoraires_cliniques"])


@publie("E-10")
def test_deux_gynecologues_partagent_un_assistant(identifiant: str) -> None:
    medecin = {"specialite": "gynecologie_medicale", "part_honoraires_cliniques": 0.9}
    for file_active in (1_300, 1_700):
        resultat = individuel(CM24, "0.5", medecin=medecin, patientele={"file_active": file_active})
        assert refus(resultat) == []
        assert maximums(resultat.annees)[0] == en_centimes(19_000)


@publie("E-11")
def test_pediatre_dont_le_seuil_n_est_pas_publie(identifiant: str) -> None:
    medecin = {"specialite": "pediatrie", "secteur": "secteur_2_optam"}
    resultat = individuel(CM24, "0.5", medecin=medecin, patientele={"file_active": 800})
    assert resultat.verdict.eligible == "indeterminee"
    inconnues = [c.nom for c in resultat.verdict.conditions if c.verdict == "indeterminee"]
    assert inconnues == ["condition_seuil_activite"]
    assert refus(resultat) == []


@publie("A23-01")
def test_assouplissements_de_mai_2023(identifiant: str) -> None:
    seul = {
        "zone": "hors_zone",
        "nombre_medecins_lieu": 1,
        "coordination_assistant_partage": False,
        "engagement_exercice_coordonne": False,
    }
    for demandee in ("0.5", "1"):
        resultat = individuel("2023-05-01", demandee, medecin=seul)
        assert resultat.verdict.eligible == "oui"
        for nom in ("exercice_regroupe", "exercice_coordonne", "zone"):
            assert condition(resultat, nom).verdict == "sans_objet"
        assert option(resultat, "tiers_etp").ouverte == "non"


@publie("S3-06", "T11")
def test_tiers_temps_ferme(identifiant: str) -> None:
    resultat = individuel("2023-05-02", "1/3")
    assert resultat.verdict.option == "non"
    assert resultat.annees == ()
    assert option(resultat, "demi_etp").total_cinq_ans is not None


@publie("A24-2e")
def test_second_assistant_a_partir_de_la_troisieme_annee(identifiant: str) -> None:
    for nom in ("un_etp_et_demi", "deux_etp"):
        ouvertes = []
        for annee in (1, 2, 3, 4):
            contrat = {
                "option_contrat_en_cours": "1",
                "annee_contrat_en_cours": annee,
                "objectifs_contrat_en_cours_atteints": True,
            }
            ouvertes.append(option(individuel(CM24, None, contrat=contrat), nom).ouverte)
        assert ouvertes == ["non", "non", "oui", "oui"]


@publie("S3-18")
def test_secretaire_promue(identifiant: str) -> None:
    def verdict(mode: str, date: str | None) -> str:
        assistant = {
            "date_embauche": RA,
            "secretaire_promue": True,
            "remplacement_secretaire": mode,
            "date_remplacement_secretaire": date,
        }
        resultat = individuel(RA, assistant=assistant)
        assert (
            resultat.verdict.eligible
            == {"remplie": "oui", "non_remplie": "non"}[condition(resultat, "remplacement_secretaire").verdict]
        )
        return resultat.verdict.eligible

    assert verdict("salarie", "2023-12-15") == "oui"
    assert verdict("salarie", "2023-12-16") == "non"
    assert verdict("telesecretariat", RA) == "oui"
    assert verdict("telesecretariat", "2023-12-16") == "non"
    assert verdict("aucun", None) == "non"


@publie("S3-22")
def test_temps_plein_partage_par_deux_medecins(identifiant: str) -> None:
    contrats = [individuel(RA, "0.5", medecin={"zone": zone}) for zone in ("zip", "hors_zone")]
    assert sum(option(r, "demi_etp").heures_hebdomadaires or 0 for r in contrats) == 35
    for resultat in contrats:
        assert resultat.verdict.eligible == "oui"
        assert resultat.beneficiaire == "Médecin"
        assert maximums(resultat.annees)[0] == en_centimes(18_000)


@publie("AQ-04")
def test_heures_hebdomadaires(identifiant: str) -> None:
    resultat = individuel(CM24, None)
    assert option(resultat, "demi_etp").heures_hebdomadaires == Decimal("17.5")
    assert option(resultat, "un_etp").heures_hebdomadaires == 35
