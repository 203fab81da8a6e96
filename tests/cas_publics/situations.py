"""Building the situations of the published cases, and reading their results."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from openfisca_core.indexed_enums import EnumArray
from openfisca_core.simulations import SimulationBuilder

from binome.argent import en_centimes
from binome.simulation.modele.resultat import Annee, Condition, Objectif, Option, Resultat
from binome.simulation.modele.situation import Situation
from binome.simulation.moteur.systeme import systeme
from binome.simulation.reponse.simuler import simuler
from openfisca_assistants_medicaux.apports import AUCUN

Partie = Mapping[str, Any]

#: A day of signature under each régime.
AV7 = "2019-09-02"
AV8 = "2020-12-15"
RA = "2023-06-15"
CM24 = "2024-07-01"
COLL = "2026-03-02"

#: A general practitioner whom nothing refuses, under any regime: a case changes only what it is about.
MEDECIN: Partie = {
    "specialite": "medecine_generale",
    "secteur": "secteur_1",
    "zone": "zip",
    "nombre_medecins_lieu": 2,
    "coordination_assistant_partage": False,
    "engagement_exercice_coordonne": True,
}
PATIENTELE: Partie = {"patientele_mt": 1000, "patientele_mt_adultes": 850, "file_active": 1400}
#: A member of a group whom nothing refuses.
MEMBRE: Partie = {"secteur": "secteur_1", "patientele_mt": 900, "file_active": 1400}


def jour(texte: str) -> datetime.date:
    """A date written YYYY-MM-DD."""
    return datetime.date.fromisoformat(texte)


def individuel(
    signature: str,
    option: str | None = "1/2",
    *,
    le: str | None = None,
    medecin: Partie | None = None,
    patientele: Partie | None = None,
    contrat: Partie | None = None,
    assistant: Partie | None = None,
    **suite: Any,
) -> Resultat:
    """The result of an individual contract, hired on the day of signature, judged on that day unless `le` is given.

    `patientele` replaces the usual one; the other parts complete it.
    """
    donnees = {
        "date_appreciation": le or signature,
        "medecin": {**MEDECIN, **(medecin or {})},
        "patientele": dict(PATIENTELE if patientele is None else patientele),
        "contrat": {"date_signature": signature, "option": option, **(contrat or {})},
        "assistant": {"date_embauche": signature, "locaux_adaptes": True, **(assistant or {})},
        **suite,
    }
    return simuler(Situation.model_validate(donnees))


def collectif(
    signature: str = COLL,
    *,
    le: str | None = None,
    membres: tuple[Partie, ...] = ({}, {}),
    etp: float = 1,
    groupe: Partie | None = None,
    **suite: Any,
) -> Resultat:
    """The result of a collective contract; each member completes the usual one."""
    donnees = {
        "date_appreciation": le or signature,
        "groupe": {
            "date_signature": signature,
            "forme_juridique": "SCM",
            "etp_demandes": etp,
            "membres": [{**MEMBRE, **membre} for membre in membres],
            **(groupe or {}),
        },
        "assistant": {"date_embauche": signature, "locaux_adaptes": True},
        **suite,
    }
    return simuler(Situation.model_validate(donnees))


def loi(variable: str, le: str, *, rang: int = 1, **contrat: Any) -> Any:
    """A variable of the law for one contract year, through OpenFisca: for what no situation can tell."""
    eternels = {nom: {"ETERNITY": valeur} for nom, valeur in contrat.items()}
    simulation = SimulationBuilder().build_from_dict(
        systeme(AUCUN),
        {
            "annuites": {"annee": {"rang": {"ETERNITY": rang}}},
            "contrats": {"contrat": {"annuites": ["annee"], **eternels}},
        },
    )
    valeurs = simulation.calculate(variable, le)
    if isinstance(valeurs, EnumArray):
        return str(valeurs.decode_to_str()[0])
    return valeurs[0].item()


def maximums(annees: tuple[Annee, ...]) -> list[int | None]:
    """Maximum amount of each year, in cents."""
    return [annee.montant_maximal for annee in annees]


def cinq_annees(premiere: int, deuxieme: int, suivantes: int) -> list[int]:
    """A published scale « year 1 / year 2 / year 3 and later » over the five years of a contract, in cents."""
    return [en_centimes(montant) for montant in (premiere, deuxieme, suivantes, suivantes, suivantes)]


def condition(resultat: Resultat, nom: str) -> Condition:
    """One condition of the verdict, « condition_ » left out of its name."""
    (trouvee,) = (c for c in resultat.verdict.conditions if c.nom == f"condition_{nom}")
    return trouvee


def refus(resultat: Resultat) -> list[str]:
    """Names of the conditions that are not met."""
    return [c.nom.removeprefix("condition_") for c in resultat.verdict.conditions if c.verdict == "non_remplie"]


def objectif(resultat: Resultat, indicateur: str = "patientele_mt") -> Objectif:
    """The objective of one indicator."""
    (trouve,) = (o for o in resultat.objectifs if o.indicateur == indicateur)
    return trouve


def option(resultat: Resultat, nom: str) -> Option:
    """One of the options compared."""
    (trouvee,) = (o for o in resultat.options if o.option == nom)
    return trouvee


def echeance(resultat: Resultat, nom: str) -> datetime.date:
    """The date of one deadline."""
    (trouvee,) = (e.date for e in resultat.echeances if e.nom == nom)
    return trouvee
