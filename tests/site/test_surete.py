"""Production settings, headers, health, logs."""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.utils.module_loading import import_string

from binome.site.socle import sante
from binome.site.socle.journaux import JournalDesRequetes, SansLesChiffres
from tests.site.parcours import ADRESSE

PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "binome.site.reglages",
    "BINOME_CLE_SECRETE": "une-cle-longue-et-variee-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEF",
    "BINOME_HOTES": "binome.example",
}


def lancer(*commande: str, **reglages: str | None) -> subprocess.CompletedProcess[str]:
    """A Django command, in an environment that holds no setting but those given."""
    propre = {nom: valeur for nom, valeur in os.environ.items() if not nom.startswith(("BINOME_", "DJANGO_"))}
    environnement = {nom: valeur for nom, valeur in (propre | PRODUCTION | reglages).items() if valeur is not None}
    return subprocess.run(
        [sys.executable, "manage.py", *commande], env=environnement, capture_output=True, text=True, check=False
    )


def test_check_deploy_est_propre(tmp_path: Path) -> None:
    fait = lancer("check", "--deploy", "--fail-level", "INFO", BINOME_DONNEES=str(tmp_path))
    assert fait.returncode == 0, fait.stderr


@pytest.mark.parametrize("manquant", ["BINOME_CLE_SECRETE", "BINOME_HOTES"])
def test_sans_reglage_essentiel_le_site_ne_demarre_pas(manquant: str, tmp_path: Path) -> None:
    fait = lancer("check", BINOME_DONNEES=str(tmp_path), **{manquant: None})
    assert fait.returncode != 0
    assert manquant in fait.stderr


def test_un_reglage_mal_ecrit_arrete_le_site(tmp_path: Path) -> None:
    fait = lancer("check", BINOME_HTTPS="0", BINOME_DONNEES=str(tmp_path))
    assert fait.returncode != 0
    assert "« oui » ou « non » attendu" in fait.stderr


def test_les_fichiers_statiques_portent_leur_empreinte(tmp_path: Path) -> None:
    fait = lancer("collectstatic", "--no-input", BINOME_DONNEES=str(tmp_path))
    assert fait.returncode == 0, fait.stderr
    manifeste = json.loads((tmp_path / "statique/staticfiles.json").read_text())["paths"]
    assert manifeste["css/binome.css"] != "css/binome.css"
    feuille = (tmp_path / "statique" / manifeste["css/binome.css"]).read_text()
    assert "source-sans-3-latin-400-normal." in feuille
    assert "http" not in feuille.replace("http://www.w3.org", "")


@pytest.mark.parametrize("chemin", ["/", ADRESSE, "/rien"])
def test_entetes(client: Client, chemin: str) -> None:
    reponse = client.get(chemin)
    politique = reponse["Content-Security-Policy"]
    assert "default-src 'none'" in politique
    assert "unsafe" not in politique
    assert "http" not in politique
    assert reponse["X-Frame-Options"] == "DENY"
    assert reponse["X-Content-Type-Options"] == "nosniff"
    assert reponse["Referrer-Policy"] == "same-origin"
    assert "geolocation=()" in reponse["Permissions-Policy"]
    assert not reponse.cookies


def test_https_est_exige_en_production(settings, client: Client) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/", secure=False).status_code == 301
    assert client.get("/sante/vivant", secure=False).status_code == 200, "la santé répond à la machine elle-même"


def test_les_cookies_ne_viennent_que_de_cet_hote_en_production() -> None:
    """As production reads its settings: in a process of its own."""
    dit = subprocess.run(
        [
            sys.executable,
            "-c",
            "from binome.site import reglages as r; print(r.SESSION_COOKIE_NAME, r.CSRF_COOKIE_NAME)",
        ],
        env=os.environ | {"BINOME_HTTPS": "oui", "BINOME_CLE_SECRETE": "essai", "BINOME_HOTES": "exemple.invalid"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert dit.stdout.split() == ["__Host-sessionid", "__Host-csrftoken"]


def test_une_situation_n_est_ni_gardee_ni_indexee(client: Client) -> None:
    reponse = client.get(ADRESSE)
    assert "no-store" in reponse["Cache-Control"]
    assert reponse["X-Robots-Tag"] == "noindex"


@pytest.mark.django_db
def test_sante(client: Client) -> None:
    assert client.get("/sante/vivant").json()["etat"] == "vivant"
    assert client.get("/sante/pret").json() == {
        "etat": "prêt",
        "loi": "chargée",
        "base": "répond",
        "cache": "répond",
        "disque": "a de la place",
        "antivirus": "non configuré",
    }


def _dit(reponse: HttpResponse) -> dict[str, str]:
    """What the health page says of what is not the disk's nor the antivirus's."""
    return {nom: valeur for nom, valeur in json.loads(reponse.content).items() if nom not in {"disque", "antivirus"}}


@pytest.mark.parametrize("erreur", [DatabaseError, InterfaceError, ImproperlyConfigured, OSError])
def test_une_base_muette_se_voit(client: Client, monkeypatch: pytest.MonkeyPatch, erreur: type[Exception]) -> None:
    class Muette:
        def cursor(self) -> None:
            raise erreur("muette")

    monkeypatch.setattr(sante, "connection", Muette())
    reponse = client.get("/sante/pret")
    assert reponse.status_code == 503
    assert _dit(reponse) == {"etat": "non prêt", "loi": "chargée", "base": "ne répond pas", "cache": "répond"}


@pytest.mark.django_db
def test_un_cache_muet_se_voit(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def muet(*_: object) -> None:
        raise ConnectionError("muet")

    monkeypatch.setattr(sante.cache, "get", muet)
    reponse = client.get("/sante/pret")
    assert reponse.status_code == 503
    assert _dit(reponse) == {"etat": "non prêt", "loi": "chargée", "base": "répond", "cache": "ne répond pas"}


@pytest.mark.parametrize("adresse", ["/sante/vivant", "/sante/pret", "/sante/courriels"])
def test_la_sante_ne_fait_que_se_lire(adresse: str) -> None:
    reponse = Client(enforce_csrf_checks=True).post(adresse)
    assert reponse.status_code == 405
    assert reponse["Allow"] == "GET, HEAD"


def test_un_hote_inconnu_est_refuse_en_francais(client: Client) -> None:
    reponse = client.get("/", headers={"Host": "ailleurs.example"})
    assert reponse.status_code == 400
    page = reponse.content.decode()
    assert '<html lang="fr">' in page
    assert "Cette demande ne peut être lue" in page
    assert "Bad Request" not in page


def test_un_formulaire_sans_preuve_est_refuse_en_francais() -> None:
    reponse = Client(enforce_csrf_checks=True).post("/comptes/login/", {"login": "a@b.example", "password": "x"})
    assert reponse.status_code == 403
    page = reponse.content.decode()
    assert "Ce formulaire n’a pas été accepté" in page
    assert "Forbidden" not in page


@pytest.mark.django_db
def test_un_lot_s_ecrit_au_journal_une_fois_lu(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    def lentement(requete: HttpRequest) -> StreamingHttpResponse:
        def morceaux() -> Iterator[bytes]:
            for _ in range(3):
                time.sleep(0.02)
                yield b"x"

        return StreamingHttpResponse(morceaux())

    demande = RequestFactory().get("/")
    with caplog.at_level(logging.INFO, "binome.requetes"):
        reponse = JournalDesRequetes(lentement)(demande)
        assert caplog.records == []
        assert b"".join(reponse) == b"xxx"
        reponse.close()
        assert [record.ms >= 60 for record in caplog.records] == [True]
        # Closed before its first piece: the client left.
        JournalDesRequetes(lentement)(demande).close()
    assert len(caplog.records) == 2


@pytest.mark.parametrize("limite", ["vite", "0/m", "-3/m", "300", "5/0s", "300/m/h"])
def test_une_limite_illisible_arrete_le_site(limite: str, tmp_path: Path) -> None:
    fait = lancer("check", BINOME_LIMITE_API=limite, BINOME_DONNEES=str(tmp_path))
    assert fait.returncode != 0
    assert f"BINOME_LIMITE_API « {limite} » : un nombre de demandes et une période attendus" in fait.stderr


def test_le_journal_tait_les_chiffres(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        client.get(ADRESSE)
        client.get(ADRESSE.replace("1347", "treize"))
    lignes = [record for record in caplog.records if record.name == "binome.requetes"]
    assert [ligne.statut for ligne in lignes] == [200, 422]
    assert {ligne.chemin for ligne in lignes} == {"/simulation/resultat"}
    tout = _ecrit(caplog)
    assert "1347" not in tout
    assert "1789" not in tout
    assert "treize" not in tout


def _ecrit(caplog: pytest.LogCaptureFixture) -> str:
    """All that the handler of the site would write."""
    reglages = settings.LOGGING
    mise_en_forme = dict(reglages["formatters"]["json"])
    usine = import_string(mise_en_forme.pop("()"))(mise_en_forme.pop("format"), **mise_en_forme)
    filtre = SansLesChiffres()
    lignes = []
    for record in caplog.records:
        filtre.filter(record)
        # Neither a moment, nor a number drawn at random, in which any four digits may come.
        record.__dict__ |= {"asctime": "", "ms": 0}
        if hasattr(record, "numero"):
            record.numero = ""
        lignes.append(re.sub(r'"quand": "[^"]*"', "", usine.format(record)))
    return "\n".join(lignes)


def test_une_panne_tait_les_chiffres(
    client: Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tomber(*_: object) -> None:
        message = "imprévu : input_value=1347"
        raise RuntimeError(message)

    monkeypatch.setattr("binome.site.simulateur.presentation.frise", tomber)
    client.raise_request_exception = False
    with caplog.at_level(logging.DEBUG):
        assert client.get(ADRESSE).status_code == 500
    tout = _ecrit(caplog)
    assert "RuntimeError" in tout
    assert "tomber" in tout
    assert "1347" not in tout


def test_une_adresse_citee_est_coupee() -> None:
    record = logging.LogRecord("x", logging.ERROR, "f", 1, "Refus de %s", ("/simulation/resultat?a.b=1300&c=2",), None)
    SansLesChiffres().filter(record)
    assert record.getMessage() == "Refus de /simulation/resultat?…"


def test_le_numero_de_requete_se_retrouve(client: Client) -> None:
    assert client.get("/", headers={"X-Request-ID": "abc12345-6"})["X-Request-ID"] == "abc12345-6"
    assert client.get("/", headers={"X-Request-ID": "<script>"})["X-Request-ID"] != "<script>"
