"""Parameters of the law, explanations, schemas: the answers of the command line."""

from __future__ import annotations

import datetime
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator

from binome.cli.fichiers import lire_document
from binome.simulation import parametres as loi
from binome.simulation.modele.situation import Situation
from binome.simulation.reponse.simuler import Simulation
from binome.site.api import exemples
from tests.cli.outils import lancer
from tests.site.api.outils import EXEMPLES, FICHIERS, GENERALISTE, envoyer, probleme

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
    attendu = json.loads(lancer("parametres", *options, "--json").brut)["parametres"]
    assert api.get(f"/api/v1/parametres?{demande}").json() == attendu
    assert bool(attendu) is ("zzz" not in demande)


def test_parametres_d_aujourd_hui(api: Client) -> None:
    jour = datetime.datetime.now(tz=datetime.UTC).date()
    assert len(api.get("/api/v1/parametres").json()) == len(loi.en_vigueur(jour))


def test_comparaison(api: Client) -> None:
    attendu = json.loads(lancer("parametres", "--comparer", "2023-06-01", "2026-03-01", "--json").brut)["changements"]
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
    assert schema == json.loads(lancer("schema", nom).brut)


@pytest.mark.parametrize("fichier", FICHIERS, ids=lambda fichier: fichier.stem)
def test_le_schema_admet_les_exemples_livres(api: Client, fichier: Path) -> None:
    schema = api.get("/api/v1/schemas/situation").json()
    assert not list(Draft202012Validator(schema).iter_errors(lire_document(str(fichier))))


def test_le_schema_admet_la_demande_du_lisez_moi(api: Client) -> None:
    lisez_moi = (EXEMPLES.parent / "README.md").read_text(encoding="utf-8")
    dite = re.search(r"curl [^\n]*/simulations .*?-d '(.*?)'", lisez_moi, re.DOTALL)
    assert dite
    schema = api.get("/api/v1/schemas/situation").json()
    assert not list(Draft202012Validator(schema).iter_errors(json.loads(dite.group(1))))
    assert envoyer(api, "/simulations", dite.group(1)).status_code == 200


@pytest.mark.parametrize(
    ("champ", "bonnes", "mauvaises"),
    [
        ("contrat.option", ["un_etp", "1/2", "1", 1, 1.5, "0.5"], ["3/4", 0.96, 3, True]),
        ("medecin.specialite", ["Médecine générale", "cardiologue", "pediatrie", 1, "01"], [True, None, [], ""]),
        ("medecin.rqth_ald", ["oui", "non", True, False], [None, [], "peut-être"]),
    ],
)
def test_le_schema_dit_ce_qui_se_lit(api: Client, champ: str, bonnes: list[Any], mauvaises: list[Any]) -> None:
    valideur = Draft202012Validator(api.get("/api/v1/schemas/situation").json())
    groupe, _, nom = champ.partition(".")
    for valeur in (*bonnes, *mauvaises):
        document = {**GENERALISTE, groupe: {**GENERALISTE[groupe], nom: valeur}}
        lu = envoyer(api, "/simulations", document).status_code
        admis = not list(valideur.iter_errors(document))
        assert admis is any(valeur is bonne for bonne in bonnes), valeur
        assert lu == (200 if admis else 422), valeur


#: The keywords of JSON Schema 2020-12 that the models use, and that of OpenAPI.
MOTS = {
    *("$defs", "$id", "$ref", "$schema", "additionalProperties", "anyOf", "const", "default", "description", "enum"),
    *("exclusiveMaximum", "exclusiveMinimum", "format", "items", "maxItems", "maxLength", "maximum", "minItems"),
    *("minLength", "minimum", "pattern", "prefixItems", "properties", "required", "title", "type"),
}


@pytest.mark.parametrize("nom", ["situation", "resultat", "explication", "parametre"])
def test_le_schema_n_a_que_des_mots_connus(api: Client, nom: str) -> None:
    assert _mots(api.get(f"/api/v1/schemas/{nom}").json()) <= MOTS


def _mots(schema: Any) -> set[str]:
    if isinstance(schema, list):
        return set().union(*(_mots(element) for element in schema))
    if not isinstance(schema, dict):
        return set()
    mots = set(schema)
    for mot, valeur in schema.items():
        if mot in {"properties", "$defs"}:
            mots |= set().union(*(_mots(sous) for sous in valeur.values()))
        elif mot not in {"default", "enum", "const"}:
            mots |= _mots(valeur)
    return mots


def test_les_schemas_se_nomment(api: Client) -> None:
    modeles = api.get("/api/v1/schemas").json()
    assert [modele["nom"] for modele in modeles] == ["situation", "resultat", "explication", "parametre"]
    for modele in modeles:
        schema = api.get(modele["adresse"]).json()
        assert schema["$id"] == modele["adresse"]
        assert schema["description"] == modele["description"]


@pytest.mark.parametrize("recherche", ["€", "%", "-", "…"])
def test_une_recherche_sans_mot_ne_trouve_rien(api: Client, recherche: str) -> None:
    assert api.get("/api/v1/parametres", {"date": "2026-11-23", "recherche": recherche}).json() == []
    demande = {"avant": "2023-06-01", "apres": "2026-03-01", "recherche": recherche}
    assert api.get("/api/v1/parametres/comparaison", demande).json() == []
    dit = json.loads(lancer("parametres", "--date", "2026-11-23", "--recherche", recherche, "--json").brut)
    assert dit["parametres"] == []


@pytest.mark.parametrize(
    ("adresse", "secondes"),
    [
        ("parametres", 300),
        ("parametres?recherche=carence", 300),
        ("parametres?date=2026-11-23", 3600),
        ("parametres/comparaison?avant=2023-06-01&apres=2026-03-01", 3600),
        ("schemas", 3600),
        ("schemas/situation", 3600),
        ("openapi.json", 3600),
    ],
)
def test_la_loi_se_garde(api: Client, adresse: str, secondes: int) -> None:
    entiere = api.get(f"/api/v1/{adresse}")
    assert set(entiere.headers["Cache-Control"].split(", ")) == {"public", f"max-age={secondes}"}
    assert "Cookie" not in entiere.headers["Vary"]
    empreinte = entiere.headers["ETag"]
    for tenue in (empreinte, f'W/{empreinte}, "autre"'):
        reponse = api.get(f"/api/v1/{adresse}", headers={"If-None-Match": tenue})
        assert (reponse.status_code, reponse.content) == (304, b"")
        assert reponse.headers["ETag"] == empreinte
        assert reponse.headers["Cache-Control"] == entiere.headers["Cache-Control"]
        assert reponse.headers["X-Request-ID"]
    autre = api.get(f"/api/v1/{adresse}", headers={"If-None-Match": '"autre"'})
    assert autre.content == entiere.content
    compressee = api.get(f"/api/v1/{adresse}", headers={"Accept-Encoding": "gzip"})
    assert compressee.headers["ETag"].removeprefix("W/") == empreinte


def test_un_refus_ne_se_garde_pas(api: Client) -> None:
    assert "no-store" in api.get("/api/v1/parametres?date=hier").headers["Cache-Control"]


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
