"""JSON as a situation is read from it: each field once, numbers that are numbers, refusals in French.

The command line reads its files by the same rules (a test compares them).
"""

from __future__ import annotations

import json
from typing import Any

from binome.simulation.erreurs import BinomeErreur

_PROBLEMES = {
    "Expecting ',' delimiter": "« , » attendue",
    "Expecting ':' delimiter": "« : » attendu",
    "Expecting property name enclosed in double quotes": "nom de champ entre guillemets doubles attendu",
    "Expecting value": "valeur attendue",
    "Extra data": "texte en trop après le document",
    "Unterminated string starting at": "guillemet non fermé",
    "Illegal trailing comma before end of object": "virgule en trop avant « } »",
    "Illegal trailing comma before end of array": "virgule en trop avant « ] »",
}


def lire_objet(brut: bytes) -> dict[str, Any]:
    """The fields of a JSON document in UTF-8. Raises BinomeErreur."""
    try:
        texte = brut.decode("utf-8-sig")
    except UnicodeDecodeError as erreur:
        ligne = brut[: erreur.start].count(b"\n") + 1
        raise BinomeErreur(f"ligne {ligne} : encodage illisible ; UTF-8 attendu") from erreur
    if not texte.strip():
        raise BinomeErreur("vide ; des champs sont attendus (medecin, patientele, contrat…)")
    try:
        document = json.loads(texte, object_pairs_hook=_champs, parse_constant=_refuser)
    except json.JSONDecodeError as erreur:
        probleme = _PROBLEMES.get(erreur.msg, "syntaxe refusée")
        raise BinomeErreur(f"ligne {erreur.lineno}, colonne {erreur.colno} : JSON invalide, {probleme}") from erreur
    except RecursionError as erreur:
        raise BinomeErreur("trop d'imbrications") from erreur
    except ValueError as erreur:
        # Python refuses to read numbers of thousands of digits.
        raise BinomeErreur("JSON invalide, nombre trop long") from erreur
    if not isinstance(document, dict):
        trouve = "une liste" if isinstance(document, list) else "une valeur seule"
        raise BinomeErreur(f"{trouve} ; des champs sont attendus (medecin, patientele, contrat…)")
    return document


def _champs(paires: list[tuple[str, Any]]) -> dict[str, Any]:
    champs = dict(paires)
    if len(champs) < len(paires):
        vus: set[str] = set()
        doubles = sorted({cle for cle, _ in paires if cle in vus or vus.add(cle)})  # type: ignore[func-returns-value]
        raise BinomeErreur(f"{', '.join(doubles)} : champ donné plusieurs fois ; une seule valeur attendue")
    return champs


def _refuser(constante: str) -> Any:
    raise BinomeErreur(f"JSON invalide : {constante} n'est pas un nombre")
