"""E-mails that do not leave: the agents' list, and what they do of one that was given up.

A mail of an account is of no fund: the fund of that account is told that it did not arrive; to whom, its head alone is.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from binome.dossiers.acteur import Acteur, reserver
from binome.dossiers.contrats.journal import tracer
from binome.dossiers.echanges.boite_d_envoi import faute_d_adresse
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Courriel, Utilisateur
from binome.dossiers.models.cloison import Cloisonnes
from binome.dossiers.nomenclatures import AGENTS, Role

REPRENNENT = (Role.GESTIONNAIRE, Role.RESPONSABLE)
#: What says whom an e-mail is for.
DE_QUI = ("contrat__medecin", "contrat__structure", "courrier__medecin")
#: Who reads the addresses of the fund's accounts.
REPOND_DES_COMPTES = (Role.RESPONSABLE,)


def en_echec(acteur: Acteur) -> Cloisonnes[Courriel]:
    """What was refused once and is tried again, and what was given up and nobody dealt with yet; the latter first."""
    refuses = Courriel.objects.visibles(acteur).filter(envoye_le=None, classe_le=None).exclude(erreur="")
    return refuses.select_related("contrat").order_by(F("abandonne_le").asc(nulls_last=True), "prochain_essai_le", "pk")


def de_comptes(acteur: Acteur) -> QuerySet[Courriel]:
    """The mails of this fund's accounts (its agents, its doctors) that were given up and nobody dealt with yet."""
    if acteur.role not in AGENTS or acteur.caisse_id is None:
        return Courriel.objects.none()
    siens = Q(affectations__caisse=acteur.caisse_id) | Q(affectations__medecin__caisse=acteur.caisse_id)
    adresses = Utilisateur.objects.filter(siens, is_active=True, affectations__active=True).values("email")
    return abandonnes_de_comptes().filter(destinataire__in=adresses)


def abandonnes_de_comptes() -> QuerySet[Courriel]:
    """The same, of every account."""
    return Courriel.objects.filter(confidentiel=True, abandonne_le__isnull=False, classe_le=None).order_by("-pk")


def adresse_actuelle(courriel: Courriel) -> str:
    """Today's address of whom the e-mail is for: the doctor of its letter, else who signs the contract.

    The one that the e-mail has where there is none.
    """
    courrier, contrat = courriel.courrier, courriel.contrat
    du_courrier = None if courrier is None else courrier.medecin
    qui = du_courrier or (None if contrat is None else contrat.signataire)
    actuelle: str = courriel.destinataire if qui is None else qui.courriel or courriel.destinataire
    return actuelle


@transaction.atomic
def renvoyer(cle: int, acteur: Acteur) -> Courriel:
    """Put a given-up e-mail back in the outbox, to its doctor's address of today. Raises Refus."""
    courriel = _abandonne(cle, acteur)
    courriel.destinataire = adresse_actuelle(courriel)
    if faute := faute_d_adresse(courriel.destinataire):
        raise Refus(f"« {courriel.destinataire} » : {faute} ; corrigez d'abord sa fiche")
    courriel.essais, courriel.erreur, courriel.abandonne_le = 0, "", None
    courriel.prochain_essai_le = timezone.now()
    courriel.save(update_fields=["destinataire", "essais", "erreur", "abandonne_le", "prochain_essai_le"])
    tracer(acteur, "renvoyer", courriel)
    return courriel


@transaction.atomic
def classer(cle: int, acteur: Acteur) -> Courriel:
    """Take a given-up e-mail off the list: it was dealt with by other means. Raises Refus."""
    courriel = _abandonne(cle, acteur)
    courriel.classe_le = timezone.now()
    courriel.save(update_fields=["classe_le"])
    tracer(acteur, "classer", courriel)
    return courriel


@transaction.atomic
def classer_de_compte(cle: int, acteur: Acteur) -> Courriel:
    """Take a given-up mail of an account off the list: its owner was told otherwise. Raises Refus."""
    if acteur.role not in REPOND_DES_COMPTES:
        raise Refus("courriel de compte : réservé au responsable de la caisse")
    courriel = de_comptes(acteur).filter(pk=cle).first()
    if courriel is None:
        raise Refus("ce courriel n'est pas, ou n'est plus, parmi ceux qui ont été abandonnés")
    courriel.classe_le = timezone.now()
    courriel.save(update_fields=["classe_le"])
    tracer(acteur, "classer", courriel)
    return courriel


def _abandonne(cle: int, acteur: Acteur) -> Courriel:
    lignes = Courriel.objects.select_for_update(of=("self",)).select_related(*DE_QUI)
    courriel = lignes.get(pk=cle)
    if courriel.caisse_id is None:
        raise Refus("un courriel de compte ne se reprend pas : il se redemande")
    reserver(acteur, courriel.caisse_id, REPRENNENT, "courriel abandonné")
    if courriel.abandonne_le is None or courriel.classe_le is not None:
        raise Refus("ce courriel n'est pas, ou n'est plus, parmi ceux qui ont été abandonnés")
    return courriel
