"""The server itself, before readers who never read: the rest of the site answers."""

from __future__ import annotations

import contextlib
import json
import socket
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.site.api.outils import GENERALISTE, NDJSON
from tests.site.serveur import servi, vivant

#: More than the threads of a process, each with more to read than what the system keeps for it.
LECTEURS, LIGNES = 8, 300
LOT = "".join(json.dumps(GENERALISTE) + "\n" for _ in range(LIGNES)).encode()


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """One process of the site, as it is served."""
    with servi(tmp_path) as libre:
        yield libre


def test_des_lecteurs_lents_ne_bloquent_pas_le_site(port: int) -> None:
    entete = (
        f"POST /api/v1/simulations/lot HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {NDJSON}\r\n"
        f"Content-Length: {len(LOT)}\r\n\r\n"
    )
    with contextlib.ExitStack() as ouverts:
        prises = []
        for _ in range(LECTEURS):
            prise = ouverts.enter_context(socket.create_connection(("127.0.0.1", port), timeout=30))
            prise.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            prise.sendall(entete.encode() + LOT)
            prises.append(prise)
        statuts = Counter(prise.recv(12)[9:].decode() for prise in prises)
        assert statuts == {"200": 2, "503": LECTEURS - 2}
        # They stay there, the refused ones too: nothing more is read, nothing is closed.
        time.sleep(1)
        for _ in range(LECTEURS):
            assert vivant(port) == 200


def test_des_corps_que_personne_ne_lit_ne_bloquent_pas_le_site(port: int) -> None:
    demande = b"POST /sante/vivant HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 4\r\n\r\n"
    with contextlib.ExitStack() as ouverts:
        for _ in range(LECTEURS):
            prise = ouverts.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
            prise.sendall(demande)
            assert prise.recv(12)[9:] == b"405"
            # A body that comes after the answer is taken for the next request, if the connection is kept.
            with contextlib.suppress(OSError):
                prise.sendall(b"zut!")
        time.sleep(1)
        for _ in range(LECTEURS):
            assert vivant(port) == 200
