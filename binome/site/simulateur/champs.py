"""The fields of a `Situation`, flat, with what each is made of: read once from the model, so that they cannot drift.

A field is named by its path, lists counted from 1, exactly as refusals name it: `patientele.file_active`,
`groupe.membres.2.patientele_mt`. The same names serve the forms and the addresses.
"""

from __future__ import annotations

import datetime
import math
import re
import types
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from binome.simulation import Situation
from binome.tableaux import cellules
from binome.tableaux.cellules import Part
from binome.tableaux.refus import CelluleRefusee

Genre = Literal["texte", "entier", "decimal", "taux", "date", "oui_non", "liste"]

#: Stands for the rank of an element in the path of a field of a list.
RANG = "*"
_RANG = re.compile(r"[1-9][0-9]{0,3}")


@dataclass(frozen=True)
class Champ:
    """One field: its path, its kind, its list when it is a closed one, its bound, and the model's own description."""

    chemin: str
    genre: Genre
    description: str
    liste: type[Enum] | None = None
    #: The most that a number may be.
    maximum: float = math.inf
    #: What a share may be.
    part: Part | None = None

    def lire(self, texte: str) -> Any:
        """A typed value from what was written. What cannot be read stays as it is: the model says what is expected."""
        try:
            return self._typer(texte)
        except CelluleRefusee:
            return self._laisser(texte)

    def _typer(self, texte: str) -> Any:
        if self.part is not None:
            return float(self.part.lire(texte))
        if self.genre == "entier":
            return cellules.entier(texte)
        if self.genre == "decimal":
            return str(cellules.euros(texte))
        if self.genre == "date":
            return cellules.date(texte).isoformat()
        return texte

    def _laisser(self, texte: str) -> str:
        if self.part is not None and self.part.sous_un_pour_cent:
            # A point is how programs write a fraction; in a box marked « % », people may type one for a comma.
            return texte.replace(".", ",")
        return texte

    def ecrire(self, valeur: Any) -> str:
        """A value as it is written in an address and in a form."""
        return str(_ECRITURES[self.genre](valeur))


@lru_cache
def catalogue() -> dict[str, Champ]:
    """Every field by its path."""
    return {champ.chemin: champ for champ in _du_modele(Situation, "")}


def champ_de(nom: str) -> Champ | None:
    """The field that a name of form or address tells; None when the model has no such field."""
    morceaux = nom.split(".")
    if RANG in morceaux:
        return None
    return catalogue().get(".".join(RANG if _RANG.fullmatch(morceau) else morceau for morceau in morceaux))


def _du_modele(modele: type[BaseModel], prefixe: str) -> list[Champ]:
    champs: list[Champ] = []
    for nom, info in modele.model_fields.items():
        champs += _du_champ(f"{prefixe}{nom}", info.annotation, info)
    return champs


def _du_champ(chemin: str, annotation: Any, info: FieldInfo) -> list[Champ]:
    if get_origin(annotation) is Annotated:
        annotation, *marques = get_args(annotation)
        fusion = FieldInfo.merge_field_infos(*[m for m in marques if isinstance(m, FieldInfo)], info)
        part = next((m for m in marques if isinstance(m, Part)), None)
        return [replace(champ, part=champ.part or part) for champ in _du_champ(chemin, annotation, fusion)]
    if get_origin(annotation) in {Union, types.UnionType}:
        dites = [choix for choix in get_args(annotation) if choix is not type(None)]
        return _du_champ(chemin, dites[0], info)
    if get_origin(annotation) is tuple:
        return _du_champ(f"{chemin}.{RANG}", get_args(annotation)[0], info)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _du_modele(annotation, f"{chemin}.")
    liste = annotation if isinstance(annotation, type) and issubclass(annotation, Enum) else None
    bornes = [
        float(borne.le) for borne in info.metadata if isinstance(getattr(borne, "le", None), (int, float, Decimal))
    ]
    maximum = min(bornes, default=math.inf)
    part = next((m for m in info.metadata if isinstance(m, Part)), None)
    return [Champ(chemin, _genre(annotation, maximum), info.description or chemin, liste, maximum, part)]


def _genre(annotation: Any, maximum: float) -> Genre:
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return "liste"
    if get_origin(annotation) is Literal:
        return "liste"
    if annotation is bool:
        return "oui_non"
    if annotation is int:
        return "entier"
    if annotation is datetime.date:
        return "date"
    if annotation in {float, Decimal}:
        # A share of one is written in per cent; any other number as it is.
        return "taux" if maximum <= 1 else "decimal"
    return "texte"


def _ecrire_taux(valeur: Any) -> str:
    pour_cent = (Decimal(str(valeur)) * 100).normalize()
    return f"{pour_cent:f}%"


def _ecrire_liste(valeur: Any) -> str:
    return str(valeur.value if isinstance(valeur, Enum) else valeur)


def _ecrire_oui_non(valeur: Any) -> str:
    return {True: "oui", False: "non"}.get(valeur, str(valeur))


_ECRITURES: dict[Genre, Any] = {
    "texte": str,
    "entier": str,
    "decimal": str,
    "taux": _ecrire_taux,
    "date": str,
    "oui_non": _ecrire_oui_non,
    "liste": _ecrire_liste,
}
