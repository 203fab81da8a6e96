"""From answers to a situation: what is asked next, what is wrong, and the address of the result."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import cached_property, lru_cache

from pydantic import ValidationError

from binome.simulation import Faute, Resultat, Simulation, Situation, SituationInvalide
from binome.site.simulateur import adresse
from binome.site.simulateur.champs import champ_de
from binome.site.simulateur.parcours import CONTRAT, GROUPE, MEMBRE, NOUVEAU, PARCOURS, Etape, Parcours
from binome.site.simulateur.questions import Appel, ContexteDesQuestions, Question

#: Answers to questions that the law calls for: left out to know whether it would.
CONDITIONNELLES = {
    question.champ
    for parcours in PARCOURS.values()
    for etape in parcours.etapes
    for question in etape.toutes
    if isinstance(question.si, Appel)
}


def situation_de(reponses: Mapping[str, str]) -> Situation:
    """The situation that answers tell. Raises SituationInvalide, each fault under the name written in the form."""
    lecture = adresse.lire(reponses)
    try:
        situation = Situation.model_validate(lecture.donnees)
    except ValidationError as erreur:
        fautes = [*lecture.fautes, *SituationInvalide.de_pydantic(erreur).fautes]
        raise SituationInvalide([sous_son_nom(faute, lecture) for faute in fautes]) from erreur
    if lecture.fautes:
        raise SituationInvalide(lecture.fautes)
    return situation


def simuler(situation: Situation, reponses: Mapping[str, str]) -> Simulation:
    """Run the law. Raises SituationInvalide, each fault under the name written in the form."""
    try:
        return Simulation(situation)
    except SituationInvalide as erreur:
        lecture = adresse.lire(reponses)
        raise SituationInvalide([sous_son_nom(faute, lecture) for faute in erreur.fautes]) from erreur


class EssaiDeSituation:
    """Answers put to the model and to the law, once: the simulation, or what is refused in it."""

    def __init__(self, reponses: Mapping[str, str]) -> None:
        self.simulation: Simulation | None = None
        self.fautes: tuple[Faute, ...] = ()
        try:
            self.simulation = simuler(situation_de(reponses), reponses)
        except SituationInvalide as erreur:
            self.fautes = tuple(erreur.fautes)

    @cached_property
    def resultat(self) -> Resultat | None:
        """The whole answer; None when something is refused."""
        return None if self.simulation is None else self.simulation.resultat()


class Essais:
    """The answers tried within one request: the law runs once for each set of them, however often it is asked.

    A page asks three times: what to ask next, what was answered, what is wrong. It is mostly the same situation.
    """

    def __init__(self) -> None:
        self._faits: dict[frozenset[tuple[str, str]], EssaiDeSituation] = {}

    def essayer(self, reponses: Mapping[str, str]) -> EssaiDeSituation:
        """What the model and the law say of these answers."""
        cle = frozenset(reponses.items())
        if cle not in self._faits:
            self._faits[cle] = EssaiDeSituation(reponses)
        return self._faits[cle]


def sous_son_nom(faute: Faute, lecture: adresse.ReponsesLues) -> Faute:
    """A fault under the name that its field bears in the form."""
    return Faute(lecture.nom_ecrit(faute.champ), faute.message, faute.valeur)


def parcours_de(situation: Situation) -> Parcours:
    """The way by which a situation would have been entered."""
    if situation.groupe is not None:
        return GROUPE
    appreciation = situation.date_appreciation or datetime.date.max
    return CONTRAT if situation.date_signature < appreciation else NOUVEAU


def contexte(
    parcours: Parcours, reponses: Mapping[str, str], aujourd_hui: datetime.date, essais: Essais | None = None
) -> ContexteDesQuestions:
    """What the law says of the answers so far. `essais` are those already made in the same request."""
    essais = essais or Essais()
    defauts = {
        "date_appreciation": aujourd_hui.isoformat(),
        f"{parcours.signataire}.date_signature": aujourd_hui.isoformat(),
    }
    if parcours.signataire == "groupe":
        # A group has no conditional question but its own: one computation is enough. Its size does not matter yet.
        defauts["groupe.etp_demandes"] = "1"
        complet = _resultat(reponses, defauts, essais)
        return ContexteDesQuestions(reponses, aujourd_hui, complet, complet)
    nues = {nom: texte for nom, texte in reponses.items() if nom not in CONDITIONNELLES}
    return ContexteDesQuestions(
        reponses, aujourd_hui, _resultat(nues, defauts, essais), _resultat(reponses, defauts, essais)
    )


def _resultat(reponses: Mapping[str, str], defauts: Mapping[str, str], essais: Essais) -> Resultat | None:
    """The result of answers, as far as they can be read: what is wrong is left out until it is mended.

    `defauts` stand for the answers without which nothing can be said, when they are missing or wrong.
    """
    lisibles = {**defauts, **reponses}
    for _ in range(ESSAIS):
        essai = essais.essayer(lisibles)
        retirees = {nom for faute in essai.fautes for nom in _noms_de(faute.champ, lisibles)}
        if not retirees:
            return essai.resultat
        lisibles = {**defauts, **{nom: texte for nom, texte in lisibles.items() if nom not in retirees}}
    return None


#: Taking a wrong answer out may show another: not more than that many times.
ESSAIS = 3


def _noms_de(champ: str, reponses: Mapping[str, str]) -> set[str]:
    return {nom for nom in reponses if nom == champ or nom.startswith(f"{champ}.")}


def rangees(etape: Etape, reponses: Mapping[str, str], *, ajout: bool = False) -> tuple[int, ...]:
    """Ranks of the rows of a step's list: the first two, those answered, and one more when it is asked for.

    Ranks are whatever the address says: only those that it names are drawn, however high they are.
    """
    prefixe = f"{etape.liste}."
    rangs = {1, 2} | {int(rang) for nom in reponses if (rang := _rang_de(nom, prefixe))}
    libre = rang_libre(rangs) if ajout else None
    return tuple(sorted(rangs if libre is None else rangs | {libre}))


def rang_libre(rangs: Collection[int]) -> int | None:
    """The rank of a row to add; None when there are as many as an address can hold."""
    libres = (rang for rang in range(1, RANGEES_MAXIMUM + 1) if rang not in rangs)
    return None if len(rangs) >= RANGEES_MAXIMUM else next(libres, None)


#: Rows of a list that the pages fill in: with every answer given, their address stays within what servers read.
#: Longer lists are written in a file (command line, API).
RANGEES_MAXIMUM = 20


def _rang_de(nom: str, prefixe: str) -> str:
    """The rank that a field name tells, blank when it is not of that list."""
    rang = nom.removeprefix(prefixe).split(".")[0]
    return rang if nom.startswith(prefixe) and champ_de(nom) is not None else ""


def questions_de(etape: Etape, vu: ContexteDesQuestions, *, ajout: bool = False) -> tuple[Question, ...]:
    """The questions of a step, those of a list row by row."""
    if not etape.liste:
        return etape.questions(vu)
    return tuple(_de_la_rangee(question, etape.liste, rang) for rang in rangees(etape, vu.reponses, ajout=ajout)
                 for question in MEMBRE)  # fmt: skip


@lru_cache(maxsize=4096)
def _de_la_rangee(question: Question, liste: str, rang: int) -> Question:
    return replace(question, champ=f"{liste}.{rang}.{question.champ}", groupe=f"Médecin {rang}")


def controler(
    parcours: Parcours,
    posees: tuple[Question, ...],
    reponses: Mapping[str, str],
    aujourd_hui: datetime.date,
    essais: Essais,
) -> tuple[Faute, ...]:
    """Faults of the questions of a step: answers missing, then what the model and the law refuse."""
    fautes = [
        Faute(question.champ, "une réponse est attendue")
        for question in posees
        if question.obligatoire and not reponses.get(question.champ) and _rangee_utile(question.champ, reponses)
    ]
    noms = {question.champ for question in posees}
    du_modele = fautes_du_modele(parcours, reponses, aujourd_hui, essais)
    fautes += [faute for faute in du_modele if concerne(faute.champ, noms)]
    vues: dict[str, Faute] = {}
    for faute in fautes:
        # A group's own fault says nothing more than those of its fields.
        if not any(nom.startswith(f"{faute.champ}.") for nom in vues):
            vues.setdefault(faute.champ, faute)
    return tuple(vues.values())


def _rangee_utile(champ: str, reponses: Mapping[str, str]) -> bool:
    """A row of a list wholly blank asks nothing, except the first."""
    prefixe, _, _ = champ.rpartition(".")
    rang = prefixe.rpartition(".")[2]
    return not rang.isdecimal() or rang == "1" or any(nom.startswith(f"{prefixe}.") for nom in reponses)


def fautes_du_modele(
    parcours: Parcours, reponses: Mapping[str, str], aujourd_hui: datetime.date, essais: Essais
) -> tuple[Faute, ...]:
    """What the model or the law refuses in the answers, the missing ones of later steps aside."""
    provisoires = {
        "date_appreciation": aujourd_hui.isoformat(),
        f"{parcours.signataire}.date_signature": aujourd_hui.isoformat(),
        **reponses,
    }
    return essais.essayer(provisoires).fautes


def concerne(champ: str, noms: set[str]) -> bool:
    """True when a fault of that name is about one of these questions."""
    return champ in noms or any(nom.startswith(f"{champ}.") or champ.startswith(f"{nom}.") for nom in noms)


def met_en_cause(faute: Faute, nom: str) -> bool:
    """True when an answer is what a fault is about, or stands in the same year's row."""
    liste, _, suite = faute.champ.partition(".")
    rangee = f"{liste}.{suite.partition('.')[0]}" if liste in adresse.PAR_ANNEE and suite else faute.champ
    return bool(faute.champ) and concerne(rangee, {nom})


def utiles(parcours: Parcours, reponses: Mapping[str, str], vu: ContexteDesQuestions) -> dict[str, str]:
    """Answers without those to questions that are no longer asked: a cardiologist's children are forgotten."""
    posees = {question.champ for etape in parcours.etapes for question in questions_de(etape, vu)}
    possibles = {question.champ for etape in parcours.etapes for question in etape.toutes}
    return {nom: texte for nom, texte in reponses.items() if nom in posees or nom not in possibles}
