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

import operator
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from openfisca_core.indexed_enums import EnumArray
from openfisca_core.parameters import Parameter, ParameterNode

from openfisca_assistants_medicaux.arithmetique import zero_si_inconnu
from openfisca_assistants_medicaux.certitude import Certitude

Masque = NDArray[np.bool_]
Rangs = NDArray[np.integer[Any]]

#: Prefix of the trace entries that say on which rows a dependency counts.
PRIS_EN_COMPTE = "pris_en_compte:"


@dataclass(frozen=True, eq=False)
class Entree:
    """One value of the law that a row may have used: a dated value of a parameter, or a percentile.

    Read once from the law: itself, and equal to no other.
    """

    nom: str
    description: str
    valeur: Any
    date_effet: str | None
    certitude: Certitude
    references: tuple[Mapping[str, str], ...] = ()
    unite: str | None = None
    note: str | None = None
    #: « caisse » when an operator gave the value: the text was read by them, not by us.
    origine: str | None = None


class EntreesLues:
    """What each row read: `rangs` indexes `entrees` (-1: nothing known), `quand` masks the rows where it counts.

    `certitudes` (of the entries, then of nothing read) is None when every entry is an official text: nothing there can
    weaken a figure. The ranks may be given by what computes them: a large table never asks for most of them; nor does
    it for their certainty, which `par_ligne` then finds without them.
    """

    __slots__ = ("_par_ligne", "_rangs", "certitudes", "entrees", "quand")

    def __init__(
        self,
        entrees: Sequence[Entree],
        certitudes: NDArray[np.int8] | None,
        rangs: Rangs | Callable[[], Rangs],
        quand: Masque | None,
        par_ligne: Callable[[], NDArray[np.int8]] | None = None,
    ) -> None:
        self.entrees = entrees
        self.certitudes = certitudes
        self._rangs = rangs
        self._par_ligne = par_ligne
        self.quand = quand

    @property
    def rangs(self) -> Rangs:
        """Rank of the entry that each row read."""
        if callable(self._rangs):
            self._rangs = self._rangs()
        return self._rangs

    def certitude(self) -> NDArray[np.int8] | None:
        """Certainty of what each row read, counted or not (certain where nothing was); None when all are certain."""
        if self.certitudes is None:
            return None
        return self.certitudes[self.rangs] if self._par_ligne is None else self._par_ligne()

    def compte(self) -> Masque:
        """Rows whose result rests on this read."""
        lu: Masque = self.rangs >= 0
        return lu if self.quand is None else lu & self.quand


class ValeurLue(np.ndarray):  # type: ignore[type-arg]
    """The array given to OpenFisca's trace, carrying the read it comes from."""

    lecture: EntreesLues


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
    #: The same tables by landmark (see `Reperes`); `reperes` are the last landmarks found to hold every date.
    par_repere: dict[Any, NDArray[Any]] = field(default_factory=dict)
    reperes: Reperes | None = None


@dataclass
class Table:
    """Several parameters side by side: a line each, a column by date of effect (the first one is « before »)."""

    #: What the parameters have in common in their names: how a trace names the read.
    nom: str
    sources: list[Any]
    dates: NDArray[np.datetime64]
    matrice: NDArray[np.float64]
    rangs: NDArray[np.int32]
    entrees: list[Entree]
    certitudes: NDArray[np.int8] | None
    par_repere: dict[Any, NDArray[Any]] = field(default_factory=dict)
    reperes: Reperes | None = None


@dataclass(frozen=True, eq=False)
class Reperes:
    """Every day on which some value of the law takes effect.

    Many parameters are read at the same dates: where each row stands among the landmarks is looked up once for an
    array of dates, and each parameter answers by landmark, a few dozens of values, instead of by row.
    """

    dates: NDArray[np.datetime64]

    def placer(self, dates: NDArray[np.datetime64]) -> NDArray[np.intp]:
        """Number of landmarks reached at each date."""
        return self.dates.searchsorted(dates, side="right")

    def rangs(self, dates_effet: NDArray[np.datetime64]) -> NDArray[np.intp]:
        """Rank in `dates_effet` of the value in force from each landmark (-1: none); the first line is « before »."""
        return np.concatenate([[-1], dates_effet.searchsorted(self.dates, side="right") - 1])

    def connaissent(self, dates_effet: NDArray[np.datetime64]) -> bool:
        """True when every date of effect is a landmark."""
        return bool(np.isin(dates_effet, self.dates).all())


#: Rows from which landmarks are worth their while.
BEAUCOUP = 512


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
        origine=meta.get("origine"),
    )


def _nombre(valeur: Any) -> float:
    """A value as a float: NaN when the law is silent, infinity when it answers with a word (« prorata »)."""
    if isinstance(valeur, (bool, int, float)):
        return float(valeur)
    return np.inf if isinstance(valeur, str) else np.nan


def certitudes_de(entrees: Sequence[Entree]) -> NDArray[np.int8] | None:
    """Certainty of each entry, as an array to index (-1, nothing read: certain); None when all are official texts."""
    certitudes = np.array([*(entree.certitude for entree in entrees), Certitude.texte], dtype=np.int8)
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


def sur_la_courbe(points: Sequence[Sequence[int]], abscisses: NDArray[np.int64]) -> NDArray[np.int64]:
    """Ordinates on a curve given by points of increasing abscissae; see `Lecteur.courbe`."""
    x, y = (np.array([point[axe] for point in points], dtype=np.int64) for axe in (0, 1))
    bornees = np.clip(abscisses, x[0], x[-1])
    rang = np.clip(np.searchsorted(x, bornees, side="right") - 1, 0, max(len(x) - 2, 0))
    suivant = np.minimum(rang + 1, len(x) - 1)
    largeur = np.maximum(x[suivant] - x[rang], 1)
    produit = (bornees - x[rang]) * (y[suivant] - y[rang])
    # Half up whatever the sign of the slope: floor division rounds down.
    resultat: NDArray[np.int64] = y[rang] + (2 * produit + largeur) // (2 * largeur)
    return resultat


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
        #: How a tracer that knows what a read is takes it; OpenFisca's gets an array that carries it.
        self._noter = getattr(self.simulation.tracer, "noter_lecture", None)
        self.systeme = self.simulation.tax_benefit_system
        self._cache = self._cache_du_jour()

    def _cache_du_jour(self) -> dict[Any, Any]:
        """What is built from the parameters lives with them, by date d'appréciation; the simulation remembers where."""
        parametres, a_la_main = self.systeme.parameters, self.simulation.__dict__.get("_cache_des_lectures")
        if a_la_main is None or a_la_main[0] is not parametres or a_la_main[1] != self.period:
            cache = _CACHE.setdefault(parametres, {}).setdefault(self.period, {})
            a_la_main = self.simulation._cache_des_lectures = (parametres, self.period, cache)
        cache_du_jour: dict[Any, Any] = a_la_main[2]
        return cache_du_jour

    @property
    def appreciation(self) -> np.datetime64:
        """The day on which we stand."""
        return np.datetime64(self.period.start.date, "D")

    # -- what the rules call ------------------------------------------------------------------------------------

    def nombre(self, chemin: str, dates: Any, quand: Masque | None = None) -> NDArray[np.float64]:
        """Value at each date, as a float (booleans give 0 or 1); NaN where the law is unknown or silent."""
        historique = self._connu(chemin)
        return self._lire(historique, "nombre", historique.nombres, dates, quand)

    def entier(self, chemin: str, dates: Any, quand: Masque | None = None) -> NDArray[np.int64]:
        """Value at each date as an integer; -1 where the law is unknown."""
        valeurs = self.nombre(chemin, dates, quand)
        return np.where(np.isnan(valeurs), -1, zero_si_inconnu(valeurs)).astype(np.int64)

    def texte(
        self, chemin: str, dates: Any, codes: Mapping[str, int], quand: Masque | None = None
    ) -> NDArray[np.int64]:
        """Code of the word in force at each date, by `codes`; -1 where unknown. A word not in `codes` is a KeyError."""
        historique = self._connu(chemin)
        cle = ("texte", tuple(codes.items()))
        if cle not in historique.tables:
            mots = [-1 if e.valeur is None else codes[e.valeur] for e in historique.entrees]
            historique.tables[cle] = np.array([*mots, -1], dtype=np.int64)
        return self._lire(historique, cle, historique.tables[cle], dates, quand)

    def appartient(
        self, chemin: str, dates: Any, modalites: EnumArray, quand: Masque | None = None
    ) -> tuple[Masque, Masque]:
        """(is each row's enum member in the list in force at its date, is that list known)."""
        historique = self._connu(chemin)
        possibles = modalites.possible_values
        # By name: OpenFisca hashes a list by all its members.
        cle, connu = f"liste {possibles.__qualname__}", f"connu {possibles.__qualname__}"
        if cle not in historique.tables:
            table = np.zeros((len(historique.entrees) + 1, len(possibles)), dtype=bool)
            for ligne, entree in enumerate(historique.entrees):
                for nom in entree.valeur or ():
                    table[ligne, possibles[nom].index] = True
            historique.tables[cle] = table
            historique.tables[connu] = np.array([e.valeur is not None for e in historique.entrees] + [False])
        membres = np.asarray(modalites)
        if len(membres) < BEAUCOUP:
            rangs = self._rangs(historique, dates)
            dedans: Masque = historique.tables[cle][rangs, membres]
            connu_ici: Masque = historique.tables[connu][rangs]
            self._tracer_rangs(dedans, historique, rangs, quand)
            return dedans, connu_ici
        reperes, places = self._places(historique, dates)
        par_repere = self._par_repere(historique, cle, historique.tables[cle], reperes)
        dedans = par_repere.reshape(-1).take(places * len(possibles) + membres)
        connu_ici = self._choisir(historique, connu, historique.tables[connu], dates)
        self._tracer_de_loin(dedans, historique, dates, quand)
        return dedans, connu_ici

    def element(self, chemin: str, position: int, dates: Any, quand: Masque | None = None) -> NDArray[np.float64]:
        """Element `position` of the list in force at each date; NaN where the list is unknown or shorter."""
        historique = self._connu(chemin)
        cle = ("element", position)
        if cle not in historique.tables:
            elements = [
                float(e.valeur[position]) if isinstance(e.valeur, list) and len(e.valeur) > position else np.nan
                for e in historique.entrees
            ]
            historique.tables[cle] = np.array([*elements, np.nan])
        return self._lire(historique, cle, historique.tables[cle], dates, quand)

    def table(
        self, chemins: Sequence[str | None], cles: NDArray[Any], dates: Any, quand: Masque | None = None
    ) -> NDArray[np.float64]:
        """Each row reads its own parameter: `chemins[cles[i]]` at `dates[i]`. None, or a parameter that the law
        leaves unwritten, gives NaN. One look-up for all rows, whatever the number of parameters."""
        lue = self._table(tuple(chemins))
        largeur = lue.matrice.shape[1]
        if len(cles) < BEAUCOUP:
            places = lue.dates.searchsorted(dates, side="right")
        else:
            reperes, des_lignes = self._places(lue, dates)
            places = self._par_repere(lue, "colonne", np.arange(largeur), reperes, decalage=1).take(des_lignes)
        cases = cles * largeur + places
        valeurs: NDArray[np.float64] = lue.matrice.reshape(-1).take(cases)
        if self.trace:
            lignes = lue.rangs.reshape(-1)
            self._tracer(lue.nom, valeurs, lue.entrees, lue.certitudes, lambda: lignes.take(cases), quand)
        return valeurs

    def courbe(
        self,
        chemins: Sequence[str | None],
        cles: NDArray[Any],
        abscisses: NDArray[np.int64],
        dates: Any,
        quand: Masque | None = None,
    ) -> NDArray[np.int64]:
        """Each row reads its own curve, `chemins[cles[i]]` at `dates[i]`, at its abscissa; -1 where no curve is known.

        A curve is a list of points of whole numbers: straight between two points, to the nearest, half up; level before
        the first and after the last.
        """
        lue = self._table(tuple(chemins))
        rangs = lue.rangs[cles, lue.dates.searchsorted(dates, side="right")]
        ordonnees = np.full(len(rangs), -1, dtype=np.int64)
        for rang, entree in enumerate(lue.entrees):
            if entree.valeur is not None:
                ici = rangs == rang
                ordonnees[ici] = sur_la_courbe(entree.valeur, abscisses[ici])
        if self.trace:
            self._tracer(lue.nom, ordonnees, lue.entrees, lue.certitudes, lambda: rangs, quand)
        return ordonnees

    def enfants(self, chemin: str) -> tuple[str, ...]:
        """Names of what a node holds, in order; none when the law has no such node."""
        noeud: Any = self.systeme.parameters
        for morceau in chemin.split("."):
            noeud = noeud.children.get(morceau) if isinstance(noeud, ParameterNode) else None
        return tuple(noeud.children) if isinstance(noeud, ParameterNode) else ()

    def longueur(self, chemin: str, dates: Any, quand: Masque | None = None) -> NDArray[np.int64]:
        """Length of the list in force at each date (0: the law asks for nothing); -1 where unknown."""
        historique = self._connu(chemin)
        if "longueur" not in historique.tables:
            longueurs = [-1 if e.valeur is None else len(e.valeur) for e in historique.entrees]
            historique.tables["longueur"] = np.array([*longueurs, -1])
        return self._lire(historique, "longueur", historique.tables["longueur"], dates, quand)

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

    @contextmanager
    def seulement(self, quand: Masque) -> Iterator[None]:
        """Within it, whatever the formula under way reads counts only on the rows of `quand`.

        For a branch that is computed for all rows as soon as one takes it: the others do not rest on it. OpenFisca's
        own tracer knows no branch, and notes nothing.
        """
        tracer = self.simulation.tracer
        if self._noter is None:
            yield
            return
        dehors = tracer.branche
        tracer.branche = quand if dehors is None else dehors & quand
        try:
            yield
        finally:
            tracer.branche = dehors

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

    def _connu(self, chemin: str) -> Historique:
        historique: Historique | None = self._cache.get(chemin)
        if historique is None or historique.source is not historique.parametre.values_list:
            historique = self.historique(chemin)
        if historique is None:
            raise KeyError(f"parameter {chemin!r} does not exist in the law package")
        return historique

    def _lire(
        self, historique: Historique, cle: Any, table: NDArray[Any], dates: Any, quand: Masque | None
    ) -> NDArray[Any]:
        """The line of `table` in force at each date, recorded in the trace."""
        if len(dates) < BEAUCOUP:
            rangs = historique.dates.searchsorted(dates, side="right") - 1
            valeurs: NDArray[Any] = table[rangs]
            if self.trace:
                self._tracer_rangs(valeurs, historique, rangs, quand)
            return valeurs
        valeurs = self._choisir(historique, cle, table, dates)
        self._tracer_de_loin(valeurs, historique, dates, quand)
        return valeurs

    def _choisir(self, historique: Historique, cle: Any, table: NDArray[Any], dates: Any) -> NDArray[Any]:
        """The same by landmark, untraced."""
        reperes, places = self._places(historique, dates)
        return self._par_repere(historique, cle, table, reperes).take(places)

    def _rangs(self, historique: Historique, dates: Any) -> NDArray[np.intp]:
        """Rank of the value in force at each date; -1 before the first one."""
        return historique.dates.searchsorted(dates, side="right") - 1

    def _places(self, lue: Historique | Table, dates: Any) -> tuple[Reperes, NDArray[np.intp]]:
        """Where each date stands among the landmarks, looked up once per array of dates and simulation."""
        reperes: Reperes | None = self._cache.get(Reperes)
        if reperes is None or (lue.reperes is not reperes and not reperes.connaissent(lue.dates)):
            # The first large read, or a reform that gives the law a date it did not have.
            anciens = self._dates_de_la_loi() if reperes is None else reperes.dates
            reperes = self._cache[Reperes] = Reperes(np.union1d(anciens, lue.dates))
        lue.reperes = reperes
        memoire = _MEMOIRE.setdefault(self.simulation, {})
        cle = (Reperes, id(dates))
        connues = memoire.get(cle)
        if connues is None or connues[0] is not reperes:
            # The array of dates is kept, so that its identity stays its own.
            connues = memoire[cle] = (reperes, reperes.placer(dates), dates)
        return reperes, connues[1]

    def _dates_de_la_loi(self) -> NDArray[np.datetime64]:
        parametres = [n for n in self.systeme.parameters.get_descendants() if isinstance(n, Parameter)]
        jours = {valeur.instant_str for parametre in parametres for valeur in parametre.values_list}
        return np.array(sorted(jours), dtype="datetime64[D]")

    def _par_repere(
        self, lue: Historique | Table, cle: Any, table: NDArray[Any], reperes: Reperes, decalage: int = 0
    ) -> NDArray[Any]:
        """`table`, which has a line by dated value, with a line by landmark."""
        par_repere = lue.par_repere.get((reperes, cle))
        if par_repere is None:
            par_repere = lue.par_repere[reperes, cle] = table[reperes.rangs(lue.dates) + decalage]
        return par_repere

    def _rangs_par_repere(self, historique: Historique, dates: Any) -> Rangs:
        return self._choisir(historique, "rang", np.array([*range(len(historique.entrees)), -1]), dates)

    def _tracer_rangs(
        self,
        valeurs: NDArray[Any],
        historique: Historique,
        rangs: Rangs | Callable[[], Rangs],
        quand: Masque | None,
    ) -> None:
        self._tracer(historique.parametre.name, valeurs, historique.entrees, historique.certitudes, rangs, quand)

    def _tracer_de_loin(self, valeurs: NDArray[Any], historique: Historique, dates: Any, quand: Masque | None) -> None:
        """The same for many rows: ranks, and certainties, are found by landmark if they are ever asked for."""
        certitudes = historique.certitudes
        self._tracer(
            historique.parametre.name,
            valeurs,
            historique.entrees,
            certitudes,
            lambda: self._rangs_par_repere(historique, dates),
            quand,
            None if certitudes is None else lambda: self._choisir(historique, "certitude", certitudes, dates),
        )

    def _table(self, chemins: tuple[str | None, ...]) -> Table:
        historiques = [None if chemin is None else self.historique(chemin) for chemin in chemins]
        sources = [None if h is None else h.source for h in historiques]
        cachee: Table | None = self._cache.get(chemins)
        if cachee is not None and all(map(operator.is_, cachee.sources, sources)):
            return cachee
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
        construite = Table(
            _prefixe_commun(chemins), sources, dates_effet, matrice, rangs, entrees, certitudes_de(entrees)
        )
        self._cache[chemins] = construite
        return construite

    def _tracer(
        self,
        nom: str,
        valeurs: NDArray[Any],
        entrees: Sequence[Entree],
        certitudes: NDArray[np.int8] | None,
        rangs: Rangs | Callable[[], Rangs],
        quand: Masque | None,
        par_ligne: Callable[[], NDArray[np.int8]] | None = None,
    ) -> None:
        if not self.trace:
            return
        lecture = EntreesLues(entrees, certitudes, rangs, quand, par_ligne)
        if self._noter is not None:
            self._noter(lecture)
            return
        tracee = valeurs.view(ValeurLue)
        tracee.lecture = lecture
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
