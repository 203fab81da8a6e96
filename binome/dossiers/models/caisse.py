"""The fund, and the people and societies that it knows."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from binome import identifiants
from binome.dossiers.models.adresse import Adresse
from binome.dossiers.models.cloison import Cloisonne
from binome.dossiers.nomenclatures import AGENTS, DE_LA_CAISSE
from binome.erreurs import BinomeErreur
from binome.simulation import LIBELLES, NomFormeJuridique, NomProfil, NomSecteur, NomSpecialite, NomZone


def choix(liste: type) -> list[tuple[str, str]]:
    """Choices of a Django field from a list of the law, in its order."""
    return list(LIBELLES[liste.__name__].items())


class Caisse(models.Model):
    """A local fund (CPAM or CGSS)."""

    code = models.CharField("code", max_length=10, unique=True)
    nom = models.CharField("nom", max_length=120)
    adresse = models.TextField("adresse", blank=True)
    telephone = models.CharField("téléphone", max_length=30, blank=True)
    courriel = Adresse("courriel", blank=True)
    iban = models.CharField("IBAN", max_length=34, blank=True)
    bic = models.CharField("BIC", max_length=11, blank=True)
    #: Written in every letter that decides something: without it, such a letter cannot be sent.
    voies_de_recours = models.TextField(
        "voies de recours",
        blank=True,
        help_text="Autorité, délai et tribunal, tels que les lettres de décision les disent.",
    )

    class Meta:
        verbose_name = "caisse"

    def clean(self) -> None:
        """The account that pays is one that a bank reads, wherever it is typed."""
        for champ, lire in (("iban", identifiants.iban), ("bic", identifiants.bic)):
            if dit := getattr(self, champ):
                try:
                    setattr(self, champ, lire(dit))
                except BinomeErreur as erreur:
                    raise ValidationError({champ: str(erreur)}) from erreur

    def __str__(self) -> str:
        return self.nom


class Structure(Cloisonne):
    """A practice or a society of doctors."""

    CHEMINS_MEDECIN = ("medecins",)
    ROLES = DE_LA_CAISSE

    caisse = models.ForeignKey(Caisse, models.PROTECT, related_name="structures")
    nom = models.CharField("nom", max_length=150)
    forme_juridique = models.CharField("forme juridique", max_length=30, choices=choix(NomFormeJuridique), blank=True)
    siret = models.CharField("SIRET", max_length=14, blank=True)
    finess = models.CharField("FINESS", max_length=9, blank=True)
    adresse = models.TextField("adresse", blank=True)
    representant = models.CharField("représentant légal", max_length=150, blank=True)

    class Meta:
        verbose_name = "structure"
        constraints = [
            models.UniqueConstraint(
                fields=["caisse", "siret"],
                condition=~Q(siret=""),
                name="structure_siret_unique",
                violation_error_message="Ce SIRET est déjà celui d'une structure de la caisse.",
            )
        ]

    def __str__(self) -> str:
        return self.nom


class Medecin(Cloisonne):
    """A doctor, with or without a contract."""

    CHEMINS_MEDECIN = ("pk",)
    ROLES = DE_LA_CAISSE

    caisse = models.ForeignKey(Caisse, models.PROTECT, related_name="medecins")
    rpps = models.CharField("RPPS", max_length=11)
    numero_am = models.CharField("n° Assurance Maladie", max_length=9, blank=True)
    nom = models.CharField("nom", max_length=80)
    prenom = models.CharField("prénom", max_length=80, blank=True)
    specialite = models.CharField("spécialité", max_length=60, choices=choix(NomSpecialite))
    secteur = models.CharField("secteur", max_length=30, choices=choix(NomSecteur), blank=True)
    mode_exercice_particulier = models.BooleanField("mode d'exercice particulier", default=False)
    zone = models.CharField("zone", max_length=30, choices=choix(NomZone), blank=True)
    date_zonage = models.DateField("date du zonage", null=True, blank=True)
    date_installation = models.DateField("installé le", null=True, blank=True)
    adresse = models.TextField("adresse", blank=True)
    courriel = Adresse("courriel", blank=True)
    telephone = models.CharField("téléphone", max_length=30, blank=True)
    structure = models.ForeignKey(Structure, models.PROTECT, null=True, blank=True, related_name="medecins")
    secteur_dam = models.CharField("secteur du délégué", max_length=60, blank=True)
    anonymise_le = models.DateTimeField("anonymisé le", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "médecin"
        ordering = ("nom", "prenom", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["caisse", "rpps"],
                name="medecin_rpps_unique",
                violation_error_message="Ce RPPS est déjà celui d'un médecin de la caisse.",
            )
        ]
        indexes = [
            models.Index(fields=["caisse", "nom", "prenom"], name="medecin_nom"),
            models.Index(fields=["caisse", "secteur_dam"], name="medecin_secteur_dam"),
        ]

    def __str__(self) -> str:
        return f"{self.prenom} {self.nom}".strip()

    @property
    def titre(self) -> str:
        """As a letter names a doctor."""
        return f"Dr {self}"


class CompteBancaire(Cloisonne):
    """Where a doctor or a society is paid. Never changed: a new one replaces it."""

    CHEMINS_MEDECIN = ("medecin",)
    ROLES = AGENTS

    caisse = models.ForeignKey(Caisse, models.PROTECT, related_name="comptes_bancaires")
    medecin = models.ForeignKey(Medecin, models.PROTECT, null=True, blank=True, related_name="comptes_bancaires")
    structure = models.ForeignKey(Structure, models.PROTECT, null=True, blank=True, related_name="comptes_bancaires")
    titulaire = models.CharField("titulaire", max_length=70)
    iban = models.CharField("IBAN", max_length=34)
    bic = models.CharField("BIC", max_length=11, blank=True)
    depuis = models.DateTimeField("saisi le", default=timezone.now)
    saisi_par = models.ForeignKey("dossiers.Utilisateur", models.PROTECT, null=True, related_name="+")
    actif = models.BooleanField(default=True)

    class Meta:
        verbose_name = "compte bancaire"
        constraints = [
            models.CheckConstraint(
                condition=Q(medecin__isnull=False, structure__isnull=True)
                | Q(medecin__isnull=True, structure__isnull=False),
                name="compte_un_titulaire",
            ),
            models.UniqueConstraint(fields=["medecin"], condition=Q(actif=True), name="compte_medecin_actif"),
            models.UniqueConstraint(fields=["structure"], condition=Q(actif=True), name="compte_structure_actif"),
        ]

    def __str__(self) -> str:
        return f"{self.titulaire} ····{self.iban[-4:]}"


class Assistant(Cloisonne):
    """A medical assistant; shared between doctors, they have one file and several posts."""

    ROLES = AGENTS

    caisse = models.ForeignKey(Caisse, models.PROTECT, related_name="assistants")
    nom = models.CharField("nom", max_length=80)
    prenom = models.CharField("prénom", max_length=80, blank=True)
    profil = models.CharField("qualification à l'embauche", max_length=30, choices=choix(NomProfil))
    formation_commencee_le = models.DateField("formation commencée le", null=True, blank=True)
    qualification_obtenue_le = models.DateField("qualification obtenue le", null=True, blank=True)
    anonymise_le = models.DateTimeField("anonymisé le", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "assistant"
        constraints = [
            models.CheckConstraint(
                condition=Q(formation_commencee_le__isnull=True)
                | Q(qualification_obtenue_le__isnull=True)
                | Q(qualification_obtenue_le__gte=F("formation_commencee_le")),
                name="assistant_formation_ordre",
            )
        ]

    def __str__(self) -> str:
        return f"{self.prenom} {self.nom}".strip()
