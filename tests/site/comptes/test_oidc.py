"""Pro Santé Connect and ProConnect, against a real provider that listens on this machine and answers as they do."""

import httpx
import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse

from binome.dossiers.models import Affectation, Utilisateur
from binome.dossiers.nomenclatures import Role
from binome.site.comptes.fournisseurs import FOURNISSEURS, application
from binome.site.comptes.models import Connexion
from binome.site.comptes.oidc.views import Dialogue
from tests.dossiers import fabrique
from tests.site.comptes import fournisseur as faux
from tests.site.comptes.connexion import avec_mot_de_passe, courriels, entrer

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore")]
PSC, PC = "pro-sante-connect", "proconnect"


@pytest.fixture(scope="module")
def ecoute():
    with faux.en_marche() as provider:
        yield provider


@pytest.fixture(autouse=True)
def fournisseur(settings, ecoute):
    """As ProConnect and Pro Santé Connect answer; a test may have them answer otherwise."""
    ecoute.signature, ecoute.secret, ecoute.dit_en_plus, ecoute.fermees = None, faux.SECRET, {}, []
    settings.MFA_OBLIGATOIRE = False
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [application(nom, ecoute.adresse, faux.CLIENT, faux.SECRET) for nom in FOURNISSEURS],
        }
    }
    return ecoute


def titre(reponse):
    return reponse.content.decode().partition("<h1>")[2].partition("</h1>")[0]


def roles_de(medecin):
    return Affectation.objects.filter(medecin__rpps=medecin.rpps, role=Role.MEDECIN)


def medecin_connecte(fournisseur, medecin, sub="psc-1"):
    return fournisseur.se_connecter(PSC, sub, SubjectNameID=f"8{medecin.rpps}")


def test_un_medecin_par_pro_sante_connect(fournisseur):
    medecin = fabrique.medecin(fabrique.caisse())
    _, reponse = medecin_connecte(fournisseur, medecin)
    assert reponse.redirect_chain[-1][0] == reverse("medecin:accueil"), reponse.redirect_chain
    assert str(medecin).encode() in reponse.content
    assert roles_de(medecin).count() == 1
    # Nobody of ours gave that role: the provider answers for it.
    fait = Connexion.objects.get(quoi=Connexion.Quoi.ROLE_DONNE)
    assert (fait.utilisateur, fait.auteur, fait.moyen) == (roles_de(medecin).get().utilisateur, None, PSC)
    assert str(medecin) not in fait.detail
    # The same person comes back: no second account.
    medecin_connecte(fournisseur, medecin)
    assert Utilisateur.objects.filter(affectations__medecin=medecin).count() == 1


def test_un_rpps_inconnu_n_ouvre_rien(fournisseur):
    _, reponse = fournisseur.se_connecter(PSC, "psc-2", SubjectNameID=f"8{fabrique.rpps(99_999)}")
    assert reponse.status_code == 403
    assert "connu de Binôme" in reponse.content.decode()


@pytest.mark.parametrize("sub", ["psc-1", "psc-autre"])
def test_un_acces_retire_ne_se_rouvre_pas(fournisseur, sub):
    """Neither by the identity that opened it, nor by another: no account, no role."""
    medecin = fabrique.medecin(fabrique.caisse())
    medecin_connecte(fournisseur, medecin)
    roles_de(medecin).update(active=False)
    comptes = Utilisateur.objects.count()
    client, reponse = medecin_connecte(fournisseur, medecin, sub)
    assert reponse.status_code == 403
    assert titre(reponse) == "Votre accès a été retiré"
    assert client.get(reverse("medecin:accueil")).status_code == 302
    assert Utilisateur.objects.count() == comptes
    assert not roles_de(medecin).filter(active=True).exists()


def test_un_role_retire_puis_efface_ne_se_rouvre_pas(fournisseur):
    medecin = fabrique.medecin(fabrique.caisse())
    medecin_connecte(fournisseur, medecin)
    roles_de(medecin).delete()
    _, reponse = medecin_connecte(fournisseur, medecin)
    assert titre(reponse) == "Votre accès a été retiré"
    assert not roles_de(medecin).exists()


def test_un_compte_ferme_ne_se_rouvre_pas(fournisseur):
    medecin = fabrique.medecin(fabrique.caisse())
    medecin_connecte(fournisseur, medecin)
    Utilisateur.objects.filter(affectations__medecin=medecin).update(is_active=False)
    _, reponse = medecin_connecte(fournisseur, medecin, "psc-autre")
    assert titre(reponse) == "Votre accès a été retiré"


def test_une_seconde_identite_du_meme_rpps_a_sa_page(fournisseur):
    medecin = fabrique.medecin(fabrique.caisse())
    medecin_connecte(fournisseur, medecin)
    client, reponse = medecin_connecte(fournisseur, medecin, "psc-autre")
    assert reponse.status_code == 403
    assert titre(reponse) == "Ce compte est déjà lié à une autre identité"
    assert "_auth_user_id" not in client.session
    assert SocialAccount.objects.count() == 1


def test_une_seconde_caisse_ouvre_ses_dossiers(fournisseur):
    ici, ailleurs = fabrique.caisse(), fabrique.caisse()
    medecin = fabrique.medecin(ici)
    medecin_connecte(fournisseur, medecin)
    fabrique.medecin(ailleurs, rpps=medecin.rpps)
    medecin_connecte(fournisseur, medecin)
    assert sorted(roles_de(medecin).values_list("medecin__caisse", flat=True)) == sorted([ici.pk, ailleurs.pk])
    assert Utilisateur.objects.filter(affectations__medecin__rpps=medecin.rpps).distinct().count() == 1


def test_une_seconde_caisse_ne_rouvre_pas_un_acces_retire(fournisseur):
    medecin = fabrique.medecin(fabrique.caisse())
    medecin_connecte(fournisseur, medecin)
    roles_de(medecin).update(active=False)
    fabrique.medecin(fabrique.caisse(), rpps=medecin.rpps)
    _, reponse = medecin_connecte(fournisseur, medecin)
    assert titre(reponse) == "Votre accès a été retiré"
    assert roles_de(medecin).count() == 1


def test_un_medecin_d_un_compte_ouvert_par_l_administration(fournisseur):
    """The role given by an administrator is found by the RPPS, and the identity tied to that account."""
    caisse = fabrique.caisse()
    medecin = fabrique.medecin(caisse)
    compte = fabrique.agent(None, Role.MEDECIN, medecin=medecin).utilisateur
    _, reponse = medecin_connecte(fournisseur, medecin)
    assert reponse.status_code == 200
    assert SocialAccount.objects.get().user == compte


def test_pro_sante_connect_n_ouvre_pas_un_compte_d_agent(fournisseur):
    agent = fabrique.agent(fabrique.caisse())
    _, reponse = fournisseur.se_connecter(PSC, "psc-3", email=agent.utilisateur.email, email_verified=True)
    assert reponse.status_code == 403


@pytest.mark.parametrize("signature", ["HS256", "RS256"])
def test_un_agent_par_proconnect(fournisseur, signature):
    """As ProConnect answers: a signed token, and no word on whether the address is verified."""
    fournisseur.signature = signature
    agent = fabrique.agent(fabrique.caisse())
    courriel = agent.utilisateur.email.upper()
    _, reponse = fournisseur.se_connecter(PC, "pc-1", email=courriel, given_name="Alix", usual_name="ESSAI")
    assert reponse.redirect_chain[-1][0] == reverse("caisse:journee"), reponse.redirect_chain
    # ProConnect vouches for the address.
    assert EmailAddress.objects.get(user=agent.utilisateur).verified


@pytest.mark.parametrize(
    ("signature", "reglages"),
    [
        ("HS256", {"secret": "un-autre-secret-de-plus-de-trente-deux-signes"}),
        ("RS256", {"secret": faux.CLE_ETRANGERE}),
        ("none", {"secret": None}),
        ("HS256", {"dit_en_plus": {"aud": "un-autre-site"}}),
        ("HS256", {"dit_en_plus": {"iss": "https://ailleurs.example"}}),
        ("HS256", {"dit_en_plus": {"exp": 1}}),
        ("HS256", {"dit_en_plus": {"sub": "une-autre-personne"}}),
    ],
    ids=["secret", "cle", "sans", "destinataire", "emetteur", "perime", "personne"],
)
def test_un_jeton_mal_signe_n_ouvre_rien(fournisseur, signature, reglages):
    fournisseur.signature = signature
    for nom, valeur in reglages.items():
        setattr(fournisseur, nom, valeur)
    agent = fabrique.agent(fabrique.caisse())
    client, reponse = fournisseur.se_connecter(PC, "pc-1", email=agent.utilisateur.email)
    assert reponse.status_code == 401
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("verifie", [False, None, "false", "", 0])
def test_une_adresse_dite_non_verifiee_n_ouvre_rien(fournisseur, verifie):
    agent = fabrique.agent(fabrique.caisse())
    _, reponse = fournisseur.se_connecter(PC, f"pc-{verifie}", email=agent.utilisateur.email, email_verified=verifie)
    assert reponse.status_code == 403
    assert titre(reponse) == "Votre adresse n’est pas vérifiée"


def test_une_adresse_non_prouvee_n_est_pas_une_entree(fournisseur):
    """Whoever has been in an account may have put another's address on it: that other does not land there."""
    compte = fabrique.agent(fabrique.caisse()).utilisateur
    compte.set_password("une-phrase-assez-longue")
    compte.save()
    client, reponse = fournisseur.se_connecter(PC, "pc-1", email=compte.email)
    assert reponse.status_code == 403
    assert titre(reponse) == "L’adresse de ce compte n’a pas été prouvée"
    assert "_auth_user_id" not in client.session
    assert not SocialAccount.objects.exists()
    compte.prouver_adresse()
    _, reponse = fournisseur.se_connecter(PC, "pc-1", email=compte.email)
    assert reponse.status_code == 200


def test_un_agent_parti_ne_revient_pas(fournisseur):
    compte = fabrique.agent(fabrique.caisse()).utilisateur
    fournisseur.se_connecter(PC, "pc-1", email=compte.email)
    Utilisateur.objects.filter(pk=compte.pk).update(is_active=False)
    for sub in ("pc-1", "pc-2"):
        _, reponse = fournisseur.se_connecter(PC, sub, email=compte.email)
        assert titre(reponse) == "Votre accès a été retiré"


def test_une_reponse_d_une_autre_demande_n_ouvre_rien(fournisseur, monkeypatch):
    """The « nonce » ties the answer to this log-in."""
    medecin = fabrique.medecin(fabrique.caisse())
    vrai = faux.Provider.se_connecter

    class Distrait(Client):
        def post(self, adresse, *args, **champs):
            reponse = super().post(adresse, *args, **champs)
            session = self.session
            for etat in session["socialaccount_states"].values():
                etat[0]["nonce"] = "celui-d-une-autre-demande"
            session.save()
            return reponse

    _, reponse = vrai(fournisseur, PSC, "psc-1", Distrait(), SubjectNameID=f"8{medecin.rpps}")
    assert titre(reponse) == "Cette connexion n’a pas abouti"
    assert not roles_de(medecin).exists()


def test_une_identite_ne_s_ajoute_pas_a_son_propre_compte(fournisseur):
    """Nobody ties another's identity, nor their own, to the account they are in."""
    medecin = fabrique.medecin(fabrique.caisse())
    compte = fabrique.agent(fabrique.caisse()).utilisateur
    client = Client()
    client.force_login(compte, backend="allauth.account.auth_backends.AuthenticationBackend")

    class Liant(Client):
        def post(self, adresse, *args, **champs):
            return super().post(f"{adresse}?process=connect", *args, **champs)

    liant = Liant()
    liant.cookies = client.cookies
    _, reponse = fournisseur.se_connecter(PSC, "psc-1", liant, SubjectNameID=f"8{medecin.rpps}")
    assert reponse.status_code == 403
    assert not SocialAccount.objects.exists()
    assert not courriels()


def entre_par_proconnect(fournisseur, sub="pc-1"):
    compte = fabrique.agent(fabrique.caisse()).utilisateur
    client, _ = fournisseur.se_connecter(PC, sub, email=compte.email)
    return client, compte


def test_sortir_ferme_aussi_la_session_du_fournisseur(fournisseur):
    """With its own token, a state, and an address that it knows; the way back says so to nobody else."""
    client, _ = entre_par_proconnect(fournisseur)
    assert "eyJ" not in str(dict(client.session)), "le jeton se garde chiffré"
    adresse = faux.suite_de(client.post(reverse("account_logout")))
    assert "_auth_user_id" not in client.session
    retour = httpx.get(adresse)
    assert retour.status_code == 303, retour.text
    assert fournisseur.fermees == ["pc-1"]
    page = client.get(retour.headers["location"])
    assert "Vous êtes déconnecté" in page.content.decode()
    assert client.get(retour.headers["location"].partition("?")[0], {"state": "invente"}).status_code == 302


@pytest.mark.parametrize("faute", ["muet", "sans_adresse", "mot_de_passe"])
def test_sortir_sort_toujours_d_ici(fournisseur, monkeypatch, faute):
    """The provider does not answer, or has no such page, or this session was not opened by it."""
    client, compte = entre_par_proconnect(fournisseur)
    if faute == "mot_de_passe":
        avec_mot_de_passe(compte)
        client.post(reverse("account_logout"))
        entrer(client, compte.email)
        assert "_auth_user_id" in client.session
    if faute == "muet":

        def muet(*_, **__):
            raise requests.ConnectionError

        monkeypatch.setattr("requests.Session.get", muet)
    if faute == "sans_adresse":
        monkeypatch.setattr(Dialogue, "openid_config", {"issuer": fournisseur.adresse})
    assert client.post(reverse("account_logout")).status_code == 302
    assert "_auth_user_id" not in client.session
