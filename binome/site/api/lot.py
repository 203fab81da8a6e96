"""A batch: one situation by line in, one answer by line out, in order, as they are computed."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator

from django.conf import settings
from django.http import HttpRequest, StreamingHttpResponse

from binome import francais
from binome.simulation import Simulation
from binome.site.api.demandes import LIGNES, corps, date_de_l_adresse, situation_de
from binome.site.api.limite import compter_lignes
from binome.site.api.problemes import Probleme, en_json, occupe, probleme_de
from binome.site.socle.flux import Flux
from binome.site.socle.places import Complet, Places

MEDIA = LIGNES[0]
#: Batches that one process answers at a time, unless the settings say otherwise: half of its threads.
SIMULTANES = 2
#: Seconds after which a refused batch may be sent again.
ATTENTE = 15


def _simultanes() -> int:
    return int(getattr(settings, "LOTS_SIMULTANES", SIMULTANES))


#: A batch holds a thread until its last line is read: without a bound, a dozen slow readers would hold the whole site.
places = Places(_simultanes)


def repondre(requete: HttpRequest, date: datetime.date | None) -> StreamingHttpResponse:
    """The streamed answer to a batch. It holds its place from before its lines are read until the last one is sent."""
    try:
        places.prendre()
    except Complet as plein:
        raise occupe(ATTENTE, "Trop de lots sont en cours") from plein
    try:
        brut = lire_lignes(requete)
    except BaseException:
        places.rendre()
        raise
    return StreamingHttpResponse(Flux(lignes(brut, date), places.rendre), content_type=MEDIA)


def lire_lignes(requete: HttpRequest) -> bytes:
    """The lines of a batch, once counted. Raises Probleme when there are none, or too many."""
    brut = corps(requete, LIGNES)
    nombre = sum(1 for _ in _situations(brut))
    if nombre == 0:
        raise Probleme("corps-illisible", "Corps vide : au moins une ligne est attendue.")
    if nombre > settings.LIGNES_PAR_LOT:
        recues, plafond = francais.pluriel(nombre, "ligne"), francais.nombre(settings.LIGNES_PAR_LOT)
        raise Probleme("corps-trop-grand", f"Le lot compte {recues} ; {plafond} au plus sont acceptées.")
    compter_lignes(requete, nombre)
    return brut


def lignes(brut: bytes, date: datetime.date | None) -> Iterator[bytes]:
    """The answer to each line as soon as it is known, then the counts. A bad line does not stop the others."""
    simulees = refusees = 0
    for numero, ligne in _situations(brut):
        try:
            with date_de_l_adresse(date):
                resultat = Simulation(situation_de(ligne), date).resultat().model_dump_json().encode()
        except Exception as erreur:
            refusees += 1
            yield en_json({"ligne": numero, "probleme": probleme_de(erreur).dit()}) + b"\n"
        else:
            simulees += 1
            yield b'{"ligne": %d, "resultat": %b}\n' % (numero, resultat)
    bilan = {"lignes": simulees + refusees, "simulees": simulees, "refusees": refusees}
    yield en_json({"bilan": bilan}) + b"\n"


def _situations(brut: bytes) -> Iterator[tuple[int, bytes]]:
    """(number of the line, from 1; its text); blank lines are passed over, and counted as lines of the file."""
    for numero, ligne in enumerate(io.BytesIO(brut), start=1):
        if ligne.strip():
            yield numero, ligne
