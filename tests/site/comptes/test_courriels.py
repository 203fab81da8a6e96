"""The mails of the accounts go through the outbox: encrypted, erased once sent, never sent late, never said sent."""

import datetime
import re

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from binome.dossiers.echanges import boite_d_envoi
from binome.dossiers.erreurs import Refus
from binome.dossiers.exploitation import donnees_personnelles
from binome.dossiers.models import Courriel, Utilisateur
from binome.dossiers.nomenclatures import Role
from tests.dossiers import fabrique
from tests.site.caisse.connexion import client_de
from tests.site.comptes.connexion import avec_mot_de_passe, courriels, entrer, oublier_les_courriels, reauthentifie

pytestmark = pytest.mark.django_db
LIEN = re.compile(r"http://testserver(\S+/key/\S+)")
SANS_SERVEUR = "django.core.mail.backends.dummy.EmailBackend"


@pytest.fixture
def medecin():
    fiche = fabrique.medecin(fabrique.caisse())
    return avec_mot_de_passe(fabrique.agent(None, "medecin", medecin=fiche).utilisateur)


def oublie(compte, adresse=""):
    """The page that follows « mot de passe oublié »."""
    reponse = Client().post(reverse("account_reset_password"), {"email": adresse or compte.email}, follow=True)
    assert reponse.status_code == 200
    return re.sub(r"\s+", " ", reponse.content.decode())


def test_un_lien_attend_chiffre_part_une_fois_et_s_efface(medecin):
    page = oublie(medecin)
    assert not mail.outbox, "rien ne part d'une page"
    assert "un courriel y part dans les minutes qui viennent" in page
    courriel = Courriel.objects.get()
    assert (courriel.caisse, courriel.destinataire) == (None, medecin.email)
    assert "key" not in courriel.corps
    assert len(courriel.corps) > 100
    [message] = courriels()
    assert LIEN.search(message.body)
    assert message.to == [medecin.email]
    courriel.refresh_from_db()
    assert courriel.corps == ""
    assert courriel.envoye_le is not None
    assert message.extra_headers["Message-ID"] == courriel.identifiant
    assert len(courriels()) == 1


def test_aucun_agent_ne_voit_les_courriels_des_comptes(medecin):
    oublie(medecin)
    caisse = medecin.affectations.get().medecin.caisse
    for role in Role:
        seul = role in (Role.MEDECIN, Role.PILOTAGE, Role.ADMINISTRATEUR)
        acteur = fabrique.agent(
            None if seul else caisse, role, medecin=fabrique.medecin(caisse) if role == Role.MEDECIN else None
        )
        assert not Courriel.objects.visibles(acteur).exists(), role


def test_sans_serveur_les_pages_disent_que_le_courriel_attend(medecin, settings):
    settings.EMAIL_BACKEND = SANS_SERVEUR
    connue, inconnue = oublie(medecin), oublie(medecin, "personne@exemple.invalid")
    assert "attend, et n’est pas parti" in connue
    jeton = re.compile(r'value="\w{64}"')
    assert jeton.sub("", connue) == jeton.sub("", inconnue)
    assert Courriel.objects.get().destinataire == medecin.email
    client = Client()
    entrer(client, medecin.email)
    reauthentifie(client)
    ajout = {"action_add": "", "email": "nouvelle@exemple.invalid"}
    page = re.sub(r"\s+", " ", client.post(reverse("account_email"), ajout, follow=True).content.decode())
    assert "attend, et n’est pas parti" in page
    assert "envoyé" not in page
    assert "part vers" not in page
    assert Courriel.objects.filter(destinataire="nouvelle@exemple.invalid", envoye_le=None).exists()


@pytest.mark.parametrize("serveur", [True, False])
def test_un_lien_perime_ne_part_pas_et_s_efface(medecin, settings, serveur):
    oublie(medecin)
    courriel = Courriel.objects.get()
    attendu = timezone.now() + datetime.timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
    assert abs(courriel.expire_le - attendu) < datetime.timedelta(minutes=1)
    Courriel.objects.update(expire_le=timezone.now())
    if serveur:
        assert courriels() == []
    else:
        settings.EMAIL_BACKEND = SANS_SERVEUR
        with pytest.raises(Refus):
            boite_d_envoi.vider_la_boite()
    courriel.refresh_from_db()
    assert (courriel.corps, courriel.erreur) == ("", boite_d_envoi.EXPIRE)
    # Long after, nothing tells whose address it was.
    Courriel.objects.update(cree_le=timezone.now() - datetime.timedelta(days=40))
    boite_d_envoi.effacer_les_plis()
    assert not Courriel.objects.exists()


def test_un_courriel_de_compte_abandonne_s_efface(medecin, monkeypatch, settings):
    settings.REPRISES_DES_COURRIELS = [1]
    oublie(medecin)

    def panne(self):
        raise OSError

    monkeypatch.setattr("django.core.mail.EmailMessage.send", panne)
    for reste in (True, False):
        Courriel.objects.update(prochain_essai_le=timezone.now())
        boite_d_envoi.vider_la_boite()
        assert bool(Courriel.objects.get().corps) is reste
    assert Courriel.objects.get().abandonne_le is not None


def test_un_code_passe_avant_les_rappels_et_ne_vaut_qu_une_heure(medecin, settings):
    caisse = medecin.affectations.get().medecin.caisse
    avant = timezone.now() - datetime.timedelta(days=1)
    Courriel.objects.create(
        caisse=caisse, destinataire="a@exemple.invalid", objet="rappel", corps="", cle="r", prochain_essai_le=avant
    )
    client = Client()
    entrer(client, medecin.email)
    reauthentifie(client)
    client.post(reverse("account_email"), {"action_add": "", "email": "nouvelle@exemple.invalid"})
    code = Courriel.objects.get(destinataire="nouvelle@exemple.invalid")
    duree = (code.expire_le - code.cree_le).total_seconds()
    assert duree == settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT
    assert boite_d_envoi.vider_la_boite(limite=1).partis == 1
    assert mail.outbox[0].to == ["nouvelle@exemple.invalid"]


def test_une_cle_changee_lit_encore_ce_qui_attend(medecin, settings):
    oublie(medecin)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "une-autre"  # noqa: S105
    assert LIEN.search(courriels()[0].body)


def test_une_ancienne_cle_retiree_ne_perd_pas_ce_qui_attend(medecin, settings, capsys):
    """Encrypted again with the key of today before the former one is taken away; without it, the command says so."""
    oublie(medecin)
    ancienne, settings.SECRET_KEY = settings.SECRET_KEY, "une-autre"
    with pytest.raises(CommandError, match="1 secret"):
        call_command("rechiffrer")
    settings.SECRET_KEY_FALLBACKS = [ancienne]
    call_command("rechiffrer")
    assert "1 courriel(s)" in capsys.readouterr().out
    settings.SECRET_KEY_FALLBACKS = []
    assert LIEN.search(courriels()[0].body)
    # What left holds nothing to encrypt.
    call_command("rechiffrer")
    assert "0 courriel(s)" in capsys.readouterr().out


def test_un_serveur_absent_n_est_pas_appele_par_la_page(medecin, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "192.0.2.1", 25
    oublie(medecin)
    assert Courriel.objects.get().essais == 0


def test_une_adresse_de_compte_est_lue_comme_les_autres(medecin):
    client = Client()
    entrer(client, medecin.email)
    reauthentifie(client)
    oublier_les_courriels()
    page = client.post(reverse("account_email"), {"action_add": "", "email": "a@exémple.fr"}).content.decode()
    assert "adresse sans accent ni signe particulier attendue" in page
    assert not Courriel.objects.exists()


def test_l_effacement_d_un_medecin_efface_ses_courriels_de_compte(medecin):
    oublie(medecin)
    donnees_personnelles.anonymiser(medecin.affectations.get().medecin)
    assert not Courriel.objects.exists()


@pytest.fixture
def abandonne(medecin, monkeypatch, settings):
    """A link that no server took until it was out of date: three days are over before the last try."""
    settings.MFA_OBLIGATOIRE = False
    oublie(medecin)

    def panne(self):
        raise OSError

    with monkeypatch.context() as sans_serveur:
        sans_serveur.setattr("django.core.mail.EmailMessage.send", panne)
        boite_d_envoi.vider_la_boite()
    Courriel.objects.update(expire_le=timezone.now())
    boite_d_envoi.vider_la_boite()
    courriel = Courriel.objects.get()
    assert courriel.corps == ""
    return courriel


def test_un_lien_qui_n_est_pas_arrive_se_dit_au_responsable(medecin, abandonne):
    caisse = medecin.affectations.get().medecin.caisse
    journee, classer = reverse("caisse:journee"), reverse("caisse:classer_courriel", args=[abandonne.pk])

    def page(client):
        return " ".join(client.get(journee).content.decode().split())

    # Who may not read the addresses of the accounts is told how many; another fund, nothing.
    gestionnaire, ailleurs = (client_de(fabrique.agent(de)) for de in (caisse, fabrique.caisse()))
    assert "1 courriel de compte" in page(gestionnaire)
    assert medecin.email not in page(gestionnaire)
    assert gestionnaire.post(classer).status_code == 403
    chef_ailleurs = client_de(fabrique.agent(fabrique.caisse(), Role.RESPONSABLE))
    for autre in (ailleurs, chef_ailleurs):
        assert "de compte" not in page(autre)
    assert chef_ailleurs.post(classer).status_code == 404

    responsable = client_de(fabrique.agent(caisse, Role.RESPONSABLE))
    assert medecin.email in page(responsable)
    assert responsable.post(classer).status_code == 302
    assert "de compte (lien" not in page(responsable)
    assert responsable.post(classer).status_code == 404


def test_l_administration_voit_les_courriels_de_comptes_abandonnes(medecin, abandonne):
    caisse = medecin.affectations.get().medecin.caisse
    Courriel.objects.create(
        caisse=caisse, destinataire="nomme@exemple.invalid", objet="x", corps="", cle="x", abandonne_le=timezone.now()
    )
    client = Client()
    chef = Utilisateur.objects.create_superuser("chef@exemple.invalid")
    client.force_login(chef, backend="allauth.account.auth_backends.AuthenticationBackend")
    liste = "/administration/dossiers/courriel/"
    lue = client.get(liste).content.decode()
    assert medecin.email in lue
    assert "nomme@exemple.invalid" not in lue
    client.post(liste, {"action": "classer", "_selected_action": [abandonne.pk]})
    assert medecin.email not in client.get(liste).content.decode()
