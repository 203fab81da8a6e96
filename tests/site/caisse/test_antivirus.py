"""The antivirus at the door: ClamAV's own daemon where it is installed (always in CI), its protocol otherwise."""

import os
import shutil
import socket
import subprocess
import threading
import time
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from binome.dossiers.models import ImportReleves, Piece
from binome.dossiers.nomenclatures import NaturePiece, Role
from binome.site.socle import antivirus
from tests.documents.pieces import pdf
from tests.dossiers import fabrique
from tests.dossiers.versements import SIGNATURE
from tests.site.caisse.connexion import client_de

pytestmark = pytest.mark.django_db

#: The file that every antivirus takes for a virus, in two halves: none must take this one for it.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@pytest.fixture(autouse=True)
def sans_second_facteur(settings):
    settings.MFA_OBLIGATOIRE = False


@pytest.fixture
def gestionnaire():
    return fabrique.agent(fabrique.caisse(), Role.RESPONSABLE)


@pytest.fixture(scope="module")
def clamd(tmp_path_factory):
    """ClamAV's daemon, with the signature of the test file alone: the real ones are downloaded, and take a gigabyte."""
    programme = shutil.which("clamd")
    if programme is None:
        assert "CI" not in os.environ, "clamav-daemon attendu"
        pytest.skip("clamd n'est pas installé")
    lieu = tmp_path_factory.mktemp("clamav")
    (lieu / "essai.ndb").write_text(f"Eicar-Essai:0:*:{EICAR.hex()}\n")
    prise = lieu / "clamd.ctl"
    reglages = {"LocalSocket": prise, "DatabaseDirectory": lieu, "Foreground": "yes", "StreamMaxLength": "25M"}
    (lieu / "clamd.conf").write_text("".join(f"{nom} {valeur}\n" for nom, valeur in reglages.items()))
    with subprocess.Popen([programme, "-c", lieu / "clamd.conf"], stdout=subprocess.DEVNULL) as processus:
        fin = time.monotonic() + 60
        while not prise.exists() and processus.poll() is None and time.monotonic() < fin:
            time.sleep(0.05)
        yield f"unix:{prise}"
        processus.terminate()


@pytest.fixture
def double():
    """A listener that answers « tcp: » as told, once for each connection, and keeps what it was sent."""
    recus: list[bytes] = []
    reponses: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as ecoute:

        def servir():
            while True:
                try:
                    client, _ = ecoute.accept()
                except OSError:
                    return
                with client:
                    client.settimeout(5)
                    lu = b""
                    while not lu.endswith((b"\0\0\0\0", b"PING\n")):
                        lu += client.recv(65_536)
                    recus.append(lu)
                    client.sendall(reponses.pop(0))

        threading.Thread(target=servir, daemon=True).start()
        yield f"tcp:127.0.0.1:{ecoute.getsockname()[1]}", recus, reponses
        ecoute.shutdown(socket.SHUT_RDWR)


def envoyer(acteur, octets, nom="a.pdf"):
    contrat = fabrique.contrat_en_cours(acteur, SIGNATURE)
    fichier = SimpleUploadedFile(nom, octets)
    adresse = reverse("caisse:deposer", args=[contrat.pk])
    return client_de(acteur).post(adresse, {"nature": NaturePiece.AUTRE, "fichier": fichier})


def dit(reponse):
    return reponse.content.decode().replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'")


def test_le_fichier_d_essai_de_clamav_est_refuse_partout(clamd, gestionnaire, settings, client):
    settings.CLAMAV = clamd
    infecte = pdf() + b"\n%" + EICAR
    reponse = envoyer(gestionnaire, infecte)
    assert reponse.status_code == 422
    assert "refusé par l'antivirus (Eicar-Essai" in dit(reponse)
    assert not Piece.objects.filter(nom="a.pdf").exists()
    for vue in ("caisse:releves", "caisse:importer_medecins", "caisse:retours", "caisse:valeurs"):
        reponse = client_de(gestionnaire).post(reverse(vue), {"fichier": SimpleUploadedFile("r.csv", EICAR)})
        assert reponse.status_code == 422, vue
        assert "Eicar-Essai" in dit(reponse), vue
    assert not ImportReleves.objects.exists()
    assert envoyer(gestionnaire, pdf()).status_code == 302
    assert Piece.objects.filter(nom="a.pdf").get().taille == len(pdf())
    assert client.get("/sante/pret").json()["antivirus"] == "répond"


def test_ce_que_le_daemon_recoit_et_repond(double, gestionnaire, settings, client):
    settings.CLAMAV, recus, reponses = double
    reponses += [b"stream: OK\n", b"stream: Win.Test-1 FOUND\n", b"PONG\n"]
    octets = pdf()
    assert envoyer(gestionnaire, octets).status_code == 302
    assert recus[0] == b"nINSTREAM\n" + len(octets).to_bytes(4, "big") + octets + bytes(4)
    assert "refusé par l'antivirus (Win.Test-1)" in dit(envoyer(gestionnaire, pdf()))
    assert client.get("/sante/pret").json()["antivirus"] == "répond"


@pytest.mark.parametrize(
    "reponse", [b"INSTREAM size limit exceeded. ERROR\n", b"stream: Can't allocate memory ERROR\n", b"quoi\n", b""]
)
def test_un_antivirus_qui_n_examine_pas_ferme_la_porte(double, gestionnaire, settings, reponse):
    settings.CLAMAV, _, reponses = double
    reponses += [reponse, reponse]
    refus = envoyer(gestionnaire, pdf())
    assert refus.status_code == 422
    assert "n'a pas pu être examiné" in dit(refus)
    settings.CLAMAV_EXIGE = False
    assert envoyer(gestionnaire, pdf()).status_code == 302


def test_un_antivirus_muet_ferme_la_porte_sauf_reglage(gestionnaire, settings, client, tmp_path: Path):
    settings.CLAMAV = f"unix:{tmp_path}/absent.ctl"
    assert "n'a pas pu être examiné" in dit(envoyer(gestionnaire, pdf()))
    reponse = client.get("/sante/pret")
    assert (reponse.status_code, reponse.json()["antivirus"]) == (503, "ne répond pas")
    settings.CLAMAV_EXIGE = False
    assert envoyer(gestionnaire, pdf()).status_code == 302
    reponse = client.get("/sante/pret")
    assert (reponse.status_code, reponse.json()["antivirus"]) == (200, "ne répond pas")


@pytest.mark.parametrize("adresse", ["/var/run/clamd.ctl", "tcp:clamav", "tcp::x", "unix:relatif", "tcp:h:²"])
def test_une_adresse_illisible_est_dite(adresse):
    with pytest.raises(ImproperlyConfigured, match="BINOME_CLAMAV"):
        antivirus.daemon(adresse)
