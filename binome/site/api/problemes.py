"""Refusals as RFC 9457 problem details, in French, naming each field at fault.

The type of a problem is an address of the documentation page; `TYPES` lists them all, and the page is drawn from it.
"""

from __future__ import annotations

import datetime
import json
import logging
import math
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import lru_cache, wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from ninja.errors import Throttled
from pydantic import BaseModel, ConfigDict, Field

from binome import francais
from binome.erreurs import BinomeErreur
from binome.simulation import Faute, FigureInconnue, SituationInvalide
from binome.site.socle.journaux import cadres

journal = logging.getLogger("binome.api")

MEDIA = "application/problem+json"

#: A refusal shows this many faults at most, and this much of a value: an absurd body must not give an absurd answer.
FAUTES_MONTREES, VALEUR_MONTREE = 64, 200
#: Bytes read at a time of a body that nobody wants.
_MORCEAU = 65_536
#: Beyond, a JSON reader may lose digits.
ENTIER_SUR = 2**53


@dataclass(frozen=True)
class TypeDeProbleme:
    """One kind of refusal: its HTTP status, its title, and when it happens."""

    statut: int
    titre: str
    quand: str


TYPES = {
    "corps-illisible": TypeDeProbleme(
        400, "Corps illisible", "Le corps est vide, n’est pas du JSON en UTF-8, ou donne deux fois le même champ."
    ),
    "adresse-inconnue": TypeDeProbleme(404, "Adresse inconnue", "Rien ne se trouve à cette adresse."),
    "figure-inconnue": TypeDeProbleme(
        404, "Figure inconnue", "Aucun chiffre du résultat ne porte ce nom ; les noms proches sont proposés."
    ),
    "methode-refusee": TypeDeProbleme(
        405, "Méthode refusée", "L’adresse existe, sous d’autres méthodes : l’en-tête Allow les nomme."
    ),
    "longueur-attendue": TypeDeProbleme(
        411, "Longueur attendue", "Le corps est envoyé par morceaux, sans en-tête Content-Length."
    ),
    "corps-trop-grand": TypeDeProbleme(
        413, "Corps trop grand", "Le corps ou le nombre de lignes d’un lot dépasse ce que ce serveur accepte."
    ),
    "format-refuse": TypeDeProbleme(
        415, "Format refusé", "L’en-tête Content-Type n’annonce pas le format attendu, ou le corps est compressé."
    ),
    "situation-invalide": TypeDeProbleme(
        422, "Situation invalide", "La situation ne peut être simulée : chaque faute nomme son champ."
    ),
    "parametre-invalide": TypeDeProbleme(
        422, "Paramètre invalide", "Un paramètre de l’adresse est inconnu, absent, répété ou mal écrit."
    ),
    "trop-de-demandes": TypeDeProbleme(
        429, "Trop de demandes", "La limite est atteinte : l’en-tête Retry-After dit combien de secondes attendre."
    ),
    "serveur-occupe": TypeDeProbleme(
        503, "Serveur occupé", "Trop de lots sont en cours : l’en-tête Retry-After dit combien de secondes attendre."
    ),
    "erreur-interne": TypeDeProbleme(500, "Erreur interne", "Le serveur a échoué ; la demande n’y est pour rien."),
}


class FauteDite(BaseModel):
    """One fault, as answered."""

    model_config = ConfigDict(extra="forbid")

    champ: str = Field(
        description="Chemin du champ, listes comptées à partir de 1 : « medecin.specialite », « resultats.1.annee » ; "
        "vide : l'ensemble"
    )
    message: str = Field(description="Ce qui est attendu")
    valeur: str | int | float | bool | None = Field(description="Valeur reçue, abrégée ; vide quand elle manque")


class ProblemeDit(BaseModel):
    """A refusal, as answered (RFC 9457)."""

    model_config = ConfigDict(extra="forbid")

    type: str = Field(description="Adresse de la documentation de ce refus")
    title: str = Field(description="Le refus, en deux ou trois mots")
    status: int = Field(description="Statut HTTP")
    detail: str = Field(description="Pourquoi, cette fois")
    fautes: list[FauteDite] = Field(description="Les champs à corriger")


class Probleme(Exception):
    """A refusal of the API itself. `nom` is one of `TYPES`."""

    def __init__(
        self, nom: str, detail: str, fautes: Sequence[Faute] = (), entetes: dict[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.nom = nom
        self.detail = detail
        self.fautes = tuple(fautes)
        self.entetes = entetes or {}

    @property
    def statut(self) -> int:
        """HTTP status."""
        return TYPES[self.nom].statut

    def dit(self) -> dict[str, Any]:
        """The members of the problem."""
        return {
            "type": f"{_documentation()}#{self.nom}",
            "title": TYPES[self.nom].titre,
            "status": self.statut,
            "detail": self.detail,
            "fautes": [
                {"champ": faute.champ, "message": faute.message, "valeur": _montrable(faute.valeur)}
                for faute in self.fautes[:FAUTES_MONTREES]
            ],
        }

    def reponse(self) -> HttpResponse:
        """The HTTP answer."""
        reponse = HttpResponse(en_json(self.dit()), status=self.statut, content_type=MEDIA)
        for nom, valeur in self.entetes.items():
            reponse[nom] = valeur
        return reponse


@lru_cache
def _documentation() -> str:
    return reverse("api:accueil")


def en_json(donnees: Any) -> bytes:
    """JSON in UTF-8. A half of a character, which JSON can write and UTF-8 cannot, becomes « ? »."""
    return json.dumps(donnees, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")


def _montrable(valeur: Any) -> str | int | float | bool | None:
    """A received value as JSON can say it back: whole when simple and short, abridged or left out otherwise."""
    if isinstance(valeur, Enum):
        valeur = valeur.value
    if valeur is None or isinstance(valeur, bool):
        return valeur
    if isinstance(valeur, int):
        return valeur if abs(valeur) < ENTIER_SUR else _abrege(str(valeur))
    if isinstance(valeur, float):
        return valeur if math.isfinite(valeur) else str(valeur)
    if isinstance(valeur, (str, Decimal, datetime.date)):
        return _abrege(str(valeur))
    return None


def _abrege(texte: str) -> str:
    return texte if len(texte) <= VALEUR_MONTREE else texte[: VALEUR_MONTREE - 1] + "…"


def probleme_de(erreur: BaseException) -> Probleme:
    """The refusal that an exception stands for. What nobody foresaw is logged without its message, and is a 500."""
    if isinstance(erreur, Probleme):
        return erreur
    if isinstance(erreur, SituationInvalide):
        nombre = francais.pluriel(len(erreur.fautes), "faute")
        reste = len(erreur.fautes) - FAUTES_MONTREES
        suite = f" ; les {FAUTES_MONTREES} premières sont données" if reste > 0 else ""
        return Probleme("situation-invalide", f"La situation ne peut être simulée : {nombre}{suite}.", erreur.fautes)
    if isinstance(erreur, FigureInconnue):
        return Probleme("figure-inconnue", _phrase(str(erreur)))
    if isinstance(erreur, BinomeErreur):
        return Probleme("corps-illisible", _phrase(str(erreur)))
    if isinstance(erreur, Http404):
        return Probleme(
            "adresse-inconnue", f"Rien ne se trouve à cette adresse ; la documentation est à {_documentation()}."
        )
    if isinstance(erreur, RequestDataTooBig):
        return trop_grand()
    if isinstance(erreur, UnreadablePostError):
        return Probleme("corps-illisible", "Le corps n'est pas arrivé entier.")
    if isinstance(erreur, Throttled):
        return trop_de_demandes(erreur.wait or 1)
    _journaliser(erreur)
    return Probleme("erreur-interne", "Une erreur inattendue s'est produite ; la demande peut être renouvelée.")


def trop_grand() -> Probleme:
    """The body is larger than what the server reads."""
    plafond = francais.nombre(settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0)
    return Probleme("corps-trop-grand", f"Le corps dépasse {plafond} octets.")


def trop_de_demandes(attente: float, detail: str = "La limite de demandes est atteinte") -> Probleme:
    """The client asked too much, and must wait, in seconds."""
    return _attendre("trop-de-demandes", attente, detail)


def occupe(attente: float, detail: str) -> Probleme:
    """The server does too much, and the client must wait, in seconds."""
    return _attendre("serveur-occupe", attente, detail)


def _attendre(nom: str, attente: float, detail: str) -> Probleme:
    secondes = max(1, math.ceil(attente))
    return Probleme(
        nom,
        f"{detail} ; réessayez dans {francais.pluriel(secondes, 'seconde')}.",
        entetes={"Retry-After": str(secondes)},
    )


def _phrase(texte: str) -> str:
    return f"{texte[:1].upper()}{texte[1:]}."


def _journaliser(erreur: BaseException) -> None:
    """Log where it failed. The message and the values of the frames stay out: they may hold what the user sent."""
    journal.error("erreur interne", extra={"exception": type(erreur).__name__, "pile": cadres(erreur)})


Vue = Callable[..., HttpResponseBase]


def en_problemes(vue: Vue) -> Vue:
    """A view whose every refusal is a problem: unknown address, refused method and failure included. HEAD is GET."""

    @csrf_exempt  # there is no cookie to abuse
    @wraps(vue)
    def habillee(requete: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        tete = requete.method == "HEAD"
        if tete:
            requete.method = "GET"
        try:
            reponse = vue(requete, *args, **kwargs)
        except Exception as erreur:
            reponse = probleme_de(erreur).reponse()
        if reponse.status_code == 405 and MEDIA not in reponse.headers.get("Content-Type", ""):
            reponse = _methode_refusee(reponse.headers.get("Allow", ""))
        if reponse.status_code >= 400:
            _finir_de_lire(requete)
        if tete and isinstance(reponse, HttpResponse):
            requete.method = "HEAD"
            reponse["Content-Length"] = str(len(reponse.content))
            reponse.content = b""
        return reponse

    return habillee


def _finir_de_lire(requete: HttpRequest) -> None:
    """Read what a refusal left of the body, up to the server's bound: closed on it, a connection loses the answer."""
    reste = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
    with suppress(UnreadablePostError):
        while reste > 0 and (lu := requete.read(min(reste, _MORCEAU))):
            reste -= len(lu)


def _methode_refusee(admises: str) -> HttpResponse:
    methodes = {methode.strip() for methode in admises.split(",") if methode.strip()}
    if "GET" in methodes:
        methodes.add("HEAD")
    liste = ", ".join(sorted(methodes))
    return Probleme("methode-refusee", f"Méthodes admises ici : {liste}.", entetes={"Allow": liste}).reponse()


def introuvable(requete: HttpRequest, reste: str = "") -> HttpResponseBase:
    """Any other address under the API."""
    del requete, reste
    raise Http404
