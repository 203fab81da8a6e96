"""Who is acting, in which of their roles. What they may see is said by `models/cloison.py`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from binome import francais
from binome.dossiers.erreurs import Refus
from binome.dossiers.nomenclatures import Role

if TYPE_CHECKING:
    from binome.dossiers.models import Affectation, Utilisateur


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
