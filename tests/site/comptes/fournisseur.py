"""A provider that listens on this machine and answers as ProConnect and Pro Santé Connect do.

ProConnect answers the user information as a signed token, without `email_verified`; Pro Santé Connect in JSON.
"""

from __future__ import annotations

import html
import re
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

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
        #: Addresses to which it comes back once its session is closed: others are refused.
        self.retours: set[str] = {"http://testserver/comptes/oidc/proconnect/logout/callback/"}
        self.fermees: list[str] = []

    def signer(self, dit: dict[str, Any], storage: Any) -> str:
        """The user information as a token."""
        maintenant = int(time.time())
        corps = {"iss": self.adresse, "aud": CLIENT, "iat": maintenant, "exp": maintenant + 60, **dit}
        corps |= self.dit_en_plus
        if self.signature == "RS256":
            # The lock holds two releases of the provider (from Python 3.12 on, another): each has its own word.
            publiee = storage.jwk.as_dict(is_private=True, private=True)
            cle = jwt.PyJWK(publiee, algorithm="RS256").key if self.secret == SECRET else self.secret
            return jwt.encode(corps, cle, algorithm="RS256", headers={"kid": publiee["kid"]})
        return jwt.encode(corps, self.secret, algorithm=self.signature)

    def se_connecter(self, nom: str, sub: str, client: Client | None = None, **dit: Any) -> tuple[Client, HttpResponse]:
        """The whole dance: our page, the provider's, and back."""
        httpx.put(f"{self.adresse}/users/{sub}", json={"sub": sub, **dit}).raise_for_status()
        client = client or Client()
        depart = client.post(reverse("openid_connect_login", args=[nom]))
        retour = httpx.post(suite_de(depart), data={"sub": sub})
        assert retour.status_code in {302, 303}, retour.text[:500]
        adresse = httpx.URL(retour.headers["location"])
        return client, client.get(f"{adresse.path}?{adresse.query.decode()}", follow=True)

    def fermer(self, champs: dict[str, str], storage: Any) -> str:
        """Close a session, as ProConnect does: it wants its own token back, a long state, and an address it knows.

        Where it comes back to. Raises ValueError.
        """
        dit = jwt.decode(
            champs.get("id_token_hint", ""),
            jwt.PyJWK(storage.jwk.as_dict(), algorithm="RS256").key,
            algorithms=["RS256"],
            audience=CLIENT,
            options={"verify_exp": False},
        )
        retour = champs.get("post_logout_redirect_uri", "")
        if len(champs.get("state", "")) < 32 or retour not in self.retours:
            raise ValueError(retour)
        self.fermees.append(dit["sub"])
        return f"{retour}?{urlencode({'state': champs['state']})}"


def suite_de(page: HttpResponse) -> str:
    """Where a page of ours leads at once."""
    assert page.status_code == 200, page.content[:300]
    trouve = re.search(r'<meta http-equiv="refresh" content="0;url=([^"]+)"', page.content.decode())
    assert trouve is not None
    return html.unescape(trouve[1])


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

        def end_session() -> Any:
            try:
                return flask.redirect(
                    provider.fermer(flask.request.values.to_dict(), flask.g.oidc_provider_mock_storage), 303
                )
            except (ValueError, jwt.PyJWTError):
                return flask.Response("refusé", 400)

        app.view_functions["oidc-provider-mock.userinfo"] = userinfo
        app.view_functions["oidc-provider-mock.end_session"] = end_session
        with _threaded_server(app=app) as serveur:
            provider = Provider(f"http://localhost:{serveur.server_port}")
            yield provider
