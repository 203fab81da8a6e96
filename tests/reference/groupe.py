"""A group told member by member, computed apart from the law package: arbitrage E12, with exact fractions.

Written from the arbitrage alone. Who is new, what he lacks to the median, in place of his share or beside it, and when
his three years end; then the amounts of the years, under both readings.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from tests.reference import exacte

#: Longest seniority of a new member, and time given to reach the median, in months.
ANCIENNETE, DELAI = 12, 36
MEDIANES = {"mt": 1045, "fa": 1514}
PAR_ETP = {"mt": Fraction(260), "fa": Fraction(110)}


@dataclass(frozen=True, kw_only=True)
class Adherent:
    """A member; None where it is not told."""

    mt: int
    fa: int | None
    installation: date | None = None
    adhesion: date | None = None

    def base(self, indicateur: str) -> int | None:
        """Patients at the start."""
        return self.mt if indicateur == "mt" else self.fa


@dataclass(frozen=True, kw_only=True)
class Groupe:
    """A collective contract, and the results of its members."""

    signature: date
    etp: Fraction
    adherents: tuple[Adherent, ...]
    deja_gagnes: Mapping[str, int] = field(default_factory=dict)
    resultats: exacte.Resultats = field(default_factory=dict)


def jour_d_adhesion(groupe: Groupe, adherent: Adherent) -> date:
    """The day he joined: the signature when nothing else is told."""
    return adherent.adhesion or groupe.signature


def est_nouveau(groupe: Groupe, adherent: Adherent) -> bool:
    """Installed for less than twelve months on the day he joins, and below a median."""
    if adherent.installation is None:
        return False
    jour = jour_d_adhesion(groupe, adherent)
    if not adherent.installation <= jour < exacte.ajoute_mois(adherent.installation, ANCIENNETE):
        return False
    bases = {nom: adherent.base(nom) for nom in MEDIANES}
    return any(base is not None and base < MEDIANES[nom] for nom, base in bases.items())


def nouveaux(groupe: Groupe) -> list[Adherent]:
    """The new members."""
    return [adherent for adherent in groupe.adherents if est_nouveau(groupe, adherent)]


def date_limite(groupe: Groupe) -> date | None:
    """The day by which the first new member has to be at the median."""
    jours = [jour_d_adhesion(groupe, adherent) for adherent in nouveaux(groupe)]
    return exacte.ajoute_mois(min(jours), DELAI) if jours else None


def base(groupe: Groupe, indicateur: str) -> int | None:
    """Sum of the members; unknown as soon as one is."""
    bases = [adherent.base(indicateur) for adherent in groupe.adherents]
    return None if None in bases else sum(b for b in bases if b is not None)


def gain(groupe: Groupe, indicateur: str, lecture: str) -> int | None:
    """Patients to gain under a reading: the median in place of the share (a), or beside the whole (b)."""
    venus, tous = nouveaux(groupe), len(groupe.adherents)
    part = Fraction(tous - len(venus), tous) if lecture == "a" else Fraction(1)
    du_groupe = math.floor(PAR_ETP[indicateur] * groupe.etp * part)
    manques = [None if (b := a.base(indicateur)) is None else max(MEDIANES[indicateur] - b, 0) for a in venus]
    if None in manques:
        return None
    return max(du_groupe - groupe.deja_gagnes.get(indicateur, 0), 0) + sum(m for m in manques if m is not None)


def taux(groupe: Groupe, rang: int, e12: str, d19: str) -> Fraction | None:
    """Part of the maximum that is due for a year."""
    if rang < 3:
        return Fraction(1)
    resultats = dict(zip(MEDIANES, groupe.resultats.get(rang, (None, None)), strict=True))
    mesures = []
    for nom, resultat in resultats.items():
        vise = gain(groupe, nom, e12)
        but = exacte.ObjectifIndicateur(suivi=True, gain=vise, borne_haute=vise)
        mesures.append(exacte.Mesure(base(groupe, nom), resultat, but))
    table = exacte.TABLE_DEUX_EXIGES if d19 == "a" else exacte.table_deux_indicateurs(groupe.signature, date.max)
    return exacte._taux_module(mesures, table)


def montant_du(groupe: Groupe, rang: int, e12: str, d19: str) -> int | None:
    """Amount due for a year, in cents."""
    part = taux(groupe, rang, e12, d19)
    euros = exacte.BAREME_COLL[min(rang, 3) - 1]
    return None if part is None else exacte.arrondi(exacte.arrondi(euros * 100 * groupe.etp) * part)
