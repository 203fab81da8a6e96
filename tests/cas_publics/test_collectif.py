"""The collective aid, as published: scale, members, objective, and what ends it."""

from __future__ import annotations

from decimal import Decimal

from binome.argent import en_centimes
from tests.cas_publics.cas import publie
from tests.cas_publics.situations import (
    cinq_annees,
    collectif,
    condition,
    echeance,
    individuel,
    jour,
    maximums,
    objectif,
    refus,
)


@publie("C-01")
def test_bareme_collectif(identifiant: str) -> None:
    assert maximums(collectif(etp=1).annees) == cinq_annees(38_000, 28_000, 22_000)
    assert maximums(collectif(etp=2).annees) == cinq_annees(76_000, 56_000, 44_000)


@publie("C-02")
def test_seuil_sur_la_moyenne_du_groupe(identifiant: str) -> None:
    def eligible(*patienteles: int) -> str:
        return collectif(membres=tuple({"patientele_mt": patients} for patients in patienteles)).verdict.eligible

    assert eligible(775) == "oui"
    assert eligible(600, 950) == "oui"
    assert eligible(600, 949) == "non"


@publie("C-03")
def test_objectif_collectif(identifiant: str) -> None:
    for etp in (1, 2):
        resultat = collectif(etp=etp)
        assert objectif(resultat).gain == 260 * etp
        assert objectif(resultat, "file_active").gain == 110 * etp
        assert echeance(resultat, "date_limite_objectif") == jour("2028-03-02")


@publie("C-05")
def test_formes_juridiques(identifiant: str) -> None:
    resultat = collectif(groupe={"forme_juridique": "SEL"})
    assert resultat.verdict.eligible == "non"
    assert refus(resultat) == ["forme_juridique"]
    for forme in ("SCP", "SCM", "SISA"):
        assert collectif(groupe={"forme_juridique": forme}).verdict.eligible == "oui"


@publie("C-07")
def test_moyenne_repassee_sous_le_seuil(identifiant: str) -> None:
    """Three members at 775, then fewer on average: the contract keeps its term, its years and its verdict."""
    membres = ({"patientele_mt": 775},) * 3
    resultat = collectif(
        le="2029-01-02",
        membres=membres,
        resultats=[{"annee": 3, "patientele_mt": 2_300, "file_active": 4_200}],
    )
    assert resultat.verdict.eligible == "oui"
    assert echeance(resultat, "date_fin_contrat") == jour("2031-03-01")
    assert [annee.jours_dus == annee.jours for annee in resultat.annees] == [True] * 5
    assert maximums(resultat.annees)[3:] == [en_centimes(22_000)] * 2


@publie("C-08")
def test_total_sous_le_niveau_de_depart(identifiant: str) -> None:
    baisse = [{"annee": 3, "patientele_mt": 1_799, "file_active": 2_800}]
    resultat = collectif(le="2029-01-02", resultats=baisse)
    assert resultat.annees[2].statut_patientele_mt == "baisse"
    assert resultat.annees[2].montant_du == 0
    resilie = collectif(le="2029-01-02", resultats=baisse, groupe={"date_fin_anticipee": "2029-03-01"})
    assert [annee.jours_dus for annee in resilie.annees[3:]] == [0, 0]


@publie("C-09")
def test_objectif_collectif_atteint_en_partie(identifiant: str) -> None:
    # Half of the 260 patients, none of the 110 of active file: the better rate (arbitrage D19).
    atteint_a_moitie = [{"annee": 3, "patientele_mt": 1_800 + 130, "file_active": 2_800}]
    annee = collectif(projections=atteint_a_moitie).annees[2]
    assert annee.taux_modulation == "1/2"
    assert annee.montant_du == en_centimes(11_000)


@publie("C-10")
def test_carence(identifiant: str) -> None:
    ancien = {"date_fin_contrat_collectif": "2026-09-15"}
    exceptionnel = {**ancien, "circonstances_exceptionnelles": True}
    for signature, contrat, verdict in (
        ("2028-09-14", ancien, "non_remplie"),
        ("2028-09-15", ancien, "remplie"),
        ("2028-09-14", exceptionnel, "derogation"),
    ):
        for resultat in (individuel(signature, contrat=contrat), collectif(signature, groupe=contrat)):
            assert condition(resultat, "carence").verdict == verdict
            assert resultat.verdict.eligible == ("non" if verdict == "non_remplie" else "oui")


@publie("C-11")
def test_de_l_individuel_au_collectif(identifiant: str) -> None:
    resultat = collectif(membres=({"contrat_individuel_en_cours": True}, {}))
    assert resultat.verdict.eligible == "non"
    assert refus(resultat) == ["cumul"]

    def deuxieme_annee(fin: str) -> tuple[int | None, int | None]:
        annees = individuel("2025-01-01", "1", le="2027-03-01", contrat={"date_fin_anticipee": fin}).annees
        return annees[1].montant_du, annees[2].montant_prevu

    assert deuxieme_annee("2026-12-31") == (en_centimes(28_000), 0)
    assert deuxieme_annee("2026-06-30") == (en_centimes(Decimal(28_000) * 181 / 365), 0)


@publie("C-12")
def test_generalistes_seulement(identifiant: str) -> None:
    for membre in ({"specialite": "cardiologie"}, {"mode_exercice_particulier": True}):
        resultat = collectif(membres=(membre, {}))
        assert resultat.verdict.eligible == "non"
        assert set(refus(resultat)) <= {"adherents", "specialite"}
