"""A value of the law with its unit, written for a reader: « 22 000 € par an », « 45 % », « P50 », « année 3 »."""

from __future__ import annotations

import datetime
import re
from functools import lru_cache
from typing import Any

from openfisca_core.indexed_enums import Enum as Liste

from binome import francais
from openfisca_assistants_medicaux import nomenclatures

INCONNUE = "inconnue à ce jour"

#: Units of the parameters, in full letters after the number.
_EN_TOUTES_LETTRES = {
    "années": "ans",
    "heures/semaine": "heures par semaine",
    "patients/ETP": "patients par ETP",
}
_SINGULIER = {"jours": "jour", "ans": "an", "patients": "patient", "heures": "heure", "médecins": "médecin"}

#: Words of the parameters that no list of the law labels.
_AUTRES_MOTS = {
    "adultes_plus_16": "adultes de plus de 16 ans",
    "entier_inferieur": "entier inférieur",
}
_NOMBRE_LONG = re.compile(r"\d{4,}")


@lru_cache
def _mots() -> dict[str, str]:
    """Labels of the members of the law's lists, by name; a name that several lists share has none."""
    listes: list[Any] = [o for o in vars(nomenclatures).values() if isinstance(o, type) and issubclass(o, Liste)]
    labels: dict[str, set[str]] = {}
    for liste in listes:
        for membre in liste:
            labels.setdefault(membre.name, set()).add(str(membre.value))
    return _AUTRES_MOTS | {nom: min(trouves) for nom, trouves in labels.items() if len(trouves) == 1}


def mot(code: str) -> str:
    """A word of data as a reader writes it."""
    return _mots().get(code) or code.replace("_", " ")


def pour_cent(taux: float) -> str:
    """A rate as a percentage: 0.125 gives « 12,5 % »."""
    return f"{francais.valeur(round(taux * 100, 2))}{francais.INSECABLE}%"


def grandeur(valeur: Any, unite: str | None) -> str:
    """A value with its unit."""
    if valeur is None:
        return INCONNUE
    if isinstance(valeur, (list, tuple)):
        return _liste(list(valeur), unite or "")
    if isinstance(valeur, bool) or unite is None:
        return francais.valeur(valeur)
    if isinstance(valeur, str):
        return _texte(valeur, unite)
    return _nombre(valeur, unite)


def _texte(valeur: str, unite: str) -> str:
    if unite == "date":
        return francais.date_courte(datetime.date.fromisoformat(valeur))
    if unite == "patients":
        return _NOMBRE_LONG.sub(lambda trouve: francais.nombre(int(trouve.group())), valeur)
    return mot(valeur)


def _liste(valeurs: list[Any], unite: str) -> str:
    if valeurs and isinstance(valeurs[0], (list, tuple)):
        ecrites = [f"{francais.nombre(gain)} à {francais.nombre(depart)}" for depart, gain in valeurs]
    elif unite == "liste MM-JJ":
        ecrites = ["/".join(reversed(valeur.split("-"))) for valeur in valeurs]
    elif unite == "liste de taux":
        ecrites = [pour_cent(valeur) for valeur in valeurs]
    elif unite == "liste de mois":
        ecrites = [f"{francais.valeur(valeur)}{francais.INSECABLE}mois" for valeur in valeurs]
    else:
        ecrites = [mot(valeur) if isinstance(valeur, str) else francais.valeur(valeur) for valeur in valeurs]
    return francais.enumeration(ecrites) or "aucun"


def _nombre(valeur: float, unite: str) -> str:
    if unite.startswith("EUR"):
        suite = "".join(f" {lien} {mot}" for lien, mot in zip(("par", "et par"), unite.split("/")[1:], strict=False))
        return f"{francais.valeur(valeur)}{francais.INSECABLE}€{suite}"
    if unite.startswith("taux"):
        return pour_cent(valeur) + (" de la base" if unite.endswith("de la base") else "")
    if unite == "percentile":
        return f"P{francais.valeur(valeur)}"
    if unite == "annuité":
        return f"année{francais.INSECABLE}{francais.valeur(valeur)}"
    nom = _EN_TOUTES_LETTRES.get(unite, unite)
    return f"{francais.valeur(valeur)}{francais.INSECABLE}{_SINGULIER.get(nom, nom) if abs(valeur) < 2 else nom}"
