"""The pages of docs/contribuer, as a test reads them: steps, what each writes, and which test names the one forgotten.

A step is a title « ## 2. … ». A block « console » is a command to run (`$ python …`).
What it writes is a block « diff » whose first line names the file (`+++ path`):
lines in « + » are added, lines in « - » removed, the others are there already. `@@ a / b` places the search after the
lines that begin with `a`, then `b`; without it the old text must be there once. A block of « + » lines alone makes the
file, or ends it. « *Oubliée* : `test` nomme `words`. » says who notices a step left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

RACINE = Path(__file__).parents[2]
DOSSIER = RACINE / "docs" / "contribuer"

TITRE = re.compile(r"^## (\d+)\. (.+)$", re.MULTILINE)
BLOC = re.compile(r"^```diff\n\+\+\+ (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMANDE = re.compile(r"^```console\n\$ python (.+?)\n```$", re.MULTILINE)
OUBLIEE = re.compile(r"^\*Oubliée\* : `([^`]+)`\s+nomme\s+`([^`]+)`", re.MULTILINE)
VERIFIER = re.compile(r"^\*Vérifier\* : (.+?)(?:\n\n|\Z)", re.MULTILINE | re.DOTALL)


class PageFausse(Exception):
    """A page that can no longer be followed: the message names the page, the file and the text looked for."""


@dataclass(frozen=True)
class Geste:
    """One piece written in one file."""

    page: str
    fichier: str
    sous: tuple[str, ...]
    avant: str
    apres: str

    def ecrire(self, racine: Path) -> None:
        """Write it under `racine`. Raises PageFausse."""
        cible = racine / self.fichier
        texte = cible.read_text(encoding="utf-8") if cible.exists() else ""
        neuf = self.applique(texte)
        cible.parent.mkdir(parents=True, exist_ok=True)
        # A copy is made of hard links: writing in place would write in the repository.
        cible.unlink(missing_ok=True)
        cible.write_text(neuf, encoding="utf-8")

    def applique(self, texte: str) -> str:
        """The file's text, once the piece is written in it. Raises PageFausse."""
        if not self.avant:
            return texte + self.apres
        debut = self._debut(texte)
        place = texte.find(self.avant, debut)
        if place < 0 or (not self.sous and texte.find(self.avant, place + 1) >= 0):
            combien = "absent" if place < 0 else "plusieurs fois"
            raise PageFausse(f"{self.page} : {self.fichier} : texte {combien} :\n{self.avant}")
        return texte[:place] + self.apres + texte[place + len(self.avant) :]

    def _debut(self, texte: str) -> int:
        debut = 0
        for repere in self.sous:
            trouve = re.compile(rf"^{re.escape(repere)}.*\n", re.MULTILINE).search(texte, debut)
            if trouve is None:
                raise PageFausse(f"{self.page} : {self.fichier} : aucune ligne ne commence par « {repere} »")
            debut = trouve.end()
        return debut


@dataclass(frozen=True)
class Etape:
    """One step of a page."""

    page: str
    numero: int
    titre: str
    gestes: tuple[Geste, ...]
    #: What Python runs once the pieces are written (`$ python …` in a block « console »).
    commandes: tuple[str, ...]
    #: The test that fails without the step, and the words by which it names the place.
    temoin: tuple[str, str] | None

    def __str__(self) -> str:
        """As a parametrised test names it."""
        return f"{self.page}-{self.numero}"


@dataclass(frozen=True)
class Page:
    """One page: its steps in order, the tests to run at the end."""

    nom: str
    etapes: tuple[Etape, ...]
    verifier: tuple[str, ...]

    @property
    def noeuds(self) -> tuple[str, ...]:
        """Every test that the page names."""
        temoins = [etape.temoin[0] for etape in self.etapes if etape.temoin]
        return tuple(dict.fromkeys([*temoins, *self.verifier]))


def lire(nom: str) -> Page:
    """A page of docs/contribuer."""
    texte = (DOSSIER / f"{nom}.md").read_text(encoding="utf-8")
    _, *morceaux = TITRE.split(texte)
    etapes = tuple(
        _etape(nom, int(numero), titre, corps)
        for numero, titre, corps in zip(morceaux[0::3], morceaux[1::3], morceaux[2::3], strict=True)
    )
    verifier = tuple(noeud for ligne in VERIFIER.findall(texte) for noeud in re.findall(r"`([^`]+)`", ligne))
    return Page(nom, etapes, verifier)


def _etape(page: str, numero: int, titre: str, corps: str) -> Etape:
    gestes = [geste for fichier, bloc in BLOC.findall(corps) for geste in _gestes(page, fichier, bloc)]
    trouve = OUBLIEE.search(corps)
    temoin = None if trouve is None else (trouve[1], trouve[2])
    return Etape(page, numero, titre, tuple(gestes), tuple(COMMANDE.findall(corps)), temoin)


def _gestes(page: str, fichier: str, bloc: str) -> list[Geste]:
    gestes: list[Geste] = []
    sous: tuple[str, ...] = ()
    for morceau in re.split(r"^(@@.*\n)", bloc, flags=re.MULTILINE):
        if morceau.startswith("@@"):
            sous = tuple(repere for repere in morceau[3:].rstrip("\n").split(" / ") if repere)
        elif morceau:
            lignes = morceau.splitlines(keepends=True)
            # An empty line of a block is an empty line of the file: editors strip the blank that would begin it.
            avant = "".join(ligne[1:] or "\n" for ligne in lignes if ligne[0] in " -\n")
            apres = "".join(ligne[1:] or "\n" for ligne in lignes if ligne[0] in " +\n")
            gestes.append(Geste(page, fichier, sous, avant, apres))
    return gestes
