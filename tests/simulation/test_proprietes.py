"""Properties that hold for every situation."""

from __future__ import annotations

import datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from binome.argent import en_centimes
from binome.simulation.modele.resultat import Resultat
from binome.simulation.modele.situation import Situation
from binome.simulation.reponse.simuler import simuler
from openfisca_assistants_medicaux.certitude import Certitude
from tests.simulation.situations import PATIENTS, options_a, situations

REVALORISATION = datetime.date(2024, 6, 22)
VEILLE_DE_LA_PUBLICATION = datetime.date(2024, 6, 20)

lente = settings(max_examples=60, derandomize=True)


def resultat(situation: dict[str, Any], date: datetime.date | None = None) -> Resultat:
    return simuler(Situation.model_validate(situation), date)


@lente
@given(situations())
def test_les_versements_font_le_montant_au_centime(situation: dict[str, Any]) -> None:
    """Every year of every option: instalments sum to the planned amount, and none is negative."""
    for option in resultat(situation).options:
        for annee in option.annees:
            if annee.montant_prevu is None:
                assert annee.versements == ()
                continue
            assert sum(v.montant for v in annee.versements) == annee.montant_prevu
            assert all(v.montant >= 0 for v in annee.versements)


@lente
@given(situations())
def test_la_certitude_d_une_annee_est_la_plus_faible_des_deux(situation: dict[str, Any]) -> None:
    """Of the maximum and of the sum due; each is said exactly where its amount is."""
    for option in resultat(situation).options:
        for annee in option.annees:
            dites = [Certitude[nom] for nom in (annee.certitude_maximal, annee.certitude_du) if nom is not None]
            assert (annee.certitude_du is None) == (annee.montant_du is None)
            assert (annee.certitude_maximal is None) == (annee.certitude is None)
            if annee.certitude is not None:
                assert Certitude[annee.certitude] <= min(dites)
                assert annee.montant_du is None or Certitude[annee.certitude] == min(dites)


@lente
@given(situations(resultats=False), PATIENTS, PATIENTS, st.integers(0, 500), st.integers(0, 500))
def test_plus_de_patients_ne_paie_jamais_moins(
    situation: dict[str, Any], mt: int, file_active: int, plus_mt: int, plus_fa: int
) -> None:
    """Year 3, same contract, same base and target: a better result on both indicators is never paid less."""
    moins = {"annee": 3, "patientele_mt": mt, "file_active": file_active}
    plus = {"annee": 3, "patientele_mt": mt + plus_mt, "file_active": file_active + plus_fa}
    notifies = {"patientele_mt": {"gain": 150}, "file_active": {"gain": 120}}
    situation = situation | {"objectifs_notifies": notifies}
    payes = [resultat(situation | {"projections": [p]}).annees for p in (moins, plus)]
    if not all(payes):
        return
    bas, haut = (annees[2].montant_du for annees in payes)
    if bas is not None and haut is not None:
        assert bas <= haut


@lente
@given(st.dates(datetime.date(2019, 8, 21), datetime.date(2026, 6, 30)), st.data())
def test_la_revalorisation_ne_change_pas_les_annees_ouvertes_avant(
    signature: datetime.date, data: st.DataObject
) -> None:
    """Years begun before 22 June 2024 keep the amounts that one would have told before the text was published."""
    situation = {
        "medecin": {"specialite": "medecine_generale", "secteur": "secteur_1"},
        "patientele": {"patientele_mt": 1200, "patientele_mt_adultes": 1000, "file_active": 1600},
        "contrat": {"date_signature": signature.isoformat(), "option": data.draw(options_a(signature))},
    }
    aujourd_hui = resultat(situation, datetime.date(2026, 11, 23)).annees
    hier = resultat(situation, VEILLE_DE_LA_PUBLICATION).annees
    for nouvelle, ancienne in zip(aujourd_hui, hier, strict=True):
        if nouvelle.debut < REVALORISATION:
            assert nouvelle.montant_maximal == ancienne.montant_maximal
        else:
            assert nouvelle.montant_maximal != ancienne.montant_maximal


@lente
@given(
    st.dates(datetime.date(2019, 8, 21), datetime.date(2024, 6, 21)),
    st.integers(1, 900),
    st.sampled_from(["demi_etp", "un_etp"]),
)
def test_retarder_la_signature_au_dela_de_la_revalorisation(tot: datetime.date, jours: int, option: str) -> None:
    """Raising the signature date, across 22 June 2024 or not, never changes what a year begun before is worth."""

    def annees(signature: datetime.date) -> list[Any]:
        situation = {
            "medecin": {"specialite": "medecine_generale", "secteur": "secteur_1"},
            "patientele": {"patientele_mt": 1200, "patientele_mt_adultes": 1000, "file_active": 1600},
            "contrat": {"date_signature": signature.isoformat(), "option": option},
        }
        choisie = next(o for o in resultat(situation, datetime.date(2026, 11, 23)).options if o.choisie)
        return list(choisie.annees)

    avant = {a.rang: a.montant_maximal for a in annees(tot) if a.debut < REVALORISATION}
    apres = {a.rang: a.montant_maximal for a in annees(tot + datetime.timedelta(jours)) if a.debut < REVALORISATION}
    assert avant
    assert all(avant[rang] == montant for rang, montant in apres.items() if rang in avant)


@lente
@given(situations())
def test_la_certitude_est_la_plus_faible_des_hypotheses_nommees(situation: dict[str, Any]) -> None:
    """A result that names no weak value is certain, and the other way round."""
    reponse = resultat(situation)
    nommees = [Certitude[hypothese.certitude] for hypothese in reponse.hypotheses]
    assert Certitude[reponse.certitude] == min(nommees, default=Certitude.texte)


@lente
@given(situations())
def test_le_resultat_survit_a_json(situation: dict[str, Any]) -> None:
    reponse = resultat(situation)
    assert Resultat.model_validate_json(reponse.model_dump_json()) == reponse


def test_rejouer_une_decision_oublie_les_resultats_posterieurs() -> None:
    """A contract of 2020 with results of years 3 to 5, replayed in June 2024: those of year 5 were not known."""
    situation = {
        "date_appreciation": "2025-03-15",
        "medecin": {"specialite": "medecine_generale", "secteur": "secteur_1"},
        "patientele": {"patientele_mt_adultes": 975, "file_active": 2355},
        "contrat": {"date_signature": "2020-10-01", "option": "1/2"},
        "resultats": [
            {"annee": annee, "patientele_mt": 1000 + annee, "file_active": 2400 + annee} for annee in (3, 4, 5)
        ],
    }
    rejoue = resultat(situation, datetime.date(2024, 6, 20))
    assert [annee.statut_file_active is not None for annee in rejoue.annees] == [False, False, True, True, False]
    assert any("laissés de côté" in message and "5" in message for message in rejoue.messages)
    assert rejoue.annees[4].montant_maximal == en_centimes(10_500)
    assert resultat(situation).annees[4].montant_maximal == en_centimes(11_000)


@lente
@given(situations())
def test_ce_qui_n_est_pas_determine_ne_se_certifie_pas(situation: dict[str, Any]) -> None:
    """An unknown bears no certainty, and a planned amount says whether it is a ceiling."""
    reponse = resultat(situation)
    for objectif in reponse.objectifs:
        assert (objectif.certitude is None) == (objectif.gain is None and objectif.gain_au_plus is None)
    for annee in reponse.annees:
        assert annee.au_plus == (annee.montant_du is None)
        if annee.montant_maximal is None and not annee.montants_possibles:
            assert annee.certitude is None
    assert reponse.total_au_plus == any(annee.au_plus for annee in reponse.annees)
