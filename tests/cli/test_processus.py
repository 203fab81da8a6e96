"""The real program: its own process, its exit codes, what it imports, its help."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from binome.simulation.modele.resultat import Resultat
from tests.cli.outils import GENERALISTE, lancer, lisible


def executer(*arguments: object, **environnement: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "binome", *map(str, arguments)],
        capture_output=True,
        env={**os.environ, "COLUMNS": "100", **environnement},
        check=False,
    )


def test_simuler() -> None:
    humain = executer("simuler", GENERALISTE)
    assert (humain.returncode, humain.stderr) == (0, b"")
    assert "132 000 €" in lisible(humain.stdout.decode())
    assert b"\x1b" not in humain.stdout
    programme = executer("simuler", GENERALISTE, "--json")
    assert Resultat.model_validate_json(programme.stdout).regime == "CM24"


def test_refus_sans_trace() -> None:
    refus = executer("simuler", "absent.yaml")
    assert (refus.returncode, refus.stdout) == (2, b"")
    assert "introuvable" in refus.stderr.decode()
    assert b"Traceback" not in refus.stderr


def test_un_terminal_sans_accents() -> None:
    """An encoding that cannot write « é » must not stop the answer."""
    reponse = executer("simuler", GENERALISTE, PYTHONIOENCODING="ascii")
    assert (reponse.returncode, reponse.stderr) == (0, b"")


def test_simuler_n_importe_pas_polars() -> None:
    code = (
        "import sys; from binome.cli.application import application;"
        f"application(['simuler', {str(GENERALISTE)!r}, '--json'], standalone_mode=False);"
        "sys.exit('polars' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0


def test_l_aide_n_attend_pas_le_moteur() -> None:
    code = (
        "import sys; from binome.cli.application import application;"
        "application(['--help'], standalone_mode=False);"
        "sys.exit(any(m in sys.modules for m in ('numpy', 'openfisca_core', 'polars')))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0


def test_version() -> None:
    reponse = lancer("--version")
    assert reponse.code == 0
    assert reponse.sortie.startswith("Binôme 0.1.0 (OpenFisca-Core ")


@pytest.mark.parametrize("commande", [[], ["simuler"], ["expliquer"], ["parametres"], ["lot"], ["schema"]])
def test_aide_en_francais(commande: list[str]) -> None:
    reponse = lancer(*commande, "--help")
    assert reponse.code == 0
    for mot in ("Show this", "Try '", "required", "Commands", "<bool>", "<str>", "default"):
        assert mot not in reponse.sortie
    assert "Montre cette aide" in reponse.sortie


def test_sans_commande_l_aide() -> None:
    reponse = lancer()
    assert reponse.code == 0
    for commande in ("simuler", "expliquer", "parametres", "lot", "schema"):
        assert commande in reponse.sortie
