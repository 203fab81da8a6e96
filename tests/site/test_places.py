"""Heavy answers hold a bounded number of threads; the others are told when to come back."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.test import Client

from binome.site.simulateur import emporter
from binome.site.socle.places import Complet, Places
from tests.site.parcours import ADRESSE

#: Seconds after which a test that hangs is a failure: nobody waits that long.
PATIENCE = 60.0
PDF = ADRESSE.replace("/simulation/resultat", "/simulation/binome.pdf")


def test_jamais_plus_de_places_que_dites_ni_de_file_que_dite() -> None:
    places = Places(lambda: 2, en_attente=1, patience=PATIENCE)
    dedans, comptes, refus = [0], [], []
    verrou, portes, tous_refuses = threading.Lock(), threading.Barrier(8), threading.Event()

    def demander() -> None:
        portes.wait()
        try:
            with places.une():
                with verrou:
                    dedans[0] += 1
                    comptes.append(dedans[0])
                # Those inside stay until the others were told.
                assert tous_refuses.wait(PATIENCE)
                with verrou:
                    dedans[0] -= 1
        except Complet:
            with verrou:
                refus.append(1)
                if len(refus) == 5:
                    tous_refuses.set()

    with ThreadPoolExecutor(8) as fils:
        list(fils.map(lambda _: demander(), range(8)))
    assert max(comptes) == 2
    assert len(comptes) == 3
    assert len(refus) == 5


def test_une_place_se_rend_quand_le_bloc_echoue() -> None:
    places = Places(lambda: 1)
    with pytest.raises(ZeroDivisionError), places.une():
        _ = 1 / 0
    with places.une(), pytest.raises(Complet):
        places.prendre()


def test_trop_de_documents_dit_quand_revenir(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A visitor whose document cannot be drawn now reads when to come back, with the way to it."""
    monkeypatch.setattr(emporter, "DOCUMENTS", Places(lambda: 0))
    reponse = client.get(PDF)
    assert reponse.status_code == 503
    assert reponse["Retry-After"] == str(emporter.ATTENTE)
    dit = reponse.content.decode().replace("\u00a0", " ").replace("\u202f", " ")
    assert "Revenez dans 5 secondes" in dit
    assert "/simulation/binome.pdf?" in dit


def test_un_document_se_prepare_quand_une_place_est_libre(client: Client) -> None:
    reponse = client.get(PDF)
    assert reponse.status_code == 200
    assert reponse.content.startswith(b"%PDF-")
