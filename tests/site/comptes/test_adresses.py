"""An address is proved before it counts, and is never a way into another's account."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from binome.dossiers.models import Utilisateur
from tests.dossiers import fabrique
from tests.site.comptes.connexion import (
    MOT_DE_PASSE,
    avec_mot_de_passe,
    connecte,
    courriels,
    entrer,
    oublier_les_courriels,
    reauthentifie,
)

pytestmark = pytest.mark.django_db
NOUVELLE = "nouvelle@exemple.invalid"


@pytest.fixture
def medecin():
    fiche = fabrique.medecin(fabrique.caisse())
    return avec_mot_de_passe(fabrique.agent(None, "medecin", medecin=fiche).utilisateur)


@pytest.fixture
def client(medecin):
    client = Client()
    entrer(client, medecin.email)
    assert connecte(client)
    reauthentifie(client)
    oublier_les_courriels()
    return client


def demander(client, adresse):
    return client.post(reverse("account_email"), {"action_add": "", "email": adresse}, follow=True)


def code_de(message):
    return re.search(r"^[A-Z0-9-]{6,}$", message.body, re.MULTILINE).group()


def test_une_adresse_ne_compte_qu_une_fois_prouvee(client, medecin):
    ancienne = medecin.email
    demander(client, NOUVELLE)
    client.post(reverse("account_email"), {"action_primary": "", "email": NOUVELLE})
    medecin.refresh_from_db()
    assert medecin.email == ancienne
    assert not EmailAddress.objects.filter(email=NOUVELLE).exists()
    [message] = courriels()
    assert message.to == [NOUVELLE]
    # A wrong code changes nothing; the right one, only read at that address, does.
    confirmer = reverse("account_email_verification_sent")
    assert client.post(confirmer, {"code": "AAAAAA"}).status_code == 200
    client.post(confirmer, {"code": code_de(message)})
    medecin.refresh_from_db()
    assert medecin.email == NOUVELLE
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [(NOUVELLE, True, True)]
    # The former address is told, and no longer opens anything.
    assert [m.to for m in courriels()[1:]] == [[ancienne]]
    autre = Client()
    entrer(autre, ancienne)
    assert not connecte(autre)


def test_changer_d_adresse_demande_le_mot_de_passe(medecin):
    client = Client()
    entrer(client, medecin.email)
    oublier_les_courriels()
    assert client.post(reverse("account_email"), {"action_add": "", "email": NOUVELLE})["Location"].startswith(
        reverse("account_reauthenticate")
    )
    assert not courriels()


@pytest.mark.parametrize("prouvee", [True, False])
def test_une_adresse_prise_recoit_la_meme_reponse(client, medecin, prouvee):
    """The same page as for a free address, nothing sent, nothing left, and no code that could take it."""
    recrue = fabrique.agent(fabrique.caisse()).utilisateur
    if prouvee:
        recrue.prouver_adresse()
    client.get(reverse("account_email"))  # what was said at the log-in is read
    libre = demander(client, NOUVELLE)
    oublier_les_courriels()
    prise = demander(client, recrue.email.upper())
    assert prise.status_code == libre.status_code == 200
    assert prise.redirect_chain == libre.redirect_chain
    masque = re.compile(r'[\w.-]+@exemple\.invalid|value="\w{64}"', re.IGNORECASE)
    assert masque.sub("", prise.content.decode()) == masque.sub("", libre.content.decode())
    assert not courriels()
    assert not EmailAddress.objects.filter(user=medecin, email=recrue.email).exists()
    # Even with the right code, taken from the session: the address stays the other's.
    code = client.session["account_email_verification_code"]["code"]
    assert client.post(reverse("account_email_verification_sent"), {"code": code}).status_code < 500
    medecin.refresh_from_db()
    assert medecin.email != recrue.email
    assert Utilisateur.objects.get(email=recrue.email) == recrue


def test_un_mot_de_passe_ne_suffit_pas_sans_adresse_prouvee():
    """An account whose address nobody proved gives the code sent there before it enters."""
    compte = avec_mot_de_passe(fabrique.agent(fabrique.caisse()).utilisateur, prouvee=False)
    client = Client()
    reponse = entrer(client, compte.email)
    assert reponse["Location"] == reverse("account_email_verification_sent")
    assert not connecte(client)
    client.post(reponse["Location"], {"code": code_de(courriels()[0])})
    assert connecte(client)
    assert EmailAddress.objects.get(user=compte).verified


def test_le_premier_mot_de_passe_prouve_l_adresse():
    """An account that the administration opened is entered by a link sent to its address."""
    compte = fabrique.agent(fabrique.caisse()).utilisateur
    client = Client()
    client.post(reverse("account_reset_password"), {"email": compte.email})
    lien = re.search(r"http://testserver(\S+/key/\S+)", courriels()[0].body).group(1)
    formulaire = client.get(lien, follow=True)
    champs = {"password1": MOT_DE_PASSE, "password2": MOT_DE_PASSE}
    client.post(formulaire.redirect_chain[-1][0], champs)
    entrer(client, compte.email)
    assert connecte(client)


def test_une_adresse_inconnue_ne_recoit_rien(client):
    oublier_les_courriels()
    connue = Client().post(reverse("account_reset_password"), {"email": Utilisateur.objects.first().email})
    assert len(courriels()) == 1
    oublier_les_courriels()
    inconnue = Client().post(reverse("account_reset_password"), {"email": "personne@exemple.invalid"})
    assert not courriels()
    assert inconnue["Location"] == connue["Location"]
