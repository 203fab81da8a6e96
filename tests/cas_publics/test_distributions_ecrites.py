"""Percentiles as a fund sends them: each case under its identifier."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from binome.simulation.modele.erreurs import BinomeErreur
from binome.simulation.moteur.distributions_ecrites import canonique
from binome.simulation.moteur.systeme import apports_avec, systeme
from openfisca_assistants_medicaux.distributions import COLONNES, lire_percentiles
from openfisca_assistants_medicaux.fichiers import Fichier
from tests.cli.outils import lancer
from tests.tableaux.dialectes import DIALECTES

LIGNE = ["31/12/2021", "Ophtalmologie", "file_active", "tous_ages", "P30", "2 100", "secondaire", "lettre CPAM", "", ""]
STRICTE = ["2021-12-31", "ophtalmologie", "file_active", "tous_ages", "30", "2100", "secondaire", "lettre CPAM", "", ""]


def test_t38_le_seuil_donne_par_la_cpam_decide(tmp_path: Path) -> None:
    """P30 of ophthalmology said by a letter of the fund: 2 300 patients were undetermined, they are above 2 100."""
    fichier = tmp_path / "d.csv"
    fichier.write_bytes(DIALECTES["virgule"]([list(COLONNES), STRICTE]))
    assert canonique(strict := Fichier.lu(fichier)) is strict
    situation = tmp_path / "s.yaml"
    situation.write_text(
        "{medecin: {specialite: ophtalmologie, secteur: secteur_2_optam}, date_appreciation: 2026-11-23,"
        " patientele: {file_active: 2300, date_releve: 2026-06-30}, contrat: {date_signature: 2026-11-02, option: 1},"
        " assistant: {locaux_adaptes: oui, profil_assistant: deas}}",
        encoding="utf-8",
    )

    def seuil(*options: object) -> tuple[str, int | None, str]:
        dit = json.loads(lancer("simuler", situation, "--json", *options).brut)
        (condition,) = [c for c in dit["verdict"]["conditions"] if c["nom"] == "condition_seuil_activite"]
        return condition["verdict"], condition["seuil"], dit["verdict"]["eligible"]

    assert seuil() == ("indeterminee", None, "indeterminee")
    assert seuil("--distributions", fichier) == ("remplie", 2100, "oui")


@pytest.mark.parametrize("dialecte", sorted(DIALECTES))
def test_t39_les_memes_percentiles_dans_tous_les_dialectes(dialecte: str) -> None:
    lu = canonique(Fichier("d", DIALECTES[dialecte]([list(COLONNES), LIGNE])))
    attendus = lire_percentiles(Fichier("d.csv", DIALECTES["virgule"]([list(COLONNES), STRICTE])))
    assert lire_percentiles(lu) == attendus


def test_t39_la_commande_prend_le_seuil(tmp_path: Path) -> None:
    fichier = tmp_path / "d.csv"
    fichier.write_bytes(DIALECTES["windows"]([list(COLONNES[:8]), LIGNE[:8]]))
    loi = systeme(apports_avec([fichier]))
    assert loi.distributions.publies("2021-12-31", "ophtalmologie", "file_active")[30] == 2100


def test_t39_une_mauvaise_ligne_garde_son_numero() -> None:
    table = [list(COLONNES), LIGNE, ["", *[""] * 9], ["", "chirurgien", *LIGNE[2:]]]
    with pytest.raises(BinomeErreur, match="d, ligne 4 : specialite « chirurgien » refusé ; Chirurgie"):
        canonique(Fichier("d", DIALECTES["point-virgule"](table)))


def test_t37_un_autre_fichier_est_refuse_par_ses_titres(tmp_path: Path) -> None:
    fichier = tmp_path / "ameli.csv"
    fichier.write_text("annee;region;profession_sante;patientele_moyenne\n2023;11;Médecins;1021,4\n", encoding="utf-8")
    reponse = lancer("simuler", "exemples/generaliste-2026.yaml", "--distributions", fichier)
    assert (reponse.code, reponse.brut) == (2, "")
    assert "« annee » inconnue" in reponse.erreurs
    assert "« valeur » absente" in reponse.erreurs


def test_t30_un_autre_separateur_est_nomme() -> None:
    with pytest.raises(BinomeErreur, match="séparateur « \\| » refusé"):
        canonique(Fichier("d.csv", "|".join(COLONNES).encode() + b"\n1|2\n"))
