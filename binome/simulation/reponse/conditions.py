"""Conditions and verdicts of a result: what the law answered, in words a doctor can act on."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from binome import francais
from binome.simulation.modele.resultat import Condition, Verdict
from binome.simulation.moteur.calcul import Calcul
from binome.simulation.moteur.explications import lectures_de
from binome.simulation.mots import phrases
from binome.simulation.mots.grandeurs import pour_cent

SEUIL = "condition_seuil_activite"
HONORAIRES = "condition_honoraires_cliniques"


def lister(calcul: Calcul, ligne: int, noms: tuple[str, ...], *, utiles: bool = False) -> tuple[Condition, ...]:
    """The conditions of a row; `utiles` leaves out those that do not apply."""
    toutes = (_condition(calcul, ligne, nom) for nom in noms)
    return tuple(c for c in toutes if not (utiles and c.verdict == "sans_objet"))


def verdict(calcul: Calcul, ligne: int, noms: tuple[str, ...]) -> Verdict:
    """Eligibility with its conditions, and what would change it."""
    eligible = str(calcul.membre("eligible", ligne).name)
    conditions = lister(calcul, ligne, noms)
    refusees = [c for c in conditions if c.verdict == "non_remplie"]
    inconnues = [c for c in conditions if c.verdict == "indeterminee"]
    pour_changer = [_pour_changer(calcul, ligne, c) for c in refusees]
    if eligible == "indeterminee":
        pour_changer = [f"{c.libelle} : {c.raison}" for c in inconnues]
    return Verdict(
        eligible=eligible,
        phrase=_phrase(eligible, refusees, inconnues),
        conditions=conditions,
        pour_changer=tuple(pour_changer),
        certitude=calcul.certitudes("eligible", ligne).name,
    )


def _phrase(eligible: str, refusees: list[Condition], inconnues: list[Condition]) -> str:
    phrase = phrases.PHRASES_VERDICT[eligible]
    cause = refusees or (inconnues if eligible == "indeterminee" else [])
    if not cause:
        return phrase
    libelles = francais.enumeration([phrases.NOMS_COURTS.get(c.nom) or _sujet(c.libelle) for c in cause])
    return f"{phrase[:-1]} : {libelles}."


def _sujet(libelle: str) -> str:
    """What a label is about: what stands before its colon."""
    sujet = libelle.split(" : ")[0]
    return sujet if sujet[1:2].isupper() else sujet[:1].lower() + sujet[1:]


def _condition(calcul: Calcul, ligne: int, nom: str) -> Condition:
    libelle, reference = _fiche(calcul.loi, nom)
    rendu = str(calcul.membre(nom, ligne).name)
    est_seuil = nom == SEUIL
    patients = calcul.entier("patientele_au_seuil", ligne) if est_seuil else None
    seuil = calcul.entier("seuil_activite", ligne) if est_seuil else None
    manque = calcul.entier("patients_manquants", ligne) if est_seuil else None
    raison = phrases.A_RENSEIGNER[nom] if rendu == "indeterminee" else phrases.RAISONS[rendu]
    if est_seuil and rendu == "indeterminee" and patients is None:
        raison = "indiquez la patientèle comparée au seuil (patientele.patientele_mt, _adultes ou file_active)"
    if est_seuil and patients is not None and seuil is not None:
        raison = _patients_et_seuil(calcul, ligne, patients, seuil)
        if rendu == "derogation":
            raison += " ; dispense du seuil"
    if est_seuil and seuil is None and rendu in {"remplie", "non_remplie"}:
        notifiee = calcul.membre("bande_notifiee", ligne)
        if notifiee.name != "non_determinee":
            raison = f"{notifiee.value}, bande notifiée par la caisse"
    if nom == HONORAIRES and rendu in {"remplie", "non_remplie"}:
        part = pour_cent(float(calcul.colonne("part_honoraires_cliniques")[ligne]))
        raison = f"{part} d'honoraires cliniques, minimum {_minimum_clinique(calcul, ligne)}"
    return Condition(
        nom=nom,
        libelle=libelle,
        verdict=rendu,
        raison=raison,
        patients=patients,
        seuil=seuil,
        manque=manque,
        reference=reference,
        certitude=calcul.certitudes(nom, ligne).name,
    )


def _patients_et_seuil(calcul: Calcul, ligne: int, patients: int, seuil: int) -> str:
    """The patients of a doctor and the threshold; their means for a group, whose members share the threshold."""
    membres = calcul.entier("nombre_adherents", ligne) or 0
    if calcul.membre("dispositif", ligne).name != "collectif" or not membres:
        return f"{francais.pluriel(patients, 'patient')}, seuil {francais.nombre(seuil)}"
    moyennes = [francais.nombre(total // membres) for total in (patients, seuil)]
    adherents = francais.pluriel(membres, "adhérent")
    return f"{moyennes[0]}{francais.INSECABLE}patients en moyenne pour {adherents}, seuil {moyennes[1]}"


#: Deadline that a refused condition missed, or must wait for.
ECHEANCES_A_TENIR = {
    "condition_carence": "date_fin_carence",
    "condition_remplacement_secretaire": "date_limite_remplacement_secretaire",
}


@lru_cache(maxsize=256)
def _fiche(loi: Any, nom: str) -> tuple[str, str]:
    """Label and reference of a variable."""
    definition = loi.variables[nom]
    return definition.label, "; ".join(definition.reference or ())


def _minimum_clinique(calcul: Calcul, ligne: int) -> str:
    """The share asked, as the computation read it."""
    lues = lectures_de(calcul, (HONORAIRES, ligne))
    return next(pour_cent(e.valeur) for e in lues if isinstance(e.valeur, float))


def _pour_changer(calcul: Calcul, ligne: int, condition: Condition) -> str:
    """What would change a refusal, with the distance to what is asked."""
    conseil = phrases.POUR_CHANGER.get(condition.nom, condition.libelle)
    if condition.nom == SEUIL and condition.manque:
        return f"il manque {francais.pluriel(condition.manque, 'patient')} pour atteindre le seuil"
    if condition.nom == HONORAIRES:
        return f"{conseil}, jusqu'à {_minimum_clinique(calcul, ligne)} au moins"
    if condition.nom == "condition_etp_demandes":
        return f"{conseil} (plafond : {francais.valeur(float(calcul.colonne('plafond_etp')[ligne]))} ETP)"
    for nom, variable in ECHEANCES_A_TENIR.items():
        date = calcul.date(variable, ligne) if condition.nom == nom else None
        if date is not None:
            return f"{conseil} ({francais.date_longue(date)})"
    return conseil
