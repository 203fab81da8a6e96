"""The outbox and the reminders: nothing that happens to one e-mail stops another."""

import datetime
import re
from types import SimpleNamespace

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from binome.dossiers.echanges import boite_d_envoi, rappels
from binome.dossiers.models import Consultation, Courriel, Echeance, Medecin
from binome.dossiers.nomenclatures import Role
from openfisca_assistants_medicaux import registre
from tests.dossiers import fabrique
from tests.dossiers.serveur_de_courriels import Serveur
from tests.site.caisse.connexion import client_de

pytestmark = pytest.mark.django_db
SIGNATURE = datetime.date(2024, 7, 1)
MAUVAISES = (
    "cabinet@exemple.invalid; secretariat@exemple.invalid", "pas un courriel", "hélène@exemple.invalid",
    "a@exemple.invalid\r\nBcc: autre@exemple.invalid", "",
)  # fmt: skip


@pytest.fixture
def acteur(settings):
    settings.MFA_OBLIGATOIRE = False
    return fabrique.agent(fabrique.caisse())


@pytest.fixture
def serveur(settings):
    with Serveur() as ouvert:
        ouvert.regler(settings)
        yield ouvert


def ecrire(acteur, cle="cle", destinataire="bon@exemple.invalid", **champs):
    """An e-mail in the outbox, as a row written before addresses were read."""
    return Courriel.objects.create(
        caisse_id=acteur.caisse_id, destinataire=destinataire, objet=f"Objet {cle}", corps="corps", cle=cle, **champs
    )


def envoyer():
    """Run the command: what it says."""
    dit = SimpleNamespace(texte="")
    dit.write = lambda texte: setattr(dit, "texte", dit.texte + texte)
    call_command("envoyer_courriels", stdout=dit)
    return dit.texte.strip()


def rendre_du():
    """Time has passed: what waits is due."""
    Courriel.objects.filter(envoye_le=None).update(prochain_essai_le=timezone.now())


def test_un_mauvais_message_n_en_arrete_aucun_autre(acteur, serveur):
    """Rows written before addresses were read, and one that the server refuses."""
    serveur.refusees.add("refusee@")
    mauvais = [ecrire(acteur, f"m{rang}", adresse) for rang, adresse in enumerate(MAUVAISES)]
    refuse = ecrire(acteur, "refuse", "refusee@exemple.invalid")
    bons = [ecrire(acteur, f"b{rang}") for rang in range(3)]
    assert envoyer() == f"3 envoyés, 1 en échec (repris plus tard), {len(mauvais)} abandonnés"
    assert sorted(m["Subject"] for m in serveur.recus) == [c.objet for c in bons]
    assert {m["To"] for m in serveur.recus} == {"bon@exemple.invalid"}
    for courriel in mauvais:
        courriel.refresh_from_db()
        assert courriel.erreur.endswith("attendue, comme nom@exemple.fr")
        assert (courriel.envoye_le, courriel.abandonne_le is None) == (None, False)
    refuse.refresh_from_db()
    assert (refuse.essais, refuse.erreur) == (1, "adresse refusée par le serveur (550)")
    # Not at once again: its time has not come.
    assert envoyer().startswith("0 envoyés, 0 en échec")


def test_repris_de_plus_en_plus_tard_puis_abandonne_avec_un_avis(acteur, serveur, settings):
    settings.REPRISES_DES_COURRIELS = [1, 10, 100]
    contrat = fabrique.contrat_en_cours(acteur, SIGNATURE)
    serveur.refusees.add(contrat.medecin.courriel)
    courriel = ecrire(acteur, destinataire=contrat.medecin.courriel, contrat=contrat)
    client = client_de(acteur)
    journee = reverse("caisse:journee")
    assert "Courriels qui ne partent pas" not in client.get(journee).content.decode()
    for attente in settings.REPRISES_DES_COURRIELS:
        envoyer()
        courriel.refresh_from_db()
        assert round((courriel.prochain_essai_le - timezone.now()).total_seconds() / 60) == attente
        rendre_du()
    page = re.sub(r"\s+", " ", client.get(journee).content.decode())
    assert "adresse refusée par le serveur (550). Essai 3" in page
    assert reverse("caisse:courriel", args=[courriel.pk]) not in page
    assert envoyer().endswith("1 abandonnés")
    rendre_du()
    assert envoyer().startswith("0 envoyés, 0 en échec")
    page = re.sub(r"\s+", " ", client.get(journee).content.decode())
    assert "Abandonné" in page
    assert "après 4 essais" in page
    # The address is corrected; the same e-mail leaves for it, under the identifier that it had.
    adresse = reverse("caisse:courriel", args=[courriel.pk])
    Medecin.objects.filter(pk=contrat.medecin_id).update(courriel="juste@exemple.invalid")
    assert "juste@exemple.invalid" in client.get(adresse).content.decode()
    assert client.post(adresse, {"suite": "renvoyer"})["Location"] == journee
    courriel.refresh_from_db()
    identifiant = courriel.identifiant
    envoyer()
    [recu] = serveur.recus
    assert (recu["To"], recu["Message-ID"]) == ("juste@exemple.invalid", identifiant)
    assert "Courriels qui ne partent pas" not in client.get(journee).content.decode()
    assert client.get(adresse).status_code == 404
    assert Consultation.objects.filter(action="renvoyer", objet_id=courriel.pk).exists()


def test_un_courriel_abandonne_se_classe_et_ne_part_pas_a_une_mauvaise_adresse(acteur):
    contrat = fabrique.contrat_en_cours(acteur, SIGNATURE)
    Medecin.objects.filter(pk=contrat.medecin_id).update(courriel="a@x.invalid ; b@x.invalid")
    courriel = ecrire(acteur, contrat=contrat, erreur="refusé", abandonne_le=timezone.now())
    client, adresse = client_de(acteur), reverse("caisse:courriel", args=[courriel.pk])
    refus = client.post(adresse, {"suite": "renvoyer"})
    assert refus.status_code == 422
    assert "corrigez d’abord sa fiche" in refus.content.decode()
    assert (
        client_de(fabrique.agent(contrat.caisse, Role.VALIDEUR)).post(adresse, {"suite": "classer"}).status_code == 403
    )
    client.post(adresse, {"suite": "classer"})
    assert "Courriels qui ne partent pas" not in client.get(reverse("caisse:journee")).content.decode()
    assert envoyer().startswith("0 envoyés")


def test_une_adresse_deja_mauvaise_est_dite_aux_agents_et_les_rappels_vont_aux_autres(acteur):
    """Addresses that lists brought before they were read: nothing is tried, nothing is stopped."""
    contrats = [fabrique.contrat_en_cours(acteur, SIGNATURE) for _ in range(2)]
    Medecin.objects.filter(pk=contrats[0].medecin_id).update(courriel=MAUVAISES[0])
    jour = Echeance.objects.get(contrat=contrats[0], nom="date_limite_qualification").date
    rappels.relancer(jour)
    assert envoyer().startswith(f"{contrats[1].courriels.count()} envoyés, 0 en échec")
    assert {tuple(m.to) for m in mail.outbox} == {(contrats[1].medecin.courriel,)}
    page = client_de(acteur).get(reverse("caisse:journee")).content.decode()
    assert MAUVAISES[0] in page
    assert "une seule adresse attendue" in page


def test_un_objet_tient_sur_une_ligne_et_une_cle_ne_s_ecrit_qu_une_fois(acteur):
    contrat = fabrique.contrat_en_cours(acteur, SIGNATURE)
    boite_d_envoi.mettre_en_boite(contrat, "a@exemple.invalid", "Objet\r\nBcc: x@y", "corps", "cle")
    assert not boite_d_envoi.mettre_en_boite(contrat, "a@exemple.invalid", "Objet", "corps", "cle")
    envoyer()
    assert "\n" not in mail.outbox[0].subject


def test_toute_faute_compte_meme_celle_qu_on_n_attend_pas(acteur, monkeypatch):
    """Whatever is raised for one e-mail, in writing or in sending it."""
    ecrire(acteur, "a")
    ecrire(acteur, "b")
    message = boite_d_envoi._message

    def impossible(courriel, serveur):
        if courriel.cle == "a":
            raise LookupError("encodage inconnu")
        return message(courriel, serveur)

    monkeypatch.setattr(boite_d_envoi, "_message", impossible)
    assert envoyer().startswith("1 envoyés, 1 en échec")
    assert Courriel.objects.get(cle="a").erreur == "message impossible à envoyer (LookupError)"


def test_un_serveur_absent_arrete_la_tournee_et_le_dit(acteur, settings):
    with Serveur() as ferme:
        ferme.regler(settings)
    ecrire(acteur, "a")
    ecrire(acteur, "b")
    with pytest.raises(CommandError, match="ne répond pas"):
        envoyer()
    assert [(c.essais, bool(c.erreur)) for c in Courriel.objects.all()] == [(1, True), (0, False)]


def test_un_serveur_muet_est_quitte(acteur, serveur, settings):
    settings.EMAIL_TIMEOUT = 0.2
    serveur.muet.set()
    courriel = ecrire(acteur)
    with pytest.raises(CommandError):
        envoyer()
    courriel.refresh_from_db()
    assert courriel.erreur == "le serveur n'a pas répondu à temps, ou a coupé la communication"


def test_un_conge_mal_pris_n_est_pas_un_echec(acteur, monkeypatch):
    """The server took the e-mail, then said goodbye badly: it is sent."""

    def muet(self):
        raise TimeoutError

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.close", muet)
    ecrire(acteur)
    assert envoyer().startswith("1 envoyés, 0 en échec")


def test_le_site_regle_une_attente_et_des_reprises(settings):
    assert 1 <= settings.EMAIL_TIMEOUT <= 60
    attentes = boite_d_envoi.delais()
    assert attentes == sorted(attentes)
    assert datetime.timedelta(days=3) < sum(attentes, datetime.timedelta()) < datetime.timedelta(days=7)


def test_la_sante_dit_ce_qui_attend(acteur, settings):
    ecrire(acteur, "parti", envoye_le=timezone.now())
    ecrire(acteur, "abandonne", erreur="refusé", abandonne_le=timezone.now())
    ecrire(acteur, "classe", erreur="refusé", abandonne_le=timezone.now(), classe_le=timezone.now())
    ecrire(acteur, "refuse", erreur="refusé", prochain_essai_le=timezone.now() + datetime.timedelta(hours=1))
    client = Client()
    reponse = client.get("/sante/courriels")
    compte = {"en_attente": 1, "en_echec": 1, "en_retard": 0, "abandonnes": 1}
    assert (reponse.status_code, reponse.json()) == (200, {"etat": "à jour", **compte})
    ecrire(acteur, "oublie", prochain_essai_le=timezone.now() - datetime.timedelta(hours=2))
    reponse = client.get("/sante/courriels")
    assert (reponse.status_code, reponse.json()["etat"], reponse.json()["en_retard"]) == (503, "en retard", 1)
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    assert client.get("/sante/courriels").json()["etat"] == "sans serveur"


def test_les_rappels_s_espacent_puis_se_taisent(acteur):
    contrat = fabrique.contrat_en_cours(acteur, SIGNATURE)
    echeance = Echeance.objects.get(contrat=contrat, nom="date_limite_qualification")
    jour = echeance.date - datetime.timedelta(days=30)
    ecrits = [rappels.relancer(jour + datetime.timedelta(days=d)) for d in range(60)]
    assert [rang for rang, nombre in enumerate(ecrits) if nombre] == [0, 10, 20]
    rappeles = Courriel.objects.filter(cle__startswith=f"rappel:{echeance.pk}:")
    assert rappeles.count() == 3
    assert all(registre.echeances()[echeance.nom].aide in rappel.corps for rappel in rappeles)


def test_sans_serveur_rien_n_est_dit_envoye(acteur, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    courriel = ecrire(acteur)
    with pytest.raises(CommandError, match="EMAIL_URL"):
        envoyer()
    courriel.refresh_from_db()
    assert (courriel.envoye_le, courriel.essais) == (None, 0)
