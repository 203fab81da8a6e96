"""Personal data: what is kept and for how long, a doctor's full export, erasure at the end of the keeping."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from binome.dossiers import pieces
from binome.dossiers.models import Assistant, Contrat, Evenement, Medecin, Piece, Purge, Visite
from binome.dossiers.nomenclatures import SIGNES, Statut

#: Names that replace an erased one.
EFFACE = "Effacé"


@dataclass(frozen=True)
class Traitement:
    """A line of the register: what, why, how long (years after the last contract's end)."""

    donnees: str
    finalite: str
    annees: int
    ensuite: str


#: The keeping is the fund's choice, written here and shown on the page: no source read gives one (docs/adr/0013).
REGISTRE = (
    Traitement(
        "Identité, coordonnées et RPPS du médecin", "Tenir et payer le contrat", 5, "nom et coordonnées effacés"
    ),
    Traitement("Comptes bancaires", "Payer", 5, "numéros effacés"),
    Traitement("Assistant : identité, qualification, formation", "Vérifier les conditions du contrat", 5, "nom effacé"),
    Traitement("Pièces déposées", "Justifier les versements", 5, "contenu effacé, empreinte gardée"),
    Traitement("Relevés de patientèle (nombres, sans patient)", "Évaluer les objectifs", 5, "gardés sans nom"),
    Traitement("Grand livre, fichiers bancaires, calculs", "Répondre aux contrôles", 10, "jamais réécrits"),
    Traitement("Visites des délégués", "Présenter l'aide", 2, "notes effacées"),
    Traitement("Registre des accès", "Savoir qui a lu quoi", 3, "gardé"),
)


def exporter(medecin: Medecin) -> dict[str, Any]:
    """Everything kept about a doctor, as data."""
    return {
        "medecin": _champs(medecin, exclure=("caisse",)),
        "caisse": str(medecin.caisse),
        "comptes_bancaires": [_champs(c) for c in medecin.comptes_bancaires.all()],
        "releves": [_champs(r) for r in medecin.releves.all()],
        "visites": [_champs(v) for v in medecin.visites.all()],
        "pieces": [_champs(p) for p in medecin.pieces.all()],
        "adhesions": [_champs(a) for a in medecin.adhesions.all()],
        "contrats": [_contrat(c) for c in medecin.contrats.order_by("pk")],
    }


def _contrat(contrat: Contrat) -> dict[str, Any]:
    return {
        **_champs(contrat),
        "evenements": [_champs(e) for e in contrat.evenements.all()],
        "echeances": [_champs(e) for e in contrat.echeances.all()],
        "embauches": [{**_champs(e), "assistant": str(e.assistant)} for e in contrat.embauches.all()],
        "evaluations": [_champs(e) for e in contrat.evaluations.all()],
        "ecritures": [_champs(e) for e in contrat.ecritures.all()],
        "pieces": [_champs(p) for p in contrat.pieces.all()],
        "courriers": [_champs(c, exclure=("pdf",)) for c in contrat.courriers.all()],
    }


def _champs(objet: Any, exclure: tuple[str, ...] = ()) -> dict[str, Any]:
    """The columns of a row, links by their key."""
    return {
        champ.name: getattr(objet, champ.attname) for champ in objet._meta.concrete_fields if champ.name not in exclure
    }


def a_anonymiser(jour: datetime.date, caisse_id: int | None = None) -> list[Medecin]:
    """Doctors whose last contract ended before the keeping's end, and who have none under way nor in preparation."""
    limite = _annees_avant(jour, REGISTRE[0].annees)
    vivants = Q(contrats__statut__in=(Statut.BROUILLON, Statut.A_SIGNER)) | Q(
        contrats__statut__in=SIGNES, contrats__date_fin__gte=limite
    )
    vivants |= Q(engagements__fin__gte=limite)
    medecins = Medecin.objects.filter(anonymise_le=None).exclude(pk__in=Medecin.objects.filter(vivants).values("pk"))
    # A doctor who never had a contract is a prospect: their data are kept while the campaign uses them.
    medecins = medecins.filter(Q(contrats__isnull=False) | Q(engagements__isnull=False)).distinct()
    return list(medecins if caisse_id is None else medecins.filter(caisse_id=caisse_id))


def _annees_avant(jour: datetime.date, annees: int) -> datetime.date:
    try:
        return jour.replace(year=jour.year - annees)
    except ValueError:
        return jour.replace(year=jour.year - annees, day=28)


@transaction.atomic
def anonymiser(medecin: Medecin, *, quand: datetime.datetime | None = None) -> None:
    """Erase what names a doctor and their assistants; the ledger and the numbers stay."""
    quand = quand or timezone.now()
    for contrat in medecin.contrats.all():
        _anonymiser_le_contrat(contrat, quand)
    for compte in medecin.comptes_bancaires.all():
        compte.titulaire, compte.iban, compte.bic, compte.actif = EFFACE, "", "", False
        compte.save()
    for piece in Piece.objects.filter(Q(medecin=medecin) | Q(contrat__medecin=medecin), effacee_le=None):
        piece.nom = f"{EFFACE}"
        piece.save(update_fields=["nom"])
        pieces.effacer(piece, quand=quand)
    Visite.objects.filter(medecin=medecin).update(note="")
    for courrier in medecin.courriers.all():
        courrier.contenu, courrier.pdf, courrier.objet = {}, b"", EFFACE
        courrier.save()
    for acces in medecin.acces.select_related("utilisateur"):
        acces.active = False
        acces.save(update_fields=["active"])
        utilisateur = acces.utilisateur
        utilisateur.nom, utilisateur.email = EFFACE, f"efface-{utilisateur.pk}@anonyme.invalid"
        utilisateur.is_active = False
        utilisateur.set_unusable_password()
        utilisateur.save()
        SocialAccount.objects.filter(user=utilisateur).delete()
        EmailAddress.objects.filter(user=utilisateur).delete()
    medecin.engagements.update(rpps=f"X{medecin.pk}")
    medecin.nom, medecin.prenom, medecin.rpps = EFFACE, "", f"X{medecin.pk}"
    medecin.numero_am = medecin.adresse = medecin.courriel = medecin.telephone = ""
    medecin.date_installation, medecin.anonymise_le = None, quand
    medecin.save()


def _anonymiser_le_contrat(contrat: Contrat, quand: datetime.datetime) -> None:
    purge = Purge.objects.create(contrat=contrat)
    Evenement.objects.filter(contrat=contrat).exclude(motif="").update(motif=EFFACE)
    purge.delete()
    contrat.courriels.all().delete()
    for courrier in contrat.courriers.all():
        courrier.contenu, courrier.pdf, courrier.objet = {}, b"", EFFACE
        courrier.save()
    contrat.evaluations.exclude(motif="").update(motif=EFFACE)
    for assistant in Assistant.objects.filter(embauches__contrat=contrat, anonymise_le=None).distinct():
        # A shared assistant is still somebody else's.
        if not assistant.embauches.exclude(contrat=contrat).filter(contrat__statut__in=SIGNES).exists():
            assistant.nom, assistant.prenom, assistant.anonymise_le = EFFACE, "", quand
            assistant.save(update_fields=["nom", "prenom", "anonymise_le"])
    contrat.embauches.update(employeur_nom="", motif_fin="")
