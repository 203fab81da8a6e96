"""What happens to an account: written in the journal, and what follows from it."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as comptes
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa import signals as facteurs
from allauth.socialaccount import signals as identites
from django.contrib.auth import signals as django_auth
from django.db.models.signals import post_delete, post_save, pre_save
from django.dispatch import receiver
from django.http import HttpRequest

from binome.dossiers.models import Affectation, Utilisateur
from binome.site.comptes.essais import reconnaitre
from binome.site.comptes.journal import Quoi, noter
from binome.site.comptes.oidc.views import oublier_la_sortie
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
    if not any(m["method"] == "socialaccount" for m in get_authentication_records(request, user)):
        oublier_la_sortie(request)
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


#: The boxes of an account that open the administration.
DROITS = ("is_staff", "is_superuser")


@receiver(pre_save, sender=Utilisateur)
@receiver(pre_save, sender=Affectation)
def etat_d_avant(instance: Any, **champs: Any) -> None:
    """What the row was before it is saved."""
    del champs
    instance.avant = type(instance).objects.filter(pk=instance.pk).first() if instance.pk else None


@receiver(post_save, sender=Utilisateur)
def compte_enregistre(instance: Any, raw: bool = False, **champs: Any) -> None:
    """What an account may do is written, and a closed one has no session left: reopened, it is entered by its door."""
    del champs
    avant = instance.avant
    if raw:
        return
    if avant is None:
        _noter(Quoi.COMPTE_OUVERT, instance)
    elif avant.is_active != instance.is_active:
        if not instance.is_active:
            fermer_les_sessions(instance)
        _noter(Quoi.COMPTE_ROUVERT if instance.is_active else Quoi.COMPTE_FERME, instance)
    for droit in DROITS:
        donne = getattr(instance, droit)
        if donne != (avant is not None and getattr(avant, droit)):
            libelle = str(Utilisateur._meta.get_field(droit).verbose_name)  # type: ignore[union-attr]
            _noter(Quoi.DROIT_DONNE if donne else Quoi.DROIT_RETIRE, instance, libelle)


@receiver(post_save, sender=Affectation)
def role_enregistre(instance: Any, raw: bool = False, **champs: Any) -> None:
    """A role that is given, changed or withdrawn is written, with the fund or the file that it opens."""
    del champs
    avant, apres = _portee(instance.avant), _portee(instance)
    if raw or avant == apres:
        return
    if avant and apres and instance.avant.utilisateur_id == instance.utilisateur_id:
        _noter(Quoi.ROLE_CHANGE, instance.utilisateur, f"{avant} → {apres}")
        return
    if avant:
        _noter(Quoi.ROLE_RETIRE, instance.avant.utilisateur, avant)
    if apres:
        _noter(Quoi.ROLE_DONNE, instance.utilisateur, apres)


@receiver(post_delete, sender=Affectation)
def role_efface(instance: Affectation, **champs: Any) -> None:
    """Nobody deletes a role from the site; done otherwise, it is withdrawn."""
    del champs
    if portee := _portee(instance):
        _noter(Quoi.ROLE_RETIRE, instance.utilisateur, portee)


def _portee(affectation: Affectation | None) -> str:
    """What a role opens, in words, without the name of a doctor; nothing when it opens nothing."""
    if affectation is None or not affectation.active:
        return ""
    fiche = f", fiche {affectation.medecin_id}" if affectation.medecin_id else ""
    secteur = f", secteur {affectation.secteur_dam}" if affectation.secteur_dam else ""
    return f"{affectation}{fiche}{secteur}"


def _noter(quoi: Quoi, compte: Utilisateur, detail: str = "") -> None:
    """Write it, with who did it: whoever is logged in, a provider that answers for somebody, or a command."""
    requete = context.request
    if requete is None:
        noter(quoi, None, compte, moyen="commande", detail=detail)
        return
    auteur = requete.user if requete.user.is_authenticated else None
    fournisseur = "" if requete.resolver_match is None else requete.resolver_match.kwargs.get("provider_id", "")
    noter(quoi, requete, compte, auteur=auteur, moyen="" if auteur else fournisseur, detail=detail)
