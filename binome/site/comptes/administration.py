"""The administration of accounts: opened, closed, never deleted; what a factor or a proof holds is not edited here."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import Group
from django.core.exceptions import BadRequest
from django.db import DataError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from binome.dossiers.models import Affectation, Utilisateur
from binome.site.comptes.journal import Quoi, noter
from binome.site.comptes.models import Connexion
from binome.site.comptes.sessions import fermer_les_sessions

# One way in: allauth's, with its second factor and its waits after wrong passwords.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.site_header = "Binôme — administration"
admin.site.site_title = "Binôme"


class Liste(admin.ModelAdmin):  # type: ignore[type-arg]
    """A list of the administration: a key or a date that is none is a bad request, and not a failure of the site."""

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list, or what an action did. Raises BadRequest."""
        try:
            return super().changelist_view(request, extra_context)
        except (ValueError, OverflowError, DataError) as erreur:
            raise BadRequest(f"administration : {type(erreur).__name__}") from erreur

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any], *ou: Any) -> HttpResponse | None:
        """What an action did. Raises BadRequest when a chosen row is none: nothing is done then, to any."""
        cles = request.POST.getlist(ACTION_CHECKBOX_NAME)
        de_toutes = request.POST.get("select_across") == "1"
        if not de_toutes and queryset.filter(pk__in=cles).count() != len(set(cles)):
            raise BadRequest("administration : une ligne choisie n'existe pas")
        return super().response_action(request, queryset, *ou)


class EnLecture(Liste):
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


class DesAffectations(admin.TabularInline):  # type: ignore[type-arg]
    """The roles of an account: withdrawn, never deleted, so that they stay withdrawn."""

    model = Affectation
    extra = 0
    raw_id_fields = ("medecin",)
    can_delete = False


@admin.register(Utilisateur)
class Utilisateurs(Liste):
    """Accounts: opened here, entered by the link sent to their address or by OpenID Connect. Closed, never deleted."""

    list_display = ("email", "nom", "is_active", "is_staff", "last_login")
    search_fields = ("email", "nom")
    fields = ("email", "nom", "is_active", "is_staff", "is_superuser")
    inlines = (DesAffectations,)
    actions = ("fermer_les_sessions",)

    @admin.action(description="Fermer toutes les sessions de ces comptes", permissions=["change"])
    def fermer_les_sessions(self, request: HttpRequest, comptes: QuerySet[Utilisateur]) -> None:
        """Whoever is in is out at once; the account stays open."""
        for compte in comptes:
            fermees = fermer_les_sessions(compte)
            noter(Quoi.FERMEE, request, compte, auteur=request.user, detail=f"{fermees} session(s)")  # type: ignore[arg-type]
            self.message_user(request, f"{compte} : sessions fermées, {fermees}.")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: what was withdrawn would be forgotten."""
        del request, obj
        return False

    def save_model(self, request: HttpRequest, obj: Utilisateur, form: Any, change: bool) -> None:
        """A new account has no password of its own; a new address is to be proved, and the former one is told."""
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if change and "email" in form.changed_data:
            ancienne = form.initial["email"]
            EmailAddress.objects.filter(user=obj).delete()
            noter(
                Quoi.ADRESSE_CHANGEE,
                request,
                obj,
                auteur=request.user,  # type: ignore[arg-type]
                moyen="administration",
                detail=f"auparavant {ancienne}",
            )
            get_adapter().send_notification_mail(
                "account/email/email_changed",
                obj,
                {"from_email": ancienne, "to_email": obj.email},
                email=ancienne,
            )


# (Rights come from roles and from the two boxes of an account: groups would be a third way, that nobody looks at.)
for modele in (Group, Authenticator, EmailAddress, SocialAccount, SocialApp, SocialToken, UserSession):
    admin.site.unregister(modele)


@admin.register(Authenticator)
class Facteurs(EnLecture):
    """Second factors: who has which. One that was lost is removed; its secret is never shown."""

    list_display = fields = ("user", "type", "created_at", "last_used_at")
    list_filter = ("type",)
    search_fields = ("user__email",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A lost factor is removed: its owner is told, and chooses another."""
        del obj
        return bool(request.user.is_active and request.user.is_staff)

    def delete_model(self, request: HttpRequest, obj: Authenticator) -> None:
        """Remove it, and tell."""
        _retirer(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """Remove them, and tell."""
        for facteur in queryset:
            _retirer(request, facteur)


def _retirer(request: HttpRequest, facteur: Authenticator) -> None:
    noter(
        Quoi.FACTEUR_RETIRE,
        request,
        facteur.user,
        auteur=request.user,  # type: ignore[arg-type]
        moyen=f"{facteur.type}, par l'administration",
    )
    get_adapter().send_notification_mail("mfa/email/totp_deactivated", facteur.user)
    facteur.delete()


@admin.register(SocialAccount)
class Identites(EnLecture):
    """Identities tied to accounts. One that changed is untied: the next log-in ties the new one."""

    list_display = fields = ("user", "provider", "uid", "date_joined", "last_login")
    list_filter = ("provider",)
    search_fields = ("user__email", "uid")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An identity is untied here, and nowhere else."""
        del obj
        return bool(request.user.is_active and request.user.is_staff)


@admin.register(Connexion)
class Journal(EnLecture):
    """The journal of log-ins and refusals."""

    list_display = fields = (
        "quand",
        "quoi",
        "utilisateur",
        "auteur",
        "inconnu",
        "client",
        "moyen",
        "detail",
        "navigateur",
    )
    list_filter = ("quoi", "moyen")
    search_fields = ("utilisateur__email", "auteur__email", "client", "inconnu")
    date_hierarchy = "quand"
    list_select_related = ("utilisateur", "auteur")
