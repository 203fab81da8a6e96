"""What a simulation refuses: values that fit their field, but that no rule set, or no fact, allows.

The rules between fields are those of `modele.coherence`; this module gives them what the law says of the situation.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
from pydantic import BaseModel

from binome import francais
from binome.simulation.cout.postes import QUOTITES
from binome.simulation.cout.salaire import smic_mensuel
from binome.simulation.cout.territoire import lieu
from binome.simulation.cout.travail import duree_legale, duree_maximale_cdd
from binome.simulation.jour import aujourd_hui
from binome.simulation.modele import coherence
from binome.simulation.modele.erreurs import Faute, SituationInvalide
from binome.simulation.modele.situation import OPTIONS_ECRITES, PATIENTS_MAXIMUM, MontantsNotifies, Situation
from binome.simulation.moteur.calcul import Calcul
from binome.simulation.moteur.lignes import OPTIONS
from binome.simulation.moteur.systeme import annees_du_contrat, ouverture_collective, premiere_signature
from openfisca_assistants_medicaux.calendrier import ajouter_mois

#: Hours of a post are told to the half: « 11 h 30 » for a third of full time.
DEMI_HEURE = Decimal("0.5")
#: How far ahead of the date d'appréciation a signature may be planned, in years: against typing errors only.
HORIZON = 10

#: Parts whose numbers are those of a doctor or of a group.
DU_GROUPE_AUSSI = ("resultats", "projections", "objectifs_notifies")

#: Parts of a situation that hold the fields of the rules.
PARTIES = ("medecin", "patientele", "contrat", "groupe", "assistant")


def controler(loi: Any, situation: Situation, date: datetime.date) -> None:
    """Refuse what no rule set covers. Raises SituationInvalide, with every fault found."""
    fautes = [
        *_annees_inconnues(loi, situation),
        *_incoherences(situation, coherence.MONTANTS, {"montants": situation.montants_notifies != MontantsNotifies()}),
        *_incoherences(situation, coherence.A_LA_SIGNATURE, faits_de_la_loi(loi, date, situation.groupe is not None)),
        *_nombres_d_un_groupe(situation),
    ]
    # The SMIC is read at the date of signature: that date must make sense first.
    if fautes or (fautes := [*_salaire_illegal(situation, date), *_contrat_de_travail(situation, date)]):
        raise SituationInvalide(fautes)


def faits_de_la_loi(loi: Any, date: datetime.date, collectif: bool) -> dict[str, Any]:
    """What the rules of `A_LA_SIGNATURE` ask of the law, at a date d'appréciation."""
    ouverture = premiere_signature(loi)
    return {
        "date_appreciation": date,
        "ouverture": ouverture_collective(loi) if collectif else ouverture,
        "dispositif": "l'aide collective" if collectif else "le dispositif",
        "ouverture_individuelle": ouverture,
        "dernier_jour": dernier_jour_de_signature(date),
        "premier_terme": ouverture.replace(year=ouverture.year + annees_du_contrat(loi)),
    }


def _incoherences(situation: Situation, regles: Iterable[coherence.Regle], faits: dict[str, Any]) -> Iterator[Faute]:
    """The rules that a situation breaks, each at the path of the field to mend."""
    valeurs: dict[str, Any] = {}
    # An option may be missing with the whole contract.
    chemins = {"option": "contrat.option"}
    chemins |= {f"cible_notifiee_{i}": f"objectifs_notifies.{i}.cible" for i in coherence.DEPARTS}
    for partie in PARTIES:
        modele = getattr(situation, partie)
        for champ in () if modele is None else type(modele).model_fields:
            valeurs[champ], chemins[champ] = getattr(modele, champ), f"{partie}.{champ}"
    for ecart in coherence.juger(tuple(regles), valeurs | faits):
        yield Faute(chemins.get(ecart.champ, ecart.champ), ecart.message, ecart.valeur)


def _annees_inconnues(loi: Any, situation: Situation) -> Iterator[Faute]:
    for champ in ("resultats", "projections"):
        for rang, resultat in enumerate(getattr(situation, champ), start=1):
            if resultat.annee > annees_du_contrat(loi):
                message = f"« {resultat.annee} » : rang de 1 à {annees_du_contrat(loi)} attendu"
                yield Faute(f"{champ}.{rang}.annee", message, resultat.annee)


def _nombres_d_un_groupe(situation: Situation) -> Iterator[Faute]:
    """Only a group follows more patients than one doctor can."""
    if situation.groupe is not None:
        return
    for partie in DU_GROUPE_AUSSI:
        for champ, nombre in _nombres(getattr(situation, partie), partie):
            faits = {champ: nombre, "patients_maximum": PATIENTS_MAXIMUM}
            for ecart in coherence.juger((coherence.d_un_seul_medecin(champ),), faits):
                yield Faute(ecart.champ, ecart.message, ecart.valeur)


def _nombres(partie: object, chemin: str) -> Iterator[tuple[str, int]]:
    """Every whole number of a part of the situation, by its path."""
    if isinstance(partie, tuple):
        for rang, element in enumerate(partie, start=1):
            yield from _nombres(element, f"{chemin}.{rang}")
    elif isinstance(partie, BaseModel):
        for nom, valeur in partie:
            yield from _nombres(valeur, f"{chemin}.{nom}")
    elif isinstance(partie, int):
        yield chemin, partie


def dernier_jour_de_signature(date: datetime.date) -> datetime.date:
    """The last day that a signature may be planned for, seen from the date d'appréciation, or from today before it."""
    return datetime.date(min(date, aujourd_hui()).year + HORIZON, 1, 1)


def _contrat_de_travail(situation: Situation, date: datetime.date) -> Iterator[Faute]:
    """Hours and CDD that no employment contract of one assistant holds, or that the option chosen contradicts."""
    cout, debut = situation.cout, min(situation.date_signature, date)
    if cout.duree_cdd_mois is not None:
        maximum = duree_maximale_cdd(debut, debut)
        if cout.type_contrat.value != "cdd":
            message = "inattendue sans « cout.type_contrat » : cdd"
            yield Faute("cout.duree_cdd_mois", message, cout.duree_cdd_mois)
        elif cout.duree_cdd_mois > maximum:
            message = f"« {cout.duree_cdd_mois} » : au plus {maximum} mois attendus"
            yield Faute("cout.duree_cdd_mois", message, cout.duree_cdd_mois)
    if cout.heures_hebdomadaires is None:
        return
    legale = duree_legale(debut, debut)
    option = None if situation.contrat is None else situation.contrat.option
    attendue = None
    if situation.groupe is not None:
        attendue = "inattendues avec « groupe », dont les postes suivent les ETP demandés"
    elif Fraction(cout.heures_hebdomadaires) > legale:
        attendue = (
            f"« {cout.heures_hebdomadaires} » : au plus {legale} attendues, les heures au-delà ne se chiffrent pas"
        )
    elif option is not None and len(QUOTITES[option.value]) > 1:
        attendue = "inattendues pour deux assistants, chiffrés au temps de l'option"
    elif option is not None and QUOTITES[option.value][0] * legale > Fraction(cout.heures_hebdomadaires + DEMI_HEURE):
        demandees = francais.valeur(round(float(QUOTITES[option.value][0] * legale), 2))
        attendue = f"« {cout.heures_hebdomadaires} » : au moins les {demandees} heures de l'option choisie attendues"
    if attendue is not None:
        yield Faute("cout.heures_hebdomadaires", attendue, cout.heures_hebdomadaires)


def _salaire_illegal(situation: Situation, date: datetime.date) -> Iterator[Faute]:
    """A full-time salary under the SMIC, to the euro: a part-time one is entered as its full-time equivalent."""
    salaire = situation.cout.salaire_brut_mensuel
    if not lieu(situation.cout.territoire, min(situation.date_signature, date)).cotisations:
        return
    smic = smic_mensuel(min(situation.date_signature, date))
    if salaire is not None and int(salaire) < int(smic):
        message = f"« {salaire} » : au moins le SMIC d'un temps plein attendu ({smic})"
        yield Faute("cout.salaire_brut_mensuel", message, salaire)


def sans_resultats_posterieurs(situation: Situation, date: datetime.date) -> tuple[Situation, tuple[int, ...]]:
    """A past decision is replayed with what was known then: (the situation less later results, the years left out)."""
    signature = np.array([situation.date_signature], dtype="datetime64[D]")
    ignorees = tuple(
        resultat.annee
        for resultat in situation.resultats
        if bool((ajouter_mois(signature, 12 * (resultat.annee - 1)) > np.datetime64(date, "D"))[0])
    )
    gardes = tuple(resultat for resultat in situation.resultats if resultat.annee not in ignorees)
    return situation.model_copy(update={"resultats": gardes}), ignorees


def controler_apres_calcul(calcul: Calcul, situation: Situation, ligne: int) -> None:
    """What only a run of the law tells. Raises SituationInvalide, with every fault found.

    `ligne` is the row of the chosen option, the first of the situation when none was chosen.
    """
    faits = {"terme": calcul.date("date_fin_contrat", ligne), **_cibles_et_departs(calcul, situation, ligne)}
    fautes = [*_resultats_a_venir(calcul, situation, ligne), *_incoherences(situation, coherence.DU_CONTRAT, faits)]
    if fautes:
        raise SituationInvalide(fautes)


def _cibles_et_departs(calcul: Calcul, situation: Situation, ligne: int) -> dict[str, Any]:
    """The targets notified, and where the contract starts from."""
    faits: dict[str, Any] = {}
    for indicateur, depart in coherence.DEPARTS.items():
        notifie = getattr(situation.objectifs_notifies, indicateur)
        if notifie is not None and notifie.cible is not None:
            faits |= {f"cible_notifiee_{indicateur}": notifie.cible}
            faits |= {f"depart_{indicateur}": calcul.entier(depart, ligne)}
    return faits


def _resultats_a_venir(calcul: Calcul, situation: Situation, ligne: int) -> Iterator[Faute]:
    """Results of a year that has not started at the date d'appréciation."""
    for rang, resultat in enumerate(situation.resultats, start=1):
        debut = calcul.date("debut_annuite", ligne * calcul.annees + resultat.annee - 1)
        valeurs = {"annee": resultat.annee, "debut": debut, "date_appreciation": calcul.date_appreciation}
        for ecart in coherence.juger(coherence.DES_RESULTATS, valeurs):
            yield Faute(f"resultats.{rang}.{ecart.champ}", ecart.message, ecart.valeur)


def option_fermee(calcul: Calcul, situation: Situation, premiere: int) -> Faute | None:
    """Why no contract can be signed under the chosen option on its day; None where it can, or where none was chosen."""
    option = None if situation.contrat is None else situation.contrat.option
    if option is None:
        return None
    verdicts = {
        nom: calcul.membre("condition_option_souscriptible", ligne).name
        for ligne, nom in enumerate(OPTIONS, start=premiere)
    }
    faits = {
        "option": OPTIONS_ECRITES[option.value],
        "fermee": verdicts[option.value] == "non_remplie",
        "ouvertes": ", ".join(OPTIONS_ECRITES[nom] for nom, verdict in verdicts.items() if verdict == "remplie"),
    }
    return next(_incoherences(situation, coherence.POUR_SIGNER, faits), None)
