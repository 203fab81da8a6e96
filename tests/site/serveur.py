"""The server itself, as it is served: gunicorn with the site's own settings, one process."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def servi(dossier: Path, **reglages: str) -> Iterator[int]:
    """One process of the site, that answers: its port."""
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        libre: int = prise.getsockname()[1]
    (dossier / "statique").mkdir()
    environnement = {
        **{nom: valeur for nom, valeur in os.environ.items() if not nom.startswith("DJANGO_")},
        "BINOME_CLE_SECRETE": secrets.token_hex(32),
        "BINOME_HOTES": "127.0.0.1",
        "BINOME_HTTPS": "non",
        "BINOME_DONNEES": str(dossier),
        "BINOME_LIMITE_API": "",
        "BINOME_JOURNAL": "WARNING",
        "WEB_CONCURRENCY": "1",
        **reglages,
    }
    commande = [sys.executable, "-m", "gunicorn", "--config", "python:binome.site.serveur"]
    commande += ["--bind", f"127.0.0.1:{libre}", "--log-level", "warning", "binome.site.wsgi:application"]
    processus = subprocess.Popen(commande, env=environnement, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            with contextlib.suppress(OSError):
                vivant(libre)
                break
            time.sleep(0.2)
        yield libre
    finally:
        processus.terminate()
        processus.wait(timeout=60)


def vivant(port: int) -> int:
    """What the process answers to who asks whether it lives."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/sante/vivant", timeout=10) as reponse:
        return int(reponse.status)
