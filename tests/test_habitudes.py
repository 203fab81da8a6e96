"""The house's habits are kept by machine: commit messages, hooks before a commit, properties without a stop-watch.

And test modules that nothing imports.
"""

from __future__ import annotations

import ast
import contextlib
import importlib.util
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
import yaml
from hypothesis import settings

RACINE = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def message() -> ModuleType:
    fiche = importlib.util.spec_from_file_location("message", RACINE / ".ci" / "message.py")
    assert fiche is not None
    assert fiche.loader is not None
    module = importlib.util.module_from_spec(fiche)
    fiche.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("law: the rates are exact\n\nHalf paid nothing: the cell was truncated.\n", ""),
        ("docs, tests: the four words\n\nThey said three.\n# comment of git\n", ""),
        ("Merge branch 'x'\n", ""),
        ("wip\n\nwhy\n", "« partie: ce qui change » attendu"),
        ("law: " + "x" * 140 + "\n\nwhy\n", "au plus 120 attendus"),
        ("law: no body\n", "un corps qui dit pourquoi"),
        ("law: no body but comments\n\n# Please enter\n", "un corps qui dit pourquoi"),
        ("law: glued\nwhy\n", "une ligne vide"),
        ("", "« partie: ce qui change » attendu"),
    ],
)
def test_un_commit_dit_sa_partie_et_pourquoi(message: ModuleType, texte: str, attendu: str) -> None:
    fautes = message.fautes(texte)
    assert (attendu in " ; ".join(fautes)) if attendu else fautes == []


def test_les_messages_non_publies_sont_lus_depuis_la_base(message: ModuleType, tmp_path: Path) -> None:
    """Before the base and under a release, nothing; after, each; a base that is not there leaves the last one."""

    def git(*mots: str) -> str:
        auteur = ("-c", "user.name=x", "-c", "user.email=x@example.invalid", "-c", "commit.gpgsign=false")
        commande = ["git", "-C", str(tmp_path), *auteur, *mots]
        return subprocess.run(commande, check=True, capture_output=True, text=True).stdout.strip()

    assert message.messages(tmp_path) == []
    git("init", "-q")
    git("commit", "-q", "--allow-empty", "-m", "wip")
    base = git("rev-parse", "HEAD")
    assert message.messages(tmp_path, base) == []
    git("commit", "-q", "--allow-empty", "-m", "law: a\n\nwhy")
    git("commit", "-q", "--allow-empty", "-m", "zut")
    assert [texte.strip() for _, texte in message.messages(tmp_path, base)] == ["zut", "law: a\n\nwhy"]
    assert [texte.strip() for _, texte in message.messages(tmp_path, "0" * 40)] == ["zut"]
    git("tag", "v1")
    assert message.messages(tmp_path, base) == []


def test_la_chaine_lit_les_messages_et_le_crochet_met_les_gabarits_en_forme() -> None:
    lint = (RACINE / "Makefile").read_text(encoding="utf-8").split("\nlint:")[1].split("\n\n")[0]
    assert "python .ci/message.py" in lint
    assert "make lint" in (RACINE / ".ci" / "run").read_text(encoding="utf-8")
    crochet = re.search(r"entry: .* djlint (.*)", (RACINE / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert crochet is not None
    # The same looks as `make lint`: rules, and layout.
    assert shlex.split(crochet[1]) == ["--lint", "--check", "--quiet"]
    assert "djlint binome --lint --check --quiet" in lint


def test_les_crochets_appellent_les_outils_du_verrou() -> None:
    """Every hook runs a tool that is locked, or a script of ours that exists; none is fetched from elsewhere."""
    (depot,) = yaml.safe_load((RACINE / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    assert depot["repo"] == "local"
    verrou = (RACINE / "uv.lock").read_text(encoding="utf-8")
    for crochet in depot["hooks"]:
        mots = shlex.split(crochet["entry"])
        if mots[0] == "python3":
            assert (RACINE / mots[1]).is_file()
            continue
        assert mots[:4] == [".outils/bin/uv", "run", "--frozen", "--quiet"]
        assert f'name = "{mots[4]}"' in verrou


def test_aucune_propriete_n_est_jugee_au_chronometre() -> None:
    assert settings().deadline is None


#: A program of its own reaches a database that Django does not watch; so does the site that the browser visits.
PAR_UN_PROGRAMME = re.compile(r"DATABASE_URL|base_neuve|base_migree|\bmanage\(|\benchainer\(|goto.*/caisse/")
DEMANDE_LA_BASE = re.compile(r"django_db_setup|mark\.django_db|mark\.base")


def touche_sans_le_dire(texte: str) -> bool:
    """Whether `make test-postgresql` would leave out a module that reaches a database."""
    return bool(PAR_UN_PROGRAMME.search(texte)) and not DEMANDE_LA_BASE.search(texte)


def test_ce_qui_touche_la_base_se_lance_sur_les_deux_moteurs() -> None:
    """Elsewhere Django itself refuses the database to a test that does not ask for it (tests/conftest.py)."""
    modules = [f for f in (RACINE / "tests").rglob("test_*.py") if f != Path(__file__)]
    assert [str(f.relative_to(RACINE)) for f in modules if touche_sans_le_dire(f.read_text(encoding="utf-8"))] == []
    assert touche_sans_le_dire("def test(tmp_path):\n    manage(base, tmp_path, 'migrate')\n")
    assert touche_sans_le_dire("page.goto('/caisse/medecins/')\n")
    assert not touche_sans_le_dire("def test(django_db_setup):\n    manage(base, tmp_path, 'migrate')\n")


def modules_de_test_lus(texte: str) -> Iterator[str]:
    """Test modules that a module imports, also in the programs that it writes as text and runs elsewhere."""
    for noeud in ast.walk(ast.parse(texte)):
        noms: list[str] = []
        if isinstance(noeud, ast.Import):
            noms = [alias.name for alias in noeud.names]
        elif isinstance(noeud, ast.ImportFrom):
            noms = [f"{noeud.module or ''}.{alias.name}" for alias in noeud.names]
        elif isinstance(noeud, ast.Constant) and isinstance(noeud.value, str) and "import " in noeud.value:
            with contextlib.suppress(SyntaxError, ValueError):
                yield from modules_de_test_lus(noeud.value)
        yield from (nom for nom in noms if any(mot.startswith("test_") for mot in nom.split(".")))


def test_aucun_module_de_test_n_est_importe() -> None:
    """What two modules of tests share has a module of its own, named after what it does."""
    modules = [fichier for dossier in ("tests", "bench") for fichier in (RACINE / dossier).rglob("*.py")]
    assert len(modules) > 100
    importes = {
        str(fichier.relative_to(RACINE)): noms
        for fichier in modules
        if (noms := list(modules_de_test_lus(fichier.read_text(encoding="utf-8"))))
    }
    assert importes == {}


@pytest.mark.parametrize(
    ("ecrit", "vus"),
    [
        ("from tests.site.§etapes import MOI, texte\n", ["tests.site.§etapes.MOI", "tests.site.§etapes.texte"]),
        ("from tests.site import (\n    parcours,\n    §etapes,\n)\n", ["tests.site.§etapes"]),
        ("def f():\n    import tests.§argent as a\n", ["tests.§argent"]),
        ("from .§lot import ecrire\n", ["§lot.ecrire"]),
        (
            "P = (\n    'import os\\n'\n    'from tests.documents.§depot import pdf\\n'\n)\n",
            ["tests.documents.§depot.pdf"],
        ),
        ("A = 'un import dans une phrase, §rien'\n", []),
        ("from tests.site.parcours import texte\nA = 'tests.§argent.RACINE'\n", []),
    ],
)
def test_le_controle_voit_un_test_importe(ecrit: str, vus: list[str]) -> None:
    """The check can fail (§ stands for the beginning of a test's name: this module is read too)."""
    assert list(modules_de_test_lus(ecrit.replace("§", "test_"))) == [vu.replace("§", "test_") for vu in vus]
