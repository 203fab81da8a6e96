"""What a result says of its conditions: what is missing, in plain words, and never what was already given."""

from __future__ import annotations

from typing import Any

import pytest

from binome.simulation.modele.situation import Situation
from binome.simulation.mots.conditions import manquants
from binome.simulation.reponse.simuler import simuler
from tests.simulation.situations import SANS_REGLE, avec, groupe


@pytest.mark.parametrize("cas", SANS_REGLE)
def test_une_regle_inconnue_se_dit(cas: str) -> None:
    donnees, nom = SANS_REGLE[cas]
    resultat = simuler(Situation.model_validate(donnees))
    condition = next(c for c in resultat.verdict.conditions if c.nom == nom)
    assert condition.verdict == "indeterminee"
    assert "demandez à la CPAM" in condition.raison
    assert resultat.verdict.eligible != "oui"


def test_t56_ce_qui_changerait_nomme_ce_qui_manque_et_rien_de_ce_qui_est_donne() -> None:
    """An ophthalmologist alone outside a zone, 2022: the number of doctors and the zone are told, sharing is not."""
    donnees = {
        "date_appreciation": "2022-02-10",
        "medecin": {
            "specialite": "ophtalmologie",
            "secteur": "secteur_1",
            "zone": "hors_zone",
            "nombre_medecins_lieu": 1,
            "engagement_exercice_coordonne": True,
        },
        "patientele": {"file_active": 4500, "date_releve": "2021-12-31"},
        "contrat": {"date_signature": "2022-02-04", "option": "1/2"},
        "assistant": {"locaux_adaptes": True, "profil_assistant": "autre"},
    }
    resultat = simuler(Situation.model_validate(donnees))
    (regroupe,) = [c for c in resultat.verdict.conditions if c.nom == "condition_exercice_regroupe"]
    assert regroupe.verdict == "indeterminee"
    assert "(medecin.coordination_assistant_partage)" in regroupe.raison
    dit = " ".join(resultat.verdict.pour_changer)
    for donne in ("nombre_medecins_lieu", "medecin.zone", "file_active", "secteur)"):
        assert donne not in dit


@pytest.mark.parametrize(
    ("parties", "condition", "attendus"),
    [
        ({"medecin": {"secteur": None}}, "condition_conventionnement", ("secteur",)),
        ({"patientele": {"patientele_mt": None}}, "condition_seuil_activite", ("patientele_mt",)),
        ({"assistant": {"locaux_adaptes": None}}, "condition_locaux", ("locaux_adaptes",)),
        (
            {"assistant": {"secretaire_promue": True, "remplacement_secretaire": "salarie"}},
            "condition_remplacement_secretaire",
            ("date_remplacement_secretaire", "date_embauche"),
        ),
        ({}, "condition_locaux", ()),
    ],
)
def test_ce_qui_manque_vient_des_champs_vides(
    parties: dict[str, Any], condition: str, attendus: tuple[str, ...]
) -> None:
    situation = Situation.model_validate(avec(**parties))
    assert manquants(condition, situation, "patientele_mt") == attendus


def test_un_adherent_sans_secteur_est_demande() -> None:
    donnees = groupe()
    donnees["groupe"]["membres"].append({"patientele_mt": 900})
    resultat = simuler(Situation.model_validate(donnees))
    (adherents,) = [c for c in resultat.verdict.conditions if c.nom == "condition_adherents"]
    assert adherents.raison == "indiquez le secteur conventionnel (groupe.membres.secteur)"


@pytest.mark.parametrize(
    ("parties", "phrase"),
    [
        ({"medecin": {"specialite": "radiologie"}}, "Non éligible. La radiologie n'ouvre pas droit à l'aide."),
        (
            {"medecin": {"secteur": "secteur_2"}},
            "Non éligible. L'aide n'est pas ouverte à ce conventionnement : secteur 2 sans Optam.",
        ),
        (
            {"medecin": {"statut_exercice": "remplacant"}},
            "Non éligible. L'aide n'est pas ouverte à ce statut : médecin remplaçant.",
        ),
        (
            {"assistant": {"teletravail": "total", "locaux_adaptes": False}},
            "Médecin éligible, mais le poste ne remplit pas les conditions. Les locaux ne permettent pas d'accueillir "
            "l'assistant ; "
            "l'assistant ne peut pas être en télétravail total.",
        ),
        ({}, "Éligible à l'aide."),
        (
            {"medecin": {"secteur": None}, "assistant": {"locaux_adaptes": None}},
            "Éligibilité à confirmer : conventionnement et locaux.",
        ),
    ],
)
def test_le_verdict_est_une_phrase_simple(parties: dict[str, Any], phrase: str) -> None:
    assert simuler(Situation.model_validate(avec(**parties))).verdict.phrase == phrase


def test_un_refus_de_2020_parle_du_departement() -> None:
    donnees = avec(
        medecin={"specialite": "radiologie", "departement_sous_dote": False}, contrat={"date_signature": "2020-06-01"}
    )
    phrase = simuler(Situation.model_validate(donnees)).verdict.phrase
    assert "n'ouvre pas droit à l'aide dans ce département" in phrase


@pytest.mark.parametrize(
    ("signature", "cite", "tu"),
    [("2020-06-01", "Avenant 7", "2024-2029"), ("2023-06-01", "Règlement arbitral", "Avenant 7"),
     ("2026-12-01", "2024-2029", "Avenant 7")],
)  # fmt: skip
def test_l_article_cite_est_celui_du_contrat(signature: str, cite: str, tu: str) -> None:
    resultat = simuler(Situation.model_validate(avec(contrat={"date_signature": signature, "option": "1/2"})))
    (specialite,) = [c for c in resultat.verdict.conditions if c.nom == "condition_specialite"]
    assert cite in specialite.reference
    assert tu not in specialite.reference


def test_la_certitude_ne_depasse_pas_la_source() -> None:
    """The text of the collective aid was not read: no verdict on it can be « texte »."""
    resultat = simuler(Situation.model_validate(groupe()))
    for condition in resultat.verdict.conditions:
        if condition.verdict != "sans_objet":
            assert condition.certitude != "texte", condition.nom
    assert resultat.verdict.certitude != "texte"


def contrat_de_2025(**assistant: Any) -> dict[str, Any]:
    return {
        "date_appreciation": "2026-11-23",
        "medecin": {"specialite": "medecine_generale", "secteur": "secteur_1"},
        "patientele": {"patientele_mt": 1100, "file_active": 1600, "date_releve": "2024-12-31"},
        "contrat": {"date_signature": "2025-03-03", "option": "1"},
        "assistant": {
            "date_embauche": "2025-03-10",
            "profil_assistant": "cqp_am",
            "locaux_adaptes": True,
            "date_debut_absence": "2026-02-02",
            **assistant,
        },
    }


def echeances_de(donnees: dict[str, Any]) -> set[str]:
    return {echeance.nom for echeance in simuler(Situation.model_validate(donnees)).echeances}


def test_t50_une_absence_finie_avant_le_seuil_n_annonce_plus_de_suspension() -> None:
    """Absent for 75 days, then back."""
    assert "date_suspension_possible" in echeances_de(contrat_de_2025())
    assert "date_suspension_possible" not in echeances_de(contrat_de_2025(date_fin_absence="2026-04-17"))


def test_t50_un_assistant_remplace_non_plus() -> None:
    assert "date_suspension_possible" not in echeances_de(contrat_de_2025(assistant_remplace=True))


def test_t52_un_contrat_deja_suspendu_non_plus() -> None:
    donnees = contrat_de_2025(date_fin_absence="2026-06-15")
    assert "date_suspension_possible" in echeances_de(donnees)
    donnees["contrat"] |= {"date_debut_suspension": "2026-02-02", "date_fin_suspension": "2026-06-15"}
    assert "date_suspension_possible" not in echeances_de(donnees)


def test_une_suspension_d_avant_l_absence_n_annule_rien() -> None:
    donnees = contrat_de_2025()
    donnees["contrat"] |= {"date_debut_suspension": "2025-06-01", "date_fin_suspension": "2025-07-01"}
    assert "date_suspension_possible" in echeances_de(donnees)
