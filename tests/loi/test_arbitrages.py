"""Each arbitrage has its line: where it is read, what readings are shown or why one, what test holds it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from openfisca_assistants_medicaux.certitude import Certitude
from openfisca_assistants_medicaux.lectures import points_de
from tests.loi.population import systeme

RACINE = Path(__file__).parents[2]
ARBITRAGES = RACINE / "docs" / "arbitrages"
DECIDE = re.compile(r"^\| ([CDE]\d+) \| [^|]+ \| [^|]+ \| (\w+) \| \[", re.MULTILINE)
LIGNE = re.compile(r"^\| ([CDE]\d+) \| `([^`]+)` \| ([^|]+) \| `([^`]+)` \|$", re.MULTILINE)


def lignes() -> dict[str, tuple[str, str, str]]:
    """(parameter, readings, test) by point."""
    registre = (ARBITRAGES / "README.md").read_text(encoding="utf-8")
    return {point: (lu, lectures, essai) for point, lu, lectures, essai in LIGNE.findall(registre)}


@pytest.mark.parametrize("page", sorted(ARBITRAGES.glob("[cde]*.md")), ids=lambda p: p.stem)
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


def lue_dans(nom: str) -> list[Certitude]:
    """The certainty of each value of a parameter, or of a table of them; nothing where the law does not write it."""
    lu: Any = systeme().parameters
    for partie in nom.split("."):
        lu = getattr(lu, "children", {}).get(partie)
    feuilles = [lu] if hasattr(lu, "values_list") else lu.get_descendants() if lu is not None else []
    valeurs = [v for f in feuilles for v in getattr(f, "values_list", ()) if v.value is not None]
    return [Certitude[v.metadata.get("certitude", "texte")] for v in valeurs]


@pytest.mark.parametrize("page", sorted(ARBITRAGES.glob("[cde]*.md")), ids=lambda p: p.stem)
def test_la_certitude_d_un_arbitrage_n_excede_pas_celle_de_sa_source(page: Path) -> None:
    point = page.stem[0].upper() + str(int(page.stem[1:3]))
    trouvee = re.search(r"\*\*Certitude\*\* : (.+)", page.read_text(encoding="utf-8"))
    assert trouvee
    au_registre = dict(DECIDE.findall((ARBITRAGES / "README.md").read_text(encoding="utf-8")))
    assert trouvee.group(1) == au_registre[point]
    assert Certitude[trouvee.group(1)] <= min(lue_dans(lignes()[point][0]), default=Certitude.hypothese)


def test_un_arbitrage_trop_sur_se_verrait() -> None:
    """The comparison above has something to compare: most points are read in a parameter."""
    lus = [lu for lu, _, _ in lignes().values() if lue_dans(lu)]
    assert len(lus) > 40
    assert min(lue_dans("versements.avance.taux")) == Certitude.hypothese
