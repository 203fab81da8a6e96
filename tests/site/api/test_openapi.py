"""The document and its page: they say what is, and every example runs."""

from __future__ import annotations

import html
import json
import re
import shlex
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from django.test import Client
from jsonschema import Draft202012Validator
from schemathesis.specs.openapi.definitions import OPENAPI_31

from binome.simulation.modele.situation import Situation
from binome.simulation.reponse.simuler import Simulation
from binome.site.api.problemes import TYPES
from tests.site.api.outils import GENERALISTE, NDJSON, envoyer, lignes


@pytest.fixture
def document(api: Client) -> dict[str, Any]:
    reponse = api.get("/api/v1/openapi.json")
    assert reponse.headers["Content-Type"] == "application/json"
    dit: dict[str, Any] = reponse.json()
    return dit


def _operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(m, c, o) for c, methodes in document["paths"].items() for m, o in methodes.items()]


def test_le_document(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    assert document["info"]["version"] == "1"
    assert {(m, c) for m, c, _ in _operations(document)} == {
        ("post", "/api/v1/simulations"),
        ("post", "/api/v1/simulations/lot"),
        ("post", "/api/v1/explications"),
        ("post", "/api/v1/explications/{figure}"),
        ("get", "/api/v1/parametres"),
        ("get", "/api/v1/parametres/comparaison"),
        ("get", "/api/v1/schemas"),
        ("get", "/api/v1/schemas/{modele}"),
    }


def test_le_document_est_de_l_openapi_3_1(document: dict[str, Any]) -> None:
    """By the specification's own schema, which Schemathesis holds; the models by JSON Schema's."""
    assert [str(erreur) for erreur in Draft202012Validator(OPENAPI_31).iter_errors(document)] == []
    for nom, schema in document["components"]["schemas"].items():
        Draft202012Validator.check_schema(schema)
        assert schema["description"], nom
        for propriete, dit in schema.get("properties", {}).items():
            assert dit.get("description"), f"{nom}.{propriete}"
    for _, _, operation in _operations(document):
        for parametre in operation["parameters"]:
            Draft202012Validator.check_schema(parametre["schema"])
            assert all(set(exemple) == {"value"} for exemple in parametre.get("examples", {}).values())
        for statut, reponse in operation["responses"].items():
            assert "X-Request-ID" in reponse["headers"]
            assert ("Retry-After" in reponse["headers"]) is (statut in {"429", "503"})
        assert {"200", "429", "500"} <= set(operation["responses"])


def test_chaque_ligne_d_un_lot_est_decrite(api: Client, document: dict[str, Any]) -> None:
    operation = document["paths"]["/api/v1/simulations/lot"]["post"]
    dite = operation["responses"]["200"]["content"][NDJSON]["schema"]
    assert dite["contentMediaType"] == NDJSON
    valideur = Draft202012Validator({**dite["contentSchema"], "components": document["components"]})
    simulee, refusee, fin = lignes(envoyer(api, "/simulations/lot", json.dumps(GENERALISTE) + "\n{}", NDJSON))
    assert "resultat" in simulee
    assert "probleme" in refusee
    for ligne in (simulee, refusee, fin):
        assert [str(erreur) for erreur in valideur.iter_errors(ligne)] == []
    assert list(valideur.iter_errors({"ligne": 1}))
    assert list(valideur.iter_errors({**simulee, "probleme": refusee["probleme"]}))


def test_toute_reference_est_definie(document: dict[str, Any]) -> None:
    references = set(re.findall(r'"\$ref": "#/components/schemas/([^"]+)"', json.dumps(document)))
    assert references
    assert references <= set(document["components"]["schemas"])


def test_tout_est_decrit_en_francais(document: dict[str, Any]) -> None:
    for _, _, operation in _operations(document):
        assert operation["summary"]
        assert operation["description"]
        assert all(parametre["description"] for parametre in operation["parameters"])
        assert all(reponse["description"] for reponse in operation["responses"].values())
    textes = re.findall(r'"description": "([^"]*)"', json.dumps(document, ensure_ascii=False))
    assert len(textes) > 100
    anglais = re.compile(r"\b(the|of|and|what|which|whether|Situation that)\b")
    assert [texte for texte in textes if anglais.search(texte)] == []


def test_tout_exemple_court(api: Client, document: dict[str, Any]) -> None:
    """Each posted example gives what the simulation gives."""
    essayes = 0
    for methode, chemin, operation in _operations(document):
        adresse, demande = chemin, {}
        for parametre in operation["parameters"]:
            for valeur in (dit["value"] for dit in parametre.get("examples", {}).values()):
                if parametre["in"] == "path":
                    adresse = adresse.replace(f"{{{parametre['name']}}}", quote(valeur))
                else:
                    demande[parametre["name"]] = valeur
        if methode == "get":
            reponse = api.get(adresse, demande)
            assert reponse.status_code == 200
            assert reponse.json()
            essayes += 1
            continue
        for media, contenu in operation["requestBody"]["content"].items():
            for exemple in contenu["examples"].values():
                reponse = envoyer(api, adresse.removeprefix("/api/v1"), exemple["value"], media)
                assert reponse.status_code == 200
                _verifier(operation["operationId"], exemple["value"], reponse)
                essayes += 1
    assert essayes >= 14


def _verifier(operation: str, envoi: Any, reponse: Any) -> None:
    def simulation(document: Any) -> Simulation:
        return Simulation(Situation.model_validate(document))

    if operation == "simuler":
        assert reponse.json() == simulation(envoi).resultat().model_dump(mode="json")
    elif operation == "simuler_lot":
        *dites, fin = lignes(reponse)
        documents = [json.loads(ligne) for ligne in envoi.splitlines()]
        assert [dite["resultat"] for dite in dites] == [
            simulation(document).resultat().model_dump(mode="json") for document in documents
        ]
        assert fin["bilan"] == {"lignes": len(documents), "simulees": len(documents), "refusees": 0}
    elif operation == "expliquer":
        assert reponse.json()["variable"] == "montant_prevu"
    else:
        assert {figure["figure"] for figure in reponse.json()} == set(simulation(envoi).figures())


def test_la_page_dit_tout_le_document(api: Client, document: dict[str, Any]) -> None:
    reponse = api.get("/api/")
    assert reponse.status_code == 200
    page = html.unescape(reponse.content.decode())
    for methode, chemin, operation in _operations(document):
        assert f'id="{operation["operationId"]}"' in page
        assert f'<span class="methode">{methode.upper()}</span> <code>{chemin}</code>' in page
        assert operation["summary"] in page
        for parametre in operation["parameters"]:
            assert parametre["description"] in page
    for nom, refus in TYPES.items():
        assert f'id="{nom}"' in page
        assert refus.quand in page
    identifiants = re.findall(r'\bid="([^"]+)"', page)
    assert len(identifiants) == len(set(identifiants))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(identifiants)


def test_la_page_n_a_ni_script_ni_style(api: Client) -> None:
    page = api.get("/api/").content.decode()
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\bsrc=)", page)


def test_les_commandes_de_la_page_courent(api: Client) -> None:
    page = api.get("/api/").content.decode()
    commandes = re.findall(r'<code class="commande">(.*?)</code>', page, re.DOTALL)
    assert len(commandes) >= 13
    for commande in commandes:
        programme, adresse, *options = shlex.split(html.unescape(commande).replace("\\\n", " "))
        assert programme == "curl"
        voulues = dict(zip(options[::2], options[1::2], strict=True))
        morceaux = urlsplit(adresse)
        assert f"{morceaux.scheme}://{morceaux.netloc}" == "http://testserver"
        chemin = f"{morceaux.path}?{morceaux.query}"
        if not voulues:
            reponse: Any = api.get(chemin)
        else:
            assert set(voulues) == {"--header", "--data-binary"}
            media = voulues["--header"].removeprefix("Content-Type: ")
            reponse = api.post(chemin, voulues["--data-binary"], content_type=media)
        assert reponse.status_code == 200
