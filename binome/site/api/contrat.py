"""What the OpenAPI document says of bodies, answers and refusals: the models of the simulation, as JSON Schemas."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from binome.simulation.parametres import Changement, Parametre
from binome.simulation.resultat import Explication, Resultat
from binome.simulation.situation import Situation
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

    figure: str
    libelle: str


#: What each model is, for a reader: the docstrings of the models speak to who maintains them.
_EN_FRANCAIS = {
    "Situation": "Ce sur quoi porte une simulation : un médecin et un contrat, ou un groupe",
    "Medecin": "Le médecin signataire",
    "Patientele": "La patientèle de départ : le dernier relevé semestriel avant la signature (amelipro)",
    "Contrat": "Le contrat individuel, signé ou envisagé",
    "Groupe": "La société qui signe un contrat collectif",
    "Membre": "Un médecin adhérent au contrat collectif",
    "Assistant": "L’assistant et son poste",
    "ObjectifsNotifies": "Les objectifs notifiés par la caisse ; ils l’emportent toujours sur le calcul",
    "ObjectifNotifie": "Un objectif écrit au contrat : le nombre à atteindre, ou le nombre à gagner",
    "ResultatAnnuel": "Le relevé par lequel une année du contrat est évaluée",
    "Employeur": "Qui emploie l’assistant",
    "HypothesesCout": "Ce que l’on peut dire du salaire, du cabinet et d’une consultation",
    "Resultat": "Toute la réponse. Les montants sont des euros exacts ; une valeur vide est non déterminée",
    "Verdict": "L’éligibilité et ses raisons",
    "Condition": "Une condition d’éligibilité, ou d’une option",
    "Option": "Une option de financement",
    "Annee": "Une année du contrat",
    "Objectif": "L’objectif d’un indicateur",
    "Versement": "Un versement de l’aide",
    "Echeance": "Une échéance du contrat",
    "Hypothese": "Une valeur de la loi, sa certitude et ses références",
    "Cout": "Ce que coûte l’assistant, avant et après l’aide",
    "Explication": "Un chiffre, les valeurs de la loi qui l’ont fait, et les chiffres dont il dépend",
    "Parametre": "Une valeur de la loi un jour donné",
    "Changement": "Ce qui diffère, pour une valeur de la loi, entre deux jours",
    "Figure": "Un chiffre du résultat qui s’explique",
    "ProblemeDit": "Un refus (RFC 9457)",
    "FauteDite": "Une faute : le champ, ce qui est attendu, la valeur reçue",
}

_MODELES: dict[str, tuple[type[BaseModel], JsonSchemaMode]] = {
    "situation": (Situation, "validation"),
    "resultat": (Resultat, "serialization"),
    "explication": (Explication, "serialization"),
    "parametre": (Parametre, "serialization"),
    "changement": (Changement, "serialization"),
    "figure": (Figure, "serialization"),
    "probleme": (ProblemeDit, "serialization"),
}


@cache
def schema_de(nom: str) -> dict[str, Any]:
    """The JSON Schema of a model, as `binome schema` writes it, in French throughout."""
    modele, mode = _MODELES[nom]
    schema = modele.model_json_schema(mode=mode)
    for defini, definition in schema.get("$defs", {}).items():
        _traduire(defini, definition)
    _traduire(modele.__name__, schema)
    return schema


@cache
def _composants() -> tuple[dict[str, dict[str, Any]], dict[str, Any]]:
    """(reference to each model, the schemas they need)."""
    references, ensemble = models_json_schema(list(_MODELES.values()), ref_template="#/components/schemas/{model}")
    definitions: dict[str, Any] = ensemble["$defs"]
    for defini, definition in definitions.items():
        _traduire(defini, definition)
    return {nom: references[_MODELES[nom]] for nom in _MODELES}, definitions


def composants() -> dict[str, Any]:
    """The schemas of the OpenAPI document."""
    return _composants()[1]


def _traduire(nom: str, definition: dict[str, Any]) -> None:
    definition.pop("description", None)
    # A model that is both read and written bears two names: « Situation-Input » and « Situation-Output ».
    francais = _EN_FRANCAIS.get(nom.partition("-")[0])
    if francais is not None:
        definition["description"] = francais


def modele(nom: str) -> dict[str, Any]:
    """A reference to a model in the document."""
    return _composants()[0][nom]


def liste(nom: str) -> dict[str, Any]:
    """A list of a model."""
    return {"type": "array", "items": modele(nom)}


def reponses(
    description: str, schema: dict[str, Any], *refus: str, media: str = "application/json", **autres: Any
) -> dict[int, Any]:
    """The answers of an operation: the good one, and the refusals it may make."""
    dites: dict[int, Any] = {200: {"description": description, "content": {media: {"schema": schema, **autres}}}}
    titres: dict[int, list[str]] = {}
    for nom in (*refus, "trop-de-demandes"):
        titres.setdefault(TYPES[nom].statut, []).append(TYPES[nom].titre)
    for statut, dits in sorted(titres.items()):
        dites[statut] = {
            "description": " ou ".join(dits),
            "content": {PROBLEME: {"schema": modele("probleme")}},
        }
    dites[429]["headers"] = {
        "Retry-After": {"description": "Secondes à attendre", "schema": {"type": "integer", "minimum": 1}}
    }
    return dites


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
