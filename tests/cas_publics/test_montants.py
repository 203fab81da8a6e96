"""Published amounts: the scales, what the busiest bands add, the anniversary of a scale that changes."""

from __future__ import annotations

import datetime

import pytest

from binome.argent import en_centimes
from tests.cas_publics.cas import cas, publie
from tests.cas_publics.situations import AV7, CM24, RA, cinq_annees, echeance, individuel, jour, loi, maximums


@pytest.mark.parametrize(
    ("signature", "demandee", "zone", "attendu"),
    [
        cas("S0-01", AV7, "1/3", "hors_zone", (12_000, 9_000, 7_000)),
        cas("S0-02", AV7, "1/2", "hors_zone", (18_000, 13_500, 10_500)),
        cas("S0-03", AV7, "1", "zip", (36_000, 27_000, 21_000)),
        cas("S3-04", RA, "0.5", "hors_zone", (18_000, 13_500, 10_500)),
        cas("S3-05", RA, "1", "hors_zone", (36_000, 27_000, 21_000)),
        cas("A24-0.5", CM24, "0.5", "hors_zone", (19_000, 14_000, 11_000)),
        cas("A24-1", CM24, "1", "hors_zone", (38_000, 28_000, 22_000)),
        cas("T8", CM24, "1", "hors_zone", (38_000, 28_000, 22_000)),
    ],
)
def test_bareme(signature: str, demandee: str, zone: str, attendu: tuple[int, int, int]) -> None:
    resultat = individuel(signature, demandee, medecin={"zone": zone})
    assert resultat.verdict.eligible == "oui"
    assert maximums(resultat.annees) == cinq_annees(*attendu)


@pytest.mark.parametrize(
    ("signature", "demandee", "annee_3"),
    [
        cas("R-09", AV7, "1/3", 8_350),
        cas("V7-P90-0.5", AV7, "1/2", 12_500),
        cas("A24-P90-0.5", RA, "0.5", 12_500, detail="avant"),
        cas("A24-P90-0.5", CM24, "0.5", 13_000),
        cas("A24-P90-1", RA, "1", 25_000, detail="avant"),
        cas("A24-P90-1", CM24, "1", 26_000),
    ],
)
def test_majoration_de_p90_a_p95(signature: str, demandee: str, annee_3: int) -> None:
    ordinaire = individuel(signature, demandee, contrat={"bande_notifiee": "p70_p90"})
    majoree = individuel(signature, demandee, contrat={"bande_notifiee": "p90_p95"})
    assert maximums(majoree.annees)[:2] == maximums(ordinaire.annees)[:2]
    assert maximums(majoree.annees)[2:] == [en_centimes(annee_3)] * 3


@pytest.mark.parametrize(
    ("signature", "demandee", "montant"),
    [
        cas("R-09", AV7, "1/3", 12_000, detail="P95"),
        cas("R-07", AV7, "1", 36_000, detail="P95"),
        cas("V7-P90-0.5", AV7, "1/2", 18_000, detail="P95"),
        cas("A24-P95-0.5", RA, "0.5", 18_000, detail="avant"),
        cas("A24-P95-0.5", CM24, "0.5", 19_000),
        cas("A24-P95-1", RA, "1", 36_000, detail="avant"),
        cas("A24-P95-1", CM24, "1", 38_000),
    ],
)
def test_montant_fixe_a_partir_du_p95(signature: str, demandee: str, montant: int) -> None:
    resultat = individuel(signature, demandee, contrat={"bande_notifiee": "p95_plus"})
    assert maximums(resultat.annees) == [en_centimes(montant)] * 5


@publie("A24-1/3")
def test_tiers_temps_en_cours(identifiant: str) -> None:
    resultat = individuel("2023-04-15", "1/3", le=CM24)
    assert maximums(resultat.annees)[2:] == [en_centimes(7_350)] * 3
    # The last 1/3 contracts were signed on 30/04/2023: no situation opens a second year under this scale.
    ouverte_ensuite = {"date_signature": "2023-07-01", "option": "tiers_etp", "specialite": "medecine_generale"}
    assert loi("montant_maximal", CM24, rang=2, patientele_mt=1000, **ouverte_ensuite) == 945_000


@pytest.mark.parametrize(
    ("signature", "demandee", "attendu"),
    [
        cas("A24-transit", "2023-10-01", "1/2", (18_000, 14_000, 11_000)),
        cas("T9", "2023-10-01", "1/2", (18_000, 14_000, 11_000)),
        cas("A24-transit", "2023-06-21", "1", (36_000, 27_000, 22_000), detail="anniversaire-la-veille"),
        cas("A24-transit", "2023-06-22", "1", (36_000, 28_000, 22_000), detail="anniversaire-le-jour-meme"),
        cas("A24-transit", "2020-06-22", "1/2", (18_000, 13_500, 10_500, 10_500, 11_000), detail="avenant-8"),
    ],
)
def test_nouveau_bareme_a_l_anniversaire(signature: str, demandee: str, attendu: tuple[int, ...]) -> None:
    attendus = [*attendu, *[attendu[-1]] * (5 - len(attendu))]
    assert maximums(individuel(signature, demandee, le=CM24).annees) == [en_centimes(montant) for montant in attendus]


@publie("S1-01")
def test_premiere_annee_de_l_avenant_7(identifiant: str) -> None:
    embauche = jour("2019-10-01")
    premieres = {
        nom: individuel(AV7, nom, assistant={"date_embauche": embauche}).annees[0] for nom in ("1/3", "1/2", "1")
    }
    montants = [annee.montant_maximal for annee in premieres.values() if annee.montant_maximal is not None]
    assert (min(montants), max(montants)) == (en_centimes(12_000), en_centimes(36_000))
    for annee in premieres.values():
        assert annee.montant_maximal is not None
        avance = annee.versements[0]
        assert avance.montant == annee.montant_maximal * 7 // 10
        assert avance.date is not None
        assert avance.date <= embauche + datetime.timedelta(days=15)


@publie("S4-01")
def test_bareme_et_duree_du_reglement_arbitral(identifiant: str) -> None:
    demi, plein = (individuel(RA, nom) for nom in ("0.5", "1"))
    assert [maximums(r.annees)[0] for r in (demi, plein)] == [en_centimes(m) for m in (18_000, 36_000)]
    assert [maximums(r.annees)[2] for r in (demi, plein)] == [en_centimes(m) for m in (10_500, 21_000)]
    assert echeance(demi, "date_fin_contrat") == jour("2028-06-14")
    assert loi("renouvelable", RA, date_signature=RA) == "oui"


@publie("S3-16")
def test_activite_mixte(identifiant: str) -> None:
    resultat = individuel(RA, "1", medecin={"quotite_liberale": 0.6})
    assert maximums(resultat.annees) == cinq_annees(21_600, 16_200, 12_600)
