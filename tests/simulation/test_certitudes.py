"""The certainty of a figure does not depend on what was asked before it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from binome.simulation.modele.resultat import Explication
from binome.simulation.modele.situation import Situation
from binome.simulation.reponse.simuler import Simulation
from tests.cas_publics.situations import collectif, individuel
from tests.simulation.lots import en_ligne, traiter
from tests.simulation.situations import AUJOURD_HUI

#: No amount is determined, so no instalment is listed, yet the years have their dates of payment.
MONTANTS_INDETERMINES: dict[str, Any] = {
    "date_appreciation": AUJOURD_HUI.isoformat(),
    "medecin": {"specialite": "radiologie", "secteur": "secteur_2_optam", "quotite_liberale": 0.333},
    "patientele": {"patientele_mt": 3206, "file_active": 8},
    "contrat": {"date_signature": "2020-02-29", "option": "tiers_etp"},
    "assistant": {"locaux_adaptes": True, "date_embauche": "2020-02-29"},
}
#: A third year evaluated, half of the way made.
RESULTATS: dict[str, Any] = {
    "objectifs_notifies": {"patientele_mt": {"cible": 1300}, "file_active": {"cible": 1700}},
    "resultats": [{"annee": 3, "patientele_mt": 1100, "file_active": 1500}],
}
DATE_SUPPOSEE = "annees.2.versement_1_date"


def simulation() -> Simulation:
    return Simulation(Situation.model_validate(MONTANTS_INDETERMINES))


def sur_quoi(explication: Explication) -> set[tuple[str, str]]:
    """Every figure and value of the law of an explanation, with its certainty, whatever their order."""
    propres = {(parametre.nom, parametre.certitude) for parametre in explication.parametres}
    return {(explication.variable, explication.certitude)}.union(propres, *map(sur_quoi, explication.dependances))


def test_une_date_supposee_compte_meme_sans_montant(tmp_path: Path) -> None:
    """A date of payment that nothing had computed yet was taken for certain; `lot`, which computes it, disagreed."""
    seul = simulation().resultat()
    assert seul.annees
    assert all(annee.montant_du is None and annee.versements == () for annee in seul.annees)
    assert seul.certitude == "hypothese"
    assert "hypothese" in {hypothese.certitude for hypothese in seul.hypotheses}
    _, table = traiter(tmp_path, [en_ligne(MONTANTS_INDETERMINES)])
    assert table["certitude"].to_list() == [seul.certitude]


def test_une_explication_ne_se_vide_pas_apres_le_resultat() -> None:
    """Asked for before or after the result, a figure rests on the same figures and on the same values of the law."""
    avant = simulation().expliquer(DATE_SUPPOSEE)
    apres = simulation()
    apres.resultat()
    assert avant.certitude == "hypothese"
    assert avant.dependances
    assert sur_quoi(apres.expliquer(DATE_SUPPOSEE)) == sur_quoi(avant)


def test_le_maximum_et_le_montant_du_ont_chacun_leur_certitude() -> None:
    """One word for both hid that the maximum is an official text where the sum due is not."""
    premiere, _, troisieme, quatrieme, _ = individuel("2023-11-06", "1", le="2026-11-23", **RESULTATS).annees
    assert (premiere.certitude_maximal, premiere.certitude_du, premiere.certitude) == ("texte", "cite", "cite")
    assert (troisieme.montant_du, troisieme.certitude_du) == (733333, "hypothese")
    assert (quatrieme.montant_du, quatrieme.certitude_du) == (None, None)
    assert quatrieme.certitude_maximal is not None


def test_le_plafond_d_un_groupe_est_repondu() -> None:
    """Four doctors, two of whom welcome a doctor in training: the published example, five ETP."""
    pamsu = {"pamsu_docteur_junior": True}
    accueil = {"date_accueil_docteur_junior": "2026-11-02"}
    resultat = collectif(le="2026-11-23", membres=({}, {}, pamsu, pamsu), etp=5, groupe=accueil)
    assert resultat.plafond_etp == 5
    assert collectif(le="2026-11-23", membres=({},) * 4).plafond_etp == 4
    assert individuel("2026-03-02").plafond_etp is None


@pytest.mark.parametrize("enfants", [{"part_enfants": 0.1}, {"part_enfants": 0.3}, {"patientele_mt_enfants": 200}])
@pytest.mark.parametrize("signature", ["2023-06-01", "2026-03-02"])
def test_un_champ_qu_aucune_regle_ne_lit_n_affaiblit_rien(signature: str, enfants: dict[str, Any]) -> None:
    """Since the règlement arbitral no rule reads how many are children: told or not, a refusal is as sure."""
    sans, avec = (
        individuel(signature, "1/2", le="2026-11-23", patientele={"patientele_mt": 600, "file_active": 1700, **dits})
        for dits in ({}, enfants)
    )
    assert [c.nom for c in sans.verdict.conditions if c.verdict == "non_remplie"] == ["condition_seuil_activite"]
    assert [(c.nom, c.certitude) for c in avec.verdict.conditions] == [
        (c.nom, c.certitude) for c in sans.verdict.conditions
    ]
    assert avec.hypotheses == sans.hypotheses
