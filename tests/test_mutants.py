"""The faults of `make mutants` can still be written: the code that each changes is there, and its tests too."""

from __future__ import annotations

import pytest

from bench.mutants import MUTANTS, Mutant
from tests.noeuds import essais_de


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.nom)
def test_une_faute_s_ecrit_et_a_ses_essais(mutant: Mutant) -> None:
    compile(mutant.source(), mutant.fichier, "exec")
    for noeud in mutant.tests:
        fichier, _, nom = noeud.partition("::")
        assert nom in essais_de(fichier), noeud
