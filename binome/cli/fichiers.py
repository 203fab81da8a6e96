"""Reading what users give: a YAML or JSON file, or standard input. Every fault names the place and what is expected."""

from __future__ import annotations

import datetime
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from binome import simulation
from binome.erreurs import BinomeErreur
from binome.simulation import Situation, raison
from binome.simulation.modele import lecture_json

ENTREE_STANDARD = "-"

#: What YAML's parser says most often, in French.
_PROBLEMES = {
    "mapping values are not allowed here": "« : » inattendu ; vérifiez l'indentation et les guillemets",
    "could not find expected ':'": "« : » attendu après le nom du champ",
    "found character '\\t' that cannot start any token": "tabulation refusée ; indentez avec des espaces",
    "expected a single document in the stream": "un seul document attendu",
    "found unexpected end of stream": "fin de fichier inattendue ; guillemet ou crochet non fermé",
}


class _Chargeur(yaml.SafeLoader):
    """YAML as people write it: dates stay text (the model checks them in French), numbers are decimal."""


# YAML 1.1 reads « 0775 » as octal and « 1:20 » as eighty: here a number is digits, or it is text.
_Chargeur.yaml_implicit_resolvers = {}
for _etiquette, _motif, _debuts in (
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("int", r"^[-+]?[0-9]+$", "-+0123456789"),
    ("float", r"^[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$", "-+0123456789."),
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("merge", r"^(?:<<)$", "<"),
):
    _Chargeur.add_implicit_resolver(f"tag:yaml.org,2002:{_etiquette}", re.compile(_motif), list(_debuts))


def _entier(chargeur: yaml.SafeLoader, noeud: yaml.ScalarNode) -> int:
    try:
        return int(chargeur.construct_scalar(noeud))
    except ValueError as erreur:
        # Python refuses to read numbers of thousands of digits.
        raise BinomeErreur(f"ligne {noeud.start_mark.line + 1} : nombre trop long") from erreur


def _champs(chargeur: yaml.SafeLoader, noeud: yaml.MappingNode) -> dict[str, Any]:
    """A mapping whose keys are texts, each given once."""
    vues: dict[str, int] = {}
    for cle, _ in noeud.value:
        ligne = cle.start_mark.line + 1
        if not isinstance(cle, yaml.ScalarNode):
            raise BinomeErreur(f"ligne {ligne} : nom de champ attendu")
        if cle.value in vues and cle.value != "<<":
            raise BinomeErreur(
                f"ligne {ligne}, {cle.value} : champ déjà donné ligne {vues[cle.value]} ; une seule valeur attendue"
            )
        vues[cle.value] = ligne
    chargeur.flatten_mapping(noeud)
    return {str(cle.value): chargeur.construct_object(valeur, deep=True) for cle, valeur in noeud.value}


_Chargeur.add_constructor("tag:yaml.org,2002:int", _entier)
_Chargeur.add_constructor("tag:yaml.org,2002:map", _champs)


def lire_texte(source: str) -> str:
    """The text of a file, or of standard input for « - »."""
    try:
        brut = sys.stdin.buffer.read() if source == ENTREE_STANDARD else Path(source).read_bytes()
    except OSError as erreur:
        raise BinomeErreur(f"fichier « {source} » : {raison(erreur)}") from erreur
    try:
        return brut.decode("utf-8-sig")
    except UnicodeDecodeError as erreur:
        ligne = brut[: erreur.start].count(b"\n") + 1
        raise BinomeErreur(f"fichier « {nom(source)} », ligne {ligne} : encodage illisible ; UTF-8 attendu") from erreur


def nom(source: str) -> str:
    """How a source is named to the reader."""
    return "entrée standard" if source == ENTREE_STANDARD else source


def lire_document(source: str) -> dict[str, Any]:
    """The fields of a YAML or JSON document."""
    texte = lire_texte(source)
    try:
        document = _analyser(source, texte)
        lecture_json.refuser_les_illisibles(document)
    except BinomeErreur as erreur:
        raise BinomeErreur(f"fichier « {nom(source)} », {erreur}") from erreur
    except yaml.YAMLError as erreur:
        raise BinomeErreur(f"fichier « {nom(source)} », {_place(erreur)}") from erreur
    except json.JSONDecodeError as erreur:
        raise BinomeErreur(f"fichier « {nom(source)} », {lecture_json.dire(erreur)}") from erreur
    except RecursionError as erreur:
        raise BinomeErreur(f"fichier « {nom(source)} » : trop d'imbrications") from erreur
    if not isinstance(document, dict):
        trouve = "vide" if document is None else "une liste" if isinstance(document, list) else "une valeur seule"
        raise BinomeErreur(
            f"fichier « {nom(source)} » : {trouve} ; des champs sont attendus (medecin, patientele, contrat…)"
        )
    return document


def _analyser(source: str, texte: str) -> Any:
    """JSON by its name, or by its first character when it reads as such; YAML otherwise."""
    if source.endswith(".json"):
        return lecture_json.analyser(texte)
    if source.endswith((".yaml", ".yml")) or not texte.lstrip().startswith("{"):
        return yaml.load(texte, _Chargeur)  # noqa: S506 - a SafeLoader
    try:
        return lecture_json.analyser(texte)
    except json.JSONDecodeError:
        # YAML also writes mappings between braces; if it is neither, JSON says it best.
        try:
            return yaml.load(texte, _Chargeur)  # noqa: S506 - a SafeLoader
        except yaml.YAMLError:
            return lecture_json.analyser(texte)


def _place(erreur: yaml.YAMLError) -> str:
    """Where and why a YAML document cannot be read."""
    if isinstance(erreur, yaml.MarkedYAMLError):
        marque = erreur.problem_mark or erreur.context_mark
        place = "" if marque is None else f"ligne {marque.line + 1}, colonne {marque.column + 1} : "
        connus = (_PROBLEMES.get(dit or "") for dit in (erreur.problem, erreur.context))
        return f"{place}YAML invalide, {next(filter(None, connus), 'syntaxe refusée')}"
    return "YAML invalide : caractère interdit"


def lire_situation(source: str, option: str | None = None) -> Situation:
    """The situation of a file, with its option replaced if asked. Raises BinomeErreur with every fault."""
    document = lire_document(source)
    if option is not None:
        if "groupe" in document:
            raise BinomeErreur("--option : sans objet pour un contrat collectif ; modifiez groupe.etp_demandes")
        contrat = document.get("contrat")
        document["contrat"] = {**(contrat if isinstance(contrat, dict) else {}), "option": option.replace(",", ".")}
    return simulation.lire_situation(document)


def lire_date(texte: str, champ: str) -> datetime.date:
    """A date given on the command line."""
    try:
        return datetime.datetime.strptime(texte.strip(), "%Y-%m-%d").replace(tzinfo=datetime.UTC).date()
    except ValueError as erreur:
        raise BinomeErreur(f"{champ} : « {texte} » refusé ; date réelle attendue, sous la forme AAAA-MM-JJ") from erreur


def distributions_lues(fichiers: Sequence[str]) -> tuple[str, ...]:
    """The operator's distribution files, once proved readable. Raises BinomeErreur with every fault."""
    if not fichiers:
        return ()
    from binome.simulation import canonique
    from openfisca_assistants_medicaux.fichiers import Fichier

    fautes = []
    for fichier in fichiers:
        try:
            canonique(Fichier.lu(fichier))
        except OSError as erreur:
            fautes.append(f"--distributions : fichier « {fichier} » {raison(erreur)}")
        except BinomeErreur as erreur:
            fautes.append(str(erreur))
    if fautes:
        raise BinomeErreur("\n".join(fautes))
    return tuple(fichiers)
