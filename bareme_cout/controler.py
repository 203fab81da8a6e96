"""Price a sample again with OpenFisca-France, for the test that compares it with the shipped data (JSON on stdout)."""

from __future__ import annotations

import json
import sys
from importlib.metadata import version

import numpy as np

from bareme_cout.france import super_bruts
from bareme_cout.generer import ANNEES, smic, taxe_salaires

ECHANTILLON = 400


def main() -> None:
    """Yearly costs of random salaries, to the cent, under every year and for whole and half time."""
    tirage = np.random.default_rng(int(sys.argv[1]))
    mesures = []
    for annee in ANNEES:
        # An even full-time salary halves to whole cents.
        temps_pleins = tirage.integers(75_000, 450_000, ECHANTILLON) * 2
        for quotite in (1.0, 0.5):
            bruts = temps_pleins * quotite / 100
            autres = {"quotite_de_travail": quotite}
            couts = super_bruts(annee, bruts, quotite=quotite, autres=autres)
            mesures += [[annee, quotite, int(t), float(c)] for t, c in zip(temps_pleins, couts, strict=True)]
    json.dump(
        {
            "version": version("openfisca-france"),
            "mesures": mesures,
            "smic": smic(ANNEES),
            "taxe_salaires": taxe_salaires(ANNEES),
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
