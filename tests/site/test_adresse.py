"""A situation in an address and back: the same, whatever it holds."""

from __future__ import annotations

import datetime
from decimal import Decimal
from operator import attrgetter
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from binome.cli.fichiers import lire_situation
from binome.simulation.modele.erreurs import SituationInvalide
from binome.simulation.modele.nomenclatures import NomOption, NomSecteur, NomSpecialite
from binome.simulation.modele.situation import PATIENTS_MAXIMUM, Situation
from binome.site.simulateur import adresse
from binome.site.simulateur.champs import catalogue

EXEMPLES = sorted(Path("exemples").glob("*.yaml"))


def rouvrir(parametres: str) -> Situation:
    lecture = adresse.lire(adresse.reponses_de(dict(parse_qsl(parametres))))
    assert not lecture.fautes
    return Situation.model_validate(lecture.donnees)


@pytest.mark.parametrize("fichier", EXEMPLES, ids=lambda f: f.stem)
def test_aller_retour_des_exemples(fichier: Path) -> None:
    situation = lire_situation(str(fichier), None)
    assert rouvrir(adresse.ecrire(situation)) == situation


patients = st.integers(0, PATIENTS_MAXIMUM)
dates = st.dates(datetime.date(2019, 9, 1), datetime.date(2030, 1, 1))
taux = (
    st.integers(0, 1000)
    .map(lambda milliemes: milliemes / 1000)
    .filter(
        lambda part: part == 0 or part >= 0.01  # a share under 1 % is asked back
    )
)


@given(
    specialite=st.sampled_from(list(NomSpecialite)),
    secteur=st.none() | st.sampled_from(list(NomSecteur)),
    option=st.none() | st.sampled_from(list(NomOption)),
    mt=st.none() | patients,
    file_active=st.none() | patients,
    signature=dates,
    part=st.none() | taux,
    rqth=st.booleans(),
    titre=st.none() | st.text(min_size=1, max_size=40).map(str.strip).filter(bool),
    resultats=st.lists(st.tuples(st.integers(1, 9), patients), unique_by=lambda r: r[0], max_size=4),
)
def test_aller_retour(specialite, secteur, option, mt, file_active, signature, part, rqth, titre, resultats) -> None:
    situation = Situation.model_validate(
        {
            "titre": titre,
            "medecin": {
                "specialite": specialite,
                "secteur": secteur,
                "part_honoraires_cliniques": part,
                "rqth_ald": rqth,
            },
            "patientele": {"patientele_mt": mt, "file_active": file_active},
            "contrat": {"date_signature": signature, "option": option},
            "resultats": [{"annee": annee, "file_active": compte} for annee, compte in resultats],
        }
    )
    attendue = situation.model_copy(
        update={"resultats": tuple(sorted(situation.resultats, key=lambda resultat: resultat.annee))}
    )
    assert rouvrir(adresse.ecrire(situation)) == attendue


@pytest.mark.parametrize(
    ("nom", "ecrit", "lu"),
    [
        ("patientele.patientele_mt", "1 300", 1300),
        ("patientele.patientele_mt", "1\u202f300", 1300),
        ("medecin.part_honoraires_cliniques", "85 %", 0.85),
        ("medecin.part_honoraires_cliniques", "85", 0.85),
        ("medecin.part_honoraires_cliniques", "0,85", 0.85),
        ("medecin.quotite_liberale", "0,6", 0.6),
        ("cout.part_de_charges", "0,47", Decimal("0.47")),
        ("cout.taux_prevoyance", "0,5", Decimal("0.005")),
        ("cout.taux_prevoyance", "0.5", Decimal("0.005")),
        ("cout.taux_prevoyance", "1,5 %", Decimal("0.015")),
        ("contrat.date_signature", "1/3/2026", datetime.date(2026, 3, 1)),
        ("cout.salaire_brut_mensuel", "2 300,50 €", Decimal("2300.50")),
    ],
)
def test_ce_qui_s_ecrit_en_francais_se_lit(nom: str, ecrit: str, lu: object) -> None:
    reponses = {"medecin.specialite": "1", "contrat.date_signature": "2026-03-02", nom: ecrit}
    situation = Situation.model_validate(adresse.lire(reponses).donnees)
    assert attrgetter(nom)(situation) == lu


@pytest.mark.parametrize(
    ("nom", "ecrit", "dit"),
    [
        ("medecin.quotite_liberale", "1", "1\u00a0% ou 100\u00a0% ?"),
        ("medecin.quotite_liberale", "0,6 %", "entre 1 et 100"),
        ("cout.taux_prevoyance", "0,15", "0,15\u00a0% ou 15\u00a0% ?"),
        ("cout.taux_prevoyance", "0.15", "0,15\u00a0% ou 15\u00a0% ?"),
        ("patientele.patientele_mt", "mille", "nombre entier"),
        ("patientele.patientele_mt", "1.200", "1\u202f200 ou 1,2 ?"),
        ("contrat.date_signature", "1/3/26", "deux chiffres"),
    ],
)
def test_ce_qui_a_deux_lectures_est_demande(nom: str, ecrit: str, dit: str) -> None:
    reponses = {"medecin.specialite": "1", "contrat.date_signature": "2026-03-02", nom: ecrit}
    with pytest.raises(ValidationError) as refus:
        Situation.model_validate(adresse.lire(reponses).donnees)
    (faute,) = SituationInvalide.de_pydantic(refus.value).fautes
    assert faute.champ == nom
    assert dit in faute.message


def test_une_rangee_vide_ne_decale_pas_les_fautes() -> None:
    lecture = adresse.lire({"groupe.membres.1.patientele_mt": "1", "groupe.membres.4.patientele_mt": "beaucoup"})
    assert lecture.donnees["groupe"]["membres"] == [{"patientele_mt": 1}, {"patientele_mt": "beaucoup"}]
    assert lecture.nom_ecrit("groupe.membres.2.patientele_mt") == "groupe.membres.4.patientele_mt"


def test_un_champ_inconnu_est_nomme_et_le_reste_garde() -> None:
    lecture = adresse.lire({"medecin.signe_astrologique": "lion", "medecin.rqth_ald": "oui"})
    assert [faute.champ for faute in lecture.fautes] == ["medecin.signe_astrologique"]
    assert lecture.donnees == {"medecin": {"rqth_ald": "oui"}}


def test_ce_qui_n_est_pas_une_reponse_est_laisse() -> None:
    assert adresse.reponses_de({"utm_source": "x", "suite": "1", "medecin.rqth_ald": " oui "}) == {
        "medecin.rqth_ald": "oui"
    }


def test_le_catalogue_couvre_le_modele() -> None:
    sommets = {chemin.split(".")[0] for chemin in catalogue()}
    assert sommets == set(Situation.model_fields)
    assert catalogue()["medecin.quotite_liberale"].genre == "taux"
    assert catalogue()["groupe.etp_demandes"].genre == "decimal"
