"""POST /simulations: the answer of the command line, and every way to be refused."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client, override_settings

from binome.cli.fichiers import lire_document
from binome.site.api import exemples
from tests.simulation.situations import SANS_REGLE
from tests.site.api.outils import EXEMPLES, FICHIERS, GENERALISTE, envoyer, lignes, par_la_commande, probleme


@pytest.mark.parametrize("fichier", FICHIERS, ids=lambda fichier: fichier.stem)
def test_la_reponse_est_celle_de_la_commande(api: Client, fichier: Path) -> None:
    reponse = envoyer(api, "/simulations", lire_document(str(fichier)))
    assert reponse.status_code == 200
    assert reponse.headers["Content-Type"] == "application/json"
    assert reponse.json() == par_la_commande(fichier)


def test_la_reponse_est_celle_du_programme(api: Client, tmp_path: Path) -> None:
    fichier = tmp_path / "situation.json"
    fichier.write_text(json.dumps(GENERALISTE), encoding="utf-8")
    commande = [sys.executable, "-m", "binome", "simuler", str(fichier), "--json"]
    attendu = json.loads(subprocess.run(commande, capture_output=True, check=True).stdout)
    assert attendu["total_cinq_ans"] == 13_200_000
    assert envoyer(api, "/simulations", GENERALISTE).json() == attendu


def test_la_date_de_l_adresse_l_emporte(api: Client) -> None:
    fichier = EXEMPLES / "mi-temps-2020-annee-5.yaml"
    reponse = envoyer(api, "/simulations?date=2023-12-01", lire_document(str(fichier))).json()
    assert reponse["date_appreciation"] == "2023-12-01"
    assert reponse == par_la_commande(fichier, "2023-12-01")
    assert any("laissés de côté" in message for message in reponse["messages"])


def test_les_accents_sont_ecrits(api: Client) -> None:
    contenu = envoyer(api, "/simulations", GENERALISTE).content
    assert "Généraliste de 2026".encode() in contenu


def test_une_marque_d_ordre_des_octets_est_passee(api: Client) -> None:
    assert envoyer(api, "/simulations", b"\xef\xbb\xbf" + json.dumps(GENERALISTE).encode()).status_code == 200


def _avec(**champs: Any) -> dict[str, Any]:
    """The example, with « groupe__champ » replaced."""
    document: dict[str, Any] = json.loads(json.dumps(GENERALISTE))
    for chemin, valeur in champs.items():
        groupe, _, champ = chemin.partition("__")
        if champ:
            document.setdefault(groupe, {})[champ] = valeur
        else:
            document[groupe] = valeur
    return document


@pytest.mark.parametrize(
    ("document", "champ", "valeur"),
    [
        (_avec(medecin__specialite="cardiolog"), "medecin.specialite", "cardiolog"),
        (_avec(patientele__patientele_mt=-1), "patientele.patientele_mt", -1),
        (_avec(patientele__patientele_mt=10**30), "patientele.patientele_mt", str(10**30)),
        (_avec(patientele__file_active="beaucoup"), "patientele.file_active", "beaucoup"),
        (_avec(contrat__date_signature="2026-02-30"), "contrat.date_signature", "2026-02-30"),
        (_avec(contrat__date_signature="2018-01-01"), "contrat.date_signature", "2018-01-01"),
        (_avec(inconnu=1), "inconnu", 1),
        (_avec(medecin__inconnu={"a": [1]}), "medecin.inconnu", None),
        (_avec(resultats=[{"annee": 4, "file_active": 1700}]), "resultats.1.annee", 4),
        (_avec(patientele=[]), "patientele", None),
        (_avec(titre="x" * 201), "titre", "x" * 199 + "…"),
        (_avec(contrat__option=0.96), "contrat.option", 0.96),
        (_avec(contrat__date_debut_suspension="2026-01-01"), "contrat.date_debut_suspension", "2026-01-01"),
        (_avec(contrat__date_fin_suspension="2027-01-01"), "contrat.date_debut_suspension", None),
        (
            _avec(resultats=[{"annee": 3, "file_active": 1}], projections=[{"annee": 3, "file_active": 2}]),
            "projections.1.annee",
            3,
        ),
    ],
)
def test_une_faute_nomme_son_champ(api: Client, document: dict[str, Any], champ: str, valeur: Any) -> None:
    dit = probleme(envoyer(api, "/simulations", document), 422, "situation-invalide")
    assert [faute["champ"] for faute in dit["fautes"]] == [champ]
    assert dit["fautes"][0]["valeur"] == valeur
    assert dit["fautes"][0]["message"]


def test_une_option_fermee_se_repond_et_les_autres_se_comparent(api: Client) -> None:
    reponse = envoyer(api, "/simulations", _avec(contrat__option="tiers_etp"))
    assert reponse.status_code == 200
    dit = reponse.json()
    assert (dit["verdict"]["eligible"], dit["verdict"]["option"], dit["annees"]) == ("oui", "non", [])
    options = {option["option"]: option for option in dit["options"]}
    fermee = options["tiers_etp"]
    assert (fermee["choisie"], fermee["annees"], fermee["total_cinq_ans"]) == (True, [], None)
    assert {c["nom"]: c["verdict"] for c in fermee["conditions"]}["condition_option_souscriptible"] == "non_remplie"
    assert (options["demi_etp"]["total_cinq_ans"], options["un_etp"]["total_cinq_ans"]) == (6_600_000, 13_200_000)
    refus = "L'option 1/3 ETP n'est pas ouverte aux contrats signés le 2 mars 2026"
    messages = [message.replace("\u00a0", " ") for message in dit["messages"]]
    assert f"{refus} ; restent, comparées : 1/2 ETP et 1 ETP." in messages


def test_une_situation_vide_nomme_ce_qui_manque(api: Client) -> None:
    dit = probleme(envoyer(api, "/simulations", {}), 422, "situation-invalide")
    assert [faute["champ"] for faute in dit["fautes"]] == ["medecin", "contrat"]


def test_un_groupe_et_un_medecin_se_nomment(api: Client) -> None:
    document = {**_avec(), "groupe": exemples.situation("groupe")["groupe"]}
    dit = probleme(envoyer(api, "/simulations", document), 422, "situation-invalide")
    assert [faute["champ"] for faute in dit["fautes"]] == ["medecin", "contrat", "patientele"]


def test_les_fautes_sont_celles_de_la_commande(api: Client, tmp_path: Path) -> None:
    document = _avec(medecin__specialite="cardiolog", patientele__file_active=-3, contrat__zut=1)
    fichier = tmp_path / "situation.yaml"
    fichier.write_text(yaml.safe_dump(document), encoding="utf-8")
    commande = [sys.executable, "-m", "binome", "simuler", str(fichier)]
    erreurs = subprocess.run(commande, capture_output=True, check=False).stderr.decode()
    dit = probleme(envoyer(api, "/simulations", document), 422, "situation-invalide")
    assert len(dit["fautes"]) == 3
    for faute in dit["fautes"]:
        assert faute["message"] in erreurs
        assert faute["champ"] in erreurs


@pytest.mark.parametrize(
    ("corps", "dit"),
    [
        (b"", "vide"),
        (b" \n ", "vide"),
        (b"[]", "une liste"),
        (b"12", "une valeur seule"),
        (b"null", "une valeur seule"),
        (b'{"titre": }', "colonne 11 : JSON invalide, valeur attendue"),
        (b'{"titre": "a"\n "x": 1}', "ligne 2, colonne 2 : JSON invalide, « , » attendue"),
        (b'{"titre": "a", "titre": "b"}', "titre : champ donné plusieurs fois"),
        (b'{"medecin": {"zone": "zip", "zone": "zac"}}', "medecin.zone : champ donné plusieurs fois"),
        (b'{"resultats": [{"annee": 3}, {"annee": 4, "annee": 5}]}', "resultats.2.annee : champ donné plusieurs fois"),
        (b'{"medecin": {"quotite_liberale": NaN}}', "NaN n'est pas un nombre"),
        (b'{"medecin": {"quotite_liberale": -Infinity}}', "-Infinity n'est pas un nombre"),
        (b'{"titre": "\xe9"}', "UTF-8 attendu"),
        (b'{"titre": "a\x00"}', "JSON invalide"),
        (b'{"patientele": ' + b"9" * 5000 + b"}", "nombre trop long"),
        (b'{"medecin": ' + b"[" * 100_000, "trop d'imbrications"),
    ],
)
def test_un_corps_illisible(api: Client, corps: bytes, dit: str) -> None:
    assert dit in probleme(envoyer(api, "/simulations", corps), 400, "corps-illisible")["detail"]


@pytest.mark.parametrize(
    "corps",
    [
        b'{"medecin": {"quotite_liberale": 1e999}}',
        b'{"groupe": {"etp_demandes": 1e999}}',
        b'{"patientele": {"patientele_mt": 1e999}}',
        b'{"titre": "\\ud800"}',
        b'{"\\ud800": 1}',
        b'{"medecin": {"specialite": "\\ud800"}}',
        b'{"medecin": {"specialite": {"a": null}}}',
        b'{"cout": {"salaire_brut_mensuel": "NaN"}}',
        b'{"cout": {"salaire_brut_mensuel": 1e999}}',
        b'{"titre": ' + b"[" * 900 + b"]" * 900 + b"}",
        b'{"medecin": ' + b'{"a":' * 900 + b"1" + b"}" * 900 + b"}",
        b'{"resultats": ' + b"[" + b"1," * 20_000 + b"1]}",
        b"{" + b",".join(b'"c%d": 1' % rang for rang in range(5_000)) + b"}",
    ],
)
def test_une_valeur_absurde_est_une_faute(api: Client, corps: bytes) -> None:
    reponse = envoyer(api, "/simulations", corps)
    assert reponse.status_code in {400, 422}
    probleme(reponse, reponse.status_code, "corps-illisible" if reponse.status_code == 400 else "situation-invalide")
    assert len(reponse.content) < 40_000


@pytest.mark.parametrize(
    "media",
    ["", "text/plain", "application/x-www-form-urlencoded", "application/x-ndjson", "application/json; charset=latin1"],
)
def test_un_format_refuse(api: Client, media: str) -> None:
    reponse = envoyer(api, "/simulations", json.dumps(GENERALISTE), media)
    assert "application/json" in probleme(reponse, 415, "format-refuse")["detail"] or "charset" in media


def test_un_corps_compresse(api: Client) -> None:
    reponse = envoyer(api, "/simulations", GENERALISTE, **{"Content-Encoding": "gzip"})
    assert "compressé" in probleme(reponse, 415, "format-refuse")["detail"]


def test_un_corps_par_morceaux(api: Client) -> None:
    entetes = {"HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": ""}
    reponse = api.post("/api/v1/simulations", GENERALISTE, content_type="application/json", **entetes)
    assert "Content-Length" in probleme(reponse, 411, "longueur-attendue")["detail"]


def test_un_corps_trop_grand(api: Client) -> None:
    with override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=100):
        dit = probleme(envoyer(api, "/simulations", GENERALISTE), 413, "corps-trop-grand")
    assert "100 octets" in dit["detail"]


@pytest.mark.parametrize(
    ("demande", "champ"),
    [
        ("date=2026-02-30", "date"),
        ("date=", "date"),
        ("date=1750-01-01", "date"),
        ("date=20260302", "date"),
        ("dat=2026-03-02", "dat"),
        ("date=2026-03-02&date=2026-03-03", "date"),
    ],
)
def test_un_parametre_invalide(api: Client, demande: str, champ: str) -> None:
    dit = probleme(envoyer(api, f"/simulations?{demande}", GENERALISTE), 422, "parametre-invalide")
    assert [faute["champ"] for faute in dit["fautes"]] == [champ]


def test_une_date_avant_le_dispositif(api: Client) -> None:
    dit = probleme(envoyer(api, "/simulations?date=2018-01-01", GENERALISTE), 422, "situation-invalide")
    assert dit["fautes"][0]["champ"] == "date"
    (ligne, _) = lignes(
        envoyer(api, "/simulations/lot?date=2018-01-01", json.dumps(GENERALISTE), "application/x-ndjson")
    )
    assert ligne["probleme"]["fautes"] == dit["fautes"]
    dite = {**GENERALISTE, "date_appreciation": "2018-01-01"}
    dit = probleme(envoyer(api, "/simulations", dite), 422, "situation-invalide")
    assert dit["fautes"][0]["champ"] == "date_appreciation"


def test_un_resultat_n_est_garde_par_personne(api: Client) -> None:
    for adresse in (
        "/simulations",
        "/explications",
        f"/explications/{exemples.FIGURE}",
        "/simulations?date=2026-11-23",
    ):
        assert "no-store" in envoyer(api, adresse, GENERALISTE).headers["Cache-Control"]


@pytest.mark.parametrize("cas", SANS_REGLE)
def test_une_condition_sans_regle_n_est_pas_une_panne(api: Client, cas: str) -> None:
    donnees, nom = SANS_REGLE[cas]
    reponse = envoyer(api, "/simulations", donnees)
    assert reponse.status_code == 200
    conditions = {c["nom"]: c for c in reponse.json()["verdict"]["conditions"]}
    assert conditions[nom]["verdict"] == "indeterminee"
    assert "demandez à la CPAM" in conditions[nom]["raison"]
