"""What the database keeps encrypted: a safe for each usage, opened by the keys of the settings."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def coffre(usage: str, cles: Sequence[str] = ()) -> MultiFernet:
    """The safe of one usage: closed with the first of these keys, or the secret key; former keys still open it."""
    phrases = [*cles, settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_cle(usage, phrase)) for phrase in phrases])


def _cle(usage: str, phrase: str) -> bytes:
    derivee = HKDF(algorithm=SHA256(), length=32, salt=None, info=usage.encode()).derive(phrase.encode())
    return base64.urlsafe_b64encode(derivee)
