"""What a user does, in words: answer a question by its label, go on, read an amount."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import Locator, Page

from binome.simulation.modele.situation import Situation
from binome.site.simulateur import conversation

_APOSTROPHES = str.maketrans({"\u202f": " ", "\u00a0": " ", "’": "'"})


def plat(texte: str) -> str:
    """Text with plain spaces and apostrophes, to compare."""
    return re.sub(r"\s+", " ", texte.translate(_APOSTROPHES)).strip()


def repondre(page: Page, champ: str, valeur: str) -> None:
    """Answer the question that fills a field of the situation, whatever it is drawn with."""
    nomme = f'[name="{champ}"]'
    premier = page.locator(nomme).first
    premier.wait_for(state="attached")
    _deplier(premier)
    if premier.evaluate("e => e.tagName") == "SELECT":
        premier.select_option(valeur)
    elif premier.get_attribute("type") == "radio":
        page.locator(f'{nomme}[value="{valeur}"]').check()
    else:
        premier.fill(valeur)
        premier.blur()
    _poser(page)


def _deplier(champ: Locator) -> None:
    """Open the folded group in which a field stands, as a user would."""
    champ.evaluate(
        "e => { for (let d = e.closest('details'); d; d = d.parentElement?.closest('details')) d.open = true }"
    )


def _poser(page: Page) -> None:
    """Let what the answer changes settle, where there is a script."""
    page.wait_for_function("() => !document.querySelector('.htmx-request, .htmx-settling, .htmx-swapping')")


def continuer(page: Page) -> None:
    """Go on; without script, once more when the answers raised new questions."""
    avant = page.url.split("?")[0]
    page.locator('button[name="suite"]').click()
    page.wait_for_load_state()
    if page.url.split("?")[0] == avant and page.locator(".alerte[role=status]").count():
        page.locator('button[name="suite"]').click()
        page.wait_for_load_state()


def resultat_en_json(page: Page) -> dict[str, Any]:
    """The result that the page gives to take away."""
    with page.expect_download() as attente:
        page.get_by_role("link", name="Données (JSON)").click()
    return json.loads(Path(attente.value.path()).read_text(encoding="utf-8"))


def situation_de_l_adresse(page: Page) -> Situation:
    """The situation that the page shows: the one that its documents are about."""
    lien = page.get_by_role("link", name="Données (JSON)").get_attribute("href") or ""
    return conversation.situation_de(dict(parse_qsl(urlsplit(lien).query)))


def par_la_ligne_de_commande(situation: Situation, dossier: Path) -> dict[str, Any]:
    """The same situation, as a user would write it in a file, by `binome simuler --json`."""
    fichier = dossier / "situation.json"
    fichier.write_text(situation.model_dump_json(exclude_unset=True), encoding="utf-8")
    sortie = subprocess.run(
        [sys.executable, "-m", "binome", "simuler", str(fichier), "--json"],
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(sortie.stdout)
