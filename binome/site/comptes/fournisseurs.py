"""OpenID Connect providers, read from the environment: Pro Santé Connect for doctors, ProConnect for agents."""

from __future__ import annotations

from typing import Any

import environ

#: Provider, and its name on the page.
FOURNISSEURS = {"pro-sante-connect": "Pro Santé Connect", "proconnect": "ProConnect"}


def fournisseurs_oidc(env: environ.Env) -> list[dict[str, Any]]:
    """The providers whose address and client were given: BINOME_OIDC_<NOM>_ADRESSE, _CLIENT and _SECRET."""
    trouves = []
    for nom, libelle in FOURNISSEURS.items():
        prefixe = f"BINOME_OIDC_{nom.replace('-', '_').upper()}"
        adresse = env.str(f"{prefixe}_ADRESSE", default="")
        if adresse:
            trouves.append(
                {
                    "provider_id": nom,
                    "name": libelle,
                    "client_id": env.str(f"{prefixe}_CLIENT"),
                    "secret": env.str(f"{prefixe}_SECRET"),
                    "settings": {
                        "server_url": adresse,
                        "token_auth_method": env.str(f"{prefixe}_METHODE", default="client_secret_post"),
                    },
                }
            )
    return trouves
