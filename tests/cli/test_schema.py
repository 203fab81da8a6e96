"""`binome schema`: the models as JSON Schema, the columns of a table."""

from __future__ import annotations

import json
import re

import pytest

from binome.simulation.modele.resultat import Resultat
from binome.simulation.tables.colonnes import colonnes_acceptees
from tests.cli.outils import lancer, mots


def test_situation_par_defaut() -> None:
    schema = json.loads(lancer("schema").brut)
    assert schema == json.loads(lancer("schema", "situation").brut)
    assert set(schema["properties"]) >= {"medecin", "patientele", "contrat", "groupe", "resultats", "projections"}
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize("modele", ["situation", "resultat"])
def test_tout_est_en_francais(modele: str) -> None:
    brut = lancer("schema", modele, "--json").brut
    textes = re.findall(r'"description": "([^"]*)"', brut)
    assert len(textes) > 80
    assert [texte for texte in textes if re.search(r"\b(the|of|and|what|which|whether|See)\b", texte)] == []
    schema = json.loads(brut)
    for definition in (schema, *schema["$defs"].values()):
        if "properties" in definition:
            assert definition["description"]
            assert all(propriete["description"] for propriete in definition["properties"].values())


def test_resultat() -> None:
    schema = json.loads(lancer("schema", "resultat").brut)
    assert set(schema["properties"]) == set(Resultat.model_fields)


def test_colonnes_du_lot() -> None:
    colonnes = json.loads(lancer("schema", "lot", "--json").brut)
    assert [c["nom"] for c in colonnes] == [c.nom for c in colonnes_acceptees()]
    assert all(c["description"] for c in colonnes)
    lu = mots(lancer("schema", "lot").sortie)
    assert "date_signature oui Date de signature" in lu
