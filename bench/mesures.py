"""Measures of what users wait for: a simulation, the start of the command line, tables of doctors.

Run with `make bench`. Figures are medians of several runs on this machine, with the ratio to something measured beside
them; they decide nothing in the tests. Targets (2 cores): 5 ms, 1.5 s, 1.5 s, 12 s, 2 GB.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

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


def une_simulation() -> tuple[float, float]:
    """(a whole result, the same variables by OpenFisca's own engine without a result), in seconds."""
    from openfisca_core.simulations import SimulationBuilder

    from binome.cli.fichiers import lire_situation
    from binome.simulation.reponse.simuler import Simulation, simuler
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

    return mediane(lambda: simuler(situation), 100), mediane(par_openfisca, 20)


def demarrage() -> tuple[float, float]:
    """(cold start of `binome simuler`, of Python alone), in seconds."""
    binome = [sys.executable, "-m", "binome", "simuler", str(EXEMPLE)]

    def lancer(commande: list[str]) -> Callable[[], object]:
        return lambda: subprocess.run(commande, check=True, stdout=subprocess.DEVNULL)

    return mediane(lancer(binome), 7), mediane(lancer([sys.executable, "-c", "pass"]), 7)


def ecrire_medecins(nombre: int, fichier: Path) -> None:
    """An invented table of doctors: every regime, several specialties, patient counts over the whole distribution."""
    import polars as pl

    tirage = np.random.default_rng(2026)
    specialites = ["medecine_generale", "cardiologie_vasculaire", "pediatrie", "chirurgie_generale", "dermatologie"]
    signature = np.datetime64("2019-09-01") + tirage.integers(0, 2640, nombre).astype("timedelta64[D]")
    patientele = tirage.integers(300, 2800, nombre)
    pl.DataFrame(
        {
            "identifiant": [f"M{rang}" for rang in range(nombre)],
            "specialite": tirage.choice(specialites, nombre, p=[0.6, 0.15, 0.1, 0.05, 0.1]),
            "secteur": tirage.choice(["secteur_1", "secteur_2_optam", "secteur_2"], nombre, p=[0.8, 0.15, 0.05]),
            "zone": tirage.choice(["zip", "zac", "hors_zone"], nombre),
            "date_signature": signature,
            "option": tirage.choice(["1/2", "1"], nombre, p=[0.6, 0.4]),
            "patientele_mt": patientele,
            "patientele_mt_adultes": (patientele * tirage.uniform(0.7, 1, nombre)).astype(int),
            "file_active": tirage.integers(500, 4000, nombre),
            "part_honoraires_cliniques": np.round(tirage.uniform(0.5, 1, nombre), 3),
            "locaux_adaptes": ["oui"] * nombre,
            "nombre_medecins_lieu": tirage.integers(1, 5, nombre),
            "date_embauche": signature + np.timedelta64(14, "D"),
        }
    ).write_csv(fichier)


#: A batch in a process of its own, law loaded: what `binome lot` does between its first and its last line.
TRAITER = """
import datetime, sys, time
from pathlib import Path
from binome.simulation.tables import lot
lot.systeme()
depart = time.perf_counter()
bilan = lot.traiter(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[2] + ".rejets"), datetime.date(2026, 11, 23))
print(time.perf_counter() - depart, bilan.acceptees)
"""


def lot(nombre: int, dossier: Path) -> tuple[float, float]:
    """(seconds from CSV to Parquet, peak megabytes of the whole process) for a table of doctors."""
    entree, sortie = dossier / f"{nombre}.csv", dossier / f"{nombre}.parquet"
    ecrire_medecins(nombre, entree)
    commande = [sys.executable, "-c", TRAITER, str(entree), str(sortie)]
    processus = subprocess.Popen(commande, stdout=subprocess.PIPE, text=True)
    assert processus.stdout is not None
    dit = processus.stdout.read().split()
    _, etat, ressources = os.wait4(processus.pid, 0)
    if os.waitstatus_to_exitcode(etat) != 0 or int(dit[1]) != nombre:
        sys.exit(f"le lot de {nombre} lignes a échoué")
    return float(dit[0]), ressources.ru_maxrss / 1024


def main() -> None:
    """Print the table of measures."""
    arguments = argparse.ArgumentParser(description="Mesures de Binôme")
    arguments.add_argument("--petit", action="store_true", help="sans le lot d'un million de médecins")
    choix = arguments.parse_args()

    entiere, openfisca = une_simulation()
    print(f"une simulation, résultat compris   {1000 * entiere:8.1f} ms   (cible 5)")
    print(f"  rapport au moteur d'OpenFisca seul {entiere / openfisca:6.2f}      ({1000 * openfisca:.1f} ms)")
    froid, python = demarrage()
    print(f"démarrage de « binome simuler »    {froid:8.2f} s    (cible 1,5) ; {froid / python:.1f} fois Python seul")
    with tempfile.TemporaryDirectory() as dossier:
        duree, memoire = lot(PETIT, Path(dossier))
        print(f"lot de {PETIT} médecins × 5 ans  {duree:8.2f} s    (cible 1,5), {memoire:.0f} Mo")
        if not choix.petit:
            grande, memoire = lot(GRAND, Path(dossier))
            print(f"lot de {GRAND} médecins × 5 ans {grande:8.2f} s    (cible 12), {memoire:.0f} Mo (cible 2 048)")
            rapport = (grande / GRAND) / (duree / PETIT)
            print(f"  durée par médecin, grand lot / petit lot {rapport:.2f}")


if __name__ == "__main__":
    main()
