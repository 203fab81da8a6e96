"""A table that another process read: what it sends, and what is made of it here (`binome.isolement`)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
import polars as pl

from binome.tableaux.lecture import Tableau, lire
from binome.tableaux.refus import FauteDeLigne
from binome.tableaux.titres import Titres

#: Reader to name to `isolement.lire`; its options are those of `en_donnees`.
LECTEUR = "binome.tableaux.transport:en_donnees"


def en_donnees(
    octets: bytes, *, champs: list[str], obligatoires: list[str], octets_maximum: int, lignes_maximum: int
) -> dict[str, Any]:
    """A file's table as JSON can say it. Raises FichierRefuse when it cannot be read at all."""
    titres = Titres(tuple(champs), tuple(obligatoires))
    lu = lire(octets, titres, octets_maximum=octets_maximum, lignes_maximum=lignes_maximum)
    return {
        "colonnes": {colonne.name: colonne.to_list() for colonne in lu.colonnes},
        "numeros": lu.numeros.tolist(),
        "fautes": [asdict(faute) for faute in lu.fautes],
    }


def tableau(donnees: dict[str, Any]) -> Tableau:
    """The same table, here."""
    return Tableau(
        pl.DataFrame(donnees["colonnes"], schema=dict.fromkeys(donnees["colonnes"], pl.String)),
        np.array(donnees["numeros"], dtype=np.int64),
        tuple(FauteDeLigne(**faute) for faute in donnees["fautes"]),
    )
