"""A page as its reader has it: its words, its headings, its tables."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.test import Client

PAGES = (
    "",
    "missions/",
    "conditions/",
    "profils/",
    "recruter/",
    "annee-3/",
    "histoire/",
    "glossaire/",
    "sources/",
    "sources/comparer/",
    "sources/formation.cqp.duree/",
    "sources/formation.delai_debut/",
    "sources/distributions.medecine_generale.patientele_mt.p30/",
    "donnees-personnelles/",
    "accessibilite/",
)


def mots(texte: str) -> str:
    """Words with plain spaces and apostrophes."""
    return re.sub(r"\s+", " ", texte.replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'")).strip()


@dataclass
class Tableau:
    """One table: its caption, and its rows of cells."""

    legende: str = ""
    rangees: list[list[str]] = field(default_factory=list)
    entetes_sans_portee: int = 0


class Page(HTMLParser):
    """What a page holds, read from its HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.titres: list[tuple[int, str]] = []
        self.liens: list[str] = []
        self.identifiants: list[str] = []
        self.appels: list[str] = []
        self.tableaux: list[Tableau] = []
        self.styles: list[str] = []
        self._texte: list[str] = []
        self._dans: list[str] = []
        self.feed(html)

    @property
    def texte(self) -> str:
        """Everything that is read, without the head."""
        return mots("".join(self._texte))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        donnees = dict(attrs)
        if donnees.get("id"):
            self.identifiants.append(str(donnees["id"]))
        if tag == "a" and donnees.get("href"):
            self.liens.append(str(donnees["href"]))
        for nom in ("aria-labelledby", "aria-describedby", "for"):
            self.appels += str(donnees.get(nom) or "").split()
        if "style" in donnees or any(nom.startswith("on") for nom in donnees):
            self.styles.append(tag)
        if tag in {"script", "style"} and not donnees.get("src"):
            self.styles.append(tag)
        if re.fullmatch(r"h[1-6]", tag):
            self.titres.append((int(tag[1]), ""))
        if tag == "table":
            self.tableaux.append(Tableau())
        if tag == "tr":
            self.tableaux[-1].rangees.append([])
        if tag in {"td", "th"}:
            self.tableaux[-1].rangees[-1].append("")
            self.tableaux[-1].entetes_sans_portee += tag == "th" and not donnees.get("scope")
        self._dans.append(tag)
        self._texte.append(" " if tag not in {"a", "strong", "span", "sup", "em", "code"} else "")

    def handle_endtag(self, tag: str) -> None:
        while self._dans and self._dans.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if {"head", "script", "style"} & set(self._dans):
            return
        self._texte.append(data)
        for tag in self._dans:
            if re.fullmatch(r"h[1-6]", tag):
                niveau, texte = self.titres[-1]
                self.titres[-1] = (niveau, mots(f"{texte}{data}"))
        if "caption" in self._dans:
            self.tableaux[-1].legende = mots(self.tableaux[-1].legende + data)
        elif {"td", "th"} & set(self._dans):
            self.tableaux[-1].rangees[-1][-1] = mots(self.tableaux[-1].rangees[-1][-1] + data)


def ouvrir(client: Client, chemin: str, statut: int = 200, **options: object) -> Page:
    """A page of the guide."""
    reponse = client.get(f"/guide/{chemin}", **options)
    assert reponse.status_code == statut, (chemin, reponse.status_code)
    return Page(reponse.content.decode())
