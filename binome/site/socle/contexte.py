"""What every template may use."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest

from binome.dossiers.echanges.boite_d_envoi import serveur_regle
from binome.simulation import version_de

#: What HTMX swaps, by status: a refused form is shown, an error is not; no style or script is written by the library.
REGLAGES_HTMX = json.dumps(
    {
        "includeIndicatorStyles": False,
        "allowEval": False,
        "historyCacheSize": 0,
        "responseHandling": [
            {"code": "204", "swap": False},
            {"code": "[23]..", "swap": True},
            {"code": "422", "swap": True},
            {"code": "[45]..", "swap": False, "error": True},
        ],
    }
)


def du_site(requete: HttpRequest) -> dict[str, Any]:
    """The version, for the foot of the pages, HTMX's settings, and whether an e-mail leaves or waits."""
    del requete
    return {
        "version_binome": version_de("binome"),
        "reglages_htmx": REGLAGES_HTMX,
        "courriels_partent": serveur_regle(),
    }
