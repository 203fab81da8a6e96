"""Numbers of people, societies and accounts: read in one way, refused in words that name them."""

from collections.abc import Callable

import pytest

from binome import identifiants
from binome.erreurs import BinomeErreur

Lecteur = Callable[[str], str]


@pytest.mark.parametrize(
    ("lire", "ecrit", "lu"),
    [
        (identifiants.rpps, "10 003 456 786", "10003456786"),
        (identifiants.rpps, "100.0345-6786", "10003456786"),
        # The national identifier holds the number.
        (identifiants.rpps, "8 10003456786", "10003456786"),
        (identifiants.siret, "732 829 320 00074", "73282932000074"),
        (identifiants.finess, "750712184", "750712184"),
        # Corsica: A and B count as 0 and 1.
        (identifiants.finess, "2a0000016", "2A0000016"),
        (identifiants.finess, "2B0000014", "2B0000014"),
        (identifiants.iban, "FR76 3000 6000 0112 3456 7890 189", "FR7630006000011234567890189"),
        (identifiants.bic, "psstfrppxxx", "PSSTFRPPXXX"),
        (identifiants.bic, "PSSTFRPP", "PSSTFRPP"),
        (identifiants.numero_am, "12 345 678 9", "123456789"),
    ],
)
def test_un_numero_se_lit(lire: Lecteur, ecrit: str, lu: str) -> None:
    assert lire(ecrit) == lu


@pytest.mark.parametrize(
    ("lire", "ecrit", "dit"),
    [
        (
            identifiants.rpps,
            "10003456780",
            "RPPS « 10003456780 » : onze chiffres attendus, le premier 1 ou 8, le dernier une clé juste",
        ),
        (
            identifiants.rpps,
            " 1,00035E+10 ",
            "RPPS «  1,00035E+10  » : écriture scientifique du tableur, dont les derniers chiffres sont perdus ; "
            "mettez la colonne au format Texte et recopiez les numéros",
        ),
        (
            identifiants.siret,
            "73282932000075",
            "SIRET « 73282932000075 » : quatorze chiffres attendus, avec une clé juste",
        ),
        (identifiants.finess, "750712185", "FINESS « 750712185 » : neuf signes attendus, le dernier une clé juste"),
        (identifiants.finess, "7507121842", "FINESS « 7507121842 » : neuf signes attendus, le dernier une clé juste"),
        (identifiants.numero_am, "12345678", "n° Assurance Maladie « 12345678 » : neuf chiffres attendus"),
        (identifiants.bic, "PSST", "BIC « PSST » : huit ou onze signes attendus"),
        # Never repeated: it is an account.
        (identifiants.iban, "FR7630006000011234567890188", "IBAN : numéro invalide, relisez le RIB"),
        (
            identifiants.iban,
            "TN59 1000 6035 1835 9847 8831",
            "IBAN : un compte de la zone SEPA est attendu (ici « TN »)",
        ),
    ],
)
def test_un_numero_faux_se_refuse_par_son_nom(lire: Lecteur, ecrit: str, dit: str) -> None:
    with pytest.raises(BinomeErreur) as refus:
        lire(ecrit)
    assert str(refus.value) == dit
