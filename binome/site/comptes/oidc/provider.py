"""The provider, as allauth looks for it in an application."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import get_random_string

from binome.site.comptes.fournisseurs import LONGUEUR_ALEA
from binome.site.comptes.oidc.views import Dialogue, vers_le_fournisseur


class Fournisseur(OpenIDConnectProvider):  # type: ignore[misc]
    """A provider whose answer is tied to this log-in by a `nonce`, kept with the state."""

    oauth2_adapter_class = Dialogue

    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: Any = None, **kwargs: Any
    ) -> HttpResponse:
        """Leave for the provider: by a page, since a browser lets no form lead out of this site (« form-action »),
        not even by a redirection, and providers redirect to others."""
        alea = get_random_string(LONGUEUR_ALEA)
        parametres = {**(kwargs.pop("auth_params", None) or self.get_auth_params()), "nonce": alea}
        reponse: HttpResponse = super().redirect(
            request, process, next_url, data, auth_params=parametres, nonce=alea, **kwargs
        )
        return vers_le_fournisseur(request, self.app.name, reponse["Location"], 200)

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        """What the settings ask for; the address cannot ask for more."""
        del request
        return list(self.get_scope())

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, Any]:
        """What the settings say; the address cannot say otherwise."""
        del request, action
        return dict(self.get_auth_params())


provider_classes = [Fournisseur]
