"""What mutmut found (`make mutmut`): the rate of the faults that tests see, the others by name, and the floor.

Reads the results of the last run in the directory `mutants`. Exit 1 under the floor, 2 without results.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

RESULTATS = Path("mutants/mutmut-cicd-stats.json")
#: Part of the faults that must be seen, in per cent: those that no test reaches count as unseen.
PLANCHER = 95.0


def taux(comptes: dict[str, int]) -> float:
    """The faults seen (a test failed, or waited too long), in per cent of all; 0 where there are none."""
    vues = comptes["killed"] + comptes["timeout"]
    return 100 * vues / comptes["total"] if comptes["total"] else 0.0


def main() -> int:
    """Say the rate."""
    try:
        comptes = json.loads(RESULTATS.read_text(encoding="utf-8"))
    except OSError as erreur:
        sys.stderr.write(f"{RESULTATS} : {erreur.strerror} ; lancez d'abord mutmut\n")
        return 2
    lu = taux(comptes)
    sys.stdout.write(
        f"{comptes['total']} fautes : {lu:.1f} % vues, {comptes['survived']} survivent, "
        f"{comptes['no_tests']} qu'aucun essai n'atteint (plancher : {PLANCHER:g} %)\n"
    )
    return 0 if lu >= PLANCHER else 1


if __name__ == "__main__":
    sys.exit(main())
