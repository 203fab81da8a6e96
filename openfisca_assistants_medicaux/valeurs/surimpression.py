"""Laying an operator's values over the law: the nodes on their way are copied, all the rest of the tree is shared."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from openfisca_core.parameters import Parameter, ParameterNode
from openfisca_core.parameters.parameter_at_instant import ParameterAtInstant

from openfisca_assistants_medicaux.certitude import Certitude
from openfisca_assistants_medicaux.distributions import Percentile
from openfisca_assistants_medicaux.valeurs.fichier import Valeur

#: What a value given by an operator says of where it comes from.
CAISSE = "caisse"
#: The undated distribution, as files name it.
AVENANT_7 = "avenant_7"


def surimposer(racine: ParameterNode, valeurs: Iterable[Valeur]) -> ParameterNode:
    """A tree of parameters where the values are written; the given one is left as it is."""
    par_chemin: dict[str, list[Valeur]] = defaultdict(list)
    for valeur in valeurs:
        if not valeur.nom.percentile:
            par_chemin[valeur.chemin].append(valeur)
    for chemin, donnees in par_chemin.items():
        racine = _poser(racine, chemin.split("."), "", donnees)
    return racine


def _poser(noeud: ParameterNode, morceaux: Sequence[str], prefixe: str, valeurs: list[Valeur]) -> ParameterNode:
    """A copy of a node, down to the leaf that is written."""
    nom = f"{prefixe}{morceaux[0]}"
    ancien: Any = noeud.children.get(morceaux[0])
    if len(morceaux) == 1:
        nouveau: Any = _feuille(ancien, nom, valeurs)
    else:
        if ancien is None:
            ancien = ParameterNode(nom, data={"description": valeurs[0].nom.libelle})
        nouveau = _poser(ancien, morceaux[1:], f"{nom}.", valeurs)
    copie = copy.copy(noeud)
    copie.children = {**noeud.children, morceaux[0]: nouveau}
    setattr(copie, morceaux[0], nouveau)
    return copie


def _feuille(ancienne: Parameter | None, nom: str, valeurs: list[Valeur]) -> Parameter:
    """The leaf with the values on top; at the same date, what the law said stays below, for days when nobody knew."""
    if ancienne is None:
        ancienne = _feuille_vide(nom, valeurs[0])
    feuille = copy.copy(ancienne)
    posees = [_instant(nom, valeur) for valeur in valeurs]
    feuille.values_list = sorted([*posees, *ancienne.values_list], key=lambda v: v.instant_str, reverse=True)
    return feuille


def _feuille_vide(nom: str, valeur: Valeur) -> Parameter:
    """A leaf that the law leaves unwritten: unknown, and unknown again once the rules of the value end."""
    inconnue = {"value": None, "metadata": {"statut": "inconnu", "reference": [{"title": "Texte non lu"}]}}
    dates = [valeur.nom.des, *([] if valeur.nom.avant is None else [valeur.nom.avant])]
    return Parameter(
        nom,
        {
            "description": valeur.libelle,
            "metadata": {"unit": valeur.nom.unite, "cle_temporelle": "date_signature"},
            "values": {date.isoformat(): copy.deepcopy(inconnue) for date in dates},
        },
    )


def _instant(nom: str, valeur: Valeur) -> ParameterAtInstant:
    metadata: dict[str, Any] = {
        "certitude": Certitude.texte.name,
        "origine": CAISSE,
        "connu_le": valeur.connu.isoformat(),
        "reference": [{"title": f"{valeur.source} (d'après la caisse : {valeur.par})"}],
    }
    if valeur.note:
        metadata["note"] = valeur.note
    return ParameterAtInstant(nom, valeur.effet.isoformat(), {"value": valeur.valeur, "metadata": metadata})


def percentiles(valeurs: Iterable[Valeur]) -> list[Percentile]:
    """The values that complete the national distributions."""
    return [_percentile(valeur, dict(valeur.pour)) for valeur in valeurs if valeur.nom.percentile]


def _percentile(valeur: Valeur, pour: dict[str, str]) -> Percentile:
    ancien = pour["distribution"] == AVENANT_7
    return Percentile(
        date="" if ancien else pour["distribution"],
        specialite=pour["specialite"],
        indicateur=pour["indicateur"],
        population="adultes" if ancien and pour["indicateur"] == "patientele_mt" else "tous_ages",
        percentile=float(pour["percentile"]),
        valeur=int(valeur.valeur),
        certitude=Certitude.texte,
        source=f"{valeur.source} (d'après la caisse : {valeur.par})",
        lien="",
        note=valeur.note or "",
        origine=CAISSE,
    )
