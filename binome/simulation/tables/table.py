"""A table of contracts through the rules: typed columns in, columns out, no text and no Python loop per doctor.

This is the one door to the law for many doctors at once: the command line (after `tables.csv`), the fund's screening,
and whoever has columns. Columns are those of `tables.colonnes`, named as the fields of `Situation`; a Polars column
says « not given » by null, a NumPy one as the law does (-1, an empty date, NaN, the first member of a list). A bad row
is set aside with its rank, field and reason, by the very definitions that refuse a situation.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from binome.simulation.modele import coherence
from binome.simulation.modele.coherence import Connues
from binome.simulation.modele.erreurs import BinomeErreur
from binome.simulation.modele.nomenclatures import INDICATEURS
from binome.simulation.modele.situation import PATIENTS_MAXIMUM
from binome.simulation.moteur.calcul import ABSENTE, Calcul
from binome.simulation.moteur.lignes import noms_de
from binome.simulation.moteur.systeme import annees_du_contrat
from binome.simulation.reponse.annees import FIGURES_D_ARGENT
from binome.simulation.reponse.controles import DU_GROUPE_AUSSI, faits_de_la_loi
from binome.simulation.tables.colonnes import COLONNES, colonne_d_annee
from binome.simulation.tables.lectures import lectures_de
from binome.simulation.tables.types import typer
from openfisca_assistants_medicaux.calendrier import ajouter_mois
from openfisca_assistants_medicaux.certitude import Certitude
from openfisca_assistants_medicaux.nomenclatures import NON_DETERMINE, Condition, Reponse
from openfisca_assistants_medicaux.nomenclatures import Option as OptionLoi
from openfisca_assistants_medicaux.variables.eligibilite.synthese import CONDITIONS_DU_MEDECIN, CONDITIONS_DU_PROJET

#: Contracts computed at once: bounds the memory, whatever the length of the table.
PAQUET = 24_576

#: Packets computed at the same time.
FILS = 4

CONDITIONS = (*CONDITIONS_DU_MEDECIN, *CONDITIONS_DU_PROJET, "condition_option_souscriptible")
#: Columns made of several figures of the law.
COMPOSEES = ("conditions_non_remplies", "conditions_indeterminees", "total_cinq_ans", "lectures", "certitude")
#: Columns that sum up every year.
DE_TOUTES_LES_ANNEES = ("total_cinq_ans", "lectures")
#: Before the name of a figure of the law: its certainty, the weakest of the years for a figure of the year.
CERTITUDE = "certitude_"
#: Figures that mean nothing where the doctor is not eligible or the option not open.
MONTANTS = (
    "montant_maximal",
    "montant_maximal_bas",
    "montant_maximal_haut",
    "montant_du",
    "montant_prevu",
    "versement_1_montant",
    "versement_2_montant",
)
#: What the patients counted at the start depend on.
DU_DEPART = ("date_bascule", "patientele_mt", "patientele_mt_adultes", "patientele_mt_enfants", "file_active")
#: What is answered when nothing is asked by name.
SORTIES = (
    "regime",
    "eligible",
    "eligible_medecin",
    "option_ouverte",
    "bande_basse",
    "bande_haute",
    "conditions_non_remplies",
    "conditions_indeterminees",
    "seuil_activite",
    "patients_manquants",
    "gain_patientele_mt",
    "gain_file_active",
    "borne_gain_patientele_mt",
    "borne_gain_file_active",
    "cible_patientele_mt",
    "cible_file_active",
    "montant_maximal_bas",
    "montant_maximal_haut",
    "montant_du",
    "montant_prevu",
    "total_cinq_ans",
    "lectures",
    "debut_annuite",
    "certitude",
)

Avancement = Callable[[int, int], None]
Masque = NDArray[np.bool_]
Colonne = NDArray[Any]


@dataclass(frozen=True)
class FauteDeRang:
    """Why a row was set aside: its rank in the table, the field to mend, the value received, what is expected."""

    rang: int
    champ: str
    valeur: Any
    message: str


@dataclass
class Entrees:
    """Columns of the law's types, by name of column: their values, and the rows that give one.

    `fautes` holds what was refused so far, `bonnes` masks the rows without any.
    """

    nombre: int
    colonnes: dict[str, Connues] = field(default_factory=dict)
    fautes: list[FauteDeRang] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.bonnes: Masque = np.ones(self.nombre, dtype=bool)
        self._par_partie: dict[str, Masque] = {}

    def refuser(self, rang: int, champ: str, valeur: Any, message: str) -> None:
        """Set a row aside."""
        self.fautes.append(FauteDeRang(rang, champ, valeur, message))
        self.bonnes[rang] = False
        colonne = COLONNES.get(champ)
        if colonne is not None:
            self._par_partie.setdefault(colonne.partie, np.ones(self.nombre, dtype=bool))[rang] = False

    def bonnes_en(self, partie: str) -> Masque:
        """Rows without a fault in one part of the situation."""
        return self._par_partie.get(partie, np.ones(self.nombre, dtype=bool)).copy()

    def manquantes(self, nom: str) -> None:
        """Refuse the rows that do not give a column."""
        connue = self.colonnes.get(nom)
        for rang in range(self.nombre) if connue is None else np.flatnonzero(~connue.donnees).tolist():
            self.refuser(rang, nom, None, "valeur attendue, absente")


def entrees(loi: Any, colonnes: Mapping[str, Any], *, options: Sequence[str] | None = None) -> Entrees:
    """Typed columns (Polars series, NumPy arrays or sequences) as the law's; bad values are set aside by name.

    With `options`, every row is asked under each of them and the column `option` is not expected. Raises BinomeErreur
    for a column that is unknown, missing, or shorter than the others.
    """
    longueurs = {nom: len(colonne) for nom, colonne in colonnes.items()}
    inconnues = [nom for nom in colonnes if nom not in COLONNES]
    if inconnues:
        raise BinomeErreur(f"table : colonne(s) inconnue(s) : {', '.join(inconnues)}")
    if len(set(longueurs.values())) > 1:
        dites = ", ".join(f"{nom} {longueur}" for nom, longueur in longueurs.items())
        raise BinomeErreur(f"table : colonnes de même longueur attendues ({dites})")
    attendues = [
        nom
        for nom, colonne in COLONNES.items()
        if colonne.obligatoire and not (nom == "option" and options is not None)
    ]
    absentes = [nom for nom in attendues if nom not in colonnes]
    if absentes:
        raise BinomeErreur(f"table : colonne(s) absente(s) : {', '.join(absentes)}")
    saisies = Entrees(next(iter(longueurs.values())))
    for nom, brute in colonnes.items():
        connue, mauvaises = typer(loi, COLONNES[nom], brute)
        saisies.colonnes[nom] = connue
        for rang, valeur, message in mauvaises:
            saisies.refuser(rang, nom, valeur, message)
    for nom in attendues:
        saisies.manquantes(nom)
    return saisies


def croiser(loi: Any, saisies: Entrees, date: datetime.date, *, rejeu: bool = False) -> int:
    """Judge the rows by the rules between fields, as `Situation` and `simuler` do, and set the incoherent ones aside.

    With `rejeu`, a past decision is replayed with what was known at `date`: results of years not begun then are left
    out, not refused. Answers how many were.
    """
    for partie, regles in coherence.DES_PARTIES.items():
        _juger(saisies, regles, saisies.colonnes, saisies.bonnes_en(partie))
    for indicateur in INDICATEURS:
        regle = coherence.un_seul(f"cible_notifiee_{indicateur}", f"gain_notifie_{indicateur}")
        _juger(saisies, (regle,), saisies.colonnes, saisies.bonnes_en("objectifs_notifies"))
    rangs = range(1, annees_du_contrat(loi) + 1)
    toutes = saisies.bonnes.copy()
    for rang in rangs:
        constatee, supposee = (_annee_dite(saisies, genre, rang) for genre in ("resultat", "projection"))
        valeurs = {"annee": rang, "constatee": constatee, "supposee": supposee}
        _juger(saisies, (coherence.ANNEE_EN_DOUBLE,), valeurs, toutes, _premiere_colonne(saisies, "projection", rang))
    faits = faits_de_la_loi(loi, date, collectif=False) | {"patients_maximum": PATIENTS_MAXIMUM}
    nombres = [nom for nom in saisies.colonnes if COLONNES[nom].partie in DU_GROUPE_AUSSI]
    regles = (*coherence.A_LA_SIGNATURE, *map(coherence.d_un_seul_medecin, nombres))
    _juger(saisies, regles, {**saisies.colonnes, **faits}, saisies.bonnes.copy())
    ignorees = _oublier_l_avenir(loi, saisies, date) if rejeu else 0
    _juger_avec_la_loi(loi, saisies, date)
    return ignorees


def _juger(
    saisies: Entrees,
    regles: Sequence[coherence.Regle],
    valeurs: Mapping[str, Any],
    lignes: Masque,
    accusee: str | None = None,
) -> None:
    for rang, ecart in coherence.juger_colonnes(regles, valeurs, lignes):
        saisies.refuser(rang, accusee or ecart.champ, ecart.valeur, ecart.message)


def _annee_dite(saisies: Entrees, genre: str, rang: int) -> Connues:
    """Whether each row tells a year, observed or supposed."""
    dite = np.zeros(saisies.nombre, dtype=bool)
    for indicateur in INDICATEURS:
        connue = saisies.colonnes.get(colonne_d_annee(genre, rang, indicateur))
        if connue is not None:
            dite |= connue.donnees
    return Connues(dite, np.ones(saisies.nombre, dtype=bool))


def _premiere_colonne(saisies: Entrees, genre: str, rang: int) -> str:
    noms = [colonne_d_annee(genre, rang, indicateur) for indicateur in INDICATEURS]
    return next((nom for nom in noms if nom in saisies.colonnes), noms[0])


def _debut(saisies: Entrees, rang: int) -> Colonne:
    return ajouter_mois(saisies.colonnes["date_signature"].valeurs, 12 * (rang - 1))


def _oublier_l_avenir(loi: Any, saisies: Entrees, date: datetime.date) -> int:
    """Set aside the results of years that had not begun."""
    ignorees = 0
    for rang in range(1, annees_du_contrat(loi) + 1):
        posterieure = _annee_dite(saisies, "resultat", rang).valeurs & (
            _debut(saisies, rang) > np.datetime64(date, "D")
        )
        if not posterieure.any():
            continue
        ignorees += int(posterieure.sum())
        for indicateur in INDICATEURS:
            nom = colonne_d_annee("resultat", rang, indicateur)
            if nom in saisies.colonnes:
                connue = saisies.colonnes[nom]
                valeurs = np.where(posterieure, NON_DETERMINE, connue.valeurs)
                saisies.colonnes[nom] = Connues(valeurs, connue.donnees & ~posterieure)
    return ignorees


def _juger_avec_la_loi(loi: Any, saisies: Entrees, date: datetime.date) -> None:
    """The rules that need a run of the law: the term, the targets, the years begun."""
    lignes = saisies.bonnes.copy()
    cibles = [i for i in coherence.DEPARTS if f"cible_notifiee_{i}" in saisies.colonnes]
    # Where a contract starts from is asked only for the targets that are compared with it.
    lues = ("date_signature", *(DU_DEPART if cibles else ()))
    calcul = _calcul_leger(loi, {nom: saisies.colonnes[nom].valeurs for nom in lues if nom in saisies.colonnes}, date)
    terme = calcul.colonne("date_fin_contrat")
    connues: dict[str, Any] = {**saisies.colonnes, "terme": Connues(terme, terme > ABSENTE)}
    for indicateur in cibles:
        depart = calcul.colonne(coherence.DEPARTS[indicateur]).astype(np.int64)
        connues[f"depart_{indicateur}"] = Connues(depart, depart >= 0)
    _juger(saisies, coherence.DU_CONTRAT, connues, lignes)
    for rang in range(1, annees_du_contrat(loi) + 1):
        dite = _annee_dite(saisies, "resultat", rang).valeurs
        if dite.any():
            debut = Connues(_debut(saisies, rang), dite)
            valeurs = {"annee": rang, "debut": debut, "date_appreciation": date}
            _juger(saisies, coherence.DES_RESULTATS, valeurs, lignes, _premiere_colonne(saisies, "resultat", rang))


def _calcul_leger(loi: Any, contrats: Mapping[str, Colonne], date: datetime.date) -> Calcul:
    """A run for what does not depend on the year."""
    nombre = len(contrats["date_signature"])
    return Calcul(loi, contrats, {}, date, nombre=nombre, annees=1, trace=False)


def simuler_table(
    loi: Any,
    colonnes: Mapping[str, Any],
    date: datetime.date,
    *,
    sorties: Sequence[str] = SORTIES,
    options: Sequence[str] | None = None,
    annees: int | None = None,
    rejeu: bool = False,
    avancement: Avancement | None = None,
) -> tuple[pl.DataFrame, list[FauteDeRang]]:
    """The figures asked of a table of typed columns, good rows only (see `calculer`), and the faults of the others."""
    saisies = entrees(loi, colonnes, options=options)
    croiser(loi, saisies, date, rejeu=rejeu)
    resultats = calculer(loi, saisies, date, sorties=sorties, options=options, annees=annees, avancement=avancement)
    return resultats, saisies.fautes


def calculer(
    loi: Any,
    saisies: Entrees,
    date: datetime.date,
    *,
    sorties: Sequence[str] = SORTIES,
    options: Sequence[str] | None = None,
    annees: int | None = None,
    avancement: Avancement | None = None,
    serres: bool = False,
) -> pl.DataFrame:
    """The figures asked of the good rows: `rang` (in the table), `option` when several are asked, then `sorties`.

    `loi` is any tax and benefit system built on this law, a reform included. A figure of the contract gives one
    column, a figure of the year one column by year (`montant_du_an1`…); `COMPOSEES` and `certitude_<figure>` too may
    be asked, « lectures » being several columns (see `tables.lectures`). Lists come as `pl.Enum`, amounts as integer
    cents, what is not determined as null. Certainties and readings need the trace of the run; without them nothing is
    traced. `serres` keeps on 32 bits the whole numbers that the law keeps so. `annees` computes the first years only.
    Raises BinomeErreur for a figure that the law does not have.
    """
    duree = annees_du_contrat(loi)
    annees = duree if annees is None else annees
    _controler_les_sorties(loi, sorties, annees, duree)
    bonnes = np.flatnonzero(saisies.bonnes)
    contrats = {
        COLONNES[nom].variable: connue.valeurs
        for nom, connue in saisies.colonnes.items()
        if COLONNES[nom].annee is None and COLONNES[nom].lue
    }
    par_annee = _des_annees(saisies, annees)
    choisies = None if options is None else np.array([noms_de(OptionLoi).index(option) for option in options])

    def paquet(debut: int) -> pl.DataFrame:
        rangs = bonnes[debut : debut + PAQUET]
        return _paquet(loi, contrats, par_annee, rangs, choisies, date, annees, sorties, serres=serres)

    debuts = range(0, max(len(bonnes), 1), PAQUET)
    morceaux = []
    with ThreadPoolExecutor(max_workers=min(FILS, os.cpu_count() or 1)) as fils:
        for debut, morceau in zip(debuts, fils.map(paquet, debuts), strict=True):
            morceaux.append(morceau)
            if avancement is not None and len(bonnes):
                avancement(min(debut + PAQUET, len(bonnes)), len(bonnes))
    return pl.concat(morceaux)


def _controler_les_sorties(loi: Any, sorties: Sequence[str], annees: int, duree: int) -> None:
    figures = [nom.removeprefix(CERTITUDE) for nom in sorties if nom not in COMPOSEES]
    inconnues = [nom for nom in figures if nom not in loi.variables]
    if inconnues:
        raise BinomeErreur(f"table : chiffre(s) inconnu(s) de la loi : {', '.join(inconnues)}")
    if not 1 <= annees <= duree:
        raise BinomeErreur(f"table : années « {annees} » ; nombre de 1 à {duree} attendu")
    for nom in DE_TOUTES_LES_ANNEES if annees < duree else ():
        if nom in sorties:
            raise BinomeErreur(f"table : {nom} demande toutes les années ({duree})")


def _des_annees(saisies: Entrees, annees: int) -> dict[str, Colonne]:
    """Results and suppositions of every row, of shape (rows, years), by variable."""
    par_annee: dict[str, Colonne] = {}
    for nom, connue in saisies.colonnes.items():
        colonne = COLONNES[nom]
        if colonne.annee is not None and colonne.annee <= annees:
            if colonne.variable not in par_annee:
                par_annee[colonne.variable] = np.full((saisies.nombre, annees), NON_DETERMINE, dtype=np.int32)
            place = par_annee[colonne.variable][:, colonne.annee - 1]
            place[connue.donnees] = connue.valeurs[connue.donnees]
    return par_annee


def _paquet(
    loi: Any,
    contrats: Mapping[str, Colonne],
    par_annee: Mapping[str, Colonne],
    rangs: NDArray[np.intp],
    options: NDArray[np.int64] | None,
    date: datetime.date,
    annees: int,
    sorties: Sequence[str],
    *,
    serres: bool,
) -> pl.DataFrame:
    """One packet: a run of the law, and the columns asked of it."""
    fois = 1 if options is None else len(options)
    lignes = rangs if options is None else np.repeat(rangs, fois)
    saisies = {nom: colonne[lignes] for nom, colonne in contrats.items()}
    if options is not None:
        saisies["option"] = np.tile(options, len(rangs))
    annuites = {nom: colonne[lignes].reshape(-1) for nom, colonne in par_annee.items()}
    trace = any(nom == "lectures" or nom.startswith(CERTITUDE.rstrip("_")) for nom in sorties)
    calcul = Calcul(loi, saisies, annuites, date, nombre=len(lignes), annees=annees, trace=trace)
    ouverte: Masque | None = None
    colonnes: dict[str, Any] = {"rang": lignes}
    if options is not None:
        colonnes["option"] = _liste(OptionLoi, saisies["option"])
    for nom in sorties:
        if ouverte is None and (nom in MONTANTS or nom in COMPOSEES):
            ouverte = _ouverte(calcul)
        if nom == "lectures":
            colonnes |= lectures_de(calcul, saisies, annuites, date)
        else:
            colonnes |= _sortie(calcul, nom, ouverte, np.dtype(np.int32) if serres else np.dtype(np.int64))
    calcul.liberer()
    entieres = [nom for nom, colonne in colonnes.items() if nom != "rang" and _est_entiere(colonne)]
    return pl.DataFrame(colonnes).with_columns(
        *(pl.when(pl.col(nom) != NON_DETERMINE).then(pl.col(nom)).alias(nom) for nom in entieres)
    )


def _est_entiere(colonne: Any) -> bool:
    return isinstance(colonne, np.ndarray) and colonne.dtype.kind == "i"


def _ouverte(calcul: Calcul) -> Masque:
    """Contracts that may be paid: neither the doctor nor the option is refused."""
    non = Reponse.non.index
    ouverte: Masque = (calcul.colonne("eligible") != non) & (calcul.colonne("option_ouverte") != non)
    return ouverte


def _sortie(calcul: Calcul, nom: str, ouverte: Masque | None, entiers: np.dtype[Any]) -> dict[str, Any]:
    """The column of a figure, or the columns of its years; its whole numbers as `entiers`."""
    if nom in ("conditions_non_remplies", "conditions_indeterminees"):
        verdict = Condition.non_remplie if nom == "conditions_non_remplies" else Condition.indeterminee
        return {nom: _conditions(calcul, verdict)}
    if nom == "total_cinq_ans":
        assert ouverte is not None  # noqa: S101 - computed for every composed column
        prevus = calcul.par_contrat("montant_prevu")
        complet = ouverte & (prevus >= 0).all(axis=1)
        return {nom: np.where(complet, prevus.sum(axis=1, dtype=np.int64), NON_DETERMINE)}
    if nom == "certitude":
        assert ouverte is not None  # noqa: S101
        return {nom: _certitude(calcul, ouverte)}
    if nom.startswith(CERTITUDE):
        return {nom: _liste(Certitude, calcul.certitudes.projeter(nom.removeprefix(CERTITUDE), "contrat"))}
    if calcul.entite(nom) == "contrat":
        return {nom: _valeurs(calcul, nom, calcul.colonne(nom), entiers)}
    par_annee = calcul.par_contrat(nom)
    if nom in MONTANTS and ouverte is not None:
        par_annee = np.where(ouverte[:, None], par_annee, NON_DETERMINE)
    return {f"{nom}_an{rang + 1}": _valeurs(calcul, nom, par_annee[:, rang], entiers) for rang in range(calcul.annees)}


def _valeurs(calcul: Calcul, variable: str, colonne: Colonne, entiers: np.dtype[Any]) -> Any:
    """A column of the law as Polars takes it: members of lists by name, an absent date as null."""
    definition = calcul.loi.variables[variable]
    possibles = getattr(definition, "possible_values", None)
    if possibles is not None:
        return _liste(possibles, colonne)
    if definition.value_type is datetime.date:
        return np.where(colonne > ABSENTE, colonne, np.datetime64("NaT", "D"))
    if definition.value_type is int:
        return colonne.astype(entiers)
    return colonne


def _liste(membres: Any, codes: Colonne) -> pl.Series:
    noms = [membre.name for membre in membres]
    return pl.Series(noms, dtype=pl.Enum(noms)).gather(codes.astype(np.int64))


def _conditions(calcul: Calcul, verdict: Any) -> pl.Series:
    """Names of the conditions that got a verdict, joined by spaces; one text per distinct set of conditions."""
    ensemble = np.zeros(calcul.nombre, dtype=np.int64)
    for rang, nom in enumerate(CONDITIONS):
        ensemble |= (calcul.colonne(nom) == verdict.index).astype(np.int64) << rang
    distincts, rangs = np.unique(ensemble, return_inverse=True)
    textes = [" ".join(nom for rang, nom in enumerate(CONDITIONS) if code >> rang & 1) for code in distincts.tolist()]
    return pl.Series(textes, dtype=pl.String).gather(rangs)


def _certitude(calcul: Calcul, ouverte: Masque) -> pl.Series:
    """Weakest certainty of eligibility and objectives, and of the amounts where they are due."""
    faible = calcul.certitudes.colonne("eligible").copy()
    for nom in ("gain_patientele_mt", "gain_file_active"):
        suivi = calcul.colonne("suit_patientele_mt") if nom == "gain_patientele_mt" else True
        faible = np.where(suivi, np.minimum(faible, calcul.certitudes.colonne(nom)), faible)
    for nom in FIGURES_D_ARGENT:
        faible = np.where(ouverte, np.minimum(faible, calcul.certitudes.projeter(nom, "contrat")), faible)
    return _liste(Certitude, faible)
