"""Nothing that the product writes for a spreadsheet runs there: texts stay texts, whatever they begin with.

A door that writes a table any other way than these is named by the second test, and asked for its own line here.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from binome.documents import tableur
from binome.documents.classeur import classeur as ecrire_un_classeur
from binome.tableaux.ecriture import ecrire, sans_formule
from binome.tableaux.formats import Format

RACINE = Path(__file__).parents[1]
FORMULES = ("=1+1", "+33", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1", "=cmd|' /C calc'!A0")
#: What writes a table, and in which file; a CSV that is read again by us alone is no door.
ECRITURES = {
    "csv.writer": {"binome/documents/tableur.py", "binome/simulation/moteur/distributions_ecrites.py"},
    "xlsxwriter.Workbook": {"binome/tableaux/ecriture.py", "binome/documents/classeur.py"},
    "sink_csv": {"binome/tableaux/ecriture.py"},
    "write_csv": set(),
    "write_excel": set(),
    "DictWriter": set(),
}


def classeur(octets: bytes) -> Iterator[openpyxl.cell.Cell]:
    feuille = openpyxl.load_workbook(io.BytesIO(octets)).active
    yield from (cellule for ligne in feuille.iter_rows() for cellule in ligne)


@pytest.mark.parametrize("texte", FORMULES)
def test_aucune_porte_n_ecrit_une_formule(texte: str, tmp_path: Path) -> None:
    inerte = sans_formule(texte)
    assert inerte.startswith("'")
    assert inerte in tableur.table(["t"], [[texte]]).decode("utf-8-sig")
    tableau = pl.LazyFrame({"t": [texte]})
    for genre in (Format.csv, Format.csv_programme):
        ecrire(tableau, tmp_path / "t.csv", genre)
        assert inerte in (tmp_path / "t.csv").read_bytes().decode("utf-8-sig")
    ecrire(tableau, tmp_path / "t.xlsx", Format.xlsx)
    for octets in ((tmp_path / "t.xlsx").read_bytes(), ecrire_un_classeur("t", ["t"], [[texte]])):
        assert {cellule.data_type for cellule in classeur(octets)} == {"s"}


def test_chaque_ecriture_de_tableau_est_connue() -> None:
    sources = {
        fichier: (RACINE / fichier).read_text(encoding="utf-8")
        for fichier in (str(chemin.relative_to(RACINE)) for chemin in (RACINE / "binome").rglob("*.py"))
    }
    for ecriture, connus in ECRITURES.items():
        trouves = {fichier for fichier, texte in sources.items() if re.search(rf"\b{re.escape(ecriture)}\(", texte)}
        assert trouves == connus, ecriture
