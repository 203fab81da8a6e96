"""A browser and its system in words, from what it says of itself.

Browsers froze what they say: a few words tell them apart, in this order, since each also says it is the others. Its
whole sentence stays in the administrator's journal.
"""

from __future__ import annotations

from collections.abc import Sequence

NAVIGATEURS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
)


def en_mots(dit: str) -> str:
    """« Firefox sur Windows »; what is not recognised is said so."""
    navigateur, systeme = _premier(dit, NAVIGATEURS), _premier(dit, SYSTEMES)
    if not navigateur and not systeme:
        return "navigateur inconnu"
    return f"{navigateur or 'navigateur inconnu'} sur {systeme or 'un système inconnu'}"


def _premier(dit: str, connus: Sequence[tuple[str, str]]) -> str:
    return next((mots for signe, mots in connus if signe in dit), "")
