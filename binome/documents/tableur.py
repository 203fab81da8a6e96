"""The result as a table for a French spreadsheet: one row for each option and contract year."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from binome import argent, francais
from binome.simulation import (
    INDICATEURS_COURTS,
    Annee,
    CoutAnnuel,
    CoutOption,
    Objectif,
    Option,
    Resultat,
    Versement,
    certitude_en_mots,
    phrase_de_la_version,
)
from binome.simulation.mots import ecriture
from binome.tableaux.ecriture import MARQUE_UTF8, SEPARATEUR, sans_formule

#: Indicators, as the columns name them.
#: Instalments of a contract year that have columns.
VERSEMENTS = (1, 2)

Cellule = str | int | Decimal | datetime.date | bool | None


def rendre(resultat: Resultat) -> bytes:
    """CSV as French spreadsheets open it: UTF-8 with a byte order mark, « ; » between cells, decimal comma, JJ/MM/AAAA.

    An option that cannot be had keeps one row without a year. An empty cell is a figure that is not determined. Texts
    that a spreadsheet would run as a formula are preceded by an apostrophe; negative amounts stay numbers.
    """
    lignes = list(_lignes(resultat))
    return table(list(lignes[0]), [list(ligne.values()) for ligne in lignes])


def table(titres: Sequence[str], lignes: Iterable[Sequence[Cellule]]) -> bytes:
    """Any table as a CSV that French spreadsheets open, written as `rendre` says."""
    flux = io.StringIO()
    ecrivain = csv.writer(flux, delimiter=SEPARATEUR, lineterminator="\r\n")
    ecrivain.writerow(titres)
    ecrivain.writerows([_ecrire(cellule) for cellule in ligne] for ligne in lignes)
    return (MARQUE_UTF8 + flux.getvalue()).encode()


def euros(centimes: int | None) -> Decimal | None:
    """An amount in cents as the cell of a column « (€) »; empty when it is not determined."""
    return None if centimes is None else argent.en_euros(centimes)


def _lignes(resultat: Resultat) -> Iterator[dict[str, Cellule]]:
    couts = {} if resultat.cout is None else {cout.option: cout for cout in resultat.cout.options}
    remarque = None if resultat.cout is None else resultat.cout.non_determine
    commun: dict[str, Cellule] = {
        "situation": resultat.situation.titre,
        "règles": resultat.regime_libelle,
        "apprécié le": resultat.date_appreciation,
        "éligible": ecriture.OUVERTE[resultat.verdict.eligible],
        "calculé par": phrase_de_la_version(resultat.version),
    }
    if not resultat.options:
        tete: dict[str, Cellule] = {"option": "Contrat collectif", "choisie": True, "ouverte": commun["éligible"]}
        cout = next(iter(couts.values()), None)
        for ligne in _lignes_d_option(commun | tete, resultat.annees, resultat.objectifs, cout, remarque):
            yield ligne | _deux_lectures(resultat, ligne)
    for option in resultat.options:
        tete = {"option": option.libelle, "choisie": option.choisie, "ouverte": ecriture.OUVERTE[option.ouverte]}
        lignes = _lignes_d_option(
            commun | tete, option.annees, _objectifs(option, resultat), couts.get(option.option), remarque
        )
        for ligne in lignes:
            yield ligne | _deux_lectures(resultat, ligne, option.option)


def _deux_lectures(resultat: Resultat, ligne: dict[str, Cellule], option: str | None = None) -> dict[str, Cellule]:
    """Both amounts of the year of an option, where an open point gives two."""
    rang = ligne["année"]
    dits = ecriture.deux_montants(resultat, rang, option) if isinstance(rang, int) else ""
    return {"deux lectures (a ou b)": dits or None}


def _objectifs(option: Option, resultat: Resultat) -> tuple[Objectif, ...]:
    return resultat.objectifs if option.choisie else option.objectifs


def _lignes_d_option(
    tete: dict[str, Cellule],
    annees: tuple[Annee, ...],
    objectifs: tuple[Objectif, ...],
    cout: CoutOption | None,
    remarque: str | None,
) -> Iterator[dict[str, Cellule]]:
    aides = {annee.rang: annee for annee in annees}
    couts = {} if cout is None else {annee.rang: annee for annee in cout.annees}
    a_gagner = _a_gagner(objectifs)
    # An option without a year keeps a row.
    rangs: list[int | None] = [*sorted(aides.keys() | couts.keys())] or [None]
    for rang in rangs:
        aide, depense = (None, None) if rang is None else (aides.get(rang), couts.get(rang))
        yield (
            tete
            | {"année": rang}
            | _aide(aide, depense)
            | _versements(aide)
            | _cout(depense, remarque)
            | a_gagner
            | _sure(aide)
        )


def _aide(annee: Annee | None, cout: CoutAnnuel | None) -> dict[str, Cellule]:
    dates = annee or cout
    possibles = () if annee is None else [argent.en_euros(possible.montant) for possible in annee.montants_possibles]
    return {
        "début": None if dates is None else dates.debut,
        "fin": None if dates is None else dates.fin,
        "montant maximal (€)": None if annee is None else euros(annee.montant_maximal),
        "montants possibles (€)": " ou ".join(map(_decimal, possibles)) or None,
        "montant prévu (€)": None if annee is None else euros(annee.montant_prevu),
        "au plus": None if annee is None else annee.au_plus,
        "résultats supposés": None if annee is None else annee.projection,
    }


def _versements(annee: Annee | None) -> dict[str, Cellule]:
    cellules: dict[str, Cellule] = {}
    for rang in VERSEMENTS:
        versement: Versement | None = None
        if annee is not None and len(annee.versements) >= rang:
            versement = annee.versements[rang - 1]
        cellules[f"versement {rang}, date"] = None if versement is None else versement.date
        cellules[f"versement {rang} (€)"] = None if versement is None else euros(versement.montant)
    return cellules


def _cout(annee: CoutAnnuel | None, remarque: str | None) -> dict[str, Cellule]:
    return {
        "coût (€)": None if annee is None else euros(annee.total),
        "reste à charge (€)": None if annee is None else euros(annee.reste_a_charge),
        "coût, remarque": remarque,
    }


def _a_gagner(objectifs: tuple[Objectif, ...]) -> dict[str, Cellule]:
    """Patients to gain: the number, or the most that it can be."""
    par_nom = {objectif.indicateur: objectif for objectif in objectifs}
    cellules: dict[str, Cellule] = {}
    for nom, court in INDICATEURS_COURTS.items():
        objectif = par_nom.get(nom)
        cellules[f"objectif {court}, patients à gagner"] = None if objectif is None else objectif.gain
        cellules[f"objectif {court}, au plus"] = None if objectif is None else objectif.gain_au_plus
    return cellules


def _sure(annee: Annee | None) -> dict[str, Cellule]:
    return {
        "certitude": None
        if annee is None or annee.certitude is None
        else certitude_en_mots(annee.certitude, annee.origine)
    }


def _ecrire(cellule: Cellule) -> str:
    if cellule is None:
        return ""
    if isinstance(cellule, bool):
        return "oui" if cellule else "non"
    if isinstance(cellule, Decimal):
        return _decimal(cellule)
    if isinstance(cellule, datetime.date):
        return francais.date_courte(cellule)
    if isinstance(cellule, int):
        return str(cellule)
    return sans_formule(cellule)


def _decimal(montant: Decimal) -> str:
    return f"{montant:f}".replace(".", ",")
