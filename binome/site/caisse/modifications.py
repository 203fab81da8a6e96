"""What an agent may change of a situation, drawn from the domain's list of paths: no page has a list of its own.

A field left blank changes nothing. Values are read as everywhere else, and judged by the model and by the law.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from binome.simulation import LIBELLES, RANG_QUELCONQUE
from binome.site.simulateur.champs import Champ, catalogue, champ_de

#: Headings of the parts whose fields do not say what they are about.
PARTIES = {"groupe.membres": "Adhérent {rang}"}
#: What an objective is about.
OBJETS = {
    "objectifs_notifies.patientele_mt.": "Objectif, patients médecin traitant",
    "objectifs_notifies.file_active.": "Objectif, file active",
}

#: What is drawn beside the box of a number of that kind.
UNITES = {"taux": "%", "date": "(JJ/MM/AAAA)"}

_RANG = re.compile(r"\.(\d+)\.")


def champs_modifiables(chemins: Iterable[str], situation: Mapping[str, Any]) -> dict[str, Champ]:
    """Each field that the paths let change in this situation, by its name in a form, in the order of the paths.

    A path of an individual contract offers nothing for a group, and the other way round.
    """
    trouves: dict[str, Champ] = {}
    for chemin in chemins:
        partie = chemin.partition(".")[0]
        if partie in {"contrat", "medecin", "groupe"} and situation.get(partie) is None:
            continue
        for nom in catalogue():
            if nom == chemin or nom.startswith(f"{chemin}."):
                for ecrit in _par_rang(nom, situation):
                    champ = champ_de(ecrit)
                    assert champ is not None, ecrit  # noqa: S101 - it comes from the catalogue
                    trouves[ecrit] = champ
    return trouves


def _par_rang(nom: str, situation: Mapping[str, Any]) -> list[str]:
    """A field of a list, once for each element that the situation has."""
    avant, etoile, apres = nom.partition(f".{RANG_QUELCONQUE}.")
    if not etoile:
        return [nom]
    liste: Any = situation
    for morceau in avant.split("."):
        liste = liste.get(morceau) or {}
    return [f"{avant}.{rang}.{apres}" for rang in range(1, len(liste) + 1)]


def ajouter_a(formulaire: forms.Form, champs: Mapping[str, Champ]) -> None:
    """Draw these fields in a form, all optional."""
    for nom, champ in champs.items():
        formulaire.fields[nom] = _en_formulaire(nom, champ)


def _en_formulaire(nom: str, champ: Champ) -> forms.Field:
    libelle = f"{_partie(nom)}{champ.description}"
    options: list[tuple[str, str]] = []
    if champ.genre == "oui_non":
        options = [("oui", "Oui"), ("non", "Non")]
    elif champ.liste is not None:
        libelles = LIBELLES[champ.liste.__name__]
        options = [(str(membre.value), libelles[str(membre.value)]) for membre in champ.liste]
    if options:
        return forms.ChoiceField(label=libelle, required=False, choices=[("", "—"), *options])
    widget = forms.TextInput({"inputmode": "decimal", "class": "court", "autocomplete": "off"})
    aide = "" if champ.part is None else f"Part {champ.part.etendue}"
    case: Any = forms.CharField(label=libelle, required=False, max_length=60, widget=widget, help_text=aide)
    case.unite = UNITES.get(champ.genre, "")
    return case  # type: ignore[no-any-return]


def _partie(nom: str) -> str:
    trouve = _RANG.search(nom)
    if trouve is None:
        return next((f"{objet} : " for debut, objet in OBJETS.items() if nom.startswith(debut)), "")
    return PARTIES[nom[: trouve.start()]].format(rang=trouve.group(1)) + " : "


def ecrits_de(champs: Mapping[str, Champ], situation: Mapping[str, Any]) -> dict[str, str]:
    """What a situation says of each field, as a form writes it."""
    dits = {nom: _lue(situation, nom) for nom in champs}
    return {nom: champs[nom].ecrire(valeur) for nom, valeur in dits.items() if valeur is not None}


def _lue(situation: Any, chemin: str) -> Any:
    valeur: Any = situation
    for morceau in chemin.split("."):
        if valeur is None:
            return None
        valeur = valeur[int(morceau) - 1] if isinstance(valeur, (list, tuple)) else valeur.get(morceau)
    return valeur


def remplacee(champs: Mapping[str, Champ], ecrits: Mapping[str, Any], situation: Mapping[str, Any]) -> dict[str, Any]:
    """The data of a situation with each of these fields as it was written: an empty box says nothing any more."""
    donnees: dict[str, Any] = copy.deepcopy(dict(situation))
    for nom, champ in champs.items():
        texte = str(ecrits.get(nom) or "").strip()
        *parties, dernier = nom.split(".")
        lieu: Any = donnees
        for partie in parties:
            lieu = lieu[int(partie) - 1] if isinstance(lieu, list) else lieu.setdefault(partie, {})
        if texte:
            lieu[dernier] = champ.lire(texte)
        else:
            lieu.pop(dernier, None)
    return _sans_vides(donnees)


def _sans_vides(donnees: dict[str, Any]) -> dict[str, Any]:
    allegees = {nom: _sans_vides(dite) if isinstance(dite, dict) else dite for nom, dite in donnees.items()}
    return {nom: dite for nom, dite in allegees.items() if dite != {}}


def changements(
    chemins: Iterable[str], champs: Mapping[str, Champ], ecrits: Mapping[str, Any], situation: Mapping[str, Any]
) -> dict[str, Any]:
    """The values asked for, by path of the domain's list: whole parts where the list names whole parts."""
    dits = {nom: champ.lire(str(ecrits[nom])) for nom, champ in champs.items() if ecrits.get(nom)}
    demandes: dict[str, Any] = {}
    for chemin in chemins:
        siens = {nom: valeur for nom, valeur in dits.items() if nom == chemin or nom.startswith(f"{chemin}.")}
        if not siens:
            continue
        demandes[chemin] = siens[chemin] if chemin in siens else _partie_changee(chemin, siens, situation)
    return demandes


def _partie_changee(chemin: str, siens: Mapping[str, Any], situation: Mapping[str, Any]) -> Any:
    actuelle: Any = situation
    for morceau in chemin.split("."):
        actuelle = (actuelle or {}).get(morceau)
    if isinstance(actuelle, (list, tuple)):
        elements = [dict(element) for element in actuelle]
        for nom, valeur in siens.items():
            rang, champ = nom.removeprefix(f"{chemin}.").split(".", 1)
            elements[int(rang) - 1][champ] = valeur
        return elements
    # What was notified replaces what was: a number to reach and a number to gain exclude each other.
    return {nom.removeprefix(f"{chemin}."): valeur for nom, valeur in siens.items()}
