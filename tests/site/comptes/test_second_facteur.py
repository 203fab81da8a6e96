"""The second factor: set up, then asked at each log-in."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from binome.dossiers.models import Utilisateur
from binome.site.comptes import facteurs
from tests.dossiers import fabrique
from tests.site.comptes.connexion import MOT_DE_PASSE, avec_mot_de_passe, courriels, entrer, oublier_les_courriels

pytestmark = pytest.mark.django_db


def code(secret, decalage=0):
    return auth.format_hotp_value(auth.hotp_value(secret, next(auth.yield_hotp_counters_from_time()) + decalage))


@pytest.fixture
def agent():
    return avec_mot_de_passe(fabrique.agent(fabrique.caisse()).utilisateur)


def test_un_agent_choisit_un_second_facteur_puis_le_donne(agent):
    client = Client()
    entrer(client, agent.email)
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
    reponse = entrer(autre, agent.email)
    assert reponse["Location"].startswith(reverse("mfa_authenticate"))
    assert autre.get(journee)["Location"].startswith(reverse("account_login"))
    recuperation = Authenticator.objects.get(user=agent, type=Authenticator.Type.RECOVERY_CODES)
    autre.post(reverse("mfa_authenticate"), {"code": recuperation.wrap().get_unused_codes()[0]})
    assert autre.get(journee).status_code == 200


def test_une_session_se_ferme_avec_le_navigateur(agent, settings):
    client = Client()
    entrer(client, agent.email)
    assert client.session.get_expire_at_browser_close()
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_AGE <= 8 * 3600


GRAINE = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def en_base():
    """What the database holds of the factors."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT data FROM mfa_authenticator")
        return str(curseur.fetchall())


def avec_facteur(agent):
    auth.TOTP.activate(agent, GRAINE)
    return Authenticator.objects.get(user=agent)


def entre_avec_code(agent, decalage=0, client=None):
    client = client or Client()
    entrer(client, agent.email)
    client.post(reverse("mfa_authenticate"), {"code": code(GRAINE, decalage)})
    return "_auth_user_id" in client.session


def test_un_code_ne_sert_qu_une_fois(agent, settings):
    settings.CACHES = {"default": settings.CACHE_DU_SITE}
    avec_facteur(agent)
    assert entre_avec_code(agent)
    assert not entre_avec_code(agent)


def test_cinq_codes_faux_et_il_faut_attendre(agent):
    """From this client; the right code from another enters."""
    avec_facteur(agent)
    client = Client()
    entrer(client, agent.email)
    for _ in range(5):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    reponse = client.post(reverse("mfa_authenticate"), {"code": code(GRAINE)})
    assert "Trop d’essais" in reponse.content.decode()
    assert "_auth_user_id" not in client.session
    ailleurs = Client(REMOTE_ADDR="198.51.100.7")
    assert entre_avec_code(agent, client=ailleurs)


def test_les_secrets_sont_chiffres_et_la_cle_se_change(agent, settings, capsys):
    facteur = avec_facteur(agent)
    codes = Authenticator.Type.RECOVERY_CODES
    Authenticator.objects.create(user=agent, type=codes, data={"seed": facteurs.chiffrer("graine"), "used_mask": 0})
    assert GRAINE not in en_base()
    ancienne, settings.SECRET_KEY = settings.SECRET_KEY, "une-autre-cle"
    # Without the key that encrypted it, a secret opens nothing.
    assert not facteur.wrap().validate_code(code(GRAINE))
    with pytest.raises(CommandError, match="2 secret"):
        call_command("rechiffrer")
    settings.SECRET_KEY_FALLBACKS = [ancienne]
    call_command("rechiffrer")
    assert "2 secret(s) et 0 courriel(s) chiffrés" in capsys.readouterr().out
    settings.SECRET_KEY_FALLBACKS = []
    facteur.refresh_from_db()
    assert facteurs.dechiffrer(facteur.data["secret"]) == GRAINE
    # A key of their own, and the secret key may change.
    settings.CLES_FACTEURS = ["la-cle-des-facteurs"]
    call_command("rechiffrer")
    settings.SECRET_KEY = "encore-une-autre"  # noqa: S105
    facteur.refresh_from_db()
    assert facteurs.dechiffrer(facteur.data["secret"]) == GRAINE


def test_les_secrets_d_avant_sont_chiffres_par_la_migration(agent):
    """And the addresses taken before without proof are dropped."""
    import importlib

    from django.apps import apps

    Authenticator.objects.create(user=agent, type=Authenticator.Type.TOTP, data={"secret": GRAINE})
    EmailAddress.objects.create(user=agent, email="prise@exemple.invalid", primary=False)
    migration = importlib.import_module("binome.site.comptes.migrations.0003_secrets_et_adresses")
    for _ in range(2):
        migration.chiffrer(apps, None)
        migration.retirer_les_adresses_prises(apps, None)
    assert GRAINE not in en_base()
    assert facteurs.dechiffrer(Authenticator.objects.get().data["secret"]) == GRAINE
    assert [adresse.email for adresse in EmailAddress.objects.all()] == [agent.email]


def test_un_facteur_ajoute_ou_retire_se_dit(agent, django_capture_on_commit_callbacks):
    client = Client()
    entrer(client, agent.email)
    client.post(reverse("account_reauthenticate"), {"password": MOT_DE_PASSE})
    oublier_les_courriels()
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("mfa_activate_totp"), {"code": code(secret)})
    client.post(reverse("mfa_deactivate_totp"))
    assert [m.to for m in courriels()] == [[agent.email]] * 2
    assert all(m.subject.startswith("Binôme : ") for m in courriels())
    assert [c.quoi for c in agent.connexions.order_by("pk") if "facteur" in c.quoi] == [
        "facteur_ajoute",
        "facteur_ajoute",  # the recovery codes that come with it
        "facteur_retire",
        "facteur_retire",
    ]


@pytest.fixture
def administrateur(settings):
    settings.MFA_OBLIGATOIRE = False
    client = Client()
    chef = Utilisateur.objects.create_superuser("chef@exemple.invalid")
    client.force_login(chef, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_l_administration_retire_un_facteur_et_n_en_lit_aucun(agent, administrateur):
    facteur = avec_facteur(agent)
    adresse = f"/administration/mfa/authenticator/{facteur.pk}"
    page = administrateur.get(f"{adresse}/change/").content.decode()
    assert facteur.data["secret"] not in page
    assert "secret" not in page
    assert administrateur.post(f"{adresse}/change/", {"data": "{}"}).status_code == 403
    administrateur.post(f"{adresse}/delete/", {"post": "yes"})
    assert not Authenticator.objects.exists()
    assert [m.to for m in courriels()] == [[agent.email]]


def test_l_administration_ferme_un_compte_sans_l_effacer(agent, administrateur):
    """Deleted, what was withdrawn would be forgotten; a new address is to be proved, and the former one is told."""
    assert administrateur.post(f"/administration/dossiers/utilisateur/{agent.pk}/delete/").status_code == 403
    affectation = agent.affectations.get()
    ancienne = agent.email
    champs = {
        "email": "corrigee@exemple.invalid",
        "nom": agent.nom,
        "is_active": "on",
        "affectations-TOTAL_FORMS": 1,
        "affectations-INITIAL_FORMS": 1,
        "affectations-0-id": affectation.pk,
        "affectations-0-utilisateur": agent.pk,
        "affectations-0-role": affectation.role,
        "affectations-0-caisse": affectation.caisse_id,
        "affectations-0-DELETE": "on",
    }
    assert administrateur.post(f"/administration/dossiers/utilisateur/{agent.pk}/change/", champs).status_code == 302
    agent.refresh_from_db()
    assert agent.email == "corrigee@exemple.invalid"
    assert not agent.affectations.get().active
    assert not EmailAddress.objects.filter(user=agent).exists()
    assert [m.to for m in courriels()] == [[ancienne]]
    client = Client()
    entrer(client, ancienne)
    assert "_auth_user_id" not in client.session


def test_l_administration_ne_lit_aucun_dossier_nomme(administrateur):
    import datetime

    acteur = fabrique.agent(fabrique.caisse())
    contrat = fabrique.contrat_ouvert(acteur, datetime.date(2026, 9, 1))
    liste = "/administration/dossiers/contrat/"
    page = administrateur.get(liste).content.decode()
    assert contrat.numero in page
    assert contrat.medecin.nom not in page
    for suite in ("change", "history", "delete"):
        assert administrateur.get(f"{liste}{contrat.pk}/{suite}/").status_code == 403
    assert administrateur.get(f"/administration/r/99/{contrat.pk}/").status_code == 404


def test_aucune_table_de_secrets_n_est_modifiable(administrateur):
    """The administration shows no provider's secret, no token, no key of a session."""
    page = administrateur.get("/administration/").content.decode()
    assert "mfa/authenticator" in page
    for table in ("socialapp", "socialtoken", "usersession", "emailaddress", "session/"):
        assert table not in page
