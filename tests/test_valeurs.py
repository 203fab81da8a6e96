"""The operator's values: read with every fault named, laid over the law, said in every result, kept by version."""

from __future__ import annotations

import datetime
import json
import re
from fractions import Fraction
from itertools import pairwise
from math import floor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from binome.simulation.modele.situation import Situation
from binome.simulation.moteur.systeme import apports_du_processus, empreinte_de_la_loi, systeme
from binome.simulation.reponse.simuler import simuler
from binome.site.simulateur import adresse
from openfisca_assistants_medicaux import CountryTaxBenefitSystem
from openfisca_assistants_medicaux.apports import AUCUN
from openfisca_assistants_medicaux.fichiers import Fichier
from openfisca_assistants_medicaux.lecture import sur_la_courbe
from openfisca_assistants_medicaux.valeurs import depot
from openfisca_assistants_medicaux.valeurs.catalogue import catalogue
from openfisca_assistants_medicaux.valeurs.fichier import ValeursInvalides, ecarts, lire
from tests.cli.outils import GENERALISTE, lancer, mots

INVENTEES = Path("exemples/valeurs/valeurs-inventees.yaml")
JOUR = "2026-11-23"
GENERALE = {"specialite": "medecine_generale", "secteur": "secteur_1", "zone": "zip", "date_installation": "2011-09-05"}
PATIENTELE = {"patientele_mt": 1200, "file_active": 1600}

#: The six commonest cases.
CAS: dict[str, dict[str, Any]] = {
    "generaliste_un_etp": {
        "medecin": GENERALE,
        "patientele": PATIENTELE,
        "contrat": {"date_signature": "2026-03-02", "option": "1"},
    },
    "generaliste_demi_etp": {
        "medecin": GENERALE,
        "patientele": {"patientele_mt": 1450, "file_active": 2050},
        "contrat": {"date_signature": "2026-03-02", "option": "1/2"},
    },
    "cardiologue": {
        "medecin": {**GENERALE, "specialite": "cardiologie_vasculaire"},
        "patientele": {"file_active": 2100},
        "contrat": {"date_signature": "2026-03-02", "option": "1"},
    },
    "reglement_arbitral_demi_etp": {
        "medecin": GENERALE,
        "patientele": PATIENTELE,
        "contrat": {"date_signature": "2023-11-23", "option": "1/2"},
    },
    "deux_etp_en_zip": {
        "medecin": GENERALE,
        "patientele": PATIENTELE,
        "contrat": {
            "date_signature": "2026-10-01",
            "option": "2",
            "option_contrat_en_cours": "1",
            "annee_contrat_en_cours": 3,
            "objectifs_contrat_en_cours_atteints": True,
        },
    },
    "dermatologue": {
        "medecin": {**GENERALE, "specialite": "dermatologie"},
        "patientele": {"file_active": 1500},
        "contrat": {"date_signature": "2026-03-02", "option": "1/2"},
    },
}
#: Nothing of it was undetermined: it serves what the values say of a group.
GROUPE: dict[str, Any] = {
    "groupe": {
        "date_signature": "2026-11-10",
        "forme_juridique": "SCM",
        "etp_demandes": 4,
        "membres": [
            {"secteur": "secteur_1", "patientele_mt": mt, "file_active": fa}
            for mt, fa in ((1350, 1890), (1180, 1640), (940, 1410), (690, 1130))
        ],
    }
}


@pytest.fixture
def inventees(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BINOME_VALEURS", str(INVENTEES.resolve()))


def situation(cas: str) -> Situation:
    return Situation.model_validate({"date_appreciation": JOUR, **CAS[cas]})


def indetermines(dit: dict[str, Any]) -> list[str]:
    """What a result leaves undetermined: objectives, bands, amounts of the contract and of the options on offer."""
    trouves = [f"objectif {o['indicateur']}" for o in dit["objectifs"] if o["gain"] is None]
    if dit["bande"] is not None and dit["bande"]["basse"] != dit["bande"]["haute"]:
        trouves.append("bande")
    trouves += [f"annee {a['rang']}" for a in dit["annees"] if a["montant_maximal"] is None]
    for option in dit["options"]:
        if option["ouverte"] == "oui":
            trouves += [f"{option['option']} {o['indicateur']}" for o in option["objectifs"] if o["gain"] is None]
            trouves += [f"{option['option']} {a['rang']}" for a in option["annees"] if a["montant_maximal"] is None]
            trouves += [f"{option['option']} heures"] if option["heures_hebdomadaires"] is None else []
    seuil = [c for c in dit["verdict"]["conditions"] if c["nom"] == "condition_seuil_activite"]
    return trouves + [c["nom"] for c in seuil if c["verdict"] == "indeterminee"]


@pytest.mark.parametrize("cas", CAS)
def test_les_six_cas_n_ont_plus_rien_d_indetermine(client: Client, inventees: None, cas: str) -> None:
    resultat = simuler(situation(cas))
    dit = json.loads(resultat.model_dump_json())
    assert indetermines(dit) == []
    assert dit["version"]["valeurs"][0]["nom"] == INVENTEES.name
    page = client.get(f"/simulation/resultat?{adresse.ecrire(situation(cas))}").content.decode()
    assert "non déterminé" not in page.lower()
    assert "Des valeurs inventées" in page
    assert INVENTEES.name in page


def test_l_exemple_montre_chaque_nom_du_catalogue() -> None:
    """It is the page on which a fund reads how each value is written."""
    assert {valeur.nom.nom for valeur in lire(Fichier.lu(INVENTEES)).valeurs} == set(catalogue())


def test_sans_valeurs_ces_cas_en_avaient() -> None:
    """Otherwise the test above could not fail."""
    avant = {cas: indetermines(json.loads(simuler(situation(cas)).model_dump_json())) for cas in CAS}
    assert [cas for cas, manque in avant.items() if not manque] == []


def test_d_apres_la_caisse_partout(client: Client, inventees: None) -> None:
    resultat = simuler(situation("generaliste_un_etp"))
    assert {o.origine for o in resultat.objectifs} == {"caisse"}
    # The line itself is a text; the regime, which we may know by quotation only, is among what it rests on.
    assert {o.certitude for o in resultat.objectifs} <= {"cite", "texte"}
    assert {v.certitude for v in resultat.valeurs_de_la_caisse} == {"texte"}
    assert all("d'après la caisse : Personne" in v.references[0].titre for v in resultat.valeurs_de_la_caisse)
    assert (
        "texte officiel, d’après la caisse"
        in client.get(f"/simulation/resultat?{adresse.ecrire(resultat.situation)}").content.decode()
    )
    assert "Texte officiel, d'après la caisse" in mots(lancer("simuler", GENERALISTE).sortie)


@pytest.mark.parametrize(
    ("valeur", "change"),
    [
        ("nom: versement_annee_1_delai, valeur: 4", {"versements 1"}),
        ("nom: preavis_resiliation, valeur: 5", set()),
        ("nom: justificatifs_delai, valeur: 9", {"date_limite_justificatifs"}),
        (
            "nom: percentile, pour: {specialite: medecine_generale, indicateur: patientele_mt, percentile: '30', "
            "distribution: 2021-12-31}, valeur: 775",
            {"bande"},
        ),
        ("nom: activite_mixte_proratisee, valeur: oui", {f"annee {rang}" for rang in range(1, 6)}),
    ],
)
def test_chaque_chiffre_change_dit_d_ou_il_vient(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, valeur: str, change: set[str]
) -> None:
    """Those that the value changes, and no other."""
    (tmp_path / "v.yaml").write_text(
        f"par: moi\nvaleurs: [{{{valeur}, effet: 2024-06-22, connu: 2024-06-22, source: s}}]\n", encoding="utf-8"
    )
    monkeypatch.setenv("BINOME_VALEURS", str(tmp_path / "v.yaml"))
    dit = situation("generaliste_un_etp").model_dump(mode="json", exclude_unset=True)
    dit["medecin"]["quotite_liberale"] = 0.5
    dit["assistant"] = {"date_embauche": "2026-04-01"}
    r = simuler(Situation.model_validate(dit))
    trouves = {c.nom for c in r.verdict.conditions if c.origine} | {e.nom for e in r.echeances if e.origine}
    trouves |= {"bande"} if r.bande is not None and r.bande.origine else set()
    trouves |= {f"annee {a.rang}" for a in r.annees if a.origine}
    trouves |= {f"versements {a.rang}" for a in r.annees if any(v.origine for v in a.versements)}
    assert trouves == change


def test_le_prorata_du_groupe_et_son_calendrier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def calcule(*valeurs: str) -> Any:
        contenu = "par: moi\nvaleurs:\n" + "\n".join(
            f"  - {{{v}, effet: 2026-02-25, connu: 2026-02-25, source: s}}" for v in valeurs
        )
        (tmp_path / "v.yaml").write_text(contenu, encoding="utf-8")
        monkeypatch.setenv("BINOME_VALEURS", str(tmp_path / "v.yaml"))
        dit = {**GROUPE, "projections": [{"annee": 3, "patientele_mt": 4680, "file_active": 6180}]}
        return simuler(Situation.model_validate({"date_appreciation": JOUR, **dit})).annees

    # Gains asked: 1 040 and 440; gained: 520 (1/2) and 110 (1/4).
    assert calcule("nom: collectif_prorata, valeur: meilleur_taux")[2].taux_modulation == "1/2"
    assert calcule("nom: collectif_prorata, valeur: plus_faible_taux")[2].taux_modulation == "1/4"
    annees = calcule(
        "nom: collectif_versement_annee_1_part, valeur: 0.5",
        "nom: collectif_versement_annee_1_delai, valeur: 3",
        "nom: collectif_versement_annee_3_parts, valeur: [0.25, 0.75]",
        "nom: collectif_versement_annee_3_mois, valeur: [1, 7]",
    )
    assert annees[0].versements[0].date == datetime.date(2027, 2, 10)
    assert [v.date for v in annees[2].versements] == [datetime.date(2028, 12, 10), datetime.date(2029, 6, 10)]


def test_un_seuil_et_un_individuel_intact(tmp_path: Path) -> None:
    fichier = tmp_path / "v.yaml"
    fichier.write_text(
        "par: moi\nvaleurs: [{nom: seuil_activite, pour: {specialite: dermatologie}, valeur: 900, effet: 2024-06-22, "
        "connu: 2024-06-22, source: s}]\n",
        encoding="utf-8",
    )
    loi = CountryTaxBenefitSystem(valeurs=[fichier])
    assert loi.parameters.eligibilite.seuil.par_specialite.dermatologie("2026-01-01") == 900
    assert "par_specialite" not in systeme(AUCUN).parameters.eligibilite.seuil.children


@given(
    points=st.lists(
        st.tuples(st.integers(0, 5000), st.integers(0, 900)), min_size=1, max_size=6, unique_by=lambda p: p[0]
    ),
    abscisses=st.lists(st.integers(0, 6000), min_size=1, max_size=20),
)
def test_une_courbe_comme_a_la_main(points: list[tuple[int, int]], abscisses: list[int]) -> None:
    points = sorted(points)

    def a_la_main(x: int) -> int:
        if x <= points[0][0]:
            return points[0][1]
        for (a, ya), (b, yb) in pairwise(points):
            if x <= b:
                return floor(ya + Fraction((x - a) * (yb - ya), b - a) + Fraction(1, 2))
        return points[-1][1]

    assert sur_la_courbe(points, np.array(abscisses)).tolist() == [a_la_main(x) for x in abscisses]


UNE = "{nom: ra_plafond_p95, valeur: %s, effet: %s, connu: %s, source: %s}"


DOUBLE = UNE % (1, "2023-05-01", "2023-05-01", "s")


@pytest.mark.parametrize(
    ("contenu", "attendu"),
    [
        ("zut", "une liste d'au moins une valeur"),
        ("valeurs: []", "une liste d'au moins une valeur"),
        ("par: moi\nvaleurs: [{nom: plafond}]", "« plafond » inconnu du catalogue"),
        (f"valeurs: [{UNE % (100, '2023-05-01', '2023-05-01', 's')}]", "par : « vide »"),
        (f"par: m\nvaleurs: [{UNE % (100, '2023-02-30', '2023-05-01', 's')}]", "effet : « 2023-02-30 »"),
        (f"par: m\nvaleurs: [{UNE % (100, '2023-05-01', 'hier', 's')}]", "connu : « hier »"),
        (f"par: m\nvaleurs: [{UNE % (100, '2019-09-01', '2023-05-01', 's')}]", "à partir du 01/05/2023"),
        (f"par: m\nvaleurs: [{UNE % (-1, '2023-05-01', '2023-05-01', 's')}]", "nombre entier de 0 à 20000"),
        (f"par: m\nvaleurs: [{UNE % (1.5, '2023-05-01', '2023-05-01', 's')}]", "nombre entier"),
        (f"par: m\nvaleurs: [{UNE % ('oui', '2023-05-01', '2023-05-01', 's')}]", "nombre entier"),
        (f"par: m\nvaleurs: [{UNE % (100, '2023-05-01', '2023-05-01', '')}]", "source : « vide »"),
        (f"par: m\nvaleurs: [{DOUBLE}, {DOUBLE}]", "déjà donnée"),
        ("par: m\npar: n\nvaleurs: [1]", "donnée deux fois"),
        ("par: m\nvaleurs: [{", "YAML illisible"),
        (
            "par: m\nvaleurs: [{nom: objectif_cm24, pour: {specialite: dermato, option: un_etp, "
            "indicateur: file_active}, valeur: [[10, 5], [5, 3]], effet: 2024-06-22, connu: 2024-06-22, source: s}]",
            "pour.specialite : « dermato »",
        ),
        (
            "par: m\nvaleurs: [{nom: versement_annee_3_parts, valeur: [0.5, 0.6], effet: 2024-06-22, connu: 2024-06-22,"
            " source: s}]",
            "dont la somme est 1",
        ),
    ],
)
def test_chaque_faute_est_nommee(tmp_path: Path, contenu: str, attendu: str) -> None:
    fichier = tmp_path / "v.yaml"
    fichier.write_text(contenu, encoding="utf-8")
    reponse = lancer("valeurs", "verifier", fichier)
    assert reponse.code == 2
    assert attendu in mots(reponse.erreurs)
    with pytest.raises(ValeursInvalides, match=re.escape(attendu.split(" « ")[0])):
        lire(Fichier.lu(fichier))


def test_toutes_les_fautes_a_la_fois(tmp_path: Path) -> None:
    fichier = tmp_path / "v.yaml"
    fichier.write_text("valeurs: [{nom: ra_plafond_p95, valeur: -1, effet: demain}, {nom: zut}]", encoding="utf-8")
    with pytest.raises(ValeursInvalides) as erreur:
        lire(Fichier.lu(fichier))
    assert len(erreur.value.fautes) == 6


def test_montrer_importer_comparer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lieu = tmp_path / "valeurs"
    monkeypatch.setenv("BINOME_VALEURS", str(lieu))
    lieu.mkdir()
    assert "Aucune valeur" in lancer("valeurs", "montrer").sortie
    avant = empreinte_de_la_loi(apports_du_processus())
    assert lancer("valeurs", "importer", INVENTEES, "--par", "Mme Test").code == 0
    assert "Objectif de patientèle" in lancer("valeurs", "montrer").sortie
    # The process sees it at once, and the law is another one.
    assert empreinte_de_la_loi(apports_du_processus()) != avant
    autre = tmp_path / "autre.yaml"
    autre.write_text(
        INVENTEES.read_text(encoding="utf-8").replace("    valeur: 3\n", "    valeur: 4\n"), encoding="utf-8"
    )
    compare = mots(lancer("valeurs", "comparer", INVENTEES, autre).sortie)
    assert "modifiée : Préavis" in compare
    assert lancer("valeurs", "importer", autre, "--par", "M. Autre").code == 0
    versions = depot.historique(lieu)
    assert [v.par for v in versions] == ["M. Autre", "Mme Test"]
    ancienne = depot.retrouver(lieu, Fichier.lu(INVENTEES).empreinte)
    assert ancienne is not None
    assert ancienne.contenu == INVENTEES.read_bytes()
    assert [nature for nature, *_ in ecarts(lire(ancienne), lire(versions[0].fichier))] == ["modifiée"]


def test_importer_refuse_sans_rien_changer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BINOME_VALEURS", str(tmp_path / "valeurs"))
    (tmp_path / "valeurs").mkdir()
    mauvais = tmp_path / "m.yaml"
    mauvais.write_text(
        "par: m\nvaleurs: [{nom: percentile, pour: {specialite: medecine_generale, indicateur: patientele_mt, "
        "percentile: 90, distribution: 2021-12-31}, valeur: 10, effet: 2023-05-01, connu: 2023-05-01, source: s}]",
        encoding="utf-8",
    )
    reponse = lancer("valeurs", "importer", mauvais, "--par", "moi")
    assert reponse.code == 2
    assert "croissantes" in reponse.erreurs
    assert depot.historique(tmp_path / "valeurs") == []
    monkeypatch.setenv("BINOME_VALEURS", str(INVENTEES))
    assert "un dossier est attendu" in mots(lancer("valeurs", "importer", INVENTEES, "--par", "moi").erreurs)


def test_une_valeur_n_est_pas_connue_avant_de_l_etre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the day when a fund knew it, the law says what it said."""
    fichier = tmp_path / "v.yaml"
    fichier.write_text(
        "par: m\nvaleurs: [{nom: ra_plafond_p95, valeur: 50, effet: 2023-05-01, connu: 2026-01-01, source: s}]",
        encoding="utf-8",
    )
    monkeypatch.setenv("BINOME_VALEURS", str(fichier))
    forte = {
        "medecin": GENERALE,
        "patientele": {"patientele_mt": 2300, "file_active": 3300},
        "contrat": {"date_signature": "2023-11-23", "option": "1"},
    }

    def gain(jour: str) -> int | None:
        return simuler(Situation.model_validate({"date_appreciation": jour, **forte})).objectifs[0].gain

    assert gain("2026-01-01") == 50
    assert gain("2025-12-31") != 50


def test_la_surimpression_ne_touche_pas_la_loi_livree(inventees: None) -> None:
    livree, avec = systeme(AUCUN), systeme(apports_du_processus())
    assert livree.parameters.vie_du_contrat.resiliation_medecin.preavis("2026-01-01") == 2
    assert avec.parameters.vie_du_contrat.resiliation_medecin.preavis("2026-01-01") == 3
    # What no value touches is shared, not copied.
    assert avec.parameters.emploi is livree.parameters.emploi
    assert avec.variables["gain_file_active"] is livree.variables["gain_file_active"]


def test_openfisca_seul(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BINOME_VALEURS", str(INVENTEES))
    assert CountryTaxBenefitSystem().parameters.vie_du_contrat.resiliation_medecin.preavis("2026-01-01") == 3
    assert (
        CountryTaxBenefitSystem(apports=AUCUN).parameters.vie_du_contrat.resiliation_medecin.preavis("2026-01-01") == 2
    )


def test_chaque_nom_du_catalogue_remplit_la_loi() -> None:
    """Every parameter that a name fills exists, or hangs under a node that a rule reads."""
    lus_par_enfant = ("objectifs.courbes.", "eligibilite.seuil.par_specialite.")
    noms = {noeud.name for noeud in systeme(AUCUN).parameters.get_descendants()}
    for nom in catalogue().values():
        if nom.percentile:
            continue
        axes: list[dict[str, str]] = [{}]
        for axe, admis in nom.pour.items():
            axes = [{**deja, axe: valeur} for deja in axes for valeur in admis]
        for pour in axes:
            chemin = nom.chemin.format(**pour)
            if not chemin.startswith(lus_par_enfant) and not nom.chemin.startswith("objectifs.av7"):
                assert chemin in noms, chemin
