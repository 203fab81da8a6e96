"""The tiny Markdown of templates: paragraphs, titles (##), lists (-), notes (>), **bold**, fields, tables, signatures.

It is read before values are known: a value is a piece of text at its place, whatever it holds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from binome.erreurs import BinomeErreur

Genre = Literal["paragraphe", "titre", "liste", "note", "tableau", "signatures"]

_BALISE = re.compile(r"\{%\s*(\w+)(?:\s+([\w-]+))?\s*%\}")
_SIGNE = re.compile(r"\*\*|\{\{\s*(\w+)\s*\}\}")
_RESTE = re.compile(r"\{\{|\}\}|\{%|%\}")


@dataclass(frozen=True)
class Morceau:
    """A run of text, or the place of a field."""

    texte: str
    fort: bool = False
    champ: bool = False


Ligne = tuple[Morceau, ...]


@dataclass(frozen=True)
class BlocDeTexte:
    """A part of the body. A list has a line for each element; the other texts have one."""

    genre: Genre
    lignes: tuple[Ligne, ...] = ()
    #: Of the table.
    nom: str = ""


def lire(corps: str) -> tuple[BlocDeTexte, ...]:
    """The blocks of a body. Raises BinomeErreur on what this Markdown does not have."""
    return tuple(_bloc(texte) for texte in re.split(r"\n\s*\n", corps.strip()) if texte.strip())


def champs_de(ligne: Ligne) -> list[str]:
    """Names of the fields of a line."""
    return [morceau.texte for morceau in ligne if morceau.champ]


def _bloc(texte: str) -> BlocDeTexte:
    lignes = texte.strip().splitlines()
    if balise := _BALISE.fullmatch(texte.strip()):
        return _marque(*balise.groups())
    if lignes[0].startswith("## "):
        if len(lignes) > 1:
            raise BinomeErreur(f"« {lignes[0]} » : une ligne vide est attendue après un titre")
        return BlocDeTexte("titre", (_ligne(texte.strip()[3:]),))
    if lignes[0].startswith("> "):
        return BlocDeTexte("note", (_ligne(_joindre([ligne.removeprefix(">") for ligne in lignes])),))
    if lignes[0].startswith("- "):
        elements: list[list[str]] = []
        for ligne in lignes:
            if ligne.startswith("- "):
                elements.append([ligne[2:]])
            else:
                elements[-1].append(ligne)
        return BlocDeTexte("liste", tuple(_ligne(_joindre(element)) for element in elements))
    return BlocDeTexte("paragraphe", (_ligne(_joindre(lignes)),))


def _marque(mot: str, nom: str | None) -> BlocDeTexte:
    if mot == "tableau" and nom:
        return BlocDeTexte("tableau", nom=nom)
    if mot == "signatures" and not nom:
        return BlocDeTexte("signatures")
    raise BinomeErreur(f"marque « {mot} {nom or ''} » inconnue ; attendu : « tableau nom », « signatures »")


def _joindre(lignes: list[str]) -> str:
    return " ".join(ligne.strip() for ligne in lignes)


def _ligne(texte: str) -> Ligne:
    """The runs of a line: bold is opened and closed by the same sign."""
    morceaux: list[Morceau] = []
    fort, rang = False, 0
    for trouve in _SIGNE.finditer(texte):
        morceaux.append(_litteral(texte[rang : trouve.start()], fort=fort))
        rang = trouve.end()
        if trouve.group(1):
            morceaux.append(Morceau(trouve.group(1), fort, champ=True))
        else:
            fort = not fort
    if fort:
        raise BinomeErreur(f"« {texte} » : un « ** » n'est pas refermé")
    morceaux.append(_litteral(texte[rang:], fort=False))
    return tuple(morceau for morceau in morceaux if morceau.texte)


def _litteral(texte: str, *, fort: bool) -> Morceau:
    if _RESTE.search(texte):
        raise BinomeErreur(f"« {texte.strip()} » : accolades mal formées ; « {{{{ champ }}}} » est attendu")
    return Morceau(texte, fort)
