"""The limit of requests, and that of the lines of batches."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.test import Client, override_settings
from ninja.conf import settings as reglages_ninja

from binome.site.api import limite
from tests.site.api.outils import GENERALISTE, NDJSON, V1, envoyer, lignes, probleme


@pytest.fixture
def heure(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """A clock that the test sets, at the start of a period."""
    cache.clear()
    maintenant = [1_800_000_000.0]
    monkeypatch.setattr(limite.time, "time", lambda: maintenant[0])
    yield maintenant
    cache.clear()


def test_au_dela_de_la_limite(heure: list[float]) -> None:
    api = Client()
    with override_settings(LIMITE_API="3/m"):
        for _ in range(3):
            assert envoyer(api, "/simulations", GENERALISTE).status_code == 200
        heure[0] += 20
        refus = envoyer(api, "/simulations", GENERALISTE)
        assert "40 secondes" in probleme(refus, 429, "trop-de-demandes")["detail"].replace("\u00a0", " ")
        assert refus.headers["Retry-After"] == "40"
        # Every operation counts; another address has its own count.
        probleme(api.get(f"{V1}/schemas/situation"), 429, "trop-de-demandes")
        assert api.get(f"{V1}/schemas/situation", REMOTE_ADDR="192.0.2.7").status_code == 200
        heure[0] += 40
        assert envoyer(api, "/simulations", GENERALISTE).status_code == 200


def test_le_refus_ne_lit_pas_le_corps(heure: list[float]) -> None:
    api = Client()
    with override_settings(LIMITE_API="1/m"):
        probleme(envoyer(api, "/simulations", b"illisible"), 400, "corps-illisible")
        probleme(envoyer(api, "/simulations", b"illisible"), 429, "trop-de-demandes")


def test_l_entete_d_un_proxy_inconnu_ne_compte_pas(heure: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    api = Client()
    monkeypatch.setattr(reglages_ninja, "NUM_PROXIES", None)
    with override_settings(LIMITE_API="1/m"):
        assert api.get(f"{V1}/schemas/situation", headers={"X-Forwarded-For": "198.51.100.1"}).status_code == 200
        reponse = api.get(f"{V1}/schemas/situation", headers={"X-Forwarded-For": "198.51.100.2"})
        probleme(reponse, 429, "trop-de-demandes")


def test_l_entete_d_un_proxy_declare(heure: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    api = Client()
    monkeypatch.setattr(reglages_ninja, "NUM_PROXIES", 1)
    with override_settings(LIMITE_API="1/m"):
        for adresse in ("9.9.9.9, 198.51.100.1", "8.8.8.8, 198.51.100.2"):
            assert api.get(f"{V1}/schemas/situation", headers={"X-Forwarded-For": adresse}).status_code == 200
        reponse = api.get(f"{V1}/schemas/situation", headers={"X-Forwarded-For": "7.7.7.7, 198.51.100.2"})
        probleme(reponse, 429, "trop-de-demandes")


def test_les_lignes_d_un_lot_comptent(heure: list[float]) -> None:
    api = Client()
    with override_settings(LIMITE_API="100/m", LIGNES_PAR_LOT=5):
        assert len(lignes(envoyer(api, "/simulations/lot", "{}\n" * 3, NDJSON))) == 4
        refus = envoyer(api, "/simulations/lot", "{}\n" * 3, NDJSON)
        dit = probleme(refus, 429, "trop-de-demandes")
        assert "5 lignes" in dit["detail"]
        assert refus.headers["Retry-After"] == "3600"
        # What was refused is not counted: two lines remain, and single simulations too.
        assert len(lignes(envoyer(api, "/simulations/lot", "{}\n" * 2, NDJSON))) == 3
        probleme(envoyer(api, "/simulations/lot", "{}\n", NDJSON), 429, "trop-de-demandes")
        assert envoyer(api, "/simulations", GENERALISTE).status_code == 200
        heure[0] += 3600
        assert len(lignes(envoyer(api, "/simulations/lot", "{}\n" * 5, NDJSON))) == 6


def test_sans_limite(api: Client) -> None:
    with override_settings(LIGNES_PAR_LOT=2):
        for _ in range(4):
            assert len(lignes(envoyer(api, "/simulations/lot", "{}\n" * 2, NDJSON))) == 3


@pytest.mark.parametrize(("texte", "attendu"), [("300/m", (300, 60)), ("", None), (" ", None), ("5/30s", (5, 30))])
def test_les_taux(texte: str, attendu: tuple[int, int] | None) -> None:
    assert limite.taux_de(texte) == attendu


@pytest.mark.parametrize("texte", ["vite", "0/m", "-3/m", "300", "5/0s", "300/x", "1e3/m", "m/300"])
def test_un_taux_illisible(texte: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"BINOME_LIMITE_API « {texte} » : .*attendus"):
        limite.taux_de(texte)


@pytest.mark.parametrize("panne", ["add", "incr"])
def test_un_cache_en_panne_ne_limite_rien(
    heure: list[float], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, panne: str
) -> None:
    def echouer(*_: object) -> None:
        raise ConnectionError("192.0.2.7 injoignable")

    monkeypatch.setattr(limite.cache, panne, echouer)
    api = Client(raise_request_exception=False)
    with override_settings(LIMITE_API="1/m", LIGNES_PAR_LOT=2):
        for _ in range(3):
            assert envoyer(api, "/simulations", GENERALISTE).status_code == 200
            assert len(lignes(envoyer(api, "/simulations/lot", "{}\n" * 2, NDJSON))) == 3
    dites = [record for record in caplog.records if record.name == "binome.api"]
    assert dites
    assert {record.exception for record in dites} == {"ConnectionError"}
    assert all("192.0.2.7" not in record.getMessage() for record in dites)


def test_l_adresse_n_est_pas_gardee(heure: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    cles: list[str] = []
    ajouter = cache.add
    monkeypatch.setattr(limite.cache, "add", lambda cle, *reste: cles.append(cle) or ajouter(cle, *reste))
    with override_settings(LIMITE_API="3/m"):
        Client().get(f"{V1}/schemas/situation", REMOTE_ADDR="192.0.2.7")
    assert len(cles) == 1
    assert "192.0.2.7" not in cles[0]
    assert time.time() == heure[0]
