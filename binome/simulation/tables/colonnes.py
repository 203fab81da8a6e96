"""Columns of a table of doctors: the fields of `Situation`, flat, checked by the same definitions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, TypeAdapter

from binome import francais
from binome.simulation.cout.modeles import Euros
from binome.simulation.modele.situation import (
    HORS_LOI,
    VARIABLES,
    Assistant,
    Contrat,
    Medecin,
    MontantsNotifies,
    Patientele,
    Patients,
)
from binome.simulation.moteur.systeme import annees_du_contrat, systeme

ENTIER = re.compile(r"[+-]?\d+")


@dataclass(frozen=True)
class Colonne:
    """A column: its name in the file, the law variable it fills, and how a cell is checked.

    `annee` is the contract year that it tells about; None for a column of the contract.
    """

    nom: str
    variable: str
    description: str
    obligatoire: bool
    adaptateur: Any
    annee: int | None = None

    @property
    def cle(self) -> str:
        """What tells it from the others once read: the law variable, or the name where several years share one."""
        return self.variable if self.annee is None else self.nom

    def valider(self, brute: str) -> Any:
        """A cell as a typed value. Raises pydantic.ValidationError."""
        return self.adaptateur.validate_python(int(brute) if ENTIER.fullmatch(brute) else brute)


@dataclass(frozen=True)
class ColonneAcceptee:
    """A column as documented to users."""

    nom: str
    description: str
    obligatoire: bool


def _du_modele(modele: type[BaseModel]) -> list[Colonne]:
    colonnes = []
    for champ, info in modele.model_fields.items():
        if champ in HORS_LOI:
            continue
        annotation: Any = Annotated[info.annotation, info]
        adaptateur: Any = TypeAdapter(annotation)
        colonnes.append(
            Colonne(
                nom=champ,
                variable=VARIABLES.get(champ, champ),
                description=info.description or champ,
                obligatoire=info.is_required() or champ == "option",
                adaptateur=adaptateur,
            )
        )
    return colonnes


def _patients(nom: str, description: str) -> Colonne:
    return Colonne(nom, nom, description, False, TypeAdapter(Patients))


def _montant(annee: str, description: str) -> Colonne:
    nom = f"montant_notifie_{annee}"
    adaptateur: Any = TypeAdapter(Annotated[Euros, AfterValidator(francais.centimes)])
    return Colonne(nom, nom, f"{description} (euros)", False, adaptateur)


def _resultat(annee: int, indicateur: str, libelle: str) -> Colonne:
    description = f"{libelle} constatée pour l'année {annee}"
    return Colonne(
        f"resultat_{annee}_{indicateur}", f"resultat_{indicateur}", description, False, TypeAdapter(Patients), annee
    )


@lru_cache
def _colonnes() -> dict[str, Colonne]:
    toutes = [c for modele in (Medecin, Patientele, Contrat, Assistant) for c in _du_modele(modele)]
    for indicateur, libelle in (("patientele_mt", "Patientèle médecin traitant"), ("file_active", "File active")):
        toutes.append(_patients(f"cible_notifiee_{indicateur}", f"{libelle} à atteindre, notifiée par la caisse"))
        toutes.append(_patients(f"gain_notifie_{indicateur}", f"{libelle} à gagner, notifiée par la caisse"))
        toutes += [_resultat(annee, indicateur, libelle) for annee in range(1, annees_du_contrat(systeme()) + 1)]
    toutes += [_montant(annee, info.description or annee) for annee, info in MontantsNotifies.model_fields.items()]
    return {colonne.nom: colonne for colonne in toutes}


COLONNES = _colonnes()


def colonnes_acceptees() -> list[ColonneAcceptee]:
    """The columns of a table of doctors, the free identifier first."""
    identifiant = ColonneAcceptee("identifiant", "Repère libre, recopié dans les résultats", False)
    return [identifiant, *(ColonneAcceptee(c.nom, c.description, c.obligatoire) for c in COLONNES.values())]
