"""A connection that the database cut while nobody used it is found dead, and opened again, before a page needs it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import RequestFactory

from tests.bases import ordonner


@pytest.fixture
def gardees(db: None, transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Connections that outlive a request, as in production; the site's own health checks."""
    del db, transactional_db
    if connection.vendor != "postgresql":
        pytest.skip("une connexion de SQLite est un fichier : personne ne la coupe")
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 60)
    connection.close()
    yield
    connection.close()


def servir(chemin: str) -> int:
    """As the server asks, with what Django does before and after a request (its test client does not)."""
    statuts: list[str] = []
    environ: dict[str, Any] = RequestFactory().get(chemin).environ
    reponse = WSGIHandler()(environ, lambda statut, _entetes: statuts.append(statut))
    b"".join(reponse)
    reponse.close()
    return int(statuts[0][:3])


def couper() -> None:
    """What a restart of the server, or a firewall, does to a connection that waits."""
    assert connection.connection is not None, "la connexion n'a pas été gardée"
    ordonner(f"SELECT pg_terminate_backend({connection.connection.info.backend_pid})")


@pytest.mark.parametrize("chemin", ["/sante/pret", "/sante/courriels"])
def test_une_connexion_coupee_n_est_vue_de_personne(gardees: None, chemin: str) -> None:
    assert servir(chemin) == 200
    for _ in range(2):
        couper()
        assert servir(chemin) == 200


def test_sans_la_verification_la_page_echoue(gardees: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test above sees: without the setting, the next page fails."""
    monkeypatch.setitem(connection.settings_dict, "CONN_HEALTH_CHECKS", False)
    assert servir("/sante/pret") == 200
    couper()
    assert servir("/sante/pret") == 503
