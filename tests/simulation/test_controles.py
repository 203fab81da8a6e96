"""What a simulation refuses beyond its fields, and what it says of contracts that end early."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from binome.simulation.modele.erreurs import SituationInvalide
from binome.simulation.modele.resultat import Resultat
from binome.simulation.modele.situation import MEMBRES_MAXIMUM, PATIENTS_MAXIMUM
from tests.cas_publics.situations import MEMBRE, collectif, individuel

RESILIE = "2025-03-31"


@pytest.fixture(scope="module")
def resilie() -> Resultat:
    """A contract of 2024 ended after thirteen months."""
    return individuel("2024-03-01", "1", le="2026-11-23", contrat={"date_fin_anticipee": RESILIE})


def test_un_contrat_resilie_n_a_plus_d_echeance(resilie: Resultat) -> None:
    fin = datetime.date.fromisoformat(RESILIE)
    assert max(echeance.date for echeance in resilie.echeances) == fin
    assert [e.libelle for e in resilie.echeances if e.date == fin] == ["Dernier jour du contrat, résilié"]
    assert not [e for e in resilie.echeances if e.nom.startswith("date_evaluation")]
    assert "Contrat résilié le 31\u00a0mars\u00a02025 : ce qui suit en est l'histoire." in resilie.messages
    assert resilie.cout is not None
    assert "Contrat résilié" in resilie.cout.notes[0]


def test_une_annee_suspendue_en_entier_n_est_pas_evaluee() -> None:
    pause = {"date_debut_suspension": "2026-02-01", "date_fin_suspension": "2027-04-30"}
    resultat = individuel("2024-03-01", "1", le="2026-11-23", contrat=pause)
    assert resultat.annees[2].jours_dus == 0
    assert [e.nom for e in resultat.echeances if e.nom.startswith("date_evaluation")] == [
        "date_evaluation.4",
        "date_evaluation.5",
    ]


def test_une_annee_interrompue_le_dit() -> None:
    resultat = individuel("2026-03-01", "1", contrat={"date_fin_anticipee": "2026-08-31"})
    assert resultat.annees[0].explication == (
        "Aucun résultat n'est vérifié cette année. Contrat interrompu : 184 jours dus sur 365."
    )


def test_un_contrat_echu_est_dit_echu() -> None:
    resultat = individuel("2020-03-02", "1", le="2026-11-23")
    assert "Contrat échu le 1er\u00a0mars\u00a02025 : ce qui suit en est l'histoire." in resultat.messages


def test_un_resultat_manquant_n_est_pas_une_bande_inconnue() -> None:
    resultat = individuel(
        "2023-11-06",
        "1",
        le="2026-11-23",
        objectifs_notifies={"patientele_mt": {"cible": 1260}, "file_active": {"cible": 1700}},
        resultats=[{"annee": 3, "patientele_mt": 1000}],
    )
    assert "Il manque un résultat" in resultat.annees[2].explication


@pytest.mark.parametrize(
    ("parties", "champ"),
    [
        ({"patientele": {"patientele_mt": 900, "file_active": 1400, "date_releve": "2026-12-31"}}, "date_releve"),
        ({"contrat": {"date_bascule": "2040-01-01"}}, "date_bascule"),
        ({"assistant": {"date_debut_absence": "2040-01-01"}}, "date_debut_absence"),
        ({"montants_notifies": {"annee_1": "76000"}, "option": None}, "contrat.option"),
        ({"projections": [{"annee": 3, "file_active": PATIENTS_MAXIMUM + 1}]}, "projections.1.file_active"),
        ({"objectifs_notifies": {"file_active": {"cible": PATIENTS_MAXIMUM + 1}}}, "objectifs_notifies.file_active"),
    ],
)
def test_une_valeur_impossible_nomme_son_champ(parties: dict[str, Any], champ: str) -> None:
    option = parties.pop("option", "1")
    with pytest.raises(SituationInvalide) as refus:
        individuel("2026-03-02", option, **parties)
    assert [faute.champ for faute in refus.value.fautes if champ in faute.champ], refus.value.fautes


def test_un_gain_ecrit_comme_cible_est_demande_avec_ses_deux_lectures() -> None:
    depart = {"patientele_mt": 1200, "file_active": 1600}
    with pytest.raises(SituationInvalide) as refus:
        individuel("2026-03-02", "1", patientele=depart, objectifs_notifies={"patientele_mt": {"cible": 277}})
    (faute,) = refus.value.fautes
    assert faute.champ == "objectifs_notifies.patientele_mt.cible"
    assert faute.message == (
        "« 277 » a deux lectures : 277\u00a0patients de plus, soit une cible de 1\u202f477 (« gain » : 277 attendu) ; "
        "ou une cible de 277, sous le départ de 1\u202f200 (« gain » : 0 attendu)"
    )


def test_une_cible_un_peu_sous_le_depart_est_gardee_et_dite() -> None:
    depart = {"patientele_mt": 1200, "file_active": 1600}
    resultat = individuel("2026-03-02", "1", patientele=depart, objectifs_notifies={"patientele_mt": {"cible": 1150}})
    message = "Patientèle médecin traitant : l'objectif notifié est inférieur au niveau de départ."
    assert message in resultat.messages


def test_toutes_les_fautes_sont_dites() -> None:
    with pytest.raises(SituationInvalide) as refus:
        individuel("2090-03-02", "1", le="2026-11-23", assistant={"date_embauche": "1950-01-01"})
    assert {faute.champ for faute in refus.value.fautes} == {"contrat.date_signature", "assistant.date_embauche"}


def test_le_plus_grand_des_groupes_se_simule() -> None:
    """Two hundred doctors, each with as many patients as a field takes: exact, and no refusal on the way."""
    membre = {**MEMBRE, "patientele_mt": PATIENTS_MAXIMUM, "file_active": PATIENTS_MAXIMUM}
    total = PATIENTS_MAXIMUM * MEMBRES_MAXIMUM
    resultat = collectif(
        "2026-11-10",
        etp=MEMBRES_MAXIMUM,
        membres=[membre] * MEMBRES_MAXIMUM,
        projections=[{"annee": 3, "patientele_mt": total, "file_active": total}],
    )
    assert [objectif.base for objectif in resultat.objectifs] == [total, total]


EXPRES = "accord exprès du médecin et de la caisse, rien ne se renouvelle tacitement (estimé)."


@pytest.mark.parametrize(
    ("le", "contrat", "attendus"),
    [
        ("2027-11-05", {}, []),
        ("2027-11-06", {}, [f"Le contrat finit le 5\u00a0novembre\u00a02028. Renouvellement : {EXPRES}"]),
        ("2028-11-06", {}, []),
        ("2027-11-06", {"date_fin_anticipee": "2027-11-30"}, []),
        ("2025-01-02", {"date_signature": "2024-12-02", "renouvellement": True}, [f"Renouvellement : {EXPRES}"]),
    ],
)
def test_le_renouvellement_expres_se_dit_la_derniere_annee(
    le: str, contrat: dict[str, Any], attendus: list[str]
) -> None:
    """In the last contract year, and to whoever renews: neither before, nor after the term, nor of a contract ended."""
    resultat = individuel("2023-11-06", "1", le=le, contrat=contrat)
    assert [message for message in resultat.messages if "accord exprès" in message] == attendus


def test_le_seuil_notifie_juge_un_mep_sous_toutes_les_options() -> None:
    """The threshold is the doctor's: the options compared with the one signed are judged by it too."""
    mep = {"mode_exercice_particulier": True}
    depart = {"patientele_mt": 600, "file_active": 900}
    sans, atteint, manque = (
        individuel("2026-03-02", "1/2", medecin=mep, patientele=depart, contrat=contrat).verdict
        for contrat in ({}, {"seuil_notifie": 600}, {"seuil_notifie": 601})
    )
    assert [verdict.medecin for verdict in (sans, atteint, manque)] == ["indeterminee", "oui", "non"]
    comparees = individuel("2026-03-02", "1/2", medecin=mep, patientele=depart, contrat={"seuil_notifie": 601}).options
    assert [option.annees for option in comparees] == [()] * len(comparees)
