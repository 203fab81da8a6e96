"""What happened at the door: who entered, who was refused, what changed in an account. Only added to."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from binome.dossiers.models.cloison import AjoutSeul

#: The library's words for what opened the door, in those of the page. (An identity provider keeps its name.)
MOYENS = {"password": "mot de passe", "totp": "code à usage unique", "recovery_codes": "code de secours"}


class Connexion(AjoutSeul):
    """One thing that happened at the door, or to an account. Erased at the end of its time, and never before."""

    class Quoi(models.TextChoices):
        """What happened."""

        ENTREE = "entree", "Entrée"
        SORTIE = "sortie", "Sortie"
        EXPIREE = "expiree", "Session expirée"
        FERMEE = "fermee", "Session fermée"
        MOT_DE_PASSE_FAUX = "mot_de_passe_faux", "Mot de passe refusé"
        CODE_FAUX = "code_faux", "Code refusé"
        ATTENTE = "attente", "Trop d'essais"
        IDENTITE_REFUSEE = "identite_refusee", "Identité refusée"
        IDENTITE_LIEE = "identite_liee", "Identité liée"
        MOT_DE_PASSE_CHANGE = "mot_de_passe_change", "Mot de passe changé"
        MOT_DE_PASSE_DEMANDE = "mot_de_passe_demande", "Mot de passe demandé"
        ADRESSE_CHANGEE = "adresse_changee", "Adresse changée"
        FACTEUR_AJOUTE = "facteur_ajoute", "Facteur ajouté"
        FACTEUR_RETIRE = "facteur_retire", "Facteur retiré"
        CODES_REFAITS = "codes_refaits", "Codes de secours refaits"
        COMPTE_OUVERT = "compte_ouvert", "Compte ouvert"
        COMPTE_FERME = "compte_ferme", "Compte fermé"
        COMPTE_ROUVERT = "compte_rouvert", "Compte rouvert"
        ROLE_DONNE = "role_donne", "Rôle donné"
        ROLE_CHANGE = "role_change", "Rôle changé"
        ROLE_RETIRE = "role_retire", "Rôle retiré"
        DROIT_DONNE = "droit_donne", "Droit donné"
        DROIT_RETIRE = "droit_retire", "Droit retiré"

    quand = models.DateTimeField(default=timezone.now, db_index=True)
    quoi = models.CharField("fait", max_length=30, choices=Quoi.choices)
    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="connexions", verbose_name="compte"
    )
    #: Who did it, where somebody else did: an administrator. Nobody, of a command or of an identity provider.
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="par"
    )
    #: Of an account that does not exist, the trace that its address leaves: the same each time, never the address.
    inconnu = models.CharField("compte inconnu", max_length=32, blank=True)
    client = models.GenericIPAddressField("adresse du client", null=True)
    moyen = models.CharField(max_length=40, blank=True)
    navigateur = models.CharField(max_length=200, blank=True)
    detail = models.CharField("détail", max_length=200, blank=True)

    class Meta:
        verbose_name = "fait de connexion"
        verbose_name_plural = "journal des connexions"
        ordering = ("-pk",)
        indexes = [
            models.Index(fields=["utilisateur", "quand"], name="connexion_compte"),
            models.Index(fields=["client", "quand"], name="connexion_client"),
        ]

    @property
    def moyens(self) -> str:
        """What opened the door, for its owner."""
        return " + ".join(MOYENS.get(mot, mot) for mot in self.moyen.split(" + "))

    @property
    def portee(self) -> str:
        """What a role or a right opens, for the account's owner; other details are for the administrator."""
        return self.detail if self.quoi.startswith(("role_", "droit_")) else ""

    def __str__(self) -> str:
        return f"{self.quand:%d/%m/%Y %H:%M} {self.get_quoi_display()}"
