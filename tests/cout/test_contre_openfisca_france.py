"""The shipped data against OpenFisca-France itself, run anew in its own environment (it needs an older core).

uv may have to download it once. On a machine without uv or network the test is skipped, never where CI is set.
"""

from __future__ import annotations

import datetime
import json
import os
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from binome.simulation.cout.bareme import UNITE, bareme, lignes_de

RACINE = Path(__file__).parents[2]
UV = RACINE / ".outils" / "bin" / "uv"
#: Euros a year. OpenFisca-France rounds each contribution every month.
TOLERANCE = 0.50
GRAINE = "20261123"


def recalcul() -> Any:
    """The sample priced by OpenFisca-France; skipped when it cannot run here."""
    uv = str(UV) if UV.exists() else shutil.which("uv")
    if uv is None:
        _indisponible("uv est absent : « make install » l'installe")
    assert uv is not None
    commande = [uv, "run", "--isolated", "--no-project", "--quiet", "--with-requirements", "bareme_cout/exigences.txt"]
    environnement = {cle: valeur for cle, valeur in os.environ.items() if not cle.startswith("PYTEST_")}
    fini = subprocess.run(
        [*commande, "python", "-m", "bareme_cout.controler", GRAINE],
        cwd=RACINE,
        env=environnement | {"PYTHONPATH": "."},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    if fini.returncode and "Failed to fetch" in fini.stderr:
        _indisponible(f"OpenFisca-France n'a pu être téléchargé : {fini.stderr[-300:]}")
    assert fini.returncode == 0, fini.stderr[-3000:]
    return json.loads(fini.stdout)


def _indisponible(raison: str) -> None:
    (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(raison)


def _verifier_les_couts(mesures: Any) -> None:
    """Random salaries to the cent, every year, whole and half time, contributions and reliefs together."""
    donnees = bareme()
    pire = 0.0
    for annee, part, temps_plein, attendu in mesures:
        quotite = Fraction(part)
        brut = int(temps_plein * quotite)
        total = 0
        for mois in range(1, 13):
            periode = donnees.periode(datetime.date(annee, mois, 1))
            total += brut * UNITE + brut * periode.formation * (UNITE // 100_000)
            total += periode.cotisations_de(temps_plein, quotite) - periode.allegement_de(temps_plein, quotite)
        pire = max(pire, abs(total / UNITE / 100 - attendu))
    assert len(mesures) >= 6_000
    assert pire < TOLERANCE


@pytest.mark.lent
def test_les_donnees_livrees_sont_celles_d_openfisca_france() -> None:
    """One run (fifteen seconds) for everything that is shipped: version, SMIC, tax scale, contributions and reliefs."""
    refait = recalcul()
    assert refait["version"] == bareme().openfisca_france
    smic = [[ligne["depuis"], int(ligne["smic_mensuel_centimes"])] for ligne in lignes_de("smic.csv")]
    taxes = [{champ: int(texte) for champ, texte in ligne.items()} for ligne in lignes_de("taxe_salaires.csv")]
    assert refait["smic"] == smic
    assert refait["taxe_salaires"] == taxes
    _verifier_les_couts(refait["mesures"])
