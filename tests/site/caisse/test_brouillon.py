"""A draft is changed by its own questions, and a simulation's numbers are set beside the fund's statements."""

from __future__ import annotations

import datetime
import json

import pytest
from django.urls import reverse

from binome import francais
from binome.dossiers.contrats import cycle
from binome.dossiers.contrats.journal import etat_de
from binome.dossiers.models import Contrat, Structure
from binome.dossiers.nomenclatures import Statut
from tests.dossiers import fabrique
from tests.site.caisse.connexion import client_de

pytestmark = pytest.mark.django_db
SIGNATURE = datetime.date(2024, 7, 1)


@pytest.fixture(autouse=True)
def sans_second_facteur(settings):
    settings.MFA_OBLIGATOIRE = False


@pytest.fixture
def gestionnaire():
    return fabrique.agent(fabrique.caisse())


def ecrite(page) -> dict[str, str]:
    """A form as the page shows it."""
    dits = {champ.html_name: champ.value() for champ in page.context["formulaire"]}
    return {nom: valeur for nom, valeur in dits.items() if valeur not in {None, ""}}


def test_un_brouillon_ouvert_de_la_fiche_se_complete_et_se_signe(gestionnaire):
    """Premises and grouping were unknown: only the head of the fund could sign it, or begin again elsewhere."""
    medecin = fabrique.medecin(fabrique.Caisse.objects.get(pk=gestionnaire.caisse_id), zone="zip")
    fabrique.releve(medecin, datetime.date(2023, 12, 31), 1300, 1800)
    client = client_de(gestionnaire)
    nouveau = {"rpps": medecin.rpps, "date_signature": "01/07/2024", "option": "demi_etp"}
    assert client.post(reverse("caisse:nouveau"), nouveau).status_code == 302
    contrat = Contrat.objects.get()
    assert contrat.eligible != "oui"
    adresse = reverse("caisse:acte", args=[contrat.pk, "modification"])
    dit = ecrite(client.get(adresse))
    assert dit["patientele.patientele_mt"] == "1300"
    assert dit["contrat.option"] == "demi_etp"
    change = {
        "assistant.locaux_adaptes": "oui", "medecin.nombre_medecins_lieu": "3", "contrat.option": "un_etp",
        "medecin.engagement_exercice_coordonne": "oui", "medecin.date_installation": "01/01/2010",
    }  # fmt: skip
    assert client.post(adresse, dit | {"medecin.secteur": "secteur_2"}).status_code == 422
    reponse = client.post(adresse, dit | change)
    assert reponse.status_code == 302, reponse.context["formulaire"].errors
    contrat.refresh_from_db()
    assert (contrat.eligible, contrat.option) == ("oui", "un_etp")
    assert etat_de(contrat).lire().medecin.nombre_medecins_lieu == 3
    for nom, date in (("preparer", None), ("signer", SIGNATURE)):
        cycle.appliquer(contrat.pk, nom, gestionnaire, date_effet=date)
    contrat.refresh_from_db()
    assert contrat.statut == Statut.SIGNE


def test_une_case_videe_ne_dit_plus_rien(gestionnaire):
    contrat = fabrique.contrat_ouvert(gestionnaire, SIGNATURE)
    client, adresse = client_de(gestionnaire), reverse("caisse:acte", args=[contrat.pk, "modification"])
    dit = ecrite(client.get(adresse))
    assert client.post(adresse, dit | {"medecin.zone": "", "patientele.file_active": "mille"}).status_code == 422
    assert client.post(adresse, dit | {"medecin.zone": ""}).status_code == 302
    contrat.refresh_from_db()
    assert "zone" not in contrat.etat["situation"]["medecin"]
    assert contrat.etat["situation"]["objectifs_notifies"] == {
        "patientele_mt": {"cible": 1560}, "file_active": {"cible": 1910}
    }  # fmt: skip


@pytest.mark.parametrize(("choix", "attendu"), [("caisse", 1250), ("simulation", 1300)])
def test_des_nombres_qui_ne_sont_pas_ceux_de_la_caisse_se_choisissent(choix, attendu, gestionnaire):
    medecin = fabrique.medecin(fabrique.Caisse.objects.get(pk=gestionnaire.caisse_id))
    fabrique.releve(medecin, datetime.date(2023, 12, 31), 1250, 1800)
    client, adresse = client_de(gestionnaire), reverse("caisse:nouveau")
    simulation = fabrique.situation(SIGNATURE).model_dump_json(exclude_unset=True)
    dit = {"rpps": medecin.rpps, "simulation": simulation}
    refus = client.post(adresse, dit)
    assert refus.status_code == 422
    dits = f"{francais.nombre(1300)} dans la simulation, {francais.nombre(1250)} au relevé du 31/12/2023"
    assert any(dits in str(raison) for raison in refus.context["formulaire"].non_field_errors())
    assert {"nombres", "motif_nombres"} <= set(refus.context["formulaire"].fields)
    assert client.post(adresse, dit | {"nombres": choix}).status_code == 422
    assert client.post(adresse, dit | {"nombres": choix, "motif_nombres": "comptés au cabinet"}).status_code == 302
    contrat = Contrat.objects.get()
    assert etat_de(contrat).lire().patientele.patientele_mt == attendu
    ouverture = contrat.evenements.get()
    assert "comptés au cabinet" in ouverture.motif
    assert dits in ouverture.motif
    # A draft is confronted again when its numbers change.
    modifier = reverse("caisse:acte", args=[contrat.pk, "modification"])
    refus = client.post(modifier, ecrite(client.get(modifier)) | {"patientele.file_active": "1900"})
    assert refus.status_code == 422
    assert "nombres" in refus.context["formulaire"].fields


def test_les_nombres_des_adherents_aussi(gestionnaire):
    caisse = fabrique.Caisse.objects.get(pk=gestionnaire.caisse_id)
    membres = [fabrique.medecin(caisse) for _ in range(2)]
    fabrique.releve(membres[1], datetime.date(2025, 12, 31), 1150, 1600)
    structure = Structure.objects.create(caisse=caisse, nom="MSP", forme_juridique="SISA")
    membre = {"secteur": "secteur_1", "patientele_mt": 1200, "file_active": 1600}
    groupe = {"date_signature": "2026-03-02", "forme_juridique": "SISA", "etp_demandes": 1, "membres": [membre, membre]}
    dit = {
        "simulation": json.dumps({"groupe": groupe, "assistant": {"locaux_adaptes": True}}),
        "structure": structure.pk, "membres": "\n".join(m.rpps for m in membres),
    }  # fmt: skip
    client, adresse = client_de(gestionnaire), reverse("caisse:nouveau")
    refus = client.post(adresse, dit)
    assert refus.status_code == 422
    assert str(membres[1]) in refus.content.decode()
    assert client.post(adresse, dit | {"nombres": "caisse", "motif_nombres": "relevé officiel"}).status_code == 302
    groupe_lu = etat_de(Contrat.objects.get()).lire().groupe
    assert [m.patientele_mt for m in groupe_lu.membres] == [1200, 1150]
