"""The sentences of a result: what is missing, what would change a verdict, which rule applied to a year.

No figure of the law is written here: thresholds come from the computation.
"""

from __future__ import annotations

import re

#: What to tell when a condition is undetermined.
A_RENSEIGNER = {
    "condition_conventionnement": "indiquez le secteur conventionnel (medecin.secteur)",
    "condition_statut_exercice": "indiquez le statut d'exercice (medecin.statut_exercice)",
    "condition_specialite": "indiquez si le département est ouvert à la spécialité (medecin.departement_sous_dote)",
    "condition_honoraires_cliniques": "indiquez la part d'honoraires cliniques (medecin.part_honoraires_cliniques)",
    "condition_seuil_activite": "seuil ou patientèle non connus : demandez à la CPAM le seuil de la spécialité, ou "
    "votre bande (contrat.bande_notifiee)",
    "condition_exercice_regroupe": "indiquez le nombre de médecins du lieu et la zone (medecin.nombre_medecins_lieu)",
    "condition_exercice_coordonne": "indiquez l'engagement (medecin.engagement_exercice_coordonne)",
    "condition_zone": "indiquez la zone du cabinet (medecin.zone) et la patientèle",
    "condition_locaux": "indiquez si les locaux sont adaptés (assistant.locaux_adaptes)",
    "condition_teletravail": "indiquez le télétravail prévu (assistant.teletravail)",
    "condition_remplacement_secretaire": "indiquez la date de remplacement (assistant.date_remplacement_secretaire)",
    "condition_option_souscriptible": "renouvellement non tranché par les textes lus : demandez à la CPAM",
    "condition_second_assistant_specialite": "indiquez la spécialité",
    "condition_second_assistant_zone": "indiquez la zone du cabinet (medecin.zone)",
    "condition_second_assistant_contrat": (
        "indiquez le contrat en cours (contrat.option_contrat_en_cours, contrat.annee_contrat_en_cours)"
    ),
    "condition_second_assistant_objectifs": (
        "indiquez si les objectifs sont atteints (contrat.objectifs_contrat_en_cours_atteints)"
    ),
    "condition_forme_juridique": "indiquez la forme juridique (groupe.forme_juridique)",
    "condition_adherents": "indiquez le secteur de chaque adhérent (groupe.membres.secteur)",
    "condition_etp_demandes": "indiquez les ETP demandés",
}

#: What would change a refusal.
POUR_CHANGER = {
    "condition_conventionnement": "exercer en secteur 1, ou adhérer à l'Optam",
    "condition_statut_exercice": "s'installer en libéral",
    "condition_specialite": "aucun changement possible : la spécialité n'est pas admise par ces règles",
    "condition_honoraires_cliniques": "augmenter la part d'honoraires cliniques sur la période appréciée",
    "condition_exercice_regroupe": (
        "s'associer à un confrère au même lieu, ou partager l'assistant avec des confrères coordonnés"
    ),
    "condition_exercice_coordonne": "s'engager dans un exercice coordonné",
    "condition_zone": "choisir une autre option : la zone ou la patientèle ne permet pas le temps plein",
    "condition_locaux": "prévoir des locaux adaptés",
    "condition_teletravail": "prévoir une présence au cabinet : le télétravail total est refusé",
    "condition_remplacement_secretaire": "remplacer la secrétaire dans le délai",
    "condition_option_souscriptible": "choisir une option ouverte à cette date",
    "condition_second_assistant_specialite": "aucun changement possible : réservé à la médecine générale hors MEP",
    "condition_second_assistant_zone": "réservé aux cabinets en zone d'intervention prioritaire",
    "condition_second_assistant_contrat": "attendre l'année requise du premier contrat à temps plein",
    "condition_second_assistant_objectifs": "atteindre d'abord les objectifs du premier contrat",
    "condition_forme_juridique": "signer par une SCP, une SCM ou une SISA, une fois l'aide collective ouverte",
    "condition_adherents": "ne faire adhérer que des généralistes hors MEP, en secteur 1 ou Optam",
    "condition_etp_demandes": "demander des ETP dans la limite du plafond, par pas admis",
    "condition_cumul": "résilier d'abord les contrats individuels des adhérents",
    "condition_carence": "attendre la fin de la carence",
}

RAISONS = {
    "remplie": "condition remplie",
    "non_remplie": "condition non remplie",
    "derogation": "dérogation",
    "sans_objet": "sans objet sous ces règles",
    "indeterminee": "à renseigner",
}

PHRASES_VERDICT = {
    "oui": "Éligible à l'aide.",
    "non": "Non éligible à l'aide.",
    "indeterminee": "Éligibilité à confirmer.",
}

#: What a refused condition is called in the sentence of the verdict, where its label does not begin by that.
NOMS_COURTS = {
    "condition_honoraires_cliniques": "part d'honoraires cliniques",
    "condition_adherents": "spécialité ou secteur d'un adhérent",
    "condition_cumul": "contrats individuels en cours",
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

ECHEANCES = {
    "releve_reference": "Relevé de patientèle de départ",
    "date_limite_justificatifs": "Envoi des justificatifs d'embauche",
    "date_limite_remplacement_secretaire": "Remplacement de la secrétaire promue",
    "date_limite_justificatif_telesecretariat": "Justificatif du secrétariat à distance",
    "date_limite_exercice_coordonne": "Engagement dans un exercice coordonné",
    "date_limite_debut_formation": "Début de la formation de l'assistant",
    "date_limite_qualification": "Qualification de l'assistant",
    "date_limite_objectif": "Atteinte de l'objectif",
    "date_suspension_possible": "Suspension possible pour absence de l'assistant",
    "date_rne_la_plus_ancienne": "Date la plus ancienne de l'extrait RNE",
    "date_fin_carence": "Fin de la carence",
    "date_fin_contrat": "Dernier jour du contrat",
}

#: Names of fields that a sentence gives between brackets, for those who write files.
_CHAMPS = re.compile(r"\s*\((?:[a-z_]+\.)?_?[a-z_]+(?:\.[a-z_]+)*(?:, _?[a-z_.]+| ou _?[a-z_.]+)*\)")


def pour_lecteur(phrase: str) -> str:
    """A sentence without the field names meant for those who write files."""
    return _CHAMPS.sub(lambda trouve: "" if "_" in trouve.group() or "." in trouve.group() else trouve.group(), phrase)
