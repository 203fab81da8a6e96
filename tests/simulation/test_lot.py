"""The batch: the same answers as one by one, every bad line named, nothing half-written."""

from __future__ import annotations

import csv
import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench import population
from binome.documents.tableur import euros
from binome.simulation.modele.erreurs import BinomeErreur
from binome.simulation.modele.resultat import Resultat
from binome.simulation.modele.situation import Lectures, Situation
from binome.simulation.moteur.systeme import systeme
from binome.simulation.reponse.simuler import simuler
from binome.simulation.tables import csv as textes_en_colonnes
from binome.simulation.tables import lot, table
from binome.simulation.tables.colonnes import COLONNES
from openfisca_assistants_medicaux.apports import AUCUN
from tests.simulation.lots import ecrire, en_ligne, traiter
from tests.simulation.situations import AUJOURD_HUI, situations


@settings(max_examples=25, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(situations(), min_size=1, max_size=12))
def test_un_medecin_seul_ou_dans_une_table(tmp_path: Path, tirees: list[dict[str, Any]]) -> None:
    """`simuler` on one doctor equals `lot` on the same line: verdicts, objectives, amounts, certainty."""
    bilan, reponses = traiter(tmp_path, [en_ligne(situation) for situation in tirees])
    assert bilan.rejetees == 0
    for situation, ligne in zip(tirees, reponses.iter_rows(named=True), strict=True):
        seul = simuler(Situation.model_validate(situation))
        assert ligne["eligible"] == seul.verdict.eligible
        assert ligne["regime"] == seul.regime
        refusees = [c.nom for c in seul.verdict.conditions if c.verdict == "non_remplie"]
        assert ligne["conditions_non_remplies"].split() == refusees
        for objectif in seul.objectifs:
            assert ligne[f"gain_{objectif.indicateur}"] == objectif.gain
            assert ligne[f"borne_gain_{objectif.indicateur}"] == objectif.gain_au_plus
        choisie = next(option for option in seul.options if option.choisie)
        assert ligne["option_ouverte"] == choisie.ouverte
        if choisie.ouverte != "non":
            assert ligne["certitude"] == seul.certitude
        for annee in choisie.annees:
            assert ligne[f"montant_du_an{annee.rang}"] == euros(annee.montant_du)
            assert ligne[f"montant_prevu_an{annee.rang}"] == euros(annee.montant_prevu)
            if annee.montant_maximal is not None:
                assert ligne[f"montant_maximal_bas_an{annee.rang}"] == euros(annee.montant_maximal)
                assert ligne[f"montant_maximal_haut_an{annee.rang}"] == euros(annee.montant_maximal)
        if not choisie.annees:
            assert ligne["montant_maximal_bas_an1"] is None
        assert ligne["total_cinq_ans"] == euros(choisie.total_cinq_ans)
        assert lectures_de(ligne) == lectures_dites(seul)


def lectures_de(ligne: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """What a line of a table says of the open points: both totals, by point."""
    return {
        nom: (ligne[f"total_cinq_ans_{nom}_a"], ligne[f"total_cinq_ans_{nom}_b"])
        for nom in ligne["points_ouverts"].split()
    }


def lectures_dites(seul: Resultat) -> dict[str, tuple[Any, Any]]:
    """What `simuler` says of them, on the option chosen."""
    choisie = seul.situation.contrat and seul.situation.contrat.option
    return {
        point.point: tuple(lue and euros(lue.total_cinq_ans) for lue in (point.a, point.b))  # type: ignore[misc]
        for point in seul.lectures
        if point.ouverte and point.option == choisie
    }


DE_2020 = {"specialite": 1, "secteur": "secteur_1", "nombre_medecins_lieu": 3, "engagement_exercice_coordonne": True}
#: For each open point of an individual contract, a line on which its two readings differ.
OUVERTS: dict[str, dict[str, Any]] = {
    "d2": {
        "medecin": {**DE_2020, "specialite": "orl", "part_honoraires_cliniques": "0.8"},
        "patientele": {"file_active": 2500},
        "contrat": {"date_signature": "2026-03-02", "option": "1", "bande_notifiee": "p70_p90"},
    },
    "d4": {
        "medecin": {**DE_2020, "zone": "zip"}, "patientele": {"patientele_mt_adultes": 600, "file_active": 2500},
        "contrat": {"date_signature": "2019-11-05", "option": "1/2"},
    },
    "d5": {
        "medecin": {**DE_2020, "zone": "zac"}, "patientele": {"patientele_mt_adultes": 700, "file_active": 1200},
        "contrat": {"date_signature": "2019-12-02", "option": "1"},
    },
    "d7": {
        "medecin": DE_2020, "patientele": {"patientele_mt": 2300, "file_active": 1600},
        "contrat": {"date_signature": "2026-03-02", "option": "1"},
    },
    "d12": {
        "medecin": {**DE_2020, "zone": "zip"}, "patientele": {"patientele_mt_adultes": 2059, "file_active": 2333},
        "contrat": {"date_signature": "2020-10-01", "option": "1"},
        "objectifs_notifies": {"patientele_mt": {"cible": 2161}, "file_active": {"cible": 2449}},
        "resultats": [{"annee": 3, "patientele_mt": 2400, "file_active": 2360}],
    },
    "d24": {
        "medecin": {**DE_2020, "zone": "zip"}, "patientele": {"patientele_mt_adultes": 700, "file_active": 1200},
        "contrat": {"date_signature": "2019-12-02", "option": "1/2"}, "assistant": {"date_embauche": "2020-06-01"},
    },
    "e3": {
        "medecin": DE_2020, "patientele": {"patientele_mt": 1300, "file_active": 1700},
        "contrat": {"date_signature": "2026-03-02", "option": "1", "renouvellement": True},
    },
    "e9": {
        "medecin": {**DE_2020, "date_installation": "2023-01-02"},
        "patientele": {"patientele_mt": 445, "file_active": 914},
        "contrat": {"date_signature": "2023-06-05", "option": "1"},
        "resultats": [{"annee": 3, "patientele_mt": 845, "file_active": 1114}],
    },
}  # fmt: skip


def test_un_lot_donne_les_deux_lectures_de_chaque_point(tmp_path: Path) -> None:
    """Both totals by open point, those of `simuler`; nothing once the fund settled, nor where nothing is open."""
    assert set(OUVERTS) == set(Lectures.model_fields)
    tirees = [
        {"date_appreciation": AUJOURD_HUI.isoformat(), "assistant": {"locaux_adaptes": True}, **cas}
        for cas in OUVERTS.values()
    ]
    tranchees = [
        {**cas, "contrat": {**cas["contrat"], "lectures": {nom: "a"}}} for nom, cas in zip(OUVERTS, tirees, strict=True)
    ]
    lignes = [en_ligne(cas) for cas in (*tirees, *tranchees)] + [BONNE]
    bilan, reponses = traiter(tmp_path, lignes)
    assert bilan.fautes == []
    rendues = list(reponses.iter_rows(named=True))
    dites = [lectures_dites(simuler(Situation.model_validate(cas))) for cas in (*tirees, *tranchees)]
    assert [lectures_de(ligne) for ligne in rendues[:-1]] == dites
    for nom, lue, tranchee in zip(OUVERTS, dites[: len(OUVERTS)], dites[len(OUVERTS) :], strict=True):
        assert nom in lue
        assert nom not in tranchee
        assert len(set(lue[nom])) == 2 or nom == "d24"
    assert rendues[-1]["points_ouverts"] == ""
    assert bilan.points_ouverts == {nom: sum(nom in lue for lue in dites) for nom in OUVERTS}
    # The columns are those of every point, touched or not: two tables have the same.
    sans = traiter(tmp_path, [BONNE])[1]
    assert sans.columns == reponses.columns
    assert {f"total_cinq_ans_{nom}_{lecture}" for nom in OUVERTS for lecture in "ab"} <= set(sans.columns)


BONNE = {
    "identifiant": "A",
    "specialite": "medecine_generale",
    "secteur": "secteur_1",
    "date_signature": "2026-03-02",
    "option": "1",
    "patientele_mt": 1200,
    "file_active": 1600,
    "locaux_adaptes": "oui",
}


@pytest.mark.parametrize(
    ("champ", "valeur", "attendu"),
    [
        ("specialite", "astrologie", "non reconnue"),
        ("specialite", "36", "non reconnue"),
        ("date_signature", "2026-02-30", "AAAA-MM-JJ"),
        ("date_signature", "2019-08-20", "précède le dispositif"),
        ("date_signature", "", "absente"),
        ("patientele_mt", "-3", "au moins égal à 0"),
        ("patientele_mt", "1200.5", "nombre entier"),
        ("patientele_mt", "1.200", "1\u202f200 ou 1,2"),
        ("patientele_mt", "NS", "secrète"),
        ("quotite_liberale", "1", "1\u00a0% ou 100\u00a0%"),
        ("option", "3/4", "attendu"),
        ("part_honoraires_cliniques", "0,85 %", "entre 1 et 100"),
        ("part_honoraires_cliniques", "nan", "nombre"),
        ("quotite_liberale", "0", "entre 1 et 100"),
        ("locaux_adaptes", "peut-être", "oui ou non"),
        ("patientele_mt_enfants", "1201", "somme des adultes et des enfants"),
        ("date_installation", "2027-01-01", "antérieure"),
        ("date_bascule", "2026-01-01", "postérieure à date_signature"),
        ("resultat_3_file_active", "1700", "ne commence que"),
        ("date_fin_suspension", "2026-05-01", "valeur attendue avec date_fin_suspension"),
        ("date_signature", "1772409600", "AAAA-MM-JJ"),
        ("date_signature", "2090-01-01", "trop lointaine"),
        ("date_embauche", "1950-06-01", "précède le dispositif"),
        ("date_fin_anticipee", "2041-06-01", "suit la fin du contrat"),
        ("montant_notifie_annee_1", "-1", "au moins égal à 0"),
    ],
)
def test_une_mauvaise_ligne_est_nommee_et_les_bonnes_restent(
    tmp_path: Path, champ: str, valeur: str, attendu: str
) -> None:
    bilan, reponses = traiter(
        tmp_path, [BONNE, {**BONNE, "identifiant": "B", champ: valeur}, BONNE | {"identifiant": "C"}]
    )
    assert (bilan.lignes, bilan.acceptees) == (3, 2)
    assert reponses["identifiant"].to_list() == ["A", "C"]
    assert reponses["ligne"].to_list() == [2, 4]
    with (tmp_path / "r.rejets.csv").open(encoding="utf-8-sig") as flux:
        rejets = list(csv.DictReader(flux, delimiter=";"))
    concernes = [rejet for rejet in rejets if attendu in rejet["raison"]]
    assert concernes, rejets
    assert {rejet["ligne"] for rejet in rejets} == {"3"}
    # Children beyond the total are a fault of the total; an end without its start, of the start.
    accuses = {"patientele_mt_enfants": "patientele_mt", "date_fin_suspension": "date_debut_suspension"}
    assert concernes[0]["champ"] == accuses.get(champ, champ)


def test_une_option_fermee_est_une_reponse(tmp_path: Path) -> None:
    """As `simuler` says it: no amount, and the condition that refuses the option, for this line only."""
    bilan, reponses = traiter(tmp_path, [BONNE, {**BONNE, "option": "1/3"}])
    assert bilan.rejetees == 0
    assert reponses["option_ouverte"].to_list() == ["oui", "non"]
    assert reponses["conditions_non_remplies"].to_list() == ["", "condition_option_souscriptible"]
    assert [total is None for total in reponses["total_cinq_ans"]] == [False, True]


def test_toutes_les_fautes_d_une_ligne_sont_dites(tmp_path: Path) -> None:
    mauvaise = BONNE | {"specialite": "x", "patientele_mt": -1, "option": "7"}
    bilan, reponses = traiter(tmp_path, [mauvaise])
    assert reponses.height == 0
    assert {faute.champ for faute in bilan.fautes} == {"specialite", "patientele_mt", "option"}


@pytest.mark.parametrize(
    ("contenu", "attendu"),
    [
        (b"", "vide"),
        (b"specialite|date_signature|option\n1|2026-01-01|1\n", "séparateur"),
        (b"specialite,date_signature\nmedecine_generale,2026-01-01\n", "option"),
        (b"specialite,date_signature,option,couleur\n1,2026-01-01,1,bleu\n", "couleur"),
        (b'specialite,date_signature,option\n1,2026-01-01,1,4\n1,"2026-01-01,1\n', "guillemets"),
        (b"specialite,date_signature,option, option\n1,2026-01-01,1,1\n", "double"),
        (b"specialite,date_signature,option\n", "aucune ligne"),
    ],
)
def test_un_fichier_illisible_n_ecrit_rien(tmp_path: Path, contenu: bytes, attendu: str) -> None:
    entree = tmp_path / "m.csv"
    entree.write_bytes(contenu)
    with pytest.raises(BinomeErreur, match=attendu):
        lot.traiter(entree, tmp_path / "r.csv", tmp_path / "rejets.csv", AUJOURD_HUI)
    assert sorted(fichier.name for fichier in tmp_path.iterdir()) == ["m.csv"]


def test_une_ligne_aux_cellules_en_trop_est_mise_a_part(tmp_path: Path) -> None:
    """Its number is that of the file, also after a cell that holds a line break; the other lines go on."""
    entree = tmp_path / "m.csv"
    entree.write_text(
        "identifiant,specialite,date_signature,option,patientele_mt\n"
        "A,1,2026-03-02,1,1200\n"
        'B,1,2026-03-02,1,"1\n200"\n'
        "C,1,2026-03-02,1,1200,0,85\n"
        "D,1,2026-03-02,1,900\n",
        encoding="utf-8",
    )
    bilan = lot.traiter(entree, tmp_path / "r.csv", tmp_path / "r.rejets.csv", AUJOURD_HUI)
    assert (bilan.lignes, bilan.acceptees, bilan.rejetees) == (4, 2, 2)
    assert [(faute.ligne, faute.champ) for faute in bilan.fautes] == [(3, "patientele_mt"), (5, "ligne")]
    assert "7 cellules" in bilan.fautes[1].message
    with (tmp_path / "r.csv").open(encoding="utf-8-sig") as flux:
        lues = [(ligne["identifiant"], ligne["ligne"]) for ligne in csv.DictReader(flux, delimiter=";")]
    assert lues == [("A", "2"), ("D", "6")]


def test_un_fichier_de_rejets_d_un_autre_n_est_pas_efface(tmp_path: Path) -> None:
    entree = ecrire(tmp_path / "m.csv", [BONNE])
    precieux = tmp_path / "precieux.csv"
    precieux.write_text("à garder", encoding="utf-8")
    lot.traiter(entree, tmp_path / "r.csv", precieux, AUJOURD_HUI)
    assert precieux.read_text(encoding="utf-8") == "à garder"


def test_une_cible_impossible_n_ecrit_rien(tmp_path: Path) -> None:
    entree = ecrire(tmp_path / "m.csv", [BONNE | {"option": "9"}])
    with pytest.raises(BinomeErreur, match="fichier attendu"):
        lot.traiter(entree, tmp_path / "r.csv", tmp_path, AUJOURD_HUI)
    with pytest.raises(BinomeErreur, match="précède le dispositif"):
        lot.traiter(entree, tmp_path / "r.csv", tmp_path / "x.csv", datetime.date(2018, 1, 1))
    assert [fichier.name for fichier in tmp_path.iterdir()] == ["m.csv"]


def test_une_extension_inconnue_est_refusee(tmp_path: Path) -> None:
    with pytest.raises(BinomeErreur, match=r"\.csv, \.xlsx ou \.parquet"):
        lot.traiter(tmp_path / "m.csv", tmp_path / "r.txt", tmp_path / "rejets.csv", AUJOURD_HUI)


def test_point_virgule_bom_et_csv(tmp_path: Path) -> None:
    """A spreadsheet's « CSV UTF-8 »: byte-order mark, semicolons."""
    entree = ecrire(tmp_path / "m.csv", [BONNE], separateur=";")
    entree.write_bytes(b"\xef\xbb\xbf" + entree.read_bytes())
    bilan = lot.traiter(entree, tmp_path / "r.csv", tmp_path / "rejets.csv", AUJOURD_HUI)
    assert bilan.acceptees == 1
    with (tmp_path / "r.csv").open(encoding="utf-8-sig") as flux:
        ligne = next(csv.DictReader(flux, delimiter=";"))
    assert [ligne[f"montant_maximal_bas_an{rang}"] for rang in range(1, 6)] == [
        "38000,00",
        "28000,00",
        "22000,00",
        "22000,00",
        "22000,00",
    ]
    assert not (tmp_path / "rejets.csv").exists()


def test_plusieurs_paquets_donnent_la_meme_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lignes = [BONNE | {"identifiant": str(rang), "patientele_mt": 700 + 25 * rang} for rang in range(40)]
    _, entiere = traiter(tmp_path, lignes)
    monkeypatch.setattr(table, "PAQUET", 7)
    avancees: list[tuple[int, int]] = []
    entree = ecrire(tmp_path / "m2.csv", lignes)
    lot.traiter(
        entree, tmp_path / "r2.parquet", tmp_path / "x.csv", AUJOURD_HUI, avancement=lambda *pas: avancees.append(pas)
    )
    assert pl.read_parquet(tmp_path / "r2.parquet").equals(entiere)
    assert avancees == [(7, 40), (14, 40), (21, 40), (28, 40), (35, 40), (40, 40)]


def test_rejouer_a_une_autre_date(tmp_path: Path) -> None:
    """A half-time contract of 1 October 2023: 13 500 € then 14 000 € for year 2, by what was known."""
    ligne = BONNE | {"date_signature": "2023-10-01", "option": "1/2"}
    entree = ecrire(tmp_path / "m.csv", [ligne])
    montants = []
    for date in (datetime.date(2024, 6, 1), datetime.date(2024, 7, 1)):
        lot.traiter(entree, tmp_path / "r.parquet", tmp_path / "rejets.csv", date)
        montants.append(str(pl.read_parquet(tmp_path / "r.parquet")["montant_maximal_bas_an2"][0]))
    assert montants == ["13500.00", "14000.00"]


@pytest.mark.parametrize(
    ("colonne", "cellules"),
    [
        ("patientele_mt", ["1200", "0", None, "850"]),
        ("patientele_mt", ["1200", "1 200", "0850", "1484,0"]),
        ("patientele_mt", ["1200", "-3", "99999999", "beaucoup", "12.5"]),
        ("date_signature", ["2026-03-02", "2019-08-21", None]),
        ("date_signature", ["2026-03-02", "02/03/2026", "2026-02-30", "0000-01-01", "0001-01-01", "1850-01-01"]),
        # Plainly written, and refused: told as the text is.
        ("patientele_mt", ["1200", "99999999"]),
        ("date_signature", ["2026-03-02", "2026-02-30"]),
        ("date_signature", ["2026-03-02", "0001-01-01"]),
        ("part_honoraires_cliniques", ["0.8", "80", "1", "80 %"]),
        ("montant_notifie_annee_1", ["36000", "36000,50", "1 200"]),
        ("nombre_medecins_lieu", [None, None]),
    ],
)
def test_une_colonne_simple_se_lit_comme_ses_textes_un_par_un(
    colonne: str, cellules: list[str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Days and whole numbers in their plainest writing are read at once: same values, same refusals."""

    def lues() -> tuple[Any, Any, Any]:
        saisies = table.Entrees(len(cellules))
        serie = pl.Series(colonne, cellules, dtype=pl.String)
        textes_en_colonnes._typer(systeme(AUCUN), COLONNES[colonne], serie, saisies)
        connues = saisies.colonnes[colonne]
        # Distinct texts come in any order: the file's own faults are sorted by line.
        return connues.valeurs, connues.donnees, sorted(saisies.fautes, key=lambda faute: faute.rang)

    d_un_trait = lues()
    monkeypatch.setattr(textes_en_colonnes, "_simples", lambda *_: None)
    une_par_une = lues()
    for ensemble, seules in zip(d_un_trait[:2], une_par_une[:2], strict=True):
        assert ensemble.dtype == seules.dtype
        assert ensemble.tolist() == seules.tolist()
    assert d_un_trait[2] == une_par_une[2]


def test_les_colonnes_simples_se_lisent_sans_texte_un_par_un(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(textes_en_colonnes, "distinctes", lambda *_: pytest.fail("lue texte par texte"))
    for colonne, cellules in (("patientele_mt", ["1200", "850"]), ("date_signature", ["2026-03-02", None])):
        serie = pl.Series(colonne, cellules, dtype=pl.String)
        textes_en_colonnes._typer(systeme(AUCUN), COLONNES[colonne], serie, table.Entrees(2))


def test_un_parquet_dit_ses_nombres_sur_64_bits(tmp_path: Path) -> None:
    """Numbers kept tight in memory are written as programs have always read them."""
    entree = tmp_path / "entree.csv"
    population.ecrire(5, entree)
    lot.traiter(entree, tmp_path / "sortie.parquet", tmp_path / "rejets.csv", AUJOURD_HUI)
    genres = pl.read_parquet(tmp_path / "sortie.parquet").schema
    assert pl.Int32 not in genres.values()
    assert genres["seuil_activite"] == pl.Int64
    assert genres["montant_du_an1"] == pl.Decimal(18, 2)
