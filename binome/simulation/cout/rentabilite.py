"""The break-even: how many more consultations a day pay what the aid leaves."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal


def consultations_par_jour(
    reste_a_charge: int | None, honoraire: int, part_de_charges: Decimal, jours: int
) -> Decimal | None:
    """Consultations a day, to the hundredth, from sums in cents; None when nothing is left to pay, or not known."""
    if reste_a_charge is None or reste_a_charge <= 0:
        return None
    net = honoraire * (1 - part_de_charges)
    return (reste_a_charge / (net * jours)).quantize(Decimal("0.01"), ROUND_HALF_UP)
