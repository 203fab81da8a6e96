"""How a table may be written; light, for the command line reads it before the engine."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path


class Format(StrEnum):
    """How a table is written."""

    csv = "csv"
    csv_programme = "csv-programme"
    parquet = "parquet"
    xlsx = "xlsx"

    @classmethod
    def du_nom(cls, fichier: Path) -> Format | None:
        """The format that the extension of a file tells; None when it tells none."""
        return {".csv": cls.csv, ".parquet": cls.parquet, ".xlsx": cls.xlsx}.get(fichier.suffix.lower())
