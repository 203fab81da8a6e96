"""The body of a request, as JSON read by the same rules as the command line's files."""

from __future__ import annotations

import json
from typing import Any

from binome.erreurs import BinomeErreur
from binome.simulation.modele import lecture_json


def lire_objet(brut: bytes) -> dict[str, Any]:
    """The fields of a JSON document in UTF-8. Raises BinomeErreur."""
    try:
        texte = brut.decode("utf-8-sig")
    except UnicodeDecodeError as erreur:
        ligne = brut[: erreur.start].count(b"\n") + 1
        raise BinomeErreur(f"ligne {ligne} : encodage illisible ; UTF-8 attendu") from erreur
    if not texte.strip():
        raise BinomeErreur("vide ; des champs sont attendus (medecin, patientele, contrat…)")
    try:
        document = lecture_json.analyser(texte)
    except json.JSONDecodeError as erreur:
        raise BinomeErreur(lecture_json.dire(erreur)) from erreur
    if not isinstance(document, dict):
        trouve = "une liste" if isinstance(document, list) else "une valeur seule"
        raise BinomeErreur(f"{trouve} ; des champs sont attendus (medecin, patientele, contrat…)")
    return document
