"""Titles of columns: ours, and the usual names that people give to the same facts."""

from __future__ import annotations

import csv
import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from binome.francais import enumeration, ordre, sans_accents
from binome.tableaux.refus import FichierRefuse

#: Words that change nothing to what a title says.
_MOTS_VIDES = frozenset(["a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "un", "une"])


def cle(titre: str) -> str:
    """What two writings of one title share: case, accents, signs and little words set aside."""
    mots = sans_accents(titre.replace("°", " ").replace("º", " ")).split("_")
    return "_".join([mot for mot in mots if mot not in _MOTS_VIDES] or mots)


@lru_cache
def _usages() -> dict[str, tuple[str, ...]]:
    """Usual titles of each field (« usages/titres.csv »)."""
    fichier = resources.files("binome.tableaux").joinpath("usages", "titres.csv")
    usages: dict[str, tuple[str, ...]] = {}
    for ligne in csv.DictReader(fichier.read_text(encoding="utf-8").splitlines(), delimiter=";"):
        usages[ligne["champ"]] = (*usages.get(ligne["champ"], ()), ligne["titre"])
    return usages


@dataclass(frozen=True)
class Titres:
    """The columns that a door reads, and those it cannot do without."""

    champs: tuple[str, ...]
    obligatoires: tuple[str, ...] = ()

    def champ(self, titre: str) -> str | None:
        """The field that a title names; None when it names none of this door's."""
        return self._par_cle().get(cle(titre)) or self._par_cle().get(cle(titre.partition("(")[0]))

    def connus(self, titres: Iterable[str]) -> int:
        """How many of these titles name a field."""
        return sum(self.champ(titre) is not None for titre in titres)

    def _par_cle(self) -> dict[str, str]:
        return _par_cle(self.champs)

    def reconnaitre(self, titres: Sequence[str]) -> list[str]:
        """The field of each title. Raises FichierRefuse with everything that is wrong with them."""
        champs = [self.champ(titre) for titre in titres]
        fautes = [self._inconnu(titre) for titre, champ in zip(titres, champs, strict=True) if champ is None]
        for champ in sorted({champ for champ in champs if champ is not None and champs.count(champ) > 1}):
            ecrits = [f"« {titre} »" for titre, lu in zip(titres, champs, strict=True) if lu == champ]
            fautes.append(f"colonne « {champ} » en double ({enumeration(ecrits)})")
        fautes += [f"colonne « {nom} » absente" for nom in self.obligatoires if nom not in champs]
        if fautes:
            raise FichierRefuse(*fautes, f"titres attendus : {', '.join(self.champs)}")
        return [champ for champ in champs if champ is not None]

    def _inconnu(self, titre: str) -> str:
        if not titre:
            return "colonne sans titre"
        proches = difflib.get_close_matches(cle(titre), self._par_cle(), n=3, cutoff=0.7)
        noms = sorted({self._par_cle()[proche] for proche in proches}, key=ordre)
        return f"colonne « {titre} » inconnue" + (f" (proche : {', '.join(noms)})" if noms else "")


@lru_cache
def _par_cle(champs: tuple[str, ...]) -> dict[str, str]:
    usages = {cle(titre): champ for champ in champs for titre in _usages().get(champ, ())}
    return usages | {cle(champ): champ for champ in champs}
