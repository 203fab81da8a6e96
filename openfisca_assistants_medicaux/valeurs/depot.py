"""Where an operator's values are kept: a folder of whole versions, never changed. The last one is in force.

Every process that reads the folder sees a new version at once; an old decision finds the version of its time again by
its fingerprint (docs/adr/0015-valeurs-de-la-caisse.md).
"""

from __future__ import annotations

import datetime
import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from openfisca_assistants_medicaux.fichiers import Fichier

#: Who brought each version, one JSON object a line.
JOURNAL = "journal.jsonl"
FORME_DU_NOM = "%Y%m%dT%H%M%S%fZ"


@dataclass(frozen=True)
class Version:
    """A version that was in force once."""

    fichier: Fichier
    quand: datetime.datetime
    par: str


def en_vigueur(lieu: Path) -> Fichier | None:
    """The values in force: the file itself, or the last version of the folder; None when it holds none."""
    if not lieu.is_dir():
        return Fichier.lu(lieu)
    derniere = max(_versions(lieu), default=None)
    return None if derniere is None else Fichier.lu(derniere)


def deposer(lieu: Path, fichier: Fichier, par: str, quand: datetime.datetime) -> Path:
    """Add a version to the folder, whole or not at all, and say who brought it. Raises OSError."""
    lieu.mkdir(parents=True, exist_ok=True)
    instant = quand.astimezone(datetime.UTC)
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


def historique(lieu: Path) -> list[Version]:
    """Every version of the folder, the one in force first; none when the place is a single file."""
    if not lieu.is_dir():
        return []
    dits = _journal(lieu)
    trouvees = []
    for chemin in sorted(_versions(lieu), reverse=True):
        dit = dits.get(chemin.name, {})
        lu = Fichier.lu(chemin)
        instant = datetime.datetime.strptime(chemin.name.partition("-")[0], FORME_DU_NOM).replace(tzinfo=datetime.UTC)
        trouvees.append(Version(Fichier(dit.get("nom", lu.nom), lu.contenu), instant, dit.get("par", "")))
    return trouvees


def retrouver(lieu: Path, empreinte: str) -> Fichier | None:
    """The version that bears a fingerprint; None when it is not kept there."""
    return next((v.fichier for v in historique(lieu) if v.fichier.empreinte == empreinte), None)


def _versions(lieu: Path) -> Iterator[Path]:
    yield from lieu.glob("[0-9]*Z-*.yaml")


def _journal(lieu: Path) -> dict[str, dict[str, str]]:
    journal = lieu / JOURNAL
    if not journal.is_file():
        return {}
    lignes = [json.loads(ligne) for ligne in journal.read_text(encoding="utf-8").splitlines() if ligne.strip()]
    return {ligne["version"]: ligne for ligne in lignes}
