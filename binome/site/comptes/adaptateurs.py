"""How allauth is used here: nobody opens an account by themselves, and OpenID Connect finds the right one."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest
from django.shortcuts import render

from binome.dossiers.models import Affectation, Medecin, Utilisateur
from binome.dossiers.nomenclatures import Role

#: Claims that hold the national number of a health professional (Pro Santé Connect).
CHAMPS_RPPS = ("SubjectNameID", "rpps", "preferred_username")


class Comptes(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are opened by an administrator, or by the fund for its doctors."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never from the site."""
        del request
        return False


class ComptesOIDC(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """A first log-in is tied to the account that a fund or an administrator prepared."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never from the site."""
        del request, sociallogin
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Tie the identity to an account: a doctor by their RPPS, an agent by their verified address."""
        if sociallogin.is_existing:
            return
        donnees = sociallogin.account.extra_data or {}
        utilisateur = self._medecin(sociallogin, donnees) or self._agent(sociallogin, donnees)
        if utilisateur is None:
            raise ImmediateHttpResponse(render(request, "comptes/inconnu.html", status=403))
        sociallogin.connect(request, utilisateur)

    def _medecin(self, sociallogin: Any, donnees: dict[str, Any]) -> Utilisateur | None:
        if sociallogin.account.provider != "pro-sante-connect":
            return None
        dit = donnees.get("userinfo", donnees)
        rpps = next((str(dit[champ]) for champ in CHAMPS_RPPS if dit.get(champ)), "")
        # Pro Santé Connect writes the kind of number before it: « 8 » for an RPPS.
        rpps = rpps.removeprefix("8") if len(rpps) == LONGUEUR_AVEC_TYPE else rpps
        medecins = list(Medecin.objects.filter(rpps=rpps, anonymise_le=None)) if rpps else []
        if not medecins:
            return None
        existante = Affectation.objects.filter(medecin__in=medecins, role=Role.MEDECIN, active=True).first()
        if existante is not None:
            return existante.utilisateur
        utilisateur = Utilisateur.objects.create_user(f"{rpps}@pro-sante-connect.invalid", nom=str(medecins[0]))
        for medecin in medecins:
            Affectation.objects.create(utilisateur=utilisateur, role=Role.MEDECIN, medecin=medecin)
        return utilisateur

    def _agent(self, sociallogin: Any, donnees: dict[str, Any]) -> Utilisateur | None:
        dit = donnees.get("userinfo", donnees)
        if sociallogin.account.provider != "proconnect" or not dit.get("email_verified"):
            return None
        courriel = str(dit.get("email", "")).lower()
        return Utilisateur.objects.filter(email=courriel, is_active=True).first() if courriel else None


#: Eleven digits of the RPPS, and the digit of its kind.
LONGUEUR_AVEC_TYPE = 12
