"""The second factor: set up, then asked at each log-in."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.test import Client
from django.urls import reverse

from tests.dossiers import fabrique

pytestmark = pytest.mark.django_db
MOT_DE_PASSE = "une-phrase-assez-longue"


def code(secret, decalage=0):
    return auth.format_hotp_value(auth.hotp_value(secret, next(auth.yield_hotp_counters_from_time()) + decalage))


@pytest.fixture
def agent():
    acteur = fabrique.agent(fabrique.caisse())
    acteur.utilisateur.set_password(MOT_DE_PASSE)
    acteur.utilisateur.save()
    return acteur.utilisateur


def entrer(client, agent):
    return client.post(reverse("account_login"), {"login": agent.email, "password": MOT_DE_PASSE})


def test_un_agent_choisit_un_second_facteur_puis_le_donne(agent):
    client = Client()
    entrer(client, agent)
    journee = reverse("caisse:journee")
    assert client.get(journee)["Location"] == reverse("mfa_index")
    activer = reverse("mfa_activate_totp")
    # Changing one's factors asks for the password once more.
    reponse = client.get(activer)
    assert reponse["Location"].startswith(reverse("account_reauthenticate"))
    client.post(reponse["Location"], {"password": MOT_DE_PASSE})
    page = client.get(activer)
    assert page.status_code == 200
    assert "data:image/svg" in page.content.decode()
    secret = page.context["form"].secret
    assert client.post(activer, {"code": "000000"}).status_code == 200
    assert not Authenticator.objects.filter(user=agent).exists()
    client.post(activer, {"code": code(secret)})
    assert Authenticator.objects.filter(user=agent, type=Authenticator.Type.TOTP).exists()
    assert client.get(journee).status_code == 200

    autre = Client()
    reponse = entrer(autre, agent)
    assert reponse["Location"].startswith(reverse("mfa_authenticate"))
    assert autre.get(journee)["Location"].startswith(reverse("account_login"))
    recuperation = Authenticator.objects.get(user=agent, type=Authenticator.Type.RECOVERY_CODES)
    autre.post(reverse("mfa_authenticate"), {"code": recuperation.wrap().get_unused_codes()[0]})
    assert autre.get(journee).status_code == 200


def test_une_session_se_ferme_avec_le_navigateur(agent, settings):
    client = Client()
    entrer(client, agent)
    assert client.session.get_expire_at_browser_close()
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_AGE <= 8 * 3600
