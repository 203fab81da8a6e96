"""Where a situation tells what the law reads: the path of each input, for one doctor or for a group."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from binome.simulation.modele.situation import (
    HORS_LOI,
    VARIABLES,
    Assistant,
    Contrat,
    Groupe,
    Medecin,
    Membre,
    Patientele,
    Situation,
)

#: Stands for every element of a list.
RANG_QUELCONQUE = "*"
MEMBRES = f"groupe.membres.{RANG_QUELCONQUE}"

#: Parts of the situation that tell the law's inputs, by dispositif.
_PARTIES: dict[str, dict[str, Any]] = {
    "individuel": {"medecin": Medecin, "patientele": Patientele, "contrat": Contrat, "assistant": Assistant},
    "collectif": {"groupe": Groupe, "assistant": Assistant, MEMBRES: Membre},
}


@cache
def chemins(dispositif: str) -> dict[str, str]:
    """Path of each input of the law in a situation of that dispositif; members' fields under « groupe.membres.* »."""
    trouves: dict[str, str] = {}
    for partie, modele in _PARTIES[dispositif].items():
        for champ in modele.model_fields:
            if champ not in HORS_LOI:
                trouves.setdefault(VARIABLES.get(champ, champ), f"{partie}.{champ}")
    return trouves


@cache
def variable_de(chemin: str) -> tuple[str, str]:
    """(input of the law, dispositif) that a path of the situation tells. Raises KeyError when the law reads no such."""
    sans_rang = ".".join(RANG_QUELCONQUE if morceau.isdecimal() else morceau for morceau in chemin.split("."))
    for dispositif in _PARTIES:
        for variable, sien in chemins(dispositif).items():
            if sien == sans_rang:
                return variable, dispositif
    raise KeyError(chemin)


def ecrit(chemin: str) -> str:
    """A path as a sentence names it, for those who write files."""
    return chemin.replace(f".{RANG_QUELCONQUE}", "")


def est_vide(situation: Situation, chemin: str) -> bool:
    """True when a situation says nothing at that path, or when one member of a group does not."""
    return any(valeur is None for valeur in _valeurs(situation, chemin.split(".")))


def valeur_a(situation: Situation, chemin: str) -> Any:
    """The value at a path; None when nothing is said."""
    return next(iter(_valeurs(situation, chemin.split("."))), None)


def _valeurs(objet: Any, morceaux: list[str]) -> Iterator[Any]:
    if not morceaux or objet is None:
        yield objet
    elif morceaux[0] == RANG_QUELCONQUE:
        for element in objet:
            yield from _valeurs(element, morceaux[1:])
    else:
        yield from _valeurs(getattr(objet, morceaux[0]), morceaux[1:])
