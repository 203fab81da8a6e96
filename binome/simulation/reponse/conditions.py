"""Conditions and verdicts of a result: what the law answered, in words a doctor can act on."""

from __future__ import annotations

from collections.abc import Iterable

from binome import francais
from binome.simulation.modele.resultat import Condition, Verdict
from binome.simulation.modele.situation import Situation
from binome.simulation.moteur.calcul import Calcul
from binome.simulation.moteur.explications import lectures_de
from binome.simulation.mots import conditions as mots_des_conditions
from binome.simulation.mots import phrases
from binome.simulation.mots.grandeurs import pour_cent
from openfisca_assistants_medicaux import registre

CONDITION_DU_SEUIL = "condition_seuil_activite"
HONORAIRES = "condition_honoraires_cliniques"


def lister(
    calcul: Calcul, ligne: int, noms: tuple[str, ...], situation: Situation, *, utiles: bool = False
) -> tuple[Condition, ...]:
    """The conditions of a row; `utiles` leaves out those that do not apply."""
    toutes = (_condition(calcul, ligne, nom, situation) for nom in noms)
    return tuple(c for c in toutes if not (utiles and c.verdict == "sans_objet"))


def verdict(calcul: Calcul, ligne: int, noms: tuple[str, ...], situation: Situation, *, choisie: bool) -> Verdict:
    """Eligibility with its conditions, and what would change it; `choisie`: the row is that of a chosen option."""
    eligible = str(calcul.membre("eligible", ligne).name)
    conditions = lister(calcul, ligne, noms, situation)
    refusees = [c for c in conditions if c.verdict == "non_remplie"]
    inconnues = [c for c in conditions if c.verdict == "indeterminee"]
    pour_changer = [_pour_changer(calcul, ligne, c) for c in refusees]
    if eligible == "indeterminee":
        pour_changer = [f"{c.libelle} : {c.raison}" for c in inconnues]
    sans_option = calcul.membre("dispositif", ligne).name == "collectif" or not choisie
    return Verdict(
        eligible=eligible,
        medecin=str(calcul.membre("eligible_medecin", ligne).name),
        poste=str(calcul.membre("eligible_poste", ligne).name),
        option=None if sans_option else str(calcul.membre("option_ouverte", ligne).name),
        phrase=_phrase(calcul, ligne, situation, eligible, refusees, inconnues),
        conditions=conditions,
        pour_changer=tuple(pour_changer),
        certitude=calcul.certitudes("eligible", ligne).name,
    )


def zone_donnee(calcul: Calcul, lignes: Iterable[int], situation: Situation) -> list[str]:
    """What the zone given means and does not open, where it is no under-served zone or not that of the contract."""
    medecin = situation.medecin
    if medecin is None or medecin.zone is None:
        return []
    lisent = sorted(registre.conditions().conditions_qui_lisent("zone", "individuel"))
    verdicts = {nom: {str(calcul.membre(nom, ligne).name) for ligne in lignes} for nom in lisent}
    if mots_des_conditions.zone_d_apres_la_signature(situation):
        if all(rendus <= {"sans_objet"} for rendus in verdicts.values()):
            return []
        effet, signature = medecin.date_zonage, situation.date_signature
        assert effet is not None  # noqa: S101 - told by zone_d_apres_la_signature
        return [
            f"{medecin.zone.libelle} : ce zonage prend effet le {francais.date_longue(effet)}, après la signature. Un "
            f"contrat garde la zone de son jour : indiquez celle du {francais.date_longue(signature)} (medecin.zone)."
        ]
    sens = registre.zones().get(medecin.zone.value)
    if sens is None:
        return []
    refusees = [registre.conditions()[nom].court for nom in lisent if "non_remplie" in verdicts[nom]]
    suite = "aucune condition de ce contrat n'en dépend"
    if refusees:
        suite = f"elle ne remplit pas, selon l'option : {francais.enumeration(refusees)}"
    return [f"{medecin.zone.libelle} : {sens} ; {suite}."]


def _phrase(
    calcul: Calcul,
    ligne: int,
    situation: Situation,
    eligible: str,
    refusees: list[Condition],
    inconnues: list[Condition],
) -> str:
    phrase = phrases.PHRASES_VERDICT[eligible]
    medecin = str(calcul.membre("eligible_medecin", ligne).name)
    if eligible == "non" and medecin != "non":
        # What refuses is the post, or the option: a doctor who could sign otherwise is not told « non éligible ».
        poste = str(calcul.membre("eligible_poste", ligne).name)
        phrase = phrases.PHRASES_DU_PROJET["option" if poste != "non" else "poste"][medecin]
    if eligible == "non":
        refus = " ; ".join(mots_des_conditions.refus(c.nom, _regime(calcul, ligne), situation) for c in refusees)
        return f"{phrase} {refus[:1].upper()}{refus[1:]}."
    if eligible == "indeterminee":
        return f"{phrase[:-1]} : {francais.enumeration([registre.conditions()[c.nom].court for c in inconnues])}."
    return phrase


def _regime(calcul: Calcul, ligne: int) -> str:
    """Name of the régime of a row: the one of the signature, by which the conditions are judged."""
    return str(calcul.membre("regime", ligne).name)


def _condition(calcul: Calcul, ligne: int, nom: str, situation: Situation) -> Condition:
    rendu, regime = str(calcul.membre(nom, ligne).name), _regime(calcul, ligne)
    article = registre.conditions()[nom].article(regime)
    est_seuil = nom == CONDITION_DU_SEUIL
    return Condition(
        nom=nom,
        libelle=calcul.loi.variables[nom].label,
        verdict=rendu,
        raison=_raison(calcul, ligne, nom, rendu, situation),
        patients=calcul.entier("patientele_au_seuil", ligne) if est_seuil else None,
        seuil=calcul.entier("seuil_activite", ligne) if est_seuil else None,
        manque=calcul.entier("patients_manquants", ligne) if est_seuil else None,
        reference=registre.SANS_OBJET if article is None else article.titre,
        certitude=calcul.certitudes(nom, ligne).name,
        origine=calcul.certitudes.origine((nom, ligne)),
    )


def _raison(calcul: Calcul, ligne: int, nom: str, rendu: str, situation: Situation) -> str:
    """What founds a verdict, or what is missing to give it."""
    if nom == CONDITION_DU_SEUIL and rendu != "sans_objet":
        return _raison_du_seuil(calcul, ligne, rendu, situation)
    if rendu == "indeterminee":
        return mots_des_conditions.a_renseigner(nom, situation, _comparee(calcul, ligne))
    if nom == HONORAIRES and rendu in {"remplie", "non_remplie"}:
        part = pour_cent(float(calcul.colonne("part_honoraires_cliniques")[ligne]))
        return f"{part} d'honoraires cliniques, minimum {_minimum_clinique(calcul, ligne)}"
    if rendu == "non_remplie":
        return mots_des_conditions.refus(nom, _regime(calcul, ligne), situation)
    return phrases.RAISONS[rendu]


def _raison_du_seuil(calcul: Calcul, ligne: int, rendu: str, situation: Situation) -> str:
    patients, seuil = calcul.entier("patientele_au_seuil", ligne), calcul.entier("seuil_activite", ligne)
    if patients is not None and seuil is not None:
        raison = _patients_et_seuil(calcul, ligne, patients, seuil)
        return f"{raison} ; dispense du seuil" if rendu == "derogation" else raison
    notifiee = calcul.membre("bande_notifiee", ligne)
    if seuil is None and rendu in {"remplie", "non_remplie"} and notifiee.name != "non_determinee":
        return f"{notifiee.value}, bande notifiée par la caisse"
    if rendu == "indeterminee":
        return mots_des_conditions.a_renseigner(CONDITION_DU_SEUIL, situation, _comparee(calcul, ligne))
    if rendu == "non_remplie":
        return mots_des_conditions.refus(CONDITION_DU_SEUIL, _regime(calcul, ligne), situation)
    return phrases.RAISONS[rendu]


def _comparee(calcul: Calcul, ligne: int) -> str:
    """The input that gives the patients compared with thresholds; blank once they are known."""
    if calcul.entier("patientele_au_seuil", ligne) is not None:
        return ""
    collectif = calcul.membre("dispositif", ligne).name == "collectif"
    if not collectif and not calcul.vrai("suit_patientele_mt", ligne):
        return "file_active"
    adultes = calcul.vrai("compte_les_adultes_seuls", ligne) and calcul.entier("patientele_mt", ligne) is not None
    return "patientele_mt_adultes" if adultes else "patientele_mt"


def _patients_et_seuil(calcul: Calcul, ligne: int, patients: int, seuil: int) -> str:
    """The patients of a doctor and the threshold; their means for a group, whose members share the threshold."""
    membres = calcul.entier("nombre_adherents", ligne) or 0
    if calcul.membre("dispositif", ligne).name != "collectif" or not membres:
        return f"{francais.pluriel(patients, 'patient')}, seuil {francais.nombre(seuil)}"
    moyennes = [francais.nombre(total // membres) for total in (patients, seuil)]
    adherents = francais.pluriel(membres, "adhérent")
    return f"{moyennes[0]}{francais.INSECABLE}patients en moyenne pour {adherents}, seuil {moyennes[1]}"


def _minimum_clinique(calcul: Calcul, ligne: int) -> str:
    """The share asked, as the computation read it."""
    lues = lectures_de(calcul, (HONORAIRES, ligne))
    return next(pour_cent(e.valeur) for e in lues if isinstance(e.valeur, float))


def _pour_changer(calcul: Calcul, ligne: int, condition: Condition) -> str:
    """What would change a refusal, with the distance to what is asked."""
    conseil = registre.conditions()[condition.nom].pour_changer
    if condition.nom == CONDITION_DU_SEUIL and condition.manque:
        return f"il manque {francais.pluriel(condition.manque, 'patient')} pour atteindre le seuil"
    if condition.nom == HONORAIRES:
        return f"{conseil}, jusqu'à {_minimum_clinique(calcul, ligne)} au moins"
    if condition.nom == "condition_etp_demandes":
        return f"{conseil} (plafond : {francais.valeur(float(calcul.colonne('plafond_etp')[ligne]))} ETP)"
    echeance = registre.conditions()[condition.nom].echeance
    date = None if echeance is None else calcul.date(echeance, ligne)
    return conseil if date is None else f"{conseil} ({francais.date_longue(date)})"
