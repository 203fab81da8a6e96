"""Letters, as they were sent, and the outbox of e-mails."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

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
    """An e-mail to send: written in the same transaction as what it tells, sent by a command."""

    caisse = models.ForeignKey(Caisse, models.PROTECT, related_name="courriels")
    contrat = models.ForeignKey(Contrat, models.PROTECT, null=True, blank=True, related_name="courriels")
    courrier = models.ForeignKey(Courrier, models.PROTECT, null=True, blank=True, related_name="courriels")
    destinataire = models.EmailField()
    objet = models.CharField(max_length=200)
    corps = models.TextField()
    #: What the e-mail is about: the same key is never written twice.
    cle = models.CharField(max_length=120, unique=True)
    cree_le = models.DateTimeField(default=timezone.now)
    envoye_le = models.DateTimeField(null=True)
    essais = models.PositiveSmallIntegerField(default=0)
    erreur = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "courriel"
        ordering = ("cree_le", "pk")
        indexes = [models.Index(fields=["envoye_le", "essais"], name="courriel_a_envoyer")]

    def __str__(self) -> str:
        return self.objet
