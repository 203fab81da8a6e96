"""A simulation that an agent brings into a file: the address of its page, or its exported data."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl

from binome.dossiers.erreurs import Refus
from binome.simulation import Situation, lire_situation
from binome.simulation.modele import lecture_json
from binome.site.simulateur import adresse, conversation

#: Signs of a pasted simulation, at most.
JSON_MAXIMUM = 200_000


def lire_simulation(texte: str) -> Situation:
    """The situation of a result's address, of an exported result or of a situation in JSON. Raises BinomeErreur."""
    if not texte.startswith("{"):
        # What follows the first « ? »: an address that `urlsplit` refuses is no reason to fail.
        parametres = dict(parse_qsl(texte.partition("#")[0].partition("?")[2]))
        if not parametres:
            raise Refus("simulation : l'adresse d'une page de résultat, ou un document JSON, est attendue")
        return conversation.situation_de(adresse.reponses_de(parametres))
    try:
        donnees = lecture_json.analyser(texte)
    except json.JSONDecodeError as erreur:
        raise Refus(f"simulation : {lecture_json.dire(erreur)}") from erreur
    return lire_situation(donnees.get("situation", donnees))
