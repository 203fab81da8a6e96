"""Pricing without a doctor: one or several options, no aid unless given."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from binome.simulation.cout.chiffrage import AideAnnuelle, PosteDeCout, chiffrer
from binome.simulation.cout.postes import QUOTITES
from binome.simulation.modele.cout import Cout, CoutAnnuel, HypothesesCout

#: Neither health cover nor insurance, the legal training contribution alone: what published figures count.
NU: dict[str, Any] = {"mutuelle_mensuelle": "0", "taux_prevoyance": "0", "taux_formation": "0.0055"}
AUJOURD_HUI = "2026-11-23"


def cout_de(
    signature: str,
    *,
    le: str | None = None,
    quotites: Sequence[Fraction] = QUOTITES["un_etp"],
    aides: Sequence[int | None] = (0,) * 5,
    **hypotheses: Any,
) -> Cout:
    """The cost of one post, judged on the day of signature unless `le` is given (days of the years do not matter)."""
    jour = datetime.date.fromisoformat(signature)
    annees = tuple(
        AideAnnuelle(rang, datetime.date(jour.year + rang - 1, jour.month, 1), jour, aide, au_plus=False)
        for rang, aide in enumerate(aides, start=1)
    )
    appreciation = datetime.date.fromisoformat(le or signature)
    saisies = HypothesesCout.model_validate(hypotheses)
    return chiffrer(saisies, jour, appreciation, [PosteDeCout("essai", "Essai", tuple(quotites), annees)])


def annees_de(signature: str, **options: Any) -> tuple[CoutAnnuel, ...]:
    """The five years of that cost."""
    return cout_de(signature, **options).options[0].annees


def premiere(signature: str, **options: Any) -> CoutAnnuel:
    """The first of them."""
    return annees_de(signature, **options)[0]
