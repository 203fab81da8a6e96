"""The words of the conditions, from the law's register: what is missing, why it refuses, what would change it."""

from __future__ import annotations

from enum import Enum
from typing import Any

from binome import francais
from binome.simulation.modele.chemins import chemins, ecrit, est_vide, valeur_a
from binome.simulation.modele.situation import Situation
from binome.simulation.mots.phrases import pour_lecteur
from openfisca_assistants_medicaux import registre
from openfisca_assistants_medicaux.registre import Choix

#: Inputs that tell the patients compared with a threshold: one of them is missing at most, the computation says which.
PATIENTS_COMPARES = ("patientele_mt", "patientele_mt_adultes", "file_active")


def dispositif_de(situation: Situation) -> str:
    """« individuel » or « collectif »."""
    return "individuel" if situation.groupe is None else "collectif"


def manquants(nom: str, situation: Situation, comparee: str = "") -> tuple[str, ...]:
    """The inputs of a condition that the situation leaves empty: never one already given.

    `comparee` is the input that would tell the patients compared with a threshold; blank when they are known.
    """
    dispositif = dispositif_de(situation)
    choix = registre.conditions()[nom].champs.get(dispositif, ())
    vides = [c[0] for c in choix if not _est_donne(c, situation, dispositif)]
    autres = [variable for variable in vides if variable not in PATIENTS_COMPARES]
    # Where patients are compared for some answers only, the other inputs come first.
    return tuple(autres or [variable for variable in vides if variable == comparee])


def zone_d_apres_la_signature(situation: Situation) -> bool:
    """True when the zone given comes from a zoning later than the contract, which keeps the zone of its day."""
    medecin = situation.medecin
    if medecin is None or medecin.zone is None or medecin.date_zonage is None:
        return False
    return medecin.date_zonage > situation.date_signature


def _est_donne(choix: Choix, situation: Situation, dispositif: str) -> bool:
    if "zone" in choix and zone_d_apres_la_signature(situation):
        return False
    return any(not est_vide(situation, chemins(dispositif)[variable]) for variable in choix)


def a_renseigner(nom: str, situation: Situation, comparee: str = "") -> str:
    """What to tell when a condition is undetermined: the inputs left empty, or whom to ask when none is."""
    manque = manquants(nom, situation, comparee)
    return _indiquez(manque, dispositif_de(situation)) if manque else registre.conditions()[nom].a_demander


def _indiquez(variables: tuple[str, ...], dispositif: str) -> str:
    mots = registre.conditions().champs
    return "indiquez " + francais.enumeration(
        [f"{mots[variable]} ({ecrit(chemins(dispositif)[variable])})" for variable in variables]
    )


def refus(nom: str, regime: str, situation: Situation) -> str:
    """Why a condition refuses the aid, in plain words, without a capital or a full stop."""
    fiche, par_nom = registre.conditions()[nom], chemins(dispositif_de(situation))
    modele = fiche.refus_de(regime)
    donnees = {champ: _en_mots(champ, valeur_a(situation, par_nom[champ])) for champ in fiche.nommes(regime)}
    return modele.format_map(donnees)


def _en_mots(champ: str, valeur: Any) -> str:
    if champ == "specialite":
        return registre.specialites()[valeur.value]
    libelle = str(getattr(valeur, "libelle", valeur.value if isinstance(valeur, Enum) else valeur))
    return libelle if libelle[1:2].isupper() else libelle[:1].lower() + libelle[1:]


def pour_changer(nom: str) -> str:
    """What would change a refusal, for a reader."""
    return pour_lecteur(registre.conditions()[nom].pour_changer)


def a_demander_au_medecin(nom: str) -> str:
    """What to ask a doctor about a condition left undetermined: everything that it may lack."""
    champs = registre.conditions()[nom].champs.get("individuel", ())
    variables = tuple(choix[0] for choix in champs if choix[0] not in PATIENTS_COMPARES)
    return pour_lecteur(_indiquez(variables, "individuel") if variables else registre.conditions()[nom].a_demander)
