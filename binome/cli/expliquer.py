"""`binome expliquer`: the chain of figures, values of the law and texts that made a figure."""

from __future__ import annotations

import json as json_
import re
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from binome.cli.arguments import DateAppreciation, Detail, Distributions, Fichier, Json, Option

if TYPE_CHECKING:
    from rich.console import Console
    from rich.tree import Tree

    from binome.simulation import Explication, Hypothese, Simulation

#: Levels shown without --detail.
NIVEAUX = 3

Figure = Annotated[
    str | None,
    typer.Argument(metavar="FIGURE", help="Nom du chiffre ; sans lui, la liste des noms.", show_default=False),
]


def expliquer(
    fichier: Fichier,
    figure: Figure = None,
    date: DateAppreciation = None,
    option: Option = None,
    distributions: Distributions = None,
    detail: Detail = False,
    json: Json = False,
) -> None:
    """Explique un chiffre : la règle, les valeurs de la loi, les textes, et les chiffres dont il dépend."""
    from binome.cli.simuler import preparer

    simulation = preparer(fichier, date, option, distributions)
    if figure is None:
        _lister(simulation, fichier, json=json)
        return
    explication = simulation.expliquer(figure)
    if json:
        sys.stdout.write(explication.model_dump_json(indent=2) + "\n")
        return
    from binome.cli.affichage import console

    montrer(console(), explication, niveaux=None if detail else NIVEAUX, detail=detail)


def montrer(sortie: Console, explication: Explication, *, niveaux: int | None, detail: bool) -> None:
    """Write an explanation as a tree."""
    from rich.tree import Tree

    from binome.cli.affichage import Paragraphe, certitude, dire

    racine = Tree(Paragraphe(_chiffre(explication), "bold"), guide_style="dim")
    rameaux = _Rameaux(detail=detail)
    rameaux.garnir(racine, explication, niveaux)
    sortie.print(racine)
    sortie.print()
    dire(sortie, f"Certitude : {certitude(explication.certitude)} — la plus faible de ce qui précède.", retrait=0)
    if rameaux.coupes:
        dire(sortie, "… : la suite est montrée avec --detail.", "dim", retrait=0)


def _chiffre(explication: Explication) -> str:
    return f"{explication.libelle} : {explication.valeur}"


class _Rameaux:
    """Fills the branches of a tree; a figure already shown is not shown again."""

    def __init__(self, *, detail: bool) -> None:
        self.detail = detail
        self.coupes = False
        self._vus: set[tuple[str, str]] = set()

    def garnir(self, branche: Tree, explication: Explication, niveaux: int | None) -> None:
        """The rule, the texts, the values of the law, then the figures below, down to `niveaux` levels."""
        from binome.cli.affichage import STYLES_CERTITUDE, Paragraphe

        self._vus.add(_identite(explication))
        if explication.regle:
            branche.add(Paragraphe(f"Règle : {' '.join(explication.regle.split())}", "italic"))
        if explication.reference:
            branche.add(Paragraphe(f"Texte : {explication.reference}", "dim"))
        for parametre in _distincts(explication.parametres):
            branche.add(Paragraphe(_parametre(parametre, detail=self.detail), STYLES_CERTITUDE[parametre.certitude]))
        if niveaux == 0 and explication.dependances:
            branche.add(Paragraphe("…", "dim"))
            self.coupes = True
            return
        for enfant in explication.dependances:
            deja = _identite(enfant) in self._vus
            rameau = branche.add(Paragraphe(_chiffre(enfant) + (" (voir plus haut)" if deja else "")))
            if not deja:
                self.garnir(rameau, enfant, None if niveaux is None else niveaux - 1)


def _identite(explication: Explication) -> tuple[str, str]:
    return explication.variable, explication.valeur


def _distincts(parametres: tuple[Hypothese, ...]) -> list[Hypothese]:
    """The same value of the law may be read twice by one rule."""
    return list({(p.nom, p.description, p.valeur): p for p in parametres}.values())


def _parametre(parametre: Hypothese, *, detail: bool) -> str:
    from binome.cli.affichage import certitude

    phrase = f"Loi : {parametre.description} : {parametre.valeur} — {certitude(parametre.certitude)}"
    references = parametre.references if detail else parametre.references[:2]
    lignes = [f"{r.titre}{f' <{r.lien}>' if r.lien else ''}" for r in references]
    nom = [parametre.nom] if detail else []
    return "\n".join([phrase, *nom, *lignes])


#: Groups of the list of figures: heading, and how their names start.
GROUPES = (
    ("Éligibilité et position", r"[a-z_0-9]+"),
    ("Objectifs", r"objectifs\..*"),
    ("Échéances", r"echeances\..*"),
    ("Années du contrat : N est le rang de l'année", r"annees\.N\..*"),
    ("Années d'une option : OPTION est son nom, N le rang de l'année", r"options\.OPTION\.annees\.N\..*"),
)


def _lister(simulation: Simulation, fichier: str, *, json: bool) -> None:
    """Names of the figures, grouped; the years and the options stand for all of theirs."""
    from binome.simulation import libelle_de

    figures = {
        nom: libelle_de(simulation.loi.variables[variable]) for nom, (variable, _) in simulation.figures().items()
    }
    if json:
        liste = [{"figure": nom, "libelle": libelle} for nom, libelle in figures.items()]
        sys.stdout.write(json_.dumps(liste, ensure_ascii=False, indent=2) + "\n")
        return
    from binome.cli.affichage import console, dire, tableau, titre

    sortie = console()
    modeles = {}
    for nom, libelle in figures.items():
        modeles[re.sub(r"annees\.\d+\.", "annees.N.", re.sub(r"^options\.\w+\.", "options.OPTION.", nom))] = libelle
    for entete, motif in GROUPES:
        noms = [nom for nom in modeles if re.fullmatch(motif, nom)]
        if noms:
            titre(sortie, entete)
            tableau(sortie, ("Figure", "Sens"), [(nom, modeles[nom]) for nom in noms])
    options = ", ".join(simulation.options)
    sortie.print()
    rangs = f"N : 1 à {simulation.calcul.annees}"
    dire(sortie, f"{rangs}{f' ; OPTION : {options}' if options else ''}.", retrait=0)
    dire(sortie, f"Par exemple : binome expliquer {fichier} annees.3.montant_prevu", "dim", retrait=0)
