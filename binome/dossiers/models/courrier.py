"""Letters, as they were sent, who signs them, how they travel, and the outbox of e-mails."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from binome.dossiers.models.adresse import Adresse
from binome.dossiers.models.caisse import Caisse, Medecin
from binome.dossiers.models.cloison import Cloisonne
from binome.dossiers.models.contrat import Contrat


class Signataire(Cloisonne):
    """Who signs for the fund: quality and delegation, between two days."""

    caisse = models.ForeignKey(Caisse, models.PROTECT, related_name="signataires")
    nom = models.CharField("prénom et nom", max_length=120)
    qualite = models.CharField("qualité", max_length=150)
    #: Blank for whoever signs in their own name.
    delegation = models.CharField("délégation", max_length=300, blank=True)
    depuis = models.DateField("depuis le")
    jusqu_au = models.DateField("jusqu'au", null=True, blank=True)

    class Meta:
        verbose_name = "signataire"
        ordering = ("nom", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(jusqu_au=None) | Q(jusqu_au__gte=F("depuis")), name="signataire_dates_en_ordre"
            )
        ]

    def signe_le(self, jour: datetime.date) -> bool:
        """True when they sign on that day."""
        return self.depuis <= jour and (self.jusqu_au is None or jour <= self.jusqu_au)

    @property
    def mention(self) -> str:
        """What stands under a letter, line by line."""
        return "\n".join(filter(None, (self.nom, self.qualite, self.delegation)))

    def __str__(self) -> str:
        return f"{self.nom}, {self.qualite}"


class Canal(models.TextChoices):
    """How a letter reaches whom it is for."""

    ESPACE = "espace", "Espace du médecin, annoncé par courriel"
    PAPIER = "papier", "Papier, lettre simple"
    RECOMMANDE = "recommande", "Papier, recommandé avec avis de réception"


#: The channels that pass through the print queue.
SUR_PAPIER = (Canal.PAPIER, Canal.RECOMMANDE)


class Impression(Cloisonne):
    """Letters printed together: the queue of a fund, emptied by an agent."""

    caisse = models.ForeignKey(Caisse, models.PROTECT, related_name="impressions")
    cree_le = models.DateTimeField("préparée le", default=timezone.now)
    auteur = models.ForeignKey("dossiers.Utilisateur", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "impression"
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"Impression {self.pk}"


class Courrier(Cloisonne):
    """A letter: what was written in it, and its PDF byte for byte."""

    CHEMINS_MEDECIN = ("contrat__medecin", "medecin")

    caisse = models.ForeignKey(Caisse, models.PROTECT, related_name="courriers")
    contrat = models.ForeignKey(Contrat, models.PROTECT, null=True, blank=True, related_name="courriers")
    medecin = models.ForeignKey(Medecin, models.PROTECT, null=True, blank=True, related_name="courriers")
    modele = models.CharField(max_length=60)
    objet = models.CharField(max_length=200)
    contenu = models.JSONField()
    pdf = models.BinaryField(editable=False)
    sha256 = models.CharField(max_length=64)
    cree_le = models.DateTimeField(default=timezone.now)
    auteur = models.ForeignKey("dossiers.Utilisateur", models.PROTECT, null=True, related_name="+")
    canal = models.CharField("voie", max_length=10, choices=Canal.choices, default=Canal.ESPACE)
    #: The batch that it was printed in; None while it waits in the queue, and for what never is on paper.
    impression = models.ForeignKey(Impression, models.PROTECT, null=True, blank=True, related_name="courriers")
    numero_recommande = models.CharField("n° de recommandé", max_length=13, blank=True)

    class Meta:
        verbose_name = "courrier"
        ordering = ("-cree_le", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(impression=None) | Q(canal__in=SUR_PAPIER), name="courrier_imprime_sur_papier"
            ),
            models.CheckConstraint(
                condition=Q(numero_recommande="") | Q(canal="recommande", impression__isnull=False),
                name="courrier_recommande_imprime",
            ),
        ]

    def __str__(self) -> str:
        return self.objet


class Courriel(Cloisonne):
    """An e-mail to send: written in the same transaction as what it tells, sent by a command.

    It waits until `envoye_le` or `abandonne_le` is written. Given up, it is on the agents' list until `classe_le`.
    """

    #: None for the mails of the accounts: no agent sees them.
    caisse = models.ForeignKey(Caisse, models.PROTECT, null=True, related_name="courriels")
    contrat = models.ForeignKey(Contrat, models.PROTECT, null=True, blank=True, related_name="courriels")
    courrier = models.ForeignKey(Courrier, models.PROTECT, null=True, blank=True, related_name="courriels")
    destinataire = Adresse()
    objet = models.CharField(max_length=200)
    corps = models.TextField()
    #: What the e-mail is about: the same key is never written twice.
    cle = models.CharField(max_length=120, unique=True)
    cree_le = models.DateTimeField(default=timezone.now)
    envoye_le = models.DateTimeField(null=True)
    #: Not tried before; while a process sends it, the moment at which another may think that process dead.
    prochain_essai_le = models.DateTimeField(default=timezone.now)
    essais = models.PositiveSmallIntegerField(default=0)
    #: Why the last try failed, in words; nothing while it was never refused.
    erreur = models.CharField(max_length=200, blank=True)
    abandonne_le = models.DateTimeField(null=True)
    classe_le = models.DateTimeField(null=True)
    #: Its Message-ID, drawn once for all when it is first tried.
    identifiant = models.CharField(max_length=120, blank=True)
    #: It holds a key: its body is encrypted, and erased once it is sent or given up.
    confidentiel = models.BooleanField(default=False)
    #: After this moment what it says is no longer true: it is not sent.
    expire_le = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "courriel"
        ordering = ("cree_le", "pk")
        indexes = [
            models.Index(
                fields=["prochain_essai_le"],
                name="courriel_a_envoyer",
                condition=models.Q(envoye_le=None, abandonne_le=None),
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(confidentiel=False, caisse__isnull=False)
                | models.Q(confidentiel=True, caisse=None, contrat=None, courrier=None, expire_le__isnull=False),
                name="courriel_d_une_caisse_ou_confidentiel",
            )
        ]

    def __str__(self) -> str:
        return self.objet
