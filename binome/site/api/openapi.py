"""What the OpenAPI document says of bodies, answers and refusals: the models of the simulation, as JSON Schemas."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, RootModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from binome.simulation import Explication, Resultat, Situation
from binome.simulation.modele import schemas
from binome.simulation.parametres import Changement, Parametre
from binome.site.api import exemples
from binome.site.api.lot import MEDIA as LIGNES
from binome.site.api.problemes import MEDIA as PROBLEME
from binome.site.api.problemes import TYPES, ProblemeDit

DIALECTE = "https://json-schema.org/draft/2020-12/schema"
SCHEMA = "application/schema+json"


class ModeleDecrit(StrEnum):
    """The models whose schema is served."""

    situation = "situation"
    resultat = "resultat"
    explication = "explication"
    parametre = "parametre"


class Figure(BaseModel):
    """A figure that can be explained."""

    figure: str = Field(description="Nom du chiffre, pour « /explications/{figure} »")
    libelle: str = Field(description="Le chiffre, en mots")


class Modele(BaseModel):
    """A model whose schema is served."""

    nom: str = Field(description="Nom du modèle")
    description: str = Field(description="Ce que le modèle décrit")
    adresse: str = Field(description="Adresse de son schéma")


class Bilan(BaseModel):
    """The counts that end the answer to a batch."""

    lignes: int = Field(description="Lignes lues, les lignes vides exceptées")
    simulees: int = Field(description="Lignes simulées")
    refusees: int = Field(description="Lignes refusées")


class LigneSimulee(BaseModel):
    """The answer to a line."""

    model_config = ConfigDict(extra="forbid")

    ligne: int = Field(ge=1, description="Numéro de la ligne envoyée, à partir de 1")
    resultat: Resultat = Field(description="Le résultat de sa situation")


class LigneRefusee(BaseModel):
    """The refusal of a line."""

    model_config = ConfigDict(extra="forbid")

    ligne: int = Field(ge=1, description="Numéro de la ligne envoyée, à partir de 1")
    probleme: ProblemeDit = Field(description="Pourquoi elle est refusée")


class FinDeLot(BaseModel):
    """The last line."""

    model_config = ConfigDict(extra="forbid")

    bilan: Bilan = Field(description="Le compte des lignes")


class LigneDeLot(RootModel[LigneSimulee | LigneRefusee | FinDeLot]):
    """A line of the answer to a batch."""


#: What the models of the API itself are, for a reader.
_EN_FRANCAIS = {
    "Figure": "Un chiffre du résultat qui s’explique",
    "Modele": "Un modèle dont le schéma est servi",
    "ProblemeDit": "Un refus (RFC 9457)",
    "FauteDite": "Une faute : le champ, ce qui est attendu, la valeur reçue",
    "Bilan": "Le compte d’un lot",
    "LigneSimulee": "La réponse à une ligne simulée",
    "LigneRefusee": "La réponse à une ligne refusée, qui n’arrête pas les autres",
    "FinDeLot": "La dernière ligne de la réponse à un lot",
    "LigneDeLot": "Une ligne de la réponse à un lot",
}

_MODELES: dict[str, tuple[type[BaseModel], JsonSchemaMode]] = {
    "situation": (Situation, "validation"),
    "resultat": (Resultat, "serialization"),
    "explication": (Explication, "serialization"),
    "parametre": (Parametre, "serialization"),
    "changement": (Changement, "serialization"),
    "figure": (Figure, "serialization"),
    "modele": (Modele, "serialization"),
    "ligne": (LigneDeLot, "serialization"),
    "probleme": (ProblemeDit, "serialization"),
}


@cache
def schema_de(nom: str) -> dict[str, Any]:
    """The JSON Schema of a model, as `binome schema` writes it, in French throughout."""
    return schemas.schema_de(*_MODELES[nom])


def modeles_decrits(adresse: Callable[[str], str]) -> list[dict[str, str]]:
    """The models whose schema is served, each with its address."""
    return [{"nom": nom, "description": schema_de(nom)["description"], "adresse": adresse(nom)} for nom in ModeleDecrit]


@cache
def _composants() -> tuple[dict[str, dict[str, Any]], dict[str, Any]]:
    """(reference to each model, the schemas they need)."""
    references, ensemble = models_json_schema(list(_MODELES.values()), ref_template="#/components/schemas/{model}")
    definitions: dict[str, Any] = ensemble["$defs"]
    schemas.decrire(definitions, _EN_FRANCAIS)
    return {nom: references[_MODELES[nom]] for nom in _MODELES}, definitions


def composants() -> dict[str, Any]:
    """The schemas of the OpenAPI document."""
    return _composants()[1]


def modele(nom: str) -> dict[str, Any]:
    """A reference to a model in the document."""
    return _composants()[0][nom]


def liste(nom: str) -> dict[str, Any]:
    """A list of a model."""
    return {"type": "array", "items": modele(nom)}


def reponses(
    description: str,
    schema: dict[str, Any],
    *refus: str,
    media: str = "application/json",
    en_cache: bool = False,
) -> dict[int, Any]:
    """The answers of an operation: the good one, and the refusals it may make."""
    dites: dict[int, Any] = {200: {"description": description, "content": {media: {"schema": schema}}}}
    titres: dict[int, list[str]] = {}
    for nom in (*refus, "trop-de-demandes", "erreur-interne"):
        titres.setdefault(TYPES[nom].statut, []).append(TYPES[nom].titre)
    for statut, dits in sorted(titres.items()):
        dites[statut] = {
            "description": " ou ".join(dits),
            "content": {PROBLEME: {"schema": modele("probleme")}},
        }
    if en_cache:
        dites[304] = {"description": "Inchangé depuis la réponse dont « If-None-Match » donne l’empreinte"}
        for statut in (200, 304):
            dites[statut]["headers"] = {nom: _entete(nom) for nom in ("ETag", "Cache-Control")}
    for statut, dite in dites.items():
        dite.setdefault("headers", {})["X-Request-ID"] = _entete("X-Request-ID")
        if statut in A_RETENTER:
            dite["headers"]["Retry-After"] = _entete("Retry-After")
    return dict(sorted(dites.items()))


#: The refusals that say how long to wait.
A_RETENTER = {429, 503}

#: The headers of the answers.
ENTETES = {
    "X-Request-ID": {
        "description": "Numéro qui retrouve la demande dans le journal du serveur",
        "schema": {"type": "string"},
    },
    "Retry-After": {"description": "Secondes à attendre", "schema": {"type": "integer", "minimum": 1}},
    "ETag": {"description": "Empreinte de la réponse, à redonner dans « If-None-Match »", "schema": {"type": "string"}},
    "Cache-Control": {"description": "Combien de temps la réponse se garde", "schema": {"type": "string"}},
}


def _entete(nom: str) -> dict[str, str]:
    return {"$ref": f"#/components/headers/{nom}"}


def reponse_lot() -> dict[str, Any]:
    """The answer to a batch: OpenAPI 3.1 has no word for a sequence, JSON Schema says what a text holds."""
    return {
        "type": "string",
        "description": "Une valeur JSON par ligne, que décrit « contentSchema »",
        "contentMediaType": LIGNES,
        "contentSchema": modele("ligne"),
    }


def corps_situation() -> dict[str, Any]:
    """The body of an operation that reads a situation, with the examples."""
    exemples_dits = {
        nom: {"summary": titre, "value": exemples.situation(nom)} for nom, titre in exemples.SITUATIONS.items()
    }
    return {
        "required": True,
        "content": {"application/json": {"schema": modele("situation"), "examples": exemples_dits}},
    }


def corps_lot() -> dict[str, Any]:
    """The body of a batch."""
    return {
        "required": True,
        "description": "Une situation par ligne (NDJSON) ; les lignes vides sont passées.",
        "content": {
            LIGNES: {
                "schema": {"type": "string", "pattern": r"\S"},
                "examples": {"lot": {"summary": "Les trois situations ci-dessus", "value": exemples.lot()}},
            }
        },
    }
