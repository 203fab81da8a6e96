"""Backup and restoration: the database and the documents, with an account that both must agree on."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import subprocess
import tarfile
from contextlib import closing
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

from binome.dossiers.erreurs import Refus
from binome.dossiers.grand_livre import balance
from binome.dossiers.loi import version_de_la_loi
from binome.dossiers.models import Caisse

BILAN, PIECES = "bilan.json", "pieces.tar"
BASES = {"sqlite": "base.sqlite3", "postgresql": "base.dump"}


def bilan() -> dict[str, Any]:
    """What the database holds: rows of each table, and the balance of the ledger (cents)."""
    return {
        "tables": {m._meta.db_table: m._default_manager.count() for m in sorted(_modeles(), key=_nom)},
        "grand_livre": balance(),
    }


def _modeles() -> list[Any]:
    return [modele for modele in apps.get_models() if modele._meta.managed and not modele._meta.proxy]


def _nom(modele: Any) -> str:
    return str(modele._meta.db_table)


def sauvegarder(dossier: Path) -> dict[str, Any]:
    """Write a backup in a new folder, whole or not at all. Raises Refus."""
    if dossier.exists():
        raise Refus(f"dossier « {dossier} » : il existe déjà")
    provisoire = dossier.with_name(f".{dossier.name}.partiel")
    shutil.rmtree(provisoire, ignore_errors=True)
    provisoire.mkdir(parents=True, mode=0o700)
    base = provisoire / BASES[connection.vendor]
    compte = _copier_sqlite(base) if connection.vendor == "sqlite" else _copier_postgresql(base)
    # Documents are kept before the row that names them: a copy made after the database misses none.
    with tarfile.open(provisoire / PIECES, "w") as archive:
        if Path(settings.PIECES).exists():
            archive.add(settings.PIECES, arcname=".")
    manifeste = {
        "version": version_de_la_loi(),
        "moteur": connection.vendor,
        **compte,
        "sha256": {nom: _sha256(provisoire / nom) for nom in (base.name, PIECES)},
    }
    (provisoire / BILAN).write_text(json.dumps(manifeste, ensure_ascii=False, indent=2), encoding="utf-8")
    provisoire.rename(dossier)
    return manifeste


def _copier_sqlite(cible: Path) -> dict[str, Any]:
    """A consistent copy while others write, and its own account: read in the same transaction."""
    with transaction.atomic():
        compte = bilan()
        with (
            closing(sqlite3.connect(str(settings.DATABASES["default"]["NAME"]))) as source,
            closing(sqlite3.connect(cible)) as copie,
        ):
            source.backup(copie)
    return compte


def _copier_postgresql(cible: Path) -> dict[str, Any]:
    """A dump and its account, of the same snapshot."""
    with transaction.atomic(), connection.cursor() as curseur:
        curseur.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        curseur.execute("SELECT pg_export_snapshot()")
        instantane = curseur.fetchone()[0]
        compte = bilan()
        _lancer("pg_dump", "--format=custom", "--no-owner", f"--snapshot={instantane}", f"--file={cible}", _base())
    return compte


def restaurer(dossier: Path) -> dict[str, Any]:
    """Put a backup back in an empty database, and check it against its account. Raises Refus."""
    manifeste = _lire(dossier)
    if "dossiers_caisse" in connection.introspection.table_names() and Caisse.objects.exists():
        raise Refus("la base n'est pas vide : restaurez dans une base neuve, puis changez d'adresse")
    base = dossier / BASES[connection.vendor]
    if connection.vendor == "sqlite":
        connection.close()
        cible = Path(str(settings.DATABASES["default"]["NAME"]))
        for reste in (cible, cible.with_name(f"{cible.name}-wal"), cible.with_name(f"{cible.name}-shm")):
            reste.unlink(missing_ok=True)
        shutil.copyfile(base, cible)
    else:
        connection.close()
        _lancer("pg_restore", "--clean", "--if-exists", "--no-owner", f"--dbname={_base()}", str(base))
    Path(settings.PIECES).mkdir(parents=True, exist_ok=True, mode=0o700)
    with tarfile.open(dossier / PIECES) as archive:
        archive.extractall(settings.PIECES, filter="data")
    trouve = bilan()
    ecarts = _ecarts(manifeste, trouve)
    if ecarts:
        raise Refus("la base restaurée n'est pas celle de la sauvegarde", *ecarts)
    return trouve


def _lire(dossier: Path) -> dict[str, Any]:
    try:
        manifeste: dict[str, Any] = json.loads((dossier / BILAN).read_text(encoding="utf-8"))
    except (OSError, ValueError) as erreur:
        raise Refus(f"dossier « {dossier} » : une sauvegarde de Binôme est attendue ({BILAN})") from erreur
    if manifeste["moteur"] != connection.vendor:
        raise Refus(f"sauvegarde d'une base « {manifeste['moteur']} » : une base du même moteur est attendue")
    for nom, somme in manifeste["sha256"].items():
        if not (dossier / nom).exists() or _sha256(dossier / nom) != somme:
            raise Refus(f"sauvegarde abîmée : « {nom} » n'est plus ce qui a été écrit")
    return manifeste


def _ecarts(attendu: dict[str, Any], trouve: dict[str, Any]) -> list[str]:
    return [
        f"{partie} {nom} : {attendu[partie].get(nom)} attendu, {trouve[partie].get(nom)} trouvé"
        for partie in ("tables", "grand_livre")
        for nom in sorted({*attendu[partie], *trouve[partie]})
        if attendu[partie].get(nom) != trouve[partie].get(nom)
    ]


def _sha256(fichier: Path) -> str:
    with fichier.open("rb") as flux:
        return hashlib.file_digest(flux, "sha256").hexdigest()


def _base() -> str:
    """The database, as PostgreSQL's tools take it; the password goes by the environment."""
    reglages = settings.DATABASES["default"]
    parties = {"dbname": "NAME", "host": "HOST", "port": "PORT", "user": "USER"}
    return " ".join(f"{nom}='{reglages[cle]}'" for nom, cle in parties.items() if reglages.get(cle))


def _lancer(programme: str, *arguments: str) -> None:
    chemin = shutil.which(programme)
    if chemin is None:
        raise Refus(f"« {programme} » introuvable : installez les outils clients de PostgreSQL")
    mot_de_passe = str(settings.DATABASES["default"].get("PASSWORD") or "")
    fait = subprocess.run(  # noqa: S603 - our own arguments
        [chemin, *arguments],
        env={"PATH": "/usr/bin:/bin", **({"PGPASSWORD": mot_de_passe} if mot_de_passe else {})},
        capture_output=True,
        text=True,
        check=False,
    )
    if fait.returncode:
        raise Refus(f"{programme} : échec ({fait.stderr.strip().splitlines()[-1] if fait.stderr.strip() else '?'})")
