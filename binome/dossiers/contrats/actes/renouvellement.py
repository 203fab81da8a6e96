"""The contract that follows another, opened in draft."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from binome.dossiers.acteur import Acteur
from binome.dossiers.contrats import ouverture
from binome.dossiers.contrats.actes.ouvert import ouvrir
from binome.dossiers.contrats.journal import etat_de, suivi_de
from binome.dossiers.erreurs import Refus
from binome.dossiers.faits import patientele_de
from binome.dossiers.models import Contrat
from binome.dossiers.nomenclatures import ENGAGEANTS, Statut
from binome.simulation import lire_situation

#: What a renewed contract keeps of the one before.
GARDES_AU_RENOUVELLEMENT = ("option", "forme_juridique", "etp_demandes", "membres", "structure_agreee_docteur_junior")


@transaction.atomic
def preparer_renouvellement(
    contrat_id: int, acteur: Acteur, *, date_signature: datetime.date, quand: datetime.datetime | None = None
) -> Contrat:
    """Open the file of the contract that follows, in draft, from the last statement. Raises Refus, SituationInvalide.

    The former contract becomes « renouvelé » when the new one is signed.
    """
    contrat = ouvrir(contrat_id, acteur, "renouvellement", (*ENGAGEANTS, Statut.ECHU))
    etat = etat_de(contrat)
    suivi = suivi_de(etat, timezone.localdate(quand))
    if suivi.renouvelable == "non":
        raise Refus("renouvellement : les règles de ce contrat ne l'ouvrent pas")
    if contrat.date_fin is not None and date_signature <= contrat.date_fin:
        raise Refus(f"signature prévue « {date_signature} » : postérieure au terme attendue ({contrat.date_fin})")
    if hasattr(contrat, "suivant"):
        raise Refus(f"renouvellement : le dossier {contrat.suivant.numero} est déjà ouvert")
    donnees: dict[str, Any] = dict(etat.lire(datetime.date.max).model_dump(mode="json", exclude_unset=True))
    partie = "groupe" if etat.collectif else "contrat"
    garde = {nom: v for nom, v in donnees[partie].items() if nom in GARDES_AU_RENOUVELLEMENT}
    donnees[partie] = garde | {"date_signature": date_signature.isoformat()}
    if etat.collectif:
        for membre in donnees["groupe"]["membres"]:
            # They join anew, with all the others.
            membre.pop("date_adhesion", None)
    else:
        donnees["contrat"]["renouvellement"] = True
    # What was notified, amended or observed belongs to the contract that ends.
    for nom in ("resultats", "projections", "montants_notifies", "objectifs_notifies"):
        donnees.pop(nom, None)
    donnees["assistant"] = {
        nom: v for nom, v in donnees.get("assistant", {}).items() if not nom.startswith(("date_debut", "date_fin"))
    }
    if contrat.medecin is not None:
        releve = contrat.medecin.releves.filter(date__lt=date_signature).order_by("-date").first()
        if releve is not None:
            donnees["patientele"] = patientele_de(releve)
    return ouverture.ouvrir(
        lire_situation(donnees),
        acteur,
        medecin=contrat.medecin,
        structure=contrat.structure,
        membres=[a.medecin for a in contrat.adhesions.filter(fin=None).select_related("medecin").order_by("pk")],
        precedent=contrat,
        source=f"renouvellement de {contrat.numero}",
        quand=quand,
    )
