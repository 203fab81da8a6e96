"""The outbox: e-mails written with what they tell, in one transaction, and sent by a command, outside any.

An e-mail is claimed (a transaction of its own, which counts the try), sent while nothing is held, then marked. The
claim is a lease: whoever claimed and died lets another try again, under the same Message-ID, by which the receiver
drops the double.

The mails of the accounts hold keys (a link that sets a password, a code): their body is encrypted, and erased once it
is sent, given up or out of date.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import logging
import smtplib
import time
import uuid
from dataclasses import dataclass
from email.utils import parseaddr

from cryptography.fernet import InvalidToken, MultiFernet
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.utils import timezone

from binome.dossiers.chiffrement import coffre
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Contrat, Courriel, Courrier
from binome.tableaux import cellules
from binome.tableaux.refus import CelluleRefusee

journal = logging.getLogger("binome.courriels")
#: What waits: neither sent nor given up.
EN_ATTENTE = Q(envoye_le=None, abandonne_le=None)
#: How long what is due may wait before whoever runs the site is told: the command runs every minute.
RETARD = datetime.timedelta(hours=1)
#: Answers that a server may give to one e-mail, each within the time-out: a lease lasts longer than all of them.
_ECHANGES = 32
#: How long one run goes on starting e-mails, in seconds: the next run goes on from there.
DUREE = 4 * 60
#: How long it is remembered that a mail of the accounts left, without its body.
GARDE_DES_PLIS = datetime.timedelta(weeks=4)
EXPIRE = "ce qu'il disait n'était plus valable"
INTERROMPU = "envoi interrompu avant la réponse du serveur"


@dataclass(frozen=True)
class Envoi:
    """What one run did: numbers of e-mails."""

    partis: int = 0
    echecs: int = 0
    abandons: int = 0
    #: The server could not be reached: the run stopped there.
    injoignable: bool = False


def mettre_en_boite(
    contrat: Contrat | None,
    destinataire: str,
    objet: str,
    corps: str,
    cle: str,
    *,
    caisse_id: int | None = None,
    courrier: Courrier | None = None,
    quand: datetime.datetime | None = None,
) -> bool:
    """Write an e-mail in the outbox, in the caller's transaction; False when this one was already written.

    To an address that no server would take it is given up at once, on the agents' list: what it tells still happens.
    What is about no file gives its fund.
    """
    quand = quand or timezone.now()
    if caisse_id is None:
        assert contrat is not None  # noqa: S101 - an e-mail is about a file, or says whose it is
        caisse_id = contrat.caisse_id
    erreur = faute_d_adresse(destinataire)
    try:
        with transaction.atomic():
            Courriel.objects.create(
                caisse_id=caisse_id,
                contrat=contrat,
                courrier=courrier,
                destinataire=destinataire,
                objet=" ".join(objet.split())[:200],
                corps=corps,
                cle=cle,
                cree_le=quand,
                prochain_essai_le=quand,
                erreur=erreur,
                abandonne_le=quand if erreur else None,
            )
    except IntegrityError:
        return False
    return True


def mettre_sous_pli(destinataire: str, objet: str, corps: str, valide: datetime.timedelta) -> None:
    """Write a mail of the accounts in the outbox, in the caller's transaction: encrypted, and good for this long."""
    maintenant = timezone.now()
    Courriel.objects.create(
        destinataire=destinataire,
        objet=" ".join(objet.split())[:200],
        corps=_coffre().encrypt(corps.encode()).decode(),
        cle=f"compte:{uuid.uuid4()}",
        cree_le=maintenant,
        prochain_essai_le=maintenant,
        confidentiel=True,
        expire_le=maintenant + valide,
    )


def _coffre() -> MultiFernet:
    return coffre("binome.dossiers.courriels")


@transaction.atomic
def rechiffrer() -> tuple[int, int]:
    """Encrypt what waits with the key of today: how many e-mails were, and how many could not be read."""
    faits = illisibles = 0
    for courriel in Courriel.objects.select_for_update().filter(EN_ATTENTE, confidentiel=True).exclude(corps=""):
        try:
            courriel.corps = _coffre().rotate(courriel.corps).decode()
        except InvalidToken:
            illisibles += 1
            continue
        courriel.save(update_fields=["corps"])
        faits += 1
    return faits, illisibles


def effacer_les_plis() -> None:
    """Give up the mails of the accounts that are out of date, and forget those that left or were given up long ago."""
    maintenant = timezone.now()
    plis = Courriel.objects.filter(confidentiel=True)
    perimes = plis.filter(EN_ATTENTE, expire_le__lte=maintenant)
    # Refused until it was too late: somebody waits for it still, and is to be told. Never tried, the outbox is late,
    # which is said to whoever runs the site.
    perimes.exclude(erreur="").update(corps="", abandonne_le=maintenant)
    perimes.update(corps="", erreur=EXPIRE, abandonne_le=maintenant, classe_le=maintenant)
    plis.exclude(EN_ATTENTE).filter(cree_le__lt=maintenant - GARDE_DES_PLIS).delete()


def faute_d_adresse(adresse: str) -> str:
    """Why an address takes no e-mail, or nothing."""
    try:
        cellules.courriel(adresse)
    except CelluleRefusee as refus:
        return str(refus)
    return ""


def serveur_regle() -> bool:
    """True where a mail server is set: without one, e-mails wait."""
    return not settings.EMAIL_BACKEND.endswith("dummy.EmailBackend")


def delais() -> list[datetime.timedelta]:
    """What is waited after each failed try; after the last one, the e-mail is given up."""
    return [datetime.timedelta(minutes=minutes) for minutes in settings.REPRISES_DES_COURRIELS]


def etat_de_la_boite() -> dict[str, int]:
    """How many e-mails wait, were refused at least once, are late (due, and not tried), or were given up."""
    maintenant = timezone.now()
    return Courriel.objects.aggregate(
        en_attente=Count("pk", filter=EN_ATTENTE),
        en_echec=Count("pk", filter=EN_ATTENTE & ~Q(erreur="")),
        en_retard=Count("pk", filter=EN_ATTENTE & Q(prochain_essai_le__lte=maintenant - RETARD)),
        abandonnes=Count("pk", filter=Q(abandonne_le__isnull=False, classe_le=None)),
    )


def vider_la_boite(limite: int = 200) -> Envoi:
    """Send what is due, one by one: nothing that happens to one stops another.

    Raises Refus when no mail server is set (nothing may be marked as sent that was not), RuntimeError in a transaction.
    """
    effacer_les_plis()
    if not serveur_regle():
        raise Refus("aucun serveur de courriels (EMAIL_URL) : ils restent dans la boîte d'envoi")
    partis = echecs = abandons = 0
    fin = time.monotonic() + DUREE
    dus = Courriel.objects.filter(EN_ATTENTE, prochain_essai_le__lte=timezone.now())
    # Codes and links first: someone waits for them, and they do not last.
    for cle in list(dus.order_by("-confidentiel", "prochain_essai_le", "pk").values_list("pk", flat=True)[:limite]):
        if time.monotonic() > fin:
            break
        courriel = _prendre(cle)
        if courriel is None:
            continue
        if courriel.abandonne_le is not None:
            abandons += 1
            continue
        serveur = get_connection()
        joint = False
        try:
            serveur.open()
            joint = True
            if _message(courriel, serveur).send() != 1:
                raise smtplib.SMTPException
        except Exception as erreur:  # whatever it is, the next e-mail must leave
            abandons += _rater(courriel, erreur)
            echecs += 1
        else:
            Courriel.objects.filter(pk=courriel.pk).update(
                envoye_le=timezone.now(), erreur="", corps="" if courriel.confidentiel else courriel.corps
            )
            partis += 1
        finally:
            _fermer(serveur)
        if not joint:
            return Envoi(partis, echecs, abandons, injoignable=True)
    return Envoi(partis, echecs, abandons)


def _prendre(cle: int) -> Courriel | None:
    """Claim an e-mail for as long as a slow server may take; None when another process has it. The try is counted.

    One that no server would take is given up, and one whose last try was cut short: it may be what stops the process.
    """
    with transaction.atomic(durable=True):
        courriel = Courriel.objects.filter(EN_ATTENTE, pk=cle).first()
        maintenant = timezone.now()
        if courriel is None or courriel.prochain_essai_le > maintenant:
            return None
        if courriel.expire_le is not None and courriel.expire_le <= maintenant:
            return None
        vu = courriel.prochain_essai_le
        if faute := faute_d_adresse(courriel.destinataire):
            courriel.abandonne_le, courriel.erreur = maintenant, faute
        elif courriel.essais > len(delais()):
            courriel.abandonne_le, courriel.erreur = maintenant, courriel.erreur or INTERROMPU
        else:
            courriel.essais += 1
            courriel.prochain_essai_le = maintenant + _ECHANGES * datetime.timedelta(seconds=settings.EMAIL_TIMEOUT)
            courriel.identifiant = courriel.identifiant or _identifiant(courriel)
        changes = {
            champ: getattr(courriel, champ)
            for champ in ("essais", "prochain_essai_le", "identifiant", "abandonne_le", "erreur")
        }
        if courriel.confidentiel and courriel.abandonne_le is not None:
            changes["corps"] = ""
        # Two processes may have read the same row: one of them writes.
        pris = Courriel.objects.filter(EN_ATTENTE, pk=cle, prochain_essai_le=vu).update(**changes)
        return courriel if pris else None


def _identifiant(courriel: Courriel) -> str:
    """The Message-ID of an e-mail: of its key and of when it was written, so that no other installation has it."""
    empreinte = hashlib.sha256(f"{courriel.cle}|{courriel.cree_le.isoformat()}".encode()).hexdigest()[:40]
    domaine = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return f"<{empreinte}@{domaine[:64] or 'localhost'}>"


def _message(courriel: Courriel, serveur: BaseEmailBackend) -> EmailMessage:
    corps = _coffre().decrypt(courriel.corps).decode() if courriel.confidentiel else courriel.corps
    return EmailMessage(
        courriel.objet,
        corps,
        to=[courriel.destinataire],
        connection=serveur,
        headers={"Message-ID": courriel.identifiant, "Auto-Submitted": "auto-generated"},
    )


def _rater(courriel: Courriel, erreur: Exception) -> bool:
    """Write why a try failed and when the next one is; True when there is none."""
    maintenant = timezone.now()
    attentes = delais()
    abandon = courriel.essais > len(attentes)
    journal.warning("courriel non envoyé", extra={"courriel": courriel.pk, "exception": type(erreur).__name__})
    # Only while the claim is ours: a server too slow may have let another process take it.
    Courriel.objects.filter(EN_ATTENTE, pk=courriel.pk, prochain_essai_le=courriel.prochain_essai_le).update(
        erreur=en_mots(erreur),
        abandonne_le=maintenant if abandon else None,
        prochain_essai_le=maintenant if abandon else maintenant + attentes[courriel.essais - 1],
        corps="" if abandon and courriel.confidentiel else courriel.corps,
    )
    return abandon


def en_mots(erreur: Exception) -> str:
    """Why an e-mail did not leave, for an agent: no word of the server's, which may quote the e-mail."""
    if isinstance(erreur, smtplib.SMTPRecipientsRefused):
        codes = sorted({code for code, _ in erreur.recipients.values()})
        return f"adresse refusée par le serveur ({', '.join(map(str, codes))})"
    if isinstance(erreur, smtplib.SMTPResponseException):
        return f"refusé par le serveur ({erreur.smtp_code})"
    if isinstance(erreur, smtplib.SMTPServerDisconnected):
        return "le serveur n'a pas répondu à temps, ou a coupé la communication"
    if isinstance(erreur, smtplib.SMTPException):
        return f"refusé par le serveur ({type(erreur).__name__})"
    if isinstance(erreur, OSError):
        return f"le serveur n'a pas pu être joint ({type(erreur).__name__})"
    return f"message impossible à envoyer ({type(erreur).__name__})"


def _fermer(serveur: BaseEmailBackend) -> None:
    """Leave the server. What was sent is sent, however it takes leave."""
    with contextlib.suppress(Exception):
        serveur.close()
