"""Columns of a table of doctors: the fields of `Situation`, flat, checked by the same definitions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any

from pydantic import BaseModel, TypeAdapter

from binome import argent
from binome.simulation.modele.cout import Euros
from binome.simulation.modele.nomenclatures import INDICATEURS, NomLecture
from binome.simulation.modele.situation import (
    HORS_LOI,
    PARTS,
    PREFIXES,
    VARIABLES,
    Assistant,
    Contrat,
    Lectures,
    Medecin,
    MontantsNotifies,
    Patientele,
    PatientsCumules,
)
from binome.simulation.moteur.systeme import annees_du_contrat, systeme
from openfisca_assistants_medicaux.apports import AUCUN

#: Parts of a situation whose fields are columns.
PARTIES: dict[str, type[BaseModel]] = {
    "medecin": Medecin,
    "patientele": Patientele,
    "contrat": Contrat,
    "assistant": Assistant,
}


@dataclass(frozen=True)
class Colonne:
    """A column: its name, the law variable it fills, the part of the situation it comes from, how a value is checked.

    `annee` is the contract year that it tells about; None for a column of the contract. `en_centimes`: the law counts
    in cents what a situation says in euros. `lue` is false for a field that is checked, and that the law does not read;
    `part` is true for a share, which a typed column may also give in per cent.
    """

    nom: str
    variable: str
    partie: str
    description: str
    obligatoire: bool
    adaptateur: Any
    annee: int | None = None
    en_centimes: bool = False
    lue: bool = True
    part: bool = False

    def valider(self, brute: Any) -> Any:
        """A cell as a typed value, as the law counts it. Raises pydantic.ValidationError."""
        valeur = self.adaptateur.validate_python(brute)
        return argent.en_centimes(valeur) if self.en_centimes else valeur

    def valider_type(self, valeur: Any) -> None:
        """Check a value that is already of the law's type. Raises pydantic.ValidationError."""
        self.adaptateur.validate_python(argent.en_euros(valeur) if self.en_centimes else valeur)


@dataclass(frozen=True)
class ColonneAcceptee:
    """A column as documented to users."""

    nom: str
    description: str
    obligatoire: bool


def _du_modele(partie: str, modele: type[BaseModel]) -> list[Colonne]:
    colonnes = []
    for champ, info in modele.model_fields.items():
        if champ in PREFIXES:
            continue
        annotation: Any = Annotated[info.annotation, info]
        adaptateur: Any = TypeAdapter(annotation)
        colonnes.append(
            Colonne(
                nom=champ,
                variable=VARIABLES.get(champ, champ),
                partie=partie,
                lue=champ not in HORS_LOI,
                description=info.description or champ,
                obligatoire=info.is_required() or champ == "option",
                adaptateur=adaptateur,
                part=champ in PARTS,
            )
        )
    return colonnes


def _notifie(nom: str, description: str) -> Colonne:
    return Colonne(nom, nom, "objectifs_notifies", description, False, TypeAdapter(PatientsCumules))


def _montant(annee: str, description: str) -> Colonne:
    nom = f"montant_notifie_{annee}"
    return Colonne(nom, nom, "montants_notifies", f"{description} (euros)", False, TypeAdapter(Euros), en_centimes=True)


def colonne_d_annee(genre: str, annee: int, indicateur: str) -> str:
    """Name of the column of a year's result (« resultat ») or supposition (« projection »)."""
    return f"{genre}_{annee}_{indicateur}"


def _lecture(champ: str, description: str) -> Colonne:
    nom = f"{PREFIXES['lectures']}{champ}"
    return Colonne(nom, nom, "contrat", description, False, TypeAdapter(NomLecture))


def _annuelle(genre: str, annee: int, indicateur: str, libelle: str) -> Colonne:
    return Colonne(
        nom=colonne_d_annee(genre, annee, indicateur),
        variable=f"resultat_{indicateur}",
        partie=f"{genre}s",
        description=f"{libelle} {'constatée' if genre == 'resultat' else 'supposée'} pour l'année {annee}",
        obligatoire=False,
        adaptateur=TypeAdapter(PatientsCumules),
        annee=annee,
    )


@lru_cache
def _colonnes() -> dict[str, Colonne]:
    toutes = [colonne for partie, modele in PARTIES.items() for colonne in _du_modele(partie, modele)]
    rangs = range(1, annees_du_contrat(systeme(AUCUN)) + 1)
    for indicateur, libelle in INDICATEURS.items():
        toutes.append(_notifie(f"cible_notifiee_{indicateur}", f"{libelle} à atteindre, notifiée par la caisse"))
        toutes.append(_notifie(f"gain_notifie_{indicateur}", f"{libelle} à gagner, notifiée par la caisse"))
        for genre in ("resultat", "projection"):
            toutes += [_annuelle(genre, annee, indicateur, libelle) for annee in rangs]
    toutes += [_lecture(champ, info.description or champ) for champ, info in Lectures.model_fields.items()]
    toutes += [_montant(annee, info.description or annee) for annee, info in MontantsNotifies.model_fields.items()]
    return {colonne.nom: colonne for colonne in toutes}


COLONNES = _colonnes()


def colonnes_acceptees() -> list[ColonneAcceptee]:
    """The columns of a table of doctors, the free identifier first."""
    identifiant = ColonneAcceptee("identifiant", "Repère libre, recopié dans les résultats", False)
    return [identifiant, *(ColonneAcceptee(c.nom, c.description, c.obligatoire) for c in COLONNES.values())]
