"""Strangers' bytes are read apart: whatever the reader does, the site says so and goes on."""

import logging

import pytest

from binome import isolement
from binome.erreurs import BinomeErreur
from binome.isolement import Bornes, LectureRefusee, TropLourd

BORNES = Bornes(memoire=100_000_000, processeur=1, attente=20, reponse=5_000)


def lire(nom, octets=b"abc", bornes=BORNES, **options):
    return isolement.lire(f"tests.isolement.lecteurs:{nom}", octets, bornes, **options)


def test_ce_qu_un_lecteur_repond():
    assert lire("compter", fois=2) == {"octets": 6, "accents": "é"}
    assert lire("ecrire_ailleurs") == "entier"
    with pytest.raises(LectureRefusee, match="3 octets : c'est non"):
        lire("refuser")


@pytest.mark.parametrize("nom", ["boucler", "grossir", "tomber", "partir", "bavarder", "se_tromper", "absent"])
def test_un_lecteur_qui_deborde_est_un_fichier_refuse(nom, caplog):
    with caplog.at_level(logging.WARNING, "binome.isolement"), pytest.raises(TropLourd, match="trop lourd à lire"):
        lire(nom, b"Mme Secret")
    assert "arrêté" in caplog.text
    assert not any("Secret" in str(ligne.__dict__) for ligne in caplog.records)


def test_un_lecteur_qui_attend_est_arrete():
    with pytest.raises(TropLourd):
        lire("dormir", bornes=Bornes(memoire=100_000_000, attente=0.5))


def test_il_n_a_ni_secret_ni_fichier_ni_base(tmp_path, monkeypatch):
    monkeypatch.setenv("BINOME_CLE_SECRETE", "secret")
    laisse = lire("ce_qu_on_lui_laisse")
    assert set(laisse["environnement"]) <= {"LC_ALL", "LC_CTYPE", "POLARS_MAX_THREADS"}
    # Entry, exit and error, the copy that answers, and the folder that is being listed.
    assert laisse["ouverts"] <= 5
    assert not laisse["django"]
    assert laisse["memoire"] == [100_000_000, 100_000_000]
    with pytest.raises(TropLourd):
        lire("ecrire_un_fichier", str(tmp_path / "a").encode())


def test_quand_trop_de_fichiers_se_lisent_un_autre_est_prie_de_revenir(monkeypatch):
    monkeypatch.setattr(isolement, "PATIENCE", 0.01)
    places = [isolement._places.acquire(timeout=5) for _ in range(isolement.SIMULTANES)]
    try:
        with pytest.raises(BinomeErreur, match="renvoyez celui-ci dans une minute"):
            lire("compter")
    finally:
        for _ in places:
            isolement._places.release()
    assert lire("compter")["octets"] == 3
