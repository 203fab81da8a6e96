"""A batch: one situation by line in, one answer by line out, in order, as they are computed."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest, StreamingHttpResponse

from binome import francais
from binome.simulation import Simulation, Situation
from binome.site.api.demandes import LIGNES, corps, date_de_l_adresse, situation_de
from binome.site.api.limite import compter_lignes
from binome.site.api.problemes import Probleme, en_json, occupe, probleme_de
from binome.site.socle.flux import Flux
from binome.site.socle.places import Complet, Places

Rendu = TypeVar("Rendu")

MEDIA = LIGNES[0]
#: Batches that one process answers at a time, unless the settings say otherwise: half of its threads.
SIMULTANES = 2
#: Lines computed in one run of the law: enough to share its cost, few enough for the first answers to come soon.
PAQUET = 64
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
    """The answer to each line as soon as its packet is computed, then the counts. A bad line stops no other."""
    simulees = refusees = 0
    for paquet in _paquets(_situations(brut)):
        for (numero, _), simulation in zip(paquet, _simulations([ligne for _, ligne in paquet], date), strict=True):
            try:
                with date_de_l_adresse(date):
                    if isinstance(simulation, Exception):
                        raise simulation
                    resultat = simulation.resultat().model_dump_json().encode()
            except Exception as erreur:
                refusees += 1
                yield en_json({"ligne": numero, "probleme": probleme_de(erreur).dit()}) + b"\n"
            else:
                simulees += 1
                yield b'{"ligne": %d, "resultat": %b}\n' % (numero, resultat)
    bilan = {"lignes": simulees + refusees, "simulees": simulees, "refusees": refusees}
    yield en_json({"bilan": bilan}) + b"\n"


def _simulations(textes: Iterable[bytes], date: datetime.date | None) -> list[Simulation | Exception]:
    """The simulation of each line, or what refuses it; those that can be read are computed in one run of the law."""
    lues = [_ou_son_refus(situation_de, texte) for texte in textes]
    situations = [lue for lue in lues if isinstance(lue, Situation)]
    rendues: list[Simulation | Exception]
    try:
        rendues = [*Simulation.ensemble(situations, date)]
    except Exception:
        # A line on which the law itself stumbles: each alone, so that it is the only one refused.
        rendues = [_ou_son_refus(Simulation, situation, date) for situation in situations]
    suite = iter(rendues)
    return [next(suite) if isinstance(lue, Situation) else lue for lue in lues]


def _ou_son_refus(faire: Callable[..., Rendu], *arguments: Any) -> Rendu | Exception:
    try:
        return faire(*arguments)
    except Exception as erreur:
        return erreur


def _paquets(lues: Iterator[tuple[int, bytes]]) -> Iterator[list[tuple[int, bytes]]]:
    while paquet := list(islice(lues, PAQUET)):
        yield paquet


def _situations(brut: bytes) -> Iterator[tuple[int, bytes]]:
    """(number of the line, from 1; its text); blank lines are passed over, and counted as lines of the file."""
    for numero, ligne in enumerate(io.BytesIO(brut), start=1):
        if ligne.strip():
            yield numero, ligne
