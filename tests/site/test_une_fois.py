"""Within one page, the law runs once for each situation: runs are counted, not timed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from binome.simulation.moteur.calcul import Calcul
from tests.site.parcours import MOI, PATIENTELE, PROJET

#: An answer that the law calls for: with it, a page also asks what the law would call for without it.
CHIRURGIENNE = MOI | {"medecin.specialite": "chirurgie_generale", "medecin.part_honoraires_cliniques": "85"}
GROUPE = {
    "groupe.forme_juridique": "SISA",
    "groupe.date_signature": "2026-12-01",
    "groupe.etp_demandes": "1",
    "groupe.membres.1.patientele_mt": "1200",
    "groupe.membres.1.file_active": "1600",
    "groupe.membres.1.secteur": "secteur_1",
}


@pytest.fixture
def executions(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One more entry for each traced run of the law."""
    faites: list[str] = []
    construire: Callable[..., None] = Calcul.__init__

    def compter(calcul: Calcul, *valeurs: Any, trace: bool, **nommees: Any) -> None:
        if trace:
            faites.append("une")
        construire(calcul, *valeurs, trace=trace, **nommees)

    monkeypatch.setattr(Calcul, "__init__", compter)
    return faites


@pytest.mark.parametrize(
    ("chemin", "reponses", "attendues"),
    [
        ("/simulation/nouveau/moi", MOI, 1),
        ("/simulation/nouveau/patientele", MOI | PATIENTELE, 1),
        ("/simulation/nouveau/projet", MOI | PATIENTELE | PROJET, 1),
        ("/simulation/groupe/membres", GROUPE, 1),
        # With answers that the law called for: what was said, and what it would call for without them.
        ("/simulation/nouveau/moi", CHIRURGIENNE, 2),
    ],
)
def test_une_etape_execute_la_loi_une_fois_par_situation(
    client: Client, executions: list[str], chemin: str, reponses: dict[str, str], attendues: int
) -> None:
    assert client.get(chemin, reponses).status_code == 200
    assert len(executions) == attendues
    executions.clear()
    assert client.get(chemin, reponses | {"suite": "1"}).status_code in {200, 302, 422}
    assert len(executions) == attendues, "soumise"


def test_le_resultat_telecharge_est_celui_deja_calcule(client: Client, executions: list[str]) -> None:
    """Without an option, one run says which one to show, shows it, and is the answer to what was asked."""
    sans_option = MOI | PATIENTELE | {"date_appreciation": "2026-11-23", "contrat.date_signature": "2026-12-01"}
    reponse = client.get("/simulation/binome.json", sans_option)
    assert reponse.json()["situation"]["contrat"]["option"] is None
    assert len(executions) == 1


def test_la_page_du_resultat_execute_la_loi_deux_fois_au_plus(client: Client, executions: list[str]) -> None:
    """What was asked with the option shown, then « et si ? » where nothing was supposed yet."""
    sans_option = MOI | PATIENTELE | {"date_appreciation": "2026-11-23", "contrat.date_signature": "2026-12-01"}
    assert client.get("/simulation/resultat", sans_option).status_code == 200
    assert len(executions) == 2


def test_un_objectif_notifie_est_celui_de_l_option_montree(client: Client, executions: list[str]) -> None:
    """There the choice changes what the law reads: it runs again."""
    notifie = MOI | PATIENTELE | {"date_appreciation": "2026-11-23", "contrat.date_signature": "2026-12-01"}
    notifie |= {"objectifs_notifies.file_active.cible": "2000"}
    reponse = client.get("/simulation/resultat", notifie)
    assert reponse.status_code == 200
    assert "notifié" in reponse.content.decode()
    assert len(executions) == 3
