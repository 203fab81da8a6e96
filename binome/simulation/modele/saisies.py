"""What may be written in a field beside its typed value: the grammar of cells, the same in every door.

A text is read as a cell of a file is (`binome.tableaux.cellules`, `binome.tableaux.libelles`); a typed value is left to
the field, save that a share may also be a number of per cent. A refusal names the text and what is expected.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from binome.simulation.modele.erreurs import FAUTE, refusee
from binome.tableaux import cellules, libelles
from binome.tableaux.cellules import Part
from binome.tableaux.refus import CelluleRefusee

#: A share under 1 % of which makes no sense; the same, that cannot be nothing.
PART_ENTIERE, PART_NON_NULLE = Part(), Part(nulle=False)


def refuser(valeur: Any, attendu: object) -> PydanticCustomError:
    """A fault of one field, whole: what was received, what is expected."""
    return PydanticCustomError(FAUTE, "{message}", {"message": f"{refusee(valeur)} ; {attendu}"})


def lue(lire: Callable[[str], Any], ecrite: dict[str, Any]) -> BeforeValidator:
    """Texts read as cells are; `ecrite` is the JSON Schema of what may be written."""

    def _valider(valeur: Any) -> Any:
        if not isinstance(valeur, str):
            return valeur
        try:
            return lire(valeur)
        except CelluleRefusee as refus:
            raise refuser(valeur, refus) from None

    return BeforeValidator(_valider, json_schema_input_type=Annotated[Any, WithJsonSchema(ecrite)])


def part(borne: Part) -> BeforeValidator:
    """A share: « 60 », « 60 % » and « 0,6 » say the same where no share under 1 % makes sense."""

    def _valider(valeur: Any) -> Any:
        try:
            if isinstance(valeur, str):
                return _part_ecrite(borne, valeur)
            if isinstance(valeur, bool) or not isinstance(valeur, (int, float, Decimal)) or not math.isfinite(valeur):
                return valeur
            return borne.de_nombre(Decimal(str(valeur)))
        except CelluleRefusee as refus:
            raise refuser(valeur, refus) from None

    return BeforeValidator(_valider, json_schema_input_type=Annotated[Any, WithJsonSchema(_part_en_schema(borne))])


def _part_ecrite(borne: Part, texte: str) -> Decimal:
    # A point is how programs write a fraction, our own JSON among them; people write a comma.
    if "." in texte and "%" not in texte:
        return borne.de_nombre(cellules.nombre_de_part(texte))
    return borne.lire(texte)


def _part_en_schema(borne: Part) -> dict[str, Any]:
    maximum = float(borne.maximum)
    if borne.sous_un_pour_cent:
        nombres = [{"type": "number", "minimum": float(borne.minimum), "maximum": maximum}]
    else:
        nombres = [{"type": "number", "minimum": 0.01, "maximum": maximum * 100}]
        nombres += [{"type": "number", "const": 0}] if borne.nulle else []
    pour_cent = {
        "type": "string",
        "pattern": "^[0-9]{1,3}([.,][0-9]{1,6})?( ?%)?$",
        "description": "« 60 % », « 0,6 »",
    }
    return {"anyOf": [*nombres, pour_cent]}


#: JSON Schemas of what may be written.
_ENTIER = {"type": "string", "pattern": "^[0-9]{1,3}( ?[0-9]{3})*$", "description": "« 1 200 »"}
_EUROS = {"type": "string", "pattern": r"^[0-9]{1,8}([.,][0-9]{1,2})?( ?€)?$", "description": "« 1 200,50 »"}
_JOUR = {
    "anyOf": [
        {"type": "string", "format": "date", "description": "AAAA-MM-JJ"},
        {"type": "string", "pattern": "^[0-9]{2}/[0-9]{2}/[0-9]{4}$", "description": "JJ/MM/AAAA"},
    ]
}


def entier(minimum: int, maximum: int) -> BeforeValidator:
    """A whole number, with spaces between thousands or not."""
    return lue(cellules.entier, {"anyOf": [{"type": "integer", "minimum": minimum, "maximum": maximum}, _ENTIER]})


def decimal(minimum: float, maximum: float) -> BeforeValidator:
    """A number with a decimal comma or a point."""
    return lue(cellules.decimal, {"anyOf": [{"type": "number", "minimum": minimum, "maximum": maximum}, _EUROS]})


def euros(maximum: float) -> BeforeValidator:
    """An amount in euros."""
    return lue(cellules.euros, {"anyOf": [{"type": "number", "minimum": 0, "maximum": maximum}, _EUROS]})


def jour() -> BeforeValidator:
    """A day: JJ/MM/AAAA or AAAA-MM-JJ, and nothing but a day."""
    return lue(cellules.date, _JOUR)


def nom(liste: Callable[[], libelles.Liste], usuels: str) -> BeforeValidator:
    """A member of a list, by its name or by the field's own; `usuels` says which, for the published schema."""
    codes = [{"type": "integer", "enum": sorted(liste().codes), "description": "Code SNDS"}] if liste().codes else []
    ecrite = {
        "anyOf": [
            {"type": "string", "enum": list(liste().libelles), "description": "Nom"},
            {"type": "string", "minLength": 1, "description": usuels},
            *codes,
        ]
    }

    def _lire(texte: str) -> str:
        return liste().lire(texte)

    lu = lue(_lire, ecrite)

    def _valider(valeur: Any) -> Any:
        codee = liste().codes and isinstance(valeur, int) and not isinstance(valeur, bool)
        return lu.func(str(valeur) if codee else valeur)  # type: ignore[call-arg]

    return BeforeValidator(_valider, json_schema_input_type=lu.json_schema_input_type)
