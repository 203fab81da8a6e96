"""Measures of what users wait for: a simulation, a page, the API, the start of the command line, tables of doctors.

Run with `make bench`: a line by target, with what was measured, the target and the ratio to something measured beside
it, in turn. Seconds are the processor's, the least of several runs: the machine may be shared, and others may slow a
run, never hasten it. They decide nothing in the tests. The typed table is measured against the same rules written by
hand in NumPy (`numpy_seul`), which a test holds to the same figures; a simulation, against OpenFisca's own engine.
"""

from __future__ import annotations

import argparse
import datetime
import json
import logging
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from openfisca_core.reforms import Reform

from bench import charge_api, numpy_seul, pages, population
from binome.simulation import systeme
from binome.simulation.tables import table
from openfisca_assistants_medicaux.apports import AUCUN

EXEMPLE = Path(__file__).parent.parent / "exemples" / "generaliste-2026.yaml"
PETIT, GRAND = 115_444, 1_000_000


#: Situations of the measures of one simulation, of the API and of the page: all different, so that nothing that is
#: remembered from one serves the next.
TOURS = 120


def une_simulation() -> list[Duree]:
    """A whole result, and the same variables by OpenFisca's own engine without a result, in turn."""
    from openfisca_core.simulations import SimulationBuilder

    from binome.cli.fichiers import lire_situation
    from binome.simulation import Simulation, Situation, simuler
    from openfisca_assistants_medicaux.nomenclatures import Option

    exemple = Simulation(lire_situation(str(EXEMPLE)))
    exemple.resultat()
    calculees = list(exemple.calcul.simulation._valeurs)
    loi = exemple.loi
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

    differentes = [Situation.model_validate(brute) for brute in charge_api.situations(TOURS)]

    def les_simuler() -> None:
        for situation in differentes:
            simuler(situation)

    entiere, openfisca = cote_a_cote(les_simuler, par_openfisca)
    return [entiere.par(TOURS), openfisca]


def site() -> dict[str, Duree]:
    """In process, in turn, for each of `TOURS` doctors: the simulation alone, the first page of the result, a request
    to the API and a line of a batch."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.reglages")
    import django

    django.setup()
    logging.disable(logging.CRITICAL)
    from django.test import Client, override_settings

    from binome.simulation import simuler
    from binome.site.api import lot as lot_de_l_api
    from binome.site.simulateur import conversation

    client = Client()
    adresses = list(islice(pages.adresses(), TOURS))
    corps = [json.dumps(brute).encode() for brute in charge_api.situations(TOURS)]

    def simulations() -> None:
        for adresse in adresses:
            simuler(conversation.situation_de(dict(parse_qsl(adresse))))

    def premieres_pages() -> None:
        for adresse in adresses:
            assert client.get(f"/simulation/resultat?{adresse}").status_code == 200

    def demandes() -> None:
        for situation in corps:
            assert client.post("/api/v1/simulations", situation, content_type="application/json").status_code == 200

    def lot_de_lignes() -> None:
        *_, bilan = lot_de_l_api.lignes(b"\n".join(corps), None)
        assert json.loads(bilan)["bilan"]["refusees"] == 0

    with override_settings(LIMITE_API=""):
        durees = cote_a_cote(simulations, premieres_pages, demandes, lot_de_lignes, fois=5)
    noms = ("simulation", "page", "demande", "ligne")
    return {nom: duree.par(TOURS) for nom, duree in zip(noms, durees, strict=True)}


def demarrage() -> list[Duree]:
    """Cold start of `binome simuler`, and of Python alone, in turn: what the process and its own take."""
    binome = [sys.executable, "-m", "binome", "simuler", str(EXEMPLE)]

    def lancer(commande: list[str]) -> Callable[[], object]:
        return lambda: subprocess.run(commande, check=True, stdout=subprocess.DEVNULL)

    return cote_a_cote(lancer(binome), lancer([sys.executable, "-c", "pass"]), fois=5, horloge=_des_enfants)


def _des_enfants() -> float:
    """Seconds of processor of the processes that ended."""
    pris = resource.getrusage(resource.RUSAGE_CHILDREN)
    return pris.ru_utime + pris.ru_stime


#: Figures asked of the typed table: all but certainties and the names of conditions, and the payments besides.
CHIFFRES = (
    *(nom for nom in table.SORTIES if not nom.startswith(("certitude", "conditions_", "lectures"))),
    "versement_1_date",
    "versement_1_montant",
    "versement_2_date",
    "versement_2_montant",
)
DATE = datetime.date(2026, 11, 23)


@dataclass(frozen=True)
class Duree:
    """The least of several runs: seconds on the wall, and of processor (which a loaded machine troubles less)."""

    mur: float
    processeur: float

    def par(self, nombre: int) -> Duree:
        """The same for each of as many."""
        return Duree(self.mur / nombre, self.processeur / nombre)


def cote_a_cote(
    *mesures: Callable[[], object], fois: int = 7, horloge: Callable[[], float] = time.process_time
) -> list[Duree]:
    """Durations of several actions, each run in turn so that what troubles one troubles the others."""
    lues: list[list[tuple[float, float]]] = [[] for _ in mesures]
    for tour in range(fois + 1):
        for rang, mesure in enumerate(mesures):
            mur, processeur = time.perf_counter(), horloge()
            mesure()
            if tour:
                lues[rang].append((time.perf_counter() - mur, horloge() - processeur))
    return [Duree(*map(min, zip(*durees, strict=True))) for durees in lues]


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
lot.systeme(lot.apports_avec(()))
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
    return Duree(*map(min, zip(*lues, strict=True))), max(memoires)


def main() -> None:
    """Print the table of measures."""
    arguments = argparse.ArgumentParser(description="Mesures de Binôme")
    arguments.add_argument("--petit", action="store_true", help="sans le lot d'un million de médecins")
    choix = arguments.parse_args()

    print(f"{'':44}{'mesuré':>12}{'cible':>10}   rapport")
    entiere, openfisca = une_simulation()
    dire("une simulation, résultat compris", ms(entiere), "3 ms", entiere, openfisca, "moteur d'OpenFisca seul")
    du_site = site()
    page, demande, ligne = du_site["page"], du_site["demande"], du_site["ligne"]
    dire("première page du résultat", ms(page), "25 ms", page, du_site["simulation"], "simulation seule")
    for nom, duree in (("API, une situation par demande", demande), ("API, lot", ligne)):
        debit = COEURS / duree.processeur
        dire(nom, f"{debit:.0f} /s", "300 /s", duree, du_site["simulation"], f"simulation seule ; {COEURS} cœurs")
    froid, python = demarrage()
    dire("démarrage de « binome simuler »", s_(froid), "1,5 s", froid, python, "Python seul")
    loi, reforme, nue = table_typee(PETIT)
    dire(f"{PETIT} × 5 ans, colonnes typées", s_(loi), "0,4 s", loi, nue, "mêmes règles en NumPy (cible 3)")
    dire("  une réforme, mise en place comprise", s_(reforme), "", reforme, loi, "la loi (cible : 50 ms de plus)")
    with tempfile.TemporaryDirectory() as dossier:
        petit, memoire = lot(PETIT, Path(dossier), 5)
        dire(f"{PETIT} × 5 ans, CSV → Parquet", s_(petit), "0,8 s", petit, loi, f"colonnes typées ; {memoire:.0f} Mo")
        if not choix.petit:
            grand, memoire = lot(GRAND, Path(dossier), 2)
            par_medecin = (grand.par(GRAND), petit.par(PETIT))
            dire(f"{GRAND} × 5 ans, CSV → Parquet", s_(grand), "5 s", *par_medecin, "petit lot, par médecin")
            print(f"{'  mémoire au plus haut':44}{memoire:>9.0f} Mo{'1024 Mo':>10}")


#: Processors of the machine that the targets speak of.
COEURS = 2


def dire(nom: str, mesure: str, cible: str, duree: Duree, autre: Duree, a_quoi: str) -> None:
    """A line: what was measured, its target, and its ratio to something measured beside it."""
    print(f"{nom:44}{mesure:>12}{cible:>10}   {duree.processeur / autre.processeur:.2f} × {a_quoi}")


def ms(duree: Duree) -> str:
    """Milliseconds of processor."""
    return f"{1000 * duree.processeur:.1f} ms"


def s_(duree: Duree) -> str:
    """Seconds of processor."""
    return f"{duree.processeur:.2f} s"


if __name__ == "__main__":
    main()
