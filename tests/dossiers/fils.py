"""Several acts at the same moment, on real threads and real connections."""

import threading
from concurrent.futures import ThreadPoolExecutor

from django.db import connections

from binome.dossiers.erreurs import Refus

FILS = 20


def ensemble(acte, nombre=FILS):
    """Run an act in as many threads at the same moment: what each returned or raised."""
    depart = threading.Barrier(nombre)

    def fil(rang):
        depart.wait()
        try:
            return acte(rang)
        except Refus as refus:
            return refus
        finally:
            connections.close_all()

    with ThreadPoolExecutor(nombre) as fils:
        return list(fils.map(fil, range(nombre)))
