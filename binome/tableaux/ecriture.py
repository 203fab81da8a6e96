"""One dialect of what we write: a CSV that French spreadsheets open, a CSV and a Parquet for programs, a workbook.

Texts that a spreadsheet would run as a formula are preceded by an apostrophe, in every CSV; in a workbook they are
cells of text.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import xlsxwriter

from binome.tableaux.formats import Format

#: What makes Excel and LibreOffice read UTF-8, and what they split cells at in French.
MARQUE_UTF8 = "\ufeff"
SEPARATEUR = ";"

#: Lines of a group in a Parquet: what is held in memory while it is written.
LIGNES_PAR_GROUPE = 131_072

#: First characters that a spreadsheet takes for the start of a formula, wide forms included.
FORMULES = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def sans_formule(texte: str) -> str:
    """A text that no spreadsheet runs."""
    return f"'{texte}" if texte.startswith(FORMULES) else texte


def ecrire(tableau: pl.LazyFrame, fichier: Path, genre: Format) -> None:
    """Write a table, made as it is written. Raises OSError."""
    if genre is Format.parquet:
        tableau.sink_parquet(fichier, row_group_size=LIGNES_PAR_GROUPE)
    elif genre is Format.xlsx:
        _classeur(tableau.collect(), fichier)
    elif genre is Format.csv_programme:
        _inerte(tableau).sink_csv(fichier)
    else:
        inerte, genres = _inerte(tableau), tableau.collect_schema()
        decimaux = [nom for nom, type_ in genres.items() if type_.is_decimal() or type_.is_float()]
        dates = [nom for nom, type_ in genres.items() if type_ == pl.Date]
        inerte.with_columns(
            *(pl.col(nom).cast(pl.String).str.replace(".", ",", literal=True) for nom in decimaux),
            *(pl.col(nom).dt.strftime("%d/%m/%Y") for nom in dates),
        ).sink_csv(fichier, separator=SEPARATEUR, include_bom=True, line_terminator="\r\n")


def _inerte(tableau: pl.LazyFrame) -> pl.LazyFrame:
    """The same table, its texts escaped."""
    textes = [nom for nom, genre in tableau.collect_schema().items() if genre == pl.String]
    suspect = "^[" + "".join(FORMULES).replace("-", "\\-") + "]"
    return tableau.with_columns(
        *(
            pl.when(pl.col(nom).str.contains(suspect)).then(pl.lit("'") + pl.col(nom)).otherwise(pl.col(nom)).alias(nom)
            for nom in textes
        )
    )


def _classeur(tableau: pl.DataFrame, fichier: Path) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(fichier), options) as classeur:
        feuille = classeur.add_worksheet("Résultats")
        jour, titre = classeur.add_format({"num_format": "dd/mm/yyyy"}), classeur.add_format({"bold": True})
        feuille.freeze_panes(1, 0)
        for colonne, nom in enumerate(tableau.columns):
            feuille.write_string(0, colonne, nom, titre)
        dates = {rang for rang, genre in enumerate(tableau.dtypes) if genre == pl.Date}
        for rang, ligne in enumerate(tableau.iter_rows(), start=1):
            for colonne, cellule in enumerate(ligne):
                if cellule is None:
                    continue
                if isinstance(cellule, str):
                    feuille.write_string(rang, colonne, cellule)
                elif colonne in dates:
                    feuille.write_datetime(rang, colonne, cellule, jour)
                else:
                    feuille.write(rang, colonne, cellule)
