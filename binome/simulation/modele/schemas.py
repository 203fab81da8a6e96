"""The JSON Schemas of the models, as the command line and the API publish them: in French throughout."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode

#: What each model is, for a reader: the docstrings of the models speak to who maintains them.
EN_FRANCAIS = {
    "Situation": "Ce sur quoi porte une simulation : un médecin et un contrat, ou un groupe",
    "Medecin": "Le médecin signataire",
    "Patientele": "La patientèle de départ : le dernier relevé semestriel avant la signature (amelipro)",
    "Contrat": "Le contrat individuel, signé ou envisagé",
    "Groupe": "La société qui signe un contrat collectif",
    "Membre": "Un médecin adhérent au contrat collectif",
    "Assistant": "L’assistant et son poste",
    "ObjectifsNotifies": "Les objectifs notifiés par la caisse ; ils l’emportent toujours sur le calcul",
    "ObjectifNotifie": "Un objectif écrit au contrat : le nombre à atteindre, ou le nombre à gagner",
    "MontantsNotifies": "Les montants annuels notifiés par la caisse ; ils l’emportent toujours sur le barème",
    "ResultatAnnuel": "Le relevé par lequel une année du contrat est évaluée",
    "Employeur": "Qui emploie l’assistant",
    "ModeEmploi": "Qui emploie l’assistant",
    "NomOption": "Options de financement",
    "NomStatutExercice": "Statuts d’exercice",
    "NomTeletravail": "Télétravail de l’assistant",
    "NomSecteur": "Secteurs conventionnels",
    "NomZone": "Zones d’exercice",
    "NomProfil": "Qualifications de l’assistant à l’embauche",
    "NomRemplacement": "Remplacement de la secrétaire promue",
    "NomFormeJuridique": "Formes juridiques d’un groupe",
    "NomSpecialite": "Spécialités",
    "NomTerritoire": "Territoires, pour le coût de l’assistant",
    "NomContratDeTravail": "Contrats de travail de l’assistant",
    "BandeNotifiee": "Bandes de la distribution nationale",
    "HypothesesCout": "Ce que l’on peut dire du salaire, du cabinet et d’une consultation",
    "Resultat": "Toute la réponse. Montants en centimes, sauf ceux de la situation, en euros ; vide : non déterminé",
    "Version": "Ce qui a calculé le résultat",
    "Reference": "Un texte, ou le lieu où il a été lu",
    "FichierAjoute": "Un fichier que l’opérateur ajoute à la loi",
    "Verdict": "L’éligibilité et ses raisons",
    "Condition": "Une condition d’éligibilité, ou d’une option",
    "Bande": "La position du médecin parmi ceux de sa spécialité",
    "Option": "Une option de financement",
    "Annee": "Une année du contrat",
    "MontantPossible": "Un montant qui reste possible tant que la bande n’est pas sûre",
    "Objectif": "L’objectif d’un indicateur",
    "Versement": "Un versement de l’aide",
    "Echeance": "Une échéance du contrat",
    "Hypothese": "Une valeur de la loi, sa certitude et ses références",
    "Cout": "Ce que coûte l’assistant, avant et après l’aide",
    "CoutOption": "Ce que coûte l’assistant sous une option",
    "OptionPartielle": "Ce qui se calcule d’une option dont le coût n’est pas déterminé",
    "AnneePartielle": "Ce qui se calcule d’une année dont le coût n’est pas déterminé",
    "CoutAnnuel": "Une année du contrat, pour tous les postes de l’option",
    "SalaireRetenu": "Le salaire brut au début du contrat, et pourquoi",
    "HypotheseCout": "Une hypothèse sur laquelle repose le coût, telle qu’elle a été retenue",
    "SourceCout": "D’où viennent des chiffres, avec version et date",
    "Lectures": "Les points ouverts que la caisse a tranchés pour un contrat individuel",
    "LecturesDuGroupe": "Les points ouverts que la caisse a tranchés pour un contrat collectif",
    "NomLecture": "Les deux lectures d’un point ouvert",
    "PointOuvert": "Un point ouvert entre deux lectures qui ne donnent pas la même réponse, ou tranché par la caisse",
    "Lecture": "L’une des deux lectures d’un point, et ce qu’elle donne",
    "MontantLu": "Ce qu’une lecture donne pour une année du contrat",
    "Explication": "Un chiffre, les valeurs de la loi qui l’ont fait, et les chiffres dont il dépend",
    "Parametre": "Une valeur de la loi un jour donné",
    "Changement": "Ce qui diffère, pour une valeur de la loi, entre deux jours",
}


def schema_de(modele: type[BaseModel], mode: JsonSchemaMode) -> dict[str, Any]:
    """The JSON Schema of a model: of what it reads (« validation ») or of what it writes (« serialization »)."""
    schema = modele.model_json_schema(mode=mode)
    decrire(schema.get("$defs", {}))
    decrire({modele.__name__: schema})
    return schema


def decrire(definitions: Mapping[str, dict[str, Any]], autres: Mapping[str, str] | None = None) -> None:
    """Put the French description of each model in the place of its docstring."""
    textes = {**EN_FRANCAIS, **(autres or {})}
    for nom, definition in definitions.items():
        definition.pop("description", None)
        # A model that is both read and written bears two names: « Situation-Input » and « Situation-Output ».
        francais = textes.get(nom.partition("-")[0])
        if francais is not None:
            definition["description"] = francais
