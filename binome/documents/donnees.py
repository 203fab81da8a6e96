"""The result as JSON: what `binome simuler --json` prints and what the page gives to download."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from binome.simulation import Resultat


def rendre(resultat: Resultat) -> str:
    """The whole result as indented JSON, ended by a newline. Amounts are strings, so that cents stay exact."""
    return resultat.model_dump_json(indent=2) + "\n"
