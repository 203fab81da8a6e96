"""Published objectives: what must be gained, from which list, and who must only keep theirs."""

from __future__ import annotations

from decimal import Decimal

import pytest

from binome.argent import en_centimes
from binome.simulation.moteur.systeme import systeme
from openfisca_assistants_medicaux.apports import AUCUN
from openfisca_assistants_medicaux.distributions import Marges, distributions_de
from tests.cas_publics.cas import cas, publie
from tests.cas_publics.situations import AV7, CM24, RA, echeance, individuel, jour, loi, maximums, objectif

BANDES_SOUS_P95 = ("p30_p50", "p50_p70", "p70_p90", "p90_p95")

#: Of 1 000 patients, a rate of one per thousand is one patient.
POUR_MILLE = 1_000


def objectif_av7(demandee: str, bande: str, base: int = POUR_MILLE) -> tuple[int | None, int | None]:
    """Gain and its upper bound, for MT, in a band notified by the fund."""
    patientele = {"patientele_mt": base, "patientele_mt_adultes": base, "file_active": base}
    resultat = individuel(AV7, demandee, patientele=patientele, contrat={"bande_notifiee": bande})
    mt, fa = objectif(resultat), objectif(resultat, "file_active")
    assert (mt.gain, mt.gain_au_plus) == (fa.gain, fa.gain_au_plus)
    return mt.gain, mt.gain_au_plus


@pytest.mark.parametrize(
    ("demandee", "bandes", "minimum", "maximum"),
    [
        cas("S0-10", "1/3", (*BANDES_SOUS_P95, "p95_plus"), 0, 200),
        cas("S0-11", "1/2", (*BANDES_SOUS_P95, "p95_plus"), 0, 250),
        cas("S0-12", "1", (*BANDES_SOUS_P95, "p95_plus"), 50, 350),
        cas("R-07", "1/3", BANDES_SOUS_P95, 40, 200, detail="1/3"),
        cas("R-07", "1/2", BANDES_SOUS_P95, 60, 250, detail="1/2"),
        cas("R-07", "1", BANDES_SOUS_P95, 125, 350, detail="1"),
    ],
)
def test_fourchette_des_objectifs(demandee: str, bandes: tuple[str, ...], minimum: int, maximum: int) -> None:
    """The published range is exactly that of the known rates; an unknown rate is bounded within it."""
    objectifs = [objectif_av7(demandee, bande) for bande in bandes]
    gains = [gain for gain, _ in objectifs if gain is not None]
    assert (min(gains), max(gains)) == (minimum, maximum)
    for gain, borne in objectifs:
        assert borne is not None
        assert minimum <= borne <= maximum
        assert gain in {None, borne}


@publie("S0-13")
def test_maintien_des_plus_fortes_patienteles(identifiant: str) -> None:
    for demandee in ("1/3", "1/2"):
        assert objectif_av7(demandee, "p95_plus") == (0, 0)
        # 2 600 adults stand above any estimate of the P95.
        resultat = individuel(AV7, demandee, patientele={"patientele_mt_adultes": 2_600, "file_active": 4_000})
        assert [o.gain for o in resultat.objectifs] == [0, 0]


@publie("R-07")
def test_maintien_au_dela_du_p95(identifiant: str) -> None:
    assert [objectif_av7(demandee, "p95_plus") for demandee in ("1/3", "1/2")] == [(0, 0), (0, 0)]


@publie("R-08")
def test_grille_du_tiers_temps(identifiant: str) -> None:
    assert [objectif_av7("1/3", bande)[0] for bande in BANDES_SOUS_P95] == [200, 150, 75, 40]


@publie("R-12")
def test_ordre_de_grandeur_de_l_objectif_moyen(identifiant: str) -> None:
    """1 430 − 1 318 = 112 patients lie among the objectives that a list of 1 318 adults may have."""
    options, bandes = ("1/3", "1/2", "1"), ("p70_p90", "p90_p95")
    gains = [objectif_av7(demandee, bande, 1_318)[0] for demandee in options for bande in bandes]
    connus = [gain for gain in gains if gain is not None]
    assert min(connus) < 1_430 - 1_318 < max(connus)
    # The computed band is one of those, and no firmer than published percentiles allow.
    calcule = individuel(AV7, patientele={"patientele_mt_adultes": 1_318})
    assert calcule.bande is not None
    assert {calcule.bande.basse, calcule.bande.haute} <= set(bandes)


@publie("R-15")
def test_mediane_de_2019_un_peu_au_dessus_de_800(identifiant: str) -> None:
    """The median of the avenant 7, published « about 850 », may be 801 to 899."""
    marges = Marges(0.03, 0.05, 0.1)
    encadrement = distributions_de(systeme(AUCUN)).encadrement("", "medecine_generale", "patientele_mt", 50, marges)
    assert encadrement.estimation is not None
    assert 800 < encadrement.estimation < 900
    assert not encadrement.publie
    installe = individuel(AV7, medecin={"nouvel_installe": True}, patientele={"patientele_mt_adultes": 700})
    but = objectif(installe)
    assert but.gain is None
    assert but.gain_au_plus is not None
    assert 801 <= 700 + but.gain_au_plus <= 899
    # At 801 the median may still be above; at 900 it may be below.
    bandes = [individuel(AV7, patientele={"patientele_mt_adultes": adultes}).bande for adultes in (801, 900)]
    assert bandes[0] is not None
    assert bandes[1] is not None
    assert bandes[0].basse == "p30_p50"
    assert bandes[1].haute == "p50_p70"


@publie("R-01")
def test_plus_deux_cent_soixante(identifiant: str) -> None:
    but = objectif(individuel(RA, "1", patientele={"patientele_mt": 1_300}))
    assert but.gain == 260
    assert but.cible == 1_560
    assert Decimal(260) / 1_300 == Decimal("0.2")


@publie("S3-14", "T4")
def test_mi_temps_au_p95(identifiant: str) -> None:
    resultat = individuel(RA, "0.5", patientele={"patientele_mt": 2_187, "file_active": 3_207})
    assert [o.gain for o in resultat.objectifs] == [0, 0]
    assert maximums(resultat.annees) == [en_centimes(18_000)] * 5


@publie("T3")
def test_temps_plein_au_dela_du_p95_sous_l_avenant_7(identifiant: str) -> None:
    resultat = individuel(AV7, "1", patientele={"patientele_mt_adultes": 2_059, "file_active": 2_333})
    assert [objectif(resultat, nom).gain for nom in ("patientele_mt", "file_active")] == [102, 116]


@publie("T5")
def test_temps_plein_au_p95_sous_le_reglement_arbitral(identifiant: str) -> None:
    for patients in (2_187, 2_500, 3_000):
        resultat = individuel(RA, "1", patientele={"patientele_mt": patients, "file_active": 3_207})
        gain = objectif(resultat).gain
        assert gain is not None
        assert gain <= 109
        assert maximums(resultat.annees) == [en_centimes(36_000)] * 5


@publie("S3-17")
def test_releve_de_depart(identifiant: str) -> None:
    assert echeance(individuel("2023-11-23"), "releve_reference") == jour("2023-06-30")


@publie("S3-21")
def test_bascule_sur_demande(identifiant: str) -> None:
    """The switched contract takes the objective of the new rules (R-01's); without a request nothing changes."""
    patientele = {"patientele_mt": 1_300, "patientele_mt_adultes": 1_100}
    reste = individuel("2022-01-10", "1", le=RA, patientele=patientele)
    bascule = individuel("2022-01-10", "1", le=RA, patientele=patientele, contrat={"date_bascule": RA})
    avant = individuel("2022-01-10", "1", patientele=patientele)
    assert objectif(bascule).gain == 260
    assert objectif(reste) == objectif(avant)
    assert objectif(reste).base == 1_100
    for signature, admise in (("2023-04-29", True), ("2023-05-01", False)):
        assert loi("bascule_admise", CM24, date_signature=signature, date_bascule="2023-10-01") is admise
