"""Half-yearly statements of the patient lists, and the files they came from."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from binome.dossiers.models.caisse import Caisse, Medecin
from binome.dossiers.models.cloison import Cloisonne
from binome.dossiers.nomenclatures import AGENTS, DE_LA_CAISSE


class ImportReleves(Cloisonne):
    """A CSV file of statements: previewed, then applied whole or not at all. Kept byte for byte."""

    ROLES = AGENTS

    class Statut(models.TextChoices):
        """Where an import stands."""

        APERCU = "apercu", "Aperçu"
        REFUSE = "refuse", "Refusé"
        APPLIQUE = "applique", "Appliqué"

    caisse = models.ForeignKey(Caisse, models.PROTECT, related_name="imports_releves")
    nom = models.CharField("fichier", max_length=150)
    #: Emptied at the end of the keeping of a doctor whom the file names; its digest stays.
    octets = models.BinaryField(editable=False)
    efface_le = models.DateTimeField(null=True, editable=False)
    sha256 = models.CharField(max_length=64)
    statut = models.CharField(max_length=10, choices=Statut.choices, default=Statut.APERCU)
    bilan = models.JSONField(default=dict)
    cree_le = models.DateTimeField(default=timezone.now)
    auteur = models.ForeignKey("dossiers.Utilisateur", models.PROTECT, null=True, related_name="+")
    applique_le = models.DateTimeField(null=True)
    applique_par = models.ForeignKey("dossiers.Utilisateur", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "import de relevés"
        ordering = ("-cree_le", "-pk")

    def __str__(self) -> str:
        return self.nom


class Releve(Cloisonne):
    """The patients of a doctor on a statement's date."""

    CHEMIN_CAISSE = "medecin__caisse"
    CHEMINS_MEDECIN = ("medecin",)
    ROLES = DE_LA_CAISSE

    medecin = models.ForeignKey(Medecin, models.PROTECT, related_name="releves")
    date = models.DateField("date du relevé")
    patientele_mt = models.PositiveIntegerField("patients MT, tous âges", null=True, blank=True)
    patientele_mt_adultes = models.PositiveIntegerField("patients MT adultes", null=True, blank=True)
    patientele_mt_enfants = models.PositiveIntegerField("patients MT enfants", null=True, blank=True)
    file_active = models.PositiveIntegerField("file active", null=True, blank=True)
    importe = models.ForeignKey(ImportReleves, models.PROTECT, null=True, blank=True, related_name="releves")
    saisi_par = models.ForeignKey("dossiers.Utilisateur", models.PROTECT, null=True, related_name="+")
    saisi_le = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "relevé"
        ordering = ("medecin", "date")
        constraints = [
            models.UniqueConstraint(
                fields=["medecin", "date"],
                name="releve_unique",
                violation_error_message="Ce médecin a déjà un relevé à cette date.",
            ),
            models.CheckConstraint(
                condition=Q(patientele_mt__isnull=True)
                | Q(patientele_mt_adultes__isnull=True)
                | Q(patientele_mt_enfants__isnull=True)
                | Q(patientele_mt=F("patientele_mt_adultes") + F("patientele_mt_enfants")),
                name="releve_somme",
                violation_error_message="Adultes + enfants : le total des patients MT est attendu.",
            ),
            models.CheckConstraint(
                condition=Q(patientele_mt__isnull=False) | Q(file_active__isnull=False), name="releve_non_vide"
            ),
        ]

    def nombre(self, indicateur: str, *, adultes_seuls: bool) -> int | None:
        """Patients of an indicator, in the population that the rules of a contract count."""
        if indicateur == "patientele_mt" and adultes_seuls:
            return self.patientele_mt_adultes
        return self.patientele_mt if indicateur == "patientele_mt" else self.file_active

    def __str__(self) -> str:
        return f"{self.medecin} au {self.date:%d/%m/%Y}"


class AncienReleve(Cloisonne):
    """What a statement said before it was corrected: kept, never changed (triggers refuse it)."""

    CHEMIN_CAISSE = "releve__medecin__caisse"
    CHEMINS_MEDECIN = ("releve__medecin",)
    ROLES = DE_LA_CAISSE

    releve = models.ForeignKey(Releve, models.PROTECT, related_name="anciens")
    version = models.PositiveSmallIntegerField()
    patientele_mt = models.PositiveIntegerField("patients MT, tous âges", null=True)
    patientele_mt_adultes = models.PositiveIntegerField("patients MT adultes", null=True)
    patientele_mt_enfants = models.PositiveIntegerField("patients MT enfants", null=True)
    file_active = models.PositiveIntegerField("file active", null=True)
    importe = models.ForeignKey(ImportReleves, models.PROTECT, null=True, related_name="+")
    saisi_par = models.ForeignKey("dossiers.Utilisateur", models.PROTECT, null=True, related_name="+")
    saisi_le = models.DateTimeField()
    remplace_par = models.ForeignKey("dossiers.Utilisateur", models.PROTECT, null=True, related_name="+")
    remplace_le = models.DateTimeField(default=timezone.now)
    motif = models.TextField("motif de la correction")

    class Meta:
        verbose_name = "relevé remplacé"
        ordering = ("releve", "version")
        constraints = [
            models.UniqueConstraint(fields=["releve", "version"], name="ancien_releve_unique"),
            models.CheckConstraint(condition=~Q(motif=""), name="ancien_releve_motive"),
        ]

    def __str__(self) -> str:
        return f"{self.releve}, version {self.version}"
