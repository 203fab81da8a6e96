"""Second factors: their secrets are kept encrypted, and wrong codes are counted as wrong passwords are."""

from __future__ import annotations

import base64
import logging
import secrets
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken, MultiFernet
from django.conf import settings
from django.db import transaction

from binome.dossiers.chiffrement import coffre
from binome.site.comptes.essais import Essai, TropDEssais
from binome.site.comptes.journal import noter_attente

journal = logging.getLogger("binome.comptes")
#: What an encrypted secret begins with.
MARQUE = "chiffre1:"
#: Where each type keeps what must not be read.
CHAMPS = {Authenticator.Type.TOTP: ("secret",), Authenticator.Type.RECOVERY_CODES: ("seed", "migrated_codes")}


def _cles() -> MultiFernet:
    """The key of today, then those that secrets may still be encrypted with."""
    return coffre("binome.comptes.facteurs", settings.CLES_FACTEURS)


def chiffrer(secret: str) -> str:
    """A secret, as the database keeps it."""
    return MARQUE + _cles().encrypt(secret.encode()).decode()


def dechiffrer(garde: str) -> str:
    """A secret. Kept with a key that is no longer given, it is no secret any more: no code is right for it."""
    if not garde.startswith(MARQUE):
        journal.error("second facteur non chiffré : manage.py rechiffrer")
        return garde
    try:
        return _cles().decrypt(garde.removeprefix(MARQUE)).decode()
    except InvalidToken:
        journal.error("second facteur illisible : la clé qui l'a chiffré n'est plus donnée")
        return base64.b32encode(secrets.token_bytes(20)).decode()


@transaction.atomic
def rechiffrer() -> tuple[int, int]:
    """Encrypt every secret with the key of today: how many were, and how many could not be read."""
    faits = illisibles = 0
    for facteur in Authenticator.objects.select_for_update().filter(type__in=CHAMPS):
        for champ in CHAMPS[Authenticator.Type(facteur.type)]:
            garde = facteur.data.get(champ)
            if garde is None:
                continue
            try:
                facteur.data[champ] = [_refaire(g) for g in garde] if isinstance(garde, list) else _refaire(garde)
            except InvalidToken:
                illisibles += 1
                continue
            faits += 1
        facteur.save(update_fields=["data"])
    return faits, illisibles


def _refaire(garde: str) -> str:
    if not garde.startswith(MARQUE):
        return chiffrer(garde)
    return MARQUE + _cles().rotate(garde.removeprefix(MARQUE)).decode()


class SecondFacteur(DefaultMFAAdapter):  # type: ignore[misc]
    """What allauth keeps of a factor is encrypted."""

    def encrypt(self, text: str) -> str:
        """See `chiffrer`."""
        return chiffrer(text)

    def decrypt(self, encrypted_text: str) -> str:
        """See `dechiffrer`."""
        return dechiffrer(encrypted_text)


class _Compte:
    """Wrong codes are counted like wrong passwords: by whom, and for which account."""

    user: Any

    def clean_code(self) -> str:
        """The code. Raises ValidationError."""
        essai = Essai(context.request, self.user.email)
        try:
            essai.compter()
        except TropDEssais:
            noter_attente(context.request, self.user.email)
            raise
        code: str = super().clean_code()  # type: ignore[misc]
        essai.rendre()
        return code


class CodeALEntree(_Compte, AuthenticateForm):  # type: ignore[misc]
    """The code asked at each log-in."""


class CodeRedemande(_Compte, ReauthenticateForm):  # type: ignore[misc]
    """The code asked again before a sensitive change."""
