"""How long the pages take, in process: the result page beside the simulation that it shows.

`make bench-pages`. Situations all differ, so that nothing is remembered from one to the next. What matters is the
ratio, measured side by side on the same machine; the target is a median of 60 ms for the result page.
"""

from __future__ import annotations

import logging
import os
import statistics
import time
from collections.abc import Callable, Iterator
from urllib.parse import parse_qsl

import django
from django.test import Client

from binome.simulation import simuler

TOURS = 150


def adresses() -> Iterator[str]:
    """Doctors who all differ."""
    specialites = ("medecine_generale", "cardiologie_vasculaire", "pediatrie", "psychiatrie", "chirurgie_generale")
    for rang in range(TOURS):
        mt = f"&patientele.patientele_mt={900 + 3 * rang}" if rang % len(specialites) == 0 else ""
        option = "&contrat.option=un_etp" if rang % 2 else ""
        yield (
            f"date_appreciation=2026-11-23&medecin.specialite={specialites[rang % len(specialites)]}"
            f"&medecin.secteur=secteur_1&patientele.file_active={1500 + 7 * rang}{mt}"
            f"&contrat.date_signature=2026-{1 + rang % 11:02d}-02{option}&assistant.locaux_adaptes=oui"
        )


def mesurer(action: Callable[[str], None]) -> list[float]:
    """Milliseconds of each turn."""
    durees = []
    for adresse in adresses():
        debut = time.perf_counter()
        action(adresse)
        durees.append((time.perf_counter() - debut) * 1000)
    return durees


def principal() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.reglages")
    django.setup()
    logging.disable(logging.CRITICAL)
    from binome.site.simulateur import conversation

    client = Client()

    def page(chemin: str) -> Callable[[str], None]:
        def demander(adresse: str) -> None:
            assert client.get(f"{chemin}?{adresse}").status_code == 200

        return demander

    def seule(adresse: str) -> None:
        simuler(conversation.situation_de(dict(parse_qsl(adresse))))

    actions = {
        "simulation seule": seule,
        "page du résultat": page("/simulation/resultat"),
        "étape (ma patientèle)": page("/simulation/nouveau/patientele"),
        "« et si ? »": page("/simulation/et-si"),
        "graphique (objectif)": page("/simulation/graphique/objectif.svg"),
        "PDF": page("/simulation/binome.pdf"),
    }
    reference = 0.0
    print(f"{'':24}{'médiane':>10}{'95e cent.':>12}{'rapport':>10}")
    for nom, action in actions.items():
        action(next(adresses()))
        durees = mesurer(action)
        mediane = statistics.median(durees)
        reference = reference or mediane
        p95 = statistics.quantiles(durees, n=20)[-1]
        print(f"{nom:24}{mediane:>7.1f} ms{p95:>9.1f} ms{mediane / reference:>9.1f}×")


if __name__ == "__main__":
    principal()
