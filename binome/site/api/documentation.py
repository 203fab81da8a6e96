"""The page that documents the API, drawn from its OpenAPI document: what the one says, the other cannot contradict."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from binome import francais
from binome.simulation import Situation, simuler
from binome.site.api import exemples, garde
from binome.site.api.limite import taux_de
from binome.site.api.problemes import TYPES, en_json
from binome.site.api.v1 import api
from openfisca_assistants_medicaux.certitude import NOMS, Certitude

#: What the extract of an answer shows.
_EXTRAIT: Any = {
    "date_appreciation": True,
    "regime_libelle": True,
    "verdict": {"eligible", "phrase", "certitude"},
    "total_cinq_ans": True,
    "total_au_plus": True,
    "certitude": True,
}
_PERIODES = {1: "par seconde", 60: "par minute", 3600: "par heure", 86400: "par jour"}


@dataclass(frozen=True)
class Exemple:
    """A request that runs."""

    titre: str
    commande: str


@dataclass(frozen=True)
class Operation:
    """An operation, as the page shows it."""

    ancre: str
    methode: str
    chemin: str
    titre: str
    description: str
    parametres: list[dict[str, Any]]
    corps: str
    exemples: list[Exemple]
    reponses: list[tuple[str, str, str]]


@require_GET
def accueil(requete: HttpRequest) -> HttpResponse:
    """The page."""
    document = _document()
    hote = requete.build_absolute_uri("/").rstrip("/")
    groupes = [
        (groupe["name"], groupe["description"], _operations(groupe["name"], hote)) for groupe in document["tags"]
    ]
    taux = taux_de(settings.LIMITE_API)
    contexte = {
        "rubrique": "api",
        "racine": hote + api.get_root_path({}).rstrip("/"),
        "groupes": groupes,
        "refus": TYPES.items(),
        "limite": None
        if taux is None
        else f"{francais.pluriel(taux[0], 'demande')} {_PERIODES.get(taux[1], f'toutes les {taux[1]} secondes')}",
        "lignes": settings.LIGNES_PAR_LOT,
        "octets": settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
        "extrait": _extrait(),
        "certitudes": [(nom, Certitude[nom].en_mots) for nom in NOMS],
    }
    return render(requete, "api/accueil.html", contexte)


@require_GET
def openapi(requete: HttpRequest) -> HttpResponse:
    """The OpenAPI document."""
    return garde.repondre(requete, _document_ecrit(), "application/json")


@cache
def _document() -> dict[str, Any]:
    return dict(api.get_openapi_schema())


@cache
def _document_ecrit() -> bytes:
    return en_json(_document())


@cache
def _extrait() -> str:
    """The beginning of the answer to the first example, as the API gives it."""
    situation = Situation.model_validate(exemples.situation(next(iter(exemples.SITUATIONS))))
    dit = simuler(situation).model_dump(mode="json", include=_EXTRAIT)
    return json.dumps(dit, ensure_ascii=False, indent=2)


def _operations(groupe: str, hote: str) -> list[Operation]:
    return [
        _operation(methode, chemin, operation, hote)
        for chemin, methodes in _document()["paths"].items()
        for methode, operation in methodes.items()
        if groupe in operation["tags"]
    ]


def _operation(methode: str, chemin: str, operation: dict[str, Any], hote: str) -> Operation:
    contenus = operation.get("requestBody", {}).get("content", {})
    corps = next(iter(contenus), "")
    adresse = hote + _adresse(chemin, operation["parameters"])
    envois = contenus[corps]["examples"].values() if corps else [{"summary": operation["summary"], "value": None}]
    return Operation(
        ancre=operation["operationId"],
        methode=methode.upper(),
        chemin=chemin,
        titre=operation["summary"],
        description=_avec_code(operation["description"]),
        parametres=operation["parameters"],
        corps=corps,
        exemples=[Exemple(envoi["summary"], _commande(adresse, corps, envoi["value"])) for envoi in envois],
        reponses=[
            (str(statut), reponse["description"], next(iter(reponse.get("content", {})), "sans corps"))
            for statut, reponse in operation["responses"].items()
        ],
    )


def _avec_code(texte: str) -> SafeString:
    """A text of the document, where what stands between grave accents is code."""
    morceaux = enumerate(texte.split("`"))
    return format_html_join("", "{}", ((format_html("<code>{}</code>", m) if rang % 2 else m,) for rang, m in morceaux))


def _adresse(chemin: str, parametres: list[dict[str, Any]]) -> str:
    """The address with the examples of its parameters."""
    demandes = {}
    for parametre in parametres:
        for exemple in (dit["value"] for dit in parametre.get("examples", {}).values()):
            if parametre["in"] == "path":
                chemin = chemin.replace(f"{{{parametre['name']}}}", quote(exemple))
            else:
                demandes[parametre["name"]] = exemple
    return f"{chemin}?{urlencode(demandes)}" if demandes else chemin


def _commande(adresse: str, corps: str, envoi: Any) -> str:
    """The request as a command that can be pasted."""
    if not corps:
        return f"curl {shlex.quote(adresse)}"
    texte = envoi if isinstance(envoi, str) else json.dumps(envoi, ensure_ascii=False, indent=2)
    return (
        f"curl {shlex.quote(adresse)} \\\n  --header 'Content-Type: {corps}' \\\n  --data-binary {shlex.quote(texte)}"
    )
