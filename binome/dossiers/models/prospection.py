"""The delegates' campaign: who could sign, and who was visited."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from binome.dossiers.models.caisse import Medecin
from binome.dossiers.models.cloison import Cloisonne
from binome.dossiers.nomenclatures import DE_LA_CAISSE, IssueVisite


class Reperage(Cloisonne):
    """The law's answer on a doctor without contract, from the last statement: made again with each screening."""

    CHEMIN_CAISSE = "medecin__caisse"
    ROLES = DE_LA_CAISSE

    medecin = models.OneToOneField(Medecin, models.CASCADE, related_name="reperage")
    fait_le = models.DateTimeField(default=timezone.now)
    date_appreciation = models.DateField()
    eligible = models.CharField("éligible", max_length=15)
    #: Patients compared with the threshold, the threshold, and how far under (0: reached); null when not determined.
    patients = models.IntegerField(null=True)
    seuil = models.IntegerField(null=True)
    manque = models.IntegerField(null=True)
    conditions_non_remplies = models.JSONField(default=list)
    conditions_indeterminees = models.JSONField(default=list)
    total_cinq_ans = models.BigIntegerField("aide sur cinq ans, un ETP (centimes)", null=True)
    certitude = models.CharField(max_length=15, blank=True)
    #: What judged, as every result says it: programs, law, what was added to it. Blank: screened before this was noted.
    version = models.TextField("calculé par", blank=True)
    #: SHA-256 of the rules themselves, with what was added to them.
    empreinte_loi = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = "repérage"
        indexes = [models.Index(fields=["eligible", "manque"], name="reperage_ordre")]

    def __str__(self) -> str:
        return f"{self.medecin} : {self.eligible}"


class Visite(Cloisonne):
    """A delegate's visit: planned, then recorded."""

    CHEMIN_CAISSE = "medecin__caisse"
    ROLES = DE_LA_CAISSE

    medecin = models.ForeignKey(Medecin, models.PROTECT, related_name="visites")
    delegue = models.ForeignKey("dossiers.Utilisateur", models.PROTECT, related_name="visites")
    prevue_le = models.DateField("prévue le")
    faite_le = models.DateField("faite le", null=True, blank=True)
    issue = models.CharField("résultat", max_length=15, choices=IssueVisite.choices, default=IssueVisite.PREVUE)
    note = models.TextField("note", blank=True, max_length=2000)

    class Meta:
        verbose_name = "visite"
        ordering = ("-prevue_le", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(issue=IssueVisite.PREVUE, faite_le__isnull=True)
                | (~Q(issue=IssueVisite.PREVUE) & Q(faite_le__isnull=False)),
                name="visite_faite_ou_prevue",
            )
        ]

    def __str__(self) -> str:
        return f"{self.medecin}, {self.prevue_le:%d/%m/%Y}"
