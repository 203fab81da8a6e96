"""The API against its own document, by Schemathesis: every operation, every check, requests good and bad."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client
from schemathesis.engine import events, from_schema

from tests.site.api.outils import NDJSON

EXEMPLES = 25

#: A document cannot say the rules that bind several fields (a signature after the installation…): a body that conforms
#: to it may still be refused. Everything else is checked on these operations too.
AVEC_SITUATION = ("POST /api/v1/simulations", "POST /api/v1/explications", "POST /api/v1/explications/{figure}")
#: Any text with a line in it is a batch, whose lines are answered one by one.
LOT = "POST /api/v1/simulations/lot"
LECTURES = (
    "GET /api/v1/parametres",
    "GET /api/v1/parametres/comparaison",
    "GET /api/v1/schemas/{modele}",
)
#: Nothing can be varied there but the method.
INDEX = "GET /api/v1/schemas"

CONFIGURATION: dict[str, Any] = {
    "generation": {"max-examples": EXEMPLES, "deterministic": True, "database": "none"},
    # The answers are read as they are.
    "headers": {"Accept-Encoding": "identity"},
    # No answer leads to another request.
    "phases": {"stateful": {"enabled": False}},
    "operations": [
        {"include-name": nom, "checks": {"positive_data_acceptance": {"enabled": False}}} for nom in AVEC_SITUATION
    ]
    + [{"include-name": LOT, "checks": {"negative_data_rejection": {"enabled": False}}}],
}


@schemathesis.serializer(NDJSON)
def _en_lignes(_: schemathesis.SerializationContext, valeur: Any) -> bytes:
    return str(valeur).encode("utf-8", "replace")


@pytest.mark.django_db
def test_rien_a_redire(api: Client) -> None:
    document = schemathesis.openapi.from_wsgi(
        "/api/v1/openapi.json", WSGIHandler(), config=schemathesis.Config.from_dict(CONFIGURATION)
    )
    statuts: dict[str, Counter[int]] = defaultdict(Counter)
    controles: dict[str, set[str]] = defaultdict(set)
    reproches: list[str] = []
    for evenement in from_schema(document).execute():
        if isinstance(evenement, events.NonFatalError | events.FatalError | events.Interrupted):
            reproches.append(repr(evenement))
        if not isinstance(evenement, events.ScenarioFinished):
            continue
        nom, releve = evenement.label or "", evenement.recorder
        for echange in releve.interactions.values():
            assert echange.response is not None
            statuts[nom][echange.response.status_code] += 1
        for identifiant, faits in releve.checks.items():
            for fait in faits:
                controles[nom].add(fait.name)
                if fait.failure_info is not None:
                    demande = releve.interactions[identifiant].request
                    reproches.append(f"{nom} : {fait.failure_info.failure}\n{demande.method} {demande.uri}")
    assert reproches == []

    # Nothing of this holds if nothing was asked.
    assert set(statuts) == {*AVEC_SITUATION, LOT, INDEX, *LECTURES}
    for nom, comptes in statuts.items():
        # Hypothesis stops early when a small space is exhausted.
        assert comptes.total() >= (EXEMPLES if nom != INDEX else EXEMPLES // 3), nom
        assert comptes[200] >= 3, nom
        assert sum(n for statut, n in comptes.items() if 400 <= statut < 500) >= 5, nom
        assert max(comptes) < 500, nom
        assert {"status_code_conformance", "content_type_conformance", "response_schema_conformance"} <= controles[nom]
        assert {"not_a_server_error", "unsupported_method", "allow_header_conformance"} <= controles[nom]
    assert all("negative_data_rejection" in controles[nom] for nom in (*AVEC_SITUATION, *LECTURES))
    assert all("positive_data_acceptance" in controles[nom] for nom in (LOT, *LECTURES))
    assert sum(comptes.total() for comptes in statuts.values()) > 1_000
