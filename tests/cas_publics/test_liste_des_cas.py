"""The list of the published cases: whole, and each asserted by a test or left out for a reason."""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Iterator

import pytest

from tests.cas_publics.cas import DOSSIER, cites, cites_dans, lire_cas
from tests.cas_publics.situations import jour

NOMBRE_DE_CAS = 93


def test_cas_csv_est_complet() -> None:
    lignes = lire_cas()
    identifiants = [ligne["id"] for ligne in lignes]
    assert len(identifiants) == NOMBRE_DE_CAS
    assert len(set(identifiants)) == NOMBRE_DE_CAS
    for ligne in lignes:
        assert all(ligne[colonne] for colonne in ("source", "affirmation")), ligne["id"]
        assert jour(ligne["date"]), ligne["id"]
        assert ligne["teste"] in {"oui", "non"}, ligne["id"]


def test_chaque_cas_est_teste_ou_dit_pourquoi_il_ne_l_est_pas() -> None:
    lignes = lire_cas()
    testes = {ligne["id"] for ligne in lignes if ligne["teste"] == "oui"}
    nommes = cites()
    du_dossier = {cite for cite in nommes if cite.startswith("T")}
    assert nommes - du_dossier == testes
    for ligne in lignes:
        raison = ligne["raison"]
        assert raison or ligne["teste"] == "oui", ligne["id"]
        if raison:
            assert len(raison.split()) >= 8, ligne["id"]
            assert raison.endswith("."), ligne["id"]


def test_un_cas_se_lit_dans_les_decorateurs_d_un_test() -> None:
    """An id that no test carries is not read as tested, and one that cannot be read is refused."""
    listes = '@param([cas("A", 1), *[cas("B", n) for n in (1, 2)]])\ndef test_x(): ...\n'
    nommes = '@publie("C", "D")\ndef test_y(): ...\n'
    sans_test = 'cas("E")\n@publie("F")\ndef aide(): ...\n'
    assert set(cites_dans(listes + nommes + sans_test)) == {"A", "B", "C", "D"}
    with pytest.raises(ValueError, match="en toutes lettres, lu nom"):
        list(cites_dans("@publie(nom)\ndef test_z(): ...\n"))


#: What a page of the field showed, and what an independent reading disputed: each carried by the test named after it.
DU_TERRAIN = {"T": 48, "P": 14}


def nommes_dans(texte: str) -> Iterator[str]:
    """Ids that a module's tests carry: `test_t47b_…`, or « Public case T47b » in what a test says of itself."""
    for test in ast.walk(ast.parse(texte)):
        if isinstance(test, ast.FunctionDef) and test.name.startswith("test_"):
            if nomme := re.match(r"test_([tp]\d{1,2}[a-z]?)_", test.name):
                yield nomme[1][0].upper() + nomme[1][1:]
            yield from re.findall(r"(?:Public case|Disagreement) ([TP]\d{1,2}[a-z]?)\b", ast.get_docstring(test) or "")


def test_chaque_cas_du_terrain_a_un_test_a_son_nom() -> None:
    with (DOSSIER / "terrain.csv").open(encoding="utf-8", newline="") as fichier:
        lignes = list(csv.DictReader(fichier))
    assert {sorte: sum(ligne["id"].startswith(sorte) for ligne in lignes) for sorte in DU_TERRAIN} == DU_TERRAIN
    assert all(ligne["source"] and ligne["attendu"] for ligne in lignes)
    portes = {i for f in DOSSIER.parent.rglob("test_*.py") for i in nommes_dans(f.read_text(encoding="utf-8"))}
    assert [ligne["id"] for ligne in lignes if ligne["teste"] == "oui" and ligne["id"] not in portes] == []
    for ligne in lignes:
        assert (ligne["teste"] == "oui") == (not ligne["raison"]), ligne["id"]
        assert ligne["teste"] == "oui" or len(ligne["raison"].split()) >= 8, ligne["id"]


def test_un_cas_du_terrain_se_lit_au_nom_d_un_test() -> None:
    texte = (
        'def test_t47b_x(): ...\ndef test_y():\n    "Public case T40: z"\ndef t51_aide(): ...\ndef test_tout(): ...\n'
    )
    assert list(nommes_dans(texte)) == ["T47b", "T40"]
