"""The gross salary of the post, month after month: entered, or the larger of SMIC and conventional minimum."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from binome import argent, francais
from binome.simulation.cout import emploi
from binome.simulation.cout.bareme import bareme
from binome.simulation.modele.cout import SalaireRetenu
from openfisca_assistants_medicaux.certitude import Certitude
from openfisca_assistants_medicaux.lecture import Entree

#: A whole, in ten-thousandths.
ENTIER = 10_000
#: Months of a year.
MOIS = 12

#: The SMIC is read in OpenFisca-France, and compared with the grid whichever is the larger.
SMIC = Certitude.secondaire

POSITION_BASSE, POSITION_HAUTE = "salaire_minimal.position_basse", "salaire_minimal.position_haute"


@dataclass(frozen=True)
class Salaire:
    """What the salary of a full-time post is made from; `saisi` in cents, seniority at signature included."""

    saisi: int | None
    anciennete: int
    appreciation: datetime.date
    #: The collective agreement applies: its minimum, and its seniority bonus.
    convention: bool = True

    def mensuel(self, date: datetime.date, annees: int) -> int:
        """Gross monthly salary in cents on a day, `annees` whole years after signature."""
        if not self.convention:
            return bareme().smic(date) if self.saisi is None else self.saisi
        acquise = ENTIER + taux_anciennete(self.anciennete + annees, self.appreciation)
        if self.saisi is None:
            base = max(bareme().smic(date), minimum_conventionnel(date, self.appreciation))
            return _arrondir(base * acquise, ENTIER)
        return _arrondir(self.saisi * acquise, ENTIER + taux_anciennete(self.anciennete, self.appreciation))

    def retenu(self, date: datetime.date) -> SalaireRetenu:
        """The salary of the first day, and why."""
        if not self.convention:
            return self._hors_convention(date)
        entree = emploi.valeur(POSITION_BASSE, date, self.appreciation)
        smic, minimum = bareme().smic(date), minimum_conventionnel(date, self.appreciation)
        return SalaireRetenu(
            brut_mensuel=self.mensuel(date, 0),
            smic=smic,
            minimum_conventionnel=minimum,
            date_minimum_conventionnel=_date_d_effet(entree),
            taux_anciennete=Decimal(taux_anciennete(self.anciennete, self.appreciation)) / ENTIER,
            raison=self._raison(date, smic, minimum, entree),
            certitude=None if self.saisi is not None else min(SMIC, entree.certitude).name,
        )

    def _hors_convention(self, date: datetime.date) -> SalaireRetenu:
        smic = bareme().smic(date)
        sans = "la convention collective des cabinets médicaux ne s'applique pas outre-mer."
        return SalaireRetenu(
            brut_mensuel=self.mensuel(date, 0),
            smic=smic,
            minimum_conventionnel=None,
            date_minimum_conventionnel=None,
            taux_anciennete=Decimal(0),
            raison=f"{'SMIC' if self.saisi is None else 'Salaire saisi'} : {sans}",
            certitude=SMIC.name if self.saisi is None else None,
        )

    def _raison(self, date: datetime.date, smic: int, minimum: int, entree: Entree) -> str:
        haute = argent.en_centimes(emploi.valeur(POSITION_HAUTE, date, self.appreciation).valeur)
        grille = (
            f"grille de la convention collective ({francais.date_courte(_date_d_effet(entree))} : "
            f"de {francais.euros(minimum)} à {francais.euros(haute)} pour un assistant médical)"
        )
        if self.saisi is not None:
            return f"Salaire saisi. SMIC : {francais.euros(smic)} ; {grille}."
        if smic >= minimum:
            return f"SMIC ({francais.euros(smic)}), supérieur au minimum de la {grille}."
        return f"Minimum de la {grille}, supérieur au SMIC ({francais.euros(smic)})."


def _date_d_effet(entree: Entree) -> datetime.date:
    return datetime.date.fromisoformat(str(entree.date_effet))


def _arrondir(numerateur: int, denominateur: int) -> int:
    """Quotient of two whole numbers, half rounded up."""
    return (2 * numerateur + denominateur) // (2 * denominateur)


def smic_mensuel(date: datetime.date) -> Decimal:
    """The SMIC of a full-time month on a day, in euros."""
    return argent.en_euros(bareme().smic(date))


@lru_cache(maxsize=512)
def minimum_conventionnel(date: datetime.date, appreciation: datetime.date) -> int:
    """Last known minimum of the first position, in cents."""
    return argent.en_centimes(emploi.valeur(POSITION_BASSE, date, appreciation).valeur)


@lru_cache(maxsize=512)
def taux_anciennete(annees: int, appreciation: datetime.date) -> int:
    """Seniority bonus after so many whole years, in ten-thousandths of the base salary."""
    paliers = emploi.valeur("anciennete.paliers", appreciation, appreciation).valeur
    taux = emploi.valeur("anciennete.taux", appreciation, appreciation).valeur
    atteints = [t for palier, t in zip(paliers, taux, strict=True) if annees * MOIS >= palier]
    return round(atteints[-1] * ENTIER) if atteints else 0
