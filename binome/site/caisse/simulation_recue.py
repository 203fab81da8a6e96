"""A simulation that an agent brings into a file: the address of its page, or its exported data."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

from django import forms

from binome.dossiers.erreurs import Refus
from binome.simulation import Situation, lire_situation
from binome.simulation.modele import lecture_json
from binome.site.caisse.pages import Formulaire, Texte
from binome.site.simulateur import adresse, conversation

#: Signs of a pasted simulation, at most.
JSON_MAXIMUM = 200_000


class ChoixDuReleve(Formulaire):
    """Whose numbers are kept, asked only once they are seen to differ."""

    def __init__(self, *args: Any, **champs: Any) -> None:
        super().__init__(*args, **champs)
        if self.data.get("nombres"):
            self.demander()

    def demander(self) -> None:
        """Draw the choice, and its reason."""
        self.fields["nombres"] = forms.ChoiceField(
            label="Nombres retenus",
            choices=[("", "—"), ("caisse", "Ceux du relevé de la caisse"), ("simulation", "Ceux de la simulation")],
        )
        self.fields["motif_nombres"] = Texte(label="Motif du choix")


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
