"""A file as columns of text under our names, with the number of each line, whatever wrote it.

Long tables are cut by Polars; those that hold quotes or uneven lines are cut by the `csv` module, so that the number of
a line stays that of the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from binome.francais import sans_accents
from binome.tableaux import classeur, texte
from binome.tableaux.refus import FauteDeLigne, FichierRefuse
from binome.tableaux.texte import Ligne
from binome.tableaux.titres import Titres

#: Technical bounds, against files of another kind.
OCTETS_MAXIMUM, LIGNES_MAXIMUM = 300_000_000, 2_000_000
#: A title, or a cell shown in a fault, beyond that is cut.
LONGUEUR_MONTREE = 80
#: Spaces of plain ASCII that a line of cells may hold.
_BLANCS = (" ", "\t", "\x0b", "\x0c")
_TOTAUX = ("total", "totaux", "sous_total", "total_general", "somme", "ensemble", "totaux_generaux")


@dataclass(frozen=True)
class Tableau:
    """The good lines: columns of text (empty: null), the number of each line in the file, and the bad lines."""

    colonnes: pl.DataFrame
    numeros: NDArray[np.int64]
    fautes: tuple[FauteDeLigne, ...] = ()

    @property
    def nombre(self) -> int:
        """Lines read, the bad ones included."""
        return self.colonnes.height + len(self.fautes)

    def lignes(self) -> Iterator[tuple[int, dict[str, str]]]:
        """The good lines, one by one: number in the file, cells by field (empty: « »)."""
        remplies = self.colonnes.fill_null("")
        yield from zip(self.numeros.tolist(), remplies.iter_rows(named=True), strict=True)


def lire(
    octets: bytes, titres: Titres, *, octets_maximum: int = OCTETS_MAXIMUM, lignes_maximum: int = LIGNES_MAXIMUM
) -> Tableau:
    """The table of a file. Raises FichierRefuse when it cannot be read at all: kind, encoding, titles, no line."""
    if not octets.strip():
        raise FichierRefuse("fichier vide ; une ligne de titres est attendue")
    if len(octets) > octets_maximum:
        raise FichierRefuse(f"au plus {octets_maximum // 1_000_000} Mo attendus")
    if classeur.en_est_un(octets):
        lu = _du_classeur(octets, titres)
    else:
        brut = texte.decoder(octets)
        # A large file is heavy enough once.
        del octets
        lu = _du_texte(brut, titres)
    if lu.nombre > lignes_maximum:
        raise FichierRefuse(f"au plus {lignes_maximum} lignes attendues")
    if not lu.nombre:
        raise FichierRefuse("aucune ligne sous les titres ; une au moins est attendue")
    return lu


def _du_classeur(octets: bytes, titres: Titres) -> Tableau:
    lues = classeur.lignes(octets)
    if not lues:
        raise FichierRefuse("feuille vide ; une ligne de titres est attendue")
    return _assembler(lues, titres, "")


def _du_texte(brut: str, titres: Titres) -> Tableau:
    separateur, reste, sautees = texte.annonce(brut)
    if '"' not in reste:
        reste = reste.replace("\r\n", "\n").replace("\r", "\n")
        rapide = _d_un_trait(reste, titres, separateur, sautees)
        if rapide is not None:
            return rapide
    premiere = next((ligne for ligne in reste.splitlines() if ligne.strip(" \t;,")), "")
    separateur = separateur or texte.separateur_de(premiere, titres.connus)
    lues = texte.lignes(reste, separateur, sautees)
    if not lues:
        raise FichierRefuse("fichier vide ; une ligne de titres est attendue")
    return _assembler(lues, titres, separateur)


def _d_un_trait(brut: str, titres: Titres, separateur: str | None, sautees: int) -> Tableau | None:
    """The whole table at once, when no line departs from the titles; None otherwise."""
    corps = brut.rstrip(" \n\t;,")
    if len(brut) - len(corps) == brut.count("\n", len(corps)) <= 1:
        # Nothing but the end of the last line: no copy of a large file for that.
        corps = brut
    premiere, _, suite = corps.partition("\n")
    if not suite or "\n\n" in corps or not premiere.strip(" \t;,"):
        return None
    separateur = separateur or texte.separateur_de(premiere, titres.connus)
    ecrits = [titre.strip() for titre in premiere.split(separateur)]
    if "" in ecrits or len(ecrits) < 2:
        return None
    champs = titres.reconnaitre(ecrits)
    try:
        tableau = pl.read_csv(
            corps.encode(),
            skip_lines=1,
            separator=separateur,
            infer_schema=False,
            has_header=False,
            new_columns=champs,
            schema=dict.fromkeys(champs, pl.String),
            quote_char=None,
        )
    except pl.exceptions.PolarsError:
        return None
    numeros = np.arange(tableau.height, dtype=np.int64) + 2 + sautees
    return _sans_totaux(tableau, numeros, (), nues=_sans_blancs(suite, separateur))


def _sans_blancs(corps: str, separateur: str) -> bool:
    """True where no cell holds a space of any kind: there is nothing to strip."""
    return corps.isascii() and not any(blanc in corps for blanc in _BLANCS if blanc != separateur)


def _assembler(lues: Sequence[Ligne], titres: Titres, separateur: str) -> Tableau:
    """The lines under their titles; a line with more cells than titles is set aside."""
    _, entete = lues[0]
    ecrits = [titre.strip() for titre in entete]
    corps = [(numero, _sans_fin_vide(cellules)) for numero, cellules in lues[1:]]
    # A column without title is nothing, unless something is written under it.
    remplies = {rang for _, cellules in corps for rang, cellule in enumerate(cellules) if cellule.strip()}
    nommees = [rang for rang, titre in enumerate(ecrits) if titre or rang in remplies]
    champs = titres.reconnaitre([ecrits[rang] for rang in nommees])
    bonnes: list[Ligne] = []
    fautes: list[FauteDeLigne] = []
    for numero, cellules in corps:
        if len(cellules) > len(ecrits):
            fautes.append(_trop_longue(numero, cellules, len(ecrits), separateur))
        else:
            bonnes.append((numero, cellules + [""] * (len(ecrits) - len(cellules))))
    colonnes = list(zip(*(cellules for _, cellules in bonnes), strict=True)) or [()] * len(ecrits)
    tableau = pl.DataFrame(
        {champ: pl.Series(champ, colonnes[rang], dtype=pl.String) for champ, rang in zip(champs, nommees, strict=True)}
    )
    return _sans_totaux(tableau, np.array([numero for numero, _ in bonnes], dtype=np.int64), tuple(fautes))


def _trop_longue(numero: int, cellules: list[str], attendues: int, separateur: str) -> FauteDeLigne:
    message = f"{len(cellules)} cellules ; le nombre de colonnes des titres est attendu ({attendues})"
    if separateur == ",":
        message += " ; une virgule à l'intérieur d'une cellule se met entre guillemets"
    return FauteDeLigne(numero, "ligne", (separateur or " ").join(cellules)[:LONGUEUR_MONTREE], message)


def _sans_fin_vide(cellules: Sequence[str]) -> list[str]:
    fin = len(cellules)
    while fin and not cellules[fin - 1].strip():
        fin -= 1
    return list(cellules[:fin])


def _sans_totaux(
    tableau: pl.DataFrame, numeros: NDArray[np.int64], fautes: tuple[FauteDeLigne, ...], *, nues: bool = False
) -> Tableau:
    """Cells without the spaces around them, blank lines left out, lines of totals named and set aside.

    `nues`: no cell has spaces around it, and the empty ones are already null.
    """
    if not nues:
        tableau = tableau.with_columns(pl.all().str.strip_chars().replace("", None))
    if not tableau.width:
        return Tableau(tableau, numeros[:0], fautes)
    pleines = tableau.select(pl.any_horizontal(pl.all().is_not_null())).to_series()
    premiere = tableau.select(pl.coalesce(pl.all())).to_series()
    # A total bears its name in the first cell filled; few distinct ones start so.
    suspectes = premiere.str.contains(r"(?i)^\W*(sous|tot|somme|ensemble)").fill_null(False)
    totaux = suspectes & premiere.map_elements(_est_un_total, return_dtype=pl.Boolean) if suspectes.any() else suspectes
    message = "ligne de total : elle ne décrit aucun médecin ; retirez-la du fichier"
    nommees = [
        FauteDeLigne(int(numeros[rang]), tableau.columns[0], premiere[int(rang)], message)
        for rang in np.flatnonzero(totaux.to_numpy())
    ]
    gardees = pleines & ~totaux
    if not gardees.all():
        tableau, numeros = tableau.filter(gardees), numeros[gardees.to_numpy()]
    return Tableau(tableau, numeros, (*fautes, *nommees))


def _est_un_total(cellule: str) -> bool:
    return sans_accents(cellule) in _TOTAUX or sans_accents(cellule).startswith("total_")
