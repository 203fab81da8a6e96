"""Open points on the fund's pages: both amounts shown, nothing proposed, and the act that settles."""

import datetime

import pytest
from django.urls import reverse

from binome.dossiers.contrats import journal
from binome.dossiers.models import Caisse
from binome.simulation import Situation
from tests.dossiers import fabrique
from tests.site.caisse.connexion import client_de

pytestmark = pytest.mark.django_db
SIGNATURE = datetime.date(2020, 10, 1)


@pytest.fixture(autouse=True)
def sans_second_facteur(settings):
    settings.MFA_OBLIGATOIRE = False


@pytest.fixture
def gestionnaire():
    return fabrique.agent(fabrique.caisse())


@pytest.fixture
def contrat(gestionnaire):
    """Avenant 8, half time: MT objective reached, file active half of the way."""
    contrat = fabrique.contrat_en_cours(gestionnaire, SIGNATURE)
    releve = fabrique.releve(contrat.medecin, datetime.date(2022, 6, 30), 1900, 1855)
    releve.patientele_mt_adultes = 1600
    releve.save()
    return contrat


def lire(reponse):
    return reponse.content.decode().replace("\u202f", " ").replace("\u00a0", " ").replace("’", "'")


def test_l_evaluation_montre_les_deux_montants_et_l_acte_tranche(contrat, gestionnaire):
    client = client_de(gestionnaire)
    evaluation = reverse("caisse:evaluer", args=[contrat.pk, 3])
    avant = lire(client.get(evaluation))
    assert "Les règles ne proposent rien" in avant
    assert "5 250 € (a) ou 10 500 € (b)" in avant
    acte = reverse("caisse:acte", args=[contrat.pk, "lecture"])
    assert acte in avant
    assert "les deux objectifs sont exigés, prorata sinon" in lire(client.get(acte))
    # Without a reason, nothing is settled.
    assert client.post(acte, {"choix": "d12:b", "motif": ""}).status_code == 422
    contrat.refresh_from_db()
    assert "lectures" not in journal.etat_de(contrat).situation["contrat"]
    assert client.post(acte, {"choix": "d12:b", "motif": "instruction de la Cnam"}).status_code == 302
    apres = lire(client.get(evaluation))
    assert "Proposition : 100 %" in apres or "Proposition : 1" in apres
    assert "Deux lectures" not in apres
    fiche = lire(client.get(reverse("caisse:contrat", args=[contrat.pk])))
    assert "Point ouvert tranché" in fiche
    assert "instruction de la Cnam" in fiche


def test_une_lecture_inventee_est_refusee(contrat, gestionnaire):
    acte = reverse("caisse:acte", args=[contrat.pk, "lecture"])
    assert client_de(gestionnaire).post(acte, {"choix": "d99:a", "motif": "x"}).status_code == 422


def test_sans_point_ouvert_l_acte_ne_se_propose_pas(gestionnaire, monkeypatch):
    """A specialist of 2024, followed on one indicator: nothing to combine (D7), and D12 is about avenants 7 and 8."""
    generaliste = fabrique.situation

    def specialiste(signature, **champs):
        dit = generaliste(signature, **champs).model_dump(mode="json", exclude_none=True)
        dit["medecin"]["specialite"] = "pneumologie"
        dit["patientele"] = {"file_active": 1800}
        dit["objectifs_notifies"] = {"file_active": {"cible": 1910}}
        dit["contrat"]["seuil_notifie"] = 1000
        return Situation.model_validate(dit)

    monkeypatch.setattr(fabrique, "situation", specialiste)
    qui = fabrique.medecin(Caisse.objects.get(), specialite="pneumologie")
    contrat = fabrique.contrat_en_cours(gestionnaire, datetime.date(2024, 7, 1), qui)
    fiche = lire(client_de(gestionnaire).get(reverse("caisse:contrat", args=[contrat.pk])))
    assert "Trancher un point ouvert" not in fiche
