"""What the tests of the API share."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.http.response import HttpResponseBase
from django.test import Client

from binome.cli.simuler import preparer
from binome.site.api import exemples

EXEMPLES = Path(__file__).parent.parent.parent.parent / "exemples"
FICHIERS = sorted(EXEMPLES.glob("*.yaml"))
GENERALISTE = exemples.situation("generaliste")
NDJSON = "application/x-ndjson"
PROBLEME = "application/problem+json"
V1 = "/api/v1"


def envoyer(api: Client, adresse: str, corps: Any, media: str = "application/json", **entetes: str) -> Any:
    """Post a document, or bytes as they are."""
    donnees = corps if isinstance(corps, (bytes, str)) else json.dumps(corps, ensure_ascii=False)
    # Named apart: the test client announces no format of an empty body.
    return api.post(V1 + adresse, donnees, content_type=media, headers=entetes, CONTENT_TYPE=media)


def probleme(reponse: HttpResponseBase, statut: int, nom: str) -> dict[str, Any]:
    """The problem of a refusal, once its form is checked."""
    contenu = b"".join(reponse) if reponse.streaming else reponse.content  # type: ignore[attr-defined]
    assert reponse.status_code == statut, contenu[:500]
    assert reponse.headers["Content-Type"] == PROBLEME
    dit: dict[str, Any] = json.loads(contenu, parse_constant=_interdit)
    assert set(dit) == {"type", "title", "status", "detail", "fautes"}
    assert dit["type"] == f"/api/#{nom}"
    assert dit["status"] == statut
    assert dit["detail"].endswith(".")
    assert dit["title"]
    assert all(set(faute) == {"champ", "message", "valeur"} for faute in dit["fautes"])
    return dit


def _interdit(constante: str) -> None:
    raise AssertionError(f"{constante} n'est pas du JSON")


def lignes(reponse: Any) -> list[dict[str, Any]]:
    """The lines of a streamed answer."""
    assert reponse.streaming
    assert reponse.headers["Content-Type"] == NDJSON
    return [json.loads(ligne, parse_constant=_interdit) for ligne in b"".join(reponse).splitlines()]


def par_la_commande(fichier: Path, date: str | None = None) -> Any:
    """What `binome simuler --json` answers, by the function that it calls."""
    return json.loads(preparer(str(fichier), date, None, None).resultat().model_dump_json())
