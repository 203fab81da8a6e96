"""The dialogue with a provider: the user information may be a signed token, whose signature is checked."""

from __future__ import annotations

import json
import logging
from typing import Any
from urllib.parse import urlencode

import jwt
import requests
from allauth.account.internal.decorators import login_not_required
from allauth.account.views import LogoutView
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.utils import build_absolute_uri
from cryptography.fernet import InvalidToken
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.views.decorators.http import require_safe

from binome.dossiers.chiffrement import coffre
from binome.site.comptes.fournisseurs import LONGUEUR_ALEA

journal = logging.getLogger("binome.comptes")

#: Signatures admitted: with the client's secret, or with a key that the provider publishes.
PAR_SECRET = ("HS256", "HS384", "HS512")
PAR_CLE = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
#: Seconds by which two clocks may differ.
ECART_DES_HORLOGES = 30
#: What is signed and kept to leave a provider, and how long one takes to come back from it (seconds).
SORTIE, DUREE_DE_SORTIE = "binome.comptes.sortie", 600


class Dialogue(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """Allauth's dialogue; the user information is also read when it is signed, and must be of the same person."""

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any) -> Any:
        """The identity. Raises OAuth2Error when the two answers are not of one person."""
        connexion = super().complete_login(request, app, token, **kwargs)
        dit = connexion.account.extra_data
        garder_pour_la_sortie(request, self.provider_id, str(kwargs["response"].get("id_token") or ""))
        if "id_token" not in dit or dit["id_token"].get("sub") != dit.get("userinfo", {}).get("sub"):
            raise OAuth2Error("userinfo : « sub » n'est pas celui du jeton d'identité")
        return connexion

    def adresse_de_sortie(self, jeton: str) -> str:
        """Where the provider closes this identity, to come back here then; empty where it has no such page."""
        sortie = self.openid_config.get("end_session_endpoint")
        if not sortie:
            return ""
        retour = reverse("openid_connect_logged_out", args=[self.provider_id])
        champs = {
            "id_token_hint": jeton,
            "state": signing.dumps(get_random_string(LONGUEUR_ALEA), salt=SORTIE),
            "post_logout_redirect_uri": build_absolute_uri(self.request, retour),
        }
        return f"{sortie}{'&' if '?' in sortie else '?'}{urlencode(champs)}"

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


def garder_pour_la_sortie(request: HttpRequest, fournisseur: str, jeton: str) -> None:
    """Keep, encrypted in the session, the token that the provider wants back when its session is to be closed."""
    request.session[SORTIE] = [fournisseur, coffre(SORTIE).encrypt(jeton.encode()).decode()]


def oublier_la_sortie(request: HttpRequest) -> None:
    """Whoever entered otherwise leaves this site alone."""
    request.session.pop(SORTIE, None)


def sortie_du_fournisseur(request: HttpRequest) -> tuple[str, str] | None:
    """The provider by which this session was opened, and where it closes its own; None where there is none to close."""
    if not (garde := request.session.get(SORTIE)):
        return None
    try:
        dialogue = Dialogue(request, garde[0])
        adresse = dialogue.adresse_de_sortie(coffre(SORTIE).decrypt(garde[1]).decode())
    except (SocialApp.DoesNotExist, InvalidToken, requests.RequestException):
        # One leaves this site whatever happens to the other.
        journal.warning("le fournisseur d'identité ne ferme pas sa session", exc_info=True)
        return None
    return (dialogue.get_provider().app.name, adresse) if adresse else None


def vers_le_fournisseur(request: HttpRequest, nom: str, adresse: str, status: int = 200) -> HttpResponse:
    """A page that leads to a provider at once."""
    contexte = {"nom": nom, "adresse": adresse, "rubrique": "compte"}
    return render(request, "comptes/vers_le_fournisseur.html", contexte, status=status)


class Sortie(LogoutView):  # type: ignore[misc]
    """Leave this site, then the provider by which one entered."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Leave."""
        suite = sortie_du_fournisseur(self.request)
        reponse: HttpResponse = super().post(*args, **kwargs)
        return reponse if suite is None else vers_le_fournisseur(self.request, *suite)


@require_safe
@login_not_required  # type: ignore[untyped-decorator]
def sorti(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from the provider, whose session is closed: said only to whoever left from here, lately."""
    try:
        signing.loads(request.GET.get("state", ""), salt=SORTIE, max_age=DUREE_DE_SORTIE)
        fournisseur = Dialogue(request, provider_id).get_provider().app.name
    except (signing.BadSignature, SocialApp.DoesNotExist):
        return redirect("/")
    return render(request, "comptes/sorti.html", {"nom": fournisseur, "rubrique": "compte"})


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
