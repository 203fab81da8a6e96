"""The same rules over a table of doctors: a CSV in, a table out, no Python loop per doctor.

Every cell is checked by the very fields of `Situation`, once per distinct value; checks that cross columns are
masks. A bad line is set aside with its number, field and reason, and the good ones go on.
"""

from __future__ import annotations

import csv
import datetime
import io
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from pydantic import ValidationError

from binome.simulation.modele.erreurs import BinomeErreur, raison, traduire
from binome.simulation.moteur.calcul import ABSENTE, Calcul
from binome.simulation.moteur.lignes import en_valeur_de_loi
from binome.simulation.moteur.systeme import annees_du_contrat, premiere_signature, systeme
from binome.simulation.reponse.annees import FIGURES_D_ARGENT
from binome.simulation.reponse.controles import DANS_LE_CONTRAT, dernier_jour_de_signature
from binome.simulation.tables.colonnes import COLONNES, Colonne, colonnes_acceptees
from openfisca_assistants_medicaux.calendrier import ajouter_mois
from openfisca_assistants_medicaux.certitude import Certitude
from openfisca_assistants_medicaux.nomenclatures import NON_DETERMINE, Condition, Reponse
from openfisca_assistants_medicaux.variables.eligibilite.synthese import CONDITIONS_DU_MEDECIN, CONDITIONS_DU_PROJET

#: Doctors computed at once: bounds the memory, whatever the length of the file.
PAQUET = 24_576

#: Packets computed at the same time.
FILS = 4

CONDITIONS = (*CONDITIONS_DU_MEDECIN, *CONDITIONS_DU_PROJET, "condition_option_souscriptible")
SORTIES_CONTRAT = ("regime", "eligible", "eligible_medecin", "option_ouverte", "bande_basse", "bande_haute")
SORTIES_PATIENTS = (
    "seuil_activite",
    "patients_manquants",
    "gain_patientele_mt",
    "gain_file_active",
    "borne_gain_patientele_mt",
    "borne_gain_file_active",
    "cible_patientele_mt",
    "cible_file_active",
)
SORTIES_MONTANTS = ("montant_maximal_bas", "montant_maximal_haut", "montant_du", "montant_prevu")

Avancement = Callable[[int, int], None]
Masque = NDArray[np.bool_]


@dataclass(frozen=True)
class FauteDeLigne:
    """Why a line was set aside. `ligne` counts the header as line 1."""

    ligne: int
    champ: str
    valeur: str
    message: str

    def __str__(self) -> str:
        return f"ligne {self.ligne}, {self.champ} : {self.message}"


@dataclass
class Bilan:
    """What a batch did."""

    lignes: int = 0
    acceptees: int = 0
    fautes: list[FauteDeLigne] = field(default_factory=list)

    @property
    def rejetees(self) -> int:
        """Lines set aside."""
        return self.lignes - self.acceptees


@dataclass
class Table:
    """The columns of the law for the lines kept, and the faults of the others."""

    contrats: dict[str, NDArray[Any]]
    annuites: dict[str, NDArray[Any]]
    identifiants: pl.Series
    numeros: NDArray[np.int64]
    bilan: Bilan


def traiter(
    entree: Path,
    sortie: Path,
    rejets: Path,
    date: datetime.date,
    distributions: Sequence[str] = (),
    avancement: Avancement | None = None,
) -> Bilan:
    """Simulate every line of a CSV file and write the results (.csv or .parquet) and the rejected lines.

    Files are written whole, at the end, under their final name: a failure leaves nothing half-written. Raises
    BinomeErreur for a fault of the file itself (encoding, columns, format).
    """
    _controler_les_cibles(sortie, rejets)
    loi = systeme(tuple(distributions))
    if date < premiere_signature(loi):
        raise BinomeErreur(
            f"date « {date} » : elle précède le dispositif ; à partir du {premiere_signature(loi)} attendue"
        )
    table = lire(loi, lire_csv(entree), date)
    morceaux = list(_calculer(loi, table, date, avancement))
    resultats = pl.concat(morceaux) if morceaux else pl.DataFrame({"ligne": [], "identifiant": []})
    if table.bilan.fautes:
        _ecrire(_rejets(table.bilan.fautes), rejets)
    elif rejets == rejets_par_defaut(sortie):
        # Ours, and left by an earlier run: it would speak of lines that are now accepted.
        rejets.unlink(missing_ok=True)
    _ecrire(resultats, sortie)
    return table.bilan


def simuler_tableau(lignes: Sequence[Mapping[str, str]], date: datetime.date) -> tuple[list[dict[str, Any]], Bilan]:
    """The answers on rows of text (the columns of a file), good rows only, and the account of the others."""
    loi = systeme()
    tableau = pl.DataFrame(list(lignes), schema=dict.fromkeys(lignes[0], pl.String))
    table = lire(loi, Texte(tableau, np.arange(1, tableau.height + 1), ()), date)
    reponses = [ligne for paquet in _calculer(loi, table, date, None) for ligne in paquet.to_dicts()]
    return reponses, table.bilan


def rejets_par_defaut(sortie: Path) -> Path:
    """Where rejected lines go when nothing else is asked."""
    return sortie.with_suffix(".rejets.csv")


def _controler_les_cibles(sortie: Path, rejets: Path) -> None:
    """Refuse, before any computation, what could not be written."""
    if sortie.suffix not in {".csv", ".parquet"}:
        raise BinomeErreur(f"sortie « {sortie.name} » : extension .csv ou .parquet attendue")
    for cible in (sortie, rejets):
        if cible.is_dir() or not cible.parent.is_dir():
            raise BinomeErreur(f"« {cible} » : fichier attendu, dans un dossier qui existe")


@dataclass(frozen=True)
class Texte:
    """The cells of a file, as text, with the number of each line and the lines that could not be cut into cells."""

    tableau: pl.DataFrame
    numeros: NDArray[np.int64]
    fautes: tuple[FauteDeLigne, ...] = ()


def lire_csv(entree: Path) -> Texte:
    """A CSV (UTF-8, comma or semicolon) as text columns. A line with too many cells is set aside, and named."""
    try:
        brut = entree.read_bytes()
    except OSError as erreur:
        raise BinomeErreur(f"fichier « {entree} » : {raison(erreur)}") from erreur
    try:
        debut = brut.decode("utf-8-sig")
    except UnicodeDecodeError as erreur:
        ligne = brut[: erreur.start].count(b"\n") + 1
        raise BinomeErreur(
            f"fichier « {entree.name} », ligne {ligne} : encodage illisible ; UTF-8 attendu "
            "(enregistrez le tableur en « CSV UTF-8 »)"
        ) from erreur
    entete = debut.partition("\n")[0].strip()
    if not entete:
        raise BinomeErreur(f"fichier « {entree.name} » vide ; une ligne de titres est attendue")
    separateur = ";" if entete.count(";") > entete.count(",") else ","
    _controler_titres([titre.strip().strip('"').strip() for titre in entete.split(separateur)])
    if not debut.partition("\n")[2].strip():
        raise BinomeErreur(f"fichier « {entree.name} » : aucune ligne après les titres ; au moins un médecin attendu")
    try:
        tableau = _en_colonnes(brut, separateur)
        return Texte(tableau, np.arange(tableau.height) + 2)
    except pl.exceptions.PolarsError:
        # Some line does not have the cells of the titles: only then is the file read line by line.
        return _ligne_a_ligne(entree.name, debut, separateur)


def _en_colonnes(brut: bytes, separateur: str) -> pl.DataFrame:
    return pl.read_csv(brut, separator=separateur, infer_schema=False, null_values=[""], truncate_ragged_lines=False)


def _ligne_a_ligne(nom: str, texte: str, separateur: str) -> Texte:
    """The lines that can be cut as the titles are; the others as faults. Raises BinomeErreur if quotes never close."""
    lecteur = csv.reader(io.StringIO(texte, newline=""), delimiter=separateur, strict=True)
    bonnes, numeros, fautes = io.StringIO(newline=""), [], []
    ecrivain = csv.writer(bonnes, delimiter=separateur)
    titres: list[str] = []
    try:
        for cellules in lecteur:
            if not titres:
                titres = cellules
            elif len(cellules) > len(titres):
                message = f"{len(cellules)} cellules ; le nombre de colonnes des titres est attendu ({len(titres)})"
                fautes.append(FauteDeLigne(lecteur.line_num, "ligne", separateur.join(cellules)[:80], message))
                continue
            elif cellules:
                numeros.append(lecteur.line_num)
            ecrivain.writerow(cellules)
    except csv.Error as erreur:
        raise BinomeErreur(
            f"fichier « {nom} », ligne {lecteur.line_num} : CSV illisible ; guillemets refermés attendus"
        ) from erreur
    tableau = _en_colonnes(bonnes.getvalue().encode(), separateur)
    return Texte(tableau, np.array(numeros, dtype=np.int64), tuple(fautes))


def lire(loi: Any, texte: Texte, date: datetime.date) -> Table:
    """Check every cell, then every line; keep the good lines as columns of the law."""
    tableau = texte.tableau.rename({nom: nom.strip() for nom in texte.tableau.columns})
    lecteur = _Lecteur(loi, tableau, texte)
    for colonne in COLONNES.values():
        if colonne.nom in tableau.columns:
            lecteur.lire(colonne)
    lecteur.croiser(date)
    return lecteur.table()


def _controler_titres(titres: list[str]) -> None:
    connues = {colonne.nom for colonne in colonnes_acceptees()}
    inconnues = [nom for nom in titres if nom not in connues]
    absentes = [c.nom for c in colonnes_acceptees() if c.obligatoire and c.nom not in titres]
    doubles = sorted({nom for nom in titres if titres.count(nom) > 1})
    fautes = []
    if doubles:
        fautes.append(f"colonne(s) en double : {', '.join(doubles)}")
    if absentes:
        fautes.append(f"colonne(s) absente(s) : {', '.join(absentes)}")
    if inconnues:
        fautes.append(f"colonne(s) inconnue(s) : {', '.join(inconnues)} (« binome schema lot » donne celles attendues)")
    if fautes:
        raise BinomeErreur("titres du tableau : " + " ; ".join(fautes))


class _Lecteur:
    """Turns text columns into the law's columns, gathering faults line by line."""

    def __init__(self, loi: Any, tableau: pl.DataFrame, texte: Texte) -> None:
        self.loi = loi
        self.tableau = tableau
        self.nombre = tableau.height
        self.bonnes: Masque = np.ones(self.nombre, dtype=bool)
        self.colonnes: dict[str, NDArray[Any]] = {}
        self.donnees: dict[str, Masque] = {}
        self.numeros = texte.numeros
        self.fautes: list[FauteDeLigne] = list(texte.fautes)
        self.mal_coupees = len(texte.fautes)

    def lire(self, colonne: Colonne) -> None:
        """Check the distinct values of a column, once each, and index them."""
        texte = self.tableau.get_column(colonne.nom).str.strip_chars().replace("", None)
        distinctes = texte.unique().drop_nulls()
        codes = texte.replace_strict(distinctes, np.arange(distinctes.len(), dtype=np.int64), default=-1)
        rangs = codes.fill_null(-1).to_numpy()
        defaut = np.asarray(self.loi.variables[colonne.variable].default_array(1))[0]
        valeurs = np.empty(distinctes.len() + 1, dtype=defaut.dtype)
        valeurs[-1] = defaut
        mauvaises: dict[int, str] = {}
        for rang, brute in enumerate(distinctes):
            try:
                valeurs[rang] = en_valeur_de_loi(self.loi, colonne.variable, colonne.valider(brute))
            except ValidationError as erreur:
                mauvaises[rang], valeurs[rang] = traduire(erreur.errors()[0]).message, defaut
        presentes = rangs >= 0
        self.colonnes[colonne.cle] = valeurs[rangs]
        self.donnees[colonne.cle] = presentes
        for rang, message in mauvaises.items():
            self._refuser(rangs == rang, colonne.nom, message)
        if colonne.obligatoire:
            self._refuser(~presentes, colonne.nom, "valeur attendue, absente")

    def croiser(self, date: datetime.date) -> None:
        """Checks that need several columns, as `Situation` and `simuler` make them."""
        signature = self.colonnes["date_signature"]
        donnee = self.donnees["date_signature"]
        debut = np.datetime64(premiere_signature(self.loi), "D")
        self._refuser(
            donnee & (signature > ABSENTE) & (signature < debut),
            "date_signature",
            f"précède le dispositif ; date à partir du {debut} attendue",
        )
        dernier = np.datetime64(dernier_jour_de_signature(date), "D")
        self._refuser(
            donnee & (signature > dernier), "date_signature", f"trop lointaine ; date jusqu'au {dernier} attendue"
        )
        if "date_embauche" in self.colonnes:
            self._refuser(
                self.donnees["date_embauche"] & (self.colonnes["date_embauche"] < debut),
                "date_embauche",
                f"précède le dispositif ; embauche comme assistant à partir du {debut} attendue",
            )
        apres = "date égale ou postérieure à {} attendue"
        for nom, debut_attendu in FINS:
            if nom in self.colonnes:
                seule = self.donnees[nom] & ~self.donnees.get(debut_attendu, np.zeros(self.nombre, dtype=bool))
                self._refuser(seule, nom, f"{debut_attendu} attendue avec {nom}")
        for nom, origine in ORDRE_DES_DATES:
            if nom in self.colonnes and origine in self.colonnes:
                rangees = self.donnees[nom] & self.donnees[origine]
                self._refuser(rangees & (self.colonnes[nom] < self.colonnes[origine]), nom, apres.format(origine))
        if "date_installation" in self.colonnes:
            tardive = self.donnees["date_installation"] & (self.colonnes["date_installation"] > signature)
            self._refuser(tardive, "date_installation", "date antérieure à la signature attendue")
        self._controler_patientele()
        self._controler_objectifs()
        self._controler_options(date)
        for rang in range(1, annees_du_contrat(self.loi) + 1):
            self._controler_resultat(rang, date)

    def _controler_patientele(self) -> None:
        total = self.colonnes.get("patientele_mt")
        if total is None:
            return
        adultes, enfants = self._nombre("patientele_mt_adultes"), self._nombre("patientele_mt_enfants")
        somme = np.maximum(adultes, 0) + np.maximum(enfants, 0)
        trop = (total >= 0) & (somme > total)
        inegal = (total >= 0) & (adultes >= 0) & (enfants >= 0) & (somme != total)
        self._refuser(trop | inegal, "patientele_mt", "la somme des adultes et des enfants est attendue")

    def _controler_objectifs(self) -> None:
        for indicateur in ("patientele_mt", "file_active"):
            cible, gain = f"cible_notifiee_{indicateur}", f"gain_notifie_{indicateur}"
            if cible in self.donnees and gain in self.donnees:
                self._refuser(self.donnees[cible] & self.donnees[gain], gain, f"{cible} ou {gain} attendu, un seul")

    def _controler_options(self, date: datetime.date) -> None:
        """Refuse an option closed at the date of signature, and what begins after the term, both by the law."""
        entrees = ("date_signature", "option", "renouvellement")
        colonnes = {nom: self.colonnes[nom] for nom in entrees if nom in self.colonnes}
        calcul = Calcul(self.loi, colonnes, {}, date, nombre=self.nombre, annees=1, trace=False)
        fermee = calcul.colonne("condition_option_souscriptible") == Condition.non_remplie.index
        self._refuser(
            fermee & self.bonnes, "option", "option fermée aux contrats signés à cette date ; option ouverte attendue"
        )
        terme = calcul.colonne("date_fin_contrat")
        for nom in (*DANS_LE_CONTRAT["contrat"], *DANS_LE_CONTRAT["assistant"]):
            if nom in self.colonnes:
                finie = self.donnees[nom] & (terme > ABSENTE) & (self.colonnes[nom] > terme)
                self._refuser(finie, nom, "suit la fin du contrat ; date antérieure attendue")

    def _controler_resultat(self, rang: int, date: datetime.date) -> None:
        for nom in (f"resultat_{rang}_patientele_mt", f"resultat_{rang}_file_active"):
            if nom not in self.colonnes:
                continue

            commence = ajouter_mois(self.colonnes["date_signature"], 12 * (rang - 1))
            futur = self.donnees[nom] & (commence > np.datetime64(date, "D"))
            self._refuser(futur, nom, f"année non commencée au {date} ; résultat d'une année commencée attendu")

    def _nombre(self, variable: str) -> NDArray[Any]:
        return self.colonnes.get(variable, np.full(self.nombre, -1))

    def _refuser(self, masque: Masque, champ: str, message: str) -> None:
        for ligne in np.flatnonzero(masque):
            valeur = self.tableau.get_column(champ)[int(ligne)]
            self.fautes.append(FauteDeLigne(int(self.numeros[ligne]), champ, valeur or "", message))
        self.bonnes &= ~masque

    def table(self) -> Table:
        """The good lines, and the account of the others in the order of the file."""
        bonnes = np.flatnonzero(self.bonnes)
        gardees = {nom: colonne[bonnes] for nom, colonne in self.colonnes.items()}
        annuites = {}
        for indicateur in ("patientele_mt", "file_active"):
            colonnes = [
                gardees.pop(f"resultat_{rang}_{indicateur}", None) for rang in range(1, annees_du_contrat(self.loi) + 1)
            ]
            if any(colonne is not None for colonne in colonnes):
                vide = np.full(len(bonnes), -1)
                annuites[f"resultat_{indicateur}"] = np.stack(
                    [vide if colonne is None else colonne for colonne in colonnes], axis=1
                ).reshape(-1)
        noms = self.tableau.columns
        identifiants = (
            self.tableau.get_column("identifiant")
            if "identifiant" in noms
            else pl.Series("identifiant", [None] * self.nombre, dtype=pl.String)
        )
        self.fautes.sort(key=lambda faute: (faute.ligne, faute.champ))
        return Table(
            contrats=gardees,
            annuites=annuites,
            identifiants=identifiants.gather(bonnes),
            numeros=self.numeros[bonnes],
            bilan=Bilan(self.nombre + self.mal_coupees, len(bonnes), self.fautes),
        )


#: End of an interval, and the start that it supposes.
FINS = (("date_fin_suspension", "date_debut_suspension"), ("date_fin_absence", "date_debut_absence"))

#: Column, and the one it may not precede.
ORDRE_DES_DATES = (
    ("date_bascule", "date_signature"),
    ("date_debut_suspension", "date_signature"),
    ("date_fin_anticipee", "date_signature"),
    ("date_fin_suspension", "date_debut_suspension"),
    ("date_debut_absence", "date_embauche"),
    ("date_fin_absence", "date_debut_absence"),
)


def _calculer(loi: Any, table: Table, date: datetime.date, avancement: Avancement | None) -> Iterator[pl.DataFrame]:
    """Packets in order. NumPy frees the interpreter while it works, so a few threads fill the cores."""
    total = len(table.numeros)
    tranches = [slice(debut, min(debut + PAQUET, total)) for debut in range(0, total, PAQUET)]
    with ThreadPoolExecutor(max_workers=min(FILS, os.cpu_count() or 1)) as fils:
        for tranche, paquet in zip(
            tranches, fils.map(lambda tranche: _paquet(loi, table, tranche, date), tranches), strict=True
        ):
            yield paquet
            if avancement is not None:
                avancement(tranche.stop, total)


def _paquet(loi: Any, table: Table, tranche: slice, date: datetime.date) -> pl.DataFrame:
    nombre = len(table.numeros[tranche])
    annees = annees_du_contrat(loi)
    etirees = slice(tranche.start * annees, tranche.stop * annees)
    calcul = Calcul(
        loi,
        {nom: colonne[tranche] for nom, colonne in table.contrats.items()},
        {nom: colonne[etirees] for nom, colonne in table.annuites.items()},
        date,
        nombre=nombre,
        annees=annees,
        trace=True,
    )
    ouverte = (calcul.colonne("eligible") != Reponse.non.index) & (
        calcul.colonne("option_ouverte") != Reponse.non.index
    )
    colonnes: dict[str, Any] = {"ligne": table.numeros[tranche], "identifiant": table.identifiants[tranche]}
    colonnes |= {nom: _noms(calcul, nom) for nom in SORTIES_CONTRAT}
    colonnes["conditions_non_remplies"] = _conditions(calcul, Condition.non_remplie)
    colonnes["conditions_indeterminees"] = _conditions(calcul, Condition.indeterminee)
    colonnes |= {nom: calcul.colonne(nom).astype(np.int64) for nom in SORTIES_PATIENTS}
    montants: dict[str, NDArray[np.int64]] = {}
    for nom in SORTIES_MONTANTS:
        par_annee = np.where(ouverte[:, None], calcul.par_contrat(nom), -1)
        montants |= {f"{nom}_an{rang + 1}": par_annee[:, rang].astype(np.int64) for rang in range(annees)}
        if nom == "montant_prevu":
            complet = (par_annee >= 0).all(axis=1)
            montants["total_cinq_ans"] = np.where(complet, par_annee.sum(axis=1), -1)
    debuts = calcul.par_contrat("debut_annuite")
    dates = {f"debut_an{rang + 1}": debuts[:, rang] for rang in range(annees)}
    certitude = _certitude(calcul, ouverte)
    calcul.liberer()
    brut = pl.DataFrame({**colonnes, **montants, **dates, "certitude": certitude})
    return brut.with_columns(
        *(_connu(nom).alias(nom) for nom in SORTIES_PATIENTS),
        *((_connu(nom).cast(pl.Decimal(18, 2)) / 100).cast(pl.Decimal(18, 2)).alias(nom) for nom in montants),
    )


def _connu(nom: str) -> pl.Expr:
    """A column of the law, null where it says « non déterminé »."""
    return pl.when(pl.col(nom) != NON_DETERMINE).then(pl.col(nom))


def _noms(calcul: Calcul, variable: str) -> pl.Series:
    noms = pl.Series([membre.name for membre in calcul.loi.variables[variable].possible_values])
    return noms.gather(calcul.colonne(variable).astype(np.int64))


def _conditions(calcul: Calcul, verdict: Any) -> pl.Series:
    """Names of the conditions that got a verdict, joined by spaces; one text per distinct set of conditions."""
    ensemble = np.zeros(calcul.nombre, dtype=np.int64)
    for rang, nom in enumerate(CONDITIONS):
        ensemble |= (calcul.colonne(nom) == verdict.index).astype(np.int64) << rang
    distincts, rangs = np.unique(ensemble, return_inverse=True)
    textes = [" ".join(nom for rang, nom in enumerate(CONDITIONS) if code >> rang & 1) for code in distincts.tolist()]
    return pl.Series(textes).gather(rangs)


def _certitude(calcul: Calcul, ouverte: Masque) -> pl.Series:
    """Weakest certainty of eligibility and objectives, and of the amounts where they are due."""
    faible = calcul.certitudes.colonne("eligible").copy()
    for nom in ("gain_patientele_mt", "gain_file_active"):
        suivi = calcul.colonne("suit_patientele_mt") if nom == "gain_patientele_mt" else True
        faible = np.where(suivi, np.minimum(faible, calcul.certitudes.colonne(nom)), faible)
    for nom in FIGURES_D_ARGENT:
        faible = np.where(ouverte, np.minimum(faible, calcul.certitudes.projeter(nom, "contrat")), faible)
    noms = pl.Series([certitude.name for certitude in Certitude])
    return noms.gather(faible.astype(np.int64))


def _rejets(fautes: list[FauteDeLigne]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "ligne": [faute.ligne for faute in fautes],
            "champ": [faute.champ for faute in fautes],
            "valeur": [faute.valeur for faute in fautes],
            "raison": [faute.message for faute in fautes],
        }
    )


def _ecrire(tableau: pl.DataFrame, fichier: Path) -> None:
    """Write beside, then rename: readers see the old file or the new one, never half of it."""
    provisoire = fichier.with_name(f".{fichier.name}.partiel")
    try:
        if fichier.suffix == ".parquet":
            tableau.write_parquet(provisoire)
        else:
            tableau.write_csv(provisoire)
        provisoire.replace(fichier)
    except OSError as erreur:
        raise BinomeErreur(f"écriture de « {fichier} » impossible : {raison(erreur)}") from erreur
    finally:
        provisoire.unlink(missing_ok=True)
