"""What is to come stays to come, and what is signed ahead waits: by the file's pages, with the days that pass."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse

from binome import francais
from binome.dossiers.contrats import evaluations
from binome.dossiers.contrats.actes import assistant
from binome.dossiers.contrats.journal import etat_de
from binome.dossiers.exploitation.verification import fautes
from binome.dossiers.models import Contrat
from binome.dossiers.nomenclatures import Nature, NaturePiece, Role, Statut
from tests.dossiers import fabrique
from tests.dossiers.versements import payer
from tests.site.caisse.connexion import client_de

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sans_second_facteur(settings):
    settings.MFA_OBLIGATOIRE = False


@pytest.fixture
def gestionnaire():
    return fabrique.agent(fabrique.caisse())


def au(time_machine, gestionnaire, jour: datetime.date):
    time_machine.move_to(fabrique.instant(jour))
    return client_de(gestionnaire)


def transition(client, contrat, nom: str, **dit: str):
    adresse = reverse("caisse:transition", args=[contrat.pk, nom])
    assert client.get(adresse).status_code == 200
    reponse = client.post(adresse, dit)
    contrat.refresh_from_db()
    return reponse


def test_une_resiliation_a_venir_reste_a_venir(gestionnaire, time_machine):
    """The contract lives, its acts are recorded, nothing is claimed; past its last day it is noted, and counted."""
    contrat = fabrique.contrat_en_cours(gestionnaire, datetime.date(2024, 7, 1))
    valideur = fabrique.agent(contrat.caisse, Role.VALIDEUR)
    payer(contrat.caisse, datetime.date(2025, 1, 15), gestionnaire, valideur)
    versees, terme = contrat.ecritures.count(), contrat.date_fin
    client = au(time_machine, gestionnaire, datetime.date(2025, 5, 10))
    # Under the rules of the contract, a doctor's letter takes effect on an anniversary, two months after it came.
    dit = {"date": "2025-07-01", "par": "medecin", "motif": "retraite"}
    assert "avec le préavis, 2026-07-01" in transition(client, contrat, "resilier", **dit).content.decode()
    assert transition(client, contrat, "resilier", **dit, recue_le="2025-04-20").status_code == 302
    assert (contrat.statut, contrat.date_fin) == (Statut.EN_COURS, datetime.date(2025, 7, 1))
    fiche = reverse("caisse:contrat", args=[contrat.pk])
    retirer = reverse("caisse:acte", args=[contrat.pk, "retrait-resiliation"])
    page = client.get(fiche).content.decode()
    assert "Résiliation à venir" in page
    assert retirer in page
    assert client.post(retirer, {"motif": "il reste"}).status_code == 302
    contrat.refresh_from_db()
    assert (contrat.date_fin, contrat.engagements.get().fin) == (terme, terme)
    # Announced by the fund: until its day, acts are recorded and no campaign claims anything.
    dit = {"date": "2025-06-02", "par": "caisse", "motif": "conditions perdues"}
    assert transition(client, contrat, "resilier", **dit).status_code == 302
    assistant.noter_absence(contrat.pk, gestionnaire, debut=datetime.date(2025, 5, 12))
    payer(contrat.caisse, datetime.date(2025, 5, 20), gestionnaire, valideur)
    assert contrat.ecritures.count() == versees
    assert transition(client, contrat, "constater_resiliation").status_code == 422
    client = au(time_machine, gestionnaire, datetime.date(2025, 6, 5))
    constater = reverse("caisse:transition", args=[contrat.pk, "constater_resiliation"])
    assert constater in client.get(reverse("caisse:journee")).content.decode()
    assert transition(client, contrat, "constater_resiliation").status_code == 302
    assert (contrat.statut, contrat.date_fin) == (Statut.RESILIE, datetime.date(2025, 6, 2))
    payer(contrat.caisse, datetime.date(2025, 6, 15), gestionnaire, valideur)
    assert contrat.ecritures.filter(nature=Nature.INDU).exists()
    assert not list(fautes())


def test_un_renouvellement_se_signe_avant_le_terme(gestionnaire, time_machine):
    contrat = fabrique.contrat_en_cours(gestionnaire, datetime.date(2021, 9, 1))
    fabrique.releve(contrat.medecin, datetime.date(2025, 12, 31), 1400, 1900)
    client = au(time_machine, gestionnaire, datetime.date(2026, 5, 4))
    suivant = contrat.date_fin + datetime.timedelta(days=1)
    acte = reverse("caisse:acte", args=[contrat.pk, "renouvellement"])
    reponse = client.post(acte, {"date_signature": suivant.isoformat()})
    nouveau = Contrat.objects.get(precedent=contrat)
    assert reponse.headers["Location"] == reverse("caisse:contrat", args=[nouveau.pk])
    fiche = client.get(reverse("caisse:contrat", args=[nouveau.pk])).content.decode()
    assert "à évaluer" not in fiche.partition('id="contrat"')[0]
    assert nouveau.numero in client.get(reverse("caisse:contrat", args=[contrat.pk])).content.decode()
    assert transition(client, nouveau, "preparer").status_code == 302
    dit = {"date": suivant.isoformat(), "signe_le": "2026-05-04", "motif": "accord du médecin"}
    assert transition(client, nouveau, "signer", **dit | {"date": contrat.date_fin.isoformat()}).status_code == 422
    assert transition(client, nouveau, "signer", **dit).status_code == 302
    contrat.refresh_from_db()
    assert (contrat.statut, nouveau.statut) == (Statut.EN_COURS, Statut.SIGNE)
    assert nouveau.date_signature == suivant
    qui = contrat.embauches.get().assistant
    assistant.faire_partir(contrat.embauches.get().pk, gestionnaire, date_fin=contrat.date_fin, motif="suite")
    assistant.embaucher(nouveau.pk, qui, gestionnaire, date_debut=suivant, centiemes_heures=1750)
    for nature in (NaturePiece.CONTRAT_SIGNE, NaturePiece.CONTRAT_TRAVAIL):
        fabrique.piece(nouveau, nature)
    refus = transition(client, nouveau, "demarrer")
    assert f"s'ouvre le {francais.date_courte(suivant)}" in str(
        refus.context["formulaire"].non_field_errors().as_data()
    )
    client = au(time_machine, gestionnaire, suivant)
    assert transition(client, nouveau, "demarrer").status_code == 302
    contrat.refresh_from_db()
    assert (contrat.statut, nouveau.statut) == (Statut.RENOUVELE, Statut.EN_COURS)
    assert not list(fautes())


def test_une_longue_absence_suspend_des_son_premier_jour(gestionnaire, time_machine):
    contrat = fabrique.contrat_en_cours(gestionnaire, datetime.date(2024, 7, 1))
    client = au(time_machine, gestionnaire, datetime.date(2025, 12, 10))
    assistant.noter_absence(contrat.pk, gestionnaire, debut=datetime.date(2025, 9, 1))
    assert transition(client, contrat, "suspendre", date="2025-08-31", motif="absence").status_code == 422
    assert transition(client, contrat, "suspendre", date="2025-09-01", motif="absence").status_code == 302
    (suspension,) = etat_de(contrat).suspensions
    assert suspension.debut == datetime.date(2025, 9, 1)


def test_apres_la_bascule_un_seul_objectif_partout(gestionnaire, time_machine):
    contrat = fabrique.contrat_en_cours(gestionnaire, datetime.date(2021, 9, 1))
    client = au(time_machine, gestionnaire, datetime.date(2023, 6, 5))
    acte = reverse("caisse:acte", args=[contrat.pk, "bascule"])
    assert client.get(acte).status_code == 200
    refus = client.post(acte, {"date": "2023-06-05"})
    assert refus.status_code == 422
    assert "comptait les adultes seuls" in refus.content.decode()
    assert (
        client.post(acte, {"date": "2023-06-05", "objectifs_notifies.patientele_mt.cible": "1 700"}).status_code == 302
    )
    contrat.refresh_from_db()
    client = au(time_machine, gestionnaire, datetime.date(2023, 9, 15))
    montre = " ".join(f"{francais.nombre(1300)} → {francais.nombre(1700)}".split())
    pages = [reverse("caisse:contrat", args=[contrat.pk])]
    annees = evaluations.annees_a_evaluer(contrat, etat_de(contrat), datetime.date(2023, 9, 15))
    pages += [reverse("caisse:evaluer", args=[contrat.pk, annee.rang]) for annee in annees]
    assert len(pages) > 1
    for adresse in pages:
        assert montre in " ".join(client.get(adresse).content.decode().split()), adresse
    assert "passé aux règles nouvelles le 05/06/2023" in " ".join(client.get(pages[0]).content.decode().split())
