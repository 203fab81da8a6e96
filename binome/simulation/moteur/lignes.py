"""From a situation to the law's input columns: one row per option compared."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from binome import argent
from binome.simulation.modele.nomenclatures import INDICATEURS
from binome.simulation.modele.situation import HORS_LOI, PREFIXES, VARIABLES, Groupe, ObjectifNotifie, Situation
from binome.simulation.moteur.calcul import Calcul
from binome.simulation.moteur.systeme import annees_du_contrat
from binome.simulation.moteur.variantes import Bloc, Variante, executer, points_a_essayer
from openfisca_assistants_medicaux.nomenclatures import NON_DETERMINE, Condition, Dispositif
from openfisca_assistants_medicaux.nomenclatures import Option as OptionLoi


def noms_de(liste: Any) -> list[str]:
    """Names of the members of a law list, by index."""
    return [membre.name for membre in liste]


#: Options compared side by side, in order.
OPTIONS = tuple(nom for nom in noms_de(OptionLoi) if nom != "aucune")


def en_valeur_de_loi(loi: Any, variable: str, valeur: Any) -> Any:
    """One value as the law stores it: enum index, datetime64, number."""
    possibles = getattr(loi.variables[variable], "possible_values", None)
    if possibles is not None:
        nom = ("oui" if valeur else "non") if isinstance(valeur, bool) else valeur
        return possibles[nom.value if isinstance(nom, Enum) else nom].index
    if isinstance(valeur, datetime.date):
        return np.datetime64(valeur, "D")
    return valeur


def entrees(loi: Any, modele: BaseModel | None) -> dict[str, Any]:
    """The law inputs that a part of the situation tells; a field left out is left to the law's « not told »."""
    if modele is None:
        return {}
    dites: dict[str, Any] = {}
    for champ in type(modele).model_fields:
        valeur = getattr(modele, champ)
        if valeur is None or champ in HORS_LOI:
            continue
        if champ in PREFIXES:
            dites |= {f"{PREFIXES[champ]}{nom}": dite for nom, dite in _a_prefixer(loi, PREFIXES[champ], valeur)}
            continue
        variable = VARIABLES.get(champ, champ)
        dites[variable] = en_valeur_de_loi(loi, variable, valeur)
    return dites


def _a_prefixer(loi: Any, prefixe: str, partie: BaseModel) -> Iterator[tuple[str, Any]]:
    for nom, valeur in partie:
        if valeur is not None:
            yield nom, en_valeur_de_loi(loi, f"{prefixe}{nom}", valeur)


def entrees_du_contrat(loi: Any, situation: Situation, date: datetime.date) -> dict[str, Any]:
    """All the inputs of the contract's row."""
    dites = {
        **entrees(loi, situation.medecin),
        **entrees(loi, situation.patientele),
        **entrees(loi, situation.contrat),
        **entrees(loi, situation.assistant),
    }
    if situation.groupe is not None:
        dites |= entrees(loi, situation.groupe) | totaux_du_groupe(loi, situation.groupe, date)
    for indicateur in INDICATEURS:
        notifie: ObjectifNotifie | None = getattr(situation.objectifs_notifies, indicateur)
        for forme in ("cible", "gain"):
            if notifie is not None and getattr(notifie, forme) is not None:
                dites[f"{forme}_notifie{'e' if forme == 'cible' else ''}_{indicateur}"] = getattr(notifie, forme)
    for annee, montant in situation.montants_notifies:
        if montant is not None:
            dites[f"montant_notifie_{annee}"] = argent.en_centimes(montant)
    return dites


def totaux_du_groupe(loi: Any, groupe: Groupe, date: datetime.date) -> dict[str, Any]:
    """Totals of the members, and how many are refused or undetermined, each judged by the law's own conditions."""
    verdicts = juger_membres(loi, groupe, date)
    refuses = verdicts == Condition.non_remplie.index
    indetermines = (verdicts == Condition.indeterminee.index) & ~refuses.any(axis=0)
    files = [membre.file_active for membre in groupe.membres]
    totaux = {
        "dispositif": Dispositif.collectif.index,
        "nombre_adherents": len(groupe.membres),
        "nombre_adherents_refuses": int(refuses.any(axis=0).sum()),
        "nombre_adherents_indetermines": int(indetermines.any(axis=0).sum()),
        "nombre_adherents_sous_contrat_individuel": sum(m.contrat_individuel_en_cours for m in groupe.membres),
        "nombre_pamsu_docteur_junior": sum(m.pamsu_docteur_junior for m in groupe.membres),
        "patientele_mt": sum(membre.patientele_mt for membre in groupe.membres),
    }
    for indicateur in INDICATEURS if groupe.contrats_individuels_anterieurs else ():
        # There were some, and nobody tells what they gained: not the same as none.
        if f"{indicateur}_deja_gagnee" not in groupe.model_fields_set:
            totaux[f"{indicateur}_deja_gagnee"] = NON_DETERMINE
    if None not in files:
        totaux["file_active"] = sum(file for file in files if file is not None)
    return totaux | nouveaux_du_groupe(loi, groupe, date)


def nouveaux_du_groupe(loi: Any, groupe: Groupe, date: datetime.date) -> dict[str, Any]:
    """How many members are new, what they lack to the median, and when the first joined: judged by the law.

    Nothing where no member tells a date of installation, nor where none is new.
    """
    dates = [membre for membre in groupe.membres if membre.date_installation is not None]
    if not dates:
        return {}
    colonnes = {
        "dispositif": np.full(len(dates), Dispositif.collectif.index),
        "date_signature": np.full(len(dates), np.datetime64(groupe.date_signature, "D")),
        "date_installation": np.array([m.date_installation for m in dates], dtype="datetime64[D]"),
        "date_adhesion": np.array([m.date_adhesion or groupe.date_signature for m in dates], dtype="datetime64[D]"),
        "specialite": np.array([en_valeur_de_loi(loi, "specialite", m.specialite) for m in dates]),
        "mode_exercice_particulier": np.array([m.mode_exercice_particulier for m in dates]),
        "patientele_mt": np.array([m.patientele_mt for m in dates]),
        "file_active": np.array([NON_DETERMINE if m.file_active is None else m.file_active for m in dates]),
    }
    calcul = Calcul(loi, colonnes, {}, date, nombre=len(dates), annees=1, trace=False)
    nouveaux = calcul.colonne("adherent_nouvel_installe").astype(bool)
    if not nouveaux.any():
        return {}
    totaux = {
        "nombre_nouveaux_installes": int(nouveaux.sum()),
        "date_adhesion": colonnes["date_adhesion"][nouveaux].min(),
    }
    for indicateur in INDICATEURS:
        manques = calcul.colonne(f"{indicateur}_manquante_a_la_mediane")[nouveaux]
        inconnu = (manques == NON_DETERMINE).any()
        totaux[f"{indicateur}_des_nouveaux_a_gagner"] = NON_DETERMINE if inconnu else int(manques.sum())
    return totaux


def juger_membres(loi: Any, groupe: Groupe, date: datetime.date) -> NDArray[Any]:
    """Verdicts (sector, specialty) × members: sector as for an individual contract, specialty as for a group."""
    membres = groupe.membres
    nombre = len(membres)
    dispositif = np.repeat([Dispositif.individuel.index, Dispositif.collectif.index], nombre)
    colonnes = {
        "dispositif": dispositif,
        "date_signature": np.full(2 * nombre, np.datetime64(groupe.date_signature, "D")),
        "specialite": np.tile([en_valeur_de_loi(loi, "specialite", m.specialite) for m in membres], 2),
        "secteur": np.tile(
            [0 if m.secteur is None else en_valeur_de_loi(loi, "secteur", m.secteur) for m in membres], 2
        ),
        "mode_exercice_particulier": np.tile([m.mode_exercice_particulier for m in membres], 2),
    }
    calcul = Calcul(loi, colonnes, {}, date, nombre=2 * nombre, annees=1, trace=False)
    return np.array(
        [calcul.colonne("condition_conventionnement")[:nombre], calcul.colonne("condition_specialite")[nombre:]]
    )


@dataclass(frozen=True)
class Lancee:
    """The rows of one situation in a traced run, and those that try the other reading of a point beside them."""

    calcul: Calcul
    #: The first row of the situation: the others follow, one by option.
    premiere: int
    variantes: tuple[Variante, ...]
    #: The law inputs that the contract and its years tell.
    dites: Mapping[str, Any]


def lancer(
    loi: Any, situations: Sequence[Situation], date: datetime.date, options: tuple[str, ...] = OPTIONS
) -> list[Lancee]:
    """One traced run for all: by situation a row per option (a single one for a group), then a row per open point.

    Each row has its years. An open point is tried on every option.
    """
    annees = annees_du_contrat(loi)
    blocs, dites = [], []
    for situation in situations:
        du_contrat = entrees_du_contrat(loi, situation, date)
        bloc = _bloc(loi, situation, du_contrat, options, annees)
        blocs.append(bloc)
        dites.append(du_contrat | dict.fromkeys(bloc.annuites, True))
    calcul, places = executer(loi, blocs, date, annees)
    return [Lancee(calcul, *place, dite) for place, dite in zip(places, dites, strict=True)]


def _bloc(loi: Any, situation: Situation, dites: Mapping[str, Any], options: tuple[str, ...], annees: int) -> Bloc:
    collectif = situation.groupe is not None
    nombre = 1 if collectif else len(options)
    contrats: dict[str, NDArray[Any]] = {variable: np.full(nombre, valeur) for variable, valeur in dites.items()}
    if not collectif:
        contrats["option"] = np.array([noms_de(OptionLoi).index(option) for option in options])
        _reserver_a_l_option_choisie(contrats, situation, options)
    annuites = annuites_de(situation, nombre, annees)
    points = points_a_essayer(loi, dites, annuites, situation.date_signature)
    # On every option, even when one is chosen: the run alone tells whether it is open, and the others are compared.
    return Bloc(nombre, contrats, annuites, tuple(points), range(nombre), situation.date_signature)


def propre_a_l_option(variable: str) -> bool:
    """True for what the fund notified of the contract under its own option; the band and the threshold are the
    doctor's, whatever the option."""
    return "_notifie" in variable and not variable.startswith(("bande", "seuil"))


def _reserver_a_l_option_choisie(
    contrats: dict[str, NDArray[Any]], situation: Situation, options: tuple[str, ...]
) -> None:
    """What the fund notified belongs to the contract's own option: the others, compared with it, are computed."""
    choisie = None if situation.contrat is None else situation.contrat.option
    if choisie is None:
        return
    for variable in contrats:
        if propre_a_l_option(variable):
            contrats[variable] = np.where(np.array(options) == choisie, contrats[variable], NON_DETERMINE)


def annuites_de(situation: Situation, nombre: int, annees: int) -> Mapping[str, NDArray[Any]]:
    """Results and projections, by year, the same for every option compared."""
    colonnes = {}
    for indicateur in INDICATEURS:
        par_annee = np.full(annees, -1)
        for resultat in (*situation.resultats, *situation.projections):
            valeur = getattr(resultat, indicateur)
            if valeur is not None:
                par_annee[resultat.annee - 1] = valeur
        if (par_annee >= 0).any():
            colonnes[f"resultat_{indicateur}"] = np.tile(par_annee, nombre)
    return colonnes
