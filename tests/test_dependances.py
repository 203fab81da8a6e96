"""`make dependances`: what is known of what is locked, said as it was answered; silence is never « nothing »."""

from __future__ import annotations

import http.server
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

RACINE = Path(__file__).parents[1]
#: An answer of OSV (GHSA-hc5x-x2vx-497g, cut down), told of another version than it is: the locked one.
FAILLE = {
    "id": "GHSA-hc5x-x2vx-497g",
    "modified": "2024-12-19T16:26:10Z",
    "published": "2024-12-19T15:31:36Z",
    "summary": "Gunicorn HTTP Request/Response Smuggling vulnerability",
    "details": "…",
    "aliases": ["CVE-2024-6827"],
    "affected": [
        {
            "package": {"name": "gunicorn", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99.0.0"}]}],
        }
    ],
    "references": [{"type": "ADVISORY", "url": "https://osv.dev/vulnerability/GHSA-hc5x-x2vx-497g"}],
}


class Osv(http.server.BaseHTTPRequestHandler):
    """OSV as uv asks it: a batch of packages, then each weakness by its name."""

    touche: str | None = None

    def do_POST(self) -> None:
        demandes = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
        trouvee = {"vulns": [{"id": FAILLE["id"], "modified": FAILLE["modified"]}]}
        self._rendre({"results": [trouvee if d["package"]["name"] == self.touche else {} for d in demandes]})

    def do_GET(self) -> None:
        self._rendre(FAILLE)

    def _rendre(self, reponse: object) -> None:
        octets = json.dumps(reponse).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(octets)))
        self.end_headers()
        self.wfile.write(octets)

    def log_message(self, *_: object) -> None:
        """Say nothing: the test reads what the command says."""


@pytest.fixture
def osv() -> Iterator[Callable[[str | None], str]]:
    """A local OSV that knows one weakness, of the package named, or none."""
    serveur = http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("OsvLocal", (Osv,), {}))
    fil = threading.Thread(target=serveur.serve_forever, kwargs={"poll_interval": 0.01})
    fil.start()

    def qui_connait(paquet: str | None) -> str:
        serveur.RequestHandlerClass.touche = paquet  # type: ignore[attr-defined]
        return f"http://127.0.0.1:{serveur.server_port}"

    yield qui_connait
    serveur.shutdown()
    fil.join()
    serveur.server_close()


def dependances(service: str) -> subprocess.CompletedProcess[str]:
    # The index is out of reach in every test: they ask nothing to the world, and see it said.
    monde = os.environ | {"UV_HTTP_RETRIES": "0", "UV_DEFAULT_INDEX": "http://127.0.0.1:9/simple", "UV_NO_CACHE": "1"}
    ordre = [sys.executable, str(RACINE / ".ci/dependances.py"), "--service-url", service]
    return subprocess.run(ordre, env=monde, capture_output=True, text=True, check=False)


def test_une_faille_connue_est_nommee_avec_sa_correction(osv: Callable[[str | None], str]) -> None:
    rendu = dependances(osv("gunicorn"))
    assert rendu.returncode == 1, rendu.stderr
    (ligne,) = [ligne for ligne in rendu.stdout.splitlines() if "CVE-2024-6827" in ligne]
    assert ligne.split()[0] == "gunicorn"
    assert "GHSA-hc5x-x2vx-497g" in ligne
    assert "99.0.0" in ligne
    assert "Failles connues : 1 pour" in rendu.stdout


def test_rien_de_connu_se_dit_avec_l_age_et_la_licence_de_chacun(osv: Callable[[str | None], str]) -> None:
    rendu = dependances(osv(None))
    assert rendu.returncode == 0, rendu.stderr
    assert "Failles connues : 0 pour" in rendu.stdout
    lignes = {ligne.split()[0]: ligne for ligne in rendu.stdout.splitlines()}
    assert "2019-08-30" in lignes["text-unidecode"]
    assert "LGPL" in lignes["python-stdnum"]
    # The index did not answer: nothing is called quiet, and it is said.
    assert "non consultées" in rendu.stderr
    assert "silencieux" not in rendu.stdout


def test_qui_ne_repond_pas_n_est_pas_zero_faille() -> None:
    rendu = dependances("http://127.0.0.1:9")
    assert rendu.returncode == 2
    assert "NON CONSULTÉES" in rendu.stderr
    assert "Failles connues :" not in rendu.stdout


def test_ce_que_repond_l_index_dit_qui_a_une_suite_et_qui_se_tait(tmp_path: Path) -> None:
    """`uv pip list --outdated --format json`, as recorded."""
    programme = """
import datetime, json, runpy, sys
d = runpy.run_path(".ci/dependances.py")
recentes = d["nouvelles"](json.dumps([{"name": "django", "version": "5.2.19", "latest_version": "6.0.1",
    "latest_filetype": "wheel"}]))
paquets = d["verrouilles"](d["RACINE"] / "uv.lock")
print(*d["lignes"](paquets, recentes, datetime.date(2026, 11, 27)), sep=chr(10))
"""
    rendu = subprocess.run([sys.executable, "-c", programme], cwd=RACINE, capture_output=True, text=True, check=True)
    lignes = {ligne.split()[0]: ligne for ligne in rendu.stdout.splitlines()}
    assert lignes["django"].endswith("→ 6.0.1")
    assert lignes["text-unidecode"].endswith("silencieux")
    assert not lignes["altair"].endswith("silencieux")
