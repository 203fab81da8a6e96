"""Percentiles as a fund sends them: each case under its identifier."""

from __future__ import annotations

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


def test_t38_un_fichier_strict_reste_ce_qu_il_est() -> None:
    strict = Fichier("d.csv", DIALECTES["virgule"]([list(COLONNES), STRICTE]))
    assert canonique(strict) is strict


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
