"""The page of a security officer names tests that exist, a test for each promise, and every chapter of the ASVS."""

from __future__ import annotations

import re
from pathlib import Path

from tests.noeuds import essais_de

RACINE = Path(__file__).parents[1]
PAGE = (RACINE / "docs/surete.md").read_text(encoding="utf-8")
NOEUD = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
#: Chapters of the OWASP ASVS 5.0.
CHAPITRES = 17


def lignes_de(section: str) -> list[str]:
    """The rows of the tables of a section « ## »."""
    _, _, suite = PAGE.partition(f"\n## {section}")
    assert suite, section
    lignes = [ligne for ligne in suite.partition("\n## ")[0].splitlines() if ligne.startswith("| ")]
    return [ligne for ligne in lignes if not ligne.startswith(("| Promesse", "| Famille", "| Chapitre"))]


def test_chaque_essai_nomme_existe() -> None:
    nommes = NOEUD.findall(PAGE)
    assert len(nommes) > 60
    absents = [f"{fichier}::{nom}" for fichier, nom in nommes if nom not in essais_de(fichier)]
    assert absents == []


def test_chaque_promesse_a_son_essai() -> None:
    lignes = lignes_de("Ce qui est promis")
    assert len(lignes) > 30
    assert [ligne for ligne in lignes if not NOEUD.search(ligne)] == []


def test_chaque_chapitre_de_l_asvs_est_dit() -> None:
    lignes = lignes_de("OWASP ASVS")
    assert [ligne.split()[1] for ligne in lignes] == [f"V{rang}" for rang in range(1, CHAPITRES + 1)]
    for ligne in lignes:
        tenu = ligne.split("|")[2].strip()
        assert tenu in {"oui", "en partie", "sans objet"}, ligne
        assert NOEUD.search(ligne) or tenu == "sans objet", ligne
