"""The administration: the log of reads, the states of contracts, changed through the table of transitions only.

No named file is read here: it is read in its fund, where each reading is logged.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from binome.dossiers.acteur import Acteur
from binome.dossiers.contrats import cycle
from binome.dossiers.echanges import mentions
from binome.dossiers.echanges.courriels_en_echec import abandonnes_de_comptes
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import (
    Affectation,
    Caisse,
    CodeAnalytique,
    Consultation,
    Contrat,
    Courriel,
    PlanComptable,
)
from binome.dossiers.nomenclatures import Role
from binome.site.comptes.administration import EnLecture, Liste


@admin.register(Caisse)
class Caisses(Liste):
    """Funds. What their letters carry is their head's to write."""

    list_display = ("code", "nom")
    exclude = mentions.RECOURS


class CodesAnalytiques(admin.TabularInline):  # type: ignore[type-arg]
    """The analytical code of each option."""

    model = CodeAnalytique
    extra = 0


@admin.register(PlanComptable)
class PlansComptables(Liste):
    """The chart of accounts of each fund; closed periods keep the accounts of their day."""

    list_display = ("caisse", "journal", "charge", "tiers", "banque", "indus", "remises", "non_valeurs")
    inlines = (CodesAnalytiques,)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: it is changed."""
        del request, obj
        return False


@admin.register(Consultation)
class Consultations(EnLecture):
    """The log of reads."""

    list_display = ("quand", "utilisateur", "role", "action", "objet", "objet_id")
    list_filter = ("action", "role")
    date_hierarchy = "quand"


@admin.register(Courriel)
class CourrielsDeComptes(EnLecture):
    """Mails of the accounts that were given up: whoever opens accounts is told that a link did not arrive. (The funds'
    own are theirs.)"""

    list_display = ("abandonne_le", "destinataire", "objet", "erreur", "essais")
    list_display_links = None
    actions = ("classer",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Courriel]:
        """Those that nobody dealt with yet."""
        del request
        return abandonnes_de_comptes()

    @admin.action(description="Classer : la personne a été prévenue autrement")
    def classer(self, request: HttpRequest, courriels: QuerySet[Courriel]) -> None:
        """Take them off the list."""
        for courriel in courriels:
            self.log_change(request, courriel, "classé")
        courriels.update(classe_le=timezone.now())


#: Transitions that ask for no date and no reason.
SIMPLES = [t for t in cycle.TRANSITIONS if not t.date and not t.motif_attendu and t.nom not in cycle.INTERNES]


@admin.register(Contrat)
class Contrats(EnLecture):
    """Files by number and state, without a name. An action asks for a transition, as the pages do."""

    list_display = ("numero", "caisse", "statut", "option", "regime", "date_signature", "date_fin")
    list_filter = ("statut", "regime", "caisse")
    search_fields = ("numero",)
    list_display_links = None

    @admin.display(description=mark_safe('<input type="checkbox" id="action-toggle">'))
    def action_checkbox(self, obj: Contrat) -> SafeString:
        """The box of an action, which says the number of the file: Django's says the file, name included."""
        boite = forms.CheckboxInput({"class": "action-select", "aria-label": f"Choisir {obj.numero}"}, lambda _: False)
        return boite.render(ACTION_CHECKBOX_NAME, str(obj.pk))

    def change_view(self, *args: Any, **champs: Any) -> HttpResponse:
        """A file is not opened here. Raises PermissionDenied."""
        del args, champs
        raise PermissionDenied

    #: Nor what was done to it.
    history_view = change_view

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
