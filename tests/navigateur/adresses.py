"""Addresses that the browser opens."""

from __future__ import annotations

#: The result of a full-time contract under way, its objectives notified.
ADRESSE = (
    "/simulation/resultat?date_appreciation=2026-11-23&medecin.specialite=medecine_generale&medecin.secteur=secteur_1"
    "&patientele.patientele_mt=1300&patientele.file_active=1700&contrat.date_signature=2025-02-03"
    "&contrat.option=un_etp&assistant.date_embauche=2025-03-03&assistant.locaux_adaptes=oui"
    "&objectifs_notifies.patientele_mt.cible=1560&objectifs_notifies.file_active.cible=1900"
)
