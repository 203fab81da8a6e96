"""« Ma journée »: every kind of thing to do, whole lists by pages, the agent's own files, the act on each line."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from binome.dossiers import travail
from binome.dossiers.contrats import cycle
from binome.dossiers.echanges import pieces
from binome.dossiers.nomenclatures import NaturePiece, Role
from binome.dossiers.paiements import banque
from tests.documents.pieces import image
from tests.dossiers import fabrique
from tests.dossiers.versements import payer, rejeter
from tests.site.caisse.connexion import client_de

pytestmark = pytest.mark.django_db


@pytest.fixture
def caisse(settings: Any) -> Any:
    settings.MFA_OBLIGATOIRE = False
    return fabrique.caisse()


def vues(reponse: Any) -> dict[str, int]:
    return {vue.liste.nom: vue.nombre for vue in reponse.context["listes"]}


def test_chaque_liste_a_son_gabarit_et_sa_page(caisse: Any) -> None:
    client = client_de(fabrique.agent(caisse))
    for liste in travail.LISTES:
        page = client.get(reverse("caisse:journee_liste", args=[liste.nom]))
        assert page.status_code == 200, liste.nom
        assert liste.titre in page.content.decode().replace("\u00a0", " ")
    assert client.get(reverse("caisse:journee_liste", args=["inconnue"])).status_code == 404


def test_tout_ce_qu_il_y_a_a_faire_se_voit(caisse: Any) -> None:
    agent, valideur = fabrique.agent(caisse), fabrique.agent(caisse, Role.VALIDEUR)
    responsable = fabrique.agent(caisse, Role.RESPONSABLE)
    jour = timezone.localdate()
    rejete = fabrique.contrat_en_cours(agent, jour - datetime.timedelta(days=120))
    ligne, _ = payer(caisse, jour - datetime.timedelta(days=10), agent, valideur)
    assert ligne is not None
    banque.recevoir(caisse.pk, "r.xml", rejeter("S1", ligne.reference), valideur)
    suspendu = fabrique.contrat_en_cours(agent, jour - datetime.timedelta(days=100))
    cycle.appliquer(suspendu.pk, "suspendre", responsable, date_effet=jour, motif="Absence.")
    signe = fabrique.contrat_signe(agent, jour - datetime.timedelta(days=5))
    pieces.deposer("a.png", image(), NaturePiece.CONTRAT_SIGNE, agent, contrat=signe)
    finit = fabrique.contrat_en_cours(agent, jour.replace(year=jour.year - 5) + datetime.timedelta(days=60))

    page = client_de(agent).get(reverse("caisse:journee"))
    trouves = vues(page)
    for nom in ("rejetes", "suspendus", "incomplets", "pieces", "bientot-finis", "evaluations"):
        assert trouves[nom] >= 1, (nom, trouves)
    corps = page.content.decode()
    assert reverse("caisse:transition", args=[suspendu.pk, "reprendre"]) in corps
    assert str(rejete.numero) in corps
    assert str(finit.numero) in corps
    # Whoever brought the document does not control it; another agent does.
    controle = reverse("caisse:controler_piece", args=[signe.pieces.get().pk])
    assert controle not in corps
    assert controle in client_de(valideur).get(reverse("caisse:journee")).content.decode()


def test_la_vingt_sixieme_ligne_se_lit(caisse: Any) -> None:
    agent = fabrique.agent(caisse)
    contrat = fabrique.contrat_signe(agent, timezone.localdate())
    for _ in range(27):
        fabrique.piece(contrat, NaturePiece.AUTRE)
    contrat.pieces.update(etat="recue")
    client = client_de(agent)
    page = client.get(reverse("caisse:journee"))
    toutes = reverse("caisse:journee_liste", args=["pieces"])
    assert toutes in page.content.decode()
    assert len(client.get(toutes).context["tranche"]) == 27


def test_un_agent_voit_les_dossiers_qu_il_suit(caisse: Any) -> None:
    lui, autre = fabrique.agent(caisse), fabrique.agent(caisse)
    sien = fabrique.contrat_signe(lui, timezone.localdate())
    fabrique.contrat_signe(autre, timezone.localdate())
    client = client_de(lui)
    assert vues(client.get(reverse("caisse:journee")))["incomplets"] == 2
    miens = client.get(reverse("caisse:journee"), {"dossiers": "miens"})
    assert vues(miens)["incomplets"] == 1
    assert sien.numero in miens.content.decode()


def test_seul_un_valideur_lit_valider(caisse: Any) -> None:
    agent, valideur = fabrique.agent(caisse), fabrique.agent(caisse, Role.VALIDEUR)
    contrat = fabrique.contrat_en_cours(agent, timezone.localdate() - datetime.timedelta(days=90))
    client_de(agent).post(reverse("caisse:versements"), {"date": str(timezone.localdate())})
    assert contrat.lignes_versement.exists()

    def lu(acteur: Any) -> str:
        page: str = client_de(acteur).get(reverse("caisse:journee_liste", args=["campagnes"])).content.decode()
        return page

    assert "Valider" in lu(valideur)
    assert "Valider" not in lu(agent)
