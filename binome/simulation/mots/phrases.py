"""The sentences of a result: what is missing, what would change a verdict, which rule applied to a year.

No figure of the law is written here: thresholds come from the computation.
"""

from __future__ import annotations

import re

RAISONS = {
    "remplie": "condition remplie",
    "non_remplie": "non remplie",
    "derogation": "dérogation",
    "sans_objet": "sans objet sous ces règles",
    "indeterminee": "à renseigner",
}

PHRASES_VERDICT = {
    "oui": "Éligible à l'aide.",
    "non": "Non éligible.",
    "indeterminee": "Éligibilité à confirmer.",
}

#: The same when what refuses is the post or the option, by what is known of the doctor.
PHRASES_DU_PROJET = {
    "option": {
        "oui": "Médecin éligible, mais pas à cette option.",
        "indeterminee": "Option fermée ; éligibilité du médecin à confirmer pour les autres.",
    },
    "poste": {
        "oui": "Médecin éligible, mais le poste ne remplit pas les conditions.",
        "indeterminee": "Le poste ne remplit pas les conditions ; éligibilité du médecin à confirmer.",
    },
}

#: The rule applied to an evaluated year, by what the indicators did.
REGLES_ANNEE = {
    "sans_verification": "Aucun résultat n'est vérifié cette année : le montant est dû en entier.",
    "sans_verification_interrompue": "Aucun résultat n'est vérifié cette année.",
    "montant_inconnu": "Montant non déterminé par les textes lus : saisissez celui que la CPAM a notifié "
    "(montants_notifies).",
    "rien_de_du": "Contrat résilié ou suspendu toute l'année : rien n'est dû.",
    "a_evaluer": "Montant maximal : il sera modulé selon les résultats du relevé d'évaluation.",
    "suspendus": "Contrat suspendu au jour de l'évaluation : les objectifs le sont aussi.",
    "baisse": "Un indicateur est sous son niveau de départ : aucune aide pour l'année.",
    "atteint": "Un objectif au moins est atteint et aucun indicateur ne baisse : l'aide est entière.",
    "prorata": "Aucun objectif atteint, aucune baisse : prorata du meilleur taux d'atteinte.",
    "fixe": "Patientèle d'au moins P95 sans baisse : montant fixe.",
    "resultat_manquant": "Il manque un résultat : les deux nombres du relevé d'évaluation sont attendus.",
    "bande": "Bande non déterminée : saisissez celle que la CPAM a notifiée (contrat.bande_notifiee).",
    "inconnu": "Objectif ou résultat manquant : saisissez l'objectif notifié par la CPAM et les deux résultats.",
}


def regle_de_l_annee(nom: str, jours_dus: int, jours: int) -> str:
    """The rule that applied to a year, in a sentence; what interrupted the year in another."""
    if not 0 < jours_dus < jours:
        return REGLES_ANNEE[nom]
    regle = REGLES_ANNEE.get(f"{nom}_interrompue", REGLES_ANNEE[nom])
    return f"{regle} Contrat interrompu : {jours_dus} jours dus sur {jours}."


LIBELLES_VERSEMENT = {
    "avance": ("avance", "solde"),
    "unique": ("versement", "versement"),
    "acomptes": ("premier acompte", "second acompte"),
}

#: Names of fields that a sentence gives between brackets, for those who write files.
_CHAMPS = re.compile(r"\s*\((?:[a-z_]+\.)?_?[a-z_]+(?:\.[a-z_]+)*(?:, _?[a-z_.]+| ou _?[a-z_.]+)*\)")


def pour_lecteur(phrase: str) -> str:
    """A sentence without the field names meant for those who write files."""
    return _CHAMPS.sub(lambda trouve: "" if "_" in trouve.group() or "." in trouve.group() else trouve.group(), phrase)
