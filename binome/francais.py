"""French writing of amounts, dates, numbers: the same on a screen, in a message, in a document."""

from __future__ import annotations

import datetime
import re
import unicodedata
from fractions import Fraction

from binome import argent

#: Narrow no-break space between thousands, no-break space before a unit.
FINE, INSECABLE = "\u202f", "\u00a0"

MOIS = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()  # noqa: SIM905
)


#: A space that no line may break at: before a mark or a unit, inside quotes, after what calls for a number.
_SOLIDAIRES = re.compile(r"(?<=«) | (?=[:;!?»%€→])|(?<=n°) |(?<=année) (?=\d)|(?<=avenant) (?=\d)|(?<=\bart\.) (?=\d)")


def lier(texte: str) -> str:
    """A text whose words that go together stay on one line."""
    return _SOLIDAIRES.sub(INSECABLE, texte)


def nombre(valeur: int) -> str:
    """An integer with thin spaces: 38 000."""
    return f"{valeur:,}".replace(",", FINE)


def euros(centimes: int | None, *, absent: str = "non déterminé") -> str:
    """An amount in cents, written in euros: « 38 000 € », or « 8 412,30 € » when there are cents."""
    if centimes is None:
        return absent
    entiers, decimales = f"{argent.en_euros(abs(centimes)):.2f}".split(".")
    signe = "−" if centimes < 0 else ""
    suite = "" if decimales == "00" else f",{decimales}"
    return f"{signe}{nombre(int(entiers))}{suite}{INSECABLE}€"


def date_longue(date: datetime.date) -> str:
    """A date in words: 1er mars 2026."""
    jour = "1er" if date.day == 1 else str(date.day)
    return f"{jour}{INSECABLE}{MOIS[date.month - 1]}{INSECABLE}{date.year}"


def date_courte(date: datetime.date) -> str:
    """A date in figures: 01/03/2026."""
    return f"{date:%d/%m/%Y}"


def part(taux: Fraction) -> str:
    """A part of a whole: « 62,5 % », « 66,67 % (2/3) »."""
    pour_cent = f"{float(taux) * 100:.2f}".rstrip("0").rstrip(".").replace(".", ",")
    exacte = "" if (taux * 100).denominator == 1 else f" ({taux})"
    return f"{pour_cent}\u00a0%{exacte}"


def pluriel(compte: int, singulier: str, pluriel: str | None = None) -> str:
    """A count with its noun: « 12 patients », « 1 patient »."""
    return f"{nombre(compte)}{INSECABLE}{singulier if abs(compte) < 2 else pluriel or singulier + 's'}"


def enumeration(elements: list[str], mot: str = "et") -> str:
    """« a, b et c »."""
    if len(elements) < 2:
        return "".join(elements)
    return f"{', '.join(elements[:-1])} {mot} {elements[-1]}"


def valeur(brute: object) -> str:
    """Any value of the law or of a situation, for a reader."""
    if brute is None:
        return "sans valeur"
    if isinstance(brute, bool):
        return "oui" if brute else "non"
    if isinstance(brute, int):
        return nombre(brute)
    if isinstance(brute, float):
        return nombre(int(brute)) if brute == int(brute) and abs(brute) > 1 else f"{brute:g}".replace(".", ",")
    if isinstance(brute, datetime.date):
        return date_courte(brute)
    if isinstance(brute, (list, tuple)):
        return ", ".join(valeur(element) for element in brute) or "aucun"
    return str(brute)


def sans_accents(texte: str) -> str:
    """Lower-case ASCII form of a label, words joined by underscores, for comparison."""
    simple = texte.replace("œ", "oe").replace("Œ", "oe").replace("’", "'")
    plat = unicodedata.normalize("NFKD", simple).encode("ascii", "ignore").decode()
    return "_".join("".join(c if c.isalnum() else " " for c in plat.lower()).split())


def ordre(texte: str) -> str:
    """What texts are sorted by, as a French dictionary does: accents and case set aside."""
    return sans_accents(texte).replace("_", " ")
