"""The server itself, as it is served: gunicorn with the site's own settings, one process."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

SITE = "binome.site.wsgi:application"
#: Seconds: what answers at once on an idle machine may wait for a busy one; only what never comes takes as long.
PATIENCE = 300
#: The static files, and who works there: one process for both.
RASSEMBLER = (
    "from django.core.management import call_command; call_command('collectstatic', interactive=False, verbosity=0); "
)


@contextlib.contextmanager
def servi(dossier: Path, **reglages: str) -> Iterator[int]:
    """One process of the site, that answers: its port. For what needs neither people nor static files."""
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
    with lance(environnement, dossier / "serveur.log") as port:
        yield port


def reglages(donnees: Path) -> dict[str, str]:
    """What a site that people visit is run with, but its database."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "binome.site.reglages",
        "BINOME_CLE_SECRETE": "cle-des-tests",
        "BINOME_HOTES": "127.0.0.1",
        "BINOME_HTTPS": "non",
        "BINOME_DONNEES": str(donnees),
        "BINOME_MFA_OBLIGATOIRE": "non",
        "WEB_CONCURRENCY": "1",
    }


def preparer(environnement: Mapping[str, str], peupler: str) -> None:
    """Gather the static files of a site whose database is migrated, and run the line that makes its people."""
    commande = [sys.executable, "manage.py", "shell", "--no-imports", "-c", RASSEMBLER + peupler]
    subprocess.run(commande, env=dict(environnement), check=True)


@contextlib.contextmanager
def lance(environnement: Mapping[str, str], journal: Path, application: str = SITE) -> Iterator[int]:
    """Gunicorn, that answers: its port. The server is given a door that is already open: nobody else can take it, and
    who knocks early waits there until it is ready, or hears at once that it stopped."""
    with socket.socket() as porte, journal.open("wb") as sortie:
        porte.bind(("127.0.0.1", 0))
        porte.listen()
        port: int = porte.getsockname()[1]
        commande = [sys.executable, "-m", "gunicorn", "--config", "python:binome.site.serveur"]
        commande += ["--bind", f"fd://{porte.fileno()}", application]
        processus = subprocess.Popen(
            commande, env=dict(environnement), pass_fds=[porte.fileno()], stdout=sortie, stderr=subprocess.STDOUT
        )
        porte.close()
        try:
            try:
                assert vivant(port) == 200
            except OSError as panne:
                raise AssertionError(f"le serveur ne répond pas :\n{journal.read_text()[-3000:]}") from panne
            yield port
        finally:
            processus.terminate()
            try:
                processus.wait(timeout=PATIENCE)
            finally:
                processus.kill()


def vivant(port: int) -> int:
    """What the process answers to who asks whether it lives."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/sante/vivant", timeout=PATIENCE) as reponse:
        return int(reponse.status)
