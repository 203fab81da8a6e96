"""A table of doctors as people send it: text in cells, each distinct one checked by the field of `Situation`."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from binome.simulation.modele.coherence import Connues
from binome.simulation.modele.erreurs import BinomeErreur, raison
from binome.simulation.tables.colonnes import COLONNES, Colonne, colonnes_acceptees
from binome.simulation.tables.table import Entrees
from binome.simulation.tables.types import distinctes


@dataclass(frozen=True)
class FauteDeLigne:
    """Why a line was set aside. `ligne` counts the header as line 1."""

    ligne: int
    champ: str
    valeur: str
    message: str

    def __str__(self) -> str:
        return f"ligne {self.ligne}, {self.champ} : {self.message}"


@dataclass(frozen=True)
class Texte:
    """The cells of a file, as text, with the number of each line and the lines that could not be cut into cells."""

    tableau: pl.DataFrame
    numeros: NDArray[np.int64]
    fautes: tuple[FauteDeLigne, ...] = ()


def lire_csv(entree: Path) -> Texte:
    """A CSV (UTF-8, comma or semicolon) as text columns. A line with too many cells is set aside, and named."""
    try:
        brut = entree.read_bytes()
    except OSError as erreur:
        raise BinomeErreur(f"fichier « {entree} » : {raison(erreur)}") from erreur
    try:
        debut = brut.decode("utf-8-sig")
    except UnicodeDecodeError as erreur:
        ligne = brut[: erreur.start].count(b"\n") + 1
        raise BinomeErreur(
            f"fichier « {entree.name} », ligne {ligne} : encodage illisible ; UTF-8 attendu "
            "(enregistrez le tableur en « CSV UTF-8 »)"
        ) from erreur
    entete = debut.partition("\n")[0].strip()
    if not entete:
        raise BinomeErreur(f"fichier « {entree.name} » vide ; une ligne de titres est attendue")
    separateur = ";" if entete.count(";") > entete.count(",") else ","
    _controler_titres([titre.strip().strip('"').strip() for titre in entete.split(separateur)])
    if not debut.partition("\n")[2].strip():
        raise BinomeErreur(f"fichier « {entree.name} » : aucune ligne après les titres ; au moins un médecin attendu")
    try:
        tableau = _en_colonnes(brut, separateur)
        return Texte(tableau, np.arange(tableau.height) + 2)
    except pl.exceptions.PolarsError:
        # Some line does not have the cells of the titles: only then is the file read line by line.
        return _ligne_a_ligne(entree.name, debut, separateur)


def _en_colonnes(brut: bytes, separateur: str) -> pl.DataFrame:
    return pl.read_csv(brut, separator=separateur, infer_schema=False, null_values=[""], truncate_ragged_lines=False)


def _ligne_a_ligne(nom: str, texte: str, separateur: str) -> Texte:
    """The lines that can be cut as the titles are; the others as faults. Raises BinomeErreur if quotes never close."""
    lecteur = csv.reader(io.StringIO(texte, newline=""), delimiter=separateur, strict=True)
    bonnes, numeros, fautes = io.StringIO(newline=""), [], []
    ecrivain = csv.writer(bonnes, delimiter=separateur)
    titres: list[str] = []
    try:
        for cellules in lecteur:
            if not titres:
                titres = cellules
            elif len(cellules) > len(titres):
                message = f"{len(cellules)} cellules ; le nombre de colonnes des titres est attendu ({len(titres)})"
                fautes.append(FauteDeLigne(lecteur.line_num, "ligne", separateur.join(cellules)[:80], message))
                continue
            elif cellules:
                numeros.append(lecteur.line_num)
            ecrivain.writerow(cellules)
    except csv.Error as erreur:
        raise BinomeErreur(
            f"fichier « {nom} », ligne {lecteur.line_num} : CSV illisible ; guillemets refermés attendus"
        ) from erreur
    tableau = _en_colonnes(bonnes.getvalue().encode(), separateur)
    return Texte(tableau, np.array(numeros, dtype=np.int64), tuple(fautes))


def _controler_titres(titres: list[str]) -> None:
    connues = {colonne.nom for colonne in colonnes_acceptees()}
    inconnues = [nom for nom in titres if nom not in connues]
    absentes = [c.nom for c in colonnes_acceptees() if c.obligatoire and c.nom not in titres]
    doubles = sorted({nom for nom in titres if titres.count(nom) > 1})
    fautes = []
    if doubles:
        fautes.append(f"colonne(s) en double : {', '.join(doubles)}")
    if absentes:
        fautes.append(f"colonne(s) absente(s) : {', '.join(absentes)}")
    if inconnues:
        fautes.append(f"colonne(s) inconnue(s) : {', '.join(inconnues)} (« binome schema lot » donne celles attendues)")
    if fautes:
        raise BinomeErreur("titres du tableau : " + " ; ".join(fautes))


def typer(loi: Any, texte: Texte) -> Entrees:
    """The cells as columns of the law, each distinct text checked once; bad cells are set aside by name."""
    tableau = texte.tableau.rename({nom: nom.strip() for nom in texte.tableau.columns})
    saisies = Entrees(tableau.height)
    for colonne in COLONNES.values():
        if colonne.nom in tableau.columns:
            _typer(loi, colonne, tableau.get_column(colonne.nom), saisies)
        if colonne.obligatoire:
            saisies.manquantes(colonne.nom)
    return saisies


def _typer(loi: Any, colonne: Colonne, cellules: pl.Series, saisies: Entrees) -> None:
    texte = cellules.str.strip_chars().replace("", None)
    uniques = texte.unique().drop_nulls()
    # An absent cell takes the place after the last text, which holds the default.
    codes = texte.cast(pl.Enum(uniques)).to_physical().fill_null(uniques.len()).to_numpy()
    variable = loi.variables.get(colonne.variable)
    defaut = np.datetime64("0001-01-01", "D") if variable is None else np.asarray(variable.default_array(1))[0]
    valeurs, refusees = distinctes(loi, colonne, uniques, defaut)
    saisies.colonnes[colonne.nom] = Connues(valeurs.take(codes), texte.is_not_null().to_numpy())
    for code, message in refusees.items():
        for rang in np.flatnonzero(codes == code).tolist():
            saisies.refuser(rang, colonne.nom, uniques[code], message)


def fautes_de(texte: Texte, saisies: Entrees) -> list[FauteDeLigne]:
    """Every fault of a file, in the order of its lines, with the cell as it was written."""
    fautes = list(texte.fautes)
    for faute in saisies.fautes:
        ecrite = texte.tableau[faute.champ][faute.rang] if faute.champ in texte.tableau.columns else None
        fautes.append(FauteDeLigne(int(texte.numeros[faute.rang]), faute.champ, ecrite or "", faute.message))
    return sorted(fautes, key=lambda faute: (faute.ligne, faute.champ))
