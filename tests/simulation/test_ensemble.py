"""Situations computed together get, to the letter, the answer that each gets alone."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.charge_api import situations
from binome.cli.fichiers import lire_situation
from binome.simulation.modele.erreurs import BinomeErreur
from binome.simulation.modele.situation import Situation
from binome.simulation.moteur.calcul import Calcul
from binome.simulation.reponse.simuler import Simulation

EXEMPLES = Path(__file__).parents[2] / "exemples"
JOUR = datetime.date(2026, 11, 23)


def toutes() -> Iterator[Situation]:
    """Every régime, several specialties, the examples (groups among them), rarer facts, and refusals."""
    for fichier in sorted(EXEMPLES.glob("*.yaml")):
        try:
            yield lire_situation(str(fichier))
        except BinomeErreur:
            continue
    rares = (
        {"medecin": {"nouvel_installe": True}},
        {"medecin": {"mode_exercice_particulier": True}},
        {"medecin": {"rqth_ald": True, "quotite_liberale": 0.5}},
        {"contrat": {"renouvellement": True}},
        {"contrat": {"option": None}},
        {"contrat": {"option": "tiers_etp"}},
        {"projections": [{"annee": 4, "patientele_mt": 1500, "file_active": 2000}]},
        {"date_appreciation": "2024-05-01"},
    )
    for rang, brute in enumerate(situations(64)):
        rare = rares[rang % len(rares)]
        yield Situation.model_validate(
            {**brute, **{n: {**brute.get(n, {}), **v} if isinstance(v, dict) else v for n, v in rare.items()}}
        )


def reponse(simulation: Simulation | BinomeErreur) -> str:
    return str(simulation) if isinstance(simulation, BinomeErreur) else simulation.resultat().model_dump_json()


def seule(situation: Situation) -> str:
    try:
        return reponse(Simulation(situation))
    except BinomeErreur as refus:
        return str(refus)


def test_ensemble_ou_seules() -> None:
    """Certainties, hypotheses and messages included: no figure rests on what its neighbours read."""
    demandees = list(toutes())
    ensemble = [reponse(rendue) for rendue in Simulation.ensemble(demandees)]
    assert ensemble == [seule(situation) for situation in demandees]
    assert 0 < sum(not texte.startswith("{") for texte in ensemble) < len(ensemble) / 2


def test_l_explication_est_la_meme() -> None:
    demandees = [situation for situation in toutes() if situation.groupe is None][-8:]
    for situation, rendue in zip(demandees, Simulation.ensemble(demandees), strict=True):
        if isinstance(rendue, BinomeErreur):
            continue
        for figure in ("annees.3.montant_du", "objectifs.file_active.gain", "eligible"):
            assert rendue.expliquer(figure) == Simulation(situation).expliquer(figure)


def test_la_loi_est_executee_une_fois_par_jour(monkeypatch: pytest.MonkeyPatch) -> None:
    executions = []
    construire = Calcul.__init__

    def compter(calcul: Calcul, *valeurs: object, trace: bool, **nommees: object) -> None:
        executions.append(trace)
        construire(calcul, *valeurs, trace=trace, **nommees)  # type: ignore[arg-type]

    monkeypatch.setattr(Calcul, "__init__", compter)
    individuelles = [Situation.model_validate(brute) for brute in situations(20)]
    Simulation.ensemble(individuelles, JOUR)
    assert executions == [True]
