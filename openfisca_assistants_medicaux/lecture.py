"""Reading dated parameters at a vector of dates: the one door between the rules and the law's figures.

OpenFisca reads a parameter at one instant for all rows; our rows each have their own date (signature, first day
of the contract year, hire). A parameter's history is turned once into sorted arrays, then looked up with
`searchsorted`. Two dates matter and are never confused:

* the row's date says which value *applies*;
* the date d'appréciation (the engine's period) says which values were *known* then. A value is known from its
  date of effect, or from `connu_le` when its text was published earlier. This is what lets a past decision be
  replayed (docs/arbitrages/e05-date-connue.md).

Each read is recorded in OpenFisca's trace with the value used by each row: explanations and certainties come from
there, so they cannot drift from the computation.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from openfisca_core.indexed_enums import EnumArray
from openfisca_core.parameters import Parameter, ParameterNode

from openfisca_assistants_medicaux.arithmetique import zero_si_inconnu
from openfisca_assistants_medicaux.certitude import Certitude

Masque = NDArray[np.bool_]

#: Prefix of the trace entries that say on which rows a dependency counts.
PRIS_EN_COMPTE = "pris_en_compte:"


@dataclass(frozen=True)
class Entree:
    """One value of the law that a row may have used: a dated value of a parameter, or a percentile."""

    nom: str
    description: str
    valeur: Any
    date_effet: str | None
    certitude: Certitude
    references: tuple[Mapping[str, str], ...] = ()
    unite: str | None = None
    note: str | None = None


@dataclass(slots=True)
class Lecture:
    """What each row read: `rangs` indexes `entrees` (-1: nothing known), `quand` masks the rows where it counts.

    `certitudes` is None when every entry is an official text: nothing there can weaken a figure.
    """

    entrees: Sequence[Entree]
    certitudes: NDArray[np.int8] | None
    rangs: NDArray[np.integer[Any]]
    quand: Masque | None

    def compte(self) -> Masque:
        """Rows whose result rests on this read."""
        lu = self.rangs >= 0
        return lu if self.quand is None else lu & self.quand


class ValeurLue(np.ndarray):  # type: ignore[type-arg]
    """The array given to OpenFisca's trace, carrying the read it comes from."""

    lecture: Lecture


@dataclass
class Historique:
    """A parameter's known values in order of effect, as arrays."""

    parametre: Parameter
    source: list[Any]
    dates: NDArray[np.datetime64]
    entrees: list[Entree]
    nombres: NDArray[np.float64]
    certitudes: NDArray[np.int8] | None
    tables: dict[Any, NDArray[Any]] = field(default_factory=dict)


def _entree(parametre: Parameter, valeur: Any) -> Entree:
    meta = valeur.metadata
    certitude = Certitude[meta["certitude"]] if "certitude" in meta else Certitude.texte
    return Entree(
        nom=parametre.name,
        description=parametre.description or parametre.name,
        valeur=valeur.value,
        date_effet=valeur.instant_str,
        certitude=certitude,
        references=tuple(meta.get("reference") or ()),
        unite=parametre.metadata.get("unit"),
        note=meta.get("note"),
    )


def _nombre(valeur: Any) -> float:
    """A value as a float: NaN when the law is silent, infinity when it answers with a word (« prorata »)."""
    if isinstance(valeur, (bool, int, float)):
        return float(valeur)
    return np.inf if isinstance(valeur, str) else np.nan


def certitudes_de(entrees: Sequence[Entree]) -> NDArray[np.int8] | None:
    """Certainty of each entry, as an array to index; None when all are official texts."""
    certitudes = np.array([entree.certitude for entree in entrees], dtype=np.int8)
    return None if (certitudes == Certitude.texte).all() else certitudes


def construire_historique(parametre: Parameter, appreciation: np.datetime64) -> Historique:
    """The values of `parametre` known at `appreciation`, oldest effect first."""
    connues = [
        valeur
        for valeur in reversed(parametre.values_list)
        if np.datetime64(valeur.metadata.get("connu_le", valeur.instant_str), "D") <= appreciation
    ]
    entrees = [_entree(parametre, valeur) for valeur in connues]
    nombres = [_nombre(e.valeur) for e in entrees]
    return Historique(
        parametre=parametre,
        source=parametre.values_list,
        dates=np.array([valeur.instant_str for valeur in connues], dtype="datetime64[D]"),
        entrees=entrees,
        nombres=np.array([*nombres, np.nan]),
        certitudes=certitudes_de(entrees),
    )


_MEMOIRE: weakref.WeakKeyDictionary[Any, dict[Any, Any]] = weakref.WeakKeyDictionary()


def calcul_partage(population: Any, period: Any, nom: str, principale: str | None, calcul: Callable[[], Any]) -> Any:
    """Result of a computation that several variables share (the two bounds of a band, a fraction's two terms).

    It runs once per simulation, inside the formula of the variable that asks first. The others name it as
    `principale`: they depend on it in the trace, so that their explanation and certainty are its own.
    """
    memoire = _MEMOIRE.setdefault(population.simulation, {})
    cle = (nom, period)
    if principale is not None:
        population(principale, period)
    if principale is None or cle not in memoire:
        # The main variable computes anew each time OpenFisca runs its formula (after `delete_arrays`, say).
        memoire[cle] = calcul()
    return memoire[cle]


def oublier(simulation: Any) -> None:
    """Forget the shared computations of a simulation."""
    _MEMOIRE.pop(simulation, None)


_CACHE: weakref.WeakKeyDictionary[ParameterNode, dict[Any, Any]] = weakref.WeakKeyDictionary()


class Lecteur:
    """Reads the parameters of a simulation for one population, at one date d'appréciation."""

    def __init__(self, population: Any, period: Any) -> None:
        self.population = population
        self.period = period
        self.simulation = population.simulation
        self.trace = self.simulation.trace
        self.systeme = self.simulation.tax_benefit_system
        # What is built from the parameters lives with them, by date d'appréciation.
        self._cache: dict[Any, Any] = _CACHE.setdefault(self.systeme.parameters, {}).setdefault(period, {})

    @property
    def appreciation(self) -> np.datetime64:
        """The day on which we stand."""
        return np.datetime64(self.period.start.date, "D")

    # -- what the rules call ------------------------------------------------------------------------------------

    def nombre(self, chemin: str, dates: Any, quand: Masque | None = None) -> NDArray[np.float64]:
        """Value at each date, as a float (booleans give 0 or 1); NaN where the law is unknown or silent."""
        historique, rangs = self._lire(chemin, dates)
        valeurs = historique.nombres[rangs]
        self._tracer(chemin, valeurs, historique.entrees, historique.certitudes, rangs, quand)
        return valeurs

    def entier(self, chemin: str, dates: Any, quand: Masque | None = None) -> NDArray[np.int64]:
        """Value at each date as an integer; -1 where the law is unknown."""
        valeurs = self.nombre(chemin, dates, quand)
        return np.where(np.isnan(valeurs), -1, zero_si_inconnu(valeurs)).astype(np.int64)

    def texte(
        self, chemin: str, dates: Any, codes: Mapping[str, int], quand: Masque | None = None
    ) -> NDArray[np.int64]:
        """Code of the word in force at each date, by `codes`; -1 where unknown. A word not in `codes` is a KeyError."""
        historique, rangs = self._lire(chemin, dates)
        cle = ("texte", tuple(codes.items()))
        if cle not in historique.tables:
            mots = [-1 if e.valeur is None else codes[e.valeur] for e in historique.entrees]
            historique.tables[cle] = np.array([*mots, -1], dtype=np.int64)
        valeurs: NDArray[np.int64] = historique.tables[cle][rangs]
        self._tracer(chemin, valeurs, historique.entrees, historique.certitudes, rangs, quand)
        return valeurs

    def appartient(
        self, chemin: str, dates: Any, modalites: EnumArray, quand: Masque | None = None
    ) -> tuple[Masque, Masque]:
        """(is each row's enum member in the list in force at its date, is that list known)."""
        historique, rangs = self._lire(chemin, dates)
        possibles = modalites.possible_values
        cle = ("liste", possibles)
        if cle not in historique.tables:
            table = np.zeros((len(historique.entrees) + 1, len(possibles)), dtype=bool)
            for ligne, entree in enumerate(historique.entrees):
                for nom in entree.valeur or ():
                    table[ligne, possibles[nom].index] = True
            connu = np.array([e.valeur is not None for e in historique.entrees] + [False])
            historique.tables[cle] = table
            historique.tables[("connu", possibles)] = connu
        dedans: Masque = historique.tables[cle][rangs, np.asarray(modalites)]
        connu_ici: Masque = historique.tables[("connu", possibles)][rangs]
        self._tracer(chemin, dedans, historique.entrees, historique.certitudes, rangs, quand)
        return dedans, connu_ici

    def element(self, chemin: str, position: int, dates: Any, quand: Masque | None = None) -> NDArray[np.float64]:
        """Element `position` of the list in force at each date; NaN where the list is unknown or shorter."""
        historique, rangs = self._lire(chemin, dates)
        cle = ("element", position)
        if cle not in historique.tables:
            elements = [
                float(e.valeur[position]) if isinstance(e.valeur, list) and len(e.valeur) > position else np.nan
                for e in historique.entrees
            ]
            historique.tables[cle] = np.array([*elements, np.nan])
        valeurs: NDArray[np.float64] = historique.tables[cle][rangs]
        self._tracer(chemin, valeurs, historique.entrees, historique.certitudes, rangs, quand)
        return valeurs

    def table(
        self, chemins: Sequence[str | None], cles: NDArray[Any], dates: Any, quand: Masque | None = None
    ) -> NDArray[np.float64]:
        """Each row reads its own parameter: `chemins[cles[i]]` at `dates[i]`. None, or a parameter that the law
        leaves unwritten, gives NaN. One look-up for all rows, whatever the number of parameters."""
        dates_effet, matrice, rangs_table, entrees, certitudes = self._table(tuple(chemins))
        rangs_dates = np.searchsorted(dates_effet, dates, side="right")
        valeurs: NDArray[np.float64] = matrice[cles, rangs_dates]
        if self.trace:
            nom = _prefixe_commun(chemins)
            self._tracer(nom, valeurs, entrees, certitudes, rangs_table[cles, rangs_dates], quand)
        return valeurs

    def longueur(self, chemin: str, dates: Any, quand: Masque | None = None) -> NDArray[np.int64]:
        """Length of the list in force at each date (0: the law asks for nothing); -1 where unknown."""
        historique, rangs = self._lire(chemin, dates)
        longueurs = np.array([-1 if e.valeur is None else len(e.valeur) for e in historique.entrees] + [-1])
        valeurs: NDArray[np.int64] = longueurs[rangs]
        self._tracer(chemin, valeurs, historique.entrees, historique.certitudes, rangs, quand)
        return valeurs

    def valeur(self, chemin: str, quand: Masque | None = None) -> Any:
        """Value in force at the date d'appréciation, the same for all rows (a list of statement dates, a margin)."""
        historique = self.historique(chemin)
        if historique is None:
            raise KeyError(f"parameter {chemin!r} does not exist in the law package")
        rang = int(np.searchsorted(historique.dates, self.appreciation, side="right")) - 1
        if self.trace:
            rangs = np.full(self.population.count, rang, dtype=np.int32)
            self._tracer(chemin, rangs, historique.entrees, historique.certitudes, rangs, quand)
        return historique.entrees[rang].valeur if rang >= 0 else None

    def pris_en_compte(self, variable: str, quand: Masque) -> None:
        """Write in the trace that the dependency on `variable` counts only on the rows of `quand`."""
        if self.trace:
            self.simulation.tracer.record_parameter_access(PRIS_EN_COMPTE + variable, self.period, quand)

    # -- how it is done -----------------------------------------------------------------------------------------

    def historique(self, chemin: str) -> Historique | None:
        """Known history of a parameter; None when the law package has no such parameter (an unknown)."""
        historique: Historique | None = self._cache.get(chemin)
        # `Parameter.update` replaces values_list: a reform made after a first reading must be seen.
        if historique is None or historique.source is not historique.parametre.values_list:
            parametre = self._parametre(chemin)
            if parametre is None:
                return None
            historique = self._cache[chemin] = construire_historique(parametre, self.appreciation)
        return historique

    def _parametre(self, chemin: str) -> Parameter | None:
        noeud: Any = self.systeme.parameters
        for morceau in chemin.split("."):
            noeud = noeud.children.get(morceau) if isinstance(noeud, ParameterNode) else None
            if noeud is None:
                return None
        return noeud if isinstance(noeud, Parameter) else None

    def _lire(self, chemin: str, dates: Any) -> tuple[Historique, NDArray[np.intp]]:
        historique = self.historique(chemin)
        if historique is None:
            raise KeyError(f"parameter {chemin!r} does not exist in the law package")
        return historique, historique.dates.searchsorted(dates, side="right") - 1

    def _table(self, chemins: tuple[str | None, ...]) -> Any:
        historiques = [None if chemin is None else self.historique(chemin) for chemin in chemins]
        sources = [None if h is None else h.source for h in historiques]
        cachee = self._cache.get(chemins)
        if cachee is not None and all(a is b for a, b in zip(cachee[0], sources, strict=True)):
            return cachee[1]
        dates_effet = np.unique(
            np.concatenate([h.dates for h in historiques if h is not None] or [np.array([], "datetime64[D]")])
        )
        entrees: list[Entree] = []
        matrice = np.full((len(chemins), len(dates_effet) + 1), np.nan)
        rangs = np.full(matrice.shape, -1, dtype=np.int32)
        for ligne, h in enumerate(historiques):
            if h is None:
                continue
            position = np.searchsorted(h.dates, dates_effet, side="right") - 1
            matrice[ligne, 1:] = h.nombres[position]
            rangs[ligne, 1:] = np.where(position >= 0, position + len(entrees), -1)
            entrees.extend(h.entrees)
        certitudes = certitudes_de(entrees)
        construite = (dates_effet, matrice, rangs, entrees, certitudes)
        self._cache[chemins] = (sources, construite)
        return construite

    def _tracer(
        self,
        nom: str,
        valeurs: NDArray[Any],
        entrees: Sequence[Entree],
        certitudes: NDArray[np.int8] | None,
        rangs: NDArray[np.integer[Any]],
        quand: Masque | None,
    ) -> None:
        if not self.trace:
            return
        tracee = valeurs.view(ValeurLue)
        tracee.lecture = Lecture(entrees, certitudes, rangs, quand)
        self.simulation.tracer.record_parameter_access(nom, self.period, tracee)

    #: Used by the distributions, which are data and not parameters, to record a read the same way.
    tracer = _tracer


def _prefixe_commun(chemins: Sequence[str | None]) -> str:
    """Longest common dotted prefix of parameter names, to name a table in the trace."""
    morceaux = [chemin.split(".") for chemin in chemins if chemin]
    commun = []
    for niveau in zip(*morceaux, strict=False):
        if len(set(niveau)) > 1:
            break
        commun.append(niveau[0])
    return ".".join(commun)
