"""The field's own names of specialties, sectors, zones and statuses, and the member of the law's list that each says.

The names are data (« usages/*.csv »): labels and codes of the national directory of health professionals (RPPS), of the
health insurance's directory, of the SNDS, and everyday names. A name that may say two members is asked back.
"""

from __future__ import annotations

import csv
import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from binome import francais
from binome.tableaux.refus import CelluleRefusee
from binome.tableaux.titres import cle
from openfisca_assistants_medicaux import nomenclatures as loi

#: Names shown: of a short list, all of them; of a long one, the nearest.
LISTE_COURTE, EXEMPLES = 7, 4
_QUALIFICATIFS = (
    "specialiste_medecine_", "specialiste_en_", "specialiste_", "medecin_specialiste_", "qualifie_", "qualification_",
    "docteur_",
)  # fmt: skip
#: First member of a law's input list: « not told ».
_NON_DIT = frozenset({"non_renseigne", "non_renseignee"})


def _forme(texte: str) -> str:
    """What two writings of a name share: case, accents, signs, little words, plurals set aside."""
    return "_".join(mot.rstrip("s") or mot for mot in cle(texte.replace("&", " et ")).split("_"))


@dataclass(frozen=True)
class Liste:
    """A closed list of the law and the names that the field gives to its members."""

    #: What is said of a name that it does not know.
    inconnue: str
    #: Label of each member, as the product shows it.
    libelles: Mapping[str, str]
    #: By form: the members that a name may say, and what is answered to a name that says none.
    usages: Mapping[str, tuple[tuple[str, ...], str]]
    codes: Mapping[int, str]

    def lire(self, texte: str) -> str:
        """The member that a name says. Raises CelluleRefusee with the candidates."""
        ecrit = texte.strip()
        if ecrit.isascii() and ecrit.isdecimal() and int(ecrit) in self.codes:
            return self.codes[int(ecrit)]
        for forme in _formes(ecrit):
            if forme in self.usages:
                membres, dit = self.usages[forme]
                if len(membres) == 1:
                    return membres[0]
                raise CelluleRefusee(dit or f"{self._ou(membres)} ? une seule valeur attendue")
        raise CelluleRefusee(f"{self.inconnue} ; {self._proches(ecrit)}")

    def _ou(self, membres: tuple[str, ...]) -> str:
        return francais.enumeration(sorted((self.libelles[m] for m in membres), key=francais.ordre), "ou")

    def _proches(self, ecrit: str) -> str:
        if len(self.libelles) <= LISTE_COURTE:
            return f"attendu : {self._ou(tuple(self.libelles))}"
        voisins = difflib.get_close_matches(_forme(ecrit), self.usages, n=8, cutoff=0.5)
        membres = tuple(dict.fromkeys(m for voisin in voisins for m in self.usages[voisin][0]))[:EXEMPLES]
        if membres:
            return f"proches : {', '.join(sorted((self.libelles[m] for m in membres), key=francais.ordre))}"
        return f"une des {len(self.libelles)} valeurs connues attendue, par son libellé ou son code"


def _formes(ecrit: str) -> list[str]:
    """The forms under which a name is looked for: whole, without what is in brackets, without « spécialiste en »."""
    formes = [_forme(ecrit)]
    if "(" in ecrit:
        formes.append(_forme(ecrit.partition("(")[0]))
    for forme in tuple(formes):
        formes += [
            forme.removeprefix(qualificatif) for qualificatif in _QUALIFICATIFS if forme.startswith(qualificatif)
        ]
    return formes


def _liste(inconnue: str, membres: Any, fichier: str, codes: Mapping[int, str] | None = None) -> Liste:
    libelles = {membre.name: membre.value for membre in membres if membre.name not in _NON_DIT}
    usages: dict[str, tuple[tuple[str, ...], str]] = {}
    contenu = resources.files("binome.tableaux").joinpath("usages", fichier).read_text(encoding="utf-8")
    for libelle, membre, dit in list(csv.reader(contenu.splitlines(), delimiter=";"))[1:]:
        usages[_forme(libelle)] = (tuple(m.strip() for m in membre.split("|") if m.strip()), dit)
    # The product's own names come first: they say what they always said.
    for membre, libelle in libelles.items():
        usages |= {_forme(libelle): ((membre,), ""), _forme(membre): ((membre,), "")}
    return Liste(inconnue, libelles, usages, codes or {})


@lru_cache
def specialites() -> Liste:
    """Medical specialties."""
    return _liste("spécialité non reconnue", loi.Specialite, "specialites.csv", loi.CODES_SNDS)


@lru_cache
def secteurs() -> Liste:
    """Conventional sectors."""
    return _liste("secteur non reconnu", loi.Secteur, "secteurs.csv")


@lru_cache
def zones() -> Liste:
    """ARS zones."""
    return _liste("zone non reconnue", loi.Zone, "zones.csv")


@lru_cache
def statuts() -> Liste:
    """Statuses of practice."""
    return _liste("statut non reconnu", loi.StatutExercice, "statuts.csv")
