"""Bytes that strangers send, read in a process of their own: bounded memory and time, and nothing to steal.

`lire` names a reader, « module:function », that takes the bytes and returns what JSON can say. The process holds
nothing of this one: neither its environment, nor its open files, nor its database. A file that makes it grow, wait or
fall is refused in words, and the site goes on (docs/adr/0017).
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import tempfile
import threading
from dataclasses import asdict, dataclass
from typing import IO, Any

from binome.erreurs import BinomeErreur

journal = logging.getLogger("binome.isolement")

#: Files that one process of the site reads at a time, and how long another waits for its turn, in seconds.
SIMULTANES, PATIENCE = 2, 20.0
_places = threading.BoundedSemaphore(SIMULTANES)


@dataclass(frozen=True)
class Bornes:
    """What a reader may spend: memory of its own (bytes), processor and waiting (seconds), bytes of its answer."""

    memoire: int
    processeur: int = 4
    attente: float = 15.0
    reponse: int = 1_000_000


class LectureRefusee(BinomeErreur):
    """A file that its reader refuses: every reason, in French."""

    def __init__(self, *raisons: str) -> None:
        super().__init__(" ; ".join(raisons))
        self.raisons = raisons


class TropLourd(LectureRefusee):
    """A file that asks for more than what its reader may spend, or that makes it fall."""


#: What the process starts with: the paths of this one, and none of what a folder or the environment could add to them.
_AMORCE = (
    "import json, sys; sys.path = json.loads(sys.argv[1]); from binome.isolement.enfant import principal; principal()"
)


def lire(lecteur: str, octets: bytes, bornes: Bornes, **options: Any) -> Any:
    """What a reader (« module:function ») says of these bytes. Raises LectureRefusee, TropLourd beyond the bounds."""
    if not _places.acquire(timeout=PATIENCE):
        raise LectureRefusee("le site lit déjà d'autres fichiers ; renvoyez celui-ci dans une minute")
    try:
        with tempfile.TemporaryFile() as sortie:
            _lancer(lecteur, octets, bornes, options, sortie)
            sortie.seek(0)
            lu = sortie.read()
    finally:
        _places.release()
    try:
        reponse = json.loads(lu)
    except ValueError as erreur:
        raise _trop_lourd(lecteur, "aucune réponse") from erreur
    if "panne" in reponse:
        raise _trop_lourd(lecteur, str(reponse["panne"]))
    if "refus" in reponse:
        raise LectureRefusee(*reponse["refus"])
    return reponse["lu"]


def _lancer(lecteur: str, octets: bytes, bornes: Bornes, options: dict[str, Any], sortie: IO[bytes]) -> None:
    entete = json.dumps({"lecteur": lecteur, "options": options, "bornes": asdict(bornes)}).encode()
    commande = [sys.executable, "-I", "-S", "-B", "-c", _AMORCE, json.dumps([p for p in sys.path if p])]
    with subprocess.Popen(  # noqa: S603 - this interpreter, and paths of ours
        commande,
        stdin=subprocess.PIPE,
        stdout=sortie,
        stderr=subprocess.DEVNULL,
        env={"LC_ALL": "C.UTF-8", "POLARS_MAX_THREADS": "1"},
    ) as enfant:
        try:
            enfant.communicate(len(entete).to_bytes(4, "big") + entete + octets, timeout=bornes.attente)
        except subprocess.TimeoutExpired as erreur:
            raise _trop_lourd(lecteur, f"{bornes.attente:g} s") from erreur
        finally:
            enfant.kill()
    if enfant.returncode:
        raise _trop_lourd(lecteur, f"code {enfant.returncode}")


def _trop_lourd(lecteur: str, cause: str) -> TropLourd:
    journal.warning("fichier refusé : son lecteur a été arrêté", extra={"lecteur": lecteur, "cause": cause})
    return TropLourd(
        "fichier illisible ou trop lourd à lire ; enregistrez-le de nouveau, plus simplement, et renvoyez-le"
    )
