"""From the bytes of a workbook (.xlsx, .ods) to its lines of cells, as a text file would write them.

A workbook is a compressed archive that says where its cells stand: what it would unfold to is measured before it is
opened, for a few bytes may claim billions of cells.
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
import zlib
from collections.abc import Iterable

import python_calamine as calamine

from binome.tableaux.refus import FichierRefuse
from binome.tableaux.texte import Ligne

#: What a table of doctors may be at most, once unfolded.
OCTETS_DEPLIES, COLONNES_MAXIMUM, CELLULES_MAXIMUM = 400_000_000, 500, 30_000_000
_MORCEAU = 1 << 20

_ARCHIVE, _ANCIEN = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_REPERE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,3})(\d{1,7})["']""")
_BALISES_ODS = re.compile(rb"<(/?)table:(table-row|table-cell|covered-table-cell|table)\b([^>]*?)(/?)>")
_REPETEES = re.compile(rb"""table:number-(?:columns|rows)-repeated\s*=\s*["'](\d{1,12})["']""")


def en_est_un(octets: bytes) -> bool:
    """True for a workbook, readable or not."""
    return octets.startswith((_ARCHIVE, _ANCIEN))


def lignes(octets: bytes) -> list[Ligne]:
    """The lines of the only sheet that holds something, with their numbers. Raises FichierRefuse."""
    if octets.startswith(_ANCIEN):
        raise FichierRefuse("classeur protégé par un mot de passe, ou d'un ancien format ; .xlsx, .ods ou CSV attendu")
    sain = _mesurer(octets)
    try:
        classeur = calamine.load_workbook(sain)
        visibles = [m.name for m in classeur.sheets_metadata if m.visible == calamine.SheetVisibleEnum.Visible]
        feuilles = {nom: _lignes(classeur.get_sheet_by_name(nom).to_python(skip_empty_area=False)) for nom in visibles}
    except (calamine.CalamineError, ValueError, OverflowError) as erreur:
        raise FichierRefuse("classeur illisible ; .xlsx, .ods ou CSV attendu") from erreur
    pleines = {nom: lues for nom, lues in feuilles.items() if lues}
    if len(pleines) > 1:
        noms = ", ".join(f"« {nom} »" for nom in pleines)
        raise FichierRefuse(f"{len(pleines)} feuilles remplies ({noms}) ; une seule est attendue")
    return next(iter(pleines.values()), [])


def _lignes(rangees: Iterable[Iterable[object]]) -> list[Ligne]:
    ecrites = ((numero, [_ecrire(c) for c in cellules]) for numero, cellules in enumerate(rangees, start=1))
    return [(numero, cellules) for numero, cellules in ecrites if any(cellule.strip() for cellule in cellules)]


def _ecrire(cellule: object) -> str:
    """A typed cell as our grammar of cells reads it, exactly."""
    if isinstance(cellule, bool):
        return "oui" if cellule else "non"
    if isinstance(cellule, float):
        return str(int(cellule)) if cellule.is_integer() and abs(cellule) < 1e15 else repr(cellule)
    if isinstance(cellule, datetime.datetime):
        heure = cellule.time() != datetime.time()
        return cellule.isoformat(" ", "seconds") if heure else cellule.date().isoformat()
    return str(cellule)


def _mesurer(octets: bytes) -> io.BytesIO:
    """The same archive, unfolded within bounds and proved to hold a table of a sane size. Raises FichierRefuse."""
    copie = io.BytesIO()
    total = 0
    try:
        with zipfile.ZipFile(io.BytesIO(octets)) as archive, zipfile.ZipFile(copie, "w") as saine:
            for membre in archive.infolist():
                if membre.flag_bits & 1:
                    raise FichierRefuse("classeur protégé par un mot de passe ; un classeur ouvert est attendu")
                with archive.open(membre) as flux:
                    morceaux = []
                    while morceau := flux.read(_MORCEAU):
                        total += len(morceau)
                        if total > OCTETS_DEPLIES:
                            raise FichierRefuse("classeur trop grand ; au plus 400 Mo une fois déplié")
                        morceaux.append(morceau)
                contenu = b"".join(morceaux)
                if membre.filename.startswith("xl/worksheets/"):
                    _controler(*_etendue_xlsx(contenu))
                elif membre.filename == "content.xml":
                    _controler(*_etendue_ods(contenu))
                saine.writestr(membre.filename, contenu)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, zlib.error) as erreur:
        raise FichierRefuse("classeur illisible ; .xlsx, .ods ou CSV attendu") from erreur
    copie.seek(0)
    return copie


def _controler(colonnes: int, rangees: int) -> None:
    if colonnes > COLONNES_MAXIMUM or colonnes * rangees > CELLULES_MAXIMUM:
        raise FichierRefuse(
            f"feuille de {rangees} lignes et {colonnes} colonnes ; un tableau de médecins est attendu "
            f"(au plus {COLONNES_MAXIMUM} colonnes)"
        )


def _etendue_xlsx(xml: bytes) -> tuple[int, int]:
    """Columns and rows of a sheet, by the farthest cell that it names."""
    colonnes = rangees = 0
    lettres: dict[bytes, int] = {}
    for nom, rangee in _REPERE.findall(xml):
        if nom not in lettres:
            rang = 0
            for lettre in nom.upper():
                rang = rang * 26 + lettre - 64
            lettres[nom] = rang
            colonnes = max(colonnes, rang)
        rangees = max(rangees, int(rangee))
    return colonnes, rangees


def _etendue_ods(xml: bytes) -> tuple[int, int]:
    """Columns and rows of the largest sheet, trailing blanks set aside, repetitions counted."""
    colonnes = rangees = 0
    largeur = hauteur = position = 0
    repetees_rangee, remplie = 1, False
    for fermante, nom, attributs, vide in _BALISES_ODS.findall(xml):
        repetees = int(trouve.group(1)) if (trouve := _REPETEES.search(attributs)) else 1
        if nom == b"table" and not fermante:
            largeur = hauteur = 0
        elif nom == b"table-row":
            if not fermante:
                position, repetees_rangee, remplie = 0, repetees, False
            if fermante or vide:
                hauteur += repetees_rangee
                if remplie:
                    rangees = max(rangees, hauteur)
        elif nom in {b"table-cell", b"covered-table-cell"} and not fermante:
            position += repetees
            if not vide or b"office:value" in attributs:
                remplie, largeur = True, max(largeur, position)
                colonnes = max(colonnes, largeur)
    return colonnes, rangees
