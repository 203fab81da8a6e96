"""What is locked, once a week: the age and the licence of each package, and the weaknesses known of it.

Ages come from the lock, licences from what is installed, newer versions and weaknesses from the network, by uv
(`uv pip list --outdated`, `uv audit`, which asks OSV). What could not be asked is said, never counted as nothing.

Exit 0: nothing known. Exit 1: a weakness is known. Exit 2: the weaknesses could not be asked.
"""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

RACINE = Path(__file__).parents[1]
UV = RACINE / ".outils/bin/uv"
#: Past this age, with nothing newer, a package is named quiet: somebody looks whether it is finished or abandoned.
SILENCE = datetime.timedelta(days=2 * 365)
SANS_FAILLE, FAILLES, NON_CONSULTE = 0, 1, 2


@dataclass(frozen=True)
class Verrouille:
    """A package of the lock; `publie` is the day when its version came out, None when the lock does not say."""

    nom: str
    version: str
    publie: datetime.date | None


class Injoignable(Exception):
    """The network did not answer: the message is uv's."""


def verrouilles(verrou: Path) -> list[Verrouille]:
    """Packages of a `uv.lock` that come from an index, by name. Raises OSError, TOMLDecodeError."""
    paquets = tomllib.loads(verrou.read_text(encoding="utf-8"))["package"]
    return [
        Verrouille(paquet["name"], paquet["version"], _publie(paquet))
        for paquet in paquets
        if "registry" in paquet["source"]
    ]


def _publie(paquet: dict[str, Any]) -> datetime.date | None:
    fichiers = [*([paquet["sdist"]] if "sdist" in paquet else []), *paquet.get("wheels", [])]
    jours = [datetime.datetime.fromisoformat(f["upload-time"]).date() for f in fichiers if "upload-time" in f]
    return max(jours, default=None)


def licence(nom: str) -> str:
    """The licence that the installed package declares, in few words."""
    try:
        fiche = metadata.metadata(nom)
    except metadata.PackageNotFoundError:
        return "non installé ici"
    texte = (fiche.get("License") or "").strip()
    classes = [c.rpartition(" :: ")[2] for c in fiche.get_all("Classifier", []) if c.startswith("License :: OSI")]
    # Some packages put the whole text of the licence where its name is expected.
    courte = texte if "\n" not in texte and len(texte) < 60 else ""
    return fiche.get("License-Expression") or courte or " ; ".join(classes) or "non déclarée"


def nouvelles(reponse: str) -> dict[str, str]:
    """Newer versions by name, from the answer of `uv pip list --outdated --format json`. Raises ValueError."""
    return {paquet["name"]: paquet["latest_version"] for paquet in json.loads(reponse)}


def failles(reponse: str) -> list[str]:
    """Known weaknesses, one a line, from the answer of `uv audit --output-format json`. Raises ValueError, KeyError."""
    lue = json.loads(reponse)
    dites = []
    for faille in lue["vulnerabilities"]:
        paquet, corrige = faille["dependency"], ", ".join(faille["fix_versions"] or ()) or "aucune version"
        noms = ", ".join([faille["display_id"], *faille["aliases"]])
        resume = (faille["summary"] or faille["description"] or "").partition("\n")[0]
        dites.append(f"{paquet['name']} {paquet['version']} : {noms} : {resume} (corrigé par : {corrige})")
    dites += [f"{json.dumps(statut, ensure_ascii=False)}" for statut in lue["adverse_statuses"]]
    return dites


def demander(*ordre: str, attendus: tuple[int, ...] = (0,)) -> str:
    """What uv answers on its output. Raises Injoignable when it ends otherwise than `attendus`."""
    rendu = subprocess.run([str(UV), *ordre], cwd=RACINE, capture_output=True, text=True, check=False)  # noqa: S603
    if rendu.returncode not in attendus:
        raise Injoignable(rendu.stderr.strip())
    return rendu.stdout


def lignes(paquets: list[Verrouille], recentes: dict[str, str] | None, aujourdhui: datetime.date) -> Iterator[str]:
    """The table, oldest first; `recentes` is None when the index did not answer."""
    for paquet in sorted(paquets, key=lambda p: (p.publie or datetime.date.min, p.nom)):
        age = "date inconnue" if paquet.publie is None else f"{paquet.publie} ({(aujourdhui - paquet.publie).days} j)"
        suite = "" if recentes is None else f"→ {recentes[paquet.nom]}" if paquet.nom in recentes else ""
        muet = recentes is not None and paquet.nom not in recentes and paquet.publie is not None
        if muet and paquet.publie is not None and aujourdhui - paquet.publie > SILENCE:
            suite = "silencieux"
        yield f"{paquet.nom:<32} {paquet.version:<14} {age:<22} {licence(paquet.nom):<44} {suite}".rstrip()


def principal(options: list[str]) -> int:
    """Write the report; `options` go to `uv audit` as they are (`--service-url …`)."""
    try:
        recentes: dict[str, str] | None = nouvelles(demander("pip", "list", "--outdated", "--format", "json"))
    except Injoignable as erreur:
        recentes = None
        print(f"Versions plus récentes : non consultées, l'index n'a pas répondu ({erreur}).", file=sys.stderr)
    paquets = verrouilles(RACINE / "uv.lock")
    aujourdhui = datetime.datetime.now(datetime.UTC).date()
    for ligne in lignes(paquets, recentes, aujourdhui):
        print(ligne)
    audit = ("audit", "--frozen", "--preview-features", "audit-command,json-output", "--output-format", "json")
    try:
        trouvees = failles(demander(*audit, *options, attendus=(SANS_FAILLE, FAILLES)))
    except (Injoignable, ValueError, KeyError) as erreur:
        print(f"Failles connues : NON CONSULTÉES, rien ne peut en être dit ({erreur}).", file=sys.stderr)
        return NON_CONSULTE
    print(f"Failles connues : {len(trouvees)} pour {len(paquets)} paquets verrouillés.")
    for faille in trouvees:
        print(f"  {faille}")
    return FAILLES if trouvees else SANS_FAILLE


if __name__ == "__main__":
    sys.exit(principal(sys.argv[1:]))
