"""The administration: accounts to open, files to look at; a contract changes through the table of transitions only."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin, messages
from django.http import HttpRequest

from binome.dossiers.acteur import Acteur
from binome.dossiers.contrats import cycle
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Affectation, Caisse, Consultation, Contrat, Utilisateur
from binome.dossiers.nomenclatures import Role

# One way in: allauth's, with its second factor and its waits after wrong passwords.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.site_header = "Binôme — administration"
admin.site.site_title = "Binôme"


class DesAffectations(admin.TabularInline):  # type: ignore[type-arg]
    """The roles of an account."""

    model = Affectation
    extra = 0
    raw_id_fields = ("medecin",)


@admin.register(Utilisateur)
class Utilisateurs(admin.ModelAdmin):  # type: ignore[type-arg]
    """Accounts: opened here, entered by a password reset or by OpenID Connect."""

    list_display = ("email", "nom", "is_active", "is_staff", "last_login")
    search_fields = ("email", "nom")
    fields = ("email", "nom", "is_active", "is_staff", "is_superuser")
    inlines = (DesAffectations,)

    def save_model(self, request: HttpRequest, obj: Utilisateur, form: Any, change: bool) -> None:
        """A new account has no password of its own."""
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)


@admin.register(Caisse)
class Caisses(admin.ModelAdmin):  # type: ignore[type-arg]
    """Funds."""

    list_display = ("code", "nom")


class EnLecture(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows that are looked at, never edited here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never."""
        del request
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        del request, obj
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        del request, obj
        return False


@admin.register(Consultation)
class Consultations(EnLecture):
    """The log of reads."""

    list_display = ("quand", "utilisateur", "role", "action", "objet", "objet_id")
    list_filter = ("action", "role")
    date_hierarchy = "quand"


#: Transitions that ask for no date and no reason.
SIMPLES = [t for t in cycle.TRANSITIONS if not t.date and not t.motif_attendu and t.nom not in cycle.INTERNES]


@admin.register(Contrat)
class Contrats(EnLecture):
    """Files. An action asks for a transition: the same table, the same lock, the same journal as the pages."""

    list_display = ("numero", "caisse", "statut", "option", "regime", "date_signature", "date_fin")
    list_filter = ("statut", "regime", "caisse")
    search_fields = ("numero",)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """The transitions that ask for no date and no reason; the others have their page in the fund."""
        del request
        return {t.nom: (_action, t.nom, t.libelle) for t in SIMPLES}


def _action(modeladmin: Contrats, request: HttpRequest, contrats: Any) -> None:
    nom = request.POST["action"]
    for contrat in contrats:
        affectation = (
            Affectation.objects.filter(
                utilisateur=request.user.pk,
                caisse=contrat.caisse_id,
                active=True,
                role__in=(Role.GESTIONNAIRE, Role.RESPONSABLE),
            )
            .select_related("utilisateur")
            .first()
        )
        try:
            if affectation is None:
                raise Refus(f"{contrat.numero} : un rôle de gestionnaire dans la caisse est nécessaire")
            cycle.appliquer(contrat.pk, nom, Acteur.de(affectation))
        except Refus as refus:
            modeladmin.message_user(request, str(refus), messages.ERROR)
        else:
            modeladmin.message_user(request, f"{contrat.numero} : {cycle.PAR_NOM[nom].libelle.lower()}")
