"""Every shipped example runs, and its key figures are held to."""

from __future__ import annotations

import re

import pytest

from binome.argent import en_centimes
from binome.simulation.modele.resultat import Resultat
from tests.cli.outils import EXEMPLES, lancer, lisible, mots

#: Example: regime, eligible, planned amount of each year.
ATTENDUS = {
    "generaliste-2026": ("CM24", "oui", ["38000", "28000", "22000", "22000", "22000"]),
    "p95-2023": ("RA", "oui", ["18000", "19000", "19000", "19000", "19000"]),
    "mi-temps-2020-annee-5": ("AV8", "oui", ["18000", "13500", "6507.04", "9290.12", "11000"]),
    "cardiologue-2019": ("AV7", "oui", ["12000", "9000", "2333.33", "7000", "7000"]),
    "chirurgien-ineligible": ("CM24", "non", []),
    "scm-quatre-medecins": ("COLL", "oui", ["190000", "140000", "110000", "110000", "110000"]),
    "nouvelle-installee-2026": ("CM24", "oui", ["19000", "14000", "11000", "11000", "11000"]),
    "bascule-2023": ("AV8", "oui", ["36000", "27000", "10500", "22000", "22000"]),
    "projection-annee-3": ("CM24", "oui", ["38000", "28000", "0", "22000", "22000"]),
}


def lire(nom: str) -> Resultat:
    reponse = lancer("simuler", EXEMPLES / f"{nom}.yaml", "--json")
    assert reponse.code == 0, reponse.erreurs
    return Resultat.model_validate_json(reponse.brut)


def montrer(nom: str) -> str:
    reponse = lancer("simuler", EXEMPLES / f"{nom}.yaml")
    assert reponse.code == 0, reponse.erreurs
    return mots(reponse.sortie)


def test_tous_sont_verifies() -> None:
    assert {fichier.stem for fichier in EXEMPLES.glob("*.yaml")} == set(ATTENDUS)


@pytest.mark.parametrize("nom", ATTENDUS)
def test_chiffres_attendus(nom: str) -> None:
    regime, eligible, montants = ATTENDUS[nom]
    lu = lire(nom)
    assert (lu.regime, lu.verdict.eligible) == (regime, eligible)
    assert [annee.montant_prevu for annee in lu.annees] == [en_centimes(montant) for montant in montants]


@pytest.mark.parametrize("nom", ATTENDUS)
def test_les_versements_font_le_montant(nom: str) -> None:
    for annee in lire(nom).annees:
        assert sum(versement.montant for versement in annee.versements) == annee.montant_prevu


@pytest.mark.parametrize("nom", ATTENDUS)
def test_ce_qu_un_exemple_contient(nom: str) -> None:
    texte = (EXEMPLES / f"{nom}.yaml").read_text(encoding="utf-8")
    assert texte.startswith("# ")
    lu = lire(nom)
    assert lu.situation.titre
    assert lu.situation.date_appreciation is not None


def test_p95_maintien_et_revalorisation() -> None:
    lu = lire("p95-2023")
    assert [objectif.gain for objectif in lu.objectifs] == [0, 0]
    assert lu.annees[2].statut_patientele_mt == lu.annees[2].statut_file_active == "atteint"
    assert "Patientèle située : P95 et plus." in montrer("p95-2023")


def test_mi_temps_de_2020_au_prorata_puis_entier() -> None:
    lu = lire("mi-temps-2020-annee-5")
    assert [annee.taux_modulation for annee in lu.annees] == ["1", "1", "44/71", "215/243", "1"]
    ecrit = montrer("mi-temps-2020-annee-5")
    assert "part : 61,97 %" in ecrit
    assert "Deux lectures : a ou b" in ecrit
    assert "Année 4 : 9 290,12 € (a) ou 10 500 € (b)" in ecrit
    assert "notifié par la caisse" in ecrit
    assert "27/10/2020 12 600 €" in ecrit


def test_cardiologue_sur_sa_seule_file_active() -> None:
    lu = lire("cardiologue-2019")
    (objectif,) = lu.objectifs
    assert (objectif.indicateur, objectif.base, objectif.gain) == ("file_active", 1720, 258)


def test_cardiologue_sans_bande_notifiee() -> None:
    """The position is not known: several amounts, and what to ask for."""
    texte = (EXEMPLES / "cardiologue-2019.yaml").read_text(encoding="utf-8").replace("  bande_notifiee: p50_p70\n", "")
    texte += "objectifs_notifies: {file_active: {gain: 258}}\n"
    ecrit = mots(lancer("simuler", "-", entree=texte).sortie)
    assert "9 000 € ou 12 000 €" in ecrit
    assert "contrat.bande_notifiee" in ecrit


def test_chirurgien_refuse_et_pourquoi() -> None:
    ecrit = montrer("chirurgien-ineligible")
    assert "✗ Non éligible. La part d'honoraires cliniques est inférieure au minimum." in ecrit
    assert "✗ Chirurgiens, ORL, gynécologues : part minimale d'honoraires cliniques — 75 % d'honoraires" in ecrit
    assert "Ce qui changerait le verdict • augmenter la part d'honoraires cliniques" in ecrit
    assert "Options côte à côte" not in ecrit


def test_scm_cinq_etp_pour_quatre_medecins() -> None:
    lu = lire("scm-quatre-medecins")
    assert [objectif.gain for objectif in lu.objectifs] == [1300, 550]
    assert lu.beneficiaire == "Société signataire"
    ecrit = montrer("scm-quatre-medecins")
    assert "4 adhérents, 5 ETP" in ecrit
    assert "1 040 patients en moyenne pour 4 adhérents, seuil 775" in ecrit


def test_nouvelle_installee_dispensee_du_seuil() -> None:
    lu = lire("nouvelle-installee-2026")
    assert [objectif.cible for objectif in lu.objectifs] == [1045, 1514]
    assert "dérogation : 420 patients, seuil 775 ; dispense du seuil" in montrer("nouvelle-installee-2026")


def test_bascule_objectif_et_acomptes_nouveaux() -> None:
    lu = lire("bascule-2023")
    assert lu.objectifs[0].gain == 260
    assert [len(annee.versements) for annee in lu.annees] == [2, 1, 2, 2, 2]
    assert [annee.taux_modulation for annee in lu.annees] == ["1", "1", "1/2", "1", None]
    assert "passage aux règles nouvelles demandé le 15 septembre 2023" in montrer("bascule-2023")


def test_projection_la_baisse_coute_l_annee() -> None:
    annee = lire("projection-annee-3").annees[2]
    assert annee.projection
    assert annee.statut_file_active == "baisse"
    assert annee.montant_du == 0
    ecrit = montrer("projection-annee-3")
    assert "FA : en baisse" in ecrit
    assert "(supposé)" in ecrit
    assert "file active : sous son niveau de départ. Aucune aide pour l'année." in " ".join(ecrit.split())


def test_le_readme_montre_ce_que_le_programme_repond() -> None:
    """Sign for sign, but for what « … » leaves out: to write it again, `COLUMNS=90 binome simuler …`."""
    lisez_moi = (EXEMPLES.parent / "README.md").read_text(encoding="utf-8")
    (bloc,) = re.findall(r"^\$ binome simuler exemples/generaliste-2026\.yaml\n(.*?)^```$", lisez_moi, re.M | re.S)
    ecrit = lancer("simuler", EXEMPLES / "generaliste-2026.yaml", largeur=90).sortie
    ecrit = "\n".join(ligne.rstrip() for ligne in ecrit.splitlines())
    morceaux = [lisible(morceau).strip() for morceau in re.split(r"^…$", bloc, flags=re.M)]
    assert all(morceaux[:2])
    assert [morceau for morceau in morceaux if morceau not in ecrit] == []
