"""Each page of docs/contribuer is followed, as it is written, on an invented change.

Followed to the end, the tests that it names pass; with one step left out, the test that it names for that step fails,
and says what is missing. The blocks are read from the page: it cannot drift from the code without failing here.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contribuer import pages
from tests.contribuer.copie import copier, ecrire, lancer
from tests.contribuer.pages import DOSSIER, RACINE, Etape, Page
from tests.noeuds import essais_de

#: The pages that one change follows, in order: an avenant brings amounts, a condition, and the input that it reads.
AVENANT = ("montant", "entree", "condition")
CHANGEMENTS = {
    "montant": ("montant",),
    "entree": AVENANT,
    "condition": AVENANT,
    "echeance": ("echeance",),
    "option": ("option",),
    "regime": ("regime",),
    "acte": ("acte",),
    "lettre": ("lettre",),
}
#: One page for each change: who follows it follows the others that it is made of.
SUIVIES = tuple({suite: nom for nom, suite in CHANGEMENTS.items()}.values())
#: Files that the avenant of 2027 may touch, cases, journal and reference included.
FICHIERS_AU_PLUS = 12

PAGES = {nom: pages.lire(nom) for nom in CHANGEMENTS}
ETAPES = [etape for page in PAGES.values() for etape in page.etapes]


def changement(nom: str) -> list[Page]:
    """The pages of the change that a page is part of."""
    return [PAGES[autre] for autre in CHANGEMENTS[nom]]


def suivre(nom: str, racine: Path, sauf: Etape | None = None) -> set[str]:
    """Follow in a copy the pages of a change, one step left out; the files touched."""
    return ecrire(copier(racine), [e for page in changement(nom) for e in page.etapes if e is not sauf])


def test_chaque_page_est_essayee_et_tout_le_monde_la_trouve() -> None:
    ecrites = {fichier.stem for fichier in DOSSIER.glob("*.md")}
    assert ecrites == set(CHANGEMENTS)
    accueil = (RACINE / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert all(f"docs/contribuer/{nom}.md" in accueil for nom in ecrites)


@pytest.mark.parametrize("nom", PAGES)
def test_une_page_se_suit_et_nomme_qui_remarque_chaque_oubli(nom: str, tmp_path: Path) -> None:
    """Every block still finds its place in the code, whatever else changed there."""
    touches = suivre(nom, tmp_path / "copie")
    assert touches
    assert all((etape.gestes or etape.commandes) and etape.temoin for etape in PAGES[nom].etapes)
    for noeud in PAGES[nom].noeuds:
        fichier, _, essai = noeud.partition("::")
        assert (RACINE / fichier).exists(), noeud
        assert not essai or essai in essais_de(fichier), noeud


@pytest.mark.parametrize("nom", ["condition", "regime"])
def test_un_avenant_touche_peu_de_fichiers(nom: str, tmp_path: Path) -> None:
    touches = suivre(nom, tmp_path / "copie")
    assert len(touches) <= FICHIERS_AU_PLUS, sorted(touches)


def test_un_avenant_suivi_pas_a_pas_passe(tmp_path: Path) -> None:
    """The whole of it, on the tests that notice an omission."""
    racine = tmp_path / "copie"
    suivre("condition", racine)
    etapes = [etape for page in changement("condition") for etape in page.etapes]
    passe, dit = lancer(racine, dict.fromkeys(etape.temoin[0] for etape in etapes if etape.temoin))
    assert passe, dit[-5000:]


@pytest.mark.lent
@pytest.mark.parametrize("nom", SUIVIES)
def test_une_page_suivie_jusqu_au_bout_passe(nom: str, tmp_path: Path) -> None:
    racine = tmp_path / "copie"
    suivre(nom, racine)
    passe, dit = lancer(racine, dict.fromkeys(noeud for page in changement(nom) for noeud in page.noeuds))
    assert passe, dit[-5000:]


@pytest.mark.lent
@pytest.mark.parametrize("etape", ETAPES, ids=str)
def test_une_etape_oubliee_est_nommee(etape: Etape, tmp_path: Path) -> None:
    racine = tmp_path / "copie"
    suivre(etape.page, racine, sauf=etape)
    assert etape.temoin is not None
    noeud, mots = etape.temoin
    passe, dit = lancer(racine, [noeud])
    assert not passe, f"{etape.titre} : {noeud} passe sans cette étape"
    assert mots in dit, f"{etape.titre} : « {mots} » attendu dans\n{dit[-3000:]}"


TEXTE = "a\nz\na\n"


def geste_de(bloc: str) -> pages.Geste:
    """The one piece of a block of a page."""
    (geste,) = pages._gestes("page", "f", bloc)
    return geste


@pytest.mark.parametrize(
    ("bloc", "attendu"),
    [("@@ z\n-a\n+c\n", "a\nz\nc\n"), ("+fin\n", "a\nz\na\nfin\n"), (" z\n+b\n", "a\nz\nb\na\n")],
)
def test_un_bloc_s_ecrit_a_sa_place(bloc: str, attendu: str) -> None:
    assert geste_de(bloc).applique(TEXTE) == attendu


@pytest.mark.parametrize(
    ("bloc", "attendu"),
    [(" a\n+b\n", "plusieurs fois"), (" absent\n+b\n", "texte absent"), ("@@ y\n a\n+b\n", "« y »")],
)
def test_un_bloc_sans_place_le_dit(bloc: str, attendu: str) -> None:
    """Twice the same text without a mark, or none: the page would be ambiguous."""
    with pytest.raises(pages.PageFausse, match=attendu):
        geste_de(bloc).applique(TEXTE)
