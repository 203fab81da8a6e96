"""Published delays to train and qualify the assistant."""

from __future__ import annotations

from tests.cas_publics.cas import publie
from tests.cas_publics.situations import AV7, RA, echeance, individuel, jour


@publie("S2-01")
def test_qualification_sous_trois_ans(identifiant: str) -> None:
    resultat = individuel(AV7, assistant={"date_embauche": "2019-10-01", "profil_assistant": "autre"})
    assert echeance(resultat, "date_limite_qualification") == jour("2022-10-01")


@publie("S3-19")
def test_formation_sous_deux_ans_et_qualification_sous_trois(identifiant: str) -> None:
    resultat = individuel(RA, assistant={"date_embauche": "2023-09-01", "profil_assistant": "autre"})
    assert echeance(resultat, "date_limite_debut_formation") == jour("2025-09-01")
    assert echeance(resultat, "date_limite_qualification") == jour("2026-09-01")
