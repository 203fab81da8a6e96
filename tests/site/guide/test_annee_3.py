"""The third year: what the page says is what a simulation answers."""

from __future__ import annotations

import datetime
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from binome import francais
from binome.simulation.modele.situation import Situation
from binome.simulation.reponse.simuler import simuler
from binome.site.guide.annee_3 import FILE_ACTIVE, GAIN_FILE_ACTIVE, PATIENTELE_MT, exemple
from tests.site.guide.outils import Tableau, mots, ouvrir

if TYPE_CHECKING:
    from django.test import Client

CAS = "Départ : 1 300 et 1 700 patients"


def verser(mt: int, fa: int, gain_mt: int) -> int | None:
    """What a simulation of the example pays in the third year, written here without the guide's code."""
    situation = Situation.model_validate(
        {
            "medecin": {"specialite": "medecine_generale", "secteur": "secteur_1", "zone": "hors_zone"},
            "patientele": {"patientele_mt": PATIENTELE_MT, "file_active": FILE_ACTIVE},
            "contrat": {"date_signature": timezone.localdate(), "option": "un_etp"},
            "objectifs_notifies": {
                "patientele_mt": {"gain": gain_mt},
                "file_active": {"gain": GAIN_FILE_ACTIVE},
            },
            "projections": [{"annee": 3, "patientele_mt": mt, "file_active": fa}],
        }
    )
    return simuler(situation, timezone.localdate()).annees[2].montant_du


def entier(ecrit: str) -> int:
    return int(ecrit.replace(" ", ""))


def tableau(client: Client, debut: str) -> Tableau:
    (trouve,) = [t for t in ouvrir(client, "annee-3/").tableaux if t.legende.startswith(debut)]
    return trouve


def test_chaque_montant_est_celui_d_une_simulation(client: Client) -> None:
    gain = exemple(timezone.localdate()).gain_mt
    rangees = tableau(client, CAS).rangees[1:]
    assert len(rangees) == 10
    for mt, fa, part, verse, pourquoi in rangees:
        montant = verser(entier(mt), entier(fa), gain)
        assert verse == mots(francais.euros(montant)), (mt, fa)
        assert pourquoi
        assert part.endswith(" %")


def test_l_objectif_de_l_exemple_est_celui_de_la_loi(client: Client) -> None:
    situation = Situation.model_validate(
        {
            "medecin": {"specialite": "medecine_generale"},
            "patientele": {"patientele_mt": PATIENTELE_MT, "file_active": FILE_ACTIVE},
            "contrat": {"date_signature": timezone.localdate(), "option": "un_etp"},
        }
    )
    objectif = simuler(situation, timezone.localdate()).objectifs[0]
    attendu = objectif.gain if objectif.gain is not None else objectif.gain_au_plus
    assert exemple(timezone.localdate()).gain_mt == attendu
    assert f"demande {attendu} patients de plus" in ouvrir(client, "annee-3/").texte


def test_la_grille_dit_les_neuf_cas(client: Client) -> None:
    rangees = tableau(client, "Montant versé pour l'année 3").rangees
    assert rangees[1] == ["File active", "atteint", "stable", "baisse"]
    corps = {rangee[0]: rangee[1:] for rangee in rangees[2:]}
    gain = exemple(timezone.localdate()).gain_mt
    entiere = mots(francais.euros(verser(PATIENTELE_MT + gain, FILE_ACTIVE + GAIN_FILE_ACTIVE, gain)))
    rien = mots(francais.euros(verser(PATIENTELE_MT - 1, FILE_ACTIVE, gain)))
    assert [case.split("aide")[0].strip() for case in corps["atteint"]] == [entiere, entiere, f"{rien} aucune"]
    assert corps["stable"][0].startswith(entiere)
    assert corps["stable"][1].endswith("50 % de l'aide")
    assert all(case.startswith(rien) for case in corps["baisse"])


def test_le_risque_se_lit_en_une_minute(client: Client) -> None:
    page = ouvrir(client, "annee-3/")
    debut = page.texte.split("Le tableau complet")[0]
    for cas in ("Un objectif atteint", "Aucun atteint, aucune baisse", "Rien n'a bougé", "Un seul patient de moins"):
        assert cas in debut
    for montant in (exemple(timezone.localdate()).entier, exemple(timezone.localdate()).en_chemin):
        assert mots(francais.euros(montant.annee.montant_du)) in debut
    assert "passer sous le niveau de départ" in debut


def test_la_certitude_de_la_table_est_dite(client: Client) -> None:
    texte = ouvrir(client, "annee-3/").texte
    assert "son maintien est présumé : estimé" in texte
    assert "contrats signés à partir du 1er mai 2023" in texte


def test_les_dates_sont_celles_d_une_signature_du_jour(client: Client) -> None:
    aujourd_hui = timezone.localdate()
    texte = ouvrir(client, "annee-3/").texte
    evaluee = exemple(aujourd_hui).evaluee
    assert evaluee.debut.year == aujourd_hui.year + 2
    assert f"l'année 3 commencerait le {mots(francais.date_longue(evaluee.debut))}" in texte
    assert evaluee.releve_evaluation is not None
    assert f"le relevé du {mots(francais.date_longue(evaluee.releve_evaluation))}" in texte


def test_specialiste_et_forte_patientele(client: Client) -> None:
    trouve = exemple(timezone.localdate())
    atteint, chemin, baisse = (cas.annee.montant_du for cas in trouve.specialiste)
    assert atteint is not None
    assert chemin == atteint / 2
    assert baisse == 0
    fixe, perdu = (cas.annee.montant_du for cas in trouve.forte_patientele)
    assert fixe == trouve.annees[0].montant_maximal
    assert perdu == 0
    texte = ouvrir(client, "annee-3/").texte
    assert f"le montant de la première année : {mots(francais.euros(fixe))}" in texte


@pytest.mark.parametrize("date", [datetime.date(2023, 6, 1), datetime.date(2025, 1, 1)])
def test_l_exemple_suit_les_regles_du_jour(date: datetime.date) -> None:
    trouve = exemple(date)
    plein = trouve.entier.annee.montant_maximal
    assert trouve.entier.annee.montant_du == plein
    assert trouve.en_chemin.annee.taux_modulation is not None
    assert 0 < Fraction(trouve.en_chemin.annee.taux_modulation) < 1
