"""One word, one thing: a public class has a name of its own in the product, unless it is said why not."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

RACINE = Path(__file__).parents[1]
#: Found by the tool at their place, never imported by their name.
PLACES = ("/apps.py", "/migrations/", "/management/commands/")
#: A field of a form, a form or a list of the administration is named after what it enters.
SITE = "binome/site/"
#: The same thing, seen from several floors: what the law computes, what a result says, what a file keeps.
MEME_CHOSE = {
    *("Annuites", "Assistant", "Bande", "Condition", "Contrat", "Contrats", "Courrier", "Dispositif", "Echeance"),
    *("Employeur", "Medecin", "Objectif", "Option", "Part"),
}


def doubles() -> dict[str, list[str]]:
    """Public classes of one name that are not in one module, without the forms of the site."""
    trouvees: dict[str, list[str]] = defaultdict(list)
    for paquet in ("binome", "openfisca_assistants_medicaux"):
        for fichier in sorted((RACINE / paquet).rglob("*.py")):
            lieu = str(fichier.relative_to(RACINE))
            if lieu.startswith(SITE) or any(place in f"/{lieu}" for place in PLACES):
                continue
            for noeud in ast.parse(fichier.read_text(encoding="utf-8")).body:
                if isinstance(noeud, ast.ClassDef) and not noeud.name.startswith("_"):
                    trouvees[noeud.name].append(lieu)
    return {nom: lieux for nom, lieux in trouvees.items() if len(lieux) > 1}


def test_une_classe_publique_a_son_nom() -> None:
    trouvees = doubles()
    assert {nom: lieux for nom, lieux in trouvees.items() if nom not in MEME_CHOSE} == {}
    assert trouvees.keys() >= MEME_CHOSE, "une permission dont plus rien n'a besoin"
