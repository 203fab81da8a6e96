"""What a simulation refuses: values that fit their field, but that no rule set, or no fact, allows."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import numpy as np
from pydantic import BaseModel

from binome.simulation.cout.salaire import smic_mensuel
from binome.simulation.jour import aujourd_hui
from binome.simulation.modele.erreurs import Faute, SituationInvalide
from binome.simulation.modele.situation import PATIENTS_MAXIMUM, MontantsNotifies, Situation
from binome.simulation.moteur.calcul import Calcul
from binome.simulation.moteur.lignes import OPTIONS
from binome.simulation.moteur.systeme import annees_du_contrat, ouverture_collective, premiere_signature
from openfisca_assistants_medicaux.calendrier import ajouter_mois

#: How far ahead of the date d'appréciation a signature may be planned, in years: against typing errors only.
HORIZON = 10


def controler(loi: Any, situation: Situation, date: datetime.date) -> None:
    """Refuse what no rule set covers. Raises SituationInvalide, with every fault found."""
    fautes = [
        *_annees_inconnues(loi, situation),
        *_option_attendue(situation),
        *_dates_impossibles(loi, situation, date),
        *_nombres_d_un_groupe(situation),
    ]
    # The SMIC is read at the date of signature: that date must make sense first.
    if fautes or (fautes := [*_salaire_illegal(situation, date)]):
        raise SituationInvalide(fautes)


def _annees_inconnues(loi: Any, situation: Situation) -> Iterator[Faute]:
    for champ in ("resultats", "projections"):
        for rang, resultat in enumerate(getattr(situation, champ), start=1):
            if resultat.annee > annees_du_contrat(loi):
                message = f"« {resultat.annee} » : rang de 1 à {annees_du_contrat(loi)} attendu"
                yield Faute(f"{champ}.{rang}.annee", message, resultat.annee)


def _option_attendue(situation: Situation) -> Iterator[Faute]:
    """Amounts are notified for one option: without it, nobody knows which."""
    sans_option = situation.contrat is None or situation.contrat.option is None
    if situation.montants_notifies != MontantsNotifies() and sans_option:
        message = "valeur attendue : l'option pour laquelle la caisse a notifié des montants (montants_notifies)"
        yield Faute("contrat.option", message)


def _nombres_d_un_groupe(situation: Situation) -> Iterator[Faute]:
    """Only a group follows more patients than one doctor can."""
    if situation.groupe is not None:
        return
    for partie in ("resultats", "projections", "objectifs_notifies"):
        for champ, nombre in _nombres(getattr(situation, partie), partie):
            if nombre > PATIENTS_MAXIMUM:
                message = f"« {nombre} » refusé ; nombre au plus égal à {PATIENTS_MAXIMUM} attendu"
                yield Faute(champ, message, nombre)


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


def _dates_impossibles(loi: Any, situation: Situation, date: datetime.date) -> Iterator[Faute]:
    """Dates before the rules existed, or out of order."""
    signature, ouverture = situation.date_signature, premiere_signature(loi)
    champ = "groupe.date_signature" if situation.groupe else "contrat.date_signature"
    debut = ouverture_collective(loi) if situation.groupe else ouverture
    if signature < debut:
        quoi = "l'aide collective" if situation.groupe else "le dispositif"
        yield Faute(champ, f"« {signature} » précède {quoi} ; date à partir du {debut} attendue", signature)
    dernier = dernier_jour_de_signature(date)
    if signature > dernier:
        yield Faute(champ, f"« {signature} » est trop lointaine ; date jusqu'au {dernier} attendue", signature)
    if date < ouverture:
        message = f"« {date} » précède le dispositif ; date à partir du {ouverture} attendue"
        yield Faute("date_appreciation", message, date)
    premier_terme = debut.replace(year=debut.year + annees_du_contrat(loi))
    if situation.contrat is not None and situation.contrat.renouvellement and signature < premier_terme:
        message = f"aucun contrat n'est échu au {signature} ; signature à partir du {premier_terme} attendue"
        yield Faute("contrat.renouvellement", message, True)
    embauche = situation.assistant.date_embauche
    if embauche is not None and embauche < ouverture:
        message = f"« {embauche} » précède le dispositif ; embauche comme assistant à partir du {ouverture} attendue"
        yield Faute("assistant.date_embauche", message, embauche)
    releve = situation.patientele.date_releve
    if releve is not None and releve > signature >= debut:
        message = f"« {releve} » suit la signature ; relevé antérieur au {signature} attendu"
        yield Faute("patientele.date_releve", message, releve)
    installation = None if situation.medecin is None else situation.medecin.date_installation
    if installation is not None and installation > signature:
        message = f"« {installation} » suit la signature ; date antérieure au {signature} attendue"
        yield Faute("medecin.date_installation", message, installation)


def _salaire_illegal(situation: Situation, date: datetime.date) -> Iterator[Faute]:
    """A full-time salary under the SMIC, to the euro: a part-time one is entered as its full-time equivalent."""
    salaire = situation.cout.salaire_brut_mensuel
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


def controler_resultats(calcul: Calcul, situation: Situation, ligne: int) -> None:
    """Results are facts: refuse those of a year that has not started at the date d'appréciation."""
    fautes = []
    for rang, resultat in enumerate(situation.resultats):
        position = ligne * calcul.annees + resultat.annee - 1
        if not calcul.vrai("annuite_commencee", position):
            debut = calcul.date("debut_annuite", position)
            fautes.append(
                Faute(
                    f"resultats.{rang + 1}.annee",
                    f"« {resultat.annee} » : cette année ne commence que le {debut} ; année commencée au "
                    f"{calcul.date_appreciation} attendu (ou « projections » pour une supposition)",
                    resultat.annee,
                )
            )
    if fautes:
        raise SituationInvalide(fautes)


#: Dates of what happens during a contract, by the part of the situation that holds them.
DANS_LE_CONTRAT = {
    "contrat": ("date_bascule", "date_debut_suspension", "date_fin_anticipee"),
    "groupe": ("date_debut_suspension", "date_fin_anticipee"),
    "assistant": ("date_embauche", "date_debut_absence"),
}


def controler_terme(calcul: Calcul, situation: Situation, ligne: int) -> None:
    """Nothing begins once the contract is over."""
    terme = calcul.date("date_fin_contrat", ligne)
    fautes = []
    for partie, champs in DANS_LE_CONTRAT.items():
        for champ in champs:
            date = getattr(getattr(situation, partie), champ, None)
            if date is not None and terme is not None and date > terme:
                message = f"« {date} » suit la fin du contrat ; date jusqu'au {terme} attendue"
                fautes.append(Faute(f"{partie}.{champ}", message, date))
    if fautes:
        raise SituationInvalide(fautes)


def controler_option(calcul: Calcul, situation: Situation, ligne: int | None) -> None:
    """Refuse an option that does not exist at the date of signature, and say which ones do."""
    if ligne is None or situation.contrat is None or situation.contrat.option is None:
        return
    verdicts = calcul.colonne("condition_option_souscriptible")
    if calcul.membre("condition_option_souscriptible", ligne).name == "non_remplie":
        ouvertes = [OPTIONS[rang] for rang in range(len(verdicts)) if _souscriptible(calcul, rang)]
        raise SituationInvalide(
            [
                Faute(
                    "contrat.option",
                    f"« {situation.contrat.option} » n'est pas ouverte aux contrats signés le "
                    f"{situation.contrat.date_signature} ; attendu : {', '.join(ouvertes)}",
                    situation.contrat.option,
                )
            ]
        )


def _souscriptible(calcul: Calcul, ligne: int) -> bool:
    return str(calcul.membre("condition_option_souscriptible", ligne).name) == "remplie"
