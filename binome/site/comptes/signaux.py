"""What happens to an account: written in the journal, and what follows from it."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as comptes
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa import signals as facteurs
from allauth.socialaccount import signals as identites
from django.contrib.auth import signals as django_auth
from django.db.models.signals import post_save, pre_save
from django.dispatch import receiver
from django.http import HttpRequest

from binome.dossiers.models import Utilisateur
from binome.site.comptes.essais import reconnaitre
from binome.site.comptes.journal import Quoi, noter
from binome.site.comptes.sessions import fermer_les_sessions, marquer


@receiver(django_auth.user_logged_in)
def session_ouverte(request: HttpRequest, **champs: Any) -> None:
    """A session opens: it is dated."""
    del champs
    marquer(request)


@receiver(comptes.user_logged_in)
def entree(request: HttpRequest, user: Utilisateur, response: Any = None, **champs: Any) -> None:
    """Somebody entered, with all that was asked."""
    del champs
    moyens = [str(m.get("type") or m.get("provider") or m["method"]) for m in get_authentication_records(request, user)]
    noter(Quoi.ENTREE, request, user, moyen=" + ".join(dict.fromkeys(moyens)))
    if response is not None:
        reconnaitre(request, response, user.email)


@receiver(django_auth.user_logged_out)
def sortie(request: HttpRequest, user: Utilisateur | None, **champs: Any) -> None:
    """Somebody left."""
    del champs
    if user is not None:
        noter(Quoi.SORTIE, request, user)


@receiver(comptes.password_reset)
def mot_de_passe_par_courriel(request: HttpRequest, user: Utilisateur, **champs: Any) -> None:
    """A password was set by the link sent to the address: whoever opened it has shown that the address is theirs."""
    del champs
    user.prouver_adresse()
    fermer_les_sessions(user)
    noter(Quoi.MOT_DE_PASSE_CHANGE, request, user, moyen="courriel")


@receiver(comptes.password_changed)
@receiver(comptes.password_set)
def mot_de_passe(request: HttpRequest, user: Utilisateur, **champs: Any) -> None:
    """A password was changed by whoever is in the account."""
    del champs
    noter(Quoi.MOT_DE_PASSE_CHANGE, request, user)


@receiver(comptes.email_changed)
def adresse(request: HttpRequest, user: Utilisateur, from_email_address: Any = None, **champs: Any) -> None:
    """An address was proved, and took the place of another."""
    del champs
    ancienne = "" if from_email_address is None else f"auparavant {from_email_address.email}"
    noter(Quoi.ADRESSE_CHANGEE, request, user, detail=ancienne)


@receiver(facteurs.authenticator_added)
def facteur_ajoute(request: HttpRequest, user: Utilisateur, authenticator: Any, **champs: Any) -> None:
    """A factor was added."""
    del champs
    noter(Quoi.FACTEUR_AJOUTE, request, user, moyen=authenticator.type)


@receiver(facteurs.authenticator_removed)
def facteur_retire(request: HttpRequest, user: Utilisateur, authenticator: Any, **champs: Any) -> None:
    """A factor was removed."""
    del champs
    noter(Quoi.FACTEUR_RETIRE, request, user, moyen=authenticator.type)


@receiver(facteurs.authenticator_reset)
def codes_refaits(request: HttpRequest, user: Utilisateur, **champs: Any) -> None:
    """The recovery codes were drawn again."""
    del champs
    noter(Quoi.CODES_REFAITS, request, user)


@receiver(facteurs.authentication_failed)
def code_faux(request: HttpRequest, user: Utilisateur, authenticator: Any, **champs: Any) -> None:
    """A code was refused."""
    del champs
    noter(Quoi.CODE_FAUX, request, user, moyen=authenticator.type)


@receiver(identites.social_account_added)
def identite_liee(request: HttpRequest, sociallogin: Any, **champs: Any) -> None:
    """An identity was tied to an account."""
    del champs
    noter(Quoi.IDENTITE_LIEE, request, sociallogin.user, moyen=sociallogin.account.provider)


@receiver(pre_save, sender=Utilisateur)
def ouverture_d_avant(instance: Utilisateur, **champs: Any) -> None:
    """What the account was before it is saved: closed, or open."""
    del champs
    ancien = Utilisateur.objects.filter(pk=instance.pk).values_list("is_active", flat=True).first()
    instance.etait_ouvert = instance.is_active if ancien is None else ancien  # type: ignore[attr-defined]


@receiver(post_save, sender=Utilisateur)
def fermeture(instance: Utilisateur, **champs: Any) -> None:
    """A closed account has no session left: reopened, it is entered again by its door."""
    del champs
    if instance.is_active == instance.etait_ouvert:  # type: ignore[attr-defined]
        return
    if not instance.is_active:
        fermer_les_sessions(instance)
    noter(Quoi.COMPTE_ROUVERT if instance.is_active else Quoi.COMPTE_FERME, None, instance)
