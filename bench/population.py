"""The doctors of the bench: invented, of every regime, over the whole distribution of patients."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

SPECIALITES = ("medecine_generale", "cardiologie_vasculaire", "pediatrie", "chirurgie_generale", "dermatologie")


def medecins(nombre: int) -> dict[str, Any]:
    """Typed columns: lists by name (Polars), dates, numbers."""
    tirage = np.random.default_rng(2026)
    signature = np.datetime64("2019-09-01") + tirage.integers(0, 2640, nombre).astype("timedelta64[D]")
    patientele = tirage.integers(300, 2800, nombre)
    return {
        "specialite": _noms(tirage.choice(SPECIALITES, nombre, p=[0.6, 0.15, 0.1, 0.05, 0.1])),
        "secteur": _noms(tirage.choice(["secteur_1", "secteur_2_optam", "secteur_2"], nombre, p=[0.8, 0.15, 0.05])),
        "zone": _noms(tirage.choice(["zip", "zac", "hors_zone"], nombre)),
        "date_signature": signature,
        "option": _noms(tirage.choice(["demi_etp", "un_etp"], nombre, p=[0.6, 0.4])),
        "patientele_mt": patientele,
        "patientele_mt_adultes": (patientele * tirage.uniform(0.7, 1, nombre)).astype(int),
        "file_active": tirage.integers(500, 4000, nombre),
        "part_honoraires_cliniques": np.round(tirage.uniform(0.5, 1, nombre), 3),
        "locaux_adaptes": np.ones(nombre, dtype=bool),
        "nombre_medecins_lieu": tirage.integers(1, 5, nombre),
        "date_embauche": signature + np.timedelta64(14, "D"),
    }


def _noms(textes: Any) -> pl.Series:
    return pl.Series(textes.tolist(), dtype=pl.Categorical)


def ecrire(nombre: int, fichier: Path) -> None:
    """The same doctors as a CSV."""
    colonnes = pl.DataFrame({"identifiant": [f"M{rang}" for rang in range(nombre)], **medecins(nombre)})
    colonnes.with_columns(locaux_adaptes=pl.lit("oui")).write_csv(fichier)
