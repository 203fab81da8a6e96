"""Money: the ledger, the campaigns that feed it, and what went to the bank and came back. Integer cents everywhere."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from binome import francais
from binome.dossiers.models.caisse import Caisse, CompteBancaire
from binome.dossiers.models.cloison import AjoutSeul, Cloisonne
from binome.dossiers.models.contrat import Contrat, Piece
from binome.dossiers.models.controle import Enchaine
from binome.dossiers.nomenclatures import Compte, EffetReponse, Nature, StatutCampagne, StatutLigne


class CalculConserve(AjoutSeul):
    """What the law was asked and what it answered: enough to do it again. Written once (triggers refuse the rest)."""

    #: SHA-256 of the question, the answer and the rules.
    empreinte = models.CharField(max_length=64, unique=True)
    date_appreciation = models.DateField()
    version_loi = models.CharField(max_length=30)
    #: SHA-256 of the rules themselves, formulas and parameters.
    empreinte_loi = models.CharField(max_length=64)
    #: The files of the operator's values that were added to them: [{nom, empreinte}]; null: kept before this was noted.
    valeurs = models.JSONField(null=True)
    entrees = models.JSONField()
    resultat = models.JSONField()
    cree_le = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "calcul conservé"

    def __str__(self) -> str:
        return self.empreinte[:12]


class Campagne(Cloisonne):
    """The payments of a fund at a date: prepared, proposed by one agent, validated by another, issued."""

    caisse = models.ForeignKey(Caisse, models.PROTECT, related_name="campagnes")
    date = models.DateField("payer ce qui est dû au")
    statut = models.CharField(max_length=12, choices=StatutCampagne.choices, default=StatutCampagne.PREPARATION)
    cree_le = models.DateTimeField(default=timezone.now)
    #: Last contract taken in: a preparation that was killed goes on from there.
    curseur = models.BigIntegerField(default=0)
    proposee_par = models.ForeignKey("dossiers.Utilisateur", models.PROTECT, null=True, related_name="+")
    proposee_le = models.DateTimeField(null=True)
    validee_par = models.ForeignKey("dossiers.Utilisateur", models.PROTECT, null=True, related_name="+")
    validee_le = models.DateTimeField(null=True)
    emise_par = models.ForeignKey("dossiers.Utilisateur", models.PROTECT, null=True, related_name="+")
    emise_le = models.DateTimeField(null=True)
    #: An order already issued: one agent asks for its cancellation, another does it, before its day.
    annulation_demandee_par = models.ForeignKey("dossiers.Utilisateur", models.PROTECT, null=True, related_name="+")
    annulation_demandee_le = models.DateTimeField(null=True)
    annulation_motif = models.CharField(max_length=300, blank=True)
    annulee_par = models.ForeignKey("dossiers.Utilisateur", models.PROTECT, null=True, related_name="+")
    annulee_le = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "campagne de versements"
        ordering = ("-date", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(validee_par__isnull=True)
                | Q(proposee_par__isnull=True)
                | ~Q(validee_par=F("proposee_par")),
                name="campagne_deux_agents",
                violation_error_message="Une campagne est validée par un autre agent que celui qui l'a proposée.",
            ),
            models.CheckConstraint(
                condition=Q(annulee_par__isnull=True) | ~Q(annulee_par=F("annulation_demandee_par")),
                name="campagne_annulee_a_deux",
                violation_error_message="Un ordre est annulé par un autre agent que celui qui l'a demandé.",
            ),
            models.CheckConstraint(
                condition=~Q(statut=StatutCampagne.ORDRE_ANNULE)
                | Q(annulee_le__isnull=False, annulation_demandee_le__isnull=False),
                name="campagne_ordre_annule",
            ),
            models.CheckConstraint(
                condition=~Q(statut__in=(StatutCampagne.VALIDEE, StatutCampagne.EMISE)) | Q(validee_le__isnull=False),
                name="campagne_validee",
            ),
            models.UniqueConstraint(
                fields=["caisse"],
                condition=Q(statut__in=(StatutCampagne.PREPARATION, StatutCampagne.PROPOSEE, StatutCampagne.VALIDEE)),
                name="campagne_ouverte_unique",
                violation_error_message="Une campagne est déjà ouverte : terminez-la ou annulez-la d'abord.",
            ),
        ]

    def __str__(self) -> str:
        return f"Campagne du {self.date:%d/%m/%Y}"


class FichierBancaire(AjoutSeul, Cloisonne):
    """A file sent to the bank or received from it, byte for byte. Written once (triggers refuse the rest)."""

    class Sens(models.TextChoices):
        """Which way it went."""

        EMIS = "emis", "Émis"
        RECU = "recu", "Reçu"

    caisse = models.ForeignKey(Caisse, models.PROTECT, related_name="fichiers_bancaires")
    campagne = models.ForeignKey(Campagne, models.PROTECT, null=True, related_name="fichiers")
    sens = models.CharField(max_length=4, choices=Sens.choices)
    nom = models.CharField(max_length=80)
    octets = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    cree_le = models.DateTimeField(default=timezone.now)
    auteur = models.ForeignKey("dossiers.Utilisateur", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "fichier bancaire"
        ordering = ("-cree_le", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["caisse", "sens", "sha256"],
                name="fichier_bancaire_unique",
                violation_error_message="Ce fichier a déjà été reçu.",
            ),
            models.UniqueConstraint(fields=["campagne"], condition=Q(sens="emis"), name="fichier_emis_unique"),
        ]

    def __str__(self) -> str:
        return self.nom


class LigneVersement(Cloisonne):
    """What a campaign does for one contract."""

    CHEMIN_CAISSE = "campagne__caisse"
    CHEMINS_MEDECIN = ("contrat__medecin",)

    campagne = models.ForeignKey(Campagne, models.PROTECT, related_name="lignes")
    contrat = models.ForeignKey(Contrat, models.PROTECT, related_name="lignes_versement")
    statut = models.CharField(max_length=15, choices=StatutLigne.choices, default=StatutLigne.PROPOSEE)
    #: Differences between what is due and what was already recorded (cents), and the kept computation of each:
    #: annee, echeance, date, libelle, du, deja, ecart, calcul, explication.
    details = models.JSONField(default=list)
    #: Sum of the differences; what was still to pay; what is kept back on a claim; new claim; transfer (cents).
    ecart = models.BigIntegerField(default=0)
    reste_anterieur = models.BigIntegerField(default=0)
    compensation = models.BigIntegerField(default=0)
    indu = models.BigIntegerField(default=0)
    montant = models.BigIntegerField(default=0)
    motif = models.CharField("pourquoi rien n'est payé", max_length=300, blank=True)
    compte_bancaire = models.ForeignKey(CompteBancaire, models.PROTECT, null=True, related_name="+")
    #: Last line of the contract's ledger when this one was computed: validation refuses a line that is out of date.
    derniere_ecriture = models.BigIntegerField(default=0)
    dernier_evenement = models.PositiveIntegerField(default=0)
    reference = models.CharField("référence du virement", max_length=35, blank=True)

    class Meta:
        verbose_name = "ligne de versement"
        ordering = ("campagne", "pk")
        constraints = [
            models.UniqueConstraint(fields=["campagne", "contrat"], name="ligne_unique"),
            models.UniqueConstraint(
                fields=["contrat"],
                condition=Q(statut__in=(StatutLigne.PROPOSEE, StatutLigne.VALIDEE)),
                name="ligne_ouverte_unique",
            ),
            models.UniqueConstraint(fields=["reference"], condition=~Q(reference=""), name="ligne_reference_unique"),
            models.CheckConstraint(
                condition=Q(montant__gte=0, compensation__gte=0, indu__gte=0), name="ligne_montants_positifs"
            ),
            models.CheckConstraint(
                condition=Q(
                    montant=F("ecart") + F("reste_anterieur") - F("compensation") + F("indu"),
                )
                | Q(statut__in=(StatutLigne.BLOQUEE, StatutLigne.ECARTEE)),
                name="ligne_equilibre",
            ),
        ]
        indexes = [models.Index(fields=["campagne", "statut"], name="ligne_statut")]

    def __str__(self) -> str:
        return f"{self.campagne_id}/{self.contrat_id}"


class Ecriture(AjoutSeul, Enchaine):
    """A line of the ledger, in signed cents; corrected by another line only (triggers refuse update and delete).

    On the « aide » account what is due is positive and what is paid negative: the balance is what remains to pay. On
    the « creance » account the balance is minus what the doctor owes.
    """

    CHEMIN_CAISSE = "contrat__caisse"
    CHEMINS_MEDECIN = ("contrat__medecin",)

    contrat = models.ForeignKey(Contrat, models.PROTECT, related_name="ecritures")
    compte = models.CharField(max_length=10, choices=Compte.choices)
    nature = models.CharField(max_length=20, choices=Nature.choices)
    #: Contract year and instalment that the line is about; null when it is about the whole contract.
    annee = models.PositiveSmallIntegerField("annuité", null=True)
    echeance = models.PositiveSmallIntegerField("versement de l'année", null=True)
    montant = models.BigIntegerField("montant (centimes, signé)")
    date_effet = models.DateField("date d'effet")
    date_valeur = models.DateField("date de valeur")
    libelle = models.CharField("libellé", max_length=300)
    #: What this line is the trace of: the same fact is never recorded twice.
    cle = models.CharField(max_length=120, unique=True)
    calcul = models.ForeignKey(CalculConserve, models.PROTECT, null=True, related_name="ecritures")
    ligne = models.ForeignKey(LigneVersement, models.PROTECT, null=True, related_name="ecritures")
    fichier = models.ForeignKey(FichierBancaire, models.PROTECT, null=True, related_name="ecritures")
    piece = models.ForeignKey(Piece, models.PROTECT, null=True, related_name="ecritures")
    annule = models.OneToOneField("self", models.PROTECT, null=True, related_name="annulee_par")
    consigne_le = models.DateTimeField(default=timezone.now)
    auteur = models.ForeignKey("dossiers.Utilisateur", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "écriture"
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(condition=~Q(montant=0), name="ecriture_non_nulle"),
            models.CheckConstraint(condition=Q(compte__in=Compte.values), name="ecriture_compte"),
            models.CheckConstraint(condition=Q(nature__in=Nature.values), name="ecriture_nature"),
            models.CheckConstraint(
                condition=~Q(nature=Nature.DROIT)
                | Q(annee__isnull=False, echeance__isnull=False, calcul__isnull=False),
                name="ecriture_droit_explique",
            ),
            models.CheckConstraint(
                condition=~Q(nature=Nature.VERSEMENT) | Q(montant__lt=0, ligne__isnull=False, fichier__isnull=False),
                name="ecriture_versement_trace",
            ),
            models.CheckConstraint(
                condition=Q(nature=Nature.CONTRE_PASSATION, annule__isnull=False)
                | (~Q(nature=Nature.CONTRE_PASSATION) & Q(annule__isnull=True)),
                name="ecriture_annulation",
            ),
        ]
        indexes = [models.Index(fields=["contrat", "compte"], name="ecriture_solde")]

    def __str__(self) -> str:
        return f"{self.get_nature_display()} {francais.euros(self.montant)}"


class ReponseBancaire(AjoutSeul, Cloisonne):
    """One thing that a file of the bank says, and what was done with it. Written once (triggers refuse the rest)."""

    CHEMIN_CAISSE = "fichier__caisse"

    fichier = models.ForeignKey(FichierBancaire, models.PROTECT, related_name="reponses")
    #: The transfer, when it is one of the fund's; its reference, empty for a whole order; the order that held it.
    ligne = models.ForeignKey(LigneVersement, models.PROTECT, null=True, related_name="reponses")
    reference = models.CharField(max_length=80, blank=True)
    ordre = models.CharField(max_length=80, blank=True)
    #: As the bank writes it: RJCT, ACSC, PDNG…
    statut = models.CharField(max_length=8)
    code = models.CharField(max_length=40, blank=True)
    motif = models.CharField(max_length=300, blank=True)
    montant = models.BigIntegerField("montant rendu (centimes)", null=True)
    effet = models.CharField(max_length=12, choices=EffetReponse.choices)

    class Meta:
        verbose_name = "réponse de la banque"
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.statut} {self.reference or self.ordre}"
