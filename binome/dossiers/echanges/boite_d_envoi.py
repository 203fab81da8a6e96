"""The outbox: e-mails written with what they tell, in one transaction, and sent by a command."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Contrat, Courriel, Courrier

#: E-mails: tries before giving up.
ESSAIS = 5


def mettre_en_boite(
    contrat: Contrat,
    destinataire: str,
    objet: str,
    corps: str,
    cle: str,
    *,
    courrier: Courrier | None = None,
    quand: datetime.datetime | None = None,
) -> bool:
    """Write an e-mail in the outbox, in the caller's transaction; False when this one was already written."""
    try:
        with transaction.atomic():
            Courriel.objects.create(
                caisse_id=contrat.caisse_id,
                contrat=contrat,
                courrier=courrier,
                destinataire=destinataire,
                objet=" ".join(objet.split())[:200],
                corps=corps,
                cle=cle,
                cree_le=quand or timezone.now(),
            )
    except IntegrityError:
        return False
    return True


def vider_la_boite(limite: int = 200) -> tuple[int, int]:
    """Send what waits in the outbox, one transaction each: (sent, failed). A failure is tried again, some times.

    Raises Refus when no mail server is set: nothing may be marked as sent that was not.
    """
    if settings.EMAIL_BACKEND.endswith("dummy.EmailBackend"):
        raise Refus("aucun serveur de courriels (EMAIL_URL) : ils restent dans la boîte d'envoi")
    partis = echecs = 0
    for cle in Courriel.objects.filter(envoye_le=None, essais__lt=ESSAIS).values_list("pk", flat=True)[:limite]:
        with transaction.atomic():
            # Another process may be sending it: it is left to them.
            courriel = (
                Courriel.objects.select_for_update(of=("self",), skip_locked=_saute()).filter(pk=cle, envoye_le=None)
            ).first()
            if courriel is None:
                continue
            courriel.essais += 1
            try:
                _message(courriel).send()
            except OSError as erreur:
                courriel.erreur = type(erreur).__name__
                echecs += 1
            else:
                courriel.envoye_le, courriel.erreur = timezone.now(), ""
                partis += 1
            courriel.save(update_fields=["essais", "envoye_le", "erreur"])
    return partis, echecs


def _saute() -> bool:
    """True where the database can skip locked rows (SQLite writes one at a time)."""
    return bool(connection.features.has_select_for_update_skip_locked)


def _message(courriel: Courriel) -> EmailMessage:
    message = EmailMessage(courriel.objet, courriel.corps, to=[courriel.destinataire])
    if courriel.courrier is not None:
        message.attach(f"{courriel.courrier.modele}.pdf", bytes(courriel.courrier.pdf), "application/pdf")
    return message
