"""While visitors' documents are being drawn, agents' pages answer: on the server itself, with its threads."""

from __future__ import annotations

import fcntl
import os
import re
import select
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from pathlib import Path
from typing import IO

import httpx
import pytest

from binome.site import serveur as reglages_du_serveur
from binome.site.simulateur.emporter import ATTENTE
from tests.bases import base_migree
from tests.navigateur.scene import MOT_DE_PASSE
from tests.site.parcours import ADRESSE
from tests.site.serveur import PATIENCE, lance, preparer, reglages

PDF = ADRESSE.replace("/simulation/resultat", "/simulation/binome.pdf")
#: More than the threads of the process: if each held one, nobody else would be answered.
VISITEURS = reglages_du_serveur.threads + 2
#: Drawn at a time, and waiting: the others are told to come back.
TENUS = 2


class Retenue:
    """Documents held on their way: what the site tells of them, and how to let them go."""

    def __init__(self, lieu: Path) -> None:
        self.lieu = lieu
        os.mkfifo(lieu / "nouvelles")
        # Open both ways: it waits for no writer, and does not end with the last.
        self._nouvelles = os.open(lieu / "nouvelles", os.O_RDWR)
        self._verrou: IO[str] = (lieu / "verrou").open("w")
        fcntl.flock(self._verrou, fcntl.LOCK_EX)

    def nouvelles(self, combien: int) -> list[str]:
        """The next lines, once they are there."""
        lues = b""
        while lues.count(b"\n") < combien:
            assert select.select([self._nouvelles], [], [], PATIENCE)[0], f"rien de plus que {lues!r}"
            lues += os.read(self._nouvelles, 4096)
        return lues.decode().splitlines()

    def liberer(self) -> None:
        """Let go those that are held, and those to come."""
        self._verrou.close()

    def fermer(self) -> None:
        """Whatever happened, nobody stays held."""
        self.liberer()
        os.close(self._nouvelles)


@pytest.fixture
def site(tmp_path: Path, django_db_setup: None) -> Iterator[tuple[str, Retenue]]:
    """The site with a fund and its agents; documents are held."""
    del django_db_setup
    (tmp_path / "retenue").mkdir()
    with ExitStack() as pile:
        base = pile.enter_context(base_migree("retenue", tmp_path))
        environnement = reglages(tmp_path) | {"DATABASE_URL": base, "RETENUE": str(tmp_path / "retenue")}
        preparer(environnement, "from tests.navigateur.scene import peupler; peupler()")
        port = pile.enter_context(lance(environnement, tmp_path / "serveur.log", "tests.site.retenue:application"))
        retenue = Retenue(tmp_path / "retenue")
        pile.callback(retenue.fermer)
        yield f"http://127.0.0.1:{port}", retenue


def entrer(agent: httpx.Client) -> None:
    """Log in as the pages ask."""
    jeton = re.search('name="csrfmiddlewaretoken" value="([^"]+)"', agent.get("/comptes/login/").text)
    assert jeton is not None
    donnees = {"login": "gestionnaire@exemple.invalid", "password": MOT_DE_PASSE, "csrfmiddlewaretoken": jeton[1]}
    assert agent.post("/comptes/login/", data=donnees).status_code == 302


def demander(fils: ThreadPoolExecutor, adresse: str) -> Future[httpx.Response]:
    """A visitor asks for a document, and waits for it."""
    return fils.submit(httpx.get, f"{adresse}{PDF}", timeout=PATIENCE)


def test_les_pages_des_agents_n_attendent_pas_les_documents_des_visiteurs(site: tuple[str, Retenue]) -> None:
    adresse, retenue = site
    with httpx.Client(base_url=adresse, timeout=PATIENCE) as agent, ThreadPoolExecutor(VISITEURS) as fils:
        try:
            entrer(agent)
            demandes = {demander(fils, adresse) for _ in range(TENUS)}
            assert sorted(retenue.nouvelles(TENUS)) == ["attend", "dessine"]
            demandes |= {demander(fils, adresse) for _ in range(VISITEURS - TENUS)}
            refuses: set[Future[httpx.Response]] = set()
            while len(refuses) < VISITEURS - TENUS:
                faites, demandes = wait(demandes, timeout=PATIENCE, return_when=FIRST_COMPLETED)
                assert faites, "des demandes de trop attendent"
                refuses |= faites
            for refus in (demande.result() for demande in refuses):
                assert (refus.status_code, refus.headers["Retry-After"]) == (503, str(ATTENTE))
                assert re.search(rf"Revenez dans {ATTENTE}\s+secondes", refus.text)
            # Both are still held, and each page of an agent is answered.
            for chemin in ("/caisse/", "/caisse/contrats/", "/caisse/versements/"):
                assert agent.get(chemin).status_code == 200
            assert not any(demande.done() for demande in demandes)
        finally:
            retenue.liberer()
        for document in (demande.result() for demande in demandes):
            assert (document.status_code, document.content[:5]) == (200, b"%PDF-")
        assert demander(fils, adresse).result().status_code == 200
