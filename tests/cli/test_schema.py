"""`binome schema`: the models as JSON Schema, the columns of a table."""

from __future__ import annotations

import json

from binome.simulation.lot import colonnes_acceptees
from binome.simulation.resultat import Resultat
from tests.cli.outils import lancer, mots


def test_situation_par_defaut() -> None:
    schema = json.loads(lancer("schema").brut)
    assert schema == json.loads(lancer("schema", "situation").brut)
    assert set(schema["properties"]) >= {"medecin", "patientele", "contrat", "groupe", "resultats", "projections"}
    assert schema["additionalProperties"] is False


def test_resultat() -> None:
    schema = json.loads(lancer("schema", "resultat").brut)
    assert set(schema["properties"]) == set(Resultat.model_fields)


def test_colonnes_du_lot() -> None:
    colonnes = json.loads(lancer("schema", "lot", "--json").brut)
    assert [c["nom"] for c in colonnes] == [c.nom for c in colonnes_acceptees()]
    assert all(c["description"] for c in colonnes)
    lu = mots(lancer("schema", "lot").sortie)
    assert "date_signature oui Date de signature" in lu
