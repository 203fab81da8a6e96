"""The certainty of a figure does not depend on what was asked before it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from binome.simulation.modele.resultat import Explication
from binome.simulation.modele.situation import Situation
from binome.simulation.reponse.simuler import Simulation
from tests.simulation.situations import AUJOURD_HUI
from tests.simulation.test_lot import en_ligne, traiter

#: No amount is determined, so no instalment is listed, yet the years have their dates of payment.
MONTANTS_INDETERMINES: dict[str, Any] = {
    "date_appreciation": AUJOURD_HUI.isoformat(),
    "medecin": {"specialite": "radiologie", "secteur": "secteur_2_optam", "quotite_liberale": 0.333},
    "patientele": {"patientele_mt": 3206, "file_active": 8},
    "contrat": {"date_signature": "2020-02-29", "option": "tiers_etp"},
    "assistant": {"locaux_adaptes": True, "date_embauche": "2020-02-29"},
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
