"""What is sent to the fund: how much of it, what an interrupted upload leaves, and a disk that fills."""

import datetime
import errno
import io
import logging
import os
import shutil
import sqlite3
import time
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import OperationalError, connection
from django.urls import reverse
from django.utils import timezone
from psycopg.errors import DiskFull

from binome.dossiers.echanges import orphelins, pieces
from binome.dossiers.models import Consultation, ImportReleves, Piece
from binome.dossiers.nomenclatures import NaturePiece, Role
from tests.documents.pieces import pdf
from tests.dossiers import fabrique
from tests.dossiers.versements import SIGNATURE
from tests.site.caisse.connexion import client_de

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_part(settings, tmp_path):
    settings.MFA_OBLIGATOIRE = False
    settings.PIECES = tmp_path / "pieces"


@pytest.fixture
def gestionnaire():
    return fabrique.agent(fabrique.caisse())


@pytest.fixture
def contrat(gestionnaire):
    return fabrique.contrat_en_cours(gestionnaire, SIGNATURE)


def envoyer(acteur, contrat, octets=None, vue="medecin:deposer"):
    fichier = SimpleUploadedFile("a.pdf", octets or pdf())
    return client_de(acteur).post(reverse(vue, args=[contrat.pk]), {"nature": NaturePiece.AUTRE, "fichier": fichier})


def dit(reponse):
    return reponse.content.decode().replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'")


# Quotas.


def test_un_compte_n_envoie_pas_plus_que_sa_part_d_un_jour(contrat, settings):
    medecin = fabrique.agent(None, Role.MEDECIN, medecin=contrat.medecin)
    settings.QUOTA_COMPTE = 2 * len(pdf())
    avant = Piece.objects.count()
    assert [envoyer(medecin, contrat).status_code for _ in range(3)] == [302, 302, 422]
    assert "quota de votre compte" in dit(envoyer(medecin, contrat))
    assert Piece.objects.count() == avant + 2
    # Yesterday's are forgotten; another account has its own.
    Piece.objects.filter(deposee_par=medecin.utilisateur).update(
        deposee_le=timezone.now() - datetime.timedelta(hours=25)
    )
    assert envoyer(medecin, contrat).status_code == 302


def test_un_dossier_ne_grossit_pas_sans_fin(contrat, gestionnaire, settings):
    tenu = sum(Piece.objects.filter(contrat=contrat).values_list("taille", flat=True))
    settings.QUOTA_DOSSIER = tenu + len(pdf())
    medecin = fabrique.agent(None, Role.MEDECIN, medecin=contrat.medecin)
    assert envoyer(medecin, contrat).status_code == 302
    assert "quota du dossier" in dit(envoyer(medecin, contrat))
    assert "quota du dossier" in dit(envoyer(gestionnaire, contrat, vue="caisse:deposer"))
    autre = fabrique.contrat_en_cours(gestionnaire, SIGNATURE)
    assert envoyer(gestionnaire, autre, vue="caisse:deposer").status_code == 302


def test_une_caisse_ne_remplit_pas_le_disque_des_autres(contrat, gestionnaire, settings):
    pieces_tenues = sum(Piece.objects.values_list("taille", flat=True))
    settings.QUOTA_CAISSE = pieces_tenues + len(pdf()) + 40
    fichier = SimpleUploadedFile("r.csv", b"rpps,date,file_active\n10000000000,2025-06-30,9\n")
    reponse = client_de(gestionnaire).post(reverse("caisse:releves"), {"fichier": fichier})
    assert reponse.status_code == 302
    assert ImportReleves.objects.count() == 1
    assert "quota de la caisse" in dit(envoyer(gestionnaire, contrat, vue="caisse:deposer"))
    assert not list(settings.PIECES.glob("*/.depot-*"))
    # Another fund has its own room.
    autre = fabrique.agent(fabrique.caisse())
    settings.QUOTA_CAISSE = 3_000_000
    assert envoyer(autre, fabrique.contrat_en_cours(autre, SIGNATURE), vue="caisse:deposer").status_code == 302


# Contents that nobody names.


def contenu_perdu(settings, nom, *, heures):
    chemin = settings.PIECES / nom[:2] / nom
    chemin.parent.mkdir(parents=True, exist_ok=True)
    chemin.write_bytes(b"perdu")
    quand = time.time() - heures * 3600
    os.utime(chemin, (quand, quand))
    return chemin


def commande(*options):
    sortie = io.StringIO()
    call_command("contenus_orphelins", *options, stdout=sortie)
    return sortie.getvalue()


def test_un_contenu_que_personne_ne_nomme_est_dit_puis_retire(contrat, settings):
    ancien = contenu_perdu(settings, "ab" * 32, heures=30)
    en_cours = contenu_perdu(settings, "cd" * 32, heures=1)
    interrompu = contenu_perdu(settings, ".depot-x1", heures=30)
    etranger = contenu_perdu(settings, "LISEZMOI.txt", heures=30)
    nommes = [pieces.chemin_de(sha) for sha in Piece.objects.values_list("sha256", flat=True)]
    for chemin in nommes:
        os.utime(chemin, (0, 0))
    assert commande().endswith("2 contenu(s) qu'aucune pièce ne nomme, 0 retiré(s)\n")
    assert ancien.exists()
    assert commande("--supprimer").endswith("2 contenu(s) qu'aucune pièce ne nomme, 2 retiré(s)\n")
    assert not ancien.exists()
    assert not interrompu.exists()
    assert all(chemin.exists() for chemin in (en_cours, etranger, *nommes))
    assert commande() == "0 contenu(s) qu'aucune pièce ne nomme, 0 retiré(s)\n"


def test_un_contenu_nomme_entre_temps_reste(contrat, gestionnaire):
    """Found, then named by an upload of the same bytes before it is removed."""
    avant = timezone.now() + datetime.timedelta(hours=1)
    envoyer(gestionnaire, contrat, pdf(Lang="fr"), vue="caisse:deposer")
    chemin = pieces.chemin_de(Piece.objects.latest("pk").sha256)
    assert not orphelins.supprimer(chemin, avant)
    assert chemin.exists()


# A disk that fills.


def disque_plein():
    """What this engine says then."""
    erreur = OperationalError("disque plein")
    if connection.vendor == "sqlite":
        cause = sqlite3.OperationalError("database or disk is full")
        cause.sqlite_errorcode = sqlite3.SQLITE_FULL
        erreur.__cause__ = cause
    else:
        erreur.__cause__ = DiskFull("could not extend file")
    return erreur


@pytest.fixture
def ecritures_impossibles():
    """Nothing is written in the database any more; it is read as before."""

    def refuser(executer, sql, params, plusieurs, contexte):
        # The test's own transaction, which the site does not have, is not broken: nothing was sent to the database.
        connection.needs_rollback = False
        if sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            raise disque_plein()
        return executer(sql, params, plusieurs, contexte)

    with connection.execute_wrapper(refuser):
        yield


def test_les_pages_se_lisent_sur_un_disque_plein(contrat, gestionnaire, caplog, monkeypatch, request):
    client = client_de(gestionnaire)
    session = client.session
    # Seen two minutes ago: its activity is due to be marked again.
    session["vue_le"] = session["ouverte_le"] = int(time.time()) - 120
    session.save()
    medecin = client_de(fabrique.agent(None, Role.MEDECIN, medecin=contrat.medecin))
    lues = Consultation.objects.count()
    request.getfixturevalue("ecritures_impossibles")
    with caplog.at_level(logging.ERROR, "binome.disque"):
        for adresse in (
            reverse("caisse:contrats"),
            reverse("caisse:contrat", args=[contrat.pk]),
            reverse("caisse:medecins"),
            reverse("caisse:piece", args=[Piece.objects.first().pk]),
            reverse("caisse:exporter", args=["csv"]),
        ):
            assert client.get(adresse).status_code == 200, adresse
        assert medecin.get(reverse("medecin:contrat", args=[contrat.pk])).status_code == 200
    assert Consultation.objects.count() == lues
    journal = [ligne.getMessage() for ligne in caplog.records]
    assert f"disque plein : lire contrat {contrat.pk} ne s'écrit pas en base" in journal
    ligne = next(ligne for ligne in caplog.records if "lire contrat" in ligne.getMessage())
    assert (ligne.compte, ligne.role) == (gestionnaire.utilisateur.pk, "gestionnaire")


def test_une_autre_panne_de_la_base_n_est_pas_cachee(contrat, gestionnaire, monkeypatch):
    """A read that could not be logged for any other reason is not shown."""

    def verrouille(*args, **champs):
        raise OperationalError("database is locked")

    monkeypatch.setattr(Consultation.objects, "create", verrouille)
    with pytest.raises(OperationalError):
        client_de(gestionnaire).get(reverse("caisse:contrat", args=[contrat.pk]))


def test_ce_qui_ne_s_ecrit_pas_le_dit(contrat, gestionnaire, monkeypatch):
    def plein(*args):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(pieces, "_garder", plein)
    client, avant = client_de(gestionnaire), Piece.objects.count()
    client.raise_request_exception = False
    fichier = SimpleUploadedFile("a.pdf", pdf())
    adresse = reverse("caisse:deposer", args=[contrat.pk])
    reponse = client.post(adresse, {"nature": NaturePiece.AUTRE, "fichier": fichier})
    assert reponse.status_code == 503
    assert "La place manque sur le serveur" in dit(reponse)
    assert Piece.objects.count() == avant


def test_la_sante_dit_que_le_disque_se_remplit(client, monkeypatch, settings):
    assert client.get("/sante/pret").json()["disque"] == "a de la place"
    settings.PIECES.mkdir()
    usage = shutil.disk_usage

    def presque_plein(lieu):
        total, pris, libre = usage(lieu)
        return type(usage(lieu))(total, pris, 3_000_000 if Path(lieu) == settings.PIECES else libre)

    monkeypatch.setattr(shutil, "disk_usage", presque_plein)
    reponse = client.get("/sante/pret")
    assert reponse.status_code == 503
    assert reponse.json()["disque"] == "presque plein : 3 Mo libres"
    settings.DISQUE_LIBRE = 2_000_000
    assert client.get("/sante/pret").status_code == 200
