"""Letters, as they were sent, and the outbox of e-mails."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from binome.dossiers.models.adresse import Adresse
from binome.dossiers.models.caisse import Caisse, Medecin
from binome.dossiers.models.cloison import Cloisonne
from binome.dossiers.models.contrat import Contrat


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

    class Meta:
        verbose_name = "courrier"
        ordering = ("-cree_le", "-pk")

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
