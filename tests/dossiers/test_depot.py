"""Uploaded documents: what is accepted, and what is refused, in words, at a bounded cost."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, Stream

from binome.dossiers.echanges import contenus
from binome.dossiers.echanges.depot import verifier
from binome.erreurs import BinomeErreur
from tests.documents.pieces import bombe_objets, bombe_table, image, pdf

MAXIMUM = 1_000_000


def test_ce_qui_est_accepte():
    assert verifier("Contrat signé.pdf", pdf(), MAXIMUM).type_mime == "application/pdf"
    assert verifier("rib.JPG", image("JPEG"), MAXIMUM).type_mime == "image/jpeg"
    assert verifier("rib.png", image(), MAXIMUM).taille == len(image())
    assert verifier("../../etc/pa<s>swd\x00.pdf", pdf(), MAXIMUM).nom == "passwd.pdf"


def ecrit(document, **options):
    flux = io.BytesIO()
    document.save(flux, **options)
    return flux.getvalue()


def vierge():
    document = pikepdf.new()
    document.add_blank_page()
    return document


def chiffre(utilisateur):
    return ecrit(vierge(), encryption=pikepdf.Encryption(owner="a", user=utilisateur))


def joint():
    document = vierge()
    document.attachments["a.exe"] = b"MZ"
    return ecrit(document)


def fichier_joint(document):
    incorpore = Stream(document, b"MZ", Type=Name.EmbeddedFile)
    return document.make_indirect(Dictionary(Type=Name.Filespec, F="virus.exe", EF=Dictionary(F=incorpore)))


def annote(**annotation):
    """A PDF whose page bears an annotation; a value that is a function is made in the document."""
    document = vierge()
    valeurs = {cle: valeur(document) if callable(valeur) else valeur for cle, valeur in annotation.items()}
    note = Dictionary(Type=Name.Annot, Rect=Array([0, 0, 9, 9]), **valeurs)
    document.pages[0].Annots = Array([document.make_indirect(note)])
    return ecrit(document)


def de_la_page(**cles):
    document = vierge()
    for cle, valeur in cles.items():
        document.pages[0].obj[f"/{cle}"] = valeur(document) if callable(valeur) else valeur
    return ecrit(document)


def perdu(**cles):
    """An object that no page nor the catalogue names; a reader may still be led to it."""
    document = vierge()
    document.Root.Autre = Dictionary(Ici=document.make_indirect(Array([Array([Dictionary(**cles)])])))
    return ecrit(document)


def action(sorte, **cles):
    return Dictionary(S=Name(f"/{sorte}"), **cles)


LIEN = {"Subtype": Name.Link}


@pytest.mark.parametrize(
    "octets",
    [
        annote(**LIEN, A=action("URI", URI="https://www.ameli.fr")),
        annote(**LIEN, A=action("URI", URI="mailto:cabinet@exemple.invalid")),
        annote(**LIEN, A=action("GoTo", D="page1")),
        pdf(OpenAction=action("GoTo", D="page1")),
        # A font may be named « AA », a structure « Link ».
        de_la_page(Resources=Dictionary(Font=Dictionary(AA=Dictionary(Type=Name.Font, Subtype=Name.Type1)))),
        pdf(StructTreeRoot=Dictionary(Type=Name.StructTreeRoot, K=Dictionary(S=Name.Link))),
    ],
)
def test_un_pdf_ordinaire_passe(octets):
    assert contenus.pdf(octets) == 1


@pytest.mark.parametrize(
    ("octets", "attendu"),
    [
        (chiffre("b"), "mot de passe"),
        (chiffre(""), "mot de passe"),
        # Attached files, wherever they stand.
        (joint(), "fichiers joints"),
        (annote(Subtype=Name.FileAttachment, FS=fichier_joint), "fichiers joints"),
        (de_la_page(AF=lambda d: Array([fichier_joint(d)])), "fichiers joints"),
        (perdu(EF=Dictionary()), "fichiers joints"),
        (pdf(Collection=Dictionary()), "fichiers joints"),
        (annote(**LIEN, A=action("GoToE", T=Dictionary(R=Name.C))), "fichiers joints"),
        # At opening.
        (pdf(OpenAction=action("URI", URI="https://exemple.invalid")), "action automatique"),
        (pdf(OpenAction=action("Named", N=Name.Print)), "action automatique"),
        (pdf(OpenAction=action("GoTo", D="p", Next=action("Named", N=Name.Print))), "action automatique"),
        (pdf(AA=Dictionary(WC=action("URI", URI="https://exemple.invalid"))), "action automatique"),
        (de_la_page(AA=Dictionary(O=action("Named", N=Name.Print))), "action automatique"),
        (annote(**LIEN, AA=Dictionary(E=action("URI", URI="https://a.invalid"))), "action automatique"),
        # Programs.
        (pdf(OpenAction=action("JavaScript", JS="app.alert(1)")), "programme"),
        (pdf(OpenAction=action("Launch", F="cmd.exe")), "programme"),
        (pdf(Names=Dictionary(JavaScript=Dictionary(Names=Array(["a", action("JavaScript", JS="1")])))), "programme"),
        (perdu(JS="app.alert(1)"), "programme"),
        (annote(**LIEN, A=action("GoTo", D="p", Next=Array([action("JavaScript", JS="1")]))), "programme"),
        # Forms that act.
        (pdf(AcroForm=Dictionary(Fields=Array([]), XFA=Array(["template", "<script/>"]))), "formulaire dynamique"),
        (perdu(S=Name.SubmitForm, F="https://exemple.invalid"), "formulaire dynamique"),
        (annote(**LIEN, A=action("ImportData", F="a.fdf")), "formulaire dynamique"),
        # Media.
        (annote(Subtype=Name.RichMedia, RichMediaContent=Dictionary()), "multimédia"),
        (annote(Subtype=Name("/3D")), "multimédia"),
        (annote(Subtype=Name.Screen, A=action("Rendition", OP=0)), "multimédia"),
        (annote(**LIEN, A=action("Movie")), "multimédia"),
        # Elsewhere.
        (annote(**LIEN, A=action("GoToR", F="\\\\hote\\partage\\x.pdf")), "autre fichier"),
        (annote(**LIEN, A=action("URI", URI="file://hote/partage")), "autre fichier"),
        (annote(**LIEN, A=action("URI", URI="\\\\hote\\partage")), "autre fichier"),
        (perdu(Ref=Dictionary(F="\\\\hote\\x.pdf")), "autre fichier"),
        (de_la_page(Vignette=lambda d: d.make_indirect(Stream(d, b"", F="\\\\hote\\x"))), "autre fichier"),
    ],
)
def test_ce_qu_un_pdf_ne_peut_pas_tenir(octets, attendu):
    with pytest.raises(BinomeErreur, match=attendu):
        contenus.pdf(octets)


def test_l_assainisseur_de_pikepdf_a_le_dernier_mot(monkeypatch):
    """What the library would take out is refused, were it unknown to our own walk."""
    monkeypatch.setattr(contenus, "_raisons", lambda objet: iter(()))
    with pytest.raises(BinomeErreur, match="fichiers joints"):
        contenus.pdf(joint())
    with pytest.raises(BinomeErreur, match="programme"):
        contenus.pdf(pdf(OpenAction=action("JavaScript", JS="1")))
    assert contenus.pdf(pdf()) == 1


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
        ("a.pdf", b"%PDF-1.7 rien", "« a.pdf » : PDF illisible"),
        ("a.png", image()[:40], "« a.png » : image illisible"),
        ("a.png", image(taille=(8000, 7000)), "8000 × 7000 pixels : au plus 36 millions"),
        ("a.jpg", image("JPEG", (8000, 7000)), "8000 × 7000 pixels : au plus 50 millions"),
    ],
)
def test_ce_qui_est_refuse(nom, octets, attendu):
    with pytest.raises(BinomeErreur, match=attendu):
        verifier(nom, octets, MAXIMUM)


@given(st.sampled_from([b"%PDF-", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b""]), st.binary(max_size=200))
def test_un_contenu_quelconque_ne_casse_rien(debut, suite):
    for lire in (contenus.pdf, lambda octets: contenus.image(octets, sorte="JPEG")):
        with pytest.raises(BinomeErreur):
            lire(debut + suite)


#: Reads a file as the site does, in a process that tells what this cost to it and to the reader's own.
MESURE = """
import json, resource, sys
from binome.dossiers.echanges.depot import verifier
from binome.erreurs import BinomeErreur
try:
    verifier(sys.argv[1], open(sys.argv[1], "rb").read(), 10_000_000)
    dit = ""
except BinomeErreur as refus:
    dit = str(refus)
enfant = resource.getrusage(resource.RUSAGE_CHILDREN)
ici = next(li for li in open("/proc/self/status") if li.startswith("VmHWM")).split()[1]
print(json.dumps({"dit": dit, "mo": enfant.ru_maxrss // 1024, "ici": int(ici) // 1024,
                  "s": enfant.ru_utime + enfant.ru_stime}))
"""


@pytest.mark.parametrize(
    ("nom", "octets", "refuse"),
    [
        ("objets.pdf", lambda: bombe_objets(1000), "illisible ou trop lourd"),
        ("table.pdf", lambda: bombe_table(1000), "illisible"),
        ("saine.pdf", lambda: bombe_objets(1), ""),
        ("grande.png", lambda: image(taille=(6000, 5900)), ""),
        ("grande.jpg", lambda: image("JPEG", (8000, 6200)), ""),
    ],
)
def test_un_fichier_hostile_coute_peu(nom, octets, refuse, tmp_path: Path):
    """A megabyte that unfolds to a gigabyte: less than 200 MB and 5 s, in a process of its own, then a refusal."""
    (tmp_path / nom).write_bytes(octets())
    assert (tmp_path / nom).stat().st_size < 1_100_000
    fait = subprocess.run(
        [sys.executable, "-c", MESURE, nom], cwd=tmp_path, capture_output=True, check=True, text=True, timeout=60
    )
    cout = json.loads(fait.stdout)
    assert refuse in cout["dit"]
    assert bool(cout["dit"]) == bool(refuse)
    assert cout["mo"] < 200
    assert cout["ici"] < 60
    assert cout["s"] < 5
