"""Who is acting, and what they may see: the one place where a fund's files are kept from the others.

Every model of named data has a manager whose `visibles(acteur)` gives the rows that this actor may see; pages, API and
commands reach named data through it and nothing else (a test walks every address with every role).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models
from django.db.models import Q

from binome import francais
from binome.dossiers.erreurs import Refus
from binome.dossiers.nomenclatures import Role

if TYPE_CHECKING:
    from binome.dossiers.models import Affectation, Utilisateur

#: Roles of the people who work on the files of one fund.
AGENTS = (Role.GESTIONNAIRE, Role.VALIDEUR, Role.RESPONSABLE)
#: Roles that belong to one fund.
DE_LA_CAISSE = (*AGENTS, Role.DELEGUE)


@dataclass(frozen=True)
class Acteur:
    """A user in one of their roles; without a user, the system itself (commands, scheduled work) in one fund."""

    utilisateur: Utilisateur | None
    role: Role
    caisse_id: int | None = None
    medecin_id: int | None = None
    secteur_dam: str = ""

    @classmethod
    def de(cls, affectation: Affectation) -> Self:
        """The actor of an assignment."""
        return cls(
            affectation.utilisateur,
            Role(affectation.role),
            affectation.caisse_id,
            affectation.medecin_id,
            affectation.secteur_dam,
        )

    @classmethod
    def systeme(cls, caisse_id: int) -> Self:
        """Scheduled work in one fund: it sees what a manager sees, and validates nothing."""
        return cls(None, Role.GESTIONNAIRE, caisse_id)

    @property
    def nom(self) -> str:
        """Who, in words."""
        return "Système" if self.utilisateur is None else str(self.utilisateur)

    @property
    def la_caisse(self) -> int:
        """The fund of an agent."""
        assert self.caisse_id is not None  # noqa: S101 - an agent always has a fund (« affectation_portee »)
        return self.caisse_id

    def est(self, *roles: Role) -> bool:
        """True in one of these roles."""
        return self.role in roles


def reserver(acteur: Acteur, caisse_id: int, roles: Sequence[Role], quoi: str) -> None:
    """Refuse an act to whoever has none of these roles in this fund. Raises Refus."""
    if acteur.role not in roles or acteur.caisse_id != caisse_id:
        noms = francais.enumeration([role.label.lower() for role in roles], mot="ou")
        raise Refus(f"{quoi} : réservé à {noms} de la caisse")


Modele = TypeVar("Modele", bound="Cloisonne")


class Cloisonnes(models.QuerySet[Modele]):
    """Rows that belong to a fund."""

    def visibles(self, acteur: Acteur) -> Self:
        """The rows that this actor may see; none by default."""
        modele: Any = self.model
        if acteur.role in modele.ROLES and acteur.caisse_id is not None:
            return self.filter(**{modele.CHEMIN_CAISSE: acteur.caisse_id})
        if acteur.role == Role.MEDECIN and acteur.medecin_id is not None and modele.CHEMINS_MEDECIN:
            condition = Q()
            for chemin in modele.CHEMINS_MEDECIN:
                condition |= Q(**{chemin: acteur.medecin_id})
            return self.filter(pk__in=modele.objects.filter(condition).values("pk"))
        return self.none()


class Cloisonne(models.Model):
    """A row that belongs to one fund: the paths by which `visibles` finds whose."""

    #: Look-up path to the fund.
    CHEMIN_CAISSE = "caisse"
    #: Look-up paths to the doctor who may read the row; none when doctors may not.
    CHEMINS_MEDECIN: tuple[str, ...] = ()
    #: Roles of the fund that may see the row.
    ROLES: tuple[Role, ...] = AGENTS

    objects = Cloisonnes.as_manager()

    class Meta:
        abstract = True
