"""Sending while others work, twice at once, or killed: on real threads, processes and connections."""

import multiprocessing
import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections, transaction
from django.urls import reverse
from django.utils import timezone

from binome.dossiers.echanges import boite_d_envoi
from binome.dossiers.echanges.boite_d_envoi import Envoi
from binome.dossiers.models import Consultation, Courriel
from tests.dossiers import fabrique
from tests.dossiers.serveur_de_courriels import Serveur
from tests.site.caisse.connexion import client_de

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("sans_garde_fous_a_la_fin")]


@pytest.fixture
def serveur(settings):
    settings.MFA_OBLIGATOIRE = False
    ouvert = Serveur()
    ouvert.regler(settings)
    yield ouvert
    ouvert.server_close()


def ecrire(acteur, cle):
    return Courriel.objects.create(
        caisse_id=acteur.caisse_id, destinataire="a@exemple.invalid", objet=cle, corps="corps", cle=cle
    )


def vider():
    try:
        return boite_d_envoi.vider_la_boite()
    finally:
        connections.close_all()


def test_un_serveur_lent_n_arrete_ni_les_pages_ni_un_autre_envoyeur(serveur):
    """While the server thinks, agents' pages are written and read, and a second sender leaves the e-mail alone."""
    acteur = fabrique.agent(fabrique.caisse())
    courriel = ecrire(acteur, "lent")
    client = client_de(acteur)
    repond = threading.Event()
    serveur.avant_de_repondre = lambda: repond.wait(60)
    with serveur, ThreadPoolExecutor(1) as fil:
        envoi = fil.submit(vider)
        try:
            assert serveur.arrive.wait(10)
            avant = Consultation.objects.count()
            assert client.get(reverse("caisse:contrats")).status_code == 200
            assert Consultation.objects.count() > avant, "la page écrit qui l'a lue"
            assert not envoi.done()
            assert vider() == Envoi()
        finally:
            repond.set()
        assert envoi.result() == Envoi(partis=1)
    courriel.refresh_from_db()
    assert courriel.envoye_le is not None
    assert len(serveur.recus) == 1


def test_des_envoyeurs_ensemble_n_envoient_rien_deux_fois(serveur):
    acteur = fabrique.agent(fabrique.caisse())
    cles = [ecrire(acteur, f"c{rang}").cle for rang in range(8)]
    depart = threading.Barrier(4)

    def fil(_):
        depart.wait()
        return vider()

    with serveur, ThreadPoolExecutor(4) as fils:
        faits = list(fils.map(fil, range(4)))
    assert sum(envoi.partis for envoi in faits) == len(cles)
    assert sorted(m["Subject"] for m in serveur.recus) == cles


def test_rien_n_est_envoye_dans_une_transaction(serveur):
    courriel = ecrire(fabrique.agent(fabrique.caisse()), "dedans")
    with serveur, transaction.atomic(), pytest.raises(RuntimeError):
        boite_d_envoi.vider_la_boite()
    courriel.refresh_from_db()
    assert (courriel.essais, serveur.recus) == (0, [])


def test_tue_entre_l_envoi_et_la_marque_le_meme_message_repart(serveur):
    """The double that the receiver gets has the same Message-ID: it drops it."""
    courriel = ecrire(fabrique.agent(fabrique.caisse()), "tue")
    # Forked with no connection and no thread of the server's: it listens already, and answers once it is entered.
    connections.close_all()
    enfant = multiprocessing.get_context("fork").Process(target=vider)
    enfant.start()

    # Killed by the server's thread, awaited by this one alone: two that wait for one process lose its exit code.
    serveur.avant_de_repondre = lambda: os.kill(enfant.pid, signal.SIGKILL)
    with serveur:
        assert serveur.arrive.wait(20)
        enfant.join()
        assert enfant.exitcode == -signal.SIGKILL
        serveur.avant_de_repondre = lambda: None
        courriel.refresh_from_db()
        assert (courriel.envoye_le, courriel.essais) == (None, 1)
        # The dead process holds it until its lease ends.
        assert vider() == Envoi()
        Courriel.objects.update(prochain_essai_le=timezone.now())
        assert vider() == Envoi(partis=1)
    premier, second = (m["Message-ID"] for m in serveur.recus)
    assert premier == second
    courriel.refresh_from_db()
    assert courriel.identifiant == premier


def test_ce_qui_tue_chaque_envoyeur_finit_par_etre_abandonne(serveur, settings):
    settings.REPRISES_DES_COURRIELS = [1]
    courriel = ecrire(fabrique.agent(fabrique.caisse()), "mortel")
    for _ in range(2):
        # Claimed, and nothing after.
        assert boite_d_envoi._prendre(courriel.pk) is not None
        Courriel.objects.update(prochain_essai_le=timezone.now())
    assert vider() == Envoi(abandons=1)
    courriel.refresh_from_db()
    assert courriel.erreur == boite_d_envoi.INTERROMPU
    assert courriel.abandonne_le is not None
