"""One reader: the same table whoever wrote it, every bad line by its number, nothing that claims too much opened."""

from __future__ import annotations

import datetime
import io
import re
import zipfile

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from binome.tableaux.lecture import Tableau, lire
from binome.tableaux.refus import FichierRefuse
from binome.tableaux.titres import Titres
from tests.tableaux import dialectes
from tests.tableaux.dialectes import DIALECTES

RELEVES = Titres(("rpps", "date", "patientele_mt", "file_active"), ("rpps", "date"))
LIGNE = ["10990000019", "31/12/2025", "1484", "2046"]


def _cellules(tableau: Tableau) -> list[dict[str, str]]:
    return [ligne for _, ligne in tableau.lignes()]


#: What Windows writes, without what ends a line or is taken off around a cell; a first sign that starts no total.
_CELLULE = st.text(st.sampled_from("abcdefgéèàçùœ€ÉÀ0123456789 ;,\t'\"-/.%\u00a0\nxyz"), min_size=1, max_size=12).map(
    lambda cellule: "x" + cellule.strip() + "x"
)


@given(st.lists(st.tuples(*[_CELLULE] * 4), min_size=1, max_size=8), st.sampled_from(sorted(DIALECTES)))
def test_la_meme_table_se_lit_pareil_dans_tous_les_dialectes(lignes: list[tuple[str, ...]], dialecte: str) -> None:
    if dialecte == "vieux mac":
        lignes = [tuple(cellule.replace("\n", " ") for cellule in ligne) for ligne in lignes]
    table = [list(RELEVES.champs), *map(list, lignes)]
    lu = lire(DIALECTES[dialecte](table), RELEVES)
    assert _cellules(lu) == [dict(zip(RELEVES.champs, ligne, strict=True)) for ligne in lignes]
    assert lu.fautes == ()


@given(st.lists(st.integers(0, 99999), min_size=1, max_size=40), st.sampled_from(sorted(DIALECTES)))
def test_les_numeros_sont_ceux_du_fichier(nombres: list[int], dialecte: str) -> None:
    table = [list(RELEVES.champs), *([*LIGNE[:2], str(nombre), "1"] for nombre in nombres)]
    lu = lire(DIALECTES[dialecte](table), RELEVES)
    premiere = 3 if dialecte == "séparateur annoncé" else 2
    assert lu.numeros.tolist() == list(range(premiere, premiere + len(nombres)))


@pytest.mark.parametrize(
    "titre", ["RPPS", "N° RPPS", "n°rpps", "Numéro RPPS", "Numero  rpps", "NO RPPS", "Identifiant RPPS", " rpps "]
)
def test_les_titres_usuels(titre: str) -> None:
    table = [[titre, "Date du relevé", "Patientèle MT", "FILE ACTIVE (patients)"], LIGNE]
    assert _cellules(lire(dialectes.texte(table), RELEVES)) == [dict(zip(RELEVES.champs, LIGNE, strict=True))]


def test_un_titre_inconnu_dit_ses_voisins_et_un_double_ses_deux_noms() -> None:
    table = [["N° RPPS", "rpps", "dat", "file_activ", "patientele_mt"], [*LIGNE, "1"]]
    with pytest.raises(FichierRefuse) as refus:
        lire(dialectes.texte(table), RELEVES)
    assert "« file_activ » inconnue (proche : file_active)" in str(refus.value)
    assert "« rpps » en double (« N° RPPS » et « rpps »)" in str(refus.value)
    assert "« date » absente" in str(refus.value)


def test_les_lignes_vides_et_les_retours_dans_une_cellule_comptent() -> None:
    brut = 'rpps;date;patientele_mt;file_active\n\n10;"a\nb";3;4\n\n11;c;5;6;7\n12;d\n'
    lu = lire(brut.encode(), RELEVES)
    assert lu.numeros.tolist() == [3, 7]
    assert [(f.ligne, f.champ) for f in lu.fautes] == [(6, "ligne")]
    assert _cellules(lu)[1] == {"rpps": "12", "date": "d", "patientele_mt": "", "file_active": ""}


@pytest.mark.parametrize("total", ["TOTAL", "Total général", "Sous-total", "Totaux", "ensemble"])
@pytest.mark.parametrize("dialecte", ["point-virgule", "xlsx", "ods"])
def test_une_ligne_de_total_est_nommee(total: str, dialecte: str) -> None:
    lu = lire(DIALECTES[dialecte]([list(RELEVES.champs), LIGNE, [total, "", "1484", "2046"]]), RELEVES)
    assert lu.numeros.tolist() == [2]
    assert [(f.ligne, f.valeur) for f in lu.fautes] == [(3, total)]
    assert "total" in lu.fautes[0].message


def test_une_virgule_de_trop_est_expliquee() -> None:
    lu = lire(b"rpps,date,patientele_mt,file_active\n1,2,1484,0,2046\n1,2,3,4\n", RELEVES)
    assert lu.numeros.tolist() == [3]
    assert "entre guillemets" in lu.fautes[0].message


@pytest.mark.parametrize(
    ("octets", "dit"),
    [
        (b"", "vide"),
        (b"  \n\n", "vide"),
        (b"rpps|date\n1|2\n", "séparateur « | » refusé"),
        (b"sep=|\nrpps|date\n1|2\n", "séparateur « | » refusé"),
        (b"rpps;date\n", "aucune ligne"),
        (b'rpps;date\n1;"2\n3;4\n', "ligne 2"),
        (b"\x00\x01\x02\x03" * 20, "texte illisible"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(30)), "texte illisible"),
        (b"PK\x03\x04 pas une archive", "classeur illisible"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "mot de passe"),
        (b"rpps;date;\n1;2;3\n", "sans titre"),
    ],
    ids=range(11),
)
def test_ce_qui_ne_se_lit_pas_est_dit(octets: bytes, dit: str) -> None:
    with pytest.raises(FichierRefuse, match=re.escape(dit)):
        lire(octets, RELEVES)


def test_les_cellules_typees_d_un_classeur() -> None:
    flux = io.BytesIO()
    with xlsxwriter.Workbook(flux, {"in_memory": True}) as classeur:
        feuille = classeur.add_worksheet("Relevés")
        feuille.write_row(1, 1, list(RELEVES.champs))
        feuille.write_number(2, 1, 10990000019)
        feuille.write_datetime(2, 2, datetime.datetime(2025, 12, 31), classeur.add_format({"num_format": "dd/mm/yyyy"}))
        feuille.write_number(2, 3, 1484)
        feuille.write_number(2, 4, 0.5)
        classeur.add_worksheet("Vide")
        classeur.add_worksheet("Listes").hide()
    lu = lire(flux.getvalue(), RELEVES)
    assert lu.numeros.tolist() == [3]
    assert _cellules(lu) == [
        {"rpps": "10990000019", "date": "2025-12-31", "patientele_mt": "1484", "file_active": "0.5"}
    ]


def test_deux_feuilles_remplies_sont_demandees() -> None:
    flux = io.BytesIO()
    with xlsxwriter.Workbook(flux, {"in_memory": True}) as classeur:
        for nom in ("Janvier", "Février"):
            classeur.add_worksheet(nom).write_row(0, 0, list(RELEVES.champs))
    with pytest.raises(FichierRefuse, match="2 feuilles remplies \\(« Janvier », « Février »\\)"):
        lire(flux.getvalue(), RELEVES)


def test_un_classeur_qui_pretend_trop_n_est_pas_ouvert() -> None:
    """A few kilobytes may claim seventeen billion cells: refused in words, and the memory is never taken."""
    flux = io.BytesIO()
    with xlsxwriter.Workbook(flux, {"in_memory": True}) as classeur:
        feuille = classeur.add_worksheet()
        feuille.write(0, 0, "rpps")
        feuille.write(1_048_575, 16_383, "x")
    ligne = '<table:table-row table:number-rows-repeated="{}">{}</table:table-row>'
    typee = '<table:table-cell table:number-columns-repeated="{}" office:value-type="string">'
    cellule = typee + "<text:p>x</text:p></table:table-cell>"
    vides = '<table:table-cell table:number-columns-repeated="900000"/>'
    bombes = [
        flux.getvalue(),
        dialectes.archive_ods(ligne.format(1_000_000, cellule.format(400))),
        dialectes.archive_ods(ligne.format(1, cellule.format(1_000_000_000))),
        dialectes.archive_ods(ligne.format(1, vides + cellule.format(1))),
    ]
    for bombe in bombes:
        assert len(bombe) < 20_000
        with pytest.raises(FichierRefuse, match="colonnes"):
            lire(bombe, RELEVES)


def test_une_archive_qui_se_deplie_trop_n_est_pas_ouverte(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("binome.tableaux.classeur.OCTETS_DEPLIES", 100_000)
    flux = io.BytesIO()
    with zipfile.ZipFile(flux, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 1_000_000)
    assert len(flux.getvalue()) < 2_000
    with pytest.raises(FichierRefuse, match="une fois déplié"):
        lire(flux.getvalue(), RELEVES)


def test_les_fins_vides_d_un_ods_ne_coutent_rien() -> None:
    cellules = '<table:table-cell table:number-columns-repeated="16384"/>'
    vides = f'<table:table-row table:number-rows-repeated="1048000">{cellules}</table:table-row>'
    lu = lire(dialectes.ods([list(RELEVES.champs), LIGNE], apres=vides), RELEVES)
    assert _cellules(lu) == [dict(zip(RELEVES.champs, LIGNE, strict=True))]


def test_les_bornes_d_une_porte() -> None:
    brut = dialectes.texte([list(RELEVES.champs), LIGNE, LIGNE, LIGNE])
    with pytest.raises(FichierRefuse, match="au plus 2 lignes"):
        lire(brut, RELEVES, lignes_maximum=2)
    with pytest.raises(FichierRefuse, match="Mo"):
        lire(brut, RELEVES, octets_maximum=10)
