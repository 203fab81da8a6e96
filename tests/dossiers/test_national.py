"""The national tables tell no small group, even to whoever joins them all: bounds held to an enumeration."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence

from hypothesis import assume, given
from hypothesis import strategies as st

from binome.dossiers.patientele import national
from binome.dossiers.patientele.national import BASES, SECRET, Lien

#: Two tables of one sum, one of which is cut again: a tree, as the page's.
LIENS = (Lien("total", ("a", "b", "c")), Lien("total", ("d", "e")), Lien("e", ("f", "g")))
CASES = ("a", "b", "c", "d", "e", "f", "g")


def comptes(a: int, b: int, c: int, d: int, f: int) -> dict[str, int] | None:
    """Cells that the links allow; None when they do not add up."""
    e = a + b + c - d
    g = e - f
    return None if min(e, g) < 0 else {"a": a, "b": b, "c": c, "d": d, "e": e, "f": f, "g": g}


def possibles(montres: Mapping[str, int], base: int) -> Iterator[dict[str, int]]:
    """Every truth that would be shown so: the solver, by trying them all."""

    def domaine(nom: str) -> range:
        bas, haut = national.intervalle(montres[nom], base)
        return range(bas, haut + 1)

    for a, b, c, d, f in itertools.product(*(domaine(nom) for nom in "abcdf")):
        essai = comptes(a, b, c, d, f)
        if essai is not None and all(essai[nom] in domaine(nom) for nom in "eg"):
            yield essai


@given(st.tuples(*[st.integers(0, 9)] * 3), st.integers(0, 12), st.integers(0, 9))
def test_les_bornes_sont_celles_de_qui_rapproche_tout(abc: Sequence[int], d: int, f: int) -> None:
    vrais = comptes(*abc, d, f)
    assume(vrais is not None)
    assert vrais is not None
    base = BASES[0]
    montres = {nom: national.arrondir(nombre, base) for nom, nombre in vrais.items()}
    bornes = national.intervalles(montres, LIENS, base)
    tous = list(possibles(montres, base))
    assert vrais in tous
    for nom in CASES:
        valeurs = {essai[nom] for essai in tous}
        assert bornes[nom] == (min(valeurs), max(valeurs)), nom


@given(st.tuples(*[st.integers(0, 9)] * 3), st.integers(0, 12), st.integers(0, 9))
def test_aucun_petit_groupe_ne_se_devine(abc: Sequence[int], d: int, f: int) -> None:
    vrais = comptes(*abc, d, f)
    assume(vrais is not None)
    assert vrais is not None
    base = national.base_sure(vrais, LIENS)
    assert national.tait_les_petits(vrais, LIENS, base)


def test_un_rapprochement_qui_dirait_un_groupe_elargit_l_arrondi() -> None:
    """Shown 5 and 0, 0: the total is 3 at least, of which two groups of 2 at most: nobody may be sure of a group."""
    liens = [Lien("total", ("a", "b", "c", "d")), Lien("total", ("e",))]
    vrais = {"a": 2, "b": 2, "c": 2, "d": 2, "e": 8}
    assert not national.tait_les_petits(vrais, liens, BASES[0])
    assert national.base_sure(vrais, liens) > BASES[0]


@given(st.dictionaries(st.sampled_from("abcdef"), st.lists(st.integers(1, 4_000_000), min_size=1, max_size=9)))
def test_une_somme_tue_ne_l_est_pas_seule(montants: dict[str, list[int]]) -> None:
    montres = national.taire(montants)
    tus = [nom for nom, montant in montres.items() if montant is None]
    for nom, parts in montants.items():
        if len(parts) < SECRET or max(parts) > national.DOMINANCE * sum(parts):
            assert nom in tus
    assert len(tus) != 1 or len(montants) == 1
