"""What a request says: its body as a situation or as lines, its parameters. Every fault is a problem."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from django.http import HttpRequest

from binome import simulation
from binome.erreurs import BinomeErreur
from binome.simulation import Faute, Situation, SituationInvalide
from binome.site.api.corps import lire_objet
from binome.site.api.problemes import Probleme

JSON = ("application/json",)
#: One document per line; the second name is an older one.
LIGNES = ("application/x-ndjson", "application/jsonl")


def corps(requete: HttpRequest, admis: tuple[str, ...]) -> bytes:
    """The whole body, of one of the media types. Raises Probleme; RequestDataTooBig beyond the server's bound."""
    annonce = (requete.content_type or "").lower()
    if annonce not in admis:
        recu = f"« {annonce} » refusé" if annonce else "format non annoncé"
        raise Probleme("format-refuse", f"Content-Type : {recu} ; {' ou '.join(admis)} attendu.")
    jeu = (requete.content_params or {}).get("charset", "utf-8").lower()
    if jeu not in {"utf-8", "utf8"}:
        raise Probleme("format-refuse", f"Content-Type : jeu de caractères « {jeu} » refusé ; UTF-8 attendu.")
    if requete.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Probleme("format-refuse", "Content-Encoding : un corps non compressé est attendu.")
    if "Transfer-Encoding" in requete.headers and not requete.META.get("CONTENT_LENGTH"):
        raise Probleme("longueur-attendue", "Corps envoyé par morceaux ; un en-tête Content-Length est attendu.")
    return requete.body


def lire_situation(requete: HttpRequest) -> Situation:
    """The situation in the body of a request."""
    return situation_de(corps(requete, JSON))


def situation_de(brut: bytes) -> Situation:
    """A situation written in JSON. Raises BinomeErreur when it is no JSON, SituationInvalide with every fault."""
    try:
        document = lire_objet(brut)
    except BinomeErreur as erreur:
        raison = str(erreur)
        if b"\n" not in brut.strip():
            # A line of a batch has its own number; a body of one line needs none.
            raison = raison.removeprefix("ligne 1, ").removeprefix("ligne 1 : ")
        separateur = ", " if raison.startswith(("ligne", "colonne")) else " : "
        raise BinomeErreur(f"corps{separateur}{raison}") from erreur
    try:
        return simulation.lire_situation(document)
    except RecursionError as erreur:
        raise BinomeErreur("corps : trop d'imbrications") from erreur


@contextmanager
def date_de_l_adresse(date: datetime.date | None) -> Iterator[None]:
    """The fault of a date given in the address bears the parameter's name, not that of the situation's field."""
    try:
        yield
    except SituationInvalide as erreur:
        if date is None:
            raise
        raise SituationInvalide(
            [replace(f, champ="date") if f.champ == "date_appreciation" else f for f in erreur.fautes]
        ) from erreur


def seuls_parametres(requete: HttpRequest, connus: Iterable[str]) -> None:
    """Refuse a parameter that nobody reads, which a typing error makes, and one given twice."""
    admis = tuple(connus)
    attendu = f"attendu : {', '.join(admis)}" if admis else "aucun n'est attendu ici"
    fautes = [Faute(nom, f"paramètre inconnu ; {attendu}") for nom in requete.GET if nom not in admis]
    fautes += [
        Faute(nom, "paramètre donné plusieurs fois ; une seule valeur attendue")
        for nom in requete.GET
        if nom in admis and len(requete.GET.getlist(nom)) > 1
    ]
    if fautes:
        raise parametres_invalides(fautes)


def parametres_invalides(fautes: list[Faute]) -> Probleme:
    """The refusal of parameters of the address."""
    return Probleme("parametre-invalide", f"{' ; '.join(str(faute) for faute in fautes)}.", fautes)
