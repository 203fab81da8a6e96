"""People, what they may be, and what they read."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from binome.dossiers.models.adresse import Adresse
from binome.dossiers.models.cloison import AjoutSeul
from binome.dossiers.nomenclatures import Role


class Utilisateurs(BaseUserManager["Utilisateur"]):
    """Accounts are known by their e-mail address."""

    def create_user(self, email: str, password: str | None = None, **champs: Any) -> Utilisateur:
        """An account; without a password it can only be entered by OpenID Connect or after a reset."""
        utilisateur = self.model(email=self.normalize_email(email).lower(), **champs)
        utilisateur.set_password(password)
        utilisateur.save(using=self._db)
        return utilisateur

    def create_superuser(self, email: str, password: str | None = None, **champs: Any) -> Utilisateur:
        """An account that may enter the administration. Whoever holds the server is believed about its address."""
        utilisateur = self.create_user(email, password, is_staff=True, is_superuser=True, **champs)
        utilisateur.prouver_adresse()
        return utilisateur


class Utilisateur(AbstractBaseUser, PermissionsMixin):
    """A person: agent of a fund, doctor, administrator."""

    email = Adresse("adresse électronique", unique=True)
    nom = models.CharField("nom", max_length=150, blank=True)
    is_active = models.BooleanField("actif", default=True)
    is_staff = models.BooleanField("accès à l'administration", default=False)
    date_joined = models.DateTimeField("créé le", default=timezone.now)

    objects = Utilisateurs()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = "utilisateur"
        constraints = [models.UniqueConstraint(Lower("email"), name="utilisateur_courriel_unique")]

    def __str__(self) -> str:
        return self.nom or self.email

    def get_full_name(self) -> str:
        """What allauth and the administration call a person."""
        return str(self)

    get_short_name = get_full_name

    def prouver_adresse(self) -> None:
        """Hold the address for proved, this account's former ones and others' claims to it for nothing."""
        # The table of addresses is allauth's, loaded after this one.
        from allauth.account.models import EmailAddress

        EmailAddress.objects.filter(user=self).exclude(email=self.email).delete()
        EmailAddress.objects.filter(email=self.email).exclude(user=self).delete()
        EmailAddress.objects.update_or_create(user=self, email=self.email, defaults={"verified": True, "primary": True})


class Affectation(models.Model):
    """A role of a person: in a fund, as a doctor, or above the funds."""

    utilisateur = models.ForeignKey(Utilisateur, models.CASCADE, related_name="affectations")
    role = models.CharField("rôle", max_length=20, choices=Role.choices)
    caisse = models.ForeignKey("dossiers.Caisse", models.PROTECT, null=True, blank=True, related_name="affectations")
    medecin = models.ForeignKey("dossiers.Medecin", models.PROTECT, null=True, blank=True, related_name="acces")
    secteur_dam = models.CharField("secteur du délégué", max_length=60, blank=True)
    active = models.BooleanField("active", default=True)

    class Meta:
        verbose_name = "affectation"
        constraints = [
            models.CheckConstraint(
                condition=Q(role=Role.MEDECIN, medecin__isnull=False, caisse__isnull=True)
                | Q(role__in=(Role.PILOTAGE, Role.ADMINISTRATEUR), medecin__isnull=True, caisse__isnull=True)
                | Q(
                    role__in=(Role.DELEGUE, Role.GESTIONNAIRE, Role.VALIDEUR, Role.RESPONSABLE),
                    medecin__isnull=True,
                    caisse__isnull=False,
                ),
                name="affectation_portee",
                violation_error_message="Un médecin a sa fiche, un agent sa caisse, les autres ni l'une ni l'autre.",
            ),
            models.UniqueConstraint(
                fields=["utilisateur", "role", "caisse", "medecin"],
                name="affectation_unique",
            ),
        ]

    def __str__(self) -> str:
        ou = f" — {self.caisse}" if self.caisse_id else ""
        return f"{self.get_role_display()}{ou}"


class Consultation(AjoutSeul):
    """One read of a named file, or one change: who, in what role, what, when. Never rewritten."""

    quand = models.DateTimeField(default=timezone.now, db_index=True)
    utilisateur = models.ForeignKey(Utilisateur, models.PROTECT, null=True, related_name="consultations")
    role = models.CharField(max_length=20, choices=Role.choices)
    caisse = models.ForeignKey("dossiers.Caisse", models.PROTECT, null=True, related_name="+")
    action = models.CharField(max_length=40)
    objet = models.CharField(max_length=40)
    objet_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = "consultation"
        indexes = [models.Index(fields=["objet", "objet_id"], name="consultation_objet")]

    def __str__(self) -> str:
        return f"{self.quand:%d/%m/%Y %H:%M} {self.action} {self.objet} {self.objet_id}"
