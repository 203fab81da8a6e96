"""POST /simulations/lot: one line in, one line out, in order, as they are computed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client, override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from binome.site.api import lot
from tests.site.api.outils import GENERALISTE, NDJSON, envoyer, lignes, probleme


def _ligne(patients: int) -> str:
    document = {**GENERALISTE, "patientele": {"patientele_mt": patients, "file_active": 1600}}
    return json.dumps(document, ensure_ascii=False)


def test_chaque_ligne_a_la_reponse_d_une_simulation(api: Client) -> None:
    envoyees = [_ligne(patients) for patients in (900, 1200, 2300)]
    *reponses, fin = lignes(envoyer(api, "/simulations/lot", "\n".join(envoyees), NDJSON))
    assert [reponse["ligne"] for reponse in reponses] == [1, 2, 3]
    for reponse, envoyee in zip(reponses, envoyees, strict=True):
        assert reponse["resultat"] == envoyer(api, "/simulations", envoyee).json()
    assert fin == {"bilan": {"lignes": 3, "simulees": 3, "refusees": 0}}
    # P95 by the MT patients alone: both readings, with both totals.
    (d7,) = reponses[2]["resultat"]["lectures"]
    assert (d7["point"], d7["a"]["total_cinq_ans"], d7["b"]["total_cinq_ans"]) == ("d7", 19_000_000, 13_200_000)


def test_les_lignes_refusees_n_arretent_pas_les_autres(api: Client) -> None:
    corps = "\n".join([_ligne(900), '{"medecin": }', "", _ligne(-1), '{"a":1,"a":2}', _ligne(1200), '["x"]', "NaN"])
    *reponses, fin = lignes(envoyer(api, "/simulations/lot", corps.replace("\n", "\r\n"), NDJSON))
    assert [reponse["ligne"] for reponse in reponses] == [1, 2, 4, 5, 6, 7, 8]
    assert [("resultat" in reponse) for reponse in reponses] == [True, False, False, False, True, False, False]
    assert fin == {"bilan": {"lignes": 7, "simulees": 2, "refusees": 5}}
    problemes: dict[int, Any] = {r["ligne"]: r["probleme"] for r in reponses if "probleme" in r}
    assert problemes[2]["detail"] == "Corps, colonne 13 : JSON invalide, valeur attendue."
    assert problemes[4]["fautes"][0]["champ"] == "patientele.patientele_mt"
    assert problemes[4]["status"] == 422
    assert "plusieurs fois" in problemes[5]["detail"]
    assert [problemes[rang]["status"] for rang in (5, 7, 8)] == [400, 400, 400]


def test_la_date_vaut_pour_toutes_les_lignes(api: Client) -> None:
    reponse, _ = lignes(envoyer(api, "/simulations/lot?date=2026-05-04", _ligne(900), NDJSON))
    assert reponse["resultat"]["date_appreciation"] == "2026-05-04"


def test_les_reponses_partent_a_mesure(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """No packet of lines is computed ahead of what is sent: the memory holds one of them at a time."""
    faites: list[int] = []
    ensemble = lot.Simulation.ensemble

    def noter(situations: Any, date: Any) -> Any:
        faites.append(len(situations))
        return ensemble(situations, date)

    monkeypatch.setattr(lot.Simulation, "ensemble", noter)
    monkeypatch.setattr(lot, "PAQUET", 2)
    reponse = envoyer(api, "/simulations/lot", "\n".join(_ligne(900 + rang) for rang in range(5)), NDJSON)
    assert faites == []
    morceaux = iter(reponse)
    for ligne, attendues in enumerate(([2], [2], [2, 2], [2, 2], [2, 2, 1]), start=1):
        assert json.loads(next(morceaux))["ligne"] == ligne
        assert faites == attendues
    assert "bilan" in json.loads(next(morceaux))
    assert list(morceaux) == []


def test_un_echec_n_arrete_pas_le_lot(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    simulation = lot.Simulation

    def echouer_parfois(situation: Any, date: Any) -> Any:
        if situation.patientele.patientele_mt == 901:
            raise ZeroDivisionError
        return simulation(situation, date)

    monkeypatch.setattr(lot, "Simulation", echouer_parfois)
    corps = "\n".join(_ligne(900 + rang) for rang in range(3))
    *reponses, fin = lignes(envoyer(api, "/simulations/lot", corps, NDJSON))
    assert reponses[1]["probleme"]["status"] == 500
    assert fin["bilan"] == {"lignes": 3, "simulees": 2, "refusees": 1}


def test_une_ligne_mal_encodee_n_a_que_son_numero(api: Client) -> None:
    corps = b"{}\n\n" + _ligne(900).encode() + b'\n{"titre": "\xe9"}\n'
    *_, derniere, _fin = lignes(envoyer(api, "/simulations/lot", corps, NDJSON))
    assert derniere["ligne"] == 4
    assert derniere["probleme"]["detail"] == "Corps : encodage illisible ; UTF-8 attendu."


@pytest.mark.django_db
def test_les_lots_simultanes_sont_comptes(api: Client) -> None:
    """A batch that is not read holds its place: the others wait, and everything else is answered."""
    with override_settings(LOTS_SIMULTANES=2):
        ouverts = [envoyer(api, "/simulations/lot", _ligne(900), NDJSON) for _ in range(2)]
        refus = envoyer(api, "/simulations/lot", _ligne(900), NDJSON)
        dit = probleme(refus, 503, "serveur-occupe")
        assert dit["detail"].replace("\u00a0", " ") == "Trop de lots sont en cours ; réessayez dans 15 secondes."
        assert refus.headers["Retry-After"] == "15"
        assert envoyer(api, "/simulations", GENERALISTE).status_code == 200
        # Read to the end, or left: the place is given back once.
        assert len(lignes(ouverts[0])) == 2
        ouverts[0].close()
        assert len(lignes(envoyer(api, "/simulations/lot", _ligne(900), NDJSON))) == 2
        ouverts[1].close()
        autres = [envoyer(api, "/simulations/lot", _ligne(900), NDJSON) for _ in range(2)]
        probleme(envoyer(api, "/simulations/lot", _ligne(900), NDJSON), 503, "serveur-occupe")
        for autre in autres:
            autre.close()


def test_un_lot_refuse_rend_sa_place(api: Client) -> None:
    with override_settings(LOTS_SIMULTANES=1):
        for _ in range(3):
            probleme(envoyer(api, "/simulations/lot", "", NDJSON), 400, "corps-illisible")
        assert len(lignes(envoyer(api, "/simulations/lot", _ligne(900), NDJSON))) == 2


@pytest.mark.parametrize("corps", ["", "\n\n \n"])
def test_un_lot_vide(api: Client, corps: str) -> None:
    probleme(envoyer(api, "/simulations/lot", corps, NDJSON), 400, "corps-illisible")


def test_un_lot_trop_long(api: Client) -> None:
    with override_settings(LIGNES_PAR_LOT=3):
        corps = "\n".join(["{}"] * 4)
        dit = probleme(envoyer(api, "/simulations/lot", corps, NDJSON), 413, "corps-trop-grand")
        assert "4 lignes ; 3 au plus" in dit["detail"].replace("\u00a0", " ")
        assert len(lignes(envoyer(api, "/simulations/lot", "{}\n\n{}\n{}\n", NDJSON))) == 4


def test_un_corps_trop_grand(api: Client) -> None:
    with override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=100):
        probleme(envoyer(api, "/simulations/lot", _ligne(900), NDJSON), 413, "corps-trop-grand")


def test_un_format_refuse(api: Client) -> None:
    dit = probleme(envoyer(api, "/simulations/lot", _ligne(900), "application/json"), 415, "format-refuse")
    assert NDJSON in dit["detail"]
    assert len(lignes(envoyer(api, "/simulations/lot", _ligne(900), "application/jsonl"))) == 2


@settings(derandomize=True, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(brutes=st.lists(st.one_of(st.binary(max_size=40), st.text(max_size=40).map(str.encode)), max_size=8))
def test_des_octets_quelconques(api: Client, brutes: list[bytes]) -> None:
    """Whatever the bytes, each line that holds something has its answer, and the batch its counts."""
    corps = b"\n".join([b"{}", *brutes])
    pleines = [rang for rang, ligne in enumerate(corps.split(b"\n"), start=1) if ligne.strip()]
    *reponses, fin = lignes(envoyer(api, "/simulations/lot", corps, NDJSON))
    assert [reponse["ligne"] for reponse in reponses] == pleines
    assert all(400 <= reponse["probleme"]["status"] < 500 for reponse in reponses)
    assert fin["bilan"] == {"lignes": len(pleines), "simulees": 0, "refusees": len(pleines)}
