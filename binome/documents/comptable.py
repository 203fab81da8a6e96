"""Double entries for a fund's accounting, as a CSV or a workbook."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from binome.documents import tableur
from binome.documents.classeur import classeur
from binome.erreurs import BinomeErreur

TITRES = (
    "journal", "écriture", "date", "pièce", "compte", "libellé", "débit (€)", "crédit (€)", "tiers", "analytique",
    "date de valeur",
)  # fmt: skip


@dataclass(frozen=True)
class LigneComptable:
    """One line of an entry; `debit` and `credit` in cents, one of them zero."""

    journal: str
    #: Number of the entry: its lines add up to nothing.
    numero: int
    date: datetime.date
    #: Line of the ledger.
    piece: str
    compte: str
    libelle: str
    debit: int
    credit: int
    tiers: str
    analytique: str
    date_valeur: datetime.date


def ecritures_csv(lignes: Iterable[LigneComptable]) -> bytes:
    """The lines as French spreadsheets read them. Raises BinomeErreur when an entry is not balanced to the cent."""
    return tableur.table(TITRES, _cellules(lignes))


def ecritures_xlsx(lignes: Iterable[LigneComptable]) -> bytes:
    """The same, as a workbook. Raises BinomeErreur."""
    return classeur("Écritures", TITRES, _cellules(lignes))


def _cellules(lignes: Iterable[LigneComptable]) -> list[Sequence[tableur.Cellule]]:
    lignes = list(lignes)
    soldes: dict[int, int] = {}
    for ligne in lignes:
        soldes[ligne.numero] = soldes.get(ligne.numero, 0) + ligne.debit - ligne.credit
    fausses = [numero for numero, solde in soldes.items() if solde]
    if fausses:
        raise BinomeErreur(f"écriture « {fausses[0]} » : débits et crédits égaux attendus")
    return [
        (
            li.journal, str(li.numero), li.date, li.piece, li.compte, li.libelle, _euros(li.debit), _euros(li.credit),
            li.tiers, li.analytique, li.date_valeur,
        )
        for li in lignes
    ]  # fmt: skip


def _euros(centimes: int) -> tableur.Cellule:
    return tableur.euros(centimes or None)
