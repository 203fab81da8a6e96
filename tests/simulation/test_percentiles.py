"""The national percentiles beside a result: of the distribution that its rules name, and nothing invented."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

from binome.cli.fichiers import lire_situation
from binome.simulation.modele.situation import Situation
from binome.simulation.reponse.percentiles import PercentileNational, percentiles
from binome.simulation.reponse.simuler import simuler
from openfisca_assistants_medicaux.variables.distributions import LIMITES

EXEMPLES = Path(__file__).parents[2] / "exemples"


def _percentiles(exemple: str, *distributions: str, **contrat: Any) -> dict[tuple[str, int], PercentileNational]:
    situation = lire_situation(str(EXEMPLES / f"{exemple}.yaml"), None)
    if contrat:
        brute = situation.model_dump(exclude_unset=True)
        brute["contrat"] |= contrat
        situation = Situation.model_validate(brute)
    trouves = percentiles(simuler(situation, distributions=distributions))
    return {(p.indicateur, p.percentile): p for p in trouves}


def test_les_valeurs_publiees_et_les_estimations_portent_leur_certitude() -> None:
    trouves = _percentiles("generaliste-2026")
    assert list(trouves) == [(i, p) for i in ("patientele_mt", "file_active") for p in LIMITES]
    publie, estime = trouves["patientele_mt", 50], trouves["patientele_mt", 70]
    assert (publie.valeur, publie.publie, publie.bas, publie.certitude) == (1045, True, None, "secondaire")
    assert trouves["file_active", 95].certitude == "secondaire"
    # docs/arbitrages/d01-percentiles-non-publies.md gives this estimate and its margin.
    assert (estime.valeur, estime.publie, estime.bas, estime.haut) == (1373, False, 1331, 1414)
    assert estime.certitude == "hypothese"


def test_un_percentile_ni_publie_ni_estimable_n_a_pas_de_valeur() -> None:
    inconnu = _percentiles("cardiologue-2019")["file_active", 50]
    assert (inconnu.valeur, inconnu.publie, inconnu.bas, inconnu.haut, inconnu.certitude) == (
        None,
        False,
        None,
        None,
        None,
    )
    assert {p.valeur for p in _percentiles("chirurgien-ineligible").values()} == {None}


def test_un_contrat_ancien_a_la_distribution_de_son_temps() -> None:
    assert _percentiles("mi-temps-2020-annee-5")["patientele_mt", 30].valeur == 640
    assert _percentiles("cardiologue-2019")["file_active", 30].valeur == 1480


def test_un_percentile_approche_dit_ses_bornes_et_sa_source() -> None:
    """The P50 of the avenant 7 is « about 855 »: not an estimate of ours, and not an exact value."""
    approche = _percentiles("mi-temps-2020-annee-5")["patientele_mt", 50]
    assert (approche.valeur, approche.publie, approche.bas, approche.haut) == (855, False, 829, 881)
    assert approche.certitude == "secondaire"


def test_une_bascule_admise_prend_la_distribution_des_nouvelles_regles() -> None:
    assert _percentiles("bascule-2023")["patientele_mt", 30].valeur == 775
    assert _percentiles("bascule-2023", date_bascule=None)["patientele_mt", 30].valeur == 640


def test_ce_qui_n_etait_pas_connu_ne_compte_pas() -> None:
    situation = lire_situation(str(EXEMPLES / "p95-2023.yaml"), None)
    brute = situation.model_dump(exclude_unset=True) | {"resultats": ()}
    brute["contrat"] |= {"date_signature": datetime.date(2023, 5, 15)}
    brute["patientele"].pop("date_releve")
    avant = simuler(Situation.model_validate(brute), datetime.date(2023, 4, 1))
    apres = simuler(Situation.model_validate(brute), datetime.date(2023, 6, 1))
    assert [p.valeur for p in percentiles(avant) if p.percentile == 30][:1] == [640]
    assert [p.valeur for p in percentiles(apres) if p.percentile == 30][:1] == [775]


def test_un_groupe_n_a_pas_de_percentiles() -> None:
    assert _percentiles("scm-quatre-medecins") == {}


def test_les_percentiles_officiels_ajoutes_remplacent_les_estimations(tmp_path: Path) -> None:
    fichier = tmp_path / "officiels.csv"
    fichier.write_text(
        "date,specialite,indicateur,population,percentile,valeur,certitude,source,lien,note\n"
        "2021-12-31,medecine_generale,patientele_mt,tous_ages,70,1333,texte,Calculette,,\n",
        encoding="utf-8",
    )
    ajoute = _percentiles("generaliste-2026", str(fichier))["patientele_mt", 70]
    assert (ajoute.valeur, ajoute.publie, ajoute.certitude) == (1333, True, "texte")
