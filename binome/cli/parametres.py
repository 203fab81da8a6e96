"""`binome parametres`: what the law says on a day, where it was read, how sure it is; what changed between two days."""

from __future__ import annotations

import json as json_
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from binome.cli.arguments import Detail, Distributions, Json

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import Console

    from binome.simulation.parametres import Changement, Parametre

Jour = Annotated[
    str | None,
    typer.Option("--date", metavar="AAAA-MM-JJ", help="Jour voulu (aujourd'hui par défaut).", show_default=False),
]
Recherche = Annotated[
    str,
    typer.Option(
        "--recherche",
        metavar="MOTS",
        help="Ne garde que ce qui contient ces mots (nom, description, note, références), sans égard aux accents.",
        show_default=False,
    ),
]
Comparer = Annotated[
    tuple[str, str] | None,
    typer.Option("--comparer", metavar="D1 D2", help="Montre seulement ce qui change de D1 à D2.", show_default=False),
]


def parametres(
    date: Jour = None,
    recherche: Recherche = "",
    comparer: Comparer = None,
    distributions: Distributions = None,
    detail: Detail = False,
    json: Json = False,
) -> None:
    """Montre ce qui est en vigueur à une date : valeur, source, certitude ; ou ce qui change entre deux dates."""
    from binome import francais
    from binome.cli.fichiers import distributions_lues, lire_date
    from binome.erreurs import BinomeErreur
    from binome.simulation import apports_avec, aujourd_hui, version_du_calcul
    from binome.simulation import parametres as loi

    fichiers = distributions_lues(distributions or ())
    if comparer is not None and date is not None:
        raise BinomeErreur("--comparer : donne déjà deux dates ; --date inattendue")
    trouves: Sequence[Parametre | Changement]
    if comparer is None:
        jour = aujourd_hui() if date is None else lire_date(date, "--date")
        trouves = loi.en_vigueur(jour, recherche, fichiers)
        entete = f"En vigueur le {francais.date_longue(jour)}"
    else:
        premier, second = (lire_date(texte, "--comparer") for texte in comparer)
        trouves = loi.comparer(premier, second, recherche, fichiers)
        entete = f"Ce qui change entre le {francais.date_longue(premier)} et le {francais.date_longue(second)}"
    if json:
        dit = {
            "version": version_du_calcul(apports_avec(fichiers)).model_dump(mode="json"),
            "parametres" if comparer is None else "changements": [p.model_dump(mode="json") for p in trouves],
        }
        sys.stdout.write(json_.dumps(dit, ensure_ascii=False, indent=2) + "\n")
        return
    from binome.cli.affichage import console, dire

    sortie = console()
    dire(sortie, entete, "bold", retrait=0)
    if not trouves:
        dire(sortie, f"Rien{f' qui contienne « {recherche} »' if recherche else ''}.", retrait=0)
        return
    _par_theme(sortie, trouves, detail=detail)
    sortie.print()
    dire(sortie, f"{francais.pluriel(len(trouves), 'valeur')}.", retrait=0)


def _par_theme(sortie: Console, trouves: Iterable[Parametre | Changement], *, detail: bool) -> None:
    from binome.cli.affichage import titre
    from binome.simulation.parametres import THEMES, Parametre

    theme = None
    for element in trouves:
        if element.theme != theme:
            theme = element.theme
            titre(sortie, THEMES.get(theme, theme))
        if isinstance(element, Parametre):
            _montrer(sortie, element, detail=detail)
        else:
            _montrer_changement(sortie, element, detail=detail)


def _montrer(sortie: Console, parametre: Parametre, *, detail: bool) -> None:
    from binome.cli.affichage import dire

    dire(sortie, f"{parametre.description} : {parametre.valeur_ecrite}", "bold")
    _source(sortie, parametre, detail=detail)


def _source(sortie: Console, parametre: Parametre, *, detail: bool) -> None:
    """Since when, how sure, where it was read."""
    from binome import francais
    from binome.cli.affichage import STYLES_CERTITUDE, dire

    depuis = f"depuis le {francais.date_courte(parametre.depuis)}"
    if parametre.jusqu_au is not None:
        depuis = f"du {francais.date_courte(parametre.depuis)} au {francais.date_courte(parametre.jusqu_au)}"
    style = STYLES_CERTITUDE.get(parametre.certitude or "", "yellow")
    dire(sortie, f"{depuis} · {parametre.certitude_en_mots} · {parametre.nom}", style, retrait=4)
    if parametre.note:
        dire(sortie, parametre.note, "italic", retrait=4)
    references = parametre.references if detail else parametre.references[:2]
    for reference in references:
        dire(
            sortie, f"{reference.titre}{f' <{reference.lien}>' if detail and reference.lien else ''}", "dim", retrait=4
        )
    if detail and parametre.arbitrages:
        dire(sortie, f"Arbitrages : {', '.join(parametre.arbitrages)}", "dim", retrait=4)


def _montrer_changement(sortie: Console, changement: Changement, *, detail: bool) -> None:
    from binome.cli.affichage import dire

    avant, apres = changement.avant, changement.apres
    if changement.nature == "modifie":
        assert avant is not None  # noqa: S101
        assert apres is not None  # noqa: S101
        texte = f"{avant.valeur_ecrite} → {apres.valeur_ecrite}"
    elif apres is not None:
        texte = f"apparaît, {apres.valeur_ecrite}"
    else:
        assert avant is not None  # noqa: S101
        texte = f"prend fin ({avant.valeur_ecrite})"
    dire(sortie, f"{changement.description} : {texte}", "bold")
    reste = apres or avant
    assert reste is not None  # noqa: S101
    _source(sortie, reste, detail=detail)
