"""Uploaded documents."""

import io

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from binome.dossiers.echanges.depot import verifier
from binome.erreurs import BinomeErreur
from tests.documents.pieces import image, pdf

MAXIMUM = 1_000_000


def test_ce_qui_est_accepte():
    assert verifier("Contrat signé.pdf", pdf(), MAXIMUM).type_mime == "application/pdf"
    assert verifier("rib.JPG", image("JPEG"), MAXIMUM).type_mime == "image/jpeg"
    assert verifier("rib.png", image(), MAXIMUM).taille == len(image())
    assert verifier("../../etc/pa<s>swd\x00.pdf", pdf(), MAXIMUM).nom == "passwd.pdf"


def chiffre():
    document = pikepdf.new()
    document.add_blank_page()
    flux = io.BytesIO()
    document.save(flux, encryption=pikepdf.Encryption(owner="a", user="b"))
    return flux.getvalue()


def joint():
    document = pikepdf.new()
    document.add_blank_page()
    document.attachments["a.exe"] = b"MZ"
    flux = io.BytesIO()
    document.save(flux)
    return flux.getvalue()


@pytest.mark.parametrize(
    ("nom", "octets", "attendu"),
    [
        ("a.pdf", b"", "vide"),
        ("a.pdf", pdf() + b"\n" * MAXIMUM, "Mo attendus"),
        ("a.exe", b"MZ", "PDF, un JPEG ou un PNG"),
        ("a.html", b"<html>", "PDF, un JPEG ou un PNG"),
        ("a.pdf", b"<html><script>", "n'est pas celui"),
        ("a.pdf", b"PK\x03\x04" + pdf(), "n'est pas celui"),
        ("a.png", image("JPEG"), "n'est pas celui"),
        ("a.pdf", b"%PDF-1.7 rien", "illisible"),
        ("a.png", image()[:40], "illisible"),
        ("a.pdf", chiffre(), "mot de passe"),
        ("a.pdf", joint(), "fichiers joints"),
        ("a.pdf", pdf(OpenAction=pikepdf.Dictionary(S=pikepdf.Name("/JavaScript"), JS="app.alert(1)")), "programme"),
        ("a.pdf", pdf(OpenAction=pikepdf.Dictionary(S=pikepdf.Name("/Launch"), F="cmd.exe")), "programme"),
        ("a.png", image(taille=(8000, 7000)), "pixels"),
    ],
)
def test_ce_qui_est_refuse(nom, octets, attendu):
    with pytest.raises(BinomeErreur, match=attendu):
        verifier(nom, octets, MAXIMUM)


@given(st.sampled_from([b"%PDF-", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b""]), st.binary(max_size=200))
def test_un_contenu_quelconque_ne_casse_rien(debut, suite):
    for nom in ("a.pdf", "a.jpg", "a.png"):
        with pytest.raises(BinomeErreur):
            verifier(nom, debut + suite, MAXIMUM)
