"""The law package is a good OpenFisca citizen: tests, web API, and no need of Binôme."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openfisca_web_api.app import create_app

from openfisca_assistants_medicaux import CountryTaxBenefitSystem
from tests.loi.population import systeme

RACINE = Path(__file__).parents[2]
YAML = RACINE / "openfisca_assistants_medicaux" / "tests"
SUJETS = {
    "aide_collective",
    "distributions",
    "eligibilite_conventionnement",
    "eligibilite_exercice",
    "eligibilite_projet",
    "eligibilite_seuil",
    "eligibilite_specialite",
    "formation",
    "lectures",
    "modulation",
    "montants",
    "objectifs",
    "options",
    "versements",
    "vie_du_contrat",
}


def _lancer(*commande: str) -> subprocess.CompletedProcess[str]:
    # The child must not inherit what pytest-xdist, or a BINOME_DISTRIBUTIONS of the developer, put there.
    retires = ("PYTEST_", "BINOME_")
    environnement = {cle: valeur for cle, valeur in os.environ.items() if not cle.startswith(retires)}
    return subprocess.run(
        commande, cwd=RACINE, env=environnement, capture_output=True, text=True, check=False, timeout=120
    )


def test_openfisca_test_passe_tous_les_tests_yaml() -> None:
    openfisca = Path(sys.executable).with_name("openfisca")
    resultat = _lancer(str(openfisca), "test", "--country-package", "openfisca_assistants_medicaux", str(YAML))
    sortie = resultat.stdout + resultat.stderr
    assert resultat.returncode == 0, sortie[-5000:]
    # pytest-xdist workers would not know OpenFisca's collector: they would run nothing, and say so quietly.
    passes = re.search(r"(\d+) passed", sortie)
    assert passes, sortie[-5000:]
    attendus = sum(len(re.findall(r"^- name:", f.read_text(encoding="utf-8"), re.M)) for f in YAML.glob("*.yaml"))
    assert int(passes.group(1)) == attendus


def test_chaque_sujet_a_ses_tests_yaml() -> None:
    """An avenant may have a file of its own, for what it changes in each subject."""
    assert {f.stem for f in YAML.glob("*.yaml") if not f.stem.startswith("avenant_")} == SUJETS


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    with create_app(CountryTaxBenefitSystem()).test_client() as client:
        yield client


def _exemple() -> dict[str, Any]:
    exemple: dict[str, Any] = json.loads(json.dumps(systeme().open_api_config["simulation_example"]))
    return exemple


def _poster(client: Any, route: str, corps: dict[str, Any]) -> Any:
    reponse = client.post(route, data=json.dumps(corps), content_type="application/json")
    assert reponse.status_code == 200, reponse.data
    return reponse.get_json()


def test_l_api_calcule_l_exemple(client: Any) -> None:
    """First year of a full-time contract of 2026: 38 000 € (ameli, June 2024)."""
    reponse = _poster(client, "/calculate", _exemple())
    (annuite,) = reponse["annuites"].values()
    assert annuite["montant_maximal"] == {"2026-11-23": 3_800_000}


def test_l_api_trace_l_exemple(client: Any) -> None:
    reponse = _poster(client, "/trace", _exemple())
    assert reponse["requestedCalculations"] == ["montant_maximal<2026-11-23>"]
    trace = reponse["trace"]
    assert trace["montant_maximal<2026-11-23>"]["value"] == [3_800_000]
    lus = {nom.partition("<")[0] for noeud in trace.values() for nom in noeud["parameters"]}
    assert "montants" in {nom.split(".")[0] for nom in lus}


def test_t49b_l_api_refuse_une_modalite_inconnue_et_dit_les_valeurs(client: Any) -> None:
    corps = _exemple()
    corps["contrats"]["contrat"]["option"] = {"ETERNITY": "1 ETP"}
    reponse = client.post("/calculate", data=json.dumps(corps), content_type="application/json")
    assert reponse.status_code == 400
    dit = reponse.get_data(as_text=True)
    assert "1 ETP" in dit
    assert all(valeur in dit for valeur in ("demi_etp", "un_etp"))


def test_t49_un_mois_au_lieu_d_un_jour_est_refuse_en_mots(client: Any) -> None:
    """Public case T49 (openfisca-core 916): a month where a day is expected was a 500."""
    corps = {
        "annuites": {"a1": {"rang": {"2026-11": 1}, "montant_maximal_bas": {"2026-11": None}}},
        "contrats": {
            "c": {"annuites": ["a1"], "date_signature": {"2026-11": "2026-10-01"}, "option": {"2026-11": "un_etp"}}
        },
    }
    for route in ("/calculate", "/trace"):
        reponse = client.post(route, data=json.dumps(corps), content_type="application/json")
        assert reponse.status_code == 400
        dit = json.dumps(reponse.get_json(), ensure_ascii=False)
        assert "« 2026-11 »" in dit
        assert "un jour est attendu" in dit


@pytest.mark.parametrize("route", ["/variables", "/parameters", "/entities", "/spec"])
def test_l_api_decrit_la_loi(client: Any, route: str) -> None:
    assert client.get(route).status_code == 200


@pytest.mark.parametrize("nom", ["montant_maximal", "regime", "condition_seuil_activite"])
def test_l_api_decrit_une_variable(client: Any, nom: str) -> None:
    assert client.get(f"/variable/{nom}").get_json()["id"] == nom


def test_l_api_decrit_un_parametre(client: Any) -> None:
    parametre = client.get("/parameter/montants/un_etp/annee_1").get_json()
    assert parametre["values"]["2024-06-22"] == 38000
    assert parametre["metadata"]["unit"] == "EUR/an"


def test_la_loi_s_importe_seule() -> None:
    code = (
        "import json, sys\n"
        "from openfisca_assistants_medicaux import CountryTaxBenefitSystem\n"
        "CountryTaxBenefitSystem()\n"
        "print(json.dumps(sorted({nom.partition('.')[0] for nom in sys.modules})))\n"
    )
    resultat = _lancer(sys.executable, "-c", code)
    assert resultat.returncode == 0, resultat.stderr
    importes = set(json.loads(resultat.stdout.splitlines()[-1]))
    assert "openfisca_assistants_medicaux" in importes
    assert importes & {"binome", "pydantic", "polars", "typer", "rich", "flask"} == set()
