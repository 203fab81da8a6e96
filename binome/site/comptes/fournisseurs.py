"""OpenID Connect providers, read from the environment: Pro Santé Connect for doctors, ProConnect for agents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import environ

PRO_SANTE_CONNECT = "pro-sante-connect"
PRO_CONNECT = "proconnect"


@dataclass(frozen=True)
class Fournisseur:
    """What a provider is called, and what it wants to be asked for: each refuses the scopes it does not know."""

    libelle: str
    portee: tuple[str, ...]


FOURNISSEURS = {
    PRO_SANTE_CONNECT: Fournisseur("Pro Santé Connect", ("openid", "scope_all")),
    PRO_CONNECT: Fournisseur("ProConnect", ("openid", "given_name", "usual_name", "email", "uid", "siret", "idp_id")),
}
#: Signs of a `nonce` and of a `state`: both ask for 32 at least.
LONGUEUR_ALEA = 43
#: The level of guarantee asked of both.
GARANTIE = "eidas1"


def application(
    nom: str, adresse: str, client: str, secret: str, methode: str = "client_secret_post"
) -> dict[str, Any]:
    """A provider as allauth's settings write it."""
    fournisseur = FOURNISSEURS[nom]
    return {
        "provider_id": nom,
        "name": fournisseur.libelle,
        "client_id": client,
        "secret": secret,
        "settings": {
            "server_url": adresse,
            "token_auth_method": methode,
            "scope": list(fournisseur.portee),
            "auth_params": {"acr_values": GARANTIE},
        },
    }


def fournisseurs_oidc(env: environ.Env) -> list[dict[str, Any]]:
    """The providers whose address and client were given: BINOME_OIDC_<NOM>_ADRESSE, _CLIENT and _SECRET."""
    trouves = []
    for nom in FOURNISSEURS:
        prefixe = f"BINOME_OIDC_{nom.replace('-', '_').upper()}"
        adresse = env.str(f"{prefixe}_ADRESSE", default="")
        if adresse:
            trouves.append(
                application(
                    nom,
                    adresse,
                    env.str(f"{prefixe}_CLIENT"),
                    env.str(f"{prefixe}_SECRET"),
                    env.str(f"{prefixe}_METHODE", default="client_secret_post"),
                )
            )
    return trouves
