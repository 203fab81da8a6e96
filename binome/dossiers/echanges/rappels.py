"""Reminders: e-mails that tell a doctor, or a society, of a deadline that comes."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.db.models import Q

from binome import francais
from binome.dossiers.echanges.boite_d_envoi import mettre_en_boite
from binome.dossiers.models import Echeance
from binome.dossiers.nomenclatures import ENGAGEANTS
from openfisca_assistants_medicaux import registre

#: How long before the deadline the first one leaves, the gap between two, and how many before silence.
PREMIER_RAPPEL, ENTRE_RAPPELS, RAPPELS = datetime.timedelta(days=30), datetime.timedelta(days=10), 3


def relancer(jour: datetime.date, *, quand: datetime.datetime | None = None) -> int:
    """Remind doctors of coming deadlines, spaced, a few times, then silence: how many were written."""
    dues = Echeance.objects.filter(
        faite_le=None,
        contrat__statut__in=ENGAGEANTS,
        date__lte=jour + PREMIER_RAPPEL,
        date__gte=jour - PREMIER_RAPPEL,
        relances__lt=RAPPELS,
        nom__in=[fiche.nom for fiche in registre.echeances() if fiche.rappel],
    ).filter(Q(relance_envoyee_le=None) | Q(relance_envoyee_le__lte=jour - ENTRE_RAPPELS))
    ecrites = 0
    for cle in list(dues.values_list("pk", flat=True)):
        with transaction.atomic():
            echeance = dues.select_for_update(of=("self",)).select_related(
                "contrat__medecin", "contrat__structure", "contrat__caisse"
            )
            ligne = echeance.filter(pk=cle).first()
            if ligne is None or not ligne.contrat.signataire.courriel:
                continue
            ligne.relance_envoyee_le, ligne.relances = jour, ligne.relances + 1
            ligne.save(update_fields=["relance_envoyee_le", "relances"])
            ecrites += _rappeler(ligne, quand)
    return ecrites


def _rappeler(echeance: Echeance, quand: datetime.datetime | None) -> bool:
    contrat = echeance.contrat
    qui, caisse = contrat.signataire, contrat.caisse
    appel = "Madame, Monsieur," if contrat.medecin is None else "Docteur,"
    # A society has no space of its own: its documents go to the fund.
    voie = "" if contrat.medecin is None else " par votre espace"
    corps = (
        f"{appel}\n\nUne échéance de votre contrat {contrat.numero} : {echeance.libelle.lower()}, "
        f"{francais.date_longue(echeance.date)}.\n\n{registre.echeances()[echeance.nom].aide}\n\n"
        f"Si c'est fait, envoyez-nous le justificatif{voie}. "
        f"Sinon, appelez-nous : {caisse.telephone}.\n\n{caisse.nom}\n"
    )
    objet = f"{caisse.nom} — {echeance.libelle}, le {echeance.date:%d/%m/%Y}"
    return mettre_en_boite(
        contrat, qui.courriel, objet, corps, f"rappel:{echeance.pk}:{echeance.relances}", quand=quand
    )
