"""Templates are read by people: one idea a line, laid out by the same tool as `make lint` asks for."""

from __future__ import annotations

import re
from pathlib import Path

RACINE = Path(__file__).parents[1]
LARGEUR = 160


def test_aucune_ligne_de_gabarit_ne_deborde() -> None:
    gabarits = sorted((RACINE / "binome").rglob("*.html"))
    assert len(gabarits) > 80
    trop_longues = [
        f"{gabarit.relative_to(RACINE)}:{numero} ({len(ligne)})"
        for gabarit in gabarits
        for numero, ligne in enumerate(gabarit.read_text(encoding="utf-8").splitlines(), start=1)
        if len(ligne) > LARGEUR
    ]
    assert trop_longues == []


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
