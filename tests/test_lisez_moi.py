"""The measures that the README shows: a target that is not reached says so, on its own line."""

from __future__ import annotations

import re
from pathlib import Path

LISEZ_MOI = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
GRANDEUR = re.compile(r"(\d[\d  ]*(?:\.\d+)?) (ms|s|MB|times|runs?|a second)\b")


def grandeurs(texte: str) -> dict[str, float]:
    """The last value of each unit: of « 1 run; 2 runs once… », the worst is told last."""
    return {
        unite.rstrip("s") if "run" in unite else unite: float(re.sub(r"\s", "", n))
        for n, unite in GRANDEUR.findall(texte)
    }


def manquees(mesure: str, cible: str) -> list[str]:
    """Units whose target is not reached and is not said so."""
    dits = {
        unite
        for morceau in cible.split(";")
        if re.search("(?:not|neither) reached", morceau)
        for unite in grandeurs(morceau)
    }
    obtenues, attendues = grandeurs(mesure.replace(" a second on", " a second, on")), grandeurs(cible)
    assert attendues.keys() <= obtenues.keys(), mesure
    return [
        unite
        for unite, attendue in attendues.items()
        if (obtenues[unite] < attendue if unite == "a second" else obtenues[unite] > attendue) and unite not in dits
    ]


def mesures() -> list[tuple[str, str, str]]:
    tableau = LISEZ_MOI.split("\n## Measures\n")[1].split("\n## ")[0]
    return [
        tuple(c.strip() for c in ligne.strip("|").split("|")) for ligne in re.findall(r"^\|.*\|$", tableau, re.M)[2:]
    ]  # type: ignore[misc]


def test_une_cible_manquee_le_dit() -> None:
    lignes = mesures()
    assert len(lignes) >= 10
    assert {quoi: unites for quoi, mesure, cible in lignes if (unites := manquees(mesure, cible))} == {}
    assert manquees("1.6 s", "1.5 s") == ["s"]
    assert manquees("123 a second on two cores", "300 a second") == ["a second"]
    assert manquees("0.44 s, 1.5 times", "0.4 s: not reached; 3 times") == []
