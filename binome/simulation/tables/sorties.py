"""What a table answers, as files: CSV, workbook or Parquet, amounts in euros, written whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from binome import argent
from binome.simulation.modele.erreurs import BinomeErreur, raison
from binome.simulation.tables.table import MONTANTS
from binome.tableaux import ecriture
from binome.tableaux.formats import Format
from binome.tableaux.refus import FauteDeLigne

REJETS = {"ligne": pl.Int64, "champ": pl.String, "valeur": pl.String, "raison": pl.String}


def rejets_par_defaut(sortie: Path) -> Path:
    """Where rejected lines go when nothing else is asked."""
    return sortie.with_suffix(".rejets.csv")


def controler_les_cibles(sortie: Path, rejets: Path, genre: Format | None) -> Format:
    """The format of the results; refuse, before any computation, what could not be written. Raises BinomeErreur."""
    genre = genre or Format.du_nom(sortie)
    if genre is None:
        raise BinomeErreur(f"sortie « {sortie.name} » : extension .csv, .xlsx ou .parquet attendue, ou --format")
    for cible in (sortie, rejets):
        if cible.is_dir() or not cible.parent.is_dir():
            raise BinomeErreur(f"« {cible} » : fichier attendu, dans un dossier qui existe")
    return genre


def en_euros(resultats: pl.DataFrame) -> pl.LazyFrame:
    """Amounts in euros (exact decimals), names of lists as text: what other programs read. Made as it is written."""
    montants = [nom for nom in resultats.columns if nom.startswith("total_cinq_ans") or _figure(nom) in MONTANTS]
    listes = [nom for nom, genre in resultats.schema.items() if isinstance(genre, pl.Enum)]
    serres = [nom for nom, genre in resultats.schema.items() if genre == pl.Int32 and nom not in montants]
    return resultats.lazy().with_columns(
        *((pl.col(nom).cast(pl.Decimal(18, 2)) / argent.CENTIMES).cast(pl.Decimal(18, 2)) for nom in montants),
        *(pl.col(nom).cast(pl.String) for nom in listes),
        *(pl.col(nom).cast(pl.Int64) for nom in serres),
    )


def _figure(nom: str) -> str:
    """The figure of a column of the year."""
    return nom.rpartition("_an")[0]


def rejets_de(fautes: Sequence[FauteDeLigne]) -> pl.LazyFrame:
    """The lines set aside, with their reasons."""
    lignes = [(faute.ligne, faute.champ, faute.valeur, faute.message) for faute in fautes]
    return pl.LazyFrame(lignes, schema=REJETS, orient="row")


def ecrire(tableau: pl.LazyFrame, fichier: Path, genre: Format) -> None:
    """Write beside, then rename: readers see the old file or the new one, never half of it. Raises BinomeErreur."""
    provisoire = fichier.with_name(f".{fichier.name}.partiel")
    try:
        ecriture.ecrire(tableau, provisoire, genre)
        provisoire.replace(fichier)
    except OSError as erreur:
        raise BinomeErreur(f"écriture de « {fichier} » impossible : {raison(erreur)}") from erreur
    finally:
        provisoire.unlink(missing_ok=True)
