"""Databases of their own, of the engine under test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings


@contextmanager
def base_neuve(nom: str, dossier: Path) -> Iterator[str]:
    """An empty database: its address."""
    reglages = settings.DATABASES["default"]
    if reglages["ENGINE"].endswith("sqlite3"):
        yield f"sqlite:///{dossier / nom}.sqlite3"
        return
    base = f"binome_{nom}_{os.getpid()}"
    ordonner(f"DROP DATABASE IF EXISTS {base}", f"CREATE DATABASE {base}")
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
