"""The contract, what happens to it, and what it asks for.

A contract's columns are the image of its events (`journal`): they are written by `journal.consigner` only.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from binome.dossiers.models.caisse import Assistant, Caisse, Medecin, Structure, choix
from binome.dossiers.models.cloison import AjoutSeul, Cloisonne
from binome.dossiers.models.controle import Enchaine
from binome.dossiers.nomenclatures import (
    PIECES_CONTROLEES_A_DEUX,
    SIGNES,
    Dispositif,
    EtatPiece,
    Genre,
    NaturePiece,
    Statut,
)
from binome.simulation import NomOption, NomTeletravail


class Contrat(Cloisonne):
    """An individual or collective contract."""

    CHEMINS_MEDECIN = ("medecin", "engagements__medecin", "adhesions__medecin")

    caisse = models.ForeignKey(Caisse, models.PROTECT, related_name="contrats")
    numero = models.CharField("n° de dossier", max_length=20)
    dispositif = models.CharField(max_length=12, choices=Dispositif.choices)
    medecin = models.ForeignKey(Medecin, models.PROTECT, null=True, blank=True, related_name="contrats")
    structure = models.ForeignKey(Structure, models.PROTECT, null=True, blank=True, related_name="contrats")
    precedent = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="suivant", verbose_name="renouvelle"
    )
    gestionnaire = models.ForeignKey(
        "dossiers.Utilisateur", models.PROTECT, null=True, blank=True, related_name="contrats_geres"
    )
    cree_le = models.DateTimeField(default=timezone.now)

    # The image of the events.
    statut = models.CharField(max_length=12, choices=Statut.choices, default=Statut.BROUILLON)
    option = models.CharField(max_length=20, choices=choix(NomOption), blank=True)
    regime = models.CharField("règles", max_length=10, blank=True)
    date_signature = models.DateField("signé le", null=True, blank=True)
    #: Term of the contract, or its last day when it was terminated.
    date_fin = models.DateField("dernier jour", null=True, blank=True)
    eligible = models.CharField("éligibilité", max_length=15, blank=True)
    #: Number of the last event taken in: the image is that of the events up to this one.
    dernier_evenement = models.PositiveIntegerField(default=0)
    etat = models.JSONField(default=dict)

    class Meta:
        verbose_name = "contrat"
        constraints = [
            models.UniqueConstraint(fields=["caisse", "numero"], name="contrat_numero_unique"),
            models.CheckConstraint(
                condition=Q(dispositif=Dispositif.INDIVIDUEL, medecin__isnull=False)
                | Q(dispositif=Dispositif.COLLECTIF, medecin__isnull=True, structure__isnull=False),
                name="contrat_signataire",
            ),
            models.CheckConstraint(condition=Q(statut__in=Statut.values), name="contrat_statut"),
            models.CheckConstraint(
                condition=~Q(statut__in=SIGNES) | Q(date_signature__isnull=False), name="contrat_signe_date"
            ),
            models.CheckConstraint(
                condition=Q(date_fin__isnull=True) | Q(date_fin__gte=F("date_signature")), name="contrat_fin_ordre"
            ),
            models.UniqueConstraint(
                fields=["medecin"],
                # A renewal is signed while the contract that it follows runs: the days of each are their engagements'.
                condition=Q(statut__in=(Statut.EN_COURS, Statut.SUSPENDU)),
                name="contrat_en_cours_unique",
                violation_error_message="Ce médecin a déjà un contrat en cours.",
            ),
        ]
        indexes = [
            models.Index(fields=["caisse", "statut", "date_fin"], name="contrat_statut_fin"),
            models.Index(fields=["caisse", "date_signature"], name="contrat_signature"),
        ]

    def __str__(self) -> str:
        return f"{self.numero} — {self.titulaire}"

    @property
    def signataire(self) -> Medecin | Structure:
        """Who signs: the doctor, or the society."""
        qui = self.structure if self.dispositif == Dispositif.COLLECTIF else self.medecin
        assert qui is not None  # noqa: S101 - proved by the constraint « contrat_signataire »
        return qui

    @property
    def titulaire(self) -> str:
        """Their name."""
        return str(self.signataire)


class Evenement(AjoutSeul, Enchaine):
    """Something that happened to a contract: appended, never rewritten (triggers refuse it)."""

    CHEMIN_CAISSE = "contrat__caisse"
    CHEMINS_MEDECIN = ("contrat__medecin", "contrat__engagements__medecin")

    contrat = models.ForeignKey(Contrat, models.PROTECT, related_name="evenements")
    numero = models.PositiveIntegerField("rang dans le dossier")
    genre = models.CharField(max_length=20, choices=Genre.choices)
    date_effet = models.DateField("date d'effet")
    consigne_le = models.DateTimeField("consigné le", default=timezone.now)
    auteur = models.ForeignKey("dossiers.Utilisateur", models.PROTECT, null=True, related_name="evenements")
    role = models.CharField(max_length=20, blank=True)
    motif = models.TextField(blank=True)
    piece = models.ForeignKey("dossiers.Piece", models.PROTECT, null=True, blank=True, related_name="evenements")
    donnees = models.JSONField(default=dict)

    class Meta:
        verbose_name = "événement"
        ordering = ("contrat", "numero")
        constraints = [
            models.UniqueConstraint(fields=["contrat", "numero"], name="evenement_numero_unique"),
            models.CheckConstraint(condition=Q(genre__in=Genre.values), name="evenement_genre"),
        ]

    def __str__(self) -> str:
        return f"{self.contrat_id}/{self.numero} {self.get_genre_display()}"


class Engagement(Cloisonne):
    """A doctor bound by a contract, from a day to a day. Two never overlap for one doctor (triggers refuse it)."""

    CHEMIN_CAISSE = "contrat__caisse"
    CHEMINS_MEDECIN = ("medecin",)

    contrat = models.ForeignKey(Contrat, models.PROTECT, related_name="engagements")
    medecin = models.ForeignKey(Medecin, models.PROTECT, related_name="engagements")
    #: Copied from the doctor: one doctor may be known to two funds, and be bound only once.
    rpps = models.CharField(max_length=11, db_index=True)
    debut = models.DateField()
    fin = models.DateField()

    class Meta:
        verbose_name = "engagement"
        constraints = [
            models.UniqueConstraint(fields=["contrat", "medecin", "debut"], name="engagement_unique"),
            models.CheckConstraint(condition=Q(fin__gte=F("debut")), name="engagement_ordre"),
        ]

    def __str__(self) -> str:
        return f"{self.medecin} du {self.debut} au {self.fin}"


class Adhesion(Cloisonne):
    """A doctor who joins a collective contract, by a form of their own."""

    CHEMIN_CAISSE = "contrat__caisse"
    CHEMINS_MEDECIN = ("medecin",)

    contrat = models.ForeignKey(Contrat, models.PROTECT, related_name="adhesions")
    medecin = models.ForeignKey(Medecin, models.PROTECT, related_name="adhesions")
    pamsu_docteur_junior = models.BooleanField("PAMSU accueillant un docteur junior", default=False)
    bulletin = models.ForeignKey("dossiers.Piece", models.PROTECT, null=True, blank=True, related_name="+")
    debut = models.DateField(null=True, blank=True)
    fin = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = "adhésion"
        constraints = [
            models.UniqueConstraint(fields=["contrat", "medecin"], name="adhesion_unique"),
            models.CheckConstraint(condition=Q(fin__isnull=True) | Q(fin__gte=F("debut")), name="adhesion_ordre"),
        ]

    def __str__(self) -> str:
        return str(self.medecin)


class Employeur(models.TextChoices):
    """Who employs the assistant."""

    MEDECIN = "direct", "Le médecin"
    GROUPEMENT = "groupement_employeurs", "Un groupement d'employeurs"
    SOCIETE = "structure", "Une société (SCM, SISA…)"


class TypeContratTravail(models.TextChoices):
    """Kind of employment contract."""

    CDI = "cdi", "CDI"
    CDD = "cdd", "CDD"


class Embauche(Cloisonne):
    """An assistant's post under a contract."""

    CHEMIN_CAISSE = "contrat__caisse"
    CHEMINS_MEDECIN = ("contrat__medecin", "contrat__engagements__medecin")

    contrat = models.ForeignKey(Contrat, models.PROTECT, related_name="embauches")
    assistant = models.ForeignKey(Assistant, models.PROTECT, related_name="embauches")
    employeur = models.CharField(max_length=30, choices=Employeur.choices, default=Employeur.MEDECIN)
    employeur_nom = models.CharField("nom de l'employeur", max_length=150, blank=True)
    type_contrat = models.CharField("contrat de travail", max_length=3, choices=TypeContratTravail.choices)
    #: Hundredths of an hour, exact.
    centiemes_heures = models.PositiveIntegerField("heures par semaine (centièmes)")
    teletravail = models.CharField(
        "télétravail", max_length=20, choices=choix(NomTeletravail), default=NomTeletravail.aucun.value
    )
    date_debut = models.DateField("embauche")
    date_fin = models.DateField("départ", null=True, blank=True)
    motif_fin = models.CharField("motif du départ", max_length=200, blank=True)

    class Meta:
        verbose_name = "embauche"
        constraints = [
            models.CheckConstraint(
                condition=Q(date_fin__isnull=True) | Q(date_fin__gte=F("date_debut")), name="embauche_ordre"
            ),
            models.UniqueConstraint(
                fields=["contrat", "assistant"], condition=Q(date_fin__isnull=True), name="embauche_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assistant}, depuis le {self.date_debut:%d/%m/%Y}"


class Piece(Cloisonne):
    """An uploaded document: its content is in the private store, under its own fingerprint."""

    #: In a collective contract, a member sees what they sent, not the documents of the others.
    CHEMINS_MEDECIN = ("contrat__medecin", "medecin")

    caisse = models.ForeignKey(Caisse, models.PROTECT, related_name="pieces")
    contrat = models.ForeignKey(Contrat, models.PROTECT, null=True, blank=True, related_name="pieces")
    medecin = models.ForeignKey(Medecin, models.PROTECT, null=True, blank=True, related_name="pieces")
    structure = models.ForeignKey(Structure, models.PROTECT, null=True, blank=True, related_name="pieces")
    nature = models.CharField(max_length=30, choices=NaturePiece.choices)
    etat = models.CharField(max_length=10, choices=EtatPiece.choices, default=EtatPiece.RECUE)
    motif_refus = models.CharField(max_length=300, blank=True)
    nom = models.CharField(max_length=120)
    type_mime = models.CharField(max_length=60)
    taille = models.PositiveIntegerField("taille (octets)")
    sha256 = models.CharField(max_length=64)
    deposee_le = models.DateTimeField(default=timezone.now)
    deposee_par = models.ForeignKey("dossiers.Utilisateur", models.PROTECT, null=True, related_name="+")
    controlee_le = models.DateTimeField(null=True)
    controlee_par = models.ForeignKey("dossiers.Utilisateur", models.PROTECT, null=True, related_name="+")
    effacee_le = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "pièce"
        ordering = ("-deposee_le", "-pk")
        indexes = [models.Index(fields=["caisse", "etat"], name="piece_etat")]

    def __str__(self) -> str:
        return f"{self.get_nature_display()} — {self.nom}"

    @property
    def a_deux(self) -> bool:
        """True of a document that opens payments: another agent than who brought it looks at it."""
        return self.nature in PIECES_CONTROLEES_A_DEUX


class Echeance(Cloisonne):
    """A deadline of a contract, as the law counts it; made again after each event."""

    CHEMIN_CAISSE = "contrat__caisse"
    CHEMINS_MEDECIN = ("contrat__medecin", "contrat__engagements__medecin")

    contrat = models.ForeignKey(Contrat, models.PROTECT, related_name="echeances")
    nom = models.CharField(max_length=60)
    libelle = models.CharField(max_length=200)
    date = models.DateField()
    certitude = models.CharField(max_length=15, blank=True)
    faite_le = models.DateField(null=True, blank=True)
    relance_envoyee_le = models.DateField(null=True, blank=True)
    relances = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "échéance"
        ordering = ("date", "nom")
        constraints = [models.UniqueConstraint(fields=["contrat", "nom"], name="echeance_unique")]
        indexes = [models.Index(fields=["faite_le", "date"], name="echeance_a_faire")]

    def __str__(self) -> str:
        return f"{self.libelle} ({self.date:%d/%m/%Y})"


class Evaluation(Cloisonne):
    """A yearly evaluation: what the rules proposed and what the fund decided. A correction is another version."""

    CHEMIN_CAISSE = "contrat__caisse"
    CHEMINS_MEDECIN = ("contrat__medecin", "contrat__engagements__medecin")

    contrat = models.ForeignKey(Contrat, models.PROTECT, related_name="evaluations")
    annee = models.PositiveSmallIntegerField("annuité")
    version = models.PositiveSmallIntegerField(default=1)
    releve_date = models.DateField("relevé")
    patientele_mt = models.PositiveIntegerField(null=True, blank=True)
    file_active = models.PositiveIntegerField(null=True, blank=True)
    #: Part of the aid proposed by the rules; null when they do not say.
    propose_numerateur = models.PositiveIntegerField(null=True)
    propose_denominateur = models.PositiveIntegerField(null=True)
    numerateur = models.PositiveIntegerField("part décidée, numérateur")
    denominateur = models.PositiveIntegerField("part décidée, dénominateur")
    explication = models.TextField(blank=True)
    motif = models.TextField("motif de l'écart", blank=True)
    decidee_le = models.DateTimeField(default=timezone.now)
    auteur = models.ForeignKey("dossiers.Utilisateur", models.PROTECT, null=True, related_name="+")
    contestee_le = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "évaluation"
        ordering = ("contrat", "annee", "version")
        constraints = [
            models.UniqueConstraint(fields=["contrat", "annee", "version"], name="evaluation_unique"),
            models.CheckConstraint(
                condition=Q(denominateur__gt=0, numerateur__lte=F("denominateur")), name="evaluation_part"
            ),
            models.CheckConstraint(
                condition=~Q(motif="")
                | Q(
                    numerateur=F("propose_numerateur"),
                    denominateur=F("propose_denominateur"),
                    propose_numerateur__isnull=False,
                ),
                name="evaluation_motivee",
                violation_error_message="S'écarter de la proposition demande un motif écrit.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contrat_id}, année {self.annee}"


class Purge(models.Model):
    """The right to rewrite one contract's events, open only while its file is anonymised."""

    contrat = models.OneToOneField(Contrat, models.CASCADE, related_name="purge")
    ouverte_le = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "anonymisation en cours"

    def __str__(self) -> str:
        return str(self.contrat_id)
