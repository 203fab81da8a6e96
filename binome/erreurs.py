"""The root of every refusal: each floor raises its own kind, each door says it to whoever asked."""

from __future__ import annotations


class BinomeErreur(Exception):
    """Anything that a user can mend; the message is French, and says what is expected."""
