"""Accounts that enter with a password, whose address is proved."""

from __future__ import annotations

from django.core import mail
from django.core.mail import EmailMessage
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from binome.dossiers.echanges import boite_d_envoi
from binome.dossiers.models import Courriel, Utilisateur

MOT_DE_PASSE = "une-phrase-assez-longue"


def avec_mot_de_passe(utilisateur: Utilisateur, *, prouvee: bool = True) -> Utilisateur:
    """The account, with a password and an address that counts."""
    utilisateur.set_password(MOT_DE_PASSE)
    utilisateur.save()
    if prouvee:
        utilisateur.prouver_adresse()
    return utilisateur


def entrer(client: Client, courriel: str, mot_de_passe: str = MOT_DE_PASSE, **entetes: str) -> HttpResponse:
    """What the log-in page answers."""
    champs = {"login": courriel, "password": mot_de_passe}
    return client.post(reverse("account_login"), champs, **entetes)


def connecte(client: Client) -> bool:
    """True where somebody is logged in."""
    return "_auth_user_id" in client.session


def reauthentifie(client: Client, mot_de_passe: str = MOT_DE_PASSE) -> None:
    """Give one's password again."""
    client.post(reverse("account_reauthenticate"), {"password": mot_de_passe})


def courriels() -> list[EmailMessage]:
    """What left, once the outbox is emptied."""
    boite_d_envoi.vider_la_boite()
    sortis: list[EmailMessage] = mail.outbox
    return sortis


def oublier_les_courriels() -> None:
    """Nothing left, and nothing waits."""
    Courriel.objects.all().delete()
    mail.outbox.clear()
