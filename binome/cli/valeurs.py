"""`binome valeurs`: what a fund reads in the texts, given to the law: show, check, import, compare."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from binome.simulation.valeurs import Lues

Chemin = Annotated[str, typer.Argument(metavar="VALEURS.yaml", help="Fichier de valeurs.", show_default=False)]
Autre = Annotated[str, typer.Argument(metavar="AUTRE.yaml", help="Fichier de valeurs.", show_default=False)]
Facultatif = Annotated[
    str | None,
    typer.Argument(metavar="[VALEURS.yaml]", help="Fichier ; sans lui, les valeurs en vigueur.", show_default=False),
]
Par = Annotated[str, typer.Option("--par", metavar="NOM", help="Qui importe.", show_default=False)]
Noms = Annotated[bool, typer.Option("--noms", metavar="", help="Montre les noms admis, et ce qui est attendu.")]


def montrer(fichier: Facultatif = None, noms: Noms = False) -> None:
    """Montre les valeurs d'un fichier, celles que ce programme emploie, ou le catalogue."""
    from binome.cli.affichage import console, dire, puces
    from binome.simulation import valeurs

    ecran = console()
    if noms:
        _catalogue(ecran)
        return
    lues = valeurs.en_vigueur() if fichier is None else _lire(fichier)
    if lues is None:
        dire(ecran, "Aucune valeur de la caisse n'est ajoutée à la loi (BINOME_VALEURS).", retrait=0)
        return
    _nommer(ecran, lues)
    puces(ecran, [f"{v.libelle} : {valeurs.detail(v)} [{v.nom.nom}]" for v in lues.dites.valeurs])


def verifier(fichier: Chemin) -> None:
    """Vérifie un fichier : chaque faute est nommée (code de sortie 2 s'il y en a)."""
    from binome import francais
    from binome.cli.affichage import console, dire

    lues = _lire(fichier)
    dire(console(), f"{francais.pluriel(len(lues.dites.valeurs), 'valeur')}, aucune faute.", retrait=0)


def comparer(fichier: Chemin, autre: Autre) -> None:
    """Montre ce que le second fichier change du premier."""
    from binome.cli.affichage import console

    _montrer_les_ecarts(console(), _lire(fichier), _lire(autre))


def importer(fichier: Chemin, par: Par) -> None:
    """Ajoute une version aux valeurs que ce programme emploie (le dossier BINOME_VALEURS)."""
    from binome.cli.affichage import console
    from binome.simulation import valeurs

    lues = _lire(fichier)
    ancien = valeurs.en_vigueur() if valeurs.versions() else None
    valeurs.importer(lues.fichier, par)
    ecran = console()
    _montrer_les_ecarts(ecran, ancien, lues)
    _nommer(ecran, lues, "En vigueur : ")


def _lire(chemin: str) -> Lues:
    from binome.erreurs import BinomeErreur
    from binome.simulation import raison, valeurs
    from openfisca_assistants_medicaux.fichiers import Fichier

    try:
        return valeurs.lues(Fichier.lu(Path(chemin)))
    except OSError as erreur:
        raise BinomeErreur(f"fichier « {chemin} » {raison(erreur)}") from erreur


def _nommer(ecran: Any, lues: Lues, debut: str = "") -> None:
    from binome.cli.affichage import dire
    from binome.simulation import EMPREINTE_COURTE

    inventees = " · INVENTÉES" if lues.dites.inventees else ""
    dire(
        ecran, f"{debut}{lues.fichier.nom} · {lues.fichier.empreinte[:EMPREINTE_COURTE]}{inventees}", "bold", retrait=0
    )


def _montrer_les_ecarts(ecran: Any, avant: Lues | None, apres: Lues) -> None:
    from binome.cli.affichage import dire, puces
    from binome.simulation import valeurs

    trouves = valeurs.differences(None if avant is None else avant.dites, apres.dites)
    if trouves:
        puces(
            ecran,
            [f"{e.nature} : {e.libelle} : {' → '.join(filter(None, (e.avant, e.apres)))} [{e.nom}]" for e in trouves],
        )
    else:
        dire(ecran, "Les deux fichiers donnent les mêmes valeurs.", retrait=0)


def _catalogue(ecran: Any) -> None:
    from binome.cli.affichage import puces
    from openfisca_assistants_medicaux.valeurs.catalogue import catalogue

    lignes = []
    for nom in catalogue().values():
        sujet = f" ; pour : {', '.join(nom.pour)}" if nom.pour else ""
        lignes.append(f"{nom.nom} : {nom.libelle} ; {nom.attendu()}{sujet}")
    puces(ecran, lignes)
