"""The outbox and the reminders."""

import datetime

import pytest
from django.core import mail

from binome.dossiers.echanges import boite_d_envoi, rappels
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Courriel, Echeance
from openfisca_assistants_medicaux import registre
from tests.dossiers import fabrique

pytestmark = pytest.mark.django_db
SIGNATURE = datetime.date(2024, 7, 1)


@pytest.fixture
def acteur():
    return fabrique.agent(fabrique.caisse())


def test_un_serveur_en_panne_n_oublie_rien(acteur, monkeypatch):
    contrat = fabrique.contrat_en_cours(acteur, SIGNATURE)
    boite_d_envoi.mettre_en_boite(contrat, "a@exemple.invalid", "Objet\r\nBcc: x@y", "corps", "cle")
    assert not boite_d_envoi.mettre_en_boite(contrat, "a@exemple.invalid", "Objet", "corps", "cle")

    def panne(self):
        raise ConnectionRefusedError

    with monkeypatch.context() as m:
        m.setattr("django.core.mail.EmailMessage.send", panne)
        assert boite_d_envoi.vider_la_boite() == (0, 1)
    assert Courriel.objects.get().essais == 1
    assert boite_d_envoi.vider_la_boite() == (1, 0)
    assert "\n" not in mail.outbox[0].subject


def test_les_rappels_s_espacent_puis_se_taisent(acteur):
    contrat = fabrique.contrat_en_cours(acteur, SIGNATURE)
    echeance = Echeance.objects.get(contrat=contrat, nom="date_limite_qualification")
    jour = echeance.date - datetime.timedelta(days=30)
    ecrits = [rappels.relancer(jour + datetime.timedelta(days=d)) for d in range(60)]
    assert [rang for rang, nombre in enumerate(ecrits) if nombre] == [0, 10, 20]
    rappeles = Courriel.objects.filter(cle__startswith=f"rappel:{echeance.pk}:")
    assert rappeles.count() == 3
    assert all(registre.echeances()[echeance.nom].aide in rappel.corps for rappel in rappeles)


def test_sans_serveur_rien_n_est_dit_envoye(acteur, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    contrat = fabrique.contrat_en_cours(acteur, SIGNATURE)
    boite_d_envoi.mettre_en_boite(contrat, "a@exemple.invalid", "Objet", "corps", "cle")
    with pytest.raises(Refus, match="EMAIL_URL"):
        boite_d_envoi.vider_la_boite()
    assert Courriel.objects.get().envoye_le is None
