"""A real server and a real browser: gunicorn with production's static files and headers, and Debian's Chromium."""

from __future__ import annotations

import os
import shutil
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.bases import base_migree
from tests.navigateur.adresses import ADRESSE
from tests.site.serveur import PATIENCE as ATTENTE
from tests.site.serveur import lance, preparer, reglages

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
OPTIONS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
)
#: Milliseconds: what answers in one on an idle machine may wait for a busy one; only what never comes takes as long.
PATIENCE = 30_000
BUREAU, TELEPHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without a browser these tests are skipped on one's own machine, and fail in CI."""
    del config
    if CHROMIUM is None and os.environ.get("CI") != "true":
        for item in items:
            if "navigateur" in item.path.parts:
                item.add_marker(pytest.mark.skip(reason="Chromium absent (apt-get install chromium)"))


#: What a process computes for its first visitor alone: asked before any test, which then waits for its own page only.
PREMIERES = ("/", ADRESSE, "/guide/sources/", "/guide/sources/comparer/", "/api/")


@pytest.fixture(scope="package")
def serveur(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[str]:
    """The address of a running site."""
    del django_db_setup
    donnees = tmp_path_factory.mktemp("donnees")
    with base_migree("navigateur", donnees) as base:
        yield from servir(reglages(donnees) | {"DATABASE_URL": base}, donnees, PEUPLER)


PEUPLER = "from tests.navigateur.scene import peupler; peupler()"


def servir(environnement: dict[str, str], donnees: Path, peupler: str) -> Iterator[str]:
    """The site on a migrated database, with the people that a line of Python makes, until the caller leaves."""
    preparer(environnement, peupler)
    with lance(environnement, donnees / "serveur.log") as port:
        adresse = f"http://127.0.0.1:{port}"
        for premiere in ("/sante/pret", *PREMIERES):
            with urllib.request.urlopen(f"{adresse}{premiere}", timeout=ATTENTE) as reponse:  # noqa: S310
                reponse.read()
        yield adresse


@pytest.fixture(scope="package")
def navigateur() -> Iterator[Browser]:
    """Chromium, started once, and stopped before the tests that follow: Playwright keeps an event loop in the process,
    under which Django gives the thread other connections, that nobody would close."""
    assert CHROMIUM is not None, "Chromium est attendu (apt-get install chromium)"
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE)
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS.split())
        yield chromium
        chromium.close()


@pytest.fixture(params=[True, False], ids=["avec_script", "sans_script"])
def script(request: pytest.FixtureRequest) -> bool:
    """With and without JavaScript."""
    return request.param


@pytest.fixture
def page(navigateur: Browser, serveur: str) -> Iterator[Page]:
    """A page with scripts, on a desk. Any error of the console, or request elsewhere, fails the test."""
    yield from ouvrir(navigateur, serveur, script=True)


@pytest.fixture
def autre_page(navigateur: Browser, serveur: str) -> Iterator[Page]:
    """Somebody else's browser."""
    yield from ouvrir(navigateur, serveur, script=True)


@pytest.fixture
def page_au_choix(navigateur: Browser, serveur: str, script: bool) -> Iterator[Page]:
    """A page with scripts, then without."""
    yield from ouvrir(navigateur, serveur, script=script)


@pytest.fixture
def telephone(navigateur: Browser, serveur: str) -> Iterator[Page]:
    """A page on a telephone."""
    yield from ouvrir(navigateur, serveur, script=True, taille=TELEPHONE)


def ouvrir(navigateur: Browser, serveur: str, *, script: bool, taille: dict[str, int] = BUREAU) -> Iterator[Page]:
    """A page of its own, watched."""
    contexte = navigateur.new_context(
        base_url=serveur, java_script_enabled=script, viewport=taille, locale="fr-FR", accept_downloads=True
    )
    page = contexte.new_page()
    page.set_default_timeout(PATIENCE)
    troubles: list[str] = []
    attendus: list[str] = []
    page.attendus = attendus  # type: ignore[attr-defined]
    page.on(
        "console", lambda m: troubles.append(m.text) if m.type in {"error", "warning"} and _inquiete(m.text) else None
    )
    page.on("pageerror", lambda erreur: troubles.append(str(erreur)))
    page.on(
        "request", lambda r: None if r.url.startswith((serveur, "data:")) else troubles.append(f"ailleurs : {r.url}")
    )
    yield page
    contexte.close()
    assert not [trouble for trouble in troubles if trouble not in attendus], troubles


def _inquiete(message: str) -> bool:
    """A refused form answers 422, which the console tells as an error; so does a request that a newer one replaces."""
    return "422" not in message and "htmx:sendAbort" not in message and "htmx:afterRequest" not in message
