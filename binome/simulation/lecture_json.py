"""JSON as a situation is read from it, by files and by the API: each field once, numbers that are numbers."""

from __future__ import annotations

import json
from typing import Any

from binome.simulation.erreurs import BinomeErreur

#: What Python's parser says, in French.
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


def analyser(texte: str) -> Any:
    """A JSON document. Raises json.JSONDecodeError (see `dire`) or BinomeErreur."""
    try:
        return json.loads(texte, object_pairs_hook=_champs, parse_constant=_refuser)
    except json.JSONDecodeError:
        raise
    except RecursionError as erreur:
        raise BinomeErreur("trop d'imbrications") from erreur
    except ValueError as erreur:
        # Python refuses to read numbers of thousands of digits.
        raise BinomeErreur("JSON invalide, nombre trop long") from erreur


def dire(erreur: json.JSONDecodeError) -> str:
    """Where and why a document cannot be read."""
    probleme = _PROBLEMES.get(erreur.msg, "syntaxe refusée")
    return f"ligne {erreur.lineno}, colonne {erreur.colno} : JSON invalide, {probleme}"


def _champs(paires: list[tuple[str, Any]]) -> dict[str, Any]:
    champs = dict(paires)
    if len(champs) < len(paires):
        noms = [cle for cle, _ in paires]
        doubles = sorted({cle for cle in champs if noms.count(cle) > 1})
        raise BinomeErreur(f"{', '.join(doubles)} : champ donné plusieurs fois ; une seule valeur attendue")
    return champs


def _refuser(constante: str) -> Any:
    raise BinomeErreur(f"JSON invalide : {constante} n'est pas un nombre")
