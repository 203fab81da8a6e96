"""`binome simuler`: what a doctor reads, what a program reads, replays and options."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
import yaml

from binome.argent import en_centimes
from binome.simulation.modele.resultat import Resultat
from tests.cli.outils import EXEMPLES, GENERALISTE, lancer, mots

MI_TEMPS_2023 = {
    "medecin": {"specialite": "medecine_generale", "secteur": "secteur_1"},
    "patientele": {"patientele_mt": 1200, "file_active": 1600},
    "contrat": {"date_signature": "2023-10-01", "option": "1/2"},
    "assistant": {"date_embauche": "2023-10-09", "locaux_adaptes": True},
}


def resultat(*arguments: object, entree: str | None = None) -> Resultat:
    reponse = lancer("simuler", *arguments, "--json", entree=entree)
    assert reponse.code == 0, reponse.erreurs
    assert reponse.erreurs == ""
    return Resultat.model_validate_json(reponse.brut)


def montants(trouve: Resultat) -> list[int | None]:
    return [annee.montant_prevu for annee in trouve.annees]


def test_la_generaliste_de_2026() -> None:
    """Held to by name: 38 000 / 28 000 / 22 000 / 22 000 / 22 000 €."""
    assert montants(resultat(GENERALISTE)) == [en_centimes(m) for m in (38000, 28000, 22000, 22000, 22000)]
    lu = mots(lancer("simuler", GENERALISTE).sortie)
    assert "✓ Éligible à l'aide." in lu
    assert "Seuil d'activité : au moins P30 de la spécialité — 1 200 patients, seuil 775" in lu
    assert "Année 1 19 000 € 38 000 €" in lu
    assert "Année 3, au plus 11 000 € 22 000 €" in lu
    assert "Total, au plus 66 000 € 132 000 €" in lu
    assert "1 02/03/2026 38 000 € aucune 38 000 € 02/04/2026 38 000 €" in lu
    assert "Apprécié au 23 novembre 2026" in lu
    assert "Convention médicale 2024" in lu


def test_les_objectifs_et_leur_plafond() -> None:
    lu = mots(lancer("simuler", GENERALISTE).sortie)
    assert "Patientèle médecin traitant 1 200 +277 au plus 1 477 au plus" in lu
    assert "File active 1 600 non déterminé non déterminé à demander à la CPAM" in lu


def test_les_options_fermees_disent_pourquoi() -> None:
    lu = mots(lancer("simuler", GENERALISTE).sortie)
    assert "1/3 ETP : non ouverte — l'option n'existe pas à la date de signature" in lu
    assert "1,5 ETP et 2 ETP : non ouverte — un second assistant est réservé aux zones d'intervention prioritaire" in lu


def test_hypotheses_valeurs_supposees_et_version() -> None:
    lu = mots(lancer("simuler", GENERALISTE).sortie)
    assert "Ce qui n'est pas tiré d'un texte officiel Estimé :" in lu
    assert "Rapporté :" in lu
    assert "Texte officiel cité : • Convention médicale 2024-2029" in lu
    assert "Coefficient de la droite RA" in lu
    assert "Non renseigné, donc supposé Statut d'exercice : médecin libéral installé" in lu
    assert "Certitude d'ensemble : estimé." in lu
    assert "OpenFisca-Core" in lu


def test_detail_montre_ce_qui_est_cache() -> None:
    court, long = lancer("simuler", GENERALISTE).sortie, mots(lancer("simuler", GENERALISTE, "--detail").sortie)
    assert "conditions sans objet sous ces règles (--detail les montre)" in mots(court)
    assert "Carence de deux ans" not in court
    assert "Carence après un contrat collectif — sans objet" in long
    assert "[objectifs.ra.un_etp.coefficient_p30]" in long
    assert "[medecin.quotite_liberale]" in long
    assert "arbitrage D17" in long


def test_rejouer_a_une_autre_date() -> None:
    """A half-time contract of 1 October 2023: its second year is worth what was known on the day."""
    entree = yaml.safe_dump(MI_TEMPS_2023)
    attendus = {"2024-06-01": 13500, "2024-07-01": 14000}
    for date, montant in attendus.items():
        rejoue = resultat("-", "--date", date, entree=entree)
        assert rejoue.date_appreciation.isoformat() == date
        assert rejoue.annees[0].montant_prevu == en_centimes(18000)
        assert rejoue.annees[1].montant_prevu == en_centimes(montant)


def test_l_option_de_la_commande_l_emporte() -> None:
    demi = resultat(GENERALISTE, "--option", "1/2")
    assert demi.situation.contrat is not None
    assert demi.situation.contrat.option == "demi_etp"
    assert montants(demi)[0] == en_centimes(19000)
    assert montants(resultat(GENERALISTE, "--option", "0,5")) == montants(demi)


def test_sans_option_les_options_sont_comparees() -> None:
    situation = yaml.safe_load(GENERALISTE.read_text())
    del situation["contrat"]["option"]
    lu = mots(lancer("simuler", "-", entree=yaml.safe_dump(situation, default_flow_style=True)).sortie)
    assert "Aucune option choisie" in lu
    assert "Total, au plus 66 000 € 132 000 €" in lu
    assert "Année par année" not in lu


@pytest.mark.parametrize("vers", ["yaml", "json"])
def test_l_entree_standard(vers: str) -> None:
    situation = yaml.load(GENERALISTE.read_text(), yaml.BaseLoader)  # noqa: S506
    for champ in ("patientele_mt", "file_active"):
        situation["patientele"][champ] = int(situation["patientele"][champ])
    texte = json.dumps(situation) if vers == "json" else GENERALISTE.read_text()
    assert montants(resultat("-", entree=texte)) == montants(resultat(GENERALISTE))


def test_un_fichier_json(tmp_path: Path) -> None:
    fichier = tmp_path / "situation.json"
    fichier.write_text(json.dumps(MI_TEMPS_2023), encoding="utf-8")
    assert montants(resultat(fichier, "--date", "2026-11-23"))[1] == en_centimes(14000)


def test_le_json_ne_contient_que_du_json() -> None:
    for fichier in EXEMPLES.glob("*.yaml"):
        reponse = lancer("simuler", fichier, "--json")
        lu = Resultat.model_validate_json(reponse.brut)
        assert Resultat.model_validate_json(lu.model_dump_json()) == lu


def test_percentiles_ajoutes(tmp_path: Path) -> None:
    """An operator's official P70 makes the band firm, and is told."""
    entete = "date,specialite,indicateur,population,percentile,valeur,certitude,source,lien,note"
    fichier = tmp_path / "officiels.csv"
    fichier.write_text(
        f"{entete}\n2021-12-31,medecine_generale,patientele_mt,tous_ages,70,1150,texte,CNAM,,\n", encoding="utf-8"
    )
    avec = resultat(GENERALISTE, "--distributions", fichier)
    assert avec.bande is not None
    assert (avec.bande.basse, avec.bande.haute) == ("p70_p90", "p70_p90")
    (ajoute,) = avec.version.distributions
    assert (ajoute.nom, ajoute.empreinte) == (fichier.name, hashlib.sha256(fichier.read_bytes()).hexdigest())
    assert str(fichier.name) in lancer("simuler", GENERALISTE, "--distributions", fichier).sortie.replace("\n", "")


def test_plusieurs_montants_possibles() -> None:
    """Inside the margin of an estimated percentile, the possible amounts are given with their conditions."""
    situation = {**MI_TEMPS_2023, "patientele": {"patientele_mt": 1850, "file_active": 1600}}
    lu = mots(lancer("simuler", "-", "--date", "2026-11-23", entree=yaml.safe_dump(situation)).sortie)
    assert "11 000 € ou 13 000 €" in lu
    assert "13 000 € si la patientèle atteint le P90 (estimé : environ" in lu
    assert "Total du contrat, au plus : 65 000 € à 71 000 €" in lu


@pytest.mark.parametrize("largeur", [60, 80, 100, 200])
@pytest.mark.parametrize("detail", [[], ["--detail"]])
def test_aucune_ligne_ne_deborde(largeur: int, detail: list[str]) -> None:
    for fichier in EXEMPLES.glob("*.yaml"):
        for ligne in lancer("simuler", fichier, *detail, largeur=largeur).brut.splitlines():
            assert len(ligne) <= largeur, ligne


def test_une_somme_n_est_jamais_coupee() -> None:
    """« 38 000 € » stays on one line, at any width that can hold it."""
    for largeur in range(78, 101, 2):
        for ligne in lancer("simuler", GENERALISTE, largeur=largeur).brut.splitlines():
            assert not ligne.strip().startswith("€"), ligne


def test_le_texte_d_un_titre_n_est_pas_interprete() -> None:
    situation = {**MI_TEMPS_2023, "titre": "[bold]Dr :smile: [/bold]"}
    assert "[bold]Dr :smile: [/bold]" in lancer("simuler", "-", entree=yaml.safe_dump(situation)).sortie
