"""Writing a letter on the fund's pages: the list of those that make sense, what the file says, what the agent types."""

import datetime

import pytest
from django.core import mail
from django.urls import reverse

from binome import francais
from binome.dossiers.models import Courrier, Impression
from binome.dossiers.nomenclatures import Role
from tests.dossiers import fabrique, vies
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
    envoi = {
        "montant": "1 000 000 €",
        "interlocuteur": "Alix",
        "date_signalement": "1er décembre 2024",
        "signe_par": fabrique.signataire(vie.contrat.caisse).pk,
        "part_par": "espace",
    }
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


def test_sans_voies_de_recours_la_page_mene_ou_les_ecrire(time_machine):
    vie = vies.vivre(vies.suspendu)
    time_machine.move_to(datetime.datetime.combine(vie.jour, datetime.time(9)))
    caisse = vie.contrat.caisse
    caisse.recours_tribunal = ""
    caisse.save()
    client = client_de(vie.gestionnaire)
    page = page_de(vie, modele="suspension")
    lue = lire(client.get(page))
    assert "voies de recours (tribunal)" in lue
    assert reverse("caisse:mentions") in lue
    envoi = {"interlocuteur": "Alix", "signe_par": fabrique.signataire(caisse).pk, "part_par": "espace"}
    assert client.post(page, envoi).status_code == 422
    assert not Courrier.objects.exists()
    assert client.get(reverse("caisse:ecrire_les_recours")).status_code == 403
    chef = client_de(fabrique.agent(caisse, Role.RESPONSABLE))
    ecrits = {"recours_autorite": "la commission", "recours_delai": "deux mois", "recours_precisions": ""}
    refuse = chef.post(reverse("caisse:ecrire_les_recours"), {**ecrits, "recours_tribunal": " "})
    assert refuse.status_code == 422
    assert chef.post(reverse("caisse:ecrire_les_recours"), {**ecrits, "recours_tribunal": "le juge"}).status_code == 302
    assert "devant la commission" in lire(chef.get(reverse("caisse:mentions")))
    assert client.post(page, envoi).status_code == 302


def test_un_signataire_se_nomme_et_se_retire(time_machine):
    vie = vies.vivre(vies.suspendu)
    time_machine.move_to(datetime.datetime.combine(vie.jour, datetime.time(9)))
    caisse = vie.contrat.caisse
    chef = client_de(fabrique.agent(caisse, Role.RESPONSABLE))
    ancien = fabrique.signataire(caisse)
    retrait = reverse("caisse:retirer_signataire", args=[ancien.pk])
    assert chef.post(retrait, {"jusqu_au": f"{vie.jour - datetime.timedelta(days=1):%d/%m/%Y}"}).status_code == 302
    dit = lire(chef.get(reverse("caisse:mentions")))
    assert "Personne ne signe" in dit
    envoi = {"nom": "Alix Nomen", "qualite": "Directrice", "delegation": "", "depuis": f"{vie.jour:%d/%m/%Y}"}
    assert chef.post(reverse("caisse:nommer_signataire"), {**envoi, "qualite": ""}).status_code == 422
    assert chef.post(reverse("caisse:nommer_signataire"), envoi).status_code == 302
    lettre = lire(client_de(vie.gestionnaire).get(page_de(vie, modele="suspension")))
    assert "Alix Nomen, Directrice" in lettre
    assert ancien.nom not in lettre


def test_un_acte_mene_a_sa_lettre(time_machine):
    vie = vies.vivre(vies.paye)
    time_machine.move_to(datetime.datetime.combine(vie.jour, datetime.time(9)))
    chef = client_de(fabrique.agent(vie.contrat.caisse, Role.RESPONSABLE))
    suspendre = reverse("caisse:transition", args=[vie.contrat.pk, "suspendre"])
    dit = lire(chef.post(suspendre, {"date": f"{vie.jour:%d/%m/%Y}", "motif": "Poste vacant."}, follow=True))
    assert f'<a href="{page_de(vie, modele="suspension")}">' in dit


def test_une_lettre_sur_papier_s_imprime_se_poste_et_le_dossier_le_dit(time_machine):
    vie = vies.vivre(vies.suspendu)
    time_machine.move_to(datetime.datetime.combine(vie.jour, datetime.time(9)))
    client = client_de(vie.gestionnaire)
    envoi = {
        "interlocuteur": "Alix",
        "signe_par": fabrique.signataire(vie.contrat.caisse).pk,
        "part_par": "recommande",
    }
    assert client.post(page_de(vie, modele="suspension"), {**envoi, "part_par": "pigeon"}).status_code == 422
    assert client.post(page_de(vie, modele="suspension"), envoi).status_code == 302
    assert not mail.outbox
    courrier = Courrier.objects.get()
    assert "recommandé avec avis de réception" in lire(client.get(reverse("caisse:impression")))
    assert "Lettres à imprimer" in lire(client.get(reverse("caisse:journee")))
    client.post(reverse("caisse:imprimer"))
    lot = Impression.objects.get()
    assert client.get(reverse("caisse:telecharger_impression", args=[lot.pk])).content.startswith(b"%PDF")
    poster = reverse("caisse:poster", args=[courrier.pk])
    refuse = client.post(poster, {"numero": "123"})
    assert (refuse.status_code, "13 signes" in lire(refuse)) == (422, True)
    assert client.post(poster, {"numero": "1A 123 456 7890 1"}).status_code == 302
    dossier = lire(client.get(reverse("caisse:contrat", args=[vie.contrat.pk])))
    assert dossier.count("1A12345678901") >= 2
    assert "aucune lettre n" in lire(client.post(reverse("caisse:imprimer"), follow=True))
