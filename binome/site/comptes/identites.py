"""From an identity that a provider vouches for to the account it opens: what was withdrawn stays withdrawn.

A doctor is known by their RPPS, an agent by the address that their administration vouches for. Once tied to an account,
an identity stays tied to it: another for the same person opens nothing until an administrator unties the first.
"""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from binome.dossiers.models import Affectation, Medecin, Utilisateur
from binome.dossiers.nomenclatures import Role
from binome.site.comptes.fournisseurs import PRO_CONNECT, PRO_SANTE_CONNECT

#: Claims that hold the national number of a health professional (Pro Santé Connect).
CHAMPS_RPPS = ("SubjectNameID", "rpps", "preferred_username")
#: Eleven digits of the RPPS, and the digit of its kind.
LONGUEUR_AVEC_TYPE = 12
#: Where an account opened by Pro Santé Connect has no address of its own: nothing is ever sent there.
SANS_ADRESSE = "pro-sante-connect.invalid"


class IdentiteRefusee(Exception):
    """An identity that opens no account, and why: the name of a reason that the page explains."""

    INCONNUE = "inconnue"
    RETIREE = "retiree"
    AUTRE = "autre"
    A_PROUVER = "a_prouver"
    NON_VERIFIEE = "non_verifiee"
    DEMANDE = "demande"

    def __init__(self, raison: str, utilisateur: Utilisateur | None = None) -> None:
        super().__init__(raison)
        self.raison = raison
        self.utilisateur = utilisateur


@transaction.atomic
def compte_de(fournisseur: str, uid: str, dit: dict[str, Any]) -> Utilisateur:
    """The account that an identity opens. Raises IdentiteRefusee."""
    if fournisseur == PRO_SANTE_CONNECT:
        return _du_medecin(uid, rpps_de(dit))
    if fournisseur == PRO_CONNECT:
        return _de_l_agent(uid, dit)
    raise IdentiteRefusee(IdentiteRefusee.INCONNUE)


def rpps_de(dit: dict[str, Any]) -> str:
    """The RPPS that Pro Santé Connect gives, without the digit of its kind (« 8 »); empty without one."""
    rpps = next((str(dit[champ]) for champ in CHAMPS_RPPS if dit.get(champ)), "")
    return rpps.removeprefix("8") if len(rpps) == LONGUEUR_AVEC_TYPE else rpps


def _du_medecin(uid: str, rpps: str) -> Utilisateur:
    # Locked: two first log-ins at once open one account.
    medecins = list(Medecin.objects.select_for_update().filter(rpps=rpps, anonymise_le=None).order_by("pk"))
    if not rpps or not medecins:
        raise IdentiteRefusee(IdentiteRefusee.INCONNUE)
    acces = list(
        Affectation.objects.filter(medecin__rpps=rpps, role=Role.MEDECIN).select_related("utilisateur").order_by("pk")
    )
    ouverts = [a for a in acces if a.active and a.utilisateur.is_active]
    if acces and not ouverts:
        raise IdentiteRefusee(IdentiteRefusee.RETIREE, acces[0].utilisateur)
    if not acces:
        courriel = f"{rpps}@{SANS_ADRESSE}"
        if (ancien := Utilisateur.objects.filter(email=courriel).first()) is not None:
            # Opened once, and left without a role: somebody took it away.
            raise IdentiteRefusee(IdentiteRefusee.RETIREE, ancien)
        utilisateur = Utilisateur.objects.create_user(courriel, nom=str(medecins[0]))
    else:
        utilisateur = _tenu_par(uid, [a.utilisateur for a in ouverts])
    _seule_identite(PRO_SANTE_CONNECT, uid, utilisateur)
    if len(ouverts) == len(acces):
        # A fund that added the doctor later; never where an access was withdrawn: an administrator decides.
        connus = {a.medecin_id for a in acces}
        for medecin in medecins:
            if medecin.pk not in connus:
                Affectation.objects.create(utilisateur=utilisateur, role=Role.MEDECIN, medecin=medecin)
    return utilisateur


def _tenu_par(uid: str, comptes: list[Utilisateur]) -> Utilisateur:
    """Of the accounts of one doctor, the one that this identity is tied to, or the first."""
    lie = SocialAccount.objects.filter(provider=PRO_SANTE_CONNECT, uid=uid).first()
    return next((compte for compte in comptes if lie is not None and compte.pk == lie.user_id), comptes[0])


def _de_l_agent(uid: str, dit: dict[str, Any]) -> Utilisateur:
    lie = SocialAccount.objects.filter(provider=PRO_CONNECT, uid=uid).select_related("user").first()
    if lie is not None:
        if not lie.user.is_active:
            raise IdentiteRefusee(IdentiteRefusee.RETIREE, lie.user)
        return lie.user  # type: ignore[no-any-return]
    if not adresse_verifiee(dit):
        raise IdentiteRefusee(IdentiteRefusee.NON_VERIFIEE)
    courriel = str(dit.get("email") or "").lower()
    utilisateur = Utilisateur.objects.select_for_update().filter(email=courriel).first() if courriel else None
    if utilisateur is None:
        raise IdentiteRefusee(IdentiteRefusee.INCONNUE)
    if not utilisateur.is_active:
        raise IdentiteRefusee(IdentiteRefusee.RETIREE, utilisateur)
    _seule_identite(PRO_CONNECT, uid, utilisateur)
    if not EmailAddress.objects.filter(user=utilisateur, email=courriel, verified=True).exists():
        if _deja_entre(utilisateur):
            # Whoever has been in may not be the one of that address: they prove it first, by themselves.
            raise IdentiteRefusee(IdentiteRefusee.A_PROUVER, utilisateur)
        utilisateur.prouver_adresse()
    return utilisateur


def adresse_verifiee(dit: dict[str, Any]) -> bool:
    """True unless the provider says otherwise: ProConnect says nothing, for it only gives addresses it vouches for.

    Said, it must be true, or the text « true »: any other text is not.
    """
    if "email_verified" not in dit:
        return True
    return dit["email_verified"] is True or dit["email_verified"] == "true"


def _deja_entre(utilisateur: Utilisateur) -> bool:
    return (
        utilisateur.has_usable_password()
        or utilisateur.last_login is not None
        or SocialAccount.objects.filter(user=utilisateur).exists()
    )


def _seule_identite(fournisseur: str, uid: str, utilisateur: Utilisateur) -> None:
    """One identity of a provider by account, one account by identity. Raises IdentiteRefusee."""
    liees = SocialAccount.objects.filter(provider=fournisseur)
    if (
        liees.filter(user=utilisateur).exclude(uid=uid).exists()
        or liees.filter(uid=uid).exclude(user=utilisateur).exists()
    ):
        raise IdentiteRefusee(IdentiteRefusee.AUTRE, utilisateur)
