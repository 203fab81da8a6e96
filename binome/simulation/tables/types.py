"""A typed column as the law stores it: each value checked by the field of `Situation`, mostly without looking at it.

The fields accept intervals of numbers and dates: where the least and the greatest value of a column pass, the others
do. Only a column that fails is looked at value by value, to name the rows. Lists are checked by their distinct names.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from pydantic import ValidationError

from binome.simulation.modele.coherence import Connues
from binome.simulation.modele.erreurs import BinomeErreur, traduire
from binome.simulation.moteur.calcul import ABSENTE
from binome.simulation.moteur.lignes import en_valeur_de_loi
from binome.simulation.tables.colonnes import Colonne
from openfisca_assistants_medicaux.nomenclatures import NON_DETERMINE

#: (row, value received, what is expected)
Mauvaise = tuple[int, Any, str]


def typer(loi: Any, colonne: Colonne, brute: Any) -> tuple[Connues, list[Mauvaise]]:
    """A column of values as the law's, and the bad ones. Raises BinomeErreur when the column is of another type."""
    serie = brute if isinstance(brute, (pl.Series, np.ndarray)) else pl.Series(brute, strict=False)
    variable = loi.variables.get(colonne.variable)
    defaut = None if variable is None else np.asarray(variable.default_array(1))[0]
    genre = datetime.date if variable is None else variable.value_type
    if getattr(variable, "possible_values", None) is not None:
        return _liste(loi, colonne, serie, defaut)
    if genre is datetime.date:
        return _ordonnee(colonne, *_dates(colonne, serie), ABSENTE)
    if genre is bool:
        return _ordonnee(colonne, *_booleens(colonne, serie), defaut)
    if genre is int:
        return _ordonnee(colonne, *_entiers(colonne, serie), defaut)
    return _ordonnee(colonne, *_decimaux(colonne, serie), defaut)


def distinctes(loi: Any, colonne: Colonne, valeurs: Iterable[Any], defaut: Any) -> tuple[NDArray[Any], dict[int, str]]:
    """Distinct values as the law's, then its default; and what is wrong with some of them, by rank."""
    lues, mauvaises = [], {}
    for rang, brute in enumerate(valeurs):
        try:
            valeur = colonne.valider(brute)
            lues.append(en_valeur_de_loi(loi, colonne.variable, valeur) if colonne.lue else np.datetime64(valeur, "D"))
        except ValidationError as erreur:
            mauvaises[rang] = traduire(erreur.errors()[0]).message
            lues.append(defaut)
    return np.array([*lues, defaut], dtype=np.asarray(defaut).dtype), mauvaises


def _liste(loi: Any, colonne: Colonne, serie: Any, defaut: Any) -> tuple[Connues, list[Mauvaise]]:
    """Members of a list: by name, by yes or no, or by the law's own index in a NumPy column of integers."""
    if isinstance(serie, np.ndarray) and serie.dtype.kind in "iu":
        nombre = len(list(loi.variables[colonne.variable].possible_values))
        hors = (serie < 0) | (serie >= nombre)
        attendu = f"rang d'une modalité, de 0 à {nombre - 1}, attendu"
        mauvaises: list[Mauvaise] = [
            (rang, int(serie[rang]), f"« {serie[rang]} » refusé ; {attendu}") for rang in np.flatnonzero(hors).tolist()
        ]
        valeurs = np.where(hors, defaut, serie).astype(np.asarray(defaut).dtype)
        return Connues(valeurs, ~hors & (serie != int(defaut))), mauvaises
    if isinstance(serie, np.ndarray):
        serie = pl.Series(serie.astype(bool) if serie.dtype.kind == "b" else serie.astype(str))
    if not (serie.dtype in (pl.Boolean, pl.String, pl.Null) or isinstance(serie.dtype, (pl.Categorical, pl.Enum))):
        raise _autre_type(colonne, serie, "des noms ou des oui et non")
    if serie.dtype != pl.Boolean:
        serie = serie.cast(pl.String)
    uniques = serie.unique().drop_nulls()
    lues, refusees = distinctes(loi, colonne, uniques.to_list(), defaut)
    donnees = serie.is_not_null().to_numpy()
    if serie.dtype == pl.Boolean:
        places = np.array([uniques.to_list().index(membre) if membre in uniques else uniques.len()
                           for membre in (False, True)] + [uniques.len()])  # fmt: skip
        codes = places.take(serie.cast(pl.Int64).fill_null(2).to_numpy())
    else:
        codes = serie.cast(pl.Enum(uniques)).to_physical().fill_null(uniques.len()).to_numpy()
    mauvaises = [
        (rang, uniques[code], message)
        for code, message in refusees.items()
        for rang in np.flatnonzero(codes == code).tolist()
    ]
    return Connues(lues.take(codes), donnees), mauvaises


def _ordonnee(
    colonne: Colonne, valeurs: NDArray[Any], donnees: NDArray[np.bool_], defaut: Any
) -> tuple[Connues, list[Mauvaise]]:
    """Values on a line: the two ends are checked, and the others only when one of them fails."""
    mauvaises: list[Mauvaise] = []
    presentes = valeurs[donnees] if not donnees.all() else valeurs
    if len(presentes) and not (_passe(colonne, presentes.min()) and _passe(colonne, presentes.max())):
        mauvaises = list(_nommer(colonne, valeurs, donnees))
    gardees = donnees
    for rang, _, _ in mauvaises:
        gardees = gardees if gardees is not donnees else donnees.copy()
        gardees[rang] = False
    if not gardees.all():
        valeurs = np.where(gardees, valeurs, np.asarray(defaut).astype(valeurs.dtype))
    return Connues(valeurs, gardees), mauvaises


def _passe(colonne: Colonne, valeur: Any) -> bool:
    try:
        colonne.valider_type(valeur.item())
    except ValidationError:
        return False
    return True


def _nommer(colonne: Colonne, valeurs: NDArray[Any], donnees: NDArray[np.bool_]) -> Iterator[Mauvaise]:
    rangs = np.flatnonzero(donnees)
    uniques, places = np.unique(valeurs[rangs], return_inverse=True)
    refusees = np.full(len(uniques), "", dtype=object)
    for place, valeur in enumerate(uniques.tolist()):
        try:
            colonne.valider_type(valeur)
        except ValidationError as erreur:
            refusees[place] = traduire(erreur.errors()[0]).message
    for rang, place in zip(rangs.tolist(), places.tolist(), strict=True):
        if refusees[place]:
            yield rang, uniques[place].item(), str(refusees[place])


def _dates(colonne: Colonne, serie: Any) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    if isinstance(serie, pl.Series):
        if serie.dtype not in (pl.Date, pl.Null):
            raise _autre_type(colonne, serie, "des dates")
        serie = serie.cast(pl.Date).to_numpy()
    elif serie.dtype.kind != "M":
        raise _autre_type(colonne, serie, "des dates")
    jours = serie.astype("datetime64[D]")
    return jours, (jours > ABSENTE) & ~np.isnat(jours)


def _booleens(colonne: Colonne, serie: Any) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    if isinstance(serie, pl.Series):
        if serie.dtype not in (pl.Boolean, pl.Null):
            raise _autre_type(colonne, serie, "des oui et non")
        donnees = serie.is_not_null().to_numpy()
        return serie.cast(pl.Boolean).fill_null(False).to_numpy(), donnees
    if serie.dtype.kind != "b":
        raise _autre_type(colonne, serie, "des oui et non")
    return serie, np.ones(len(serie), dtype=bool)


def _entiers(colonne: Colonne, serie: Any) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    if isinstance(serie, pl.Series):
        if not (serie.dtype.is_integer() or serie.dtype == pl.Null):
            raise _autre_type(colonne, serie, "des nombres entiers")
        donnees = serie.is_not_null().to_numpy()
        return serie.cast(pl.Int64).fill_null(NON_DETERMINE).to_numpy(), donnees
    if serie.dtype.kind not in "iu":
        raise _autre_type(colonne, serie, "des nombres entiers")
    return serie, serie != NON_DETERMINE


def _decimaux(colonne: Colonne, serie: Any) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    if isinstance(serie, pl.Series):
        if not (serie.dtype.is_numeric() or serie.dtype == pl.Null):
            raise _autre_type(colonne, serie, "des nombres")
        serie = serie.cast(pl.Float64).fill_null(np.nan).to_numpy()
    elif serie.dtype.kind not in "fiu":
        raise _autre_type(colonne, serie, "des nombres")
    nombres = serie.astype(np.float64)
    if colonne.part:
        # As in every other door: 60 is 60 %, where no share under 1 % makes sense.
        nombres = np.where((nombres > 1) & (nombres <= 100), nombres / 100, nombres)
    return nombres, ~np.isnan(nombres)


def _autre_type(colonne: Colonne, serie: Any, attendu: str) -> BinomeErreur:
    return BinomeErreur(f"table, colonne {colonne.nom} : {attendu} attendus ; reçu : {serie.dtype}")
