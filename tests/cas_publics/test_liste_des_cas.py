"""The list of the published cases: whole, and each asserted by a test or left out for a reason."""

from __future__ import annotations

import pytest

from tests.cas_publics.cas import cites, cites_dans, lire_cas
from tests.cas_publics.situations import jour

NOMBRE_DE_CAS = 93


def test_cas_csv_est_complet() -> None:
    lignes = lire_cas()
    identifiants = [ligne["id"] for ligne in lignes]
    assert len(identifiants) == NOMBRE_DE_CAS
    assert len(set(identifiants)) == NOMBRE_DE_CAS
    for ligne in lignes:
        assert all(ligne[colonne] for colonne in ("source", "affirmation")), ligne["id"]
        assert jour(ligne["date"]), ligne["id"]
        assert ligne["teste"] in {"oui", "non"}, ligne["id"]


def test_chaque_cas_est_teste_ou_dit_pourquoi_il_ne_l_est_pas() -> None:
    lignes = lire_cas()
    testes = {ligne["id"] for ligne in lignes if ligne["teste"] == "oui"}
    nommes = cites()
    du_dossier = {cite for cite in nommes if cite.startswith("T")}
    assert nommes - du_dossier == testes
    for ligne in lignes:
        raison = ligne["raison"]
        assert raison or ligne["teste"] == "oui", ligne["id"]
        if raison:
            assert len(raison.split()) >= 8, ligne["id"]
            assert raison.endswith("."), ligne["id"]


def test_un_cas_se_lit_dans_les_decorateurs_d_un_test() -> None:
    """An id that no test carries is not read as tested, and one that cannot be read is refused."""
    listes = '@param([cas("A", 1), *[cas("B", n) for n in (1, 2)]])\ndef test_x(): ...\n'
    nommes = '@publie("C", "D")\ndef test_y(): ...\n'
    sans_test = 'cas("E")\n@publie("F")\ndef aide(): ...\n'
    assert set(cites_dans(listes + nommes + sans_test)) == {"A", "B", "C", "D"}
    with pytest.raises(ValueError, match="en toutes lettres, lu nom"):
        list(cites_dans("@publie(nom)\ndef test_z(): ...\n"))
