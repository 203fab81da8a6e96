"""A provider that listens on this machine and answers as ProConnect and Pro Santé Connect do.

ProConnect answers the user information as a signed token, without `email_verified`; Pro Santé Connect in JSON.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

CLIENT, SECRET = "binome", "secret-des-tests-de-plus-de-trente-deux-signes"
#: A key that the provider never published.
CLE_ETRANGERE = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Provider:
    """The provider's address, and how it signs its next answers: None for JSON."""

    def __init__(self, adresse: str) -> None:
        self.adresse = adresse
        self.signature: str | None = None
        self.secret: Any = SECRET
        self.dit_en_plus: dict[str, Any] = {}

    def signer(self, dit: dict[str, Any], storage: Any) -> str:
        """The user information as a token."""
        maintenant = int(time.time())
        corps = {"iss": self.adresse, "aud": CLIENT, "iat": maintenant, "exp": maintenant + 60, **dit}
        corps |= self.dit_en_plus
        if self.signature == "RS256":
            publiee = storage.jwk.as_dict(is_private=True)
            cle = jwt.PyJWK(publiee, algorithm="RS256").key if self.secret == SECRET else self.secret
            return jwt.encode(corps, cle, algorithm="RS256", headers={"kid": publiee["kid"]})
        return jwt.encode(corps, self.secret, algorithm=self.signature)

    def se_connecter(self, nom: str, sub: str, client: Client | None = None, **dit: Any) -> tuple[Client, HttpResponse]:
        """The whole dance: our page, the provider's, and back."""
        httpx.put(f"{self.adresse}/users/{sub}", json={"sub": sub, **dit}).raise_for_status()
        client = client or Client()
        depart = client.post(reverse("openid_connect_login", args=[nom]))
        assert depart.status_code == 302, depart.content[:300]
        retour = httpx.post(depart["Location"], data={"sub": sub})
        assert retour.status_code in {302, 303}, retour.text[:500]
        adresse = httpx.URL(retour.headers["location"])
        return client, client.get(f"{adresse.path}?{adresse.query.decode()}", follow=True)


@contextmanager
def en_marche() -> Iterator[Provider]:
    """The provider, listening."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import flask
        import oidc_provider_mock._app as mock
        from oidc_provider_mock._server import _threaded_server

        app = mock.app(require_nonce=True)
        mock.Client.SCOPES_SUPPORTED = (*mock.Client.SCOPES_SUPPORTED, "given_name", "usual_name", "scope_all")
        json = app.view_functions["oidc-provider-mock.userinfo"]

        def userinfo() -> Any:
            reponse = app.make_response(json())
            if provider.signature is None or reponse.status_code != 200:
                return reponse
            jeton = provider.signer(reponse.get_json(), flask.g.oidc_provider_mock_storage)
            return flask.Response(jeton, content_type="application/jwt; charset=utf-8")

        app.view_functions["oidc-provider-mock.userinfo"] = userinfo
        with _threaded_server(app=app) as serveur:
            provider = Provider(f"http://localhost:{serveur.server_port}")
            yield provider
