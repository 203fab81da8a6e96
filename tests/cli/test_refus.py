"""Bad input: a French message on stderr naming field, value and what is expected; exit code 2; nothing on stdout."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.outils import GENERALISTE, Reponse, lancer, mots
from tests.simulation.situations import SANS_REGLE


def situation(**parties: Any) -> str:
    """The GP of 2026 with parts replaced: `medecin__specialite="x"` sets one field, None removes it."""
    base: dict[str, Any] = yaml.load(GENERALISTE.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506
    for champ in ("patientele_mt", "file_active"):
        base["patientele"][champ] = int(base["patientele"][champ])
    for chemin, valeur in parties.items():
        *parents, dernier = chemin.split("__")
        cible = base
        for parent in parents:
            cible = cible[parent]
        if valeur is None:
            del cible[dernier]
        else:
            cible[dernier] = valeur
    return yaml.safe_dump(base, allow_unicode=True)


def refuse(reponse: Reponse, *attendus: str) -> None:
    assert reponse.code == 2
    assert reponse.brut == ""
    assert "Traceback" not in reponse.erreurs
    for attendu in attendus:
        assert attendu in reponse.erreurs


CHAMPS = [
    ({"medecin__specialite": "astrologie"}, ["medecin.specialite : « astrologie » refusé", "proches :"]),
    ({"medecin__secteur": "secteur_9"}, ["medecin.secteur : « secteur_9 » refusé ; secteur non reconnu", "Secteur 1"]),
    ({"medecin__specialite": None}, ["medecin.specialite : valeur attendue, absente"]),
    ({"medecin": None}, ["medecin : attendu (ou « groupe »"]),
    ({"medecin": "Dr A"}, ["medecin : « Dr A » refusé ; groupe de champs attendu"]),
    ({"contrat__date_signature": "2026-02-30"}, ["contrat.date_signature : « 2026-02-30 » refusé ; date réelle"]),
    ({"contrat__date_signature": "30/03/26"}, ["contrat.date_signature : « 30/03/26 » refusé ; année sur deux"]),
    ({"contrat__date_signature": "2018-06-01"}, ["contrat.date_signature : « 2018-06-01 » précède le", "2019-08-21"]),
    ({"patientele__patientele_mt": -3}, ["patientele.patientele_mt : « -3 » refusé ; nombre au moins égal à 0"]),
    ({"patientele__file_active": 12.5}, ["patientele.file_active : « 12.5 » refusé ; nombre entier attendu"]),
    ({"patientele__file_active": "1.600"}, ["patientele.file_active : « 1.600 » refusé ; 1 600 ou 1,6 ?"]),
    ({"medecin__quotite_liberale": "1"}, ["medecin.quotite_liberale : « 1 » refusé ; 1 % ou 100 % ?"]),
    ({"contrat__option": "3/4"}, ["contrat.option : « 3/4 » refusé ; attendu : tiers_etp, demi_etp"]),
    (
        {"resultats": [{"annee": 3, "file_active": 1700}]},
        ["resultats.1.annee : « 3 » : cette année ne commence que le 2028-03-02", "projections"],
    ),
    ({"resultats": [{"annee": 3}]}, ["resultats.1 : patientele_mt ou file_active : au moins un des deux attendu"]),
    ({"medecin__zut": 1}, ["medecin.zut : champ inconnu"]),
    ({"zut": 1}, ["zut : champ inconnu"]),
    ({"medecin__date_installation": "2026-12-01"}, ["medecin.date_installation : « 2026-12-01 » suit la signature"]),
]  # fmt: skip


@pytest.mark.parametrize(("parties", "attendus"), CHAMPS, ids=[str(parties)[:60] for parties, _ in CHAMPS])
def test_un_champ_refuse(parties: dict[str, Any], attendus: list[str]) -> None:
    for commande in (["simuler", "-"], ["simuler", "-", "--json"], ["expliquer", "-", "eligible"]):
        refuse(lancer(*commande, entree=situation(**parties)), *attendus)


def test_toutes_les_fautes_a_la_fois() -> None:
    texte = situation(
        medecin__specialite="astrologie", patientele__patientele_mt=-3, contrat__date_signature="2026-02-30", zut=1
    )
    refuse(
        lancer("simuler", "-", entree=texte),
        "Refusé, 4 fautes :",
        "medecin.specialite",
        "patientele.patientele_mt",
        "contrat.date_signature",
        "zut",
    )


DOCUMENTS = [
    ("vide.yaml", b"", "vide ; des champs sont attendus"),
    ("liste.yaml", b"- a\n", "une liste ; des champs sont attendus"),
    ("valeur.yaml", b"bonjour\n", "une valeur seule ; des champs sont attendus"),
    ("latin1.yaml", "titre: une\nspé: é\n".encode("latin-1"), "ligne 2 : encodage illisible ; UTF-8 attendu"),
    ("utf16.yaml", "titre: a\n".encode("utf-16"), "encodage illisible ; UTF-8 attendu"),
    ("doublon.yaml", b"medecin:\n  zone: zip\n  zone: zac\n", "ligne 3, zone : champ déjà donné ligne 2"),
    ("tabulation.yaml", b"medecin:\n\tzone: zip\n", "ligne 2, colonne 1 : YAML invalide, tabulation refusée"),
    ("deux_points.yaml", b"titre: a: b\n", "ligne 1, colonne 9 : YAML invalide, « : » inattendu"),
    ("crochet.yaml", b"medecin: [a\n", "ligne 2, colonne 1 : YAML invalide"),
    ("documents.yaml", b"a: 1\n---\nb: 2\n", "ligne 2, colonne 1 : YAML invalide, un seul document attendu"),
    ("objet.yaml", b"!!python/object:os.system x\n", "ligne 1, colonne 1 : YAML invalide"),
    ("cle.yaml", b"? [a]\n: b\n", "ligne 1 : nom de champ attendu"),
    ("nul.yaml", b"titre: a\x00b\n", "YAML invalide : caractère interdit"),
    ("profond.yaml", b"[" * 5000, "trop d'imbrications"),
    ("virgule.json", b'{"titre": "a",}', "colonne 15 : JSON invalide"),
    ("non_ferme.json", b'{"titre": "a"', "ligne 1, colonne 14 : JSON invalide"),
    ("doublon.json", b'{"titre": "a", "titre": "b"}', "titre : champ donné plusieurs fois"),
    ("nan.json", b'{"titre": NaN}', "JSON invalide : NaN n'est pas un nombre"),
    ("liste.json", b"[1]", "une liste ; des champs sont attendus"),
    ("profond.json", b"[" * 200_000, "trop d'imbrications"),
]  # fmt: skip


@pytest.mark.parametrize(("nom", "contenu", "attendu"), DOCUMENTS, ids=[nom for nom, _, _ in DOCUMENTS])
def test_un_document_illisible(tmp_path: Path, nom: str, contenu: bytes, attendu: str) -> None:
    fichier = tmp_path / nom
    fichier.write_bytes(contenu)
    refuse(lancer("simuler", fichier), nom, attendu)


def test_l_entree_standard_illisible() -> None:
    refuse(lancer("simuler", "-", entree='{"titre": '), "« entrée standard », ligne 1, colonne", "JSON invalide")
    refuse(lancer("simuler", "-", entree=b"titre: \xe9\n"), "« entrée standard », ligne 1 : encodage illisible")


def test_un_fichier_absent_ou_un_dossier(tmp_path: Path) -> None:
    refuse(lancer("simuler", tmp_path / "absent.yaml"), "absent.yaml » : introuvable ; le chemin d'un fichier")
    refuse(lancer("simuler", tmp_path), "c'est un dossier ; un fichier est attendu")


def test_les_nombres_yaml_sont_decimaux() -> None:
    """« 01200 » is 1 200, not octal; « 20:00 » is text, not 1 200 in base 60."""
    texte = GENERALISTE.read_text(encoding="utf-8")
    octal = lancer("simuler", "-", "--json", entree=texte.replace("1200", "01200"))
    assert octal.code == 0
    assert '"patientele_mt": 1200' in octal.brut
    refuse(lancer("simuler", "-", entree=texte.replace("1200", "20:00")), "« 20:00 » refusé ; nombre entier attendu")


@pytest.mark.parametrize(
    ("arguments", "attendus"),
    [
        (["simuler", GENERALISTE, "--date", "2026-02-30"], ["--date : « 2026-02-30 » refusé ; date réelle attendue"]),
        (["simuler", GENERALISTE, "--date", "demain"], ["--date : « demain » refusé"]),
        (["simuler", GENERALISTE, "--option", "4"], ["contrat.option : « 4 » refusé ; attendu :"]),
        (
            ["simuler", GENERALISTE, "--distributions", "nulle.csv"],
            ["--distributions : fichier « nulle.csv » introuvable"],
        ),
        (["expliquer", GENERALISTE, "annees.3.montan"], ["figure « annees.3.montan » inconnue", "annees.3.montant_du"]),
        (["parametres", "--date", "x"], ["--date : « x » refusé"]),
        (["parametres", "--comparer", "2023-01-01", "x"], ["--comparer : « x » refusé"]),
        (["parametres", "--comparer", "2023-01-01", "2024-01-01", "--date", "2024-01-01"], ["--date inattendue"]),
        (["simuler"], ["argument FICHIER attendu, absent", "binome simuler --help"]),
        (["simuler", "a", "b"], ["argument en trop : b"]),
        (["simuler", GENERALISTE, "--zut"], ["option « --zut » inconnue"]),
        (["simuler", GENERALISTE, "--date"], ["option --date : valeur attendue, absente"]),
        (["parametres", "--comparer", "2023-01-01"], ["option --comparer : 2 valeurs attendues"]),
        (["simulez"], ["commande « simulez » inconnue"]),
        (["schema", "zut"], ["« zut » refusé ; attendu : situation, resultat, lot"]),
        (["lot", "medecins.csv"], ["option -o / --sortie attendue, absente"]),
    ],
)
def test_un_argument_refuse(arguments: list[object], attendus: list[str]) -> None:
    refuse(lancer(*arguments), *attendus)


def test_une_option_n_est_pas_d_un_contrat_collectif() -> None:
    scm = GENERALISTE.parent / "scm-quatre-medecins.yaml"
    refuse(lancer("simuler", scm, "--option", "1"), "--option : sans objet pour un contrat collectif")


def test_distributions_fautives(tmp_path: Path) -> None:
    entete = "date,specialite,indicateur,population,percentile,valeur,certitude,source,lien,note"
    fichier = tmp_path / "d.csv"
    fichier.write_text(
        f"{entete}\n2021-12-31,astrologie,file_active,tous_ages,70,1300,texte,a,,\n"
        "2021-12-31,medecine_generale,file_active,tous_ages,70,abc,texte,a,,\n",
        encoding="utf-8",
    )
    refuse(
        lancer("simuler", GENERALISTE, "--distributions", fichier),
        "Refusé, 2 fautes",
        "d.csv, ligne 2 : specialite « astrologie » refusé",
        "d.csv, ligne 3 : valeur « abc » n'est pas un nombre",
    )


@pytest.mark.parametrize("cas", SANS_REGLE)
def test_une_condition_sans_regle_n_est_pas_une_panne(cas: str, tmp_path: Path) -> None:
    fichier = tmp_path / "situation.yaml"
    fichier.write_text(json.dumps(SANS_REGLE[cas][0]), encoding="utf-8")
    reponse = lancer("simuler", fichier)
    assert reponse.code == 0
    assert "demandez à la CPAM" in mots(reponse.sortie)
