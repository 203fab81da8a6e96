"""Why a figure is what it is: the chain of the law's values and of the figures it rests on, from the trace itself."""

from __future__ import annotations

import datetime
import inspect
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

import numpy as np

from binome import francais
from binome.simulation.modele.resultat import Explication, Hypothese, Reference
from binome.simulation.moteur.calcul import ABSENTE, Calcul
from binome.simulation.mots.grandeurs import grandeur
from openfisca_assistants_medicaux.certitude import D_APRES_LA_CAISSE, Certitude
from openfisca_assistants_medicaux.distributions import INFINI
from openfisca_assistants_medicaux.lecture import Entree
from openfisca_assistants_medicaux.nomenclatures import NON_DETERMINE

Figure = tuple[str, int]

#: What labels say of storage, which `ecrire` translates: cents, and the sentinel of what is not determined.
_STOCKAGE = re.compile(r" \(centimes\)| ?; -1 : .*$")


def lectures_de(calcul: Calcul, figure: Figure) -> Iterator[Entree]:
    """The law's values that the figure's own formula used for its row."""
    variable, ligne = figure
    for lecture in calcul.certitudes.noeud(variable).lectures:
        if lecture.rangs[ligne] >= 0 and (lecture.quand is None or lecture.quand[ligne]):
            yield lecture.entrees[int(lecture.rangs[ligne])]


def dependances_de(calcul: Calcul, figure: Figure) -> Iterator[Figure]:
    """The figures that this one rests on, for its row (a contract rests on all its years)."""
    variable, ligne = figure
    entite = calcul.entite(variable)
    for dependance, quand in calcul.certitudes.noeud(variable).dependances:
        if quand is not None and not quand[ligne]:
            continue
        autre = calcul.entite(dependance)
        if autre == entite:
            yield dependance, ligne
        elif autre == "contrat":
            yield dependance, ligne // calcul.annees
        else:
            yield from ((dependance, ligne * calcul.annees + rang) for rang in range(calcul.annees))


def lectures_utilisees(calcul: Calcul, figures: Iterable[Figure]) -> list[Entree]:
    """Every value of the law that these figures rest on, directly or not, in the order of reading."""
    vues: set[Figure] = set()
    lues: dict[int, Entree] = {}
    pile = list(figures)[::-1]
    while pile:
        figure = pile.pop()
        if figure not in vues:
            vues.add(figure)
            for entree in lectures_de(calcul, figure):
                lues.setdefault(id(entree), entree)
            pile.extend(autre for autre in dependances_de(calcul, figure) if autre not in vues)
    return list({(e.nom, e.date_effet, e.description): e for e in lues.values()}.values())


def lectures_fragiles(calcul: Calcul, figures: Iterable[Figure]) -> list[Entree]:
    """The same, those that are less than certain only: what rests on nothing else is not walked."""
    certitudes: dict[str, list[int]] = {}
    vues: set[Figure] = set()
    lues: dict[int, Entree] = {}
    pile = list(figures)[::-1]
    while pile:
        figure = pile.pop()
        if figure in vues:
            continue
        vues.add(figure)
        variable, ligne = figure
        if variable not in certitudes:
            certitudes[variable] = calcul.certitudes.colonne(variable).tolist()
        if certitudes[variable][ligne] == Certitude.texte:
            continue
        for entree in lectures_de(calcul, figure):
            if entree.certitude < Certitude.texte:
                lues.setdefault(id(entree), entree)
        pile.extend(autre for autre in dependances_de(calcul, figure) if autre not in vues)
    return list({(e.nom, e.date_effet, e.description): e for e in lues.values()}.values())


@lru_cache(maxsize=4096)
def en_hypothese(entree: Entree) -> Hypothese:
    """A value of the law with its certainty and references, for a reader."""
    return Hypothese(
        nom=entree.nom,
        description=entree.description,
        valeur=_valeur_de_la_loi(entree),
        certitude=entree.certitude.name,
        references=tuple(Reference(titre=r["title"], lien=r.get("href")) for r in entree.references),
        origine=entree.origine,
    )


def _valeur_de_la_loi(entree: Entree) -> str:
    depuis = (
        f" (depuis le {francais.date_courte(datetime.date.fromisoformat(entree.date_effet))})"
        if entree.date_effet
        else ""
    )
    return f"{grandeur(entree.valeur, entree.unite)}{depuis}"


def expliquer(calcul: Calcul, figure: Figure, profondeur: int = 12) -> Explication:
    """The whole tree under a figure. Inputs and repeated figures are leaves."""
    vues: set[Figure] = set()

    def arbre(courante: Figure, reste: int) -> Explication:
        variable, ligne = courante
        premiere = courante not in vues
        vues.add(courante)
        definition = calcul.loi.variables[variable]
        enfants = tuple(dependances_de(calcul, courante)) if premiere and reste else ()
        return Explication(
            variable=variable,
            libelle=libelle_de(definition),
            valeur=ecrire(calcul, courante),
            reference="; ".join(definition.reference) if definition.reference else None,
            regle=_regle(definition) if premiere else None,
            certitude=calcul.certitudes(variable, ligne).name,
            parametres=tuple(en_hypothese(e) for e in lectures_de(calcul, courante)) if premiere else (),
            dependances=tuple(arbre(enfant, reste - 1) for enfant in enfants),
        )

    return arbre(figure, profondeur)


def libelle_de(definition: Any) -> str:
    """The label of a variable, without what it says of how values are stored."""
    return _STOCKAGE.sub("", definition.label)


def _regle(definition: Any) -> str | None:
    """What the rule says: the formula's own docstring, written for readers."""
    formule = definition.get_formula()
    return None if formule is None else inspect.getdoc(formule)


def ecrire(calcul: Calcul, figure: Figure) -> str:
    """The value of a figure, for a reader."""
    variable, ligne = figure
    definition = calcul.loi.variables[variable]
    brute = calcul.colonne(variable)[ligne]
    if getattr(definition, "possible_values", None) is not None:
        return str(calcul.membre(variable, ligne).value)
    if definition.value_type is datetime.date:
        return "aucune" if brute <= ABSENTE else francais.date_courte(brute.item())
    if isinstance(brute, np.bool_):
        return francais.valeur(bool(brute))
    if definition.value_type in (int, float) and brute == NON_DETERMINE:
        return "non déterminé"
    if definition.value_type is int and brute == INFINI:
        return "sans limite connue"
    if "(centimes)" in definition.label:
        return francais.euros(int(brute))
    return francais.valeur(brute.item())


def certitude_en_mots(certitude: str, origine: str | None = None) -> str:
    """A certainty in words; an official text that an operator read says so (`origine`)."""
    sure = Certitude[certitude]
    return f"{sure.en_mots}{D_APRES_LA_CAISSE if origine and sure.officielle else ''}"
