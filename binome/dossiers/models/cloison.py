"""The wall between funds: the one place where a fund's files are kept from the others.

Every model of named data has a manager whose `visibles(acteur)` gives the rows that this actor may see; pages, API and
commands reach named data through it and nothing else (a test walks every address with every role).
"""

from __future__ import annotations

from typing import Any, Protocol, Self, TypeVar

from django.db import models
from django.db.models import Q

from binome.dossiers.nomenclatures import AGENTS, Role

Modele = TypeVar("Modele", bound="Cloisonne")


class Regard(Protocol):
    """Whoever looks at the rows: their role, and the fund or the doctor that they are (`acteur.Acteur`)."""

    @property
    def role(self) -> Role:
        """The role in which they look."""
        ...

    @property
    def caisse_id(self) -> int | None:
        """Their fund, if they belong to one."""
        ...

    @property
    def medecin_id(self) -> int | None:
        """The doctor that they are, if they are one."""
        ...


class Cloisonnes(models.QuerySet[Modele]):
    """Rows that belong to a fund."""

    def visibles(self, acteur: Regard) -> Self:
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


class AjoutSeul(models.Model):
    """A row written once: the database refuses to change or remove it (`garde_fous`)."""

    class Meta:
        abstract = True


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
