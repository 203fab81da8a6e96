"""`binome expliquer`: the chain of figures, values and texts under a figure."""

from __future__ import annotations

import json
from typing import Any

import pytest

from binome.cli.fichiers import lire_situation
from binome.simulation import NomOption
from binome.simulation.modele.resultat import Explication
from binome.simulation.reponse.simuler import Simulation
from tests.cli.outils import EXEMPLES, GENERALISTE, lancer, mots


def test_un_montant() -> None:
    lu = mots(lancer("expliquer", GENERALISTE, "annees.1.montant_maximal", "--detail").sortie)
    assert lu.startswith("Montant maximal de l'annuité : 38 000 €")
    assert "Loi : Aide 1 ETP, 1re année : 38 000 € par an (depuis le 22/06/2024)" in lu
    assert "montants.un_etp.annee_1" in lu
    assert "<https://www.ameli.fr/medecin/actualites/" in lu.replace(" ", "").replace("│", "")
    assert "Certitude : texte officiel cité — la plus faible de ce qui précède." in lu


def test_sans_detail_l_arbre_s_arrete_et_le_dit() -> None:
    court = lancer("expliquer", GENERALISTE, "annees.3.montant_prevu").sortie
    long = lancer("expliquer", GENERALISTE, "annees.3.montant_prevu", "--detail").sortie
    assert len(court) < len(long)
    assert "la suite est montrée avec --detail" in court
    assert "la suite est montrée avec --detail" not in long


def test_json_relu_en_explication() -> None:
    reponse = lancer("expliquer", GENERALISTE, "objectifs.patientele_mt.borne_gain", "--json")
    lue = Explication.model_validate_json(reponse.brut)
    assert lue.variable == "borne_gain_patientele_mt"
    assert lue.valeur == "277"
    assert lue.certitude == "hypothese"


def test_les_options_de_simuler_valent_ici() -> None:
    chiffre = "annees.1.montant_maximal"
    assert "19 000 €" in lancer("expliquer", GENERALISTE, chiffre, "--option", "1/2").sortie.splitlines()[0]
    fichier = EXEMPLES / "p95-2023.yaml"
    ancien = lancer("expliquer", fichier, "options.un_etp.annees.2.montant_maximal", "--date", "2026-01-01").sortie
    assert "38 000 €" in ancien.splitlines()[0]


def test_la_liste_des_figures() -> None:
    lu = mots(lancer("expliquer", GENERALISTE).sortie)
    assert "condition_seuil_activite Seuil d'activité : au moins P30 de la spécialité" in lu
    assert "annees.N.montant_prevu" in lu
    assert "options.OPTION.annees.N.montant_du" in lu
    assert f"N : 1 à 5 ; OPTION : {', '.join(NomOption)}." in lu
    assert "centimes" not in lu


def test_la_liste_en_json_est_celle_du_modele() -> None:
    liste: list[dict[str, Any]] = json.loads(lancer("expliquer", GENERALISTE, "--json").brut)
    assert [ligne["figure"] for ligne in liste] == list(Simulation(lire_situation(str(GENERALISTE))).figures())


@pytest.mark.parametrize("nom", sorted(fichier.stem for fichier in EXEMPLES.glob("*.yaml")))
def test_toute_condition_et_toute_echeance_s_expliquent(nom: str) -> None:
    """Names shown by `simuler` are names that `expliquer` knows."""
    fichier = EXEMPLES / f"{nom}.yaml"
    simulation = Simulation(lire_situation(str(fichier)))
    resultat = simulation.resultat()
    for condition in resultat.verdict.conditions:
        assert simulation.expliquer(condition.nom).variable == condition.nom
    for annee in resultat.annees:
        assert simulation.expliquer(f"annees.{annee.rang}.montant_prevu").valeur
    assert lancer("expliquer", fichier, "eligible").code == 0


@pytest.mark.parametrize("largeur", [80, 100])
def test_aucune_ligne_ne_deborde(largeur: int) -> None:
    for arguments in (["annees.3.montant_prevu", "--detail"], ["eligible"], []):
        for ligne in lancer("expliquer", GENERALISTE, *arguments, largeur=largeur).brut.splitlines():
            assert len(ligne) <= largeur, ligne
