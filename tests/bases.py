"""Databases of their own, of the engine under test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

#: Where the database of the tests was kept, as its migrations leave it.
_gardee: list[str] = []


@contextmanager
def garder() -> Iterator[None]:
    """Keep the database of the tests as it is now: `base_migree` starts from it."""
    nom = str(connection.settings_dict["NAME"])
    copie = f"{nom}_migree"
    if connection.vendor == "sqlite":
        Path(copie).unlink(missing_ok=True)
        with connection.cursor() as curseur:
            curseur.execute("VACUUM INTO %s", [copie])
    else:
        connection.close()
        ordonner(f"DROP DATABASE IF EXISTS {copie}", f"CREATE DATABASE {copie} TEMPLATE {nom}")
    _gardee.append(copie)
    try:
        yield
    finally:
        _gardee.remove(copie)
        if connection.vendor == "sqlite":
            Path(copie).unlink()
        else:
            ordonner(f"DROP DATABASE {copie}")


def base_neuve(nom: str, dossier: Path) -> AbstractContextManager[str]:
    """An empty database: its address."""
    return _base(nom, dossier, None)


def base_migree(nom: str, dossier: Path) -> AbstractContextManager[str]:
    """A database that has its tables, and nothing in them: its address. The database of the tests must be there."""
    return _base(nom, dossier, _gardee[-1])


@contextmanager
def _base(nom: str, dossier: Path, modele: str | None) -> Iterator[str]:
    reglages = settings.DATABASES["default"]
    if reglages["ENGINE"].endswith("sqlite3"):
        fichier = dossier / f"{nom}.sqlite3"
        if modele:
            shutil.copyfile(modele, fichier)
        yield f"sqlite:///{fichier}"
        return
    base = f"binome_{nom}_{os.getpid()}"
    depuis = f" TEMPLATE {modele}" if modele else ""
    ordonner(f"DROP DATABASE IF EXISTS {base}", f"CREATE DATABASE {base}{depuis}")
    mot = f":{reglages['PASSWORD']}" if reglages["PASSWORD"] else ""
    try:
        yield f"postgres://{reglages['USER']}{mot}@{reglages['HOST']}:{reglages['PORT'] or 5432}/{base}"
    finally:
        ordonner(f"DROP DATABASE {base} WITH (FORCE)")


def ordonner(*ordres: str) -> None:
    """Orders to the server, outside any database of ours."""
    import psycopg

    reglages = settings.DATABASES["default"]
    with psycopg.connect(
        host=reglages["HOST"],
        port=reglages["PORT"] or 5432,
        user=reglages["USER"],
        password=reglages["PASSWORD"] or None,
        dbname="postgres",
        autocommit=True,
    ) as serveur:
        for ordre in ordres:
            serveur.execute(ordre)
