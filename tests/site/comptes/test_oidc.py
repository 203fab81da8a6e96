"""OpenID Connect, against a real provider that listens on this machine."""

import warnings

import httpx
import pytest
from django.test import Client
from django.urls import reverse

from binome.dossiers.models import Affectation, Utilisateur
from binome.dossiers.nomenclatures import Role
from tests.dossiers import fabrique

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module")
def fournisseur():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import oidc_provider_mock

        with oidc_provider_mock.run_server_in_thread() as serveur:
            yield f"http://localhost:{serveur.server_port}"


@pytest.fixture(autouse=True)
def applications(settings, fournisseur):
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": nom,
                    "name": nom,
                    "client_id": "binome",
                    "secret": "secret-des-tests",
                    "settings": {"server_url": fournisseur, "token_auth_method": "client_secret_post"},
                }
                for nom in ("pro-sante-connect", "proconnect")
            ],
        }
    }


def se_connecter(fournisseur, nom, sub, **revendications):
    """The whole dance: our page, the provider's, and back."""
    httpx.put(f"{fournisseur}/users/{sub}", json={"sub": sub, **revendications}).raise_for_status()
    client = Client()
    depart = client.post(reverse("openid_connect_login", args=[nom]))
    assert depart.status_code == 302, depart.content[:300]
    retour = httpx.post(depart["Location"], data={"sub": sub})
    assert retour.status_code in {302, 303}, retour.text[:500]
    adresse = httpx.URL(retour.headers["location"])
    return client, client.get(f"{adresse.path}?{adresse.query.decode()}", follow=True)


def test_un_medecin_par_pro_sante_connect(fournisseur):
    medecin = fabrique.medecin(fabrique.caisse())
    _, reponse = se_connecter(fournisseur, "pro-sante-connect", "psc-1", SubjectNameID=f"8{medecin.rpps}")
    assert reponse.redirect_chain[-1][0] == reverse("medecin:accueil"), reponse.redirect_chain
    assert str(medecin).encode() in reponse.content
    assert Affectation.objects.filter(medecin=medecin, role=Role.MEDECIN).count() == 1
    # The same person comes back: no second account.
    se_connecter(fournisseur, "pro-sante-connect", "psc-1", SubjectNameID=f"8{medecin.rpps}")
    assert Utilisateur.objects.filter(affectations__medecin=medecin).count() == 1


def test_un_rpps_inconnu_n_ouvre_rien(fournisseur):
    _, reponse = se_connecter(fournisseur, "pro-sante-connect", "psc-2", SubjectNameID=f"8{fabrique.rpps(99_999)}")
    assert reponse.status_code == 403
    assert "connu de Binôme" in reponse.content.decode()


def test_un_agent_par_proconnect(fournisseur, settings):
    settings.MFA_OBLIGATOIRE = False
    agent = fabrique.agent(fabrique.caisse())
    _, reponse = se_connecter(fournisseur, "proconnect", "pc-1", email=agent.utilisateur.email, email_verified=True)
    assert reponse.redirect_chain[-1][0] == reverse("caisse:journee"), reponse.redirect_chain


@pytest.mark.parametrize("verifie", [False, None])
def test_une_adresse_non_verifiee_n_ouvre_rien(fournisseur, verifie):
    agent = fabrique.agent(fabrique.caisse())
    _, reponse = se_connecter(
        fournisseur, "proconnect", f"pc-{verifie}", email=agent.utilisateur.email, email_verified=verifie
    )
    assert reponse.status_code == 403


def test_pro_sante_connect_n_ouvre_pas_un_compte_d_agent(fournisseur):
    agent = fabrique.agent(fabrique.caisse())
    _, reponse = se_connecter(
        fournisseur, "pro-sante-connect", "psc-3", email=agent.utilisateur.email, email_verified=True
    )
    assert reponse.status_code == 403
