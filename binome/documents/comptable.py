"""Double entries for a fund's accounting, as a CSV."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from binome.documents import tableur
from binome.erreurs import BinomeErreur

TITRES = ("journal", "date", "pièce", "compte", "libellé", "débit (€)", "crédit (€)", "tiers")


@dataclass(frozen=True)
class LigneComptable:
    """One line of an entry; `debit` and `credit` in cents, one of them zero."""

    journal: str
    date: datetime.date
    piece: str
    compte: str
    libelle: str
    debit: int
    credit: int
    tiers: str


def ecritures_csv(lignes: Iterable[LigneComptable]) -> bytes:
    """The lines as French spreadsheets read them. Raises BinomeErreur when an entry is not balanced to the cent."""
    lignes = list(lignes)
    soldes: dict[str, int] = {}
    for ligne in lignes:
        soldes[ligne.piece] = soldes.get(ligne.piece, 0) + ligne.debit - ligne.credit
    fausses = [piece for piece, solde in soldes.items() if solde]
    if fausses:
        raise BinomeErreur(f"écriture « {fausses[0]} » : débits et crédits égaux attendus")
    return tableur.table(
        TITRES,
        [
            (li.journal, li.date, li.piece, li.compte, li.libelle, _euros(li.debit), _euros(li.credit), li.tiers)
            for li in lignes
        ],
    )


def _euros(centimes: int) -> tableur.Cellule:
    return tableur.euros(centimes or None)
