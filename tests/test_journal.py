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
#: Sections of an entry, in their order: those of « Keep a Changelog » in French, between the law and its limits.
SECTIONS = ("La loi", "Ajouté", "Modifié", "Obsolète", "Supprimé", "Corrigé", "Sécurité", "Limites connues")


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


def desordres(journal: str) -> Iterator[str]:
    """What is out of order in the journal: sections, lists cut in two, two entries for one day of the law."""
    for version in re.split(r"^## ", journal, flags=re.MULTILINE)[1:]:
        titre, *morceaux = re.split(r"^### (.+)$", version, flags=re.MULTILINE)
        nom, sections, corps = titre.splitlines()[0], morceaux[0::2], morceaux[1::2]
        connues = [section for section in SECTIONS if section in sections]
        if connues != sections:
            yield f"{nom} : sections {', '.join(sections)} ; attendu, une fois chacune : {', '.join(SECTIONS)}"
        for section, texte in zip(sections, corps, strict=True):
            if len(re.findall(r"\n\n\* ", texte)) != 1 or not re.fullmatch(r"\n\n[^\n].*[^\n]\n\n?", texte, re.DOTALL):
                yield f"{nom}, « {section} » : une seule liste attendue, sans ligne vide au milieu"
    jours = [entree.debut for entree in entrees(journal)]
    yield from (f"« La loi » : deux entrées pour le {jour:%d/%m/%Y}" for jour in set(jours) if jours.count(jour) > 1)


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


def test_le_journal_est_en_ordre() -> None:
    assert list(desordres(JOURNAL.read_text(encoding="utf-8"))) == []


EN_ORDRE = (
    "## 1\n\n### La loi\n\n* **A**. Périodes : dès le 01/03/2027. Zones : montants. Rien.\n\n### Corrigé\n\n* B.\n"
)


@pytest.mark.parametrize(
    ("avant", "apres", "attendu"),
    [
        ("### Corrigé", "### Réparé", "Réparé"),
        ("* B.\n", "* B.\n\n### Corrigé\n\n* C.\n", "Corrigé, Corrigé"),
        ("### La loi", "### Corrigé\n\n* C.\n\n### La loi", "Corrigé, La loi"),
        ("* B.\n", "* B.\n\n* C.\n", "« Corrigé »"),
        ("* B.\n", "B.\n", "« Corrigé »"),
        ("Rien.\n", "Rien.\n* **C**. Périodes : dès le 01/03/2027. Zones : montants. Rien.\n", "01/03/2027"),
    ],
)
def test_un_desordre_est_nomme(avant: str, apres: str, attendu: str) -> None:
    assert list(desordres(EN_ORDRE)) == []
    assert any(attendu in dit for dit in desordres(EN_ORDRE.replace(avant, apres)))


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
