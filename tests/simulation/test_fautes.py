"""What a refusal says: the field, what was received as its author wrote it, what is expected."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from binome.simulation.modele.erreurs import Faute, SituationInvalide
from binome.simulation.modele.situation import MEMBRES_MAXIMUM, Situation
from tests.cas_publics.situations import MEMBRE

BASE: dict[str, Any] = {
    "medecin": {"specialite": "medecine_generale", "secteur": "secteur_1"},
    "contrat": {"date_signature": "2026-03-02", "option": "1"},
}
GROUPE: dict[str, Any] = {"groupe": {"date_signature": "2026-11-10", "etp_demandes": 1, "membres": [MEMBRE]}}


def fautes(document: dict[str, Any]) -> list[Faute]:
    with pytest.raises(ValidationError) as refus:
        Situation.model_validate(document)
    return SituationInvalide.de_pydantic(refus.value).fautes


def avec(base: dict[str, Any], partie: str, **champs: Any) -> dict[str, Any]:
    return {**base, partie: {**base.get(partie, {}), **champs}}


@pytest.mark.parametrize(
    ("document", "dit"),
    [
        (avec(BASE, "contrat", date_signature="1800-01-01"),
         "contrat.date_signature : « 1800-01-01 » refusé ; date à partir du 1900-01-01 attendue"),
        (avec(BASE, "contrat", date_signature="2300-01-01"),
         "contrat.date_signature : « 2300-01-01 » refusé ; date jusqu'au 2200-01-01 attendue"),
        (avec(BASE, "medecin", secteur=True), "medecin.secteur : « true » refusé ; attendu : secteur_1"),
        (avec(BASE, "medecin", rqth_ald=None), "medecin.rqth_ald : « null » refusé ; oui ou non attendu"),
        (avec(BASE, "medecin", rqth_ald={"a": None}), "medecin.rqth_ald : groupe de champs refusé ; oui ou non"),
        (avec(BASE, "medecin", rqth_ald=[True]), "medecin.rqth_ald : liste de 1 élément refusée ; oui ou non attendu"),
        (avec(GROUPE, "groupe", membres=[]),
         "groupe.membres : liste de 0 élément refusée ; 1 élément au moins attendu"),
        (avec(GROUPE, "groupe", membres=[MEMBRE] * (MEMBRES_MAXIMUM + 1)),
         "groupe.membres : liste de 201 éléments refusée ; 200 éléments au plus attendus"),
        (avec(BASE, "contrat", option=0.96), "contrat.option : « 0.96 » refusé ; attendu : tiers_etp, demi_etp"),
        (avec(BASE, "contrat", option=1.04), "contrat.option : « 1.04 » refusé ; attendu : tiers_etp, demi_etp"),
        (avec(BASE, "contrat", date_fin_suspension="2027-01-01"),
         "contrat.date_debut_suspension : valeur attendue avec date_fin_suspension, absente"),
        (avec(BASE, "contrat", date_debut_suspension="2027-02-01", date_fin_suspension="2027-01-01"),
         "contrat.date_fin_suspension : « 2027-01-01 » refusé ; date égale ou postérieure à date_debut_suspension "
         "attendue (2027-02-01)"),
        (avec(BASE, "contrat", date_bascule="2020-01-01"), "contrat.date_bascule : « 2020-01-01 » refusé ; date égale"),
        (avec(BASE, "assistant", date_fin_absence="2027-01-01"), "assistant.date_debut_absence : valeur attendue avec"),
        (avec(BASE, "patientele", patientele_mt=10, patientele_mt_adultes=20),
         "patientele.patientele_mt : « 10 » refusé ; au moins la somme des adultes et des enfants attendue (20)"),
        (avec(GROUPE, "groupe", structure_agreee_docteur_junior=True),
         "groupe.date_accueil_docteur_junior : valeur attendue dès qu'un docteur junior est accueilli"),
        (avec(GROUPE, "groupe", membres=[MEMBRE, {**MEMBRE, "date_adhesion": "2026-11-09"}]),
         "groupe.membres.2.date_adhesion : « 2026-11-09 » refusé ; date égale ou postérieure à date_signature "
         "attendue (2026-11-10)"),
        (avec(GROUPE, "groupe", membres=[MEMBRE, {**MEMBRE, "date_installation": "2026-11-11"}]),
         "groupe.membres.2.date_installation : « 2026-11-11 » suit la signature ; date antérieure au 2026-11-10"),
        (avec(GROUPE, "groupe", membres=[{**MEMBRE, "date_adhesion": "2027-01-02", "date_installation": "2027-01-03"}]),
         "groupe.membres.1.date_installation : « 2027-01-03 » suit l'adhésion ; date antérieure au 2027-01-02"),
        ({**BASE, "resultats": [{"annee": 3, "file_active": 1}] * 2},
         "resultats.2.annee : « 3 » : année donnée plusieurs fois (resultats et projections)"),
    ],
)  # fmt: skip
def test_une_faute_dit_tout(document: dict[str, Any], dit: str) -> None:
    (faute,) = fautes(document)
    assert str(faute).startswith(dit)
    assert not any(mot in str(faute) for mot in ("datetime", "None", "True", "…"))


def test_les_fautes_d_une_regle_se_disent_ensemble() -> None:
    document = avec(BASE, "contrat", date_debut_suspension="2026-01-01", date_fin_anticipee="2026-01-01")
    champs = [faute.champ for faute in fautes(document)]
    assert champs == ["contrat.date_debut_suspension", "contrat.date_fin_anticipee"]


@pytest.mark.parametrize("option", [0.5, 1, 1.0, 1.5, 2, "1", "1/2", "0.5", "1.0", "un_etp"])
def test_les_options_se_disent_en_nombres(option: Any) -> None:
    contrat = Situation.model_validate(avec(BASE, "contrat", option=option)).contrat
    assert contrat is not None
    assert contrat.option is not None
