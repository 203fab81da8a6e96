"""No template of the guide states a condition, a deadline or an amount by itself: the law's package says it.

Figures are those of `test_chiffres.py`. Here: a value that a condition or a deadline reads stands under a title whose
section quotes that entry of the register; a sentence near one of the register is not written again; a sentence that
binds (« doit », « dans les », « au plus ») calls a value, an entry, or a source.
"""

from __future__ import annotations

import ast
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from binome.site.guide import loi
from openfisca_assistants_medicaux import registre
from openfisca_assistants_medicaux import variables as loi_ecrite
from tests.loi.population import feuilles

GABARITS = Path(loi.__file__).parent / "templates" / "guide"
#: Pages that tell the rules in sentences; the others show them as data, or speak of the site.
PAGES = ("accueil", "missions", "profils", "recruter", "annee_3", "histoire", "conditions")

#: Values told for what they are, and not for what is due.
#: How long a contract lasts is no deadline: its last day is one.
AILLEURS = {"vie_du_contrat.duree"}

#: Tags that say something of the law, or where it was read.
DIT = r"{%\s*(?:source|loi\w*|condition|echeance|marque|bande|debut_du_regime)\b.*?%}"
CITE = re.compile(r"""{%\s*(?:condition|echeance)\s+"(\w+)".*?%}""", re.DOTALL)
VALEUR = re.compile(r"""{%\s*loi\w*\s+"([\w.]+)".*?%}""", re.DOTALL)
TITRES = re.compile(r"<h[1-6].*?</h[1-6]>|{%\s*block (?:titre|description|page)\s*%}.*?{%\s*endblock\s*%}", re.DOTALL)
BLOCS = re.compile(r"</?(?:p|li|h\d|td|th|div|tr|caption|ul|ol)\b[^>]*>|{%\s*(?:block|if|else|elif|endif).*?%}")
OBLIGE = re.compile(
    r"\b(?:doit|doivent|devr\w+|ne peut|ne peuvent|à condition|il faut|exig\w+|obligatoire\w*|délais?|réservée?s?|"
    r"au plus|au plus tard|au moins|dans les|est due?|sont dus|minim\w+|maxim\w+)\b"
)
MOTS_VIDES = frozenset(
    "avec pour sans leur leurs peut partir cette celui celle elle elles vous votre nous plus moins sont "  # noqa: SIM905
    "tout tous jour aide contrat dans".split()
)


def sections(gabarit: str) -> Iterator[str]:
    """What stands under each title."""
    sans_notes = re.sub(r"{%\s*comment.*?endcomment\s*%}", " ", gabarit, flags=re.DOTALL)
    yield from re.split(r"(?=<h[1-6])", sans_notes)


def phrases(gabarit: str) -> Iterator[str]:
    """The sentences of a section, titles left out; what the law says in them is « § »."""
    texte = re.sub(rf"{DIT}|{{{{.*?}}}}", " § ", TITRES.sub("\n\n", gabarit), flags=re.DOTALL)
    texte = re.sub(r"{%.*?%}|<[^>]*>", " ", BLOCS.sub("\n\n", texte), flags=re.DOTALL)
    for bloc in re.split(r"\n\s*\n", texte):
        yield from (phrase for phrase in re.split(r"(?<=[.;])\s", " ".join(bloc.split())) if phrase)


def racines(texte: str) -> frozenset[str]:
    """The beginnings of the words that mean something, by which two sentences are near."""
    simple = "".join(c for c in unicodedata.normalize("NFD", texte.lower()) if not unicodedata.combining(c))
    return frozenset(mot[:5] for mot in re.findall(r"[a-z]{4,}", simple) if mot not in MOTS_VIDES)


@cache
def ecrites() -> tuple[tuple[str, frozenset[str]], ...]:
    """(entry, roots of one of its sentences) of the register."""
    textes = [(f.nom, t) for f in registre.conditions() for t in (*f.refus.values(), f.pour_changer, f.court)]
    textes += [(f.nom, t) for f in registre.echeances() for t in (f.libelle, *re.split("[:;]", f.aide))]
    return tuple((nom, racines(re.sub(r"{\w+}", "", texte))) for nom, texte in textes)


@cache
def lecteurs() -> dict[str, set[str]]:
    """Parameter -> the entries whose rule reads it, in its formula or in a function that it calls."""
    classes: dict[str, ast.AST] = {}
    fonctions: dict[str, ast.AST] = {}
    for fichier in Path(str(loi_ecrite.__path__[0])).rglob("*.py"):
        for noeud in ast.walk(ast.parse(fichier.read_text(encoding="utf-8"))):
            if isinstance(noeud, ast.ClassDef):
                classes[noeud.name] = noeud
            elif isinstance(noeud, ast.FunctionDef) and noeud.name != "formula":
                fonctions[noeud.name] = noeud
    noms, trouves = {feuille.name for feuille in feuilles()}, {}
    for fiche in (*registre.conditions(), *registre.echeances()):
        for lu in _lus(classes[fiche.nom], noms, fonctions, set()):
            trouves.setdefault(lu, set()).add(fiche.nom)
    return trouves


def _lus(arbre: ast.AST, noms: set[str], fonctions: dict[str, ast.AST], vues: set[str]) -> Iterator[str]:
    for noeud in ast.walk(arbre):
        if isinstance(noeud, ast.Constant) and noeud.value in noms:
            yield str(noeud.value)
        elif isinstance(noeud, ast.Name) and noeud.id in fonctions and noeud.id not in vues:
            vues.add(noeud.id)
            yield from _lus(fonctions[noeud.id], noms, fonctions, vues)


def fautes(gabarit: str) -> Iterator[str]:
    """What a template states by itself."""
    for section in sections(gabarit):
        cites = set(CITE.findall(section))
        # A condition that awaits a deadline speaks of it.
        cites |= {fiche.echeance for fiche in registre.conditions() if fiche.nom in cites and fiche.echeance}
        for valeur in VALEUR.findall(section):
            attendus = lecteurs().get(valeur, set())
            if attendus and valeur not in AILLEURS and not attendus & cites:
                yield f"{valeur} : citer dans la même section {' ou '.join(sorted(attendus))}"
        for phrase in phrases(section):
            if OBLIGE.search(phrase) and "§" not in phrase:
                yield f"« {phrase} » : ni règle, ni fiche du registre, ni source"
            for nom, mots in ecrites():
                communes = racines(phrase) & mots
                if len(communes) >= 3 and len(communes) >= 0.6 * len(mots):
                    yield f"« {phrase} » : déjà dans le registre, {nom}"


@pytest.mark.parametrize("page", PAGES)
def test_aucune_page_ne_dit_une_regle_d_elle_meme(page: str) -> None:
    assert list(fautes((GABARITS / f"{page}.html").read_text(encoding="utf-8"))) == []


def test_chaque_chapitre_du_guide_est_lu() -> None:
    from binome.site.guide.vues import CHAPITRES

    assert {chapitre.nom for chapitre in CHAPITRES} - {"glossaire"} <= set(PAGES)


@pytest.mark.parametrize(
    ("gabarit", "attendu"),
    [
        ('<p>Envoi : {% loi "versements.justificatifs.delai" %}.</p>', "date_limite_justificatifs"),
        (
            '<h2>A</h2>{% echeance "date_fin_carence" %}<h2>B</h2>{% loi "aide_collective.carence" %}',
            "date_fin_carence",
        ),
        ("<li>Vous devez résilier d’abord les contrats individuels des adhérents.</li>", "condition_cumul"),
        ("<p>Le cabinet doit être chauffé.</p>", "ni règle"),
    ],
)
def test_le_controle_voit_une_regle(gabarit: str, attendu: str) -> None:
    assert any(attendu in faute for faute in fautes(gabarit))
