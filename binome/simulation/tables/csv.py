"""A table of doctors as people send it: text in cells, each distinct one checked by the field of `Situation`."""

from __future__ import annotations

import datetime
from collections.abc import Callable
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
from binome.simulation.tables.types import typer as typer_colonne
from binome.tableaux.lecture import Tableau, lire
from binome.tableaux.refus import FauteDeLigne, FichierRefuse
from binome.tableaux.titres import Titres

#: The cells of a file, as text, with the number of each line and the lines that could not be cut into cells.
Texte = Tableau


def lire_csv(entree: Path) -> Texte:
    """A file of any dialect as text columns. A bad line is set aside, and named. Raises BinomeErreur for the others."""
    colonnes = colonnes_acceptees()
    titres = Titres(tuple(c.nom for c in colonnes), tuple(c.nom for c in colonnes if c.obligatoire))
    try:
        return lire(entree.read_bytes(), titres)
    except OSError as erreur:
        raise BinomeErreur(f"fichier « {entree} » : {raison(erreur)}") from erreur
    except FichierRefuse as refus:
        # The list of our columns is long: the command that gives it is enough.
        dites = [dite for dite in refus.raisons if not dite.startswith("titres attendus")]
        suite = " (« binome schema lot » donne les colonnes attendues)" if len(dites) < len(refus.raisons) else ""
        raise BinomeErreur(f"fichier « {entree.name} » : {' ; '.join(dites)}{suite}") from refus


def typer(loi: Any, texte: Texte) -> Entrees:
    """The cells as columns of the law, each distinct text checked once; bad cells are set aside by name."""
    tableau = texte.colonnes
    saisies = Entrees(tableau.height)
    for colonne in COLONNES.values():
        if colonne.nom in tableau.columns:
            _typer(loi, colonne, tableau.get_column(colonne.nom), saisies)
        if colonne.obligatoire:
            saisies.manquantes(colonne.nom)
    return saisies


def _typer(loi: Any, colonne: Colonne, cellules: pl.Series, saisies: Entrees) -> None:
    texte = cellules
    uniques = texte.unique().drop_nulls()
    # An absent cell takes the place after the last text, which holds the default.
    codes = texte.cast(pl.Enum(uniques)).to_physical().fill_null(uniques.len()).to_numpy()
    variable = loi.variables.get(colonne.variable)
    defaut = np.datetime64("0001-01-01", "D") if variable is None else np.asarray(variable.default_array(1))[0]
    valeurs, refusees = _simples(loi, colonne, uniques, defaut) or distinctes(loi, colonne, uniques, defaut)
    saisies.colonnes[colonne.nom] = Connues(valeurs.take(codes), texte.is_not_null().to_numpy())
    for code, message in refusees.items():
        for rang in np.flatnonzero(codes == code).tolist():
            saisies.refuser(rang, colonne.nom, uniques[code], message)


def _simples(loi: Any, colonne: Colonne, textes: pl.Series, defaut: Any) -> tuple[NDArray[Any], dict[int, str]] | None:
    """What `distinctes` gives, read at once: days or whole numbers, in their plainest writing and accepted.

    Those writings have one reading in the grammar of cells. None for anything else: a refusal is told text by text.
    """
    variable = loi.variables.get(colonne.variable)
    genre = datetime.date if variable is None else variable.value_type
    if genre not in _SIMPLES or colonne.en_centimes or colonne.part:
        return None
    ecriture, lire = _SIMPLES[genre]
    if not textes.str.contains(ecriture).all():
        return None
    connues, mauvaises = typer_colonne(loi, colonne, lire(textes))
    if mauvaises or not connues.donnees.all():
        return None
    return np.append(connues.valeurs, defaut).astype(np.asarray(defaut).dtype), {}


#: By type, the plainest writing of a cell, and how a column of it is read at once.
_SIMPLES: dict[Any, tuple[str, Callable[[pl.Series], pl.Series]]] = {
    int: ("^(0|[1-9][0-9]{0,8})$", lambda cellules: cellules.cast(pl.Int64)),
    datetime.date: ("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", lambda cellules: cellules.str.to_date("%Y-%m-%d", strict=False)),
}


def fautes_de(texte: Texte, saisies: Entrees) -> list[FauteDeLigne]:
    """Every fault of a file, in the order of its lines, with the cell as it was written."""
    fautes = list(texte.fautes)
    for faute in saisies.fautes:
        ecrite = texte.colonnes[faute.champ][faute.rang] if faute.champ in texte.colonnes.columns else None
        fautes.append(FauteDeLigne(int(texte.numeros[faute.rang]), faute.champ, ecrite or "", faute.message))
    return sorted(fautes, key=lambda faute: (faute.ligne, faute.champ))
