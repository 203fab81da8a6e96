"""Typer in French: help, usage errors, and refusals, all on stderr with exit code 2 and without a traceback."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from binome.erreurs import BinomeErreur

#: Exit codes.
REJETS, REFUS, INTERROMPU = 1, 2, 130

#: Typer's own sentences, and ours.
_PHRASES = (
    (r"No such option: (\S+).*", r"option « \1 » inconnue"),
    (r"No such command '?(.*?)'?\.(?: Did you mean .*)?", r"commande « \1 » inconnue"),
    (r"Missing command\.?", "commande attendue"),
    (r"Missing (?:argument|parameter):? '?(.*?)'?\.?", r"argument \1 attendu, absent"),
    (r"Missing option '?(.*?)'?\.?", r"option \1 attendue, absente"),
    (r"Got unexpected extra argument(?:s|\(s\))? \((.*)\)\.?", r"argument en trop : \1"),
    (r"Option '?(.*?)'? requires an argument\.?", r"option \1 : valeur attendue, absente"),
    (r"Option '?(.*?)'? requires (\d+) arguments\.?", r"option \1 : \2 valeurs attendues"),
    (r"Option '?(.*?)'? does not take a value\.?", r"option \1 : aucune valeur attendue"),
    (
        r"Invalid value for '?(.*?)'?: (?:Value error, )?'(.*)' is not one of (.*?)\.?",
        r"\1 : « \2 » refusé ; attendu : \3",
    ),
    (r"Invalid value for '?(.*?)'?: (.*)", r"\1 : \2"),
)


class Commande(TyperCommand):
    """A command whose help is in French."""

    def get_help_option(self, ctx: Any) -> Any:
        """The `--help` option."""
        return _aide(super().get_help_option(ctx))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help."""
        _en_francais(self.get_params(ctx))
        super().format_help(ctx, formatter)


class GroupeDeCommandes(TyperGroup):
    """The application: every fault that a user can mend ends here."""

    def get_help_option(self, ctx: Any) -> Any:
        """The `--help` option."""
        return _aide(super().get_help_option(ctx))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help."""
        _en_francais(self.get_params(ctx))
        super().format_help(ctx, formatter)

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run a command, and end the process with its exit code."""
        try:
            code = super().main(args, prog_name, complete_var, False, windows_expand_args, **extra)
        except BinomeErreur as erreur:
            sys.exit(refuser(str(erreur)))
        except (typer.Abort, KeyboardInterrupt):
            sys.stderr.write("Interrompu.\n")
            sys.exit(INTERROMPU)
        except Exception as erreur:
            # Typer's own usage errors have no public common class.
            if not hasattr(erreur, "format_message"):
                raise
            sys.exit(refuser(en_francais(erreur.format_message()), _usage(erreur)))
        if standalone_mode:
            sys.exit(code if isinstance(code, int) else 0)
        return code


def refuser(message: str, suite: str = "") -> int:
    """Write a refusal on stderr; its exit code."""
    lignes = message.splitlines() or ["erreur sans message"]
    entete = "Refusé : " if len(lignes) == 1 else f"Refusé, {len(lignes)} fautes :\n  "
    sys.stderr.write(entete + "\n  ".join(lignes) + "\n" + suite)
    return REFUS


def en_francais(message: str) -> str:
    """A usage error in French; unchanged when it already is, or is not known."""
    for motif, phrase in _PHRASES:
        trouve = re.fullmatch(motif, message, flags=re.DOTALL)
        if trouve:
            return trouve.expand(phrase).replace("'", "")
    return message


def _usage(erreur: Any) -> str:
    contexte = getattr(erreur, "ctx", None)
    commande = "binome" if contexte is None else contexte.command_path
    return f"« {commande} --help » donne l'usage.\n"


def _aide(option: Any) -> Any:
    if option is not None:
        option.metavar = ""
        option.help = "Montre cette aide et s'arrête."
    return option


def _en_francais(parametres: Iterable[Any]) -> None:
    """The words of Typer's own help; the type of an argument, which its name already tells, is left out."""
    from typer import rich_utils

    rich_utils.REQUIRED_LONG_STRING = "[obligatoire]"
    for parametre in parametres:
        if parametre.param_type_name == "argument":
            parametre.display_type_rich = lambda **_: None
