"""Typed columns in, columns out: the answers of `simuler`, for any law, and bad values refused by name."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openfisca_core.reforms import Reform

from binome import argent
from binome.simulation.modele.erreurs import BinomeErreur
from binome.simulation.modele.situation import Situation
from binome.simulation.moteur import calcul
from binome.simulation.moteur.systeme import systeme
from binome.simulation.reponse.simuler import simuler
from binome.simulation.tables.colonnes import COLONNES
from binome.simulation.tables.table import SORTIES, simuler_table
from openfisca_assistants_medicaux.apports import AUCUN
from tests.simulation.lots import en_ligne
from tests.simulation.situations import AUJOURD_HUI, situations

VERSEMENTS = ("versement_1_date", "versement_1_montant", "versement_2_date", "versement_2_montant")


def typee(nom: str, valeur: Any) -> Any:
    """A value of a situation as a column holds it: dates, cents."""
    if valeur is None:
        return None
    if COLONNES[nom].en_centimes:
        return argent.en_centimes(float(valeur))
    return datetime.date.fromisoformat(valeur) if nom.startswith("date_") else valeur


def en_colonnes(tirees: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """Situations as typed columns."""
    plates = []
    for situation in tirees:
        ligne = en_ligne(situation)
        oui_non = {"oui": True, "non": False}
        plates.append({nom: oui_non.get(valeur, valeur) if isinstance(valeur, str) else valeur
                       for nom, valeur in ligne.items()})  # fmt: skip
    noms = dict.fromkeys(nom for ligne in plates for nom in ligne)
    return {nom: [typee(nom, ligne.get(nom)) for ligne in plates] for nom in noms}


@settings(max_examples=25, derandomize=True)
@given(st.lists(situations(), min_size=1, max_size=10))
def test_une_table_typee_repond_comme_une_simulation(tirees: list[dict[str, Any]]) -> None:
    """Every option at once, amounts and payments to the cent."""
    colonnes = en_colonnes(tirees)
    del colonnes["option"]
    for nom in [nom for nom in colonnes if "_notifie" in nom]:
        # What the fund notified belongs to one option.
        del colonnes[nom]
    options = ["demi_etp", "un_etp"]
    sorties = [*SORTIES, *VERSEMENTS, "certitude_gain_file_active"]
    reponses, fautes = simuler_table(systeme(AUCUN), colonnes, AUJOURD_HUI, sorties=sorties, options=options)
    assert fautes == []
    assert reponses["rang"].to_list() == [rang for rang in range(len(tirees)) for _ in options]
    for ligne in reponses.iter_rows(named=True):
        document = {**tirees[ligne["rang"]], "objectifs_notifies": {}, "montants_notifies": {}}
        document["contrat"] = {**document["contrat"], "option": ligne["option"]}
        seul = simuler(Situation.model_validate(document))
        choisie = next(option for option in seul.options if option.choisie)
        assert ligne["eligible"] == seul.verdict.eligible
        assert ligne["option_ouverte"] == choisie.ouverte
        assert ligne["total_cinq_ans"] == choisie.total_cinq_ans
        if choisie.ouverte != "non":
            assert ligne["certitude"] == seul.certitude
        for objectif in seul.objectifs:
            assert ligne[f"gain_{objectif.indicateur}"] == objectif.gain
        for annee in choisie.annees:
            assert ligne[f"debut_annuite_an{annee.rang}"] == annee.debut
            assert ligne[f"montant_du_an{annee.rang}"] == annee.montant_du
            for rang, versement in enumerate(annee.versements, start=1):
                assert ligne[f"versement_{rang}_montant_an{annee.rang}"] == versement.montant
                assert ligne[f"versement_{rang}_date_an{annee.rang}"] == versement.date


BONNES: dict[str, Any] = {
    "specialite": ["medecine_generale"] * 3,
    "secteur": ["secteur_1"] * 3,
    "date_signature": [datetime.date(2026, 3, 2)] * 3,
    "option": ["un_etp"] * 3,
    "patientele_mt": [1200] * 3,
    "file_active": [1600, None, 1700],
}


@pytest.mark.parametrize(
    ("champ", "valeurs", "attendu"),
    [
        ("patientele_mt", [1200, -3, 1200], "au moins égal à 0"),
        ("patientele_mt", [1200, 100_001, 1200], "au plus égal à 100000"),
        ("patientele_mt", np.array([1200, -3, 1200]), "au moins égal à 0"),
        ("specialite", ["pediatrie", "astrologie", None], "proches"),
        ("specialite", np.array([1, 999, 1]), "rang d'une modalité"),
        ("secteur", pl.Series(["secteur_1", "secteur_9", None], dtype=pl.Categorical), "attendu : Non conventionné"),
        ("date_installation", [None, datetime.date(1850, 1, 1), None], "1900-01-01"),
        ("date_installation", np.array(["0001-01-01", "2027-01-01", "NaT"], "datetime64[D]"), "suit la signature"),
        ("quotite_liberale", [1.0, 150.0, None], "entre 1 et 100"),
        ("quotite_liberale", [1.0, float("inf"), 0.5], "nombre"),
        ("montant_notifie_annee_1", [None, -1_00, 38_000_00], "au moins égal à 0"),
        ("date_signature", [datetime.date(2026, 3, 2), None, datetime.date(2026, 3, 2)], "absente"),
        ("renouvellement", np.array([False, True, False]), "aucun contrat n'est échu"),
    ],
)
def test_une_mauvaise_valeur_est_nommee_et_les_bonnes_lignes_restent(champ: str, valeurs: Any, attendu: str) -> None:
    colonnes = {**BONNES, champ: valeurs}
    if champ == "renouvellement":
        colonnes["date_signature"] = [datetime.date(2026, 3, 2), datetime.date(2022, 6, 1), datetime.date(2026, 3, 2)]
    reponses, fautes = simuler_table(systeme(AUCUN), colonnes, AUJOURD_HUI, sorties=["eligible", "montant_du"])
    assert (fautes[0].rang, fautes[0].champ) == (1, champ)
    assert attendu in fautes[0].message
    assert 1 not in reponses["rang"].to_list()


@pytest.mark.parametrize(
    ("colonnes", "attendu"),
    [
        ({**BONNES, "couleur": ["bleu"] * 3}, "couleur"),
        ({**BONNES, "file_active": [1]}, "même longueur"),
        ({"specialite": ["pediatrie"]}, "absente(s) : date_signature, option"),
        ({**BONNES, "patientele_mt": ["beaucoup"] * 3}, "patientele_mt : des nombres entiers"),
        ({**BONNES, "patientele_mt": np.array([1.5] * 3)}, "patientele_mt : des nombres entiers"),
        ({**BONNES, "date_signature": ["2026-03-02"] * 3}, "date_signature : des dates"),
        ({**BONNES, "renouvellement": [1, 0, 1]}, "renouvellement : des oui et non"),
        ({**BONNES, "specialite": [1.5] * 3}, "specialite : des noms"),
    ],
)
def test_une_colonne_d_un_autre_type_est_refusee_entiere(colonnes: dict[str, Any], attendu: str) -> None:
    with pytest.raises(BinomeErreur) as refus:
        simuler_table(systeme(AUCUN), colonnes, AUJOURD_HUI)
    assert attendu in str(refus.value)


@pytest.mark.parametrize(
    ("demande", "attendu"),
    [
        ({"sorties": ["zut"]}, "zut"),
        ({"annees": 6}, "1 à 5"),
        ({"annees": 2}, "total_cinq_ans"),
    ],
)
def test_un_chiffre_ou_une_annee_que_la_loi_n_a_pas(demande: dict[str, Any], attendu: str) -> None:
    with pytest.raises(BinomeErreur, match=attendu):
        simuler_table(systeme(AUCUN), BONNES, AUJOURD_HUI, **demande)


def test_sans_certitude_rien_n_est_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    traces = []
    originale = calcul.Execution

    def espionne(*arguments: Any, trace: bool) -> Any:
        traces.append(trace)
        return originale(*arguments, trace=trace)

    monkeypatch.setattr(calcul, "Execution", espionne)
    sorties = [nom for nom in SORTIES if nom not in ("certitude", "lectures")]
    sans, _ = simuler_table(systeme(AUCUN), BONNES, AUJOURD_HUI, sorties=sorties)
    assert not any(traces)
    avec, _ = simuler_table(systeme(AUCUN), BONNES, AUJOURD_HUI)
    assert any(traces)
    assert avec.select(sans.columns).equals(sans)


def test_quelques_annees_seulement() -> None:
    entiere, _ = simuler_table(systeme(AUCUN), BONNES, AUJOURD_HUI, sorties=["montant_prevu"])
    deux, _ = simuler_table(systeme(AUCUN), BONNES, AUJOURD_HUI, sorties=["montant_prevu"], annees=2)
    assert deux.columns == ["rang", "montant_prevu_an1", "montant_prevu_an2"]
    assert entiere.select(deux.columns).equals(deux)


def test_une_reforme_est_une_loi_comme_une_autre() -> None:
    class plus_dix_pour_cent(Reform):
        def apply(self) -> None:
            def relever(parametres: Any) -> Any:
                parametres.montants.un_etp.annee_1.update(start="2026-01-01", value=41_800)
                return parametres

            self.modify_parameters(relever)

    reforme = plus_dix_pour_cent(systeme(AUCUN))
    montants = [
        simuler_table(loi, BONNES, AUJOURD_HUI, sorties=["montant_prevu"])[0]["montant_prevu_an1"].to_list()
        for loi in (systeme(AUCUN), reforme, systeme(AUCUN))
    ]
    assert montants == [[38_000_00] * 3, [41_800_00] * 3, [38_000_00] * 3]


def test_un_rejeu_laisse_de_cote_ce_qui_n_etait_pas_connu() -> None:
    colonnes = {**BONNES, "resultat_3_file_active": [1700, None, None]}
    _, fautes = simuler_table(systeme(AUCUN), colonnes, AUJOURD_HUI)
    assert [(faute.rang, faute.champ) for faute in fautes] == [(0, "resultat_3_file_active")]
    reponses, fautes = simuler_table(systeme(AUCUN), colonnes, AUJOURD_HUI, rejeu=True)
    assert fautes == []
    assert reponses.height == 3


def test_l_exemple_de_la_documentation_s_execute() -> None:
    texte = (Path(__file__).parents[2] / "docs" / "tables.md").read_text(encoding="utf-8")
    exemple = texte.partition("```python\n")[2].partition("```")[0]
    espace: dict[str, Any] = {}
    exec(exemple, espace)  # noqa: S102 - our own page
    assert espace["reponses"]["rang"].to_list() == [0, 0, 1, 1]
    assert espace["reponses"]["option"].to_list() == ["demi_etp", "un_etp"] * 2
    assert espace["reponses"]["montant_prevu_an1"].to_list()[1] == 38_000_00
    assert [(faute.rang, faute.champ) for faute in espace["fautes"]] == [(2, "specialite")]
