"""Results that the tests of the documents share: those of the examples, and situations made from them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from binome.cli.fichiers import lire_situation
from binome.simulation.modele.resultat import Resultat
from binome.simulation.modele.situation import Situation
from binome.simulation.reponse.simuler import Simulation

DOSSIER = Path(__file__).parents[2] / "exemples"
EXEMPLES = sorted(fichier.stem for fichier in DOSSIER.glob("*.yaml"))


@lru_cache
def situation_de(exemple: str) -> Situation:
    return lire_situation(str(DOSSIER / f"{exemple}.yaml"), None)


@lru_cache
def resultat_de(exemple: str) -> Resultat:
    return Simulation(situation_de(exemple)).resultat()


def resultat_modifie(exemple: str, **parties: Any) -> Resultat:
    """The result of an example, some fields of its parts replaced: `titre="x"`, `contrat={"option": "demi_etp"}`."""
    donnees = situation_de(exemple).model_dump(exclude_unset=True)
    for nom, valeur in parties.items():
        donnees[nom] = {**(donnees.get(nom) or {}), **valeur} if isinstance(valeur, dict) else valeur
    return Simulation(Situation.model_validate(donnees)).resultat()


def groupe_de(nombre: int, nom: str) -> Resultat:
    """A group of `nombre` doctors, all like the first of the example."""
    modele = situation_de("scm-quatre-medecins")
    assert modele.groupe is not None
    premier = modele.groupe.membres[0].model_dump(exclude_unset=True)
    membres = [{**premier, "nom": f"{nom} {rang}"} for rang in range(nombre)]
    return resultat_modifie("scm-quatre-medecins", groupe={"membres": membres, "etp_demandes": float(nombre)})
