"""`binome lot`: the table, the summary, the rejects, the exit codes."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import polars as pl
import pytest

from tests.cli.outils import lancer, mots

TITRES = "identifiant,specialite,secteur,patientele_mt,file_active,date_signature,option,locaux_adaptes"
BONNE = "A,medecine_generale,secteur_1,1200,1600,2026-03-02,un_etp,oui"
#: At the P95 by the MT patients alone: two readings (D7).
DEUX_LECTURES = "C,medecine_generale,secteur_1,2300,1600,2026-03-02,un_etp,oui"
MAUVAISE = "B,astrologie,secteur_1,-3,1600,2026-02-30,un_etp,oui"
DATE = ("--date", "2026-11-23")


def ecrire(dossier: Path, *lignes: str) -> Path:
    fichier = dossier / "medecins.csv"
    fichier.write_text("\n".join([TITRES, *lignes]) + "\n", encoding="utf-8")
    return fichier


def _classeur(fichier: Path) -> pl.DataFrame:
    titres, *lignes = openpyxl.load_workbook(fichier).active.iter_rows(values_only=True)
    return pl.DataFrame(lignes, schema=list(titres), orient="row")


@pytest.mark.parametrize("genre", ["csv", "csv-programme", "parquet", "xlsx"])
def test_une_table_sans_faute(tmp_path: Path, genre: str) -> None:
    sortie = tmp_path / f"r.{genre.partition('-')[0]}"
    reponse = lancer("lot", ecrire(tmp_path, BONNE, DEUX_LECTURES), "-o", sortie, "--format", genre, *DATE)
    assert reponse.code == 0, reponse.erreurs
    assert "2 lignes lues, 2 simulées au 23/11/2026, aucune refusée." in mots(reponse.sortie)
    assert "Deux lectures, deux totaux (colonne « points_ouverts ») : D7 1 ligne." in mots(reponse.sortie)
    table = {
        "csv": lambda: pl.read_csv(sortie, separator=";", decimal_comma=True),
        "csv-programme": lambda: pl.read_csv(sortie),
        "parquet": lambda: pl.read_parquet(sortie),
        "xlsx": lambda: _classeur(sortie),
    }[genre]()
    assert table["montant_prevu_an1"].cast(pl.Float64).to_list() == [38000, 38000]
    assert [dits or "" for dits in table["points_ouverts"]] == ["", "d7"]
    assert table["total_cinq_ans_d7_a"].cast(pl.Float64).to_list() == [None, 190_000]
    assert table["total_cinq_ans_d7_b"].cast(pl.Float64).to_list() == [None, 132_000]
    assert sortie.read_bytes().startswith(b"\xef\xbb\xbf") is (genre == "csv")
    assert not (tmp_path / "r.rejets.csv").exists()


def test_des_lignes_refusees(tmp_path: Path) -> None:
    reponse = lancer("lot", ecrire(tmp_path, BONNE, MAUVAISE), "-o", tmp_path / "r.parquet", *DATE)
    assert reponse.code == 1
    lu = mots(reponse.sortie)
    assert "2 lignes lues, 1 simulée au 23/11/2026, 1 refusée." in lu
    assert "3 specialite « astrologie » refusé" in lu
    rejets = pl.read_csv(tmp_path / "r.rejets.csv", separator=";")
    assert set(rejets["champ"]) == {"specialite", "patientele_mt", "date_signature"}
    assert set(rejets["ligne"]) == {3}
    assert pl.read_parquet(tmp_path / "r.parquet").height == 1


def test_le_fichier_de_rejets_se_choisit(tmp_path: Path) -> None:
    rejets = tmp_path / "refus.csv"
    entree = ecrire(tmp_path, MAUVAISE)
    assert lancer("lot", entree, "-o", tmp_path / "r.csv", "--rejets", rejets, *DATE).code == 1
    assert rejets.exists()


def test_beaucoup_de_fautes_sont_resumees(tmp_path: Path) -> None:
    reponse = lancer("lot", ecrire(tmp_path, BONNE, *[MAUVAISE] * 20), "-o", tmp_path / "r.csv", *DATE)
    assert "autres fautes" in reponse.sortie
    assert len(reponse.sortie.splitlines()) < 25


def test_percentiles_ajoutes(tmp_path: Path) -> None:
    entete = "date,specialite,indicateur,population,percentile,valeur,certitude,source,lien,note"
    distributions = tmp_path / "d.csv"
    distributions.write_text(
        f"{entete}\n2021-12-31,medecine_generale,patientele_mt,tous_ages,70,1150,texte,CNAM,,\n", encoding="utf-8"
    )
    sortie = tmp_path / "r.parquet"
    assert lancer("lot", ecrire(tmp_path, BONNE), "-o", sortie, "--distributions", distributions, *DATE).code == 0
    assert pl.read_parquet(sortie)["bande_basse"].to_list() == ["p70_p90"]


FICHIERS = [
    (b"", "vide"),
    ("identifiant\nDr Béa\n".encode("latin-1"), "absente"),
    (b"specialite,zut\nmedecine_generale,1\n", "zut"),
]


@pytest.mark.parametrize(("contenu", "attendu"), FICHIERS)
def test_un_fichier_refuse(tmp_path: Path, contenu: bytes, attendu: str) -> None:
    fichier = tmp_path / "m.csv"
    fichier.write_bytes(contenu)
    reponse = lancer("lot", fichier, "-o", tmp_path / "r.csv", *DATE)
    assert (reponse.code, reponse.brut) == (2, "")
    assert attendu in reponse.erreurs
    assert sorted(p.name for p in tmp_path.iterdir()) == ["m.csv"]


def test_des_chemins_refuses(tmp_path: Path) -> None:
    entree = ecrire(tmp_path, BONNE)
    contenu = entree.read_bytes()
    cas = {
        ("absent.csv", tmp_path / "r.csv"): "introuvable",
        (entree, tmp_path / "r.txt"): "extension",
        (entree, tmp_path / "nulle" / "r.csv"): "dossier",
        (entree, entree): "est le fichier lu",
    }
    for (source, sortie), attendu in cas.items():
        reponse = lancer("lot", source, "-o", sortie, *DATE)
        assert (reponse.code, reponse.brut) == (2, "")
        assert attendu in reponse.erreurs
    assert entree.read_bytes() == contenu
    assert lancer("lot", entree, "-o", tmp_path / "r.csv", "--rejets", tmp_path / "r.csv", *DATE).code == 2


def test_un_rejeu_laisse_de_cote_les_resultats_a_venir(tmp_path: Path) -> None:
    """As `binome simuler --date`: what was not known on a past day is left out, and counted; it is refused today."""
    fichier = tmp_path / "medecins.csv"
    fichier.write_text(f"{TITRES},resultat_3_file_active\n{BONNE.replace('2026-03-02', '2023-11-06')},1700\n", "utf-8")
    sortie = tmp_path / "r.parquet"
    reponse = lancer("lot", fichier, "-o", sortie, "--date", "2024-06-01")
    assert reponse.code == 0, reponse.erreurs
    assert "Résultats non connus à cette date, laissés de côté : 1 année." in mots(reponse.sortie)
    assert pl.read_parquet(sortie)["montant_du_an3"].to_list() == [None]
    a_venir = f"{TITRES},resultat_5_file_active\n{BONNE.replace('2026-03-02', '2025-11-06')},1700\n"
    fichier.write_text(a_venir, "utf-8")
    assert lancer("lot", fichier, "-o", sortie).code == 1
    assert "ne commence que" in (tmp_path / "r.rejets.csv").read_text("utf-8")
