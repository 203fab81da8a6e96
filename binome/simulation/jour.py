"""Today, as every part of Binôme means it: the day in Paris, where contracts are signed."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def aujourd_hui() -> datetime.date:
    """The day in Paris."""
    return datetime.datetime.now(tz=PARIS).date()
