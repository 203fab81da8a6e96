"""Parts of the aid, ranks of deadlines, labels: for the templates of the files."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django import template

from binome import francais
from binome.dossiers.contrats.echeances import Mots, mots_de
from binome.dossiers.models import CompteBancaire, Evenement
from binome.simulation import LIBELLES
from binome.site.simulateur.champs import champ_de

register = template.Library()


@register.filter
def rang(nom: str) -> int:
    """The contract year of a deadline: « date_evaluation.3 » gives 3."""
    return int(nom.rsplit(".", 1)[1])


@register.filter
def part(taux: Fraction | None) -> str:
    """A part of the aid: « 62,5 % (5/8) »."""
    if taux is None:
        return "non déterminée"
    return francais.part(taux)


@register.filter
def iban(numero: str) -> str:
    """The number of an account, by groups of four."""
    return " ".join(numero[i : i + 4] for i in range(0, len(numero), 4))


@register.filter
def heures(centiemes: int) -> str:
    """Hundredths of an hour: « 17,5 h »."""
    return f"{centiemes / 100:.2f}".rstrip("0").rstrip(".").replace(".", ",") + "\u00a0h"


@register.filter
def compte_de(comptes: Mapping[int, CompteBancaire], evenement: Evenement) -> str:
    """The account that an event tells of: its holder and the end of its number."""
    compte = comptes.get(evenement.donnees.get("compte", 0))
    return "" if compte is None else str(compte)


@register.filter
def libelle_de(valeur: Any, liste: str) -> str:
    """Label of a code of the law."""
    return LIBELLES.get(liste, {}).get(str(valeur), str(valeur))


@register.filter
def est_une(transition: Any, noms: str) -> bool:
    """True when a transition is one of these, separated by commas."""
    return transition.nom in noms.split(",")


@register.filter
def mots_d_echeance(nom: str) -> Mots | None:
    """What the register says of a deadline."""
    return mots_de(nom)


@register.filter
def json_lisible(donnees: Any) -> str:
    """Data, as a reader can check them."""
    return json.dumps(donnees, ensure_ascii=False, indent=2)


@register.filter
def jour_ecrit(date: str | None) -> str:
    """A day kept as text (« 2022-01-05 »), written in French."""
    return "" if not date else francais.date_longue(datetime.date.fromisoformat(date))


@register.filter
def change(changements: Mapping[str, Any]) -> str:
    """What an amendment changes, in words: « Objectif : 2 000 ; … »."""
    dits = []
    for chemin, valeur in changements.items():
        feuilles = valeur if isinstance(valeur, Mapping) else {"": valeur}
        for reste, dite in feuilles.items():
            dits.append(_changement(f"{chemin}.{reste}" if reste else chemin, dite))
    return " ; ".join(dits)


def _changement(nom: str, valeur: Any) -> str:
    champ = champ_de(nom)
    if champ is None:
        # A whole list: its elements are in the journal.
        return "données des adhérents"
    if champ.liste is not None:
        dite = LIBELLES[champ.liste.__name__].get(str(valeur), str(valeur))
    elif champ.genre == "entier":
        dite = francais.nombre(int(valeur))
    else:
        dite = champ.ecrire(valeur).replace(".", ",")
    return f"{champ.description} : {dite}"
