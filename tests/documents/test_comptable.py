"""Double entries for a fund's accounting."""

import datetime

import pytest

from binome.documents.comptable import LigneComptable, ecritures_csv
from binome.erreurs import BinomeErreur


def test_une_ecriture_desequilibree_est_refusee():
    jour = datetime.date(2026, 1, 2)
    commun = {
        "journal": "AM", "numero": 7, "date": jour, "piece": "1", "libelle": "=1+1", "tiers": "T", "analytique": "",
        "date_valeur": jour,
    }  # fmt: skip
    debit = LigneComptable(compte="A", debit=100_001, credit=0, **commun)
    credit = LigneComptable(compte="B", debit=0, credit=100_001, **commun)
    texte = ecritures_csv([debit, credit]).decode("utf-8-sig")
    assert "1000,01" in texte.replace("\u202f", "")
    assert "'=1+1" in texte
    with pytest.raises(BinomeErreur, match="débits et crédits"):
        ecritures_csv([debit])
