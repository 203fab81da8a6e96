"""Letters, the outbox, reminders."""

import datetime

import pytest
from django.core import mail

from binome.documents import courriers as lettres
from binome.dossiers.echanges import courriers
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Courriel, Echeance
from binome.dossiers.nomenclatures import Role
from tests.dossiers import fabrique

pytestmark = pytest.mark.django_db
SIGNATURE = datetime.date(2024, 7, 1)


@pytest.fixture
def acteur():
    return fabrique.agent(fabrique.caisse())


def completer(lettre):
    """The letter, with something wherever the file knew nothing."""
    champs = {nom: valeur or "à préciser" for nom, valeur in lettre.champs.items()}
    tableaux = {
        nom: lettres.Tableau(
            lignes=t.lignes or (tuple("—" for _ in lettres.modele(lettre.modele).tableaux[nom].titres),)
        )
        for nom, t in lettre.tableaux.items()
    }
    return lettre.model_copy(update={"champs": champs, "tableaux": tableaux})


@pytest.mark.parametrize("nom", [m.nom for m in lettres.modeles() if m.destinataire == "medecin"])
def test_chaque_lettre_se_remplit_d_un_dossier(acteur, nom):
    contrat = fabrique.contrat_en_cours(acteur, SIGNATURE)
    lettre = completer(courriers.preparer(contrat, nom, acteur, SIGNATURE))
    assert lettres.rendre(lettre).startswith(b"%PDF")


def test_ce_que_le_dossier_sait_est_dans_la_lettre(acteur):
    contrat = fabrique.contrat_en_cours(acteur, SIGNATURE)
    lettre = courriers.preparer(contrat, "contrat-signe", acteur, SIGNATURE)
    assert lettre.champs["date_signature"] == "1er\u00a0juillet\u00a02024"
    assert lettre.destinataire.rpps == contrat.medecin.rpps


def test_les_tableaux_se_remplissent_sous_leurs_titres(acteur):
    contrat = fabrique.contrat_en_cours(acteur, SIGNATURE)
    lettre = courriers.preparer(contrat, "contrat-individuel", acteur, SIGNATURE)
    annee_1 = lettre.tableaux["montants"].lignes[0]
    assert annee_1 == ("1", "1er\u00a0juillet\u00a02024", "30\u00a0juin\u00a02025", "19\u202f000\u00a0€")
    assert lettre.tableaux["objectifs"].lignes[0][1:] == ("1\u202f300", "260", "1\u202f560")


def test_une_lettre_est_gardee_et_son_courriel_part_une_fois(acteur):
    contrat = fabrique.contrat_en_cours(acteur, SIGNATURE)
    lettre = completer(courriers.preparer(contrat, "suspension", acteur, SIGNATURE))
    courrier = courriers.envoyer(contrat.pk, lettre, acteur)
    assert bytes(courrier.pdf) == lettres.rendre(lettre)
    assert contrat.evenements.filter(genre="courrier").exists()
    assert courriers.vider_la_boite() == (1, 0)
    assert courriers.vider_la_boite() == (0, 0)
    (message,) = mail.outbox
    assert message.to == [contrat.medecin.courriel]
    assert message.attachments[0][0] == "suspension.pdf"
    with pytest.raises(Refus, match="réservé"):
        courriers.envoyer(contrat.pk, lettre, fabrique.agent(contrat.caisse, Role.VALIDEUR))


def test_un_serveur_en_panne_n_oublie_rien(acteur, monkeypatch):
    contrat = fabrique.contrat_en_cours(acteur, SIGNATURE)
    courriers.mettre_en_boite(contrat, "a@exemple.invalid", "Objet\r\nBcc: x@y", "corps", "cle")
    assert not courriers.mettre_en_boite(contrat, "a@exemple.invalid", "Objet", "corps", "cle")

    def panne(self):
        raise ConnectionRefusedError

    with monkeypatch.context() as m:
        m.setattr("django.core.mail.EmailMessage.send", panne)
        assert courriers.vider_la_boite() == (0, 1)
    assert Courriel.objects.get().essais == 1
    assert courriers.vider_la_boite() == (1, 0)
    assert "\n" not in mail.outbox[0].subject


def test_les_rappels_s_espacent_puis_se_taisent(acteur):
    contrat = fabrique.contrat_en_cours(acteur, SIGNATURE)
    echeance = Echeance.objects.get(contrat=contrat, nom="date_limite_qualification")
    jour = echeance.date - datetime.timedelta(days=30)
    ecrits = [courriers.relancer(jour + datetime.timedelta(days=d)) for d in range(60)]
    assert [rang for rang, nombre in enumerate(ecrits) if nombre] == [0, 10, 20]
    assert Courriel.objects.filter(cle__startswith=f"rappel:{echeance.pk}:").count() == 3


def test_sans_serveur_rien_n_est_dit_envoye(acteur, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    contrat = fabrique.contrat_en_cours(acteur, SIGNATURE)
    courriers.mettre_en_boite(contrat, "a@exemple.invalid", "Objet", "corps", "cle")
    with pytest.raises(Refus, match="EMAIL_URL"):
        courriers.vider_la_boite()
    assert Courriel.objects.get().envoye_le is None
