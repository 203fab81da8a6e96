"""Where an operator's values are kept: a folder of whole versions, never changed. The last one is in force.

Every process that reads the folder sees a new version at once; an old decision finds the version of its time again by
its fingerprint (docs/adr/0015-valeurs-de-la-caisse.md).
"""

from __future__ import annotations

import datetime
import fcntl
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from openfisca_assistants_medicaux.fichiers import Fichier

#: Who brought each version, one JSON object a line.
JOURNAL = "journal.jsonl"
#: Held by whoever adds a version.
VERROU = ".verrou"
FORME_DU_NOM = "%Y%m%dT%H%M%S%fZ"


@dataclass(frozen=True)
class VersionDeValeurs:
    """A version that was in force once."""

    fichier: Fichier
    quand: datetime.datetime
    par: str


def en_vigueur(lieu: Path) -> Fichier | None:
    """The values in force: the file itself, or the last version of the folder; None when it holds none."""
    if not lieu.is_dir():
        return Fichier.lu(lieu)
    derniere = max(_versions(lieu), default=None)
    return None if derniere is None else _lue(derniere, _journal(lieu).get(derniere.name, {}))


class DepotChange(Exception):
    """The values in force are no longer those that were looked at."""


def deposer(lieu: Path, fichier: Fichier, par: str, quand: datetime.datetime, *, apres: str | None = None) -> Path:
    """Add a version to the folder, whole or not at all, and say who brought it.

    `apres` is the fingerprint of the values that it replaces (empty: none). Raises DepotChange, and writes nothing,
    when others are in force; OSError when the folder cannot be written.
    """
    lieu.mkdir(parents=True, exist_ok=True)
    with _seul(lieu):
        if apres is not None and apres != _empreinte_en_vigueur(lieu):
            raise DepotChange
        instant = _apres_le_dernier(lieu, quand.astimezone(datetime.UTC))
        cible = lieu / f"{instant.strftime(FORME_DU_NOM)}-{fichier.empreinte}.yaml"
        with (lieu / JOURNAL).open("a", encoding="utf-8") as journal:
            ligne = {"version": cible.name, "nom": fichier.nom, "quand": instant.isoformat(), "par": par}
            journal.write(json.dumps(ligne, ensure_ascii=False) + "\n")
        descripteur, provisoire = tempfile.mkstemp(dir=lieu, prefix=".", suffix=".partiel")
        try:
            with os.fdopen(descripteur, "wb") as flux:
                flux.write(fichier.contenu)
                flux.flush()
                os.fsync(flux.fileno())
            Path(provisoire).replace(cible)
        except BaseException:
            Path(provisoire).unlink(missing_ok=True)
            raise
    return cible


@contextmanager
def _seul(lieu: Path) -> Iterator[None]:
    """One writer at a time, on this machine or on those that share the folder."""
    with (lieu / VERROU).open("w", encoding="utf-8") as verrou:
        fcntl.flock(verrou, fcntl.LOCK_EX)
        yield


def _empreinte_en_vigueur(lieu: Path) -> str:
    fichier = en_vigueur(lieu)
    return "" if fichier is None else fichier.empreinte


def _apres_le_dernier(lieu: Path, instant: datetime.datetime) -> datetime.datetime:
    """The instant, or just after the last version: a clock that is late cannot bring a version that is not in force."""
    derniere = max(_versions(lieu), default=None)
    return instant if derniere is None else max(instant, _instant_de(derniere) + datetime.timedelta(microseconds=1))


def _instant_de(version: Path) -> datetime.datetime:
    return datetime.datetime.strptime(version.name.partition("-")[0], FORME_DU_NOM).replace(tzinfo=datetime.UTC)


def historique(lieu: Path) -> list[VersionDeValeurs]:
    """Every version of the folder, the one in force first; none when the place is a single file."""
    if not lieu.is_dir():
        return []
    dits = _journal(lieu)
    trouvees = []
    for chemin in sorted(_versions(lieu), reverse=True):
        dit = dits.get(chemin.name, {})
        trouvees.append(VersionDeValeurs(_lue(chemin, dit), _instant_de(chemin), dit.get("par", "")))
    return trouvees


def retrouver(lieu: Path, empreinte: str) -> Fichier | None:
    """The version that bears a fingerprint; None when it is not kept there."""
    return next((v.fichier for v in historique(lieu) if v.fichier.empreinte == empreinte), None)


def _versions(lieu: Path) -> Iterator[Path]:
    yield from lieu.glob("[0-9]*Z-*.yaml")


def _lue(version: Path, dit: Mapping[str, str]) -> Fichier:
    """A version, under the name that its file had for whoever brought it."""
    fichier = Fichier.lu(version)
    return _nomme(fichier, dit.get("nom", fichier.nom))


@lru_cache(maxsize=64)
def _nomme(fichier: Fichier, nom: str) -> Fichier:
    return replace(fichier, nom=nom)


def _journal(lieu: Path) -> Mapping[str, Mapping[str, str]]:
    journal = lieu / JOURNAL
    return _lignes(Fichier.lu(journal)) if journal.is_file() else {}


@lru_cache(maxsize=64)
def _lignes(journal: Fichier) -> Mapping[str, Mapping[str, str]]:
    lignes = [json.loads(ligne) for ligne in journal.contenu.decode().splitlines() if ligne.strip()]
    return {ligne["version"]: ligne for ligne in lignes}
