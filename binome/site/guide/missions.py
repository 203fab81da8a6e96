"""What an assistant may be given to do: three families, as the founding texts list them, for the doctor to choose from.

The list is indicative and computes nothing: it is the guide's data (see `enonces.py`), not a parameter of the law.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Famille:
    """One family of missions."""

    titre: str
    but: str
    missions: tuple[str, ...]


FAMILLES = (
    Famille(
        "Accueil et administration",
        "Tout ce qui entoure la consultation et n'est pas du soin.",
        (
            "accueillir les patients, répondre à leurs demandes, gérer l'agenda",
            "ouvrir et tenir à jour le dossier informatique du patient",
            "recueillir et saisir les informations administratives et médicales",
            "préparer comptes rendus et courriers",
            "alimenter le dossier médical partagé",
            "organiser les soins non programmés",
            "aider à mettre en place la télémédecine",
        ),
    ),
    Famille(
        "Préparation et déroulement de la consultation",
        "Ce qui se fait juste avant vous, ou à côté de vous.",
        (
            "aider le patient à se déshabiller et à se rhabiller",
            "prendre les constantes",
            "vérifier vaccins et dépistages, mettre le dossier à jour, vous alerter si besoin",
            "remettre les tests et les kits de dépistage",
            "aider à réaliser des actes techniques simples : tension, électrocardiogramme, test rapide d'angine",
            "préparer et stériliser le matériel",
        ),
    ),
    Famille(
        "Organisation et coordination",
        "La suite du parcours, avec les autres professionnels.",
        (
            "prendre rendez-vous auprès des infirmiers, des kinésithérapeutes, des confrères spécialistes",
            "préparer une admission à l'hôpital ou en établissement médico-social",
            "transmettre les informations utiles à ceux qui suivent le patient",
        ),
    ),
)
