"""The catalogue of the values that an operator may give: their names, forms, bounds, and where they go in the law."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from openfisca_assistants_medicaux.nomenclatures import INDICATEURS, Specialite

FICHIER = Path(__file__).with_name("catalogue.yaml")

#: What a value may be about when its entry of the catalogue does not say.
CHOIX_COMMUNS: Mapping[str, tuple[str, ...]] = {
    "specialite": tuple(membre.name for membre in Specialite)[1:],
    "indicateur": INDICATEURS,
}


@dataclass(frozen=True)
class Nom:
    """A name of the catalogue."""

    nom: str
    libelle: str
    #: nombre, entier, booleen, mot, liste or courbe.
    forme: str
    unite: str
    des: datetime.date
    #: What it makes known, or sure, told to whoever has not given it yet.
    debloque: str = ""
    #: First date of effect that is no longer admitted.
    avant: datetime.date | None = None
    #: What the value is about (specialty, option…), and what may be written there.
    pour: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    chemin: str = ""
    #: The value completes the national distribution instead of a parameter.
    percentile: bool = False
    minimum: float | None = None
    maximum: float | None = None
    admis: tuple[Any, ...] = ()

    def sujets(self) -> int:
        """How many values the name may have at one date: one for each subject."""
        return math.prod(len(admis) for admis in self.pour.values())

    def attendu(self) -> str:
        """What the value is expected to be, for a reader."""
        bornes = ""
        if self.minimum is not None and self.maximum is not None:
            bornes = f" de {_ecrit(self.minimum)} à {_ecrit(self.maximum)}"
        quoi = {
            "nombre": f"nombre{bornes}",
            "entier": f"nombre entier{bornes}",
            "booleen": "oui ou non",
            "mot": "mot",
            "liste": f"liste de nombres{bornes}",
            "courbe": f"points [patients, patients à gagner]{bornes}, par patients croissants",
        }[self.forme]
        mots = " ou ".join(f"« {mot} »" for mot in self.admis)
        if not mots:
            return quoi
        return mots if self.forme == "mot" or not bornes else f"{quoi}, ou {mots}"


def _ecrit(nombre: float) -> str:
    return f"{nombre:g}".replace(".", ",")


@lru_cache(maxsize=1)
def catalogue() -> Mapping[str, Nom]:
    """Every name, in the order of the file."""
    lu: dict[str, dict[str, Any]] = yaml.safe_load(FICHIER.read_text(encoding="utf-8"))
    return MappingProxyType({nom: _nom(nom, dit) for nom, dit in lu.items()})


def _nom(nom: str, dit: dict[str, Any]) -> Nom:
    choix = dit.get("choix", {})
    return Nom(
        nom=nom,
        libelle=dit["libelle"],
        forme=dit["forme"],
        unite=dit["unite"],
        des=dit["des"],
        debloque=dit["debloque"],
        avant=dit.get("avant"),
        pour={axe: tuple(choix.get(axe, CHOIX_COMMUNS.get(axe, ()))) for axe in dit.get("pour", ())},
        chemin=dit.get("chemin", ""),
        percentile=dit.get("percentile") == "oui",
        minimum=dit.get("minimum"),
        maximum=dit.get("maximum"),
        admis=tuple(dit.get("admis", ())),
    )
