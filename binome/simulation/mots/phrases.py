"""The sentences of a result: what is missing, what would change a verdict, which rule applied to a year.

No figure of the law is written here: thresholds come from the computation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction

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

#: What made the amount of a year, by the law's own answer (`regle_annuite`), or by what the amount lacks.
REGLES_ANNEE = {
    "sans_verification": "Aucun résultat n'est vérifié cette année : le montant est dû en entier.",
    "sans_verification_interrompue": "Aucun résultat n'est vérifié cette année.",
    "montant_inconnu": "Montant non déterminé par les textes lus : saisissez celui que la CPAM a notifié "
    "(montants_notifies).",
    "rien_de_du": "Contrat résilié ou suspendu toute l'année : rien n'est dû.",
    "a_evaluer": "Montant maximal : il sera modulé selon les résultats du relevé d'évaluation.",
    "objectifs_suspendus": "Contrat suspendu au jour de l'évaluation : les objectifs le sont aussi.",
    "avant_bascule": "Année ouverte avant le passage aux règles nouvelles : l'objectif nouveau ne la juge pas.",
    "entiere": "L'aide est entière.",
    "partielle": "Part versée : {part} du maximum.",
    "au_prorata": "Aide au prorata du meilleur taux d'atteinte : {part}.",
    "nulle": "Aucune aide pour l'année.",
    "fixe": "Patientèle d'au moins P95 : montant fixe.",
    "decidee": "Part décidée par la caisse : {part} du maximum.",
    "resultat_manquant": "Il manque un résultat : les deux nombres du relevé d'évaluation sont attendus.",
    "bande_inconnue": "Bande non déterminée : saisissez celle que la CPAM a notifiée (contrat.bande_notifiee).",
    "objectif_inconnu": "Objectif ou résultat manquant : saisissez l'objectif notifié par la CPAM "
    "et les deux résultats.",
    "indeterminee": "Part non déterminée par les textes lus : à demander à la CPAM.",
}

#: Rules read from what the indicators did: the sentence says it first.
LUES_DANS_LA_TABLE = ("entiere", "partielle", "au_prorata", "nulle", "fixe")

#: What each indicator did.
CONSTATS = {
    "atteint": "objectif atteint",
    "stable": "objectif non atteint, sans baisse",
    "maintenu": "sans baisse, objectif non déterminé",
    "baisse": "sous son niveau de départ",
    "indeterminee": "résultat manquant",
}


def regle_de_l_annee(regle: str, constats: Mapping[str, str], part: Fraction | None, jours_dus: int, jours: int) -> str:
    """What made the amount of a year, in a sentence; what interrupted the year in another.

    `regle` is the law's answer, `constats` the status of each followed indicator by its label, `part` the part paid.
    """
    interrompue = 0 < jours_dus < jours
    phrase = REGLES_ANNEE.get(f"{regle}_interrompue" if interrompue else regle, REGLES_ANNEE[regle]).format(part=part)
    if regle in LUES_DANS_LA_TABLE:
        ensemble = {statut: [nom for nom, vu in constats.items() if vu == statut] for statut in constats.values()}
        dits = " ; ".join(f"{' et '.join(noms)} : {CONSTATS[statut]}" for statut, noms in ensemble.items())
        phrase = f"{dits[:1].upper()}{dits[1:]}. {phrase}"
    return f"{phrase} Contrat interrompu : {jours_dus} jours dus sur {jours}." if interrompue else phrase


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
