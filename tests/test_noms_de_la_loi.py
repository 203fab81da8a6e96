"""The law lives in one place: no régime's or option's name used as a rule outside the law package.

« contrat en AV7 : compter les adultes » is a rule, written with a name in the place of a number; the law has a
variable or a parameter that says it. Every name of a régime or an option written in the program is looked at; the few
that draw, present or invent an example are listed here with the reason, one by one.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from openfisca_assistants_medicaux.nomenclatures import Option, Regime
from tests.constantes import RACINE, constantes

NOMS = {membre.name for liste in (Regime, Option) for membre in liste} - {"aucun", "aucune"}

#: (file, name) -> why it is no rule.
COINCIDENCES = {
    ("binome/simulation/modele/nomenclatures.py", "un_etp"): "noms annoncés au contrôle des types",
    ("binome/simulation/modele/situation.py", "tiers_etp"): "nom usuel d'une option",
    ("binome/simulation/modele/situation.py", "demi_etp"): "nom usuel d'une option",
    ("binome/simulation/modele/situation.py", "un_etp"): "nom usuel d'une option",
    ("binome/site/simulateur/lecture.py", "un_etp"): "option montrée quand personne n'en a choisi",
    ("binome/dossiers/patientele/prospection.py", "un_etp"): "option du repérage, choix de la caisse",
    ("binome/site/guide/annee_3.py", "un_etp"): "exemple du guide",
    ("binome/site/guide/annee_3.py", "demi_etp"): "exemple du guide",
    ("binome/site/guide/loi.py", "COLL"): "régime que le paramètre des régimes individuels ne date pas",
    # Each has its story (`tests/site/guide/test_histoire_et_glossaire.py`).
    **{("binome/site/guide/histoire.py", nom): "récit d'un régime" for nom in Regime.names if nom in NOMS},
}

#: Files whose names are stories or columns, not rules.
RECITS = {
    "binome/dossiers/exploitation/demonstration/acteurs.py": "une histoire inventée",
    "binome/dossiers/exploitation/demonstration/debuts.py": "une histoire inventée",
    "binome/dossiers/exploitation/demonstration/histoires.py": "une histoire inventée",
}
MIGRATIONS = "binome/dossiers/migrations/"

#: Enumerations of which a member is a name of the law.
LISTES = {"NomOption", "OptionLoi", "Option", "Regime", "REGIMES"}

ENTRE_GUILLEMETS = re.compile(r"""["']([A-Za-z_0-9]+)["']""")
BALISE = re.compile(r"\{[{%].*?[%}]\}", re.DOTALL)


def noms_ecrits(fichier: str) -> Iterator[tuple[int, str]]:
    """(line, name of the law) of every such name in a Python file or a template."""
    if fichier.endswith(".py"):
        yield from ((ligne, valeur) for ligne, valeur in constantes(fichier) if valeur in NOMS)
        arbre = ast.parse((RACINE / fichier).read_text(encoding="utf-8"))
        for noeud in ast.walk(arbre):
            if isinstance(noeud, ast.Attribute) and noeud.attr in NOMS and ast.unparse(noeud.value) in LISTES:
                yield noeud.lineno, noeud.attr
        return
    texte = (RACINE / fichier).read_text(encoding="utf-8")
    for balise in BALISE.finditer(texte):
        for nom in ENTRE_GUILLEMETS.findall(balise.group()):
            if nom in NOMS:
                yield texte.count("\n", 0, balise.start()) + 1, nom


def fichiers() -> list[str]:
    """Python files and templates of the program, migrations and stories left out."""
    tous = (str(f.relative_to(RACINE)) for motif in ("*.py", "*.html") for f in (RACINE / "binome").rglob(motif))
    return sorted(f for f in tous if f not in RECITS and not f.startswith(MIGRATIONS))


def test_aucun_nom_de_la_loi_ne_sert_de_regle() -> None:
    fautes = [
        f"{fichier}:{ligne} : {nom}"
        for fichier in fichiers()
        for ligne, nom in noms_ecrits(fichier)
        if (fichier, nom) not in COINCIDENCES
    ]
    assert fautes == []


def test_les_coincidences_servent_encore() -> None:
    """An exception that nothing needs any more is a hole."""
    for fichier, nom in COINCIDENCES:
        assert nom in {ecrit for _, ecrit in noms_ecrits(fichier)}, (fichier, nom)
    for fichier in RECITS:
        assert any(True for _ in noms_ecrits(fichier)), fichier


@pytest.mark.parametrize(
    ("nom", "contenu", "lignes"),
    [
        ("x.py", 'def f(r):\n    return r in {"AV7", "AV8"}\n', [2, 2]),
        ("y.py", "from n import NomOption\nA = NomOption.deux_etp\n", [2]),
        ("z.html", '<p>\n{% if regime == "RA" %}ici{% endif %}</p>\n', [2]),
        ("w.html", "<p>un_etp et « AV7 », en mots</p>\n", []),
    ],
)
def test_le_controle_voit_un_nom(
    nom: str, contenu: str, lignes: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check can fail."""
    (tmp_path / nom).write_text(contenu, encoding="utf-8")
    monkeypatch.setattr("tests.test_noms_de_la_loi.RACINE", tmp_path)
    monkeypatch.setattr("tests.constantes.RACINE", tmp_path)
    assert [ligne for ligne, _ in noms_ecrits(nom)] == lignes
