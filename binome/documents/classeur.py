"""Any table as a workbook that French spreadsheets open: the same cells as the CSV of `tableur`, typed."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

import xlsxwriter

from binome.documents.tableur import Cellule

TYPE_MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def classeur(nom: str, titres: Sequence[str], lignes: Iterable[Sequence[Cellule]]) -> bytes:
    """A workbook of one sheet: texts stay texts, whatever they begin with."""
    flux = io.BytesIO()
    with xlsxwriter.Workbook(
        flux, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as livre:
        feuille = livre.add_worksheet(nom)
        gras, jour = livre.add_format({"bold": True}), livre.add_format({"num_format": "dd/mm/yyyy"})
        euros = livre.add_format({"num_format": "# ##0.00"})
        feuille.write_row(0, 0, titres, gras)
        for rang, ligne in enumerate(lignes, start=1):
            for colonne, cellule in enumerate(ligne):
                if isinstance(cellule, datetime.date):
                    feuille.write_datetime(rang, colonne, datetime.datetime.combine(cellule, datetime.time()), jour)
                elif isinstance(cellule, Decimal):
                    feuille.write_number(rang, colonne, cellule, euros)
                elif cellule is not None:
                    feuille.write_string(rang, colonne, str(cellule))
        feuille.freeze_panes(1, 0)
        feuille.autofit()
    return flux.getvalue()
