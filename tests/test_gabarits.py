"""Templates are read by people: one idea a line, laid out by the same tool as `make lint` asks for."""

from __future__ import annotations

import re
from pathlib import Path

RACINE = Path(__file__).parents[1]
LARGEUR = 160


#: Templates of pages, of mails and messages, of printed pages. The letters' Markdown is prose: one paragraph a line.
SORTES = ("*.html", "*.txt", "*.typ")


def trop_longues(dossier: Path) -> list[str]:
    """Lines of the templates of a folder that nobody can read at a glance."""
    return [
        f"{gabarit.relative_to(dossier)}:{numero} ({len(ligne)})"
        for sorte in SORTES
        for gabarit in sorted(dossier.rglob(sorte))
        for numero, ligne in enumerate(gabarit.read_text(encoding="utf-8").splitlines(), start=1)
        if len(ligne) > LARGEUR
    ]


def test_aucune_ligne_de_gabarit_ne_deborde(tmp_path: Path) -> None:
    for sorte, au_moins in zip(SORTES, (80, 3, 2), strict=True):
        assert len(list((RACINE / "binome").rglob(sorte))) >= au_moins
    assert trop_longues(RACINE / "binome") == []
    for sorte in SORTES:
        (tmp_path / f"gabarit{sorte[1:]}").write_text("x" * (LARGEUR + 1), encoding="utf-8")
    assert len(trop_longues(tmp_path)) == len(SORTES)


def test_une_note_de_gabarit_tient_sur_sa_ligne() -> None:
    """Django reads « {# … #} » on one line only: broken, it would be shown to the reader."""
    for gabarit in (RACINE / "binome").rglob("*.html"):
        for ligne in gabarit.read_text(encoding="utf-8").splitlines():
            assert ligne.count("{#") == ligne.count("#}"), gabarit


def test_aucune_ligne_de_gabarit_ne_commence_par_un_signe_double() -> None:
    """French signs keep a no-break space before them: a line break there would be shown as a plain one."""
    fautives = [
        f"{gabarit.relative_to(RACINE)}:{numero}"
        for gabarit in sorted((RACINE / "binome").rglob("*.html"))
        for numero, ligne in enumerate(gabarit.read_text(encoding="utf-8").splitlines(), start=1)
        if re.match(r"\s*[:;?!»%€](\s|$|<|\{)", ligne) or re.search(r"«\s*$", ligne)
    ]
    assert fautives == []
