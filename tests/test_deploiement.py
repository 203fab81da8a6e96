"""What is installed on a server works as written: settings, the command that reads them, timers, service."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

RACINE = Path(__file__).parents[1]
DEPLOIEMENT = RACINE / "deploiement"


def lignes(nom: str) -> list[str]:
    """The lines of a file that say something."""
    texte = (DEPLOIEMENT / nom).read_text(encoding="utf-8")
    return [ligne for ligne in texte.splitlines() if ligne.strip() and not ligne.startswith("#")]


def gerer(reglages: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `gerer` as cron does: with nothing of this environment."""
    return subprocess.run(
        [str(DEPLOIEMENT / "gerer"), *arguments],
        env={"PATH": "/usr/bin:/bin", "BINOME_REGLAGES": str(reglages)}, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture
def reglages(tmp_path: Path) -> Path:
    """The files of /etc/binome, as shipped, on a database of their own."""
    textes = {nom: (DEPLOIEMENT / nom).read_text(encoding="utf-8") for nom in ("environnement", "proprietaire")}
    for nom, texte in textes.items():
        sur_place = texte.replace("A_REMPLACER", "une-cle-longue-et-variee-0123456789-abcdefghijklmnopqrstuvwxyz-ABC")
        sur_place = sur_place.replace("/var/lib/binome", str(tmp_path / "donnees"))
        base = f"sqlite:///{tmp_path}/base.sqlite3"
        sans_base = [f"DATABASE_URL={base}" if li.startswith("DATABASE_URL=") else li for li in sur_place.splitlines()]
        (tmp_path / nom).write_text("\n".join(sans_base) + "\n", encoding="utf-8")
    (tmp_path / "donnees").mkdir()
    return tmp_path


@pytest.mark.base
def test_une_commande_lit_les_reglages_et_se_tait_quand_tout_va_bien(reglages: Path) -> None:
    migre = gerer(reglages, "--proprietaire", "migrate", "-v", "0")
    assert (migre.returncode, migre.stdout, migre.stderr) == (0, "", "")
    for ligne in lignes("binome.cron"):
        if "gerer" not in ligne or "envoyer_courriels" in ligne or "sauvegarder" in ligne:
            continue
        arguments = shlex.split(ligne.split("gerer", 1)[1])
        fait = gerer(reglages, *arguments)
        assert (fait.returncode, fait.stdout, fait.stderr) == (0, "", ""), arguments


def test_sans_reglages_le_refus_est_en_francais(tmp_path: Path) -> None:
    for nom in ("environnement", "proprietaire"):
        (tmp_path / nom).write_text("DJANGO_SETTINGS_MODULE=binome.site.reglages\n", encoding="utf-8")
    refus = gerer(tmp_path, "relancer")
    assert refus.returncode == 2
    assert refus.stderr == "BINOME_CLE_SECRETE : attendue dans l'environnement (docs/exploitation.md)\n"


def test_chaque_ligne_du_minuteur_nomme_une_commande_qui_existe() -> None:
    connues = get_commands()
    vues = set()
    for ligne in lignes("binome.cron"):
        if "gerer" not in ligne:
            continue
        assert ligne.split()[5] in {"binome", "root"}
        # cron reads « % » as an end of line: it is written « \\% ».
        ligne = ligne.replace("$(date +\\%F)", "2026-11-27")
        assert "%" not in ligne
        nom, *arguments = [a for a in shlex.split(ligne.split("gerer", 1)[1]) if a != "--proprietaire"]
        commande = load_command_class(connues[nom], nom)
        commande.create_parser("manage.py", nom).parse_args(arguments)
        assert arguments[arguments.index("-v") + 1] == "0"
        vues.add(nom)
    # What the guide says runs by itself does.
    guide = (RACINE / "docs/exploitation.md").read_text(encoding="utf-8")
    assert vues >= {"envoyer_courriels", "relancer", "sauvegarder", "verifier_dossiers", "anonymiser"}
    assert "deploiement/binome.cron" in guide


def test_le_service_lance_ce_que_lance_make_run() -> None:
    (lance,) = (ligne for ligne in lignes("binome.service") if ligne.startswith("ExecStart="))
    makefile = (RACINE / "Makefile").read_text(encoding="utf-8")
    assert "gunicorn --config python:binome.site.serveur" in lance
    assert "gunicorn --config python:binome.site.serveur" in makefile
    assert "binome.site.wsgi:application" in lance


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze")
def test_systemd_lit_le_service(tmp_path: Path) -> None:
    # Paths of a server, which are not here.
    texte = (
        (DEPLOIEMENT / "binome.service")
        .read_text(encoding="utf-8")
        .replace("/opt/binome/.venv/bin/gunicorn", "/bin/true")
    )
    (tmp_path / "binome.service").write_text(texte.replace("User=binome\nGroup=binome\n", ""), encoding="utf-8")
    analyser = shutil.which("systemd-analyze") or ""
    lu = subprocess.run(
        [analyser, "verify", str(tmp_path / "binome.service")], env=dict(os.environ), capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert "Unknown" not in lu.stderr
    assert "Failed to parse" not in lu.stderr
