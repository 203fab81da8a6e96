"""A file of doctors in, a file of answers out: what `binome lot` does."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from binome.simulation.modele import coherence
from binome.simulation.modele.erreurs import BinomeErreur
from binome.simulation.modele.resultat import Version
from binome.simulation.moteur.systeme import apports_avec, systeme
from binome.simulation.moteur.version import version_du_calcul
from binome.simulation.reponse.controles import faits_de_la_loi
from binome.simulation.tables.csv import Texte, fautes_de, lire_csv, typer
from binome.simulation.tables.lectures import POINTS_OUVERTS, points_des_medecins
from binome.simulation.tables.sorties import controler_les_cibles, ecrire, en_euros, rejets_de, rejets_par_defaut
from binome.simulation.tables.table import Avancement, Entrees, calculer, croiser
from binome.tableaux.formats import Format
from binome.tableaux.refus import FauteDeLigne


@dataclass
class BilanDuLot:
    """What a batch did. `annees_ignorees` counts the results that were not known yet at the date of a replay."""

    lignes: int = 0
    acceptees: int = 0
    fautes: list[FauteDeLigne] = field(default_factory=list)
    annees_ignorees: int = 0
    #: How many lines answer in two ways, by open point.
    points_ouverts: dict[str, int] = field(default_factory=dict)
    #: On what it computed.
    version: Version | None = None

    @property
    def rejetees(self) -> int:
        """Lines set aside."""
        return self.lignes - self.acceptees


def traiter(
    entree: Path,
    sortie: Path,
    rejets: Path,
    date: datetime.date,
    distributions: Sequence[str] = (),
    avancement: Avancement | None = None,
    *,
    rejeu: bool = False,
    genre: Format | None = None,
) -> BilanDuLot:
    """Simulate every line of a file and write the results (`genre`, or what the name tells) and the rejected lines.

    `rejeu` leaves out the results that were not known at `date`, as `simuler --date` does (see `table.croiser`).
    Files are written whole, at the end, under their final name: a failure leaves nothing half-written. Raises
    BinomeErreur for a fault of the file itself (encoding, columns, format).
    """
    genre = controler_les_cibles(sortie, rejets, genre)
    apports = apports_avec(distributions)
    loi, version = systeme(apports), version_du_calcul(apports)
    for ecart in coherence.juger(coherence.A_LA_SIGNATURE, faits_de_la_loi(loi, date, collectif=False)):
        raise BinomeErreur(f"date {ecart.message}")
    texte = lire_csv(entree)
    saisies = typer(loi, texte)
    ignorees = croiser(loi, saisies, date, rejeu=rejeu)
    bilan = _bilan(texte, saisies, ignorees, version)
    numeros, identifiants = texte.numeros, _identifiants(texte.colonnes)
    # A large file's text is heavy, and said all it had to say.
    del texte
    resultats = calculer(loi, saisies, date, avancement=avancement, serres=True)
    del saisies
    bilan.points_ouverts = _points_ouverts(loi, resultats)
    resultats = resultats.with_columns(pl.lit(version.empreinte_loi).alias("empreinte_loi"))
    if bilan.fautes:
        ecrire(rejets_de(bilan.fautes), rejets, Format.csv_programme if genre is Format.csv_programme else Format.csv)
    elif rejets == rejets_par_defaut(sortie):
        # Ours, and left by an earlier run: it would speak of lines that are now accepted.
        rejets.unlink(missing_ok=True)
    ecrire(en_euros(_reperer(resultats, numeros, identifiants)), sortie, genre)
    return bilan


def _points_ouverts(loi: Any, resultats: pl.DataFrame) -> dict[str, int]:
    """Lines by open point, in the order of the points."""
    comptes: Counter[str] = Counter()
    for dits, nombre in resultats.get_column(POINTS_OUVERTS).value_counts(sort=True).iter_rows():
        comptes.update(dict.fromkeys(dits.split(), nombre))
    return {point: comptes[point] for point in (connu.nom for connu in points_des_medecins(loi)) if comptes[point]}


def _identifiants(tableau: pl.DataFrame) -> pl.Series:
    """The marks that the author of a file gave its lines."""
    if "identifiant" in tableau.columns:
        return tableau.get_column("identifiant")
    return pl.repeat(None, tableau.height, dtype=pl.String, eager=True).alias("identifiant")


def _reperer(resultats: pl.DataFrame, numeros: NDArray[np.int64], identifiants: pl.Series) -> pl.DataFrame:
    """Each answer with the line it comes from, and the mark that its author gave it."""
    rangs = resultats.get_column("rang").to_numpy()
    reperes = [pl.Series("ligne", numeros[rangs]), identifiants.gather(rangs).alias("identifiant")]
    return pl.DataFrame(reperes).hstack(resultats.drop("rang"))


def _bilan(texte: Texte, saisies: Entrees, ignorees: int, version: Version) -> BilanDuLot:
    lignes = saisies.nombre + len(texte.fautes)
    return BilanDuLot(
        lignes, int(saisies.bonnes.sum()), fautes_de(texte, saisies), annees_ignorees=ignorees, version=version
    )
