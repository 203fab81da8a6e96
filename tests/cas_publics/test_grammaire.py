"""The words and the writings of the field, in every door: each case under its identifier."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import polars as pl
import pytest
from django.test import RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from binome.simulation.modele.erreurs import SituationInvalide
from binome.simulation.modele.situation import Situation
from binome.simulation.reponse.simuler import Simulation, simuler
from binome.simulation.tables import lot
from binome.site.simulateur import lecture
from tests.tableaux.dialectes import DIALECTES

LE_23_NOVEMBRE = datetime.date(2026, 11, 23)
BASE: dict[str, Any] = {
    "date_appreciation": "2026-11-23",
    "medecin": {"specialite": "medecine_generale", "secteur": "secteur_1"},
    "patientele": {"patientele_mt": 1200, "file_active": 1600},
    "contrat": {"date_signature": "2026-10-01", "option": 1},
    "assistant": {"profil_assistant": "cqp_am", "locaux_adaptes": "oui"},
}


def cas(**medecin: Any) -> dict[str, Any]:
    return {**BASE, "medecin": BASE["medecin"] | medecin}


def refus(document: dict[str, Any]) -> str:
    with pytest.raises(ValidationError) as erreur:
        Situation.model_validate(document)
    return "\n".join(str(faute) for faute in SituationInvalide.de_pydantic(erreur.value).fautes)


@pytest.mark.parametrize("statut", ["collaborateur", "Collaborateur libéral", "Médecin collaborateur libéral"])
def test_t03_un_collaborateur_liberal_signe_comme_un_installe(statut: str) -> None:
    lu = simuler(Situation.model_validate(cas(statut_exercice=statut)))
    assert lu.situation.medecin is not None
    assert lu.situation.medecin.statut_exercice == "collaborateur"
    condition = next(c for c in lu.verdict.conditions if c.nom == "condition_statut_exercice")
    assert condition.verdict == "remplie"
    assert lu.verdict.eligible == simuler(Situation.model_validate(BASE)).verdict.eligible
    remplacant = simuler(Situation.model_validate(cas(statut_exercice="remplaçant")))
    assert remplacant.verdict.eligible == "non"


@pytest.mark.parametrize(("zone", "lue"), [("ZIP", "zip"), ("Zip", "zip"), ("ZAC", "zac")])
def test_t06_une_zone_se_lit_dans_toute_casse(zone: str, lue: str) -> None:
    situation = Situation.model_validate(cas(zone=zone))
    assert situation.medecin is not None
    assert situation.medecin.zone == lue


@pytest.mark.parametrize("ecrite", [85, "85", "85 %", 0.85, "0,85", "0.85"])
def test_t14_une_part_clinique_se_lit_de_toutes_ses_ecritures(ecrite: Any) -> None:
    situation = Situation.model_validate(cas(specialite="orl", part_honoraires_cliniques=ecrite))
    assert situation.medecin is not None
    assert situation.medecin.part_honoraires_cliniques == 0.85


@pytest.mark.parametrize("ecrite", [850, "850", "0,85 %", -1])
def test_t14_hors_de_l_etendue_l_unite_est_dite(ecrite: Any) -> None:
    assert "entre 1 et 100\u00a0%" in refus(cas(specialite="orl", part_honoraires_cliniques=ecrite))


T35 = [
    ["Identifiant", "Spécialité", "Secteur", "Zonage", "Patientèle MT", "File active", "Date de signature", "Option"],
    ["A", "Médecin généraliste", "secteur_1", "zip", "1100", "1600", "01/10/2026", "1"],
    ["B", "medecine_generale", "Secteur 1", "zip", "1100", "1600", "2026-10-01", "1"],
    ["C", "medecine_generale", "secteur_1", "ZIP", "1100", "1600", "2026-10-01", "1"],
    ["D", "medecine_generale", "secteur_1", "zip", "1 100", "1 600", "2026-10-01", "1"],
    ["E", "01", "secteur_1", "zip", "1100", "1600", "2026-10-01", "0,5"],
    ["F", "1", "secteur_1", "", "1100", "", "2026-10-01", "1"],
    ["G", "medecine_generale", "secteur_1", "zip", "NS", "1600", "2026-10-01", "1"],
]


@pytest.mark.parametrize("dialecte", sorted(DIALECTES))
def test_t35_le_lot_d_un_tableur(tmp_path: Path, dialecte: str) -> None:
    """Six lines of seven are read, whoever wrote the file; the seventh says that its number is a secret."""
    entree, sortie = tmp_path / "m", tmp_path / "r.parquet"
    entree.write_bytes(DIALECTES[dialecte](T35))
    bilan = lot.traiter(entree, sortie, tmp_path / "rejets.csv", LE_23_NOVEMBRE)
    assert (bilan.lignes, bilan.acceptees) == (7, 6)
    premiere = 3 if dialecte == "séparateur annoncé" else 2
    assert [(f.ligne, f.champ) for f in bilan.fautes] == [(premiere + 6, "patientele_mt")]
    assert "secrète" in bilan.fautes[0].message
    reponses = pl.read_parquet(sortie)
    montants = reponses["montant_maximal_bas_an1"].to_list()
    assert montants[0] == montants[1] == montants[2] == montants[3]
    assert montants[4] == montants[0] / 2


def test_un_lot_dont_une_cellule_est_une_formule_est_inerte(tmp_path: Path) -> None:
    lignes = [T35[0], ["=cmd|x", *T35[1][1:]], ["@b", "=1+1", *T35[1][2:]]]
    entree = tmp_path / "m.csv"
    entree.write_bytes(DIALECTES["virgule"](lignes))
    for genre in ("csv", "csv-programme"):
        lot.traiter(entree, tmp_path / "r.csv", tmp_path / "rejets.csv", LE_23_NOVEMBRE, genre=lot.Format(genre))
        for ecrit in ("r.csv", "rejets.csv"):
            texte = (tmp_path / ecrit).read_text(encoding="utf-8-sig")
            cellules = [cellule for ligne in texte.splitlines() for cellule in ligne.replace(";", ",").split(",")]
            assert not [cellule for cellule in cellules if cellule.startswith(("=", "@"))]
        assert "'=cmd|x" in (tmp_path / "r.csv").read_text(encoding="utf-8-sig")
        assert "'=1+1" in (tmp_path / "rejets.csv").read_text(encoding="utf-8-sig")


def page(quotite: str) -> Simulation:
    """The address of T66, opened as the page does."""
    parametres = {
        "date_appreciation": "2026-11-23",
        "medecin.specialite": "medecine_generale",
        "medecin.secteur": "secteur_1",
        "medecin.quotite_liberale": quotite,
        "patientele.patientele_mt": "1200",
        "patientele.file_active": "1600",
        "contrat.date_signature": "2026-11-02",
        "contrat.option": "1",
        "assistant.date_embauche": "2026-11-16",
        "assistant.profil_assistant": "autre",
        "assistant.locaux_adaptes": "oui",
    }
    return lecture.ouvrir(RequestFactory().get(f"/simulation/resultat?{urlencode(parametres)}")).simulation


@pytest.mark.parametrize("ecrite", ["0,6", "0.6", "60", "60 %", "60,0"])
def test_t66_une_part_liberale_est_une_part(ecrite: str) -> None:
    """22 800 € the first year, however six tenths are written: never 228 €."""
    assert page(ecrite).resultat().annees[0].montant_maximal == 22_800_00


@pytest.mark.parametrize("ecrite", ["1", "1,0", "0,6 %", "0,006"])
def test_t66_une_part_a_deux_lectures_ou_hors_d_etendue_est_demandee(ecrite: str) -> None:
    with pytest.raises(lecture.AdresseRefusee) as erreur:
        page(ecrite)
    (faute,) = erreur.value.refus.fautes
    assert faute.champ == "medecin.quotite_liberale"
    assert "%" in faute.message


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pour_cent=st.integers(2, 99), champ=st.sampled_from(["quotite_liberale", "part_honoraires_cliniques"]))
def test_t66_une_part_se_lit_pareil_par_toutes_les_portes(tmp_path: Path, pour_cent: int, champ: str) -> None:
    """« 60 », « 60 % », « 0,6 », 0.6 and 60: a file, a page, the API, a batch read one share."""
    part = pour_cent / 100
    ecritures: list[Any] = [part, pour_cent, str(pour_cent), f"{pour_cent} %", f"{part}", f"{part}".replace(".", ",")]
    lues = set()
    for ecrite in ecritures:
        situation = Situation.model_validate(cas(**{champ: ecrite}))
        lues.add(getattr(situation.medecin, champ))
    assert lues == {part}
    titres = ["specialite", "date_signature", "option", champ]
    entree = tmp_path / "m.csv"
    lignes = [["1", "2026-10-01", "1", str(ecrite)] for ecrite in ecritures]
    entree.write_bytes(DIALECTES["point-virgule"]([titres, *lignes]))
    bilan = lot.traiter(entree, tmp_path / "r.parquet", tmp_path / "x.csv", LE_23_NOVEMBRE)
    assert bilan.fautes == []
    assert pl.read_parquet(tmp_path / "r.parquet").drop("ligne").unique().height == 1
