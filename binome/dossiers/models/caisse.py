"""The fund, and the people and societies that it knows."""

from __future__ import annotations

import datetime
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
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
    #: The ways of appeal, as the fund sets them: without the three, no letter of decision leaves.
    recours_autorite = models.CharField(
        "recours : autorité",
        max_length=300,
        default="",
        help_text="Devant qui la décision se conteste d'abord, avec son adresse.",
    )
    recours_delai = models.CharField(
        "recours : délai",
        max_length=100,
        default="",
        help_text="En toutes lettres, compté de la réception de la décision.",
    )
    recours_tribunal = models.CharField(
        "recours : tribunal", max_length=300, default="", help_text="Qui est saisi ensuite, avec son adresse."
    )
    recours_precisions = models.TextField(
        "recours : précisions", blank=True, default="", help_text="Forme du recours, délai du tribunal, pièces."
    )
    #: The holder was told of the account: they have this long to say that it is not theirs.
    delai_compte = models.PositiveSmallIntegerField(
        "délai d'un compte nouveau (jours)",
        default=2,
        validators=[MaxValueValidator(60)],
        help_text="Jours entre l'annonce d'un compte à son titulaire et le premier virement qu'il peut recevoir.",
    )

    #: A claim given up beyond it is granted by another agent than whoever asked.
    seuil_abandon = models.PositiveIntegerField(
        "abandon de créance à deux agents, au-delà de (euros)",
        default=0,
        help_text="Remises et admissions en non-valeur. 0 : toujours deux agents.",
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

    @property
    def recours_manquants(self) -> list[str]:
        """What the fund has not written of the ways of appeal."""
        dits = {
            "autorité": self.recours_autorite,
            "délai": self.recours_delai,
            "tribunal": self.recours_tribunal,
        }
        return [quoi for quoi, dit in dits.items() if not dit.strip()]

    @property
    def voies_de_recours(self) -> str:
        """The ways of appeal as letters say them; nothing while one of them is not written."""
        if self.recours_manquants:
            return ""
        autorite, delai, tribunal = (
            texte.strip().rstrip(".") for texte in (self.recours_autorite, self.recours_delai, self.recours_tribunal)
        )
        dit = (
            f"Une décision de la caisse se conteste d'abord devant {autorite}. "
            f"Délai, à compter de sa réception : {delai}. Tribunal à saisir ensuite : {tribunal}."
        )
        return " ".join(filter(None, (dit, self.recours_precisions.strip())))

    def __str__(self) -> str:
        return self.nom


#: Whoever left an address less than this long ago is still told there of what concerns their money. Ours: no text gives
#: one; a year is longer than anyone who changes an address to steal a payment would wait for it.
MEMOIRE_DES_ADRESSES = datetime.timedelta(weeks=52)


class Joignable(Cloisonne):
    """Someone whom the fund writes to.

    The addresses left lately are kept, each with the instant it was left: whoever changes one, even twice, does not
    receive alone what it was changed for.
    """

    courriel = Adresse("courriel", blank=True)
    #: `{"adresse": …, "laissee_le": ISO instant}`, the last one first.
    anciens_courriels = models.JSONField("anciens courriels", default=list, blank=True, editable=False)

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db: str | None, field_names: Any, values: Any, **options: Any) -> Self:
        """The row, and the address that it had when it was read."""
        ligne = super().from_db(db, field_names, values, **options)
        ligne.__dict__["_courriel_lu"] = ligne.__dict__.get("courriel", "")
        return ligne

    def save(self, *args: Any, **options: Any) -> None:
        """Keep the address that goes."""
        lu = self.__dict__.get("_courriel_lu", "")
        champs = options.get("update_fields")
        if lu and lu != self.__dict__.get("courriel", lu) and (champs is None or "courriel" in champs):
            laissee = {"adresse": lu, "laissee_le": timezone.now().isoformat()}
            self.anciens_courriels = [laissee, *self._anciens_courriels_recents()]
            if champs is not None:
                options["update_fields"] = {*champs, "anciens_courriels"}
        super().save(*args, **options)
        self.__dict__["_courriel_lu"] = self.__dict__.get("courriel", lu)

    @property
    def courriels(self) -> tuple[str, ...]:
        """Where they are told of what concerns their money: the present address, and those left lately."""
        anciens = (ancien["adresse"] for ancien in self._anciens_courriels_recents())
        return tuple(dict.fromkeys(adresse for adresse in (self.courriel, *anciens) if adresse))

    def oublier_les_adresses(self) -> None:
        """Forget the present address and those before; nothing is saved here."""
        self.courriel, self.anciens_courriels = "", []
        self.__dict__["_courriel_lu"] = ""

    def _anciens_courriels_recents(self) -> list[dict[str, str]]:
        limite = timezone.now() - MEMOIRE_DES_ADRESSES
        return [a for a in self.anciens_courriels if datetime.datetime.fromisoformat(a["laissee_le"]) > limite]


class Structure(Joignable):
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


class Medecin(Joignable):
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
    """Where a doctor or a society is paid. Never changed: a new one replaces it.

    One agent proposes it, with its proof; another validates it; the holder is told; then, after the fund's delay, it
    may receive a transfer (`echanges.comptes`).
    """

    CHEMINS_MEDECIN = ("medecin",)
    ROLES = AGENTS

    caisse = models.ForeignKey(Caisse, models.PROTECT, related_name="comptes_bancaires")
    medecin = models.ForeignKey(Medecin, models.PROTECT, null=True, blank=True, related_name="comptes_bancaires")
    structure = models.ForeignKey(Structure, models.PROTECT, null=True, blank=True, related_name="comptes_bancaires")
    titulaire = models.CharField("titulaire", max_length=70)
    iban = models.CharField("IBAN", max_length=34)
    bic = models.CharField("BIC", max_length=11, blank=True)
    #: The proof: the document of the bank that it was copied from. None: recorded before one was asked.
    rib = models.ForeignKey("dossiers.Piece", models.PROTECT, null=True, blank=True, related_name="+")
    depuis = models.DateTimeField("saisi le", default=timezone.now)
    saisi_par = models.ForeignKey("dossiers.Utilisateur", models.PROTECT, null=True, related_name="+")
    valide_le = models.DateTimeField("validé le", null=True)
    valide_par = models.ForeignKey("dossiers.Utilisateur", models.PROTECT, null=True, related_name="+")
    refuse_le = models.DateTimeField("refusé le", null=True)
    refuse_par = models.ForeignKey("dossiers.Utilisateur", models.PROTECT, null=True, related_name="+")
    motif_refus = models.CharField(max_length=300, blank=True)
    #: When its holder was told, and how: the delay runs from there.
    annonce_le = models.DateTimeField("annoncé le", null=True)
    moyen_annonce = models.CharField(max_length=200, blank=True)
    utilisable_le = models.DateField("utilisable à partir du", null=True)
    actif = models.BooleanField(default=False)

    class Meta:
        verbose_name = "compte bancaire"
        constraints = [
            models.CheckConstraint(
                condition=Q(medecin__isnull=False, structure__isnull=True)
                | Q(medecin__isnull=True, structure__isnull=False),
                name="compte_un_titulaire",
            ),
            models.CheckConstraint(condition=Q(actif=False) | Q(valide_le__isnull=False), name="compte_valide"),
            models.CheckConstraint(
                condition=Q(valide_par__isnull=True) | Q(saisi_par__isnull=True) | ~Q(valide_par=F("saisi_par")),
                name="compte_deux_agents",
                violation_error_message="Un compte est validé par un autre agent que celui qui l'a proposé.",
            ),
            models.UniqueConstraint(fields=["medecin"], condition=Q(actif=True), name="compte_medecin_actif"),
            models.UniqueConstraint(fields=["structure"], condition=Q(actif=True), name="compte_structure_actif"),
            models.UniqueConstraint(
                fields=["medecin"],
                condition=Q(valide_le__isnull=True, refuse_le__isnull=True),
                name="compte_medecin_propose",
            ),
            models.UniqueConstraint(
                fields=["structure"],
                condition=Q(valide_le__isnull=True, refuse_le__isnull=True),
                name="compte_structure_propose",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.titulaire} {self.fin}"

    @property
    def fin(self) -> str:
        """What a page shows of the number."""
        return f"····{self.iban[-4:]}"

    @property
    def de_qui(self) -> Medecin | Structure:
        """Who is paid there."""
        qui = self.medecin or self.structure
        assert qui is not None  # noqa: S101 - proved by the constraint « compte_un_titulaire »
        return qui

    @property
    def propose(self) -> bool:
        """True while another agent has to look at it."""
        return self.valide_le is None and self.refuse_le is None

    @property
    def etat(self) -> str:
        """Where it stands, in a word."""
        if self.propose:
            return "proposé"
        if self.refuse_le is not None:
            return "refusé"
        return "actif" if self.actif else "remplacé"


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
