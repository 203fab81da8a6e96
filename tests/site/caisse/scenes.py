"""Contracts on which acts are tried, and who tries them."""

from __future__ import annotations

import datetime

from binome.dossiers.contrats import cycle, ouverture
from binome.dossiers.contrats.actes import assistant
from binome.dossiers.models import Assistant, Contrat, Structure
from binome.dossiers.nomenclatures import NaturePiece, Role
from binome.simulation.modele.situation import Situation
from tests.dossiers import fabrique

SIGNATURE = datetime.date(2024, 7, 1)
COLLECTIVE = datetime.date(2026, 3, 2)


def en_cours(acteur) -> Contrat:
    return fabrique.contrat_en_cours(acteur, SIGNATURE)


def collectif_en_cours(acteur) -> Contrat:
    contrat = collectif(acteur)
    fabrique.compte(contrat.structure)
    qui = Assistant.objects.create(caisse=contrat.caisse, nom=f"Aide{contrat.pk}", prenom="Alix", profil="deas")
    assistant.embaucher(
        contrat.pk, qui, acteur, date_debut=COLLECTIVE, centiemes_heures=3500, quand=fabrique.instant(COLLECTIVE, 11)
    )
    for nature in cycle.pieces_du_demarrage(contrat):
        fabrique.piece(contrat, nature)
    cycle.appliquer(contrat.pk, "demarrer", acteur, quand=fabrique.instant(COLLECTIVE, 13))
    contrat.refresh_from_db()
    return contrat


def collectif(acteur, *, jusqu_a_la_signature: bool = True) -> Contrat:
    caisse = fabrique.Caisse.objects.get(pk=acteur.caisse_id)
    membres = [fabrique.medecin(caisse) for _ in range(2)]
    membre = {"secteur": "secteur_1", "patientele_mt": 1200, "file_active": 1600}
    situation = Situation.model_validate(
        {
            "groupe": {
                "date_signature": COLLECTIVE.isoformat(),
                "forme_juridique": "SISA",
                "etp_demandes": 1,
                "membres": [membre, membre],
            },
            "assistant": {"locaux_adaptes": True},
        }
    )
    structure = Structure.objects.create(caisse=caisse, nom="MSP", forme_juridique="SISA")
    contrat = ouverture.ouvrir(
        situation, acteur, structure=structure, membres=membres, quand=fabrique.instant(COLLECTIVE, 8)
    )
    if jusqu_a_la_signature:
        for adhesion in contrat.adhesions.all():
            adhesion.bulletin = fabrique.piece(contrat, NaturePiece.BULLETIN_ADHESION)
            adhesion.save()
        for nom, date in (("preparer", None), ("signer", COLLECTIVE)):
            cycle.appliquer(contrat.pk, nom, acteur, date_effet=date, quand=fabrique.instant(COLLECTIVE, 9))
    contrat.refresh_from_db()
    return contrat


def acteur_de(role: Role, contrat: Contrat):
    if role == Role.MEDECIN:
        return fabrique.agent(None, role, medecin=contrat.medecin or contrat.adhesions.first().medecin)
    caisse = None if role in {Role.PILOTAGE, Role.ADMINISTRATEUR} else contrat.caisse
    return fabrique.agent(caisse, role)
