"""`binome valeurs`: what a fund reads in the texts, given to the law: show, check, import, compare."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from openfisca_assistants_medicaux.fichiers import Fichier
    from openfisca_assistants_medicaux.valeurs.fichier import FichierDeValeurs, Valeur

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

    ecran = console()
    if noms:
        _catalogue(ecran)
        return
    lu = _en_vigueur() if fichier is None else _lire(fichier)
    if lu is None:
        dire(ecran, "Aucune valeur de la caisse n'est ajoutée à la loi (BINOME_VALEURS).", retrait=0)
        return
    brut, valeurs = lu
    dire(ecran, f"{brut.nom} · {brut.empreinte[:12]}{' · INVENTÉES' if valeurs.inventees else ''}", "bold", retrait=0)
    puces(ecran, [_ecrite(valeur) for valeur in valeurs.valeurs])


def verifier(fichier: Chemin) -> None:
    """Vérifie un fichier : chaque faute est nommée (code de sortie 2 s'il y en a)."""
    from binome import francais
    from binome.cli.affichage import console, dire

    _, valeurs = _lire(fichier)
    dire(console(), f"{francais.pluriel(len(valeurs.valeurs), 'valeur')}, aucune faute.", retrait=0)


def comparer(fichier: Chemin, autre: Autre) -> None:
    """Montre ce que le second fichier change du premier."""
    from binome.cli.affichage import console

    _montrer_les_ecarts(console(), _lire(fichier)[1], _lire(autre)[1])


def importer(fichier: Chemin, par: Par) -> None:
    """Ajoute une version aux valeurs que ce programme emploie (le dossier BINOME_VALEURS)."""
    from binome.cli.affichage import console, dire
    from binome.simulation.modele.erreurs import BinomeErreur, raison
    from openfisca_assistants_medicaux.apports import lieu_des_valeurs
    from openfisca_assistants_medicaux.valeurs import depot

    lieu = lieu_des_valeurs()
    if lieu is None or (lieu.exists() and not lieu.is_dir()):
        raise BinomeErreur("BINOME_VALEURS : un dossier est attendu, où les versions s'ajoutent")
    if not par.strip():
        raise BinomeErreur("--par : qui importe est attendu")
    brut, valeurs = _lire(fichier)
    ancien = _en_vigueur() if lieu.is_dir() else None
    _controler_ensemble(brut)
    try:
        depot.deposer(lieu, brut, par.strip(), datetime.datetime.now(datetime.UTC))
    except OSError as erreur:
        raise BinomeErreur(f"dossier « {lieu} » : {raison(erreur)}") from erreur
    ecran = console()
    _montrer_les_ecarts(ecran, None if ancien is None else ancien[1], valeurs)
    dire(ecran, f"En vigueur : {brut.nom} · {brut.empreinte[:12]}", "bold", retrait=0)


def _lire(chemin: str) -> tuple[Fichier, FichierDeValeurs]:
    from binome.simulation.modele.erreurs import BinomeErreur, raison
    from openfisca_assistants_medicaux.fichiers import Fichier
    from openfisca_assistants_medicaux.valeurs.fichier import ValeursInvalides, lire

    try:
        brut = Fichier.lu(Path(chemin))
        return brut, lire(brut)
    except OSError as erreur:
        raise BinomeErreur(f"fichier « {chemin} » {raison(erreur)}") from erreur
    except ValeursInvalides as erreur:
        raise BinomeErreur(str(erreur)) from erreur


def _controler_ensemble(brut: Fichier) -> None:
    """Refuse what the law cannot bear: percentiles that decrease, once laid over the published ones."""
    from binome.simulation.moteur.systeme import systeme
    from openfisca_assistants_medicaux.apports import Apports

    systeme(Apports(valeurs=(brut,)))


def _en_vigueur() -> tuple[Fichier, FichierDeValeurs] | None:
    from binome.simulation.moteur.systeme import apports_du_processus
    from openfisca_assistants_medicaux.valeurs.fichier import lire

    valeurs = apports_du_processus().valeurs
    return (valeurs[-1], lire(valeurs[-1])) if valeurs else None


def _ecrite(valeur: Valeur) -> str:
    from binome import francais
    from binome.simulation.mots.grandeurs import grandeur

    return (
        f"{valeur.libelle} : {grandeur(valeur.valeur, valeur.nom.unite)}, depuis le "
        f"{francais.date_courte(valeur.effet)} (connu le {francais.date_courte(valeur.connu)} ; {valeur.source} ; "
        f"{valeur.par}) [{valeur.nom.nom}]"
    )


def _montrer_les_ecarts(ecran: Any, avant: FichierDeValeurs | None, apres: FichierDeValeurs) -> None:
    from binome.cli.affichage import dire, puces
    from openfisca_assistants_medicaux.valeurs.fichier import ecarts

    lignes = []
    for nature, ancienne, nouvelle in ecarts(avant, apres):
        if ancienne is not None and nouvelle is not None:
            lignes.append(f"{nature} : {_ecrite(ancienne)} → {_ecrite(nouvelle)}")
        else:
            montree = nouvelle or ancienne
            assert montree is not None  # noqa: S101 - one of the two is there
            lignes.append(f"{nature} : {_ecrite(montree)}")
    if lignes:
        puces(ecran, lignes)
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
