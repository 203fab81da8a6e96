"""The glossary: one table (`glossaire.csv`) for the page of the site and for the developers' docs/glossaire.md.

A meaning never types a figure of the law: it names the parameter. `{loi vie_du_contrat.duree}` is its value today,
`{loi versements.avance.taux AV7}` its value under a set of rules, `{debut RA}` and `{fin RA}` the days between which
contracts were signed under one. Words between back quotes are names of data.
"""

from __future__ import annotations

import csv
import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from django.utils.text import slugify

from binome import francais
from binome.simulation.mots.grandeurs import mot
from binome.site.guide.loi import ReglesInconnues, debut_du_regime, fin_du_regime, lire
from openfisca_assistants_medicaux.certitude import Certitude

FICHIER = Path(__file__).with_name("glossaire.csv")
_RENVOI = re.compile(r"\{(loi|debut|fin) ([\w.]+)(?: (\w+))?\}")
_CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Terme:
    """A word of the domain."""

    rubrique: str
    terme: str
    code: str
    sens: str

    @property
    def titre(self) -> str:
        """The word, as the page writes it."""
        return self.terme.replace("'", "’")

    @property
    def ancre(self) -> str:
        """Where the page holds it."""
        return slugify(self.terme)

    def ecrire(self, date: datetime.date) -> str:
        """The meaning, with the figures of the law on a day; names of data stay between back quotes."""
        return _RENVOI.sub(lambda trouve: _valeur(trouve, date), self.sens)

    def ecrire_pour_tous(self, date: datetime.date) -> str:
        """The meaning for a reader who does not know the names of data."""
        sens = _CODE.sub(lambda trouve: mot(trouve.group(1)), self.ecrire(date))
        return sens.replace("'", "’")


@lru_cache(maxsize=1)
def termes() -> tuple[Terme, ...]:
    """Every word, in the order of the table; the words of certainty, which the law package holds, after their own."""
    with FICHIER.open(encoding="utf-8", newline="") as flux:
        ecrits = [Terme(**ligne) for ligne in csv.DictReader(flux)]
    place = next(rang for rang, terme in enumerate(ecrits) if terme.code == "`certitude`")
    return (*ecrits[: place + 1], *_certitudes(ecrits[place].rubrique), *ecrits[place + 1 :])


def _certitudes(rubrique: str) -> Iterator[Terme]:
    """Each word of certainty and what it means, strongest first."""
    for sure in sorted(Certitude, reverse=True):
        mots, sens = sure.en_mots, sure.sens
        yield Terme(rubrique, mots[0].upper() + mots[1:], f"`{sure.name}`", f"{sens[0].upper()}{sens[1:]}.")


def rubriques() -> Iterator[tuple[str, tuple[Terme, ...]]]:
    """The words, by section."""
    for rubrique, suite in groupby(termes(), key=lambda terme: terme.rubrique):
        yield rubrique, tuple(suite)


def en_markdown(date: datetime.date) -> str:
    """The tables of docs/glossaire.md, with the figures of a day."""
    morceaux = []
    for rubrique, suite in rubriques():
        morceaux += [f"## {rubrique}", "", "| Terme | Nom dans le code | Sens |", "|---|---|---|"]
        morceaux += [f"| {terme.terme} | {terme.code} | {terme.ecrire(date)} |" for terme in suite]
        morceaux.append("")
    return "\n".join(morceaux)


def _valeur(renvoi: re.Match[str], date: datetime.date) -> str:
    genre, nom, regime = renvoi.groups()
    if genre == "debut":
        return francais.date_courte(debut_du_regime(nom))
    if genre == "fin":
        fin = fin_du_regime(nom)
        return "aujourd’hui" if fin is None else francais.date_courte(fin)
    parametre = lire(nom, debut_du_regime(regime) if regime else date)
    if parametre is None:
        raise ReglesInconnues(nom)
    return parametre.valeur_ecrite
