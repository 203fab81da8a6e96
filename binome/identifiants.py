"""Numbers that name people, societies and accounts: checked, and written in one way."""

from __future__ import annotations

import re
from collections.abc import Callable

from stdnum import bic as _bic
from stdnum import iban as _iban
from stdnum import luhn
from stdnum.exceptions import ValidationError
from stdnum.fr import siret as _siret

from binome.erreurs import BinomeErreur

#: Countries whose accounts a SEPA transfer reaches (European Payments Council list).
PAYS_SEPA = frozenset(
    [
        "AD",
        "AL",
        "AT",
        "BE",
        "BG",
        "CH",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GB",
        "GI",
        "GR",
        "HR",
        "HU",
        "IE",
        "IS",
        "IT",
        "LI",
        "LT",
        "LU",
        "LV",
        "MC",
        "MD",
        "ME",
        "MK",
        "MT",
        "NL",
        "NO",
        "PL",
        "PT",
        "RO",
        "RS",
        "SE",
        "SI",
        "SK",
        "SM",
        "VA",
    ]
)
_RPPS = re.compile(r"[18]\d{10}")
_IDENTIFIANT_NATIONAL = re.compile(r"8([18]\d{10})")
_SCIENTIFIQUE = re.compile(r"\d+(?:[.,]\d+)?[eE]\+?\d+")
_FINESS = re.compile(r"\d[\dAB]\d{7}")
_NUMERO_AM = re.compile(r"\d{9}")


def _compacter(texte: str) -> str:
    return re.sub(r"[\s.\-\u00a0\u202f]", "", texte).upper()


def _lire(nom: str, texte: str, attendu: str, valide: Callable[[str], bool]) -> str:
    compact = _compacter(texte)
    try:
        bon = valide(compact)
    except ValidationError:
        bon = False
    if not bon:
        raise BinomeErreur(f"{nom} « {texte} » : {attendu}")
    return compact


def rpps(texte: str) -> str:
    """National number of a health professional: eleven digits, the last one a Luhn key. Raises BinomeErreur.

    The national identifier of the directory (« 8 » before the number) is read as the number that it holds.
    """
    if _SCIENTIFIQUE.fullmatch(texte.strip()):
        raise BinomeErreur(
            f"RPPS « {texte} » : écriture scientifique du tableur, dont les derniers chiffres sont perdus ; "
            "mettez la colonne au format Texte et recopiez les numéros"
        )
    national = _IDENTIFIANT_NATIONAL.fullmatch(_compacter(texte))
    return _lire(
        "RPPS",
        texte if national is None else national[1],
        "onze chiffres attendus, le premier 1 ou 8, le dernier une clé juste",
        lambda n: bool(_RPPS.fullmatch(n)) and luhn.is_valid(n),
    )


def numero_am(texte: str) -> str:
    """Number of a doctor for the health insurance: nine digits. Its key is not checked: no public rule was read."""
    return _lire("n° Assurance Maladie", texte, "neuf chiffres attendus", lambda n: bool(_NUMERO_AM.fullmatch(n)))


def finess(texte: str) -> str:
    """Number of an establishment: nine signs, the last one a Luhn key (Corsica's letters count as 0 and 1)."""
    return _lire("FINESS", texte, "neuf signes attendus, le dernier une clé juste", _finess_valide)


def _finess_valide(numero: str) -> bool:
    chiffres = numero.replace("A", "0").replace("B", "1")
    return bool(_FINESS.fullmatch(numero)) and luhn.is_valid(chiffres)


def siret(texte: str) -> str:
    """Number of a place of business: fourteen digits. Raises BinomeErreur."""
    return _lire("SIRET", texte, "quatorze chiffres attendus, avec une clé juste", _siret.is_valid)


def iban(texte: str) -> str:
    """Bank account that a SEPA transfer reaches. Raises BinomeErreur; the message does not repeat the number."""
    compact = _compacter(texte)
    if not _iban.is_valid(compact):
        raise BinomeErreur("IBAN : numéro invalide, relisez le RIB")
    if compact[:2] not in PAYS_SEPA:
        raise BinomeErreur(f"IBAN : un compte de la zone SEPA est attendu (ici « {compact[:2]} »)")
    return compact


def bic(texte: str) -> str:
    """Identifier of a bank: eight or eleven signs. Raises BinomeErreur."""
    return _lire("BIC", texte, "huit ou onze signes attendus", _bic.is_valid)
