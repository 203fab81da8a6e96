"""Each address, and the roles it is open to: closed by default, opened in one place.

A view of the files is declared with `@reserve(roles…)`; one that forgot it answers 403 to everybody. Named rows are
reached by `ouvrir`, which shows only what the actor may see, and logs the read.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from binome.dossiers.acteur import Acteur
from binome.dossiers.contrats.journal import tracer
from binome.dossiers.models import Affectation
from binome.dossiers.models.cloison import Cloisonne
from binome.dossiers.nomenclatures import AGENTS, DE_LA_CAISSE, Role
from binome.site.comptes.sessions import ouverte_depuis
from binome.site.socle.disque import malgre_un_disque_plein

#: Open to everybody: the simulator, the guide, the API of simulations, the health of the site.
PUBLICS = {"simulateur", "guide", "api"}
NOMS_PUBLICS = {"vivant", "pret", "sante_courriels"}
#: Rules of their own: allauth's pages (log-in and out, second factor) and the administration.
AUTONOMES = ("/comptes/", "/administration/")
#: Where a factor, a password or an address is chosen: only by whoever entered lately.
SENSIBLES = {"mfa_activate_totp", "mfa_add_webauthn", "account_set_password", "account_email"}
CLE = "affectation"

Vue = Callable[..., HttpResponseBase]
Objet = TypeVar("Objet", bound=Cloisonne)


class Requete(HttpRequest):
    """A request whose actor is known."""

    acteur: Acteur


def reserve(*roles: Role) -> Callable[[Vue], Vue]:
    """Open a view to these roles."""

    def decorer(vue: Vue) -> Vue:
        @never_cache
        @functools.wraps(vue)
        def gardee(requete: Requete, *args: Any, **champs: Any) -> HttpResponseBase:
            if requete.acteur.role not in roles:
                raise PermissionDenied
            return vue(requete, *args, **champs)

        gardee.roles = roles  # type: ignore[attr-defined]
        return gardee

    return decorer


class Acces:
    """Puts the actor on the request, and closes what no one opened."""

    def __init__(self, suite: Callable[[HttpRequest], HttpResponse]) -> None:
        self.suite = suite

    def __call__(self, requete: HttpRequest) -> HttpResponse:
        """Answer."""
        return self.suite(requete)

    def process_view(self, requete: HttpRequest, vue: Vue, args: Any, champs: Any) -> HttpResponseBase | None:
        """Nothing for a public page; the log-in page, a refusal or the second factor for the others."""
        del args, champs
        trouve = requete.resolver_match
        assert trouve is not None  # noqa: S101 - Django resolves before it calls
        if PUBLICS & set(trouve.namespaces) or trouve.url_name in NOMS_PUBLICS:
            return None
        connecte = requete.user.is_authenticated
        if connecte and requete.path.startswith("/administration/") and self._sans_facteur(requete):
            return redirect("mfa_index")
        if connecte and trouve.url_name in SENSIBLES and self._entree_ancienne(requete):
            logout(requete)
            messages.info(requete, "Ce changement demande une connexion récente : entrez de nouveau.")
            return redirect_to_login(requete.get_full_path())
        if requete.path.startswith(AUTONOMES) and not hasattr(vue, "roles") and trouve.namespace != "comptes":
            return None
        if not connecte:
            return redirect_to_login(requete.get_full_path())
        if trouve.namespace == "comptes":
            return None
        acteur = acteur_de(requete)
        requete.acteur = acteur  # type: ignore[attr-defined]
        if acteur is None or not hasattr(vue, "roles"):
            raise PermissionDenied
        if acteur.role != Role.MEDECIN and self._sans_facteur(requete):
            messages.warning(requete, "Un second facteur est nécessaire pour ouvrir les dossiers : choisissez-en un.")
            return redirect("mfa_index")
        return None

    @staticmethod
    def _entree_ancienne(requete: HttpRequest) -> bool:
        """True of an account that has nothing to be asked for again, neither password nor factor, entered long ago."""
        return (
            not get_reauthentication_flows(requete.user)
            and ouverte_depuis(requete) > settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
        )

    @staticmethod
    def _sans_facteur(requete: HttpRequest) -> bool:
        """True where a second factor is asked of a user who has none."""
        return bool(settings.MFA_OBLIGATOIRE) and not is_mfa_enabled(requete.user)


def acteur_de(requete: HttpRequest) -> Acteur | None:
    """The user in the role chosen, or in their only one."""
    if not requete.user.is_authenticated:
        return None
    affectations = affectations_de(requete)
    choisie = requete.session.get(CLE)
    affectation = next((a for a in affectations if a.pk == choisie), affectations[0] if affectations else None)
    return None if affectation is None else Acteur.de(affectation)


def affectations_de(requete: HttpRequest) -> list[Affectation]:
    """The active roles of the user."""
    lignes = Affectation.objects.filter(utilisateur=requete.user.pk, active=True)
    return list(lignes.select_related("utilisateur", "caisse", "medecin").order_by("pk"))


def ouvrir(
    requete: Requete, modele: type[Objet], cle: int, *, lignes: QuerySet[Objet] | None = None, action: str = "lire"
) -> Objet:
    """A named row that the actor may see, its read logged; 404 otherwise, as if it did not exist."""
    visibles: Any = modele.objects.visibles(requete.acteur)
    if lignes is not None:
        visibles = lignes.filter(pk__in=visibles.values("pk"))
    objet: Objet | None = visibles.filter(pk=cle).first()
    if objet is None:
        raise Http404
    noter_lecture(requete, action, objet)
    return objet


def noter_lecture(requete: Requete, action: str, objet: Any) -> None:
    """Log that a named row was read: in the database or, where the disk is full, on the standard error."""
    acteur, quoi = requete.acteur, f"{action} {objet._meta.model_name} {objet.pk}"
    with malgre_un_disque_plein(requete, quoi, role=str(acteur.role), compte=requete.user.pk, caisse=acteur.caisse_id):
        tracer(acteur, action, objet)


__all__ = ["AGENTS", "DE_LA_CAISSE", "Acces", "Requete", "Role", "acteur_de", "noter_lecture", "ouvrir", "reserve"]
