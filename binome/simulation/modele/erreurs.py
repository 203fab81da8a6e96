"""Refusals, in French: each names the field, the value received and what is expected.

BinomeErreur
├── SituationInvalide      a situation cannot be simulated
└── FigureInconnue         no figure of the result bears this name
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from binome.erreurs import BinomeErreur as BinomeErreur
from binome.tableaux import cellules

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

#: The type of the faults that our own rules find, field by field (see `situation`): their message is whole.
FAUTE = "faute"
#: Beyond this length a list of allowed values is not shown whole.
LISTE_COURTE = 12
#: Beyond this length a value is shown abridged.
LONGUEUR_MONTREE = 60


@dataclass(frozen=True)
class Faute:
    """One fault of an input."""

    champ: str
    message: str
    valeur: Any = None

    def __str__(self) -> str:
        return f"{self.champ} : {self.message}" if self.champ else self.message


class SituationInvalide(BinomeErreur):
    """A situation that cannot be simulated, with every fault found."""

    def __init__(self, fautes: list[Faute]) -> None:
        super().__init__("\n".join(str(faute) for faute in fautes))
        self.fautes = fautes

    @classmethod
    def de_pydantic(cls, erreur: ValidationError) -> SituationInvalide:
        """The same faults, said in French."""
        return cls([traduire(detail) for detail in erreur.errors()])


class FigureInconnue(BinomeErreur):
    """No figure of the result bears this name."""


def traduire(detail: ErrorDetails) -> Faute:
    """One Pydantic error as a French sentence: the field, the value, what is expected."""
    champ = ".".join(str(morceau + 1 if isinstance(morceau, int) else morceau) for morceau in detail["loc"])
    recue = detail["input"]
    contexte = detail.get("ctx", {})
    if detail["type"] == "value_error":
        # Messages of our own validators already name field, value and expectation.
        return Faute(champ, str(contexte["error"]), None)
    if detail["type"] == FAUTE:
        return Faute(champ, str(contexte["message"]), recue)
    attendu = _proches(recue, contexte) if detail["type"] == "enum" else _attendu(detail["type"], contexte)
    if detail["type"] == "missing":
        return Faute(champ, "valeur attendue, absente", None)
    if detail["type"] == "extra_forbidden":
        return Faute(champ, "champ inconnu", recue)
    return Faute(champ, f"{refusee(recue)} ; {attendu}", recue)


def refusee(valeur: Any) -> str:
    """What was received, as its author wrote it: no word of Python's."""
    if isinstance(valeur, dict):
        return "groupe de champs refusé"
    if isinstance(valeur, (list, tuple)):
        return f"liste de {len(valeur)} élément{'s' if len(valeur) > 1 else ''} refusée"
    texte = "null" if valeur is None else str(valeur).lower() if isinstance(valeur, bool) else str(valeur)
    return f"« {texte if len(texte) <= LONGUEUR_MONTREE else texte[: LONGUEUR_MONTREE - 3] + '…'} » refusé"


def _proches(recue: Any, contexte: dict[str, Any]) -> str:
    """The list of what is allowed, or the nearest ones of a long list."""
    # Imported here: a refusal, or the help of the command line, must not wait for the engine.
    from binome.francais import sans_accents

    admis = str(contexte["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
    if len(admis) <= LISTE_COURTE:
        return f"attendu : {', '.join(admis)}"
    voisins = difflib.get_close_matches(sans_accents(str(recue)), admis, n=3, cutoff=0.4)
    proposition = f"proches : {', '.join(voisins)}" if voisins else f"par exemple : {', '.join(admis[:3])}"
    return f"une des {len(admis)} valeurs connues (« binome schema » les donne) est attendue ; {proposition}"


def _attendu(genre: str, contexte: dict[str, Any]) -> str:
    if genre in {"int_type", "int_parsing", "int_from_float"}:
        return "nombre entier attendu"
    if genre in {"float_type", "float_parsing", "finite_number", "decimal_type", "decimal_parsing"}:
        return "nombre attendu (par exemple 0,85)"
    if genre == "decimal_max_places":
        return f"{contexte['decimal_places']} chiffres au plus attendus après la virgule"
    if genre in {"greater_than_equal", "greater_than"}:
        borne = contexte.get("ge", contexte.get("gt"))
        if isinstance(borne, str):
            # The bound of a date comes written.
            return f"date à partir du {borne} attendue"
        return f"nombre {'au moins égal' if 'ge' in contexte else 'strictement supérieur'} à {borne} attendu"
    if genre in {"less_than_equal", "less_than"}:
        borne = contexte.get("le", contexte.get("lt"))
        if isinstance(borne, str):
            return f"date jusqu'au {borne} attendue"
        return f"nombre au plus égal à {borne} attendu"
    if genre.startswith("date"):
        return cellules.DATE_ATTENDUE
    if genre in {"bool_type", "bool_parsing"}:
        return "oui ou non attendu"
    if genre in {"model_type", "model_attributes_type", "dict_type"}:
        return "groupe de champs attendu"
    if genre in {"tuple_type", "list_type"}:
        return "liste attendue"
    if genre == "too_short":
        return _elements(contexte["min_length"], "au moins")
    if genre == "too_long":
        return _elements(contexte["max_length"], "au plus")
    if genre in {"string_type"}:
        return "texte attendu"
    if genre in {"string_too_long"}:
        return f"{contexte['max_length']} caractères au plus attendus"
    return "valeur non conforme"


def _elements(nombre: int, borne: str) -> str:
    pluriel = "s" if nombre > 1 else ""
    return f"{nombre} élément{pluriel} {borne} attendu{pluriel}"


def raison(erreur: OSError) -> str:
    """Why a file cannot be read or written."""
    if isinstance(erreur, FileNotFoundError):
        return "introuvable ; le chemin d'un fichier qui existe est attendu"
    if isinstance(erreur, IsADirectoryError):
        return "c'est un dossier ; un fichier est attendu"
    if isinstance(erreur, PermissionError):
        return "accès refusé ; un fichier lisible est attendu"
    return f"illisible ({erreur.strerror or erreur})"
