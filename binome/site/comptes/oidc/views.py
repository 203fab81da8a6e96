"""The dialogue with a provider: the user information may be a signed token, whose signature is checked."""

from __future__ import annotations

import json
from typing import Any

import jwt
from allauth.account.internal.decorators import login_not_required
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import Http404, HttpRequest, HttpResponse

#: Signatures admitted: with the client's secret, or with a key that the provider publishes.
PAR_SECRET = ("HS256", "HS384", "HS512")
PAR_CLE = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
#: Seconds by which two clocks may differ.
ECART_DES_HORLOGES = 30


class Dialogue(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """Allauth's dialogue; the user information is also read when it is signed, and must be of the same person."""

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any) -> Any:
        """The identity. Raises OAuth2Error when the two answers are not of one person."""
        connexion = super().complete_login(request, app, token, **kwargs)
        dit = connexion.account.extra_data
        if "id_token" not in dit or dit["id_token"].get("sub") != dit.get("userinfo", {}).get("sub"):
            raise OAuth2Error("userinfo : « sub » n'est pas celui du jeton d'identité")
        return connexion

    def _fetch_user_info(self, access_token: str) -> dict[str, Any]:
        with get_adapter().get_requests_session() as session:
            reponse = session.get(self.profile_url, headers={"Authorization": f"Bearer {access_token}"})
            reponse.raise_for_status()
            if reponse.headers.get("Content-Type", "").partition(";")[0].strip().lower() != "application/jwt":
                dit: dict[str, Any] = reponse.json()
                return dit
            return self._lire_signe(reponse.text.strip(), session)

    def _lire_signe(self, jeton: str, session: Any) -> dict[str, Any]:
        """The claims of a signed answer. Raises OAuth2Error unless the provider signed it, for us, and it holds."""
        app = self.get_provider().app
        try:
            entete = jwt.get_unverified_header(jeton)
            methode = entete.get("alg")
            if methode in PAR_SECRET:
                cle: Any = app.secret
            elif methode in PAR_CLE:
                cle = self._cle_publiee(entete.get("kid"), methode, session)
            else:
                raise OAuth2Error(f"userinfo : signature « {methode} » non admise")
            dit: dict[str, Any] = jwt.decode(
                jeton,
                cle,
                algorithms=[methode],
                audience=app.client_id,
                leeway=ECART_DES_HORLOGES,
                options={"require": ["aud", "sub"], "verify_iss": False},
            )
        except (jwt.PyJWTError, KeyError) as erreur:
            raise OAuth2Error(f"userinfo : jeton refusé ({type(erreur).__name__})") from erreur
        # Said or not, as the provider likes; said, it must be this one.
        if dit.get("iss", self.openid_config["issuer"]) != self.openid_config["issuer"]:
            raise OAuth2Error("userinfo : jeton d'un autre émetteur")
        return dit

    def _cle_publiee(self, kid: str | None, methode: str, session: Any) -> Any:
        """The public key of that name, for that signature only. Raises OAuth2Error."""
        reponse = session.get(self.openid_config["jwks_uri"])
        reponse.raise_for_status()
        cles = [cle for cle in reponse.json().get("keys", []) if cle.get("use", "sig") == "sig"]
        trouvees = [cle for cle in cles if cle.get("kid") == kid] if kid else cles
        if len(trouvees) != 1 or trouvees[0].get("alg", methode) != methode:
            raise OAuth2Error("userinfo : clé de signature inconnue")
        return jwt.PyJWK.from_json(json.dumps(trouvees[0]), algorithm=methode).key


@login_not_required  # type: ignore[untyped-decorator]
def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Leave for the provider."""
    return _vue(OAuth2LoginView, request, provider_id)


@login_not_required  # type: ignore[untyped-decorator]
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Come back from it."""
    return _vue(OAuth2CallbackView, request, provider_id)


def _vue(vue: Any, request: HttpRequest, provider_id: str) -> HttpResponse:
    try:
        reponse: HttpResponse = vue.adapter_view(Dialogue(request, provider_id))(request)
    except SocialApp.DoesNotExist as erreur:
        raise Http404 from erreur
    return reponse
