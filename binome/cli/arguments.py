"""Arguments and options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

Fichier = Annotated[
    str,
    typer.Argument(
        metavar="FICHIER", help="Situation en YAML ou JSON ; « - » lit l'entrée standard.", show_default=False
    ),
]
DateAppreciation = Annotated[
    str | None,
    typer.Option(
        "--date",
        metavar="AAAA-MM-JJ",
        help="Rejoue à une autre date d'appréciation : ce qui était connu et en vigueur ce jour-là.",
        show_default=False,
    ),
]
Option = Annotated[
    str | None,
    typer.Option(
        "--option", metavar="OPTION", help="Remplace contrat.option : 1/3, 1/2, 1, 3/2 ou 2.", show_default=False
    ),
]
Distributions = Annotated[
    list[str] | None,
    typer.Option(
        "--distributions",
        metavar="FICHIER.csv",
        help="Ajoute des percentiles officiels ; peut se répéter.",
        show_default=False,
    ),
]
Json = Annotated[bool, typer.Option("--json", metavar="", help="Écrit du JSON, et rien d'autre, pour un programme.")]
Detail = Annotated[
    bool, typer.Option("--detail", metavar="", help="Montre tout : conditions sans objet, références, sources.")
]
