"""`binome parametres`: what is in force on a day, and what changed between two days."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest
from openfisca_core.parameters import Parameter

from binome import francais
from binome.simulation.moteur.systeme import systeme
from binome.simulation.mots.grandeurs import grandeur
from binome.simulation.parametres import THEMES, comparer, en_vigueur
from openfisca_assistants_medicaux.apports import AUCUN
from tests.cli.outils import lancer, lisible, mots

AVANT, APRES = datetime.date(2024, 6, 21), datetime.date(2024, 6, 22)


def par_nom(date: datetime.date) -> dict[str, str]:
    return {p.nom: lisible(p.valeur_ecrite) for p in en_vigueur(date)}


def test_la_valeur_de_la_veille_et_du_jour() -> None:
    nom = "montants.un_etp.annee_1"
    assert par_nom(AVANT)[nom] == "36 000 € par an"
    assert par_nom(APRES)[nom] == "38 000 € par an"


def test_ce_qui_n_existe_pas_encore_ou_plus_n_y_est_pas() -> None:
    assert par_nom(datetime.date(2019, 8, 20)) == {}
    assert "aide_collective.duree" not in par_nom(datetime.date(2026, 2, 24))
    assert "aide_collective.duree" in par_nom(datetime.date(2026, 2, 25))
    assert "montants.tiers_etp.annee_1" in par_nom(datetime.date(2023, 4, 30))
    assert "montants.tiers_etp.annee_1" not in par_nom(datetime.date(2023, 5, 1))


def test_une_valeur_inconnue_le_dit() -> None:
    (formule,) = [p for p in en_vigueur(APRES) if p.nom == "objectifs.formule"]
    assert not formule.connue
    assert formule.valeur is None
    assert formule.certitude is None
    assert formule.valeur_ecrite == "inconnue à ce jour"


def test_les_percentiles_de_la_distribution_du_jour() -> None:
    nom = "distributions.medecine_generale.patientele_mt.p30"
    assert par_nom(datetime.date(2023, 4, 30))[nom] == "640 patients"
    assert par_nom(datetime.date(2023, 5, 1))[nom] == "775 patients"


def test_les_percentiles_de_l_operateur(tmp_path: Path) -> None:
    entete = "date,specialite,indicateur,population,percentile,valeur,certitude,source,lien,note"
    fichier = tmp_path / "d.csv"
    fichier.write_text(f"{entete}\n2021-12-31,pediatrie,file_active,tous_ages,30,900,texte,CNAM,,\n", encoding="utf-8")
    lu = mots(
        lancer("parametres", "--date", "2026-11-23", "--recherche", "pediatrie P30", "--distributions", fichier).sortie
    )
    assert "P30 de file active (tous âges), pédiatrie (distribution : 31/12/2021) : 900 patients" in lu


@pytest.mark.parametrize("date", [datetime.date(2020, 1, 1), datetime.date(2023, 6, 1), datetime.date(2026, 11, 23)])
def test_tout_a_un_theme_une_ecriture_et_une_reference(date: datetime.date) -> None:
    trouves = en_vigueur(date)
    assert len({p.nom for p in trouves}) == len(trouves)
    for parametre in trouves:
        assert parametre.theme in THEMES
        assert parametre.valeur_ecrite
        assert parametre.references
        assert parametre.depuis <= date <= (parametre.jusqu_au or datetime.date.max)


def test_rien_n_est_oublie() -> None:
    """Over the years, every parameter of the law is in force once."""
    dates = {
        datetime.date.fromisoformat(valeur.instant_str)
        for p in systeme(AUCUN).parameters.get_descendants()
        if isinstance(p, Parameter)
        for valeur in p.values_list
    }
    vus = {parametre.nom for date in dates for parametre in en_vigueur(date)}
    feuilles = {p.name for p in systeme(AUCUN).parameters.get_descendants() if isinstance(p, Parameter)}
    assert feuilles <= vus


def test_recherche_sans_accents_dans_les_noms_descriptions_notes_et_references() -> None:
    date = datetime.date(2026, 11, 23)
    tous = en_vigueur(date)
    assert 0 < len(en_vigueur(date, "éligibilité")) < len(tous)
    assert en_vigueur(date, "ELIGIBILITE") == en_vigueur(date, "éligibilité")
    assert {p.nom for p in en_vigueur(date, "préavis recommandée")} == {"vie_du_contrat.resiliation_medecin.preavis"}
    assert en_vigueur(date, "ameli ce qui change des juin 2024")
    assert en_vigueur(date, "zzz") == ()


def test_comparer_ne_montre_que_ce_qui_change() -> None:
    changements = {c.nom: c for c in comparer(AVANT, APRES)}
    assert changements["montants.un_etp.annee_1"].nature == "modifie"
    assert changements["options.second_assistant.zones_requises"].nature == "apparu"
    assert changements["formation.delai_debut"].nature == "termine"
    assert "eligibilite.specialites_exclues" not in changements
    assert comparer(APRES, APRES) == ()
    assert {c.nom for c in comparer(APRES, AVANT)} == set(changements)


def test_affichage() -> None:
    """On a day whose rules are of the past: no amount to come changes what was in force then."""
    lu = mots(lancer("parametres", "--date", AVANT, "--recherche", "aide 1 ETP annee").sortie)
    assert "En vigueur le 21 juin 2024" in lu
    dit = "Aide 1 ETP, 1re année : 36 000 € par an du 21/08/2019 au 21/06/2024 · texte officiel · "
    assert f"{dit}montants.un_etp.annee_1" in lu
    assert "Avenant 7 à la convention médicale de 2016" in lu


def test_la_valeur_d_aujourd_hui_dit_depuis_quand() -> None:
    """Whatever the last amount is: the day, the certainty and the text are those of the parameter."""
    date = datetime.date(2026, 11, 23)
    (dernier,) = [p for p in en_vigueur(date) if p.nom == "montants.un_etp.annee_1"]
    lu = mots(lancer("parametres", "--date", date, "--recherche", "aide 1 ETP annee").sortie)
    debut = f"Aide 1 ETP, 1re année : {lisible(dernier.valeur_ecrite)} "
    assert debut + f"{'depuis le' if dernier.jusqu_au is None else 'du'} {dernier.depuis:%d/%m/%Y}" in lu
    assert dernier.references[0].titre.split(" (")[0] in lu


def test_rien_a_montrer_se_dit() -> None:
    rien = lancer("parametres", "--recherche", "zzz")
    assert rien.code == 0
    assert "Rien qui contienne « zzz »." in rien.sortie


def test_affichage_de_la_comparaison() -> None:
    lu = mots(lancer("parametres", "--comparer", AVANT, APRES, "--recherche", "montants").sortie)
    assert "Ce qui change entre le 21 juin 2024 et le 22 juin 2024" in lu
    assert "Aide 1 ETP, 1re année : 36 000 € par an → 38 000 € par an" in lu
    lu = mots(lancer("parametres", "--comparer", AVANT, APRES, "--recherche", "second assistant").sortie)
    assert "apparaît, " in lu


def test_json() -> None:
    dit = json.loads(lancer("parametres", "--date", "2026-11-23", "--recherche", "preavis", "--json").brut)
    liste = dit["parametres"]
    noms = [p["nom"] for p in liste]
    assert "vie_du_contrat.resiliation_medecin.preavis" in noms
    assert all(nom.startswith("vie_du_contrat.") for nom in noms)
    liste = json.loads(lancer("parametres", "--comparer", AVANT, APRES, "--json").brut)["changements"]
    assert {c["nature"] for c in liste} == {"apparu", "modifie", "termine"}


@pytest.mark.parametrize("largeur", [80, 100])
def test_aucune_ligne_ne_deborde(largeur: int) -> None:
    for arguments in (["--date", "2026-11-23", "--detail"], ["--comparer", "2023-04-30", "2026-11-23"]):
        for ligne in lancer("parametres", *arguments, largeur=largeur).brut.splitlines():
            assert len(ligne) <= largeur, ligne


@pytest.mark.parametrize(
    ("valeur", "unite", "ecrite"),
    [
        (38000, "EUR/an", "38 000 € par an"),
        (22000, "EUR/an/ETP", "22 000 € par an et par ETP"),
        (0.125, "taux de la base", "12,5 % de la base"),
        (0.45, "taux", "45 %"),
        ("prorata", "taux, ou « prorata »", "prorata"),
        (50, "percentile", "P50"),
        (3, "annuité", "année 3"),
        (1, "mois", "1 mois"),
        (1, "années", "1 an"),
        (5, "années", "5 ans"),
        (0, "patients", "0 patient"),
        ("environ 1322 (de 1190 à 1455)", "patients", "environ 1 322 (de 1 190 à 1 455)"),
        (17.5, "heures/semaine", "17,5 heures par semaine"),
        (True, "booléen", "oui"),
        ([0.5, 0.5], "liste de taux", "50 % et 50 %"),
        ([0, 6], "liste de mois", "0 mois et 6 mois"),
        (["06-30", "12-31"], "liste MM-JJ", "30/06 et 31/12"),
        (["secteur_1", "secteur_2_optam"], "liste", "Secteur 1 et Secteur 2 Optam"),
        ([], "liste", "aucun"),
        ("2021-12-31", "date", "31/12/2021"),
        ("entier_inferieur", "texte", "entier inférieur"),
        (None, "texte", "inconnue à ce jour"),
    ],
)
def test_grandeurs(valeur: object, unite: str, ecrite: str) -> None:
    assert lisible(grandeur(valeur, unite)) == ecrite
    assert francais.FINE != " "
