"""The examples of the documentation. They are situations that run: a test posts every one of them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

_DOSSIER = Path(__file__).parent / "exemples"

#: The file of each example, and what it shows.
SITUATIONS = {
    "generaliste": "Une généraliste signe en 2026 pour un temps plein",
    "contrat-en-cours": "Un mi-temps de 2020, objectifs notifiés et résultats constatés",
    "groupe": "Une SCM de quatre médecins demande l’aide collective",
}
FIGURE = "annees.3.montant_prevu"


@cache
def situation(nom: str) -> dict[str, Any]:
    """A situation, by the name of its example."""
    lue: dict[str, Any] = json.loads((_DOSSIER / f"{nom}.json").read_text(encoding="utf-8"))
    return lue


@cache
def jour(parametre: str) -> str:
    """A day for a parameter of an address."""
    jours: dict[str, str] = json.loads((_DOSSIER / "parametres.json").read_text(encoding="utf-8"))
    return jours[parametre]


@cache
def lot() -> str:
    """The examples as a batch, one by line."""
    return "".join(json.dumps(situation(nom), ensure_ascii=False) + "\n" for nom in SITUATIONS)
