"""How many times one may be wrong, and who waits then (docs/adr/0016).

A browser that has already entered an account is known by a signed cookie, and counts alone: whatever others try, it
enters.
Any other counts by account and client (five wrong tries in five minutes), by account for all clients together, and by
client for all accounts together: the last two are far above what people do. Counts live in the shared cache.
"""

from __future__ import annotations

import secrets
from typing import Any

from allauth.core.internal import ratelimit
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from binome.site.socle.client import adresse_de, reseau_de

COOKIE = "binome_navigateur"
SEL = "binome.comptes.navigateur"
#: Accounts that one browser is known for: people who share a machine.
COMPTES_PAR_NAVIGATEUR = 4
#: Bytes of the number that a browser is known by.
OCTETS_DU_NUMERO = 13


class TropDEssais(ValidationError):
    """Too many wrong tries: wait."""

    def __init__(self) -> None:
        super().__init__("Trop d'essais. Attendez cinq minutes, puis recommencez.", code="trop_d_essais")


class Essai:
    """One try at an account: counted before it is judged, so that ten at once are ten; given back when it was right."""

    def __init__(self, requete: HttpRequest, compte: str) -> None:
        self.requete = requete
        self.compte = empreinte(compte)
        self.comptes: list[Any] = []

    def compter(self) -> None:
        """Count it. Raises TropDEssais."""
        connu = navigateurs_de(self.requete).get(self.compte)
        if connu is not None and self._prendre(("navigateur", f"{self.compte}:{connu}")):
            return
        client = reseau_de(adresse_de(self.requete) or "")
        # A refused try is not counted further: one client alone cannot use up what an account has for all.
        if not self._prendre(("couple", f"{self.compte}:{client}"), ("client", client), ("compte", self.compte)):
            raise TropDEssais

    def rendre(self) -> None:
        """It was right."""
        for compte in self.comptes:
            compte.rollback()
        self.comptes = []

    def _prendre(self, *limites: tuple[str, str]) -> bool:
        for nom, cle in limites:
            compte = ratelimit.consume(
                self.requete, app="binome.comptes", action=nom, key=cle, config=settings.LIMITES_DES_ESSAIS
            )
            if compte is None:
                self.rendre()
                return False
            self.comptes.append(compte)
        return True


def empreinte(compte: str) -> str:
    """What stands for an account that may not exist, where its address must not be written."""
    return salted_hmac(SEL, compte.strip().lower(), algorithm="sha256").hexdigest()[:32]


def navigateurs_de(requete: HttpRequest) -> dict[str, str]:
    """The accounts that this browser has entered, and the number it is known by in each."""
    try:
        connus = requete.get_signed_cookie(COOKIE, default="", salt=SEL, max_age=settings.NAVIGATEUR_CONNU)
    except BadSignature:
        return {}
    paires = [paire.partition(":") for paire in (connus or "").split(",") if paire]
    return {compte: numero for compte, _, numero in paires}


def reconnaitre(requete: HttpRequest, reponse: HttpResponse, compte: str) -> None:
    """Know this browser, which has just entered this account with all that was asked."""
    connus = navigateurs_de(requete)
    numero = connus.pop(empreinte(compte), None) or secrets.token_urlsafe(OCTETS_DU_NUMERO)
    derniers = [*connus.items()][-(COMPTES_PAR_NAVIGATEUR - 1) :]
    reponse.set_signed_cookie(
        COOKIE,
        ",".join(f"{cle}:{valeur}" for cle, valeur in [*derniers, (empreinte(compte), numero)]),
        salt=SEL,
        max_age=settings.NAVIGATEUR_CONNU,
        path="/comptes/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
