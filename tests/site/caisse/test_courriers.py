"""Writing a letter on the fund's pages: the list of those that make sense, what the file says, what the agent types."""

import datetime

import pytest
from django.urls import reverse

from binome import francais
from binome.dossiers.models import Courrier
from tests.dossiers import vies
from tests.site.caisse.connexion import client_de

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sans_second_facteur(settings):
    settings.MFA_OBLIGATOIRE = False


def lire(reponse):
    return reponse.content.decode().replace("\u202f", " ").replace("\u00a0", " ").replace("&nbsp;", " ")


def page_de(vie, **parametres):
    return reverse("caisse:ecrire", args=[vie.contrat.pk], query=parametres)


def test_la_liste_ne_montre_que_ce_qui_a_un_sens(time_machine):
    vie = vies.vivre(vies.evalue)
    time_machine.move_to(datetime.datetime.combine(vie.jour, datetime.time(9)))
    ecrite = client_de(vie.gestionnaire).get(page_de(vie)).content.decode()
    assert "?modele=versement" in ecrite
    assert "?modele=evaluation" in ecrite
    assert "?modele=indu" not in ecrite
    assert "?modele=contrat-collectif" not in ecrite
    for cle in vie.contrat.lignes_versement.values_list("pk", flat=True):
        assert f"?modele=versement&amp;sujet={cle}" in ecrite


def test_ce_que_dit_le_dossier_ne_se_tape_pas(time_machine):
    vie = vies.vivre(vies.paye)
    time_machine.move_to(datetime.datetime.combine(vie.jour, datetime.time(9)))
    client, page = client_de(vie.gestionnaire), page_de(vie, modele="versement")
    montant = francais.euros(vie.contrat.lignes_versement.get().montant)
    ecrite = lire(client.get(page))
    assert "19 000 €" in ecrite
    assert 'name="montant"' not in ecrite
    envoi = {"montant": "1 000 000 €", "interlocuteur": "Alix", "date_signalement": "1er décembre 2024"}
    assert client.post(page, envoi | {"apercu": "oui"}).content.startswith(b"%PDF")
    assert client.post(page, envoi | {"interlocuteur": ""}).status_code == 422
    assert not Courrier.objects.exists()
    assert client.post(page, envoi).status_code == 302
    gardes = Courrier.objects.get().contenu["champs"]
    assert (gardes["montant"], gardes["interlocuteur"]) == (montant, "Alix")


def test_une_lettre_sans_objet_n_existe_pas(time_machine):
    vie = vies.vivre(vies.ouvert)
    time_machine.move_to(datetime.datetime.combine(vie.jour, datetime.time(9)))
    client = client_de(vie.gestionnaire)
    for parametres in ({"modele": "versement"}, {"modele": "inconnue"}, {"modele": "indu", "sujet": "x"}):
        assert client.get(page_de(vie, **parametres)).status_code == 404


def test_sans_voies_de_recours_la_page_dit_qui_les_ecrit(time_machine):
    vie = vies.vivre(vies.suspendu)
    time_machine.move_to(datetime.datetime.combine(vie.jour, datetime.time(9)))
    vie.contrat.caisse.voies_de_recours = ""
    vie.contrat.caisse.save()
    client = client_de(vie.gestionnaire)
    refusee = client.post(page_de(vie, modele="suspension"), {"interlocuteur": "Alix"})
    assert refusee.status_code == 422
    assert "à écrire d’abord dans la fiche de la caisse" in refusee.content.decode().replace("'", "’")
    assert not Courrier.objects.exists()
