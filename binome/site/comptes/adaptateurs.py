"""How allauth is used here: nobody opens an account by themselves; an identity finds the account prepared for it."""

from __future__ import annotations

import datetime
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib import messages
from django.contrib.sites.requests import RequestSite
from django.db import IntegrityError
from django.http import HttpRequest
from django.shortcuts import render
from django.utils.crypto import get_random_string

from binome.dossiers.echanges.boite_d_envoi import mettre_sous_pli
from binome.dossiers.models import Utilisateur
from binome.dossiers.models.adresse import valider_adresse
from binome.site.comptes.essais import Essai, TropDEssais
from binome.site.comptes.fournisseurs import LONGUEUR_ALEA
from binome.site.comptes.identites import SANS_ADRESSE, IdentiteRefusee, compte_de
from binome.site.comptes.journal import Quoi, noter, noter_attente


class Comptes(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are opened by an administrator, or by the fund for its doctors."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never from the site."""
        del request
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the try before it is judged. Raises TropDEssais."""
        courriel = str(credentials.get("email", ""))
        self._essai = Essai(request, courriel)
        try:
            self._essai.compter()
        except TropDEssais:
            noter_attente(request, courriel)
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Write that a password was refused."""
        noter(Quoi.MOT_DE_PASSE_FAUX, request, courriel=str(credentials.get("email", "")))

    def _rollback_login_failed_rl_usage(self) -> None:
        """The password was right: the try is given back."""
        self._essai.rendre()

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        """Nothing is wiped by a new password: a known browser, or five minutes, are enough."""

    def send_password_reset_mail(self, user: Utilisateur, email: str, context: dict[str, Any]) -> None:
        """The link that sets a password, and its line in the journal."""
        noter(Quoi.MOT_DE_PASSE_DEMANDE, self.request, user)
        super().send_password_reset_mail(user, email, context)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Every mail of the accounts goes to the outbox from here. An account without an address receives none."""
        if email.endswith(f"@{SANS_ADRESSE}"):
            return
        site = RequestSite(self.request)
        champs = {"request": self.request, "email": email, "current_site": site, **context}
        message = self.render_mail(template_prefix, email, champs)
        code = template_prefix.startswith("account/email/email_confirmation")
        valide = settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT if code else settings.PASSWORD_RESET_TIMEOUT
        mettre_sous_pli(email, str(message.subject), str(message.body), datetime.timedelta(seconds=valide))

    def clean_email(self, email: str) -> str:
        """An address that mails reach. Raises ValidationError."""
        valider_adresse(email)
        return email

    def send_confirmation_mail(self, request: HttpRequest, emailconfirmation: Any, signup: bool) -> None:
        """The code that proves an address; none where the address is another account's, and the page says the same."""
        adresse = emailconfirmation.email_address
        if not _prise(adresse):
            super().send_confirmation_mail(request, emailconfirmation, signup)

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """The address is proved, unless it became another account's meanwhile."""
        if _prise(email_address):
            self.add_message(request, messages.ERROR, message="Cette adresse ne peut pas être prise.")
            return False
        return bool(super().confirm_email(request, email_address))


def _prise(adresse: EmailAddress) -> bool:
    """True where an address is already another account's, proved or not."""
    return (
        Utilisateur.objects.filter(email=adresse.email).exclude(pk=adresse.user_id).exists()
        or EmailAddress.objects.filter(email=adresse.email).exclude(user=adresse.user_id).exists()
    )


class ComptesOIDC(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """A first log-in is tied to the account that a fund or an administrator prepared."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never from the site."""
        del request, sociallogin
        return False

    def generate_state_param(self, state: dict[str, Any]) -> str:
        """As long as the providers want it."""
        del state
        return get_random_string(LONGUEUR_ALEA)

    def on_authentication_error(self, request: HttpRequest, provider: Any, **champs: Any) -> None:
        """Write that a provider's answer was refused."""
        erreur = champs.get("exception") or champs.get("error") or ""
        detail = type(erreur).__name__ if isinstance(erreur, Exception) else str(erreur)
        noter(Quoi.IDENTITE_REFUSEE, request, moyen=provider.app.provider_id, detail=detail)

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Tie the identity to its account, or say why it opens none."""
        identite = sociallogin.account
        donnees = identite.extra_data or {}
        try:
            if sociallogin.state.get("process") not in (None, "login"):
                # An account is not given an identity by whoever is in it.
                raise IdentiteRefusee(IdentiteRefusee.DEMANDE)
            if donnees.get("id_token", {}).get("nonce") != sociallogin.state.get("nonce"):
                raise IdentiteRefusee(IdentiteRefusee.DEMANDE)
            utilisateur = compte_de(identite.provider, identite.uid, donnees.get("userinfo", {}))
            if not SocialAccount.objects.filter(provider=identite.provider, uid=identite.uid).exists():
                sociallogin.connect(request, utilisateur)
        except IdentiteRefusee as refus:
            noter(Quoi.IDENTITE_REFUSEE, request, refus.utilisateur, moyen=identite.provider, detail=refus.raison)
            raise _page_de_refus(request, refus.raison) from refus
        except IntegrityError as erreur:
            # Twice at once: the other one has it.
            raise _page_de_refus(request, IdentiteRefusee.DEMANDE) from erreur


def _page_de_refus(request: HttpRequest, raison: str) -> ImmediateHttpResponse:
    return ImmediateHttpResponse(render(request, "comptes/identite_refusee.html", {"raison": raison}, status=403))
