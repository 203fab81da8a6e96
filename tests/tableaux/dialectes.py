"""One table written in every dialect that people send."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from xml.sax.saxutils import escape

import xlsxwriter

Table = Sequence[Sequence[str]]


def texte(
    table: Table, separateur: str = ";", encodage: str = "utf-8", fin: str = "\n", *, annonce: bool = False
) -> bytes:
    flux = io.StringIO(newline="")
    if annonce:
        flux.write(f"sep={separateur}{fin}")
    csv.writer(flux, delimiter=separateur, lineterminator=fin).writerows(table)
    return flux.getvalue().encode(encodage)


def xlsx(table: Table) -> bytes:
    flux = io.BytesIO()
    with xlsxwriter.Workbook(flux, {"in_memory": True}) as classeur:
        feuille = classeur.add_worksheet()
        for rang, ligne in enumerate(table):
            for colonne, cellule in enumerate(ligne):
                feuille.write_string(rang, colonne, cellule)
    return flux.getvalue()


def ods(table: Table, *, apres: str = "") -> bytes:
    rangees = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{escape(c)}</text:p></table:table-cell>'
            if c
            else "<table:table-cell/>"
            for c in ligne
        )
        + '<table:table-cell table:number-columns-repeated="16000"/></table:table-row>'
        for ligne in table
    )
    return archive_ods(rangees + apres)


def archive_ods(rangees: str) -> bytes:
    espaces = " ".join(
        f'xmlns:{nom}="urn:oasis:names:tc:opendocument:xmlns:{nom}:1.0"' for nom in ("office", "table", "text")
    )
    contenu = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {espaces} office:version="1.3"><office:body>'
        f'<office:spreadsheet><table:table table:name="Feuille1">{rangees}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    media = "application/vnd.oasis.opendocument.spreadsheet"
    manifeste = (
        '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{media}"/></manifest:manifest>'
    )
    flux = io.BytesIO()
    with zipfile.ZipFile(flux, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", media)
        archive.writestr("content.xml", contenu)
        archive.writestr("META-INF/manifest.xml", manifeste)
    return flux.getvalue()


def _avec_fins_vides(table: Table) -> bytes:
    largeur = max(map(len, table))
    vides = [[*ligne, "", "", ""] for ligne in table] + [[""] * (largeur + 3)] * 3
    return texte(vides, ";", "cp1252", "\r\n")


DIALECTES: dict[str, Callable[[Table], bytes]] = {
    "point-virgule": texte,
    "virgule": lambda table: texte(table, ","),
    "tabulation": lambda table: texte(table, "\t"),
    "utf-8 marqué": lambda table: texte(table, ";", "utf-8-sig", "\r\n"),
    "windows": lambda table: texte(table, ";", "cp1252", "\r\n"),
    "utf-16": lambda table: texte(table, "\t", "utf-16", "\r\n"),
    "utf-16 sans marque": lambda table: texte(table, "\t", "utf-16-le", "\r\n"),
    "vieux mac": lambda table: texte(table, ";", "utf-8", "\r"),
    "séparateur annoncé": lambda table: texte(table, ";", "utf-8", "\r\n", annonce=True),
    "fins vides": _avec_fins_vides,
    "xlsx": xlsx,
    "ods": ods,
}
