"""Wrong passwords: counted by account and client, shared by all, and never a way to shut others out."""

import pytest
from allauth.core.internal import ratelimit
from django.core.cache import cache, caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from binome.site.comptes.models import Connexion
from binome.site.socle.client import reseau_de
from tests.dossiers import fabrique
from tests.site.comptes.connexion import avec_mot_de_passe, connecte, entrer

pytestmark = pytest.mark.django_db
ICI, AILLEURS, BUREAU = ({"REMOTE_ADDR": adresse} for adresse in ("192.0.2.1", "198.51.100.7", "203.0.113.5"))
Quoi = Connexion.Quoi


@pytest.fixture(autouse=True)
def _cache_du_site(settings):
    """The site's own cache: the table of the database."""
    settings.CACHES = {"default": settings.CACHE_DU_SITE}


@pytest.fixture
def agent():
    return avec_mot_de_passe(fabrique.agent(fabrique.caisse()).utilisateur)


def se_tromper(courriel, fois, **ou):
    for _ in range(fois):
        entrer(Client(), courriel, "faux", **ou)


def entre(courriel, client=None, **ou):
    client = client or Client()
    entrer(client, courriel, **ou)
    return connecte(client)


def test_cinq_mots_de_passe_faux_et_il_faut_attendre(agent, monkeypatch):
    se_tromper(agent.email, 4, **ICI)
    assert entre(agent.email, **ICI), "la quatrième faute n'arrête pas, et une entrée ne compte pas"
    se_tromper(agent.email, 1, **ICI)
    client = Client()
    reponse = entrer(client, agent.email.upper(), **ICI)
    assert not connecte(client)
    assert "Trop d’essais. Attendez cinq minutes" in reponse.content.decode()
    # Kept in the database: another process, or a restart, counts on from there.
    with connection.cursor() as curseur:
        curseur.execute("SELECT COUNT(*) FROM comptes_cache")
        assert curseur.fetchone()[0] > 0
    maintenant = ratelimit.time.time()
    monkeypatch.setattr(ratelimit.time, "time", lambda: maintenant + 301)
    assert entre(agent.email, **ICI)


def test_le_bon_mot_de_passe_entre_d_ailleurs(agent):
    se_tromper(agent.email, 8, **AILLEURS)
    assert not entre(agent.email, **AILLEURS)
    assert entre(agent.email, **ICI)


def test_des_comptes_inventes_n_arretent_pas_les_voisins(agent):
    """Twenty-six wrong log-ins from the address that a whole office shares."""
    for rang in range(26):
        se_tromper(f"invente{rang}@exemple.invalid", 1, **BUREAU)
    assert entre(agent.email, **BUREAU)


def test_un_navigateur_connu_entre_quoi_qu_essaient_ses_voisins(agent, settings):
    """Its cookie is signed, and counts alone: neither its own address nor its account, tried by others, stops it."""
    connu = Client()
    assert entre(agent.email, connu, **BUREAU)
    connu.post(reverse("account_logout"))
    settings.LIMITES_DES_ESSAIS = {**settings.LIMITES_DES_ESSAIS, "client": "6/10m/key", "compte": "7/h/key"}
    se_tromper(agent.email, 8, **BUREAU)
    se_tromper(agent.email, 4, **AILLEURS)
    assert not entre(agent.email, **BUREAU)
    assert not entre(agent.email, **ICI), "le compte, tous clients ensemble, est compté"
    assert entre(agent.email, connu, **BUREAU)
    # Five wrong tries of its own, and it is like any other.
    connu.post(reverse("account_logout"))
    for _ in range(5):
        entrer(connu, agent.email, "faux", **BUREAU)
    assert not entre(agent.email, connu, **BUREAU)


def test_un_cookie_invente_ne_rend_pas_connu(agent):
    se_tromper(agent.email, 5, **ICI)
    client = Client()
    client.cookies["binome_navigateur"] = "0" * 32 + ":abc:1tabcd:signature"
    assert not entre(agent.email, client, **ICI)
    # The cookie of another account is no better.
    autre = avec_mot_de_passe(fabrique.agent(fabrique.caisse()).utilisateur)
    assert entre(autre.email, client, **ICI)
    client.post(reverse("account_logout"))
    assert not entre(agent.email, client, **ICI)


def test_derriere_le_mandataire_chacun_a_son_adresse(agent, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    mandataire = {"REMOTE_ADDR": "127.0.0.1"}
    for rang in range(6):
        se_tromper(agent.email, 1, HTTP_X_FORWARDED_FOR=f"9.9.9.{rang}, 198.51.100.7", **mandataire)
    assert not entre(agent.email, HTTP_X_FORWARDED_FOR="198.51.100.7", **mandataire)
    assert entre(agent.email, HTTP_X_FORWARDED_FOR="192.0.2.1", **mandataire)


def test_une_attente_s_ecrit_une_fois(agent):
    se_tromper(agent.email, 9, **ICI)
    faits = [quoi for quoi, client in Connexion.objects.values_list("quoi", "client") if client == "192.0.2.1"]
    assert sorted(faits) == sorted([Quoi.ATTENTE, *[Quoi.MOT_DE_PASSE_FAUX] * 5])


@pytest.mark.parametrize(
    ("adresse", "reseau"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("", ""),
    ],
)
def test_un_client_est_un_reseau(adresse, reseau):
    assert reseau_de(adresse) == reseau


def test_le_cache_compte_et_garde_la_fin_de_sa_periode():
    cache.add("essai", 0, 3_000)
    with connection.cursor() as curseur:
        curseur.execute("SELECT expires FROM comptes_cache")
        avant = curseur.fetchall()
        assert [cache.incr("essai", 3), caches["default"].incr("essai", -1)] == [3, 2]
        curseur.execute("SELECT expires FROM comptes_cache")
        assert curseur.fetchall() == avant
    with pytest.raises(ValueError, match="absent"):
        cache.incr("absent")


@pytest.mark.parametrize("page", ["/", "/guide/", "/comptes/login/"])
def test_les_pages_des_visiteurs_n_ecrivent_rien(page):
    with CaptureQueriesContext(connection) as requetes:
        assert Client().get(page).status_code == 200
    assert [r["sql"] for r in requetes if not r["sql"].startswith("SELECT")] == []
