"""Sessions end by themselves, are listed, and are closed one by one or all at once."""

import datetime

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from binome.dossiers.models import Utilisateur
from binome.site.comptes.models import Connexion
from tests.dossiers import fabrique
from tests.site.comptes.connexion import MOT_DE_PASSE, avec_mot_de_passe, connecte, courriels, entrer

pytestmark = pytest.mark.django_db
Quoi = Connexion.Quoi
DEBUT = datetime.datetime(2026, 9, 1, 8, 0, tzinfo=datetime.UTC)


@pytest.fixture
def agent(settings):
    settings.MFA_OBLIGATOIRE = False
    return avec_mot_de_passe(fabrique.agent(fabrique.caisse()).utilisateur)


def ouvrir(agent, navigateur="Un navigateur"):
    client = Client(HTTP_USER_AGENT=navigateur)
    entrer(client, agent.email)
    assert connecte(client)
    return client


def minutes(nombre):
    return datetime.timedelta(minutes=nombre)


def test_une_session_inactive_se_ferme(agent):
    journee = reverse("caisse:journee")
    with time_machine.travel(DEBUT, tick=False) as montre:
        client = ouvrir(agent)
        for _ in range(4):
            montre.shift(minutes(20))
            assert client.get(journee).status_code == 200, "vingt minutes ne sont pas une absence"
        montre.shift(minutes(31))
        reponse = client.get(journee, follow=True)
        assert reponse.redirect_chain[0][0].startswith(reverse("account_login"))
        assert "après 30 minutes sans activité" in reponse.content.decode().replace("\u00a0", " ")
        assert not connecte(client)
    assert Connexion.objects.first().quoi in {Quoi.EXPIREE, Quoi.SORTIE}
    assert Connexion.objects.filter(quoi=Quoi.EXPIREE, utilisateur=agent).count() == 1
    assert not UserSession.objects.exists()


def test_une_session_active_se_ferme_aussi(agent):
    """Eight hours, however used."""
    with time_machine.travel(DEBUT, tick=False) as montre:
        client = ouvrir(agent)
        for _ in range(24):
            montre.shift(minutes(20))
            assert client.get("/comptes/sessions/").status_code == 200
        montre.shift(minutes(1))
        assert client.get("/comptes/sessions/").status_code == 302
        assert not connecte(client)


def test_lire_n_ecrit_qu_une_marque_par_minute(agent, django_assert_num_queries):
    client = ouvrir(agent)
    client.get("/comptes/sessions/")
    cle = client.session.session_key
    avant = UserSession.objects.get(session_key=cle).last_seen_at
    client.get("/comptes/sessions/")
    assert UserSession.objects.get(session_key=cle).last_seen_at == avant


def test_on_ferme_une_session_ou_toutes_les_autres(agent):
    dits = {"ici": "Firefox/1 Linux", "bureau": "Edg/1 Windows", "telephone": "Chrome/1 Android"}
    ici, bureau, telephone = (ouvrir(agent, dit) for dit in dits.values())
    page = ici.get(reverse("comptes:sessions")).content.decode()
    assert all(nom in page for nom in ("Firefox sur Linux", "Edge sur Windows", "Chrome sur Android", "Cette session"))
    assert "entrée\n        (mot de passe)" in page
    ici.post(reverse("comptes:fermer"), {"session": UserSession.objects.get(user_agent=dits["bureau"]).pk})
    assert bureau.get("/comptes/sessions/").status_code == 302
    assert telephone.get("/comptes/sessions/").status_code == 200
    ici.post(reverse("comptes:fermer"), {"session": "autres"})
    assert telephone.get("/comptes/sessions/").status_code == 302
    assert ici.get("/comptes/sessions/").status_code == 200
    # Never another's.
    autre = ouvrir(avec_mot_de_passe(fabrique.agent(fabrique.caisse()).utilisateur), "Autrui")
    cle = UserSession.objects.get(user_agent="Autrui").pk
    assert ici.post(reverse("comptes:fermer"), {"session": cle}).status_code == 404
    assert ici.post(reverse("comptes:fermer"), {"session": "²"}).status_code == 404
    assert autre.get("/comptes/sessions/").status_code == 200


def test_choisir_un_role_garde_la_session_dans_la_liste(agent):
    client = ouvrir(agent)
    avant = client.session.session_key
    client.post(reverse("comptes:choisir"), {"affectation": agent.affectations.get().pk})
    # What a role opens, the key of before does not.
    assert client.session.session_key != avant
    assert "Cette session" in client.get(reverse("comptes:sessions")).content.decode()


def test_un_compte_rouvert_n_a_plus_ses_sessions(agent):
    client = ouvrir(agent)
    agent.is_active = False
    agent.save()
    agent.is_active = True
    agent.save()
    assert client.get(reverse("caisse:journee")).status_code == 302
    assert not UserSession.objects.exists()
    faits = [c.quoi for c in Connexion.objects.filter(utilisateur=agent)]
    assert faits[:2] == [Quoi.COMPTE_ROUVERT, Quoi.COMPTE_FERME]


def test_un_mot_de_passe_change_ferme_les_autres_sessions(agent):
    ici, ailleurs = ouvrir(agent), ouvrir(agent)
    nouveau = "quatre mots sans rapport"
    champs = {"oldpassword": MOT_DE_PASSE, "password1": nouveau, "password2": nouveau}
    ici.post(reverse("account_change_password"), champs)
    assert ici.get("/comptes/sessions/").status_code == 200
    assert ailleurs.get("/comptes/sessions/").status_code == 302
    assert [m.to for m in courriels()] == [[agent.email]]
    assert "mot de passe" in courriels()[0].body.lower()


def test_un_facteur_se_choisit_peu_apres_l_entree(agent):
    """An account without password nor factor has nothing to be asked again: it enters again."""
    agent.set_unusable_password()
    agent.save()
    client = Client()
    with time_machine.travel(DEBUT, tick=False) as montre:
        client.force_login(agent, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert client.get(reverse("mfa_activate_totp")).status_code == 200
        montre.shift(minutes(16))
        assert client.get(reverse("mfa_activate_totp"))["Location"].startswith(reverse("account_login"))
        assert not connecte(client)


def test_le_menage_efface_les_sessions_finies(agent, capsys):
    from django.core.management import call_command

    client = ouvrir(agent)
    UserSession.objects.create(user=agent, session_key="disparue", ip="192.0.2.1", user_agent="Parti")
    call_command("menage_des_comptes")
    assert "0 session(s) finie(s)" in capsys.readouterr().out
    assert [s.session_key for s in UserSession.objects.all()] == [client.session.session_key]
    with time_machine.travel(timezone.now() + datetime.timedelta(days=2)):
        call_command("menage_des_comptes")
    assert not UserSession.objects.exists()


def test_l_administrateur_ferme_les_sessions_d_un_compte(agent, settings):
    settings.MFA_OBLIGATOIRE = False
    ouverte, chef = ouvrir(agent, "Poste volé"), Client()
    administrateur = Utilisateur.objects.create_superuser("chef@exemple.invalid")
    chef.force_login(administrateur, backend="allauth.account.auth_backends.AuthenticationBackend")
    chef.post(
        "/administration/dossiers/utilisateur/", {"action": "fermer_les_sessions", "_selected_action": [agent.pk]}
    )
    assert ouverte.get("/comptes/sessions/").status_code == 302
    fait = Connexion.objects.get(quoi=Connexion.Quoi.FERMEE)
    assert (fait.utilisateur, fait.auteur, fait.detail) == (agent, administrateur, "1 session(s)")
    assert chef.get("/administration/").status_code == 200


WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("dit", "mots"),
    [
        (f"{WINDOWS} {WEBKIT} Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0", "Edge sur Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox sur Linux"),
        (f"Mozilla/5.0 (Linux; Android 10; K) {WEBKIT} Chrome/142.0.0.0 Mobile Safari/537.36", "Chrome sur Android"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) Version/26.0 Mobile Safari/604.1",
            "Safari sur iPhone",
        ),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/26.0 Safari/605.1.15", "Safari sur macOS"),
        ("curl/8.0 <b>x</b>", "navigateur inconnu"),
    ],
)
def test_une_session_se_reconnait_sans_lire_ce_que_dit_le_navigateur(agent, dit, mots):
    client = Client(HTTP_USER_AGENT=dit)
    entrer(client, agent.email)
    page = " ".join(client.get(reverse("comptes:sessions")).content.decode().split())
    assert f">{mots}</td>" in page
    assert dit not in page
    assert "<strong>Cette session</strong>" in page
    assert "Dernière activité" in page
