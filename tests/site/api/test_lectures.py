"""Parameters of the law, explanations, schemas: the answers of the command line."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator

from binome.simulation import parametres as loi
from binome.simulation.simuler import Simulation
from binome.simulation.situation import Situation
from binome.site.api import exemples
from tests.cli.outils import lancer
from tests.site.api.outils import EXEMPLES, GENERALISTE, envoyer, probleme

FICHIER = EXEMPLES / "generaliste-2026.yaml"


@pytest.mark.parametrize(
    ("demande", "options"),
    [
        ("date=2024-06-21", ["--date", "2024-06-21"]),
        ("date=2026-11-23&recherche=carence", ["--date", "2026-11-23", "--recherche", "carence"]),
        ("date=2026-11-23&recherche=zzz", ["--date", "2026-11-23", "--recherche", "zzz"]),
    ],
)
def test_parametres(api: Client, demande: str, options: list[str]) -> None:
    attendu = json.loads(lancer("parametres", *options, "--json").brut)
    assert api.get(f"/api/v1/parametres?{demande}").json() == attendu
    assert bool(attendu) is ("zzz" not in demande)


def test_parametres_d_aujourd_hui(api: Client) -> None:
    jour = datetime.datetime.now(tz=datetime.UTC).date()
    assert len(api.get("/api/v1/parametres").json()) == len(loi.en_vigueur(jour))


def test_comparaison(api: Client) -> None:
    attendu = json.loads(lancer("parametres", "--comparer", "2023-06-01", "2026-03-01", "--json").brut)
    assert attendu
    assert api.get("/api/v1/parametres/comparaison?avant=2023-06-01&apres=2026-03-01").json() == attendu


@pytest.mark.parametrize(
    ("adresse", "champs"),
    [
        ("parametres?date=hier", ["date"]),
        ("parametres?avant=2023-01-01", ["avant"]),
        ("parametres?recherche=" + "a" * 201, ["recherche"]),
        ("parametres/comparaison", ["avant", "apres"]),
        ("parametres/comparaison?avant=2023-01-01&apres=demain", ["apres"]),
        ("parametres/comparaison?avant=2023-01-01&apres=2024-01-01&date=2024-01-01", ["date"]),
        ("schemas/situation?x=1", ["x"]),
    ],
)
def test_un_parametre_invalide(api: Client, adresse: str, champs: list[str]) -> None:
    dit = probleme(api.get(f"/api/v1/{adresse}"), 422, "parametre-invalide")
    assert [faute["champ"] for faute in dit["fautes"]] == champs
    assert all(champ in dit["detail"] for champ in champs)


def test_expliquer(api: Client) -> None:
    attendu = json.loads(lancer("expliquer", FICHIER, "annees.3.montant_prevu", "--json").brut)
    assert envoyer(api, "/explications/annees.3.montant_prevu", GENERALISTE).json() == attendu


def test_toute_figure_nommee_s_explique(api: Client) -> None:
    noms = envoyer(api, "/explications", GENERALISTE).json()
    assert noms == json.loads(lancer("expliquer", FICHIER, "--json").brut)
    for nom in noms[:: max(1, len(noms) // 12)]:
        reponse = envoyer(api, f"/explications/{nom['figure']}", GENERALISTE)
        assert reponse.status_code == 200
        assert reponse.json()["libelle"] == nom["libelle"]


def test_expliquer_a_une_date(api: Client) -> None:
    date = datetime.date(2026, 5, 4)
    attendu = Simulation(Situation.model_validate(GENERALISTE), date).expliquer("eligible").model_dump(mode="json")
    assert envoyer(api, "/explications/eligible?date=2026-05-04", GENERALISTE).json() == attendu


def test_une_figure_inconnue_propose_les_proches(api: Client) -> None:
    dit = probleme(envoyer(api, "/explications/anees.3.montant_prevu", GENERALISTE), 404, "figure-inconnue")
    assert "annees.3.montant_prevu" in dit["detail"]
    probleme(envoyer(api, "/explications/%00%F0%9F%A9%BA", GENERALISTE), 404, "figure-inconnue")


def test_la_situation_est_lue_avant_la_figure(api: Client) -> None:
    probleme(envoyer(api, "/explications/zut", {}), 422, "situation-invalide")


@pytest.mark.parametrize("nom", ["situation", "resultat"])
def test_le_schema_est_celui_de_la_commande(api: Client, nom: str) -> None:
    reponse = api.get(f"/api/v1/schemas/{nom}")
    assert reponse.headers["Content-Type"] == "application/schema+json"
    schema = reponse.json()
    assert schema.pop("$schema") == "https://json-schema.org/draft/2020-12/schema"
    assert schema.pop("$id") == f"http://testserver/api/v1/schemas/{nom}"
    assert _sans_descriptions(schema) == _sans_descriptions(json.loads(lancer("schema", nom).brut))


def _sans_descriptions(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema less what it says of each model: the API says it in French."""
    for definition in (schema, *schema.get("$defs", {}).values()):
        definition.pop("description", None)
    return schema


@pytest.mark.parametrize("nom", ["situation", "resultat", "explication", "parametre"])
def test_le_schema_decrit_ce_qui_s_echange(api: Client, nom: str) -> None:
    schema = api.get(f"/api/v1/schemas/{nom}").json()
    Draft202012Validator.check_schema(schema)
    valideur = Draft202012Validator(schema)
    documents: list[Any] = {
        "situation": [exemples.situation(e) for e in exemples.SITUATIONS],
        "resultat": [envoyer(api, "/simulations", exemples.situation(e)).json() for e in exemples.SITUATIONS],
        "explication": [envoyer(api, f"/explications/{exemples.FIGURE}", GENERALISTE).json()],
        "parametre": api.get("/api/v1/parametres?date=2026-03-01").json(),
    }[nom]
    assert documents
    for document in documents:
        assert not list(valideur.iter_errors(document))
    assert list(valideur.iter_errors({"zut": 1}))


def test_un_schema_inconnu(api: Client) -> None:
    assert "situation" in probleme(api.get("/api/v1/schemas/medecin"), 404, "adresse-inconnue")["detail"]
