"""National distributions of reference: percentiles per specialty, indicator, population and date.

They are *data* with provenance, not rules: the published percentiles ship in `parameters/distributions/publiees.csv`;
an operator adds official ones with a CSV of the same columns (`BINOME_DISTRIBUTIONS`, or the constructor of the tax
and benefit system). A percentile that nobody published is bounded, never invented
(docs/arbitrages/d01-percentiles-non-publies.md).
"""

from __future__ import annotations

import csv
import datetime
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openfisca_assistants_medicaux.certitude import Certitude
from openfisca_assistants_medicaux.lecture import Entree, Lecteur, Masque, certitudes_de
from openfisca_assistants_medicaux.nomenclatures import Specialite

#: Limits of the bands, and the percentile of the second-to-last threshold of the objective's line.
PERCENTILES = (30, 50, 70, 90, 95, 99)
INDICATEURS = ("patientele_mt", "file_active")
COLONNES = (
    "date",
    "specialite",
    "indicateur",
    "population",
    "percentile",
    "valeur",
    "certitude",
    "source",
    "lien",
    "note",
)
POPULATIONS = ("adultes", "tous_ages")

#: Upper bound of a percentile about which nothing is known.
INFINI = np.iinfo(np.int32).max


class DistributionInvalide(ValueError):
    """A row of a distribution file cannot be read; the message, in French, names the line, the field and the value."""


@dataclass(frozen=True)
class Percentile:
    """One published percentile. `date` is empty for the avenant 7 distribution, whose date is unknown."""

    date: str
    specialite: str
    indicateur: str
    population: str
    percentile: float
    valeur: int
    certitude: Certitude
    source: str
    lien: str
    note: str


@dataclass(frozen=True)
class Encadrement:
    """What is known of a percentile: between `bas` and `haut` patients (equal when published)."""

    bas: int
    haut: int
    estimation: float | None
    certitude: Certitude

    @property
    def publie(self) -> bool:
        """True when a source gives the value itself."""
        return self.bas == self.haut


def _score(percentile: float) -> float:
    """Normal score of a percentile: the scale on which a log-normal distribution is a straight line."""
    return NormalDist().inv_cdf(percentile / 100)


def pente_log_normale(publies: dict[float, int]) -> float | None:
    """Slope of ln(patients) by normal score, from the lowest published percentile at or above the median to the
    highest one; None with fewer than two points there."""
    hauts = sorted(p for p in publies if p >= 50)
    if len(hauts) < 2:
        return None
    premier, dernier = hauts[0], hauts[-1]
    return (math.log(publies[dernier]) - math.log(publies[premier])) / (_score(dernier) - _score(premier))


def estimer(percentile: float, publies: dict[float, int], pente: float | None) -> float | None:
    """Log-normal estimate of an unpublished percentile, or None.

    Between two published percentiles: interpolated. With a single published one: drawn from it with the slope of
    another distribution of the same specialty and indicator. Never extrapolated otherwise.
    """
    if len(publies) == 1:
        ((point, valeur),) = publies.items()
        return None if pente is None else valeur * math.exp(pente * (_score(percentile) - _score(point)))
    dessous = [p for p in publies if p < percentile]
    dessus = [p for p in publies if p > percentile]
    if not dessous or not dessus:
        return None
    a, b = max(dessous), min(dessus)
    part = (_score(percentile) - _score(a)) / (_score(b) - _score(a))
    return math.exp(math.log(publies[a]) + part * (math.log(publies[b]) - math.log(publies[a])))


def encadrer(percentile: float, publies: dict[float, int], pente: float | None, marge: float) -> Encadrement:
    """Bounds of a percentile: exact when published, estimate ± `marge` otherwise, always within its neighbours."""
    if percentile in publies:
        return Encadrement(publies[percentile], publies[percentile], float(publies[percentile]), Certitude.texte)
    plancher = max((v for p, v in publies.items() if p < percentile), default=0)
    plafond = min((v for p, v in publies.items() if p > percentile), default=int(INFINI))
    estimation = estimer(percentile, publies, pente)
    if estimation is None:
        return Encadrement(plancher, plafond, None, Certitude.hypothese)
    bas = max(plancher, math.floor(estimation * (1 - marge)))
    haut = min(plafond, math.ceil(estimation * (1 + marge)))
    return Encadrement(bas, haut, estimation, Certitude.hypothese)


def lire_csv(fichier: Path) -> list[Percentile]:
    """The percentiles of a CSV file (UTF-8, comma), or DistributionInvalide naming every faulty line."""
    try:
        texte = fichier.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as erreur:
        raise DistributionInvalide(f"{fichier.name} : encodage illisible, UTF-8 attendu.") from erreur
    lecteur = csv.DictReader(texte.splitlines(), restval="")
    manquantes = [c for c in COLONNES if c not in (lecteur.fieldnames or ())]
    if manquantes:
        raise DistributionInvalide(f"{fichier.name} : colonne(s) absente(s) : {', '.join(manquantes)}.")
    percentiles, fautes = [], []
    for ligne in lecteur:
        try:
            percentiles.append(_percentile(ligne))
        except ValueError as erreur:
            fautes.append(f"{fichier.name}, ligne {lecteur.line_num} : {erreur}")
    if fautes:
        raise DistributionInvalide("\n".join(fautes))
    return percentiles


def _est_une_date(texte: str) -> bool:
    """A real date written AAAA-MM-JJ, and no other form that Python reads."""
    try:
        return datetime.date.fromisoformat(texte).isoformat() == texte
    except ValueError:
        return False


def _percentile(ligne: dict[str, str]) -> Percentile:
    def parmi(champ: str, admis: Iterable[str]) -> str:
        if ligne[champ] not in admis:
            raise ValueError(f"{champ} « {ligne[champ]} » inconnu ; attendu : {', '.join(admis)}")
        return ligne[champ]

    def nombre(champ: str, minimum: float, maximum: float) -> float:
        try:
            valeur = float(ligne[champ])
        except ValueError:
            raise ValueError(f"{champ} « {ligne[champ]} » n'est pas un nombre") from None
        if not minimum <= valeur <= maximum:
            raise ValueError(f"{champ} « {ligne[champ]} » hors de l'intervalle {minimum:g} à {maximum:g}")
        return valeur

    valeur = nombre("valeur", 1, 100_000)
    if valeur != int(valeur):
        raise ValueError(f"valeur « {ligne['valeur']} » : nombre entier de patients attendu")
    if ligne["date"] and not _est_une_date(ligne["date"]):
        raise ValueError(f"date « {ligne['date']} » : AAAA-MM-JJ attendu (vide pour l'avenant 7)")
    return Percentile(
        date=ligne["date"],
        specialite=parmi("specialite", [s.name for s in Specialite][1:]),
        indicateur=parmi("indicateur", INDICATEURS),
        population=parmi("population", POPULATIONS),
        percentile=nombre("percentile", 1, 99),
        valeur=int(valeur),
        certitude=Certitude[parmi("certitude", [c.name for c in Certitude])],
        source=ligne["source"],
        lien=ligne["lien"],
        note=ligne["note"],
    )


def _controler_l_ordre(percentiles: list[Percentile]) -> None:
    """Refuse a distribution whose patients decrease while the percentile rises."""
    triees = sorted(percentiles, key=lambda p: (p.date, p.specialite, p.indicateur, p.percentile))
    for bas, haut in pairwise(triees):
        meme = (bas.date, bas.specialite, bas.indicateur) == (haut.date, haut.specialite, haut.indicateur)
        if meme and haut.valeur < bas.valeur:
            raise DistributionInvalide(
                f"{haut.specialite}, {haut.indicateur} : P{haut.percentile:g} « {haut.valeur} » est inférieur à "
                f"P{bas.percentile:g} « {bas.valeur} » ; valeurs croissantes attendues"
            )


class Distributions:
    """All the distributions known to a tax and benefit system, ready to be indexed with NumPy."""

    def __init__(self, percentiles: Iterable[Percentile]) -> None:
        # A later file wins over an earlier one for the same percentile: official figures replace ours.
        uniques = {(p.date, p.specialite, p.indicateur, p.percentile): p for p in percentiles}
        self.percentiles = list(uniques.values())
        _controler_l_ordre(self.percentiles)
        self._tables: dict[float, TableEncadrements] = {}

    @cached_property
    def dates(self) -> list[str]:
        """Dates of the distributions, the undated one (avenant 7) first."""
        return sorted({p.date for p in self.percentiles} | {""})

    def codes(self) -> dict[str, int]:
        """Index of each distribution by its date."""
        return {date: code for code, date in enumerate(self.dates)}

    def publies(self, date: str, specialite: str, indicateur: str) -> dict[float, int]:
        """Published percentiles of one distribution."""
        return {
            p.percentile: p.valeur
            for p in self.percentiles
            if (p.date, p.specialite, p.indicateur) == (date, specialite, indicateur)
        }

    def pente(self, date: str, specialite: str, indicateur: str) -> float | None:
        """Log-normal slope lent to a distribution that has a single published point: that of the latest other one."""
        for autre in sorted(self.dates, reverse=True):
            pente = pente_log_normale(self.publies(autre, specialite, indicateur)) if autre != date else None
            if pente is not None:
                return pente
        return None

    def encadrement(self, date: str, specialite: str, indicateur: str, percentile: float, marge: float) -> Encadrement:
        """What is known of one percentile, with the certainty of its source."""
        encadrement = encadrer(
            percentile, self.publies(date, specialite, indicateur), self.pente(date, specialite, indicateur), marge
        )
        for p in self.percentiles:
            if (p.date, p.specialite, p.indicateur, p.percentile) == (date, specialite, indicateur, percentile):
                return Encadrement(p.valeur, p.valeur, float(p.valeur), p.certitude)
        return encadrement

    def table(self, marge: float) -> TableEncadrements:
        """Bounds of every percentile, as arrays; built once per margin."""
        if marge not in self._tables:
            self._tables[marge] = TableEncadrements(self, marge)
        return self._tables[marge]


class TableEncadrements:
    """Bounds as arrays of shape (distributions, specialties, indicators, percentiles), with their trace entries."""

    def __init__(self, distributions: Distributions, marge: float) -> None:
        forme = (len(distributions.dates), len(Specialite), len(INDICATEURS), len(PERCENTILES))
        self.forme = forme
        self.bas = np.zeros(forme, dtype=np.int64)
        self.haut = np.full(forme, INFINI, dtype=np.int64)
        self.rangs = np.full(forme, -1, dtype=np.int32)
        self.estime = np.zeros(forme, dtype=bool)
        self.entrees: list[Entree] = []
        sources = {(p.date, p.specialite, p.indicateur, p.percentile): p for p in distributions.percentiles}
        for date, specialite, indicateur in {(p.date, p.specialite, p.indicateur) for p in distributions.percentiles}:
            for rang, percentile in enumerate(PERCENTILES):
                e = distributions.encadrement(date, specialite, indicateur, percentile, marge)
                case = (
                    distributions.dates.index(date),
                    Specialite[specialite].index,
                    INDICATEURS.index(indicateur),
                    rang,
                )
                self.bas[case], self.haut[case] = e.bas, e.haut
                self.rangs[case] = len(self.entrees)
                self.estime[case] = e.estimation is not None and not e.publie
                self.entrees.append(_en_entree(date, specialite, indicateur, percentile, e, sources))
        self.certitudes = certitudes_de(self.entrees)


def _en_entree(
    date: str, specialite: str, indicateur: str, percentile: int, e: Encadrement, sources: dict[Any, Percentile]
) -> Entree:
    quoi = "patientèle médecin traitant" if indicateur == "patientele_mt" else "file active"
    libelle = f"P{percentile} de {quoi}, {Specialite[specialite].value.lower()}"
    jour = datetime.date.fromisoformat(date).strftime("%d/%m/%Y") if date else ""
    libelle += f", distribution au {jour}" if jour else ", distribution de l'avenant 7 (date inconnue)"
    source = sources.get((date, specialite, indicateur, percentile))
    if source is not None:
        references: tuple[dict[str, str], ...] = (
            {"title": source.source, **({"href": source.lien} if source.lien else {})},
        )
        return Entree(
            f"P{percentile} {quoi}",
            libelle,
            e.bas,
            None,
            e.certitude,
            references,
            "patients",
            source.note or None,
        )
    if e.estimation is not None:
        valeur: Any = f"environ {e.estimation:.0f} (de {e.bas} à {e.haut})"
        note = "percentile non publié : interpolation log-normale entre percentiles publiés"
    else:
        valeur = f"au moins {e.bas}" if e.haut == INFINI else f"de {e.bas} à {e.haut}"
        note = "percentile non publié : encadré par les percentiles publiés voisins"
    arbitrage = {"title": "Arbitrage D1", "href": "docs/arbitrages/d01-percentiles-non-publies.md"}
    return Entree(f"P{percentile} {quoi}", libelle, valeur, None, e.certitude, (arbitrage,), "patients", note)


def distributions_de(systeme: Any) -> Distributions:
    """The distributions of a tax and benefit system, or of the one a reform starts from."""
    while not hasattr(systeme, "distributions"):
        systeme = systeme.baseline
    trouvees: Distributions = systeme.distributions
    return trouvees


def distribution_applicable(lecteur: Lecteur, dates: Any) -> NDArray[np.int64]:
    """Code of the distribution that the rules of each date refer to: the dated one, else the undated avenant 7 one."""
    codes = distributions_de(lecteur.systeme).codes()
    trouve = lecteur.texte("eligibilite.seuil.date_distribution", dates, codes)
    return np.where(trouve < 0, codes[""], trouve)


def lire_percentile(
    lecteur: Lecteur,
    percentile: int | NDArray[np.float64],
    distribution: NDArray[Any],
    specialite: NDArray[Any],
    indicateur: str,
    quand: Masque | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Lower and upper bounds (patients) of a percentile for each row, recorded in the trace.

    `percentile` is one of PERCENTILES, or one per row (NaN: none, the bounds are then 0 and INFINI); `distribution`
    holds codes of `Distributions.codes()`, `specialite` indexes `Specialite`.
    """
    table = distributions_de(lecteur.systeme).table(_marge(lecteur))
    place = INDICATEURS.index(indicateur)
    if isinstance(percentile, int):
        cases: Any = (distribution, specialite, place, PERCENTILES.index(percentile))
        bas, haut, rangs = table.bas[cases], table.haut[cases], table.rangs[cases]
    else:
        voulus = np.asarray(percentile, dtype=np.float64)
        connus = ~np.isnan(voulus)
        cases = (
            distribution,
            specialite,
            place,
            np.searchsorted(PERCENTILES, np.where(connus, voulus, PERCENTILES[0])),
        )
        bas, haut = np.where(connus, table.bas[cases], 0), np.where(connus, table.haut[cases], INFINI)
        rangs = np.where(connus, table.rangs[cases], -1)
    if lecteur.trace:
        lecteur.tracer(f"distributions.{indicateur}", bas, table.entrees, table.certitudes, rangs, quand)
        # The margin counts only where the percentile is an estimate.
        estime = (rangs >= 0) & table.estime[cases]
        if estime.any():
            lecteur.valeur(MARGE, quand=estime if quand is None else estime & quand)
    return bas, haut


MARGE = "distributions.marge_estimation"


def _marge(lecteur: Lecteur) -> float:
    historique = lecteur.historique(MARGE)
    return float(historique.entrees[-1].valeur) if historique is not None and historique.entrees else 0.0
