"""The face of the simulation: its list is sorted, whole, importable and used, and nobody enters by another door."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from binome import simulation

RACINE = Path(__file__).parents[2]
DEHORS = ("binome/cli", "binome/documents", "binome/dossiers", "binome/site", "bench")
FACE = "binome.simulation"
#: What the help and the refusals of the command line do without.
MOTEUR = ("numpy", "openfisca_core", "polars", "pydantic")


def ecrits() -> list[str]:
    """The names that the stub writes in its list, in its order."""
    arbre = ast.parse((RACINE / "binome/simulation/__init__.pyi").read_text("utf-8"))
    (liste,) = (n.value for n in arbre.body if isinstance(n, ast.Assign))
    noms: list[str] = ast.literal_eval(liste)
    return noms


def pieces_ouvertes() -> list[str]:
    """The rooms that the page says one may enter."""
    page = (RACINE / "docs/maison.md").read_text("utf-8")
    section = page.partition("## Doors of the simulation")[2].partition("\n## ")[0]
    return re.findall(r"^\| `(binome\.simulation\.[\w.]+)` \|", section, flags=re.MULTILINE)


def demandes(source: str) -> Iterator[str]:
    """What a file imports of the simulation, by its whole name: « binome.simulation.mots.ecriture.gain »."""
    arbre = ast.parse(source)
    for noeud in ast.walk(arbre):
        if isinstance(noeud, ast.Import):
            yield from (a.name for a in noeud.names if a.name.startswith(f"{FACE}."))
        elif isinstance(noeud, ast.ImportFrom) and (noeud.module or "").startswith(FACE):
            yield from (f"{noeud.module}.{a.name}" for a in noeud.names)
        elif isinstance(noeud, ast.Attribute) and ast.unparse(noeud.value) == "simulation" and noeud.attr in noms():
            yield f"{FACE}.{noeud.attr}"


@cache
def noms() -> frozenset[str]:
    return frozenset(simulation.__all__)


@cache
def demandees() -> dict[str, list[str]]:
    """Files outside, and what each asks."""
    fichiers = [fichier for dossier in DEHORS for fichier in (RACINE / dossier).rglob("*.py")]
    return {str(f.relative_to(RACINE)): list(demandes(f.read_text("utf-8"))) for f in fichiers}


def privee(demande: str, pieces: list[str]) -> bool:
    """True for what is neither of the face nor in an open room."""
    de_la_face = demande.rpartition(".")[0] == FACE and demande.rpartition(".")[2] in noms()
    return not de_la_face and not any(f"{demande}.".startswith(f"{piece}.") for piece in pieces)


def test_la_liste_est_triee_et_celle_que_le_paquet_montre() -> None:
    assert ecrits() == sorted(set(ecrits()), key=lambda nom: (not nom.isupper(), not nom[0].isupper(), nom))
    assert sorted(ecrits()) == sorted(simulation.__all__)


def test_chaque_nom_s_importe_et_vient_d_ou_il_est_dit() -> None:
    for nom in noms():
        assert not isinstance(getattr(simulation, nom), ModuleType), nom


def test_chaque_nom_sert_dehors() -> None:
    servis = {demande.rpartition(".")[2] for demandees_ici in demandees().values() for demande in demandees_ici}
    assert noms() - servis == set()


def test_chaque_piece_ouverte_existe_et_sert_dehors() -> None:
    tout = [demande for demandees_ici in demandees().values() for demande in demandees_ici]
    for piece in pieces_ouvertes():
        assert importlib.util.find_spec(piece) is not None, piece
        assert any(f"{demande}.".startswith(f"{piece}.") for demande in tout), piece


def test_personne_n_entre_par_une_porte_privee() -> None:
    pieces = pieces_ouvertes()
    entrees = {f: [d for d in trouvees if privee(d, pieces)] for f, trouvees in demandees().items()}
    assert {fichier: portes for fichier, portes in entrees.items() if portes} == {}


@pytest.mark.parametrize(
    "ligne",
    [
        "from binome.simulation.moteur.calcul import Calcul",
        "from binome.simulation.reponse.simuler import Simulation",
        "from binome.simulation import moteur",
        "import binome.simulation.cout.chiffrage",
        "def f():\n    from binome.simulation.modele import situation",
    ],
)
def test_une_porte_privee_se_voit(ligne: str) -> None:
    assert [privee(demande, pieces_ouvertes()) for demande in demandes(ligne)] == [True]


def test_la_face_ne_charge_pas_le_moteur() -> None:
    code = f"import sys, binome.simulation; print([m for m in {MOTEUR} if m in sys.modules])"
    fait = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=RACINE)
    assert fait.stdout.strip() == "[]"
