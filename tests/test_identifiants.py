"""Numbers of people, societies and accounts."""

import pytest

from binome import identifiants
from binome.erreurs import BinomeErreur


@pytest.mark.parametrize(
    ("lire", "bon", "mauvais"),
    [
        (identifiants.rpps, "10 003 456 786", "10003456780"),
        (identifiants.siret, "732 829 320 00074", "73282932000075"),
        (identifiants.finess, "750712184", "750712185"),
        (identifiants.iban, "FR76 3000 6000 0112 3456 7890 189", "FR7630006000011234567890188"),
        (identifiants.bic, "psstfrppxxx", "PSST"),
        (identifiants.numero_am, "123456789", "12345678"),
    ],
)
def test_les_identifiants(lire, bon, mauvais):
    assert " " not in lire(bon)
    with pytest.raises(BinomeErreur):
        lire(mauvais)
