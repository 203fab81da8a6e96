"""Walking the simulator without a browser: answers, the address of a result, the text of a page."""

from __future__ import annotations

from html import unescape

from django.http import HttpResponse

#: A result, option left open.
ADRESSE = (
    "/simulation/resultat?date_appreciation=2026-11-23&medecin.specialite=medecine_generale&medecin.secteur=secteur_1"
    "&patientele.patientele_mt=1347&patientele.file_active=1789&contrat.date_signature=2026-12-01"
)

#: Answers to the three steps of a new contract, as typed.
MOI = {"medecin.specialite": "medecine_generale", "medecin.secteur": "secteur_1"}
PATIENTELE = {"patientele.patientele_mt": "1 300", "patientele.file_active": "1700"}
PROJET = {"contrat.date_signature": "2026-12-01", "contrat.option": "un_etp"}


def texte(reponse: HttpResponse) -> str:
    """What a page says, with plain spaces and apostrophes, to compare."""
    return unescape(reponse.content.decode()).replace("\u202f", " ").replace("\u00a0", " ").replace("’", "'")
