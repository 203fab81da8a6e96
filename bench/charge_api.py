"""Full simulations served by second: gunicorn, two processes, wrk on the same machine.

Run with `make bench-api`, or `python bench/charge_api.py --secondes 20`. wrk is a Debian package. The situations are
invented, each different; the limit of requests is lifted. Target on 2 cores: 300 simulations a second.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

ICI = Path(__file__).parent
SITUATIONS, LIGNES = 1_000, 500
CIBLE = 300


def situations(nombre: int) -> list[dict[str, Any]]:
    """Invented doctors: every regime, several specialties, contracts new and running, patients over the whole range."""
    tirage = np.random.default_rng(2026)
    toutes = []
    for _ in range(nombre):
        signature = np.datetime64("2019-09-01") + np.timedelta64(int(tirage.integers(0, 2600)), "D")
        patientele = int(tirage.integers(300, 2800))
        situation: dict[str, Any] = {
            "date_appreciation": "2026-11-23",
            "medecin": {
                "specialite": str(tirage.choice(["medecine_generale", "cardiologie_vasculaire", "pediatrie"])),
                "secteur": str(tirage.choice(["secteur_1", "secteur_2_optam"])),
                "zone": str(tirage.choice(["zip", "zac", "hors_zone"])),
                "nombre_medecins_lieu": int(tirage.integers(1, 5)),
                "part_honoraires_cliniques": round(float(tirage.uniform(0.7, 1)), 3),
            },
            "patientele": {"patientele_mt": patientele, "file_active": int(patientele * 1.4)},
            "contrat": {"date_signature": str(signature), "option": str(tirage.choice(["demi_etp", "un_etp"]))},
            "assistant": {"date_embauche": str(signature + np.timedelta64(14, "D")), "locaux_adaptes": True},
        }
        if signature < np.datetime64("2023-06-01"):
            situation["resultats"] = [
                {"annee": 3, "patientele_mt": int(patientele * 1.1), "file_active": int(patientele * 1.5)}
            ]
        toutes.append(situation)
    return toutes


@contextlib.contextmanager
def serveur(dossier: Path, ouvriers: int) -> Iterator[str]:
    """The site as it is served, on a free port."""
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        port = prise.getsockname()[1]
    (dossier / "statique").mkdir()
    environnement = {
        **os.environ,
        "BINOME_CLE_SECRETE": secrets.token_hex(32),
        "BINOME_HOTES": "127.0.0.1",
        "BINOME_HTTPS": "non",
        "BINOME_DEBOGAGE": "non",
        "BINOME_DONNEES": str(dossier),
        "BINOME_STATIQUE": str(dossier / "statique"),
        "BINOME_LIMITE_API": "",
        "BINOME_JOURNAL": "WARNING",
    }
    commande = [sys.executable, "-m", "gunicorn", "--workers", str(ouvriers), "--bind", f"127.0.0.1:{port}"]
    commande += ["--log-level", "warning", "--timeout", "300", "binome.site.wsgi:application"]
    processus = subprocess.Popen(commande, env=environnement, cwd=ICI.parent)
    try:
        adresse = f"http://127.0.0.1:{port}"
        attendre(processus, f"{adresse}/sante/vivant")
        yield adresse
    finally:
        processus.terminate()
        processus.wait(timeout=30)


def attendre(processus: subprocess.Popen[bytes], adresse: str) -> None:
    """Until the server answers."""
    for _ in range(300):
        if processus.poll() is not None:
            sys.exit("gunicorn n'a pas démarré")
        with contextlib.suppress(OSError), urllib.request.urlopen(adresse, timeout=5):  # noqa: S310
            return
        time.sleep(0.2)
    sys.exit("le serveur ne répond pas")


def charger(adresse: str, corps: Path, secondes: int, connexions: int) -> dict[str, Any]:
    """What wrk measured."""
    commande = ["wrk", "--threads", "1", "--connections", str(connexions), "--duration", f"{secondes}s"]
    commande += ["--timeout", "10s", "--script", str(ICI / "charge_api.lua")]
    commande += [f"{adresse}/api/v1/simulations", "--", str(corps)]
    dit = subprocess.run(commande, check=True, capture_output=True, text=True).stdout
    mesures: dict[str, Any] = json.loads(dit.splitlines()[-1])
    return mesures


def un_lot(adresse: str, corps: bytes) -> float:
    """Seconds that a streamed batch takes."""
    demande = urllib.request.Request(  # noqa: S310
        f"{adresse}/api/v1/simulations/lot", corps, {"Content-Type": "application/x-ndjson"}
    )
    depart = time.perf_counter()
    derniere = b""
    with urllib.request.urlopen(demande, timeout=300) as reponse:  # noqa: S310
        for ligne in reponse:
            derniere = ligne
    duree = time.perf_counter() - depart
    bilan = json.loads(derniere)["bilan"]
    assert bilan["refusees"] == 0, bilan
    return duree


def main() -> None:
    """Print what was measured."""
    arguments = argparse.ArgumentParser(description="Charge de l'API")
    arguments.add_argument("--secondes", type=int, default=20)
    arguments.add_argument("--ouvriers", type=int, default=2)
    arguments.add_argument("--connexions", type=int, default=4)
    choix = arguments.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("wrk est nécessaire (paquet Debian « wrk »)")
    toutes = [json.dumps(situation) for situation in situations(SITUATIONS)]
    with tempfile.TemporaryDirectory() as temporaire:
        corps = Path(temporaire) / "situations.ndjson"
        corps.write_text("\n".join(toutes) + "\n", encoding="utf-8")
        with serveur(Path(temporaire), choix.ouvriers) as adresse:
            charger(adresse, corps, 3, choix.connexions)
            mesures = charger(adresse, corps, choix.secondes, choix.connexions)
            duree = un_lot(adresse, "\n".join(toutes[:LIGNES]).encode())
    if mesures["refus"] or mesures["coupures"]:
        sys.exit(f"{mesures['refus']} refus, {mesures['coupures']} coupures : la mesure ne vaut rien")
    debit = mesures["demandes"] / mesures["secondes"]
    print(f"simulations servies      {debit:8.0f} /s   (cible {CIBLE}), {choix.ouvriers} processus")
    print(f"  attente, médiane       {mesures['p50']:8.1f} ms  (99e centile {mesures['p99']:.1f})")
    print(f"  taille d'une réponse   {mesures['octets'] / mesures['demandes'] / 1024:8.0f} Kio")
    print(f"lot de {LIGNES} lignes        {LIGNES / duree:8.0f} /s   (un seul processus)")


if __name__ == "__main__":
    main()
