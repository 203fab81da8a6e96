"""Files of percentiles as people write them, made into the strict CSV that the law package reads alone.

A file that the law reads as it is stays what it is, byte for byte. Any other goes through the one reader of tables; its
lines keep their numbers, so that what the law says of a line is true of the file.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from functools import lru_cache

from binome.simulation.modele.erreurs import BinomeErreur
from binome.tableaux import cellules, libelles
from binome.tableaux.refus import CelluleRefusee, FichierRefuse
from binome.tableaux.titres import Titres
from openfisca_assistants_medicaux.distributions import COLONNES, DistributionInvalide, lire_percentiles
from openfisca_assistants_medicaux.fichiers import Fichier

#: Columns that may be left out: they say where a value comes from, and nothing is computed on them.
FACULTATIVES = ("lien", "note")


@lru_cache(maxsize=64)
def canonique(fichier: Fichier) -> Fichier:
    """The same percentiles as the law reads them. Raises BinomeErreur, naming every bad line."""
    try:
        lire_percentiles(fichier)
    except DistributionInvalide:
        return _convertie(fichier)
    return fichier


def _convertie(fichier: Fichier) -> Fichier:
    # A simulation reads the strict file at each start: the reader of tables, and what it brings, is for the others.
    from binome.tableaux.lecture import lire

    titres = Titres(COLONNES, tuple(colonne for colonne in COLONNES if colonne not in FACULTATIVES))
    try:
        tableau = lire(fichier.contenu, titres)
    except FichierRefuse as refus:
        raise BinomeErreur(f"{fichier.nom} : {refus}") from refus
    fautes = [f"{fichier.nom}, {faute}" for faute in tableau.fautes]
    flux = io.StringIO(newline="")
    ecrivain = csv.writer(flux, lineterminator="\n")
    ecrivain.writerow(COLONNES)
    ecrites = 1
    for numero, ligne in tableau.lignes():
        flux.write("\n" * (numero - ecrites - 1))
        ecrites = numero
        ecrivain.writerow(
            [_cellule(fichier.nom, numero, colonne, ligne.get(colonne, ""), fautes) for colonne in COLONNES]
        )
    lu = Fichier(fichier.nom, flux.getvalue().encode())
    try:
        lire_percentiles(lu)
    except DistributionInvalide as erreur:
        # What a cell was refused for is said once, in the words of the reader.
        deja = {faute.partition(" : ")[0] for faute in fautes}
        fautes += [dite for dite in str(erreur).splitlines() if dite.partition(" : ")[0] not in deja]
    if fautes:
        raise BinomeErreur("\n".join(fautes))
    return lu


def _cellule(fichier: str, numero: int, colonne: str, texte: str, fautes: list[str]) -> str:
    lecture = LECTURES.get(colonne)
    if lecture is None or not texte:
        return " ".join(texte.split())
    try:
        return lecture(texte)
    except CelluleRefusee as refus:
        fautes.append(f"{fichier}, ligne {numero} : {colonne} « {texte} » refusé ; {refus}")
        return texte


def _percentile(texte: str) -> str:
    return f"{cellules.decimal(texte.strip().upper().removeprefix('P')):f}"


def _valeur(texte: str) -> str:
    """A number of patients; what is no number is left to the law, which also reads words and intervals there."""
    return str(cellules.entier(texte)) if any(signe.isdecimal() for signe in texte) and "-" not in texte else texte


LECTURES: dict[str, Callable[[str], str]] = {
    "date": lambda texte: cellules.date(texte).isoformat(),
    "specialite": lambda texte: libelles.specialites().lire(texte),
    "percentile": _percentile,
    "valeur": _valeur,
}
