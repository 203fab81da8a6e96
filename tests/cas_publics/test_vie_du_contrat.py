"""The life of a contract, as published: absences, a change of assistant, an early end."""

from __future__ import annotations

from decimal import Decimal

from binome.argent import en_centimes
from tests.cas_publics.cas import publie
from tests.cas_publics.situations import CM24, RA, Partie, echeance, individuel, jour, loi


@publie("AQ-01")
def test_absence_courte(identifiant: str) -> None:
    absence: Partie = {"date_debut_absence": "2025-01-10", "date_fin_absence": "2025-03-08"}
    assert loi("suite_absence", "2025-06-01", date_signature=CM24, **absence) == "aucune_action"
    resultat = individuel(CM24, le="2025-06-01", assistant=absence)
    assert resultat.annees[0].montant_du == en_centimes(19_000)
    assert resultat.annees[0].jours_dus == resultat.annees[0].jours


@publie("AQ-02")
def test_absence_sans_remplacement(identifiant: str) -> None:
    absence: Partie = {"date_debut_absence": "2026-03-01", "date_signature": CM24}
    assert loi("suite_absence", "2026-05-15", **absence) == "a_signaler"
    assert loi("suite_absence", "2026-06-01", **absence) == "suspension"

    # Suspended from 1 June to 31 August 2026: thirty days of year 2, sixty-two of year 3, its evaluation among them.
    suspension: Partie = {"date_debut_suspension": "2026-06-01", "date_fin_suspension": "2026-08-31"}
    baisse = [{"annee": 3, "patientele_mt": 900, "file_active": 1_300}]
    annees = individuel(CM24, "1", le="2026-09-01", contrat=suspension, resultats=baisse).annees
    assert [annee.jours_dus for annee in annees] == [365, 335, 303, 366, 365]
    assert annees[1].montant_du == en_centimes(Decimal(28_000) * 335 / 365)
    assert annees[2].taux_modulation is None
    assert annees[2].montant_du is None
    assert loi("objectifs_suspendus", "2026-09-01", rang=3, date_signature=CM24, **suspension) is True


@publie("AQ-03")
def test_changement_d_assistant(identifiant: str) -> None:
    depart: Partie = {"date_debut_absence": "2025-01-10", "assistant_remplace": True}
    assert loi("suite_absence", "2025-06-01", date_signature=CM24, **depart) == "aucune_action"
    change, sans = (individuel(CM24, le="2025-06-01", assistant=assistant) for assistant in (depart, {}))
    assert change.annees == sans.annees
    assert echeance(change, "date_fin_contrat") == echeance(sans, "date_fin_contrat")


@publie("V23-resil")
def test_preavis_de_resiliation(identifiant: str) -> None:
    # Two months' notice, then the next anniversary (D25): the day before the notice is short, the year after.
    assert loi("date_effet_resiliation", "2024-04-15", date_signature=RA) == jour("2024-06-15")
    assert loi("date_effet_resiliation", "2024-04-16", date_signature=RA) == jour("2025-06-15")
