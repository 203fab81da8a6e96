"""Money: integer cents everywhere, and the only two conversions with the euros that people read and type.

A sum is an integer number of cents from the law's rule to the result, the API, the ledger and the bank's file. Euros
stand at two edges: what people type (a form, a situation's file, a bank's return) becomes cents once, what they read
(a page, a letter, a spreadsheet) is written from cents once. A test finds any conversion made elsewhere.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

#: Cents in a euro.
CENTIMES = 100


def en_euros(centimes: int) -> Decimal:
    """Integer cents as euros with two decimals, exactly: what is shown."""
    return Decimal(centimes).scaleb(-2)


def en_centimes(euros: Decimal | float) -> int:
    """Euros as integer cents, half a cent away from zero: what was typed."""
    return int((Decimal(str(euros)) * CENTIMES).to_integral_value(ROUND_HALF_UP))
