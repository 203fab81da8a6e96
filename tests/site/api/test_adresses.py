"""What no operation answers: unknown addresses, refused methods, failures of the server."""

from __future__ import annotations

import io

import pytest
from django.core.cache import cache
from django.test import Client, override_settings

from binome.site.api import v1
from tests.site.api.outils import GENERALISTE, PROBLEME, envoyer, probleme


@pytest.mark.parametrize(
    "adresse",
    [
        "/api/v2/simulations",
        "/api/v1/",
        "/api/v1",
        "/api/zut",
        "/api/v1/simulations/",
        "/api/v1/%F0%9F%A9%BA",
        "/api/a/b/",
    ],
)
@pytest.mark.parametrize("methode", ["get", "post", "delete"])
def test_une_adresse_inconnue(api: Client, adresse: str, methode: str) -> None:
    assert "/api/" in probleme(getattr(api, methode)(adresse), 404, "adresse-inconnue")["detail"]


@pytest.mark.parametrize(
    ("adresse", "admises"),
    [
        ("/api/v1/simulations", "POST"),
        ("/api/v1/simulations/lot", "POST"),
        ("/api/v1/explications", "POST"),
        ("/api/v1/explications/eligible", "POST"),
        ("/api/v1/parametres", "GET, HEAD"),
        ("/api/v1/parametres/comparaison", "GET, HEAD"),
        ("/api/v1/schemas", "GET, HEAD"),
        ("/api/v1/schemas/situation", "GET, HEAD"),
        ("/api/v1/openapi.json", "GET, HEAD"),
        ("/api/", "GET, HEAD"),
    ],
)
def test_une_methode_refusee(api: Client, adresse: str, admises: str) -> None:
    for methode in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "ZUT"):
        if methode in admises:
            continue
        reponse = api.generic(methode, adresse)
        assert reponse.headers["Allow"] == admises
        if methode != "HEAD":
            assert admises in probleme(reponse, 405, "methode-refusee")["detail"]


def test_head_est_get_sans_corps(api: Client) -> None:
    entiere = api.get("/api/v1/schemas/situation")
    tete = api.head("/api/v1/schemas/situation")
    assert (tete.status_code, tete.content) == (200, b"")
    assert tete.headers["Content-Length"] == str(len(entiere.content))


def test_sans_jeton_contre_les_formulaires(api: Client) -> None:
    """No cookie, so nothing to forge: a program has no CSRF token."""
    strict = Client(enforce_csrf_checks=True)
    assert envoyer(strict, "/simulations", GENERALISTE).status_code == 200


def test_un_echec_ne_dit_rien_du_dedans(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def echouer(*_: object) -> None:
        raise RuntimeError("mot de passe 1234 dans /srv/secret")

    monkeypatch.setattr(v1, "Simulation", echouer)
    reponse = envoyer(api, "/simulations", GENERALISTE)
    probleme(reponse, 500, "erreur-interne")
    for mot in (b"1234", b"secret", b"RuntimeError", b"Traceback", b".py"):
        assert mot not in reponse.content


def test_un_refus_lit_le_corps_jusqu_au_bout() -> None:
    """What is left unread is taken for the next request, or closes the connection on the answer."""
    with override_settings(LIMITE_API="1/m", DATA_UPLOAD_MAX_MEMORY_SIZE=200_000):
        cache.clear()
        for adresse, media, taille, reste in (
            ("/api/v1/zut", "application/json", 150_000, 0),
            ("/api/v1/simulations", "text/plain", 150_000, 0),
            ("/api/v1/simulations", "application/json", 150_000, 0),
            ("/api/v1/simulations/lot", "application/x-ndjson", 300_000, 100_000),
        ):
            corps = io.BytesIO(b"x" * taille)
            entree = {"wsgi.input": corps, "CONTENT_LENGTH": str(taille)}
            reponse = Client().post(adresse, b"", content_type=media, **entree)  # type: ignore[arg-type]
            assert reponse.status_code >= 400
            assert taille - corps.tell() == reste
        cache.clear()


def test_les_entetes_de_surete(api: Client) -> None:
    for reponse in (api.get("/api/v1/schemas/situation"), api.get("/api/zut")):
        assert reponse.headers["X-Content-Type-Options"] == "nosniff"
        assert reponse.headers["X-Request-ID"]
        assert "Access-Control-Allow-Origin" not in reponse.headers
    assert reponse.headers["Content-Type"] == PROBLEME
