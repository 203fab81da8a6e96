"""JSON as a situation is read from it, by files and by the API: each field once, numbers that are numbers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from binome.simulation.modele.erreurs import BinomeErreur

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


#: Text without nulls nor the halves of characters that a « \\ud800 » writes.
_ECRIVABLE = re.compile("[^\x00\ud800-\udfff]*", re.DOTALL)


class _EnDouble(dict[str, Any]):
    """An object that gives a field twice: only the whole document tells where it stands."""

    doubles: list[str]


def analyser(texte: str) -> Any:
    """A JSON document. Raises json.JSONDecodeError (see `dire`) or BinomeErreur."""
    fautifs: list[_EnDouble] = []

    def champs(paires: list[tuple[str, Any]]) -> dict[str, Any]:
        lus = dict(paires)
        if len(lus) == len(paires):
            return lus
        noms = [cle for cle, _ in paires]
        fautif = _EnDouble(lus)
        fautif.doubles = sorted({cle for cle in lus if noms.count(cle) > 1})
        fautifs.append(fautif)
        return fautif

    try:
        document = json.loads(texte, object_pairs_hook=champs, parse_constant=_refuser)
    except json.JSONDecodeError:
        raise
    except RecursionError as erreur:
        raise BinomeErreur("trop d'imbrications") from erreur
    except ValueError as erreur:
        # Python refuses to read numbers of thousands of digits.
        raise BinomeErreur("JSON invalide, nombre trop long") from erreur
    if fautifs:
        chemins = sorted(_chemins_des_doubles(document))
        raise BinomeErreur(f"{', '.join(chemins)} : champ donné plusieurs fois ; une seule valeur attendue")
    refuser_les_illisibles(document)
    return document


def refuser_les_illisibles(document: Any) -> None:
    """Raise BinomeErreur for a text, name or value, that cannot be written back: a null, or half a character."""
    a_voir: list[tuple[str, Any]] = [("", document)]
    while a_voir:
        prefixe, noeud = a_voir.pop()
        if isinstance(noeud, str) and not _ECRIVABLE.fullmatch(noeud):
            champ = "".join(c if _ECRIVABLE.fullmatch(c) else "\ufffd" for c in prefixe.rstrip(".")) or "document"
            raise BinomeErreur(f"{champ} : caractère illisible (nul, ou moitié de caractère) ; du texte est attendu")
        if isinstance(noeud, dict):
            a_voir += [(f"{prefixe}{nom}.", valeur) for nom, valeur in noeud.items()]
            a_voir += [(f"{prefixe}{nom}.", nom) for nom in noeud]
        elif isinstance(noeud, (list, tuple)):
            a_voir += [(f"{prefixe}{rang}.", valeur) for rang, valeur in enumerate(noeud, start=1)]


def dire(erreur: json.JSONDecodeError) -> str:
    """Where and why a document cannot be read."""
    probleme = _PROBLEMES.get(erreur.msg, "syntaxe refusée")
    return f"ligne {erreur.lineno}, colonne {erreur.colno} : JSON invalide, {probleme}"


def _chemins_des_doubles(document: Any) -> Iterator[str]:
    """The path of each field given twice, lists counted from 1."""
    a_voir: list[tuple[str, Any]] = [("", document)]
    while a_voir:
        prefixe, noeud = a_voir.pop()
        if isinstance(noeud, _EnDouble):
            yield from (f"{prefixe}{nom}" for nom in noeud.doubles)
        if isinstance(noeud, dict):
            a_voir += [(f"{prefixe}{nom}.", valeur) for nom, valeur in noeud.items()]
        elif isinstance(noeud, list):
            a_voir += [(f"{prefixe}{rang}.", valeur) for rang, valeur in enumerate(noeud, start=1)]


def _refuser(constante: str) -> Any:
    raise BinomeErreur(f"JSON invalide : {constante} n'est pas un nombre")
