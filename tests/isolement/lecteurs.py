"""Readers that do what a hostile file would have ours do; each runs in a process of its own."""

import os
import resource
import sys
import time
from pathlib import Path

from binome.erreurs import BinomeErreur


def compter(octets, *, fois=1):
    return {"octets": len(octets) * fois, "accents": "é"}


def refuser(octets):
    raise BinomeErreur(f"{len(octets)} octets : c'est non")


def se_tromper(octets):
    raise KeyError(octets.decode())


def ecrire_ailleurs(octets):
    print("ce qu'une bibliothèque écrit")
    os.write(1, b"{}")
    return "entier"


def boucler(octets):
    while octets:
        pass


def dormir(octets):
    time.sleep(60)


def grossir(octets):
    return len(b" " * 300_000_000)


def tomber(octets):
    os.abort()


def partir(octets):
    os._exit(0)


def bavarder(octets):
    return "x" * 10_000


def ecrire_un_fichier(octets):
    Path(octets.decode()).write_bytes(b"x" * 10_000)


def ce_qu_on_lui_laisse(octets):
    ouverts = list(Path("/proc/self/fd").iterdir())
    return {
        "environnement": sorted(os.environ),
        "ouverts": len(ouverts),
        "django": "django" in sys.modules,
        "memoire": resource.getrlimit(resource.RLIMIT_DATA),
    }
