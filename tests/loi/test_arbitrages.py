"""Each arbitrage has its line: where it is read, what readings are shown or why one, what test holds it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from openfisca_assistants_medicaux.lectures import points_de
from tests.loi.population import systeme

RACINE = Path(__file__).parents[2]
ARBITRAGES = RACINE / "docs" / "arbitrages"
LIGNE = re.compile(r"^\| ([DE]\d+) \| `([^`]+)` \| ([^|]+) \| `([^`]+)` \|$", re.MULTILINE)


def lignes() -> dict[str, tuple[str, str, str]]:
    """(parameter, readings, test) by point."""
    registre = (ARBITRAGES / "README.md").read_text(encoding="utf-8")
    return {point: (lu, lectures, essai) for point, lu, lectures, essai in LIGNE.findall(registre)}


@pytest.mark.parametrize("page", sorted(ARBITRAGES.glob("[de]*.md")), ids=lambda p: p.stem)
def test_chaque_arbitrage_a_sa_ligne(page: Path) -> None:
    point = page.stem[0].upper() + str(int(page.stem[1:3]))
    assert point in lignes(), f"docs/arbitrages/README.md : ligne de {point} attendue"
    lu, lectures, essai = lignes()[point]
    citee = page.read_text(encoding="utf-8").split("**Paramètres et variables**")[1].split("\n\n")[0]
    noms = set(re.findall(r"`([^`]+)`", citee))
    assert lu in noms, f"{point} : sa page ne nomme pas {lu}"
    deux = point.lower() in points_de(systeme())
    assert deux == (lectures == "Deux"), f"{point} : {lectures}"
    assert len(lectures) >= len("Deux")
    texte = (RACINE / essai).read_text(encoding="utf-8")
    cites = [rf"(?i)(?<![a-z0-9]){point}(?![0-9])", *(re.escape(nom) for nom in noms)]
    assert any(re.search(cite, texte) for cite in cites), f"{point} : {essai} n'en parle pas"
