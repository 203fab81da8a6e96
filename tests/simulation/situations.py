"""Situations drawn at random, for the property tests of the simulation."""

from __future__ import annotations

import datetime
from typing import Any

from hypothesis import strategies as st

AUJOURD_HUI = datetime.date(2026, 11, 23)

SPECIALITES = ("medecine_generale", "cardiologie_vasculaire", "pediatrie", "chirurgie_generale", "radiologie")
PATIENTS = st.one_of(
    st.integers(0, 4000), st.sampled_from([639, 640, 774, 775, 1044, 1045, 1480, 1514, 2186, 2187, 3206, 3207])
)
DATES = st.one_of(
    st.dates(datetime.date(2019, 8, 21), datetime.date(2027, 6, 30)),
    st.sampled_from(
        [
            datetime.date(2020, 2, 29),
            datetime.date(2020, 3, 10),
            datetime.date(2020, 3, 11),
            datetime.date(2023, 4, 30),
            datetime.date(2023, 5, 1),
            datetime.date(2024, 6, 21),
            datetime.date(2024, 6, 22),
        ]
    ),
)
FIN_DU_TIERS = datetime.date(2023, 5, 1)


def options_a(signature: datetime.date) -> st.SearchStrategy[str]:
    """Options that a contract signed on that day may hold."""
    return st.sampled_from(["tiers_etp", "demi_etp", "un_etp"] if signature < FIN_DU_TIERS else ["demi_etp", "un_etp"])


@st.composite
def situations(draw: st.DrawFn, *, resultats: bool = True) -> dict[str, Any]:
    """A plausible individual situation, as the mapping that a file would hold."""
    signature = draw(DATES)
    total = draw(PATIENTS)
    enfants = draw(st.integers(0, total))
    file_active = draw(PATIENTS)
    medecin = {
        "specialite": draw(st.sampled_from(SPECIALITES)),
        "secteur": draw(st.sampled_from(["secteur_1", "secteur_2_optam", "secteur_2"])),
        "zone": draw(st.sampled_from(["zip", "zac", "hors_zone"])),
        "nombre_medecins_lieu": draw(st.integers(1, 4)),
        "part_honoraires_cliniques": draw(st.sampled_from([0.79, 0.8, 0.81, 1.0])),
        "quotite_liberale": draw(st.sampled_from([1.0, 1.0, 0.5, 0.333, 0.8])),
        "rqth_ald": draw(st.sampled_from([False, False, False, True])),
    }
    contrat = {"date_signature": signature.isoformat(), "option": draw(options_a(signature))}
    situation: dict[str, Any] = {
        "date_appreciation": AUJOURD_HUI.isoformat(),
        "medecin": medecin,
        "patientele": {
            "patientele_mt": total,
            "patientele_mt_adultes": total - enfants,
            "patientele_mt_enfants": enfants,
            "file_active": file_active,
        },
        "contrat": contrat,
        "assistant": {"locaux_adaptes": True, "date_embauche": signature.isoformat()},
    }
    if draw(st.booleans()):
        situation["objectifs_notifies"] = {
            "patientele_mt": {"cible": (total + 1) // 2 + draw(PATIENTS)},
            "file_active": {"cible": (file_active + 1) // 2 + draw(PATIENTS)},
        }
    if draw(st.integers(0, 3)) == 0:
        situation["montants_notifies"] = {
            annee: draw(st.sampled_from(["0", "12000", "56000.50", "44000.01"]))
            for annee in draw(st.sets(st.sampled_from(["annee_1", "annee_2", "annee_3_et_suivantes"]), min_size=1))
        }
    if resultats and signature.replace(day=1).year <= AUJOURD_HUI.year - 3:
        situation["resultats"] = [{"annee": 3, "patientele_mt": draw(PATIENTS), "file_active": draw(PATIENTS)}]
    return situation


GENERALISTE: dict[str, Any] = {
    "date_appreciation": "2026-11-23",
    "medecin": {"specialite": "medecine_generale", "secteur": "secteur_1"},
    "patientele": {"patientele_mt": 1200, "file_active": 1600},
    "contrat": {"date_signature": "2026-12-01", "option": "1"},
    "assistant": {"locaux_adaptes": True},
}


def avec(**parties: dict[str, Any]) -> dict[str, Any]:
    """The GP of 2026, with some parts changed."""
    return {**GENERALISTE, **{nom: {**GENERALISTE.get(nom, {}), **valeurs} for nom, valeurs in parties.items()}}


def groupe(**autres: Any) -> dict[str, Any]:
    membre = {"patientele_mt": 1200, "file_active": 1600, "secteur": "secteur_1", "contrat_individuel_en_cours": True}
    donnees = {"date_signature": "2026-12-01", "forme_juridique": "SISA", "etp_demandes": 1, "membres": [membre]}
    return {"date_appreciation": "2026-11-23", "groupe": donnees, **autres}


#: Situations whose condition the law leaves undetermined though everything is told: they were crashes.
SANS_REGLE = {
    "carence d'un contrat collectif fini avant l'aide collective": (
        avec(contrat={"date_signature": "2025-06-01", "date_fin_contrat_collectif": "2025-03-01"}),
        "condition_carence",
    ),
    "carence d'un contrat à signer": (
        avec(contrat={"date_signature": "2026-12-01", "date_fin_contrat_collectif": "2025-12-31"}),
        "condition_carence",
    ),
    "cumul jugé avant que la règle soit connue": (groupe(date_appreciation="2025-05-01"), "condition_cumul"),
}
