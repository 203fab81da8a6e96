"""One statement entered or corrected on a doctor's page: nothing is lost, and what rested on it reopens."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse

from binome import francais
from binome.dossiers.contrats import evaluations
from binome.dossiers.contrats.journal import etat_de
from binome.dossiers.models import Releve
from binome.dossiers.nomenclatures import Genre, Role
from tests.dossiers import fabrique
from tests.site.caisse.connexion import client_de

pytestmark = pytest.mark.django_db
SIGNATURE = datetime.date(2023, 6, 1)
ANNEE_3 = datetime.date(2025, 6, 15)


@pytest.fixture(autouse=True)
def sans_second_facteur(settings):
    settings.MFA_OBLIGATOIRE = False


@pytest.fixture
def gestionnaire():
    return fabrique.agent(fabrique.caisse())


def test_un_releve_se_saisit_et_se_corrige(gestionnaire):
    medecin = fabrique.medecin(fabrique.Caisse.objects.get(pk=gestionnaire.caisse_id))
    client, fiche = client_de(gestionnaire), reverse("caisse:medecin", args=[medecin.pk])
    saisir = reverse("caisse:saisir_releve", args=[medecin.pk])
    assert saisir in client.get(fiche).content.decode()
    dit = {
        "date": "30/06/2024",
        "patientele_mt_adultes": "1 100",
        "patientele_mt_enfants": "200",
        "file_active": "1800",
    }
    assert client.get(saisir).status_code == 200
    refuse = client.post(saisir, dit | {"patientele_mt": "1 299", "date": "29/06/2024"})
    assert refuse.status_code == 422
    raisons = " ".join(refuse.context["formulaire"].non_field_errors())
    assert "somme des adultes et des enfants attendue (1300)" in raisons
    assert "date d'un relevé attendue" in raisons
    assert client.post(saisir, dit).status_code == 302
    assert "déjà connu" in client.post(saisir, dit).content.decode()
    releve = Releve.objects.get()
    assert (releve.patientele_mt, releve.saisi_par) == (1300, gestionnaire.utilisateur)
    corriger = reverse("caisse:corriger_releve", args=[releve.pk])
    assert corriger in client.get(fiche).content.decode()
    page = client.get(corriger).content.decode()
    assert 'value="1300"' in page
    juste = {"patientele_mt": "1 350", "file_active": "1 800"}
    assert client.post(corriger, juste).status_code == 422
    assert client.post(corriger, juste | {"motif": "doublon de cabinet"}).status_code == 302
    releve.refresh_from_db()
    ancien = releve.anciens.get()
    assert (releve.patientele_mt, releve.patientele_mt_adultes) == (1350, None)
    assert (ancien.patientele_mt, ancien.patientele_mt_adultes, ancien.motif) == (1300, 1100, "doublon de cabinet")
    assert "doublon de cabinet" in client.get(fiche).content.decode()
    # The same numbers correct nothing.
    assert client.post(corriger, juste | {"motif": "encore"}).status_code == 422
    assert releve.anciens.count() == 1


def test_l_evaluation_qui_s_appuyait_sur_un_releve_corrige_est_a_refaire(gestionnaire, time_machine):
    contrat = fabrique.contrat_en_cours(gestionnaire, SIGNATURE)
    time_machine.move_to(fabrique.instant(ANNEE_3))
    client, fiche = client_de(gestionnaire), reverse("caisse:contrat", args=[contrat.pk])
    evaluer = reverse("caisse:evaluer", args=[contrat.pk, 3])
    (annee,) = evaluations.annees_a_evaluer(contrat, etat_de(contrat), ANNEE_3)
    releve = fabrique.releve(contrat.medecin, annee.releve_evaluation, 1430, 1900)
    assert client.post(evaluer, {}).status_code == 302
    assert f'"{evaluer}"' not in client.get(fiche).content.decode()
    decidee = contrat.evaluations.get()
    corriger = reverse("caisse:corriger_releve", args=[releve.pk])
    juste = {"patientele_mt": "1 560", "file_active": "1 900", "motif": "patients oubliés"}
    assert client.post(corriger, juste).status_code == 302
    contrat.refresh_from_db()
    dit = contrat.evenements.get(genre=Genre.RELEVE).motif
    assert f"{francais.nombre(1430)} → {francais.nombre(1560)}" in dit
    assert "année 3 à évaluer de nouveau" in dit
    page = client.get(fiche).content.decode()
    assert f'"{evaluer}"' in page
    assert "relevé corrigé depuis" in page
    assert evaluer in client.get(reverse("caisse:journee")).content.decode()
    # What was decided holds until it is decided again, on the corrected numbers.
    assert etat_de(contrat).evaluations[3].numerateur == decidee.numerateur
    assert client.post(evaluer, {"motif": "relevé corrigé"}).status_code == 302
    contrat.refresh_from_db()
    nouvelle = contrat.evaluations.get(version=2)
    assert (nouvelle.patientele_mt, nouvelle.numerateur) == (1560, nouvelle.denominateur)
    assert not etat_de(contrat).evaluations[3].a_refaire
    assert "relevé corrigé depuis" not in client.get(fiche).content.decode()


@pytest.mark.parametrize("role", [Role.VALIDEUR, Role.DELEGUE])
def test_un_autre_role_ne_touche_pas_aux_releves(role, gestionnaire):
    caisse = fabrique.Caisse.objects.get(pk=gestionnaire.caisse_id)
    releve = fabrique.releve(fabrique.medecin(caisse), datetime.date(2024, 6, 30), 900, 1400)
    client = client_de(fabrique.agent(caisse, role))
    assert client.post(reverse("caisse:corriger_releve", args=[releve.pk]), {}).status_code == 403
    assert client.post(reverse("caisse:saisir_releve", args=[releve.medecin_id]), {}).status_code == 403
