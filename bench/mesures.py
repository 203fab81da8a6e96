"""Measures of what users wait for: a simulation, the start of the command line, tables of doctors.

Run with `make bench`. Figures are medians of several runs on this machine, with the ratio to something measured beside
them, in turn; they decide nothing in the tests. The typed table is measured against the same rules written by hand in
NumPy (`numpy_seul`), which a test holds to the same figures.
"""

from __future__ import annotations

import argparse
import datetime
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openfisca_core.reforms import Reform

from bench import numpy_seul, population
from binome.simulation import systeme
from binome.simulation.tables import table
from openfisca_assistants_medicaux.apports import AUCUN

EXEMPLE = Path(__file__).parent.parent / "exemples" / "generaliste-2026.yaml"
PETIT, GRAND = 115_444, 1_000_000


def mediane(mesure: Callable[[], object], fois: int) -> float:
    """Median duration of a call, in seconds, after a warm-up."""
    mesure()
    durees = []
    for _ in range(fois):
        depart = time.perf_counter()
        mesure()
        durees.append(time.perf_counter() - depart)
    return statistics.median(durees)


def une_simulation() -> list[Duree]:
    """A whole result, and the same variables by OpenFisca's own engine without a result, in turn."""
    from openfisca_core.simulations import SimulationBuilder

    from binome.cli.fichiers import lire_situation
    from binome.simulation import Simulation, simuler
    from openfisca_assistants_medicaux.nomenclatures import Option

    situation = lire_situation(str(EXEMPLE))
    modele = Simulation(situation)
    modele.resultat()
    calculees = list(modele.calcul.simulation._valeurs)
    loi = modele.loi
    options = [option.name for option in Option][1:]
    saisies = {"date_signature": "2026-03-02", "specialite": "medecine_generale", "secteur": "secteur_1"}
    saisies |= {"patientele_mt": 1200, "file_active": 1600}
    rangs = range(1, 6)
    entites = {
        "contrats": {
            option: {
                "annuites": [f"{option}_{rang}" for rang in rangs],
                "option": {"ETERNITY": option},
                **{nom: {"ETERNITY": valeur} for nom, valeur in saisies.items()},
            }
            for option in options
        },
        "annuites": {f"{option}_{rang}": {"rang": {"ETERNITY": rang}} for option in options for rang in rangs},
    }

    def par_openfisca() -> None:
        simulation = SimulationBuilder().build_from_entities(loi, entites)
        simulation.trace = True
        for variable in calculees:
            simulation.calculate(variable, "2026-11-23")

    return cote_a_cote(lambda: simuler(situation), par_openfisca, fois=200)


def demarrage() -> tuple[float, float]:
    """(cold start of `binome simuler`, of Python alone), in seconds."""
    binome = [sys.executable, "-m", "binome", "simuler", str(EXEMPLE)]

    def lancer(commande: list[str]) -> Callable[[], object]:
        return lambda: subprocess.run(commande, check=True, stdout=subprocess.DEVNULL)

    return mediane(lancer(binome), 7), mediane(lancer([sys.executable, "-c", "pass"]), 7)


#: Figures asked of the typed table: all but certainties and the names of conditions, and the payments besides.
CHIFFRES = (
    *(nom for nom in table.SORTIES if not nom.startswith(("certitude", "conditions_"))),
    "versement_1_date",
    "versement_1_montant",
    "versement_2_date",
    "versement_2_montant",
)
DATE = datetime.date(2026, 11, 23)


@dataclass(frozen=True)
class Duree:
    """Medians of several runs: seconds on the wall, and of processor (which a loaded machine troubles less)."""

    mur: float
    processeur: float


def cote_a_cote(*mesures: Callable[[], object], fois: int = 7) -> list[Duree]:
    """Durations of several actions, each run in turn so that what troubles one troubles the others."""
    lues: list[list[tuple[float, float]]] = [[] for _ in mesures]
    for tour in range(fois + 1):
        for rang, mesure in enumerate(mesures):
            mur, processeur = time.perf_counter(), time.process_time()
            mesure()
            if tour:
                lues[rang].append((time.perf_counter() - mur, time.process_time() - processeur))
    return [Duree(*(statistics.median(valeurs) for valeurs in zip(*durees, strict=True))) for durees in lues]


def table_typee(nombre: int) -> list[Duree]:
    """Typed columns of doctors × 5 years: the law, a reform of it (set-up included), and the same rules in NumPy."""
    loi: Any = systeme(AUCUN)
    colonnes = population.medecins(nombre)
    saisies = table.entrees(loi, colonnes)
    figures = numpy_seul.Figures(loi, DATE)
    nues = {nom: connue.valeurs for nom, connue in saisies.colonnes.items()}
    return cote_a_cote(
        lambda: table.simuler_table(loi, colonnes, DATE, sorties=CHIFFRES),
        lambda: table.simuler_table(releve(loi), colonnes, DATE, sorties=CHIFFRES),
        lambda: numpy_seul.calculer(figures, nues),
    )


def releve(loi: Any) -> Any:
    """A reform: the first year of a full time raised by a tenth."""

    class Reforme(Reform):  # type: ignore[misc]
        def apply(self) -> None:
            self.modify_parameters(self.relever)

        def relever(self, parametres: Any) -> Any:
            montant = parametres.montants.un_etp.annee_1
            montant.update(start=DATE.isoformat(), value=1.1 * montant(DATE.isoformat()))
            return parametres

    return Reforme(loi)


#: A batch in a process of its own, law loaded: what `binome lot` does between its first and its last line.
TRAITER = """
import datetime, sys, time
from pathlib import Path
from binome.simulation.tables import lot
lot.systeme(lot.apports_du_processus())
mur, processeur = time.perf_counter(), time.process_time()
bilan = lot.traiter(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[2] + ".rejets"), datetime.date(2026, 11, 23))
print(time.perf_counter() - mur, time.process_time() - processeur, bilan.acceptees)
"""


def lot(nombre: int, dossier: Path, fois: int) -> tuple[Duree, float]:
    """(duration from CSV to Parquet, peak megabytes of the whole process) for a table of doctors."""
    entree, sortie = dossier / f"{nombre}.csv", dossier / f"{nombre}.parquet"
    population.ecrire(nombre, entree)
    lues, memoires = [], []
    for _ in range(fois):
        commande = [sys.executable, "-c", TRAITER, str(entree), str(sortie)]
        processus = subprocess.Popen(commande, stdout=subprocess.PIPE, text=True)
        assert processus.stdout is not None
        dit = processus.stdout.read().split()
        _, etat, ressources = os.wait4(processus.pid, 0)
        if os.waitstatus_to_exitcode(etat) != 0 or int(dit[2]) != nombre:
            sys.exit(f"le lot de {nombre} lignes a échoué")
        lues.append((float(dit[0]), float(dit[1])))
        memoires.append(ressources.ru_maxrss / 1024)
    mur, processeur = (statistics.median(valeurs) for valeurs in zip(*lues, strict=True))
    return Duree(mur, processeur), statistics.median(memoires)


def main() -> None:
    """Print the table of measures."""
    arguments = argparse.ArgumentParser(description="Mesures de Binôme")
    arguments.add_argument("--petit", action="store_true", help="sans le lot d'un million de médecins")
    choix = arguments.parse_args()

    entiere, openfisca = une_simulation()
    rapport = entiere.processeur / openfisca.processeur
    print(f"une simulation, résultat compris   {1000 * entiere.processeur:8.1f} ms de processeur (cible 3)")
    print(f"  rapport au moteur d'OpenFisca seul {rapport:6.2f}      ({1000 * openfisca.processeur:.1f} ms)")
    froid, python = demarrage()
    print(f"démarrage de « binome simuler »    {froid:8.2f} s    (cible 1,5) ; {froid / python:.1f} fois Python seul")
    loi, reforme, nue = table_typee(PETIT)
    print(f"{PETIT} médecins × 5 ans, colonnes  {dite(loi)}  (cible 0,4)")
    print(f"  rapport aux mêmes règles en NumPy {loi.processeur / nue.processeur:7.2f}      ({dite(nue)}) (cible 3)")
    print(
        f"  une réforme, mise en place comprise {dite(reforme)} ; {reforme.processeur / loi.processeur:.2f} fois la loi"
    )
    with tempfile.TemporaryDirectory() as dossier:
        petit, memoire = lot(PETIT, Path(dossier), 5)
        print(f"lot de {PETIT} médecins × 5 ans  {dite(petit)}  (cible 0,8), {memoire:.0f} Mo")
        if not choix.petit:
            grand, memoire = lot(GRAND, Path(dossier), 1)
            print(f"lot de {GRAND} médecins × 5 ans {dite(grand)}  (cible 5), {memoire:.0f} Mo (cible 1 024)")
            rapport = (grand.processeur / GRAND) / (petit.processeur / PETIT)
            print(f"  durée par médecin, grand lot / petit lot {rapport:.2f}")


def dite(duree: Duree) -> str:
    """A duration, for a reader."""
    return f"{duree.mur:6.2f} s, {duree.processeur:.2f} s de processeur"


if __name__ == "__main__":
    main()
