"""What every template may use."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from binome.simulation.moteur.systeme import version_de


def du_site(requete: HttpRequest) -> dict[str, Any]:
    """The version, for the foot of the pages."""
    del requete
    return {"version_binome": version_de("binome")}
