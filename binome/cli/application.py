"""The Typer application. Commands import the engine when they run, so that `--help` and mistakes answer at once."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from binome.cli.commandes import Commande, GroupeDeCommandes
from binome.cli.expliquer import expliquer
from binome.cli.lot import lot
from binome.cli.parametres import parametres
from binome.cli.schema import schema
from binome.cli.simuler import simuler
from binome.cli.valeurs import comparer, importer, montrer, verifier

application = typer.Typer(
    name="binome",
    cls=GroupeDeCommandes,
    help=(
        "Binôme : l'aide à l'emploi d'assistants médicaux, calculée et expliquée.\n\n"
        "Une situation s'écrit en YAML ou en JSON ; « binome schema » en donne les champs, le dossier « exemples » "
        "des modèles."
    ),
    add_completion=False,
    pretty_exceptions_enable=False,
    options_metavar="[OPTIONS]",
    subcommand_metavar="COMMANDE [ARGUMENTS]",
)

for commande in (simuler, expliquer, parametres, lot, schema):
    application.command(cls=Commande, rich_help_panel="Commandes")(commande)

des_valeurs = typer.Typer(
    cls=GroupeDeCommandes,
    help="Les valeurs que la caisse lit dans les textes : les montrer, les vérifier, les importer, les comparer.",
    no_args_is_help=True,
    options_metavar="[OPTIONS]",
    subcommand_metavar="COMMANDE [ARGUMENTS]",
)
for des_siennes in (montrer, verifier, importer, comparer):
    des_valeurs.command(cls=Commande, rich_help_panel="Commandes")(des_siennes)
application.add_typer(des_valeurs, name="valeurs", rich_help_panel="Commandes")


def _version(demandee: bool) -> None:
    if demandee:
        from importlib.metadata import version

        sys.stdout.write(f"Binôme {version('binome')} (OpenFisca-Core {version('openfisca-core')})\n")
        raise typer.Exit


@application.callback(invoke_without_command=True)
def racine(
    contexte: typer.Context,
    version: Annotated[
        bool,
        typer.Option("--version", metavar="", callback=_version, is_eager=True, help="Montre la version et s'arrête."),
    ] = False,
) -> None:
    """Show the help when no command is given."""
    del version
    if contexte.invoked_subcommand is None:
        sys.stdout.write(contexte.get_help())
