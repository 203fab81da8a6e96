"""Many evaluations at once: what the rules propose in full is decided together, the rest waits for an agent."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from binome.dossiers.contrats import evaluations
from binome.dossiers.contrats.journal import etat_de
from binome.dossiers.models import Evaluation
from binome.dossiers.nomenclatures import Genre, Role
from tests.dossiers import fabrique
from tests.site.caisse.connexion import client_de

pytestmark = pytest.mark.django_db
SIGNATURE, JOUR = datetime.date(2024, 7, 1), datetime.date(2026, 7, 20)
#: Objectives of 1 560 and 1 910 (see `fabrique.situation`): reached, half of the way, below the start.
ATTEINT, A_MI_CHEMIN, EN_BAISSE = (1600, 1950), (1430, 1855), (1200, 1700)


@pytest.fixture(autouse=True)
def scene(settings: Any, time_machine: Any) -> None:
    settings.MFA_OBLIGATOIRE = False
    time_machine.move_to(datetime.datetime.combine(JOUR, datetime.time(10)))


@pytest.fixture
def gestionnaire() -> Any:
    return fabrique.agent(fabrique.caisse())


def a_evaluer(acteur: Any, nombres: tuple[int, int] | None = ATTEINT) -> Any:
    contrat = fabrique.contrat_en_cours(acteur, SIGNATURE)
    (annee,) = evaluations.annees_a_evaluer(contrat, etat_de(contrat), JOUR)
    if nombres is not None:
        fabrique.releve(contrat.medecin, annee.releve_evaluation, *nombres)
    return contrat


def coches(reponse: Any) -> list[str]:
    return [f"{ligne.contrat.pk}:{ligne.rang}" for ligne in reponse.context["entieres"]]


def test_ce_que_les_regles_proposent_en_entier_se_decide_d_un_coup(gestionnaire: Any) -> None:
    entiers = [a_evaluer(gestionnaire) for _ in range(3)]
    autres = [a_evaluer(gestionnaire, nombres) for nombres in (A_MI_CHEMIN, EN_BAISSE, None)]
    client, adresse = client_de(gestionnaire), reverse("caisse:evaluations")
    assert adresse in client.get(reverse("caisse:journee")).content.decode()
    page = client.get(adresse)
    assert {ligne.contrat for ligne in page.context["lignes"]} == {*entiers, *autres}
    assert coches(page) == [f"{contrat.pk}:3" for contrat in entiers]
    # Each proposal of the table is the one that its own page shows.
    for ligne in page.context["lignes"]:
        assert ligne.proposition == evaluations.proposer(ligne.contrat, etat_de(ligne.contrat), ligne.rang, JOUR)

    # Even asked for, what is not proposed in full is not decided so.
    demandes = [*coches(page), f"{autres[0].pk}:3", f"{autres[2].pk}:3", "zut", "1:2:3", f"{'9' * 30}:3"]
    reponse = client.post(adresse, {"choix": demandes})
    assert reponse.status_code == 422
    dit = reponse.content.decode()
    assert dit.count("la proposition a changé") == 2
    assert autres[0].numero in dit
    assert {evaluation.contrat for evaluation in Evaluation.objects.all()} == set(entiers)
    for evaluation in Evaluation.objects.all():
        assert (evaluation.numerateur, evaluation.denominateur, evaluation.auteur) == (1, 1, gestionnaire.utilisateur)
    for contrat in entiers:
        contrat.refresh_from_db()
        assert contrat.evenements.filter(genre=Genre.EVALUATION).count() == 1
        assert 3 in etat_de(contrat).evaluations
    assert coches(client.get(adresse)) == []


def test_les_contrats_d_une_autre_caisse_et_un_autre_role_ne_decident_rien(gestionnaire: Any) -> None:
    ailleurs = a_evaluer(fabrique.agent(fabrique.caisse()))
    ici = a_evaluer(gestionnaire)
    adresse = reverse("caisse:evaluations")
    assert client_de(gestionnaire).post(adresse, {"choix": [f"{ailleurs.pk}:3"]}).status_code == 200
    valideur = client_de(fabrique.agent(ici.caisse, Role.VALIDEUR))
    assert ici.numero in valideur.get(adresse).content.decode()
    assert valideur.post(adresse, {"choix": [f"{ici.pk}:3"]}).status_code == 403
    assert not Evaluation.objects.exists()


def test_la_page_lit_autant_de_fois_pour_deux_dossiers_que_pour_huit(gestionnaire: Any) -> None:
    client, adresse = client_de(gestionnaire), reverse("caisse:evaluations")

    def requetes() -> int:
        client.get(adresse)
        with CaptureQueriesContext(connection) as faites:
            assert client.get(adresse).status_code == 200
        return len(faites)

    for _ in range(2):
        a_evaluer(gestionnaire)
    avant = requetes()
    for _ in range(6):
        a_evaluer(gestionnaire)
    assert requetes() == avant <= 16
