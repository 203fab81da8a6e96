"""`binome schema`: the models, for programs and for who writes a situation by hand."""

from __future__ import annotations

import json as json_
import sys
from enum import StrEnum
from typing import Annotated

import typer

from binome.cli.arguments import Json


class Modele(StrEnum):
    """What a schema is asked of."""

    situation = "situation"
    resultat = "resultat"
    lot = "lot"


Demande = Annotated[
    Modele,
    typer.Argument(
        metavar="MODELE",
        help="situation (par défaut), resultat ou lot.",
        show_default=False,
    ),
]


def schema(modele: Demande = Modele.situation, json: Json = False) -> None:
    """Écrit le schéma JSON d'une situation ou d'un résultat, ou les colonnes acceptées par « binome lot »."""
    if modele is Modele.lot:
        _colonnes(json=json)
        return
    from binome.simulation import Resultat, Situation
    from binome.simulation.modele.schemas import schema_de

    demande = schema_de(Situation, "validation") if modele is Modele.situation else schema_de(Resultat, "serialization")
    sys.stdout.write(json_.dumps(demande, ensure_ascii=False, indent=2) + "\n")


def _colonnes(*, json: bool) -> None:
    """The columns of a table of doctors. They come from the same module as the batch's, without its Polars."""
    from binome.simulation.tables.colonnes import colonnes_acceptees

    colonnes = colonnes_acceptees()
    if json:
        liste = [{"nom": c.nom, "description": c.description, "obligatoire": c.obligatoire} for c in colonnes]
        sys.stdout.write(json_.dumps(liste, ensure_ascii=False, indent=2) + "\n")
        return
    from binome.cli.affichage import console, tableau

    lignes = [(c.nom, "oui" if c.obligatoire else "", c.description) for c in colonnes]
    tableau(console(), ("Colonne", "Obligatoire", "Sens"), lignes)
