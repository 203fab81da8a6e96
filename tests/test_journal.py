"""The journal of versions: one entry for each day on which the law changes, with its periods and its zones."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from binome.simulation.parametres import THEMES
from tests.loi.population import feuilles

JOURNAL = Path(__file__).parents[1] / "CHANGELOG.md"
JOUR = re.compile(r"\b(\d{2})/(\d{2})/(\d{4})\b")


@dataclass(frozen=True)
class Entree:
    """One entry « loi »: the first day concerned, and the themes that it names."""

    titre: str
    debut: datetime.date
    zones: frozenset[str]


def theme_de(zone: str) -> str:
    """The theme of the parameters that a zone names by the beginning of its title. Raises ValueError."""
    trouves = [nom for nom, titre in THEMES.items() if titre.casefold().startswith(zone.casefold())]
    if len(trouves) != 1:
        raise ValueError(f"zone « {zone} » ; attendu : le début d'un thème ({', '.join(THEMES.values())})")
    return trouves[0]


def entrees(journal: str) -> Iterator[Entree]:
    """Every entry under « ### La loi ». Raises ValueError on one that does not say its periods and zones."""
    for section in re.findall(r"^### La loi\n(.*?)(?=^##|\Z)", journal, flags=re.MULTILINE | re.DOTALL):
        for texte in re.split(r"^\* ", section, flags=re.MULTILINE)[1:]:
            texte = " ".join(texte.split())
            lue = re.match(r"\*\*(.+?)\*\*\. Périodes : ([^.]+)\. Zones : ([^.]+)\. (.+\.)$", texte)
            if lue is None:
                raise ValueError(f"« **titre**. Périodes : … Zones : … détail. » attendu : {texte}")
            titre, periodes, zones, _ = lue.groups()
            jour = JOUR.search(periodes)
            if jour is None:
                raise ValueError(f"{titre} : périodes au jour (JJ/MM/AAAA) attendues : {periodes}")
            debut = datetime.date(int(jour[3]), int(jour[2]), int(jour[1]))
            yield Entree(titre, debut, frozenset(theme_de(zone) for zone in zones.split(", ")))


def changements() -> dict[datetime.date, set[str]]:
    """Themes of the parameters that change on each date of effect."""
    trouves: dict[datetime.date, set[str]] = {}
    for feuille in feuilles():
        for valeur in feuille.values_list:
            jour = datetime.date.fromisoformat(valeur.instant_str)
            trouves.setdefault(jour, set()).add(feuille.name.split(".")[0])
    return trouves


def test_chaque_date_d_effet_a_son_entree() -> None:
    """A value of the law without its entry is named here, and so is an entry of no value."""
    dites = {entree.debut: entree for entree in entrees(JOURNAL.read_text(encoding="utf-8"))}
    de_la_loi = changements()
    manquent = [f"{jour:%d/%m/%Y}" for jour in sorted(set(de_la_loi) - set(dites))]
    assert not manquent, f"CHANGELOG.md, « ### La loi » : aucune entrée pour {', '.join(manquent)}"
    assert set(dites) <= set(de_la_loi)
    for jour, themes in de_la_loi.items():
        assert dites[jour].zones == themes, f"CHANGELOG.md, « {dites[jour].titre} » : zones {sorted(themes)}"


@pytest.mark.parametrize(
    ("entree", "attendu"),
    [
        ("* **A**. Périodes : toutes. Zones : montants. Rien.\n", "au jour"),
        ("* **A**. Périodes : dès le 01/03/2027. Zones : argent. Rien.\n", "zone « argent »"),
        ("* **A**. Zones : montants. Rien.\n", "attendu"),
        ("* **A**. Périodes : dès le 01/03/2027. Rien.\n", "attendu"),
    ],
)
def test_une_entree_mal_ecrite_est_refusee(entree: str, attendu: str) -> None:
    with pytest.raises(ValueError, match=attendu):
        list(entrees(f"## 1\n\n### La loi\n\n{entree}\n### Autre\n"))
