"""A situation in an address, and back: nothing is stored, so the address is all there is to share.

Only what differs from the model's defaults is written; fields keep the model's order, so that one situation has one
address.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from pydantic import BaseModel

from binome.simulation import Faute, Situation
from binome.site.simulateur.champs import champ_de

#: First words of the names that belong to a situation; any other parameter of an address is not ours to judge.
RACINES = tuple(Situation.model_fields)

#: Lists whose rank is the contract year that each element tells about.
PAR_ANNEE = ("resultats", "projections")


def reponses_de(parametres: Mapping[str, str]) -> dict[str, str]:
    """What was answered, by field name; blank answers are no answers."""
    return {
        nom: texte.strip()
        for nom, texte in parametres.items()
        if nom.split(".", 1)[0] in RACINES and texte is not None and texte.strip()
    }


@dataclass
class ReponsesLues:
    """What answers say, as data for the model."""

    donnees: dict[str, Any]
    #: Names that the model does not know.
    fautes: list[Faute] = field(default_factory=list)
    #: For each list, the rank written for each of its elements: a row left empty leaves no hole in the data.
    rangs: dict[str, list[str]] = field(default_factory=dict)

    def nom_ecrit(self, champ: str) -> str:
        """The name under which a field of the model was written."""
        for liste, rangs in self.rangs.items():
            reste = champ.removeprefix(f"{liste}.")
            position, _, suite = reste.partition(".")
            if reste != champ and position.isdecimal() and 0 < int(position) <= len(rangs):
                return f"{liste}.{rangs[int(position) - 1]}" + (f".{suite}" if suite else "")
        return champ


def lire(reponses: Mapping[str, str]) -> ReponsesLues:
    """Nested data for the model. Results are ranked by their year."""
    lecture = ReponsesLues({})
    for nom, texte in reponses.items():
        champ = champ_de(nom)
        if champ is None:
            attendu = "champ inconnu ; les champs de la page du simulateur sont attendus"
            lecture.fautes.append(Faute(nom, attendu, texte))
            continue
        *parents, dernier = nom.split(".")
        noeud = lecture.donnees
        for morceau in parents:
            noeud = noeud.setdefault(morceau, {})
        noeud[dernier] = champ.lire(texte)
    for liste in PAR_ANNEE:
        for rang, ligne in lecture.donnees.get(liste, {}).items():
            ligne.setdefault("annee", int(rang))
    lecture.donnees = _listes(lecture.donnees, "", lecture.rangs)
    return lecture


def _listes(noeud: Any, chemin: str, rangs: dict[str, list[str]]) -> Any:
    if not isinstance(noeud, dict):
        return noeud
    if noeud and all(cle.isdecimal() for cle in noeud):
        rangs[chemin] = sorted(noeud, key=int)
        return [_listes(noeud[cle], f"{chemin}.{cle}", rangs) for cle in rangs[chemin]]
    return {cle: _listes(valeur, f"{chemin}.{cle}".lstrip("."), rangs) for cle, valeur in noeud.items()}


def ecrire(situation: Situation) -> str:
    """The situation as the parameters of an address."""
    return urlencode(list(paires(situation)))


def paires(modele: BaseModel, prefixe: str = "") -> Iterator[tuple[str, str]]:
    """Field names and their written values, without those that say nothing more than the default."""
    for nom, info in type(modele).model_fields.items():
        valeur = getattr(modele, nom)
        if nom == "annee" and prefixe.split(".")[0] in PAR_ANNEE:
            continue
        if valeur is None or (not info.is_required() and valeur == info.get_default(call_default_factory=True)):
            continue
        yield from _paires_de(f"{prefixe}{nom}", valeur)


def _paires_de(chemin: str, valeur: Any) -> Iterator[tuple[str, str]]:
    if isinstance(valeur, BaseModel):
        yield from paires(valeur, f"{chemin}.")
    elif isinstance(valeur, tuple):
        for position, element in enumerate(valeur, start=1):
            rang = element.annee if chemin in PAR_ANNEE else position
            yield from _paires_de(f"{chemin}.{rang}", element)
    else:
        champ = champ_de(chemin)
        assert champ is not None  # noqa: S101 - the catalogue is made of the same model
        yield chemin, champ.ecrire(valeur)
