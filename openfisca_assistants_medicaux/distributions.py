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
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from openfisca_assistants_medicaux.certitude import Certitude
from openfisca_assistants_medicaux.fichiers import Fichier
from openfisca_assistants_medicaux.forme import Forme, estimer, forme_de, pente
from openfisca_assistants_medicaux.lecture import Entree, Historique, Lecteur, Masque, certitudes_de
from openfisca_assistants_medicaux.nomenclatures import INDICATEURS, Indicateur, Specialite

#: Limits of the bands, and the percentile of the second-to-last threshold of the objective's line.
PERCENTILES = (30, 50, 70, 90, 95, 99)
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
#: The widest margin that a file may give (see `Percentile.marge`).
MARGE_MAXIMALE = 0.5
POPULATIONS = ("adultes", "tous_ages")

#: The distribution of which most is known, avenant 7's, gives its shape to the others (arbitrage D27).
DATE_FORME, SPECIALITE_FORME, INDICATEUR_FORME = "", "medecine_generale", "patientele_mt"

#: What a file writes in place of a value to withdraw a percentile, and what is kept of it.
RETIREE, RETIRE = "retirée", 0

#: Upper bound of a percentile about which nothing is known.
INFINI = np.iinfo(np.int32).max


class DistributionInvalide(ValueError):
    """A row of a distribution file cannot be read; the message, in French, names the line, the field and the value."""


class PercentileInconnu(ValueError):
    """A parameter asks for a percentile that the distributions do not hold; the message, in French, names it."""


@dataclass(frozen=True)
class Percentile:
    """One published percentile. `date` is empty for the avenant 7 distribution, whose date is unknown.

    A `valeur` of 0 withdraws the percentile that an earlier file gave: nobody has no patient at all.
    """

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
    #: What the source leaves open on either side of `valeur`, as a share of it; 0: the exact value.
    marge: float = 0.0
    #: « caisse » for a value given by an operator.
    origine: str | None = None

    @property
    def bornes(self) -> tuple[int, int]:
        """Lowest and highest value that the source leaves possible."""
        return bornes_de(self.valeur, self.marge)


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


class Marges(NamedTuple):
    """Margins on either side of an estimate: the parameter of each is that of the same name."""

    patientele_mt: float
    file_active: float
    autres: float


def bornes_de(valeur: float, marge: float) -> tuple[int, int]:
    """A value and its margin as whole patients, rounded outwards."""
    return math.floor(valeur * (1 - marge)), math.ceil(valeur * (1 + marge))


def encadrer(
    percentile: float, bornes: Mapping[float, tuple[int, int]], estimation: float | None, marge: float
) -> Encadrement:
    """Bounds of a percentile that is not published: estimate ± `marge`, always within its published neighbours.

    `bornes` are those of the published percentiles: equal, unless a source gives one « about ».
    """
    plancher = max((bas for p, (bas, _) in bornes.items() if p < percentile), default=0)
    plafond = min((haut for p, (_, haut) in bornes.items() if p > percentile), default=int(INFINI))
    if estimation is None:
        return Encadrement(plancher, plafond, None, Certitude.hypothese)
    bas, haut = bornes_de(estimation, marge)
    # A published neighbour may exclude the whole margin: it then bounds both ends.
    return Encadrement(
        min(max(plancher, bas), plafond), max(min(plafond, haut), plancher), estimation, Certitude.hypothese
    )


def lire_csv(fichier: Path) -> list[Percentile]:
    """The percentiles of a file on the disk: see `lire_percentiles`. Raises OSError when it cannot be read."""
    return lire_percentiles(Fichier.lu(fichier))


def lire_percentiles(fichier: Fichier) -> list[Percentile]:
    """The percentiles of a CSV (UTF-8, comma), or DistributionInvalide naming every faulty line.

    A line whose value is « retirée » withdraws the percentile that an earlier file gave.
    """
    try:
        texte = fichier.contenu.decode("utf-8-sig")
    except UnicodeDecodeError as erreur:
        raise DistributionInvalide(f"{fichier.nom} : encodage illisible, UTF-8 attendu.") from erreur
    lecteur = csv.DictReader(texte.splitlines(), restval="")
    manquantes = [c for c in COLONNES if c not in (lecteur.fieldnames or ())]
    if manquantes:
        raise DistributionInvalide(f"{fichier.nom} : colonne(s) absente(s) : {', '.join(manquantes)}.")
    percentiles, fautes = [], []
    for ligne in lecteur:
        try:
            percentiles.append(_percentile(ligne))
        except ValueError as erreur:
            fautes.append(f"{fichier.nom}, ligne {lecteur.line_num} : {erreur}")
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

    valeur = RETIRE if ligne["valeur"].strip() == RETIREE else nombre("valeur", 1, 100_000)
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
        marge=nombre("marge", 0, MARGE_MAXIMALE) if ligne.get("marge") else 0.0,
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
        self.percentiles = [p for p in uniques.values() if p.valeur != RETIRE]
        _controler_l_ordre(self.percentiles)
        self._tables: dict[Marges, TableEncadrements] = {}

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

    @cached_property
    def forme(self) -> Forme:
        """The shape lent to every distribution."""
        return forme_de(self.publies(DATE_FORME, SPECIALITE_FORME, INDICATEUR_FORME))

    def pente(self, date: str, specialite: str, indicateur: str) -> float | None:
        """Slope lent to a distribution that has a single published point: that of the latest other one."""
        for autre in sorted(self.dates, reverse=True):
            de_l_autre = pente(self.publies(autre, specialite, indicateur), self.forme) if autre != date else None
            if de_l_autre is not None:
                return de_l_autre
        return None

    def nom_de_marge(self, date: str, specialite: str, indicateur: str) -> str:
        """Which margin an estimate has: the indicator's, for general practice with two published percentiles."""
        assez = specialite == SPECIALITE_FORME and len(self.publies(date, specialite, indicateur)) > 1
        return indicateur if assez else "autres"

    def encadrement(
        self, date: str, specialite: str, indicateur: str, percentile: float, marges: Marges
    ) -> Encadrement:
        """What is known of one percentile, with the certainty of its source."""
        cle = (date, specialite, indicateur)
        sources = {p.percentile: p for p in self.percentiles if (p.date, p.specialite, p.indicateur) == cle}
        source = sources.get(percentile)
        if source is not None:
            return Encadrement(*source.bornes, float(source.valeur), source.certitude)
        estimation = estimer(
            percentile,
            {p: s.valeur for p, s in sources.items()},
            self.forme,
            self.pente(*cle),
            prolonge=self.forme.propre and specialite == SPECIALITE_FORME,
        )
        marge = float(getattr(marges, self.nom_de_marge(*cle)))
        return encadrer(percentile, {p: s.bornes for p, s in sources.items()}, estimation, marge)

    def table(self, marges: Marges) -> TableEncadrements:
        """Bounds of every percentile, as arrays; built once per set of margins."""
        if marges not in self._tables:
            self._tables[marges] = TableEncadrements(self, marges)
        return self._tables[marges]


class TableEncadrements:
    """Bounds as arrays of shape (distributions, specialties, indicators, percentiles), with their trace entries."""

    def __init__(self, distributions: Distributions, marges: Marges) -> None:
        forme = (len(distributions.dates), len(Specialite), len(INDICATEURS), len(PERCENTILES))
        self.forme = forme
        self.bas = np.zeros(forme, dtype=np.int64)
        self.haut = np.full(forme, INFINI, dtype=np.int64)
        self.rangs = np.full(forme, -1, dtype=np.int32)
        #: Rank in `Marges` of the margin that an estimate has; -1 where nothing is estimated.
        self.marge = np.full(forme, -1, dtype=np.int8)
        self.entrees: list[Entree] = []
        sources = {(p.date, p.specialite, p.indicateur, p.percentile): p for p in distributions.percentiles}
        for date, specialite, indicateur in {(p.date, p.specialite, p.indicateur) for p in distributions.percentiles}:
            for rang, percentile in enumerate(PERCENTILES):
                e = distributions.encadrement(date, specialite, indicateur, percentile, marges)
                case = (
                    distributions.dates.index(date),
                    Specialite[specialite].index,
                    INDICATEURS.index(indicateur),
                    rang,
                )
                self.bas[case], self.haut[case] = e.bas, e.haut
                self.rangs[case] = len(self.entrees)
                if e.estimation is not None and (date, specialite, indicateur, percentile) not in sources:
                    nom = distributions.nom_de_marge(date, specialite, indicateur)
                    self.marge[case] = Marges._fields.index(nom)
                self.entrees.append(_en_entree(date, specialite, indicateur, percentile, e, sources))
        self.certitudes = certitudes_de(self.entrees)
        self._colonnes: dict[tuple[int, int], tuple[NDArray[Any], ...]] = {}

    def colonne(self, indicateur: int, percentile: int) -> tuple[NDArray[Any], ...]:
        """(bounds, ranks of the entries, margin) of one percentile, by distribution × specialty on one line."""
        cle = (indicateur, percentile)
        if cle not in self._colonnes:
            self._colonnes[cle] = tuple(
                np.ascontiguousarray(tableau[:, :, indicateur, percentile].reshape(-1))
                for tableau in (self.bas, self.haut, self.rangs, self.marge)
            )
        return self._colonnes[cle]


def _en_entree(
    date: str, specialite: str, indicateur: str, percentile: int, e: Encadrement, sources: dict[Any, Percentile]
) -> Entree:
    quoi = Indicateur[indicateur].value.lower()
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
            e.bas if e.publie else f"environ {source.valeur} (de {e.bas} à {e.haut})",
            None,
            e.certitude,
            references,
            "patients",
            source.note or None,
            source.origine,
        )
    if e.estimation is not None:
        valeur: Any = f"environ {e.estimation:.0f} (de {e.bas} à {e.haut})"
        note = "percentile non publié : forme de la distribution de l'avenant 7 entre percentiles publiés"
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
    sauf: Masque | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Lower and upper bounds (patients) of a percentile for each row, recorded in the trace.

    On the rows of `sauf` the distribution does not hold the doctor: nothing is known, the bounds are 0 and INFINI.

    `percentile` is one of PERCENTILES, or one per row (NaN: none, the bounds are then 0 and INFINI); `distribution`
    holds codes of `Distributions.codes()`, `specialite` indexes `Specialite`.
    """
    table = distributions_de(lecteur.systeme).table(_marges(lecteur))
    place = INDICATEURS.index(indicateur)
    ligne = np.asarray(distribution) * table.forme[1] + np.asarray(specialite)
    if isinstance(percentile, int):
        bas, haut, rangs, marges = (c.take(ligne) for c in table.colonne(place, PERCENTILES.index(percentile)))
    else:
        bas, haut, rangs, marges = _par_ligne(table, place, ligne, np.asarray(percentile, dtype=np.float64))
    if sauf is not None and sauf.any():
        bas, haut, rangs = np.where(sauf, 0, bas), np.where(sauf, INFINI, haut), np.where(sauf, -1, rangs)
    if lecteur.trace:
        lecteur.tracer(f"distributions.{indicateur}", bas, table.entrees, table.certitudes, rangs, quand)
        # A margin counts only where the percentile is an estimate.
        for rang, nom in enumerate(MARGES):
            estime = (rangs >= 0) & (marges == rang)
            if estime.any():
                lecteur.valeur(nom, quand=estime if quand is None else estime & quand)
    return bas, haut


def _par_ligne(
    table: TableEncadrements, place: int, ligne: NDArray[Any], voulus: NDArray[np.float64]
) -> tuple[NDArray[Any], ...]:
    """The same where each row asks for its own percentile."""
    connus = ~np.isnan(voulus)
    demandes = np.where(connus, voulus, PERCENTILES[0])
    rangs_voulus = np.minimum(np.searchsorted(PERCENTILES, demandes), len(PERCENTILES) - 1)
    autres = demandes[np.take(PERCENTILES, rangs_voulus) != demandes]
    if len(autres):
        # Read as its neighbour, it would give the figures of another rule without a word.
        tenus = ", ".join(f"P{percentile}" for percentile in PERCENTILES)
        raise PercentileInconnu(f"percentile P{autres[0]:g} : les distributions tiennent {tenus} ; l'un d'eux attendu")
    cases = ligne * len(PERCENTILES) + rangs_voulus
    tableaux = (table.bas, table.haut, table.rangs, table.marge)
    bas, haut, rangs, marges = (np.ascontiguousarray(t[:, :, place]).reshape(-1).take(cases) for t in tableaux)
    return np.where(connus, bas, 0), np.where(connus, haut, INFINI), np.where(connus, rangs, -1), marges


MARGES = tuple(f"distributions.marge_estimation.{nom}" for nom in Marges._fields)


def _marges(lecteur: Lecteur) -> Marges:
    return marges_connues([lecteur.historique(nom) for nom in MARGES])


def marges_connues(historiques: Iterable[Historique | None]) -> Marges:
    """The margins of a date d'appréciation, from the history of each parameter of `MARGES` (the last value known)."""
    return Marges(*(float(h.entrees[-1].valeur) if h is not None and h.entrees else 0.0 for h in historiques))
