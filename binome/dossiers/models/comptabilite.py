"""Accounting: the fund's chart, and its closed periods. A period closed is never changed."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from binome.dossiers.models.caisse import Caisse, choix
from binome.dossiers.models.cloison import AjoutSeul, Cloisonne
from binome.dossiers.models.paiement import Ecriture
from binome.simulation import NomOption


class PlanComptable(Cloisonne):
    """Where the fund's accounting puts what the ledger says. Closed periods keep the accounts of their day."""

    caisse = models.OneToOneField(Caisse, models.PROTECT, related_name="plan_comptable")
    journal = models.CharField("journal", max_length=10, default="AM")
    charge = models.CharField("compte de charge (aide due)", max_length=20, default="AIDE")
    tiers = models.CharField("compte de tiers (médecins)", max_length=20, default="MEDECIN")
    banque = models.CharField("compte de banque", max_length=20, default="BANQUE")
    indus = models.CharField("compte des trop-perçus", max_length=20, default="INDU")
    remises = models.CharField("compte des remises de trop-perçus", max_length=20, default="REMISE")
    non_valeurs = models.CharField("compte des admissions en non-valeur", max_length=20, default="NON_VALEUR")

    class Meta:
        verbose_name = "plan comptable"

    def __str__(self) -> str:
        return f"Plan comptable de {self.caisse}"


class CodeAnalytique(Cloisonne):
    """The analytical code of the contracts of an option; of the collective ones when it is blank."""

    CHEMIN_CAISSE = "plan__caisse"

    plan = models.ForeignKey(PlanComptable, models.CASCADE, related_name="analytiques")
    option = models.CharField("option", max_length=30, blank=True, choices=[("", "Collectif"), *choix(NomOption)])
    code = models.CharField("code analytique", max_length=20)

    class Meta:
        verbose_name = "code analytique"
        verbose_name_plural = "codes analytiques"
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "option"],
                name="analytique_unique",
                violation_error_message="Cette option a déjà un code.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_option_display()} : {self.code}"


class ExportComptable(AjoutSeul, Cloisonne):
    """A closed period: its number, its days, and the file as it was handed over, byte for byte."""

    caisse = models.ForeignKey(Caisse, models.PROTECT, related_name="exports_comptables")
    numero = models.PositiveIntegerField("numéro")
    debut = models.DateField("premier jour")
    fin = models.DateField("dernier jour")
    #: Lines of the ledger that it takes in; sum of its debits, in cents.
    nombre = models.PositiveIntegerField()
    total = models.BigIntegerField()
    octets = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    cree_le = models.DateTimeField("clos le", default=timezone.now)
    auteur = models.ForeignKey("dossiers.Utilisateur", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "période comptable close"
        ordering = ("-numero",)
        constraints = [
            models.UniqueConstraint(fields=["caisse", "numero"], name="export_numero_unique"),
            models.UniqueConstraint(fields=["caisse", "debut"], name="export_debut_unique"),
            models.CheckConstraint(condition=Q(debut__lte=F("fin"), numero__gte=1), name="export_periode"),
        ]

    def __str__(self) -> str:
        return f"Période {self.numero}, du {self.debut:%d/%m/%Y} au {self.fin:%d/%m/%Y}"


class EcritureExportee(AjoutSeul, Cloisonne):
    """A line of the ledger in the closed period that took it: once, with the accounts of that day."""

    CHEMIN_CAISSE = "export__caisse"

    export = models.ForeignKey(ExportComptable, models.PROTECT, related_name="ecritures")
    ecriture = models.OneToOneField(Ecriture, models.PROTECT, related_name="exportee")
    #: Number of the accounting entry in its fund, without a gap; both halves of a claim or of a set-off share one.
    numero = models.PositiveIntegerField()
    journal = models.CharField(max_length=10)
    #: Accounting date: the value date, or the first day of the period for what comes after another was closed.
    date = models.DateField()
    #: Credited when the line of the ledger is positive; its counterpart is blank for half of an entry.
    compte = models.CharField(max_length=20)
    contrepartie = models.CharField(max_length=20, blank=True)
    analytique = models.CharField(max_length=20, blank=True)

    class Meta:
        verbose_name = "écriture exportée"
        ordering = ("numero", "pk")

    def __str__(self) -> str:
        return f"{self.export_id}/{self.numero}"
