"""How the questions of a step are drawn: Django form fields made from `Question` and from the model's field.

Answers are judged by the model and by the law only; the form carries the text as it was written, so that a wrong answer
stays in its field, beside its message.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django import forms

from binome.simulation import LIBELLES, Faute
from binome.simulation.mots import ecriture
from binome.simulation.mots.phrases import pour_lecteur
from binome.site.simulateur.champs import Champ, champ_de
from binome.site.simulateur.questions import PARTICULARITES, ContexteDesQuestions, Question

#: A list up to that long is drawn as choices, a longer one as a menu.
CHOIX_VISIBLES = 6


class Reponse(forms.Field):
    """A field that keeps what was written. `unite` and `ou_trouver` are for the component that draws it."""

    def __init__(self, question: Question, champ: Champ, vu: ContexteDesQuestions) -> None:
        super().__init__(
            required=question.obligatoire,
            label=question.libelle,
            help_text=_aide(question, champ),
            widget=_widget(question, champ, vu),
        )
        self.unite = question.unite
        self.ou_trouver = question.ou_trouver

    def validate(self, value: object) -> None:
        """Leave the judgement to the model."""


def _aide(question: Question, champ: Champ) -> str:
    """The help of a question; a share also says its range."""
    if champ.part is None:
        return question.aide
    etendue = f"Part {champ.part.etendue}."
    return f"{question.aide} {etendue}" if question.aide else etendue


class Formulaire(forms.Form):
    """The questions of a step, with the answers given so far."""

    use_required_attribute = False

    def __init__(self, questions: tuple[Question, ...], vu: ContexteDesQuestions, fautes: tuple[Faute, ...]) -> None:
        ecrits = {question.champ: _affiche(question, vu.reponses) for question in questions}
        super().__init__(data=ecrits, auto_id="id_%s")
        self.questions = questions
        for question in questions:
            champ = champ_de(question.champ)
            assert champ is not None, question.champ  # noqa: S101 - a test reads every question
            self.fields[question.champ] = Reponse(question, champ, vu)
        self.full_clean()
        self.fautes = [self._attacher(faute) for faute in fautes]

    def _attacher(self, faute: Faute) -> FauteAffichee:
        champ = self._champ_de(faute)
        if champ is None:
            decrit = champ_de(faute.champ)
            return FauteAffichee(
                decrit.description if decrit else "Réponse laissée de côté", _message(faute, decrit), ""
            )
        message = _message(faute, champ_de(champ))
        self.add_error(champ, message)
        groupe = next(question.groupe for question in self.questions if question.champ == champ)
        prefixe = f"{groupe} : " if groupe.startswith("Médecin ") else ""
        return FauteAffichee(f"{prefixe}{self.fields[champ].label}", message, self._ancre(champ))

    def _champ_de(self, faute: Faute) -> str | None:
        """The field that shows a fault: its own, the one that its message names, or the first of its group."""
        nom = faute.champ
        if nom in self.fields:
            return nom
        nomme = _NOMME.match(faute.message)
        if nomme is not None and f"{nom}.{nomme.group(1)}" in self.fields:
            return f"{nom}.{nomme.group(1)}"
        return next((champ for champ in self.fields if nom and champ.startswith(f"{nom}.")), None)

    def _ancre(self, champ: str) -> str:
        borne = self[champ]
        return f"{borne.auto_id}_0" if borne.use_fieldset else str(borne.auto_id)

    @property
    def groupes(self) -> list[GroupeDeChamps]:
        """The fields under their headings, in order; what may be folded comes last."""
        groupes: dict[str, GroupeDeChamps] = {}
        for question in self.questions:
            groupe = groupes.setdefault(question.groupe, GroupeDeChamps(question.groupe, []))
            groupe.champs.append(self[question.champ])
        return sorted(groupes.values(), key=lambda groupe: groupe.replie)


@dataclass(frozen=True)
class FauteAffichee:
    """A fault in the summary: what it is about, what is expected, and the field to go to."""

    libelle: str
    message: str
    ancre: str


@dataclass
class GroupeDeChamps:
    """Questions under one heading. The less usual ones are folded until one is answered."""

    titre: str
    champs: list[forms.BoundField]

    @property
    def replie(self) -> bool:
        """True when the group may be folded."""
        return self.titre == PARTICULARITES or self.titre.startswith("Ce que coûte")

    @property
    def ouvert(self) -> bool:
        """True when an answer or a message stands in it."""
        return any(champ.value() or champ.errors for champ in self.champs)


#: A fault of several fields names the first in its message, as files do: « date_fin_suspension « 2025-01-01 » : … ».
_NOMME = re.compile(r"([a-z_]+)(?: « [^»]* »)? : ")
#: What was received is in the field, beside.
_REFUSE = re.compile(r"^« [^»]* » refusé ; ")
_DATE_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")


def _message(faute: Faute, champ: Champ | None) -> str:
    """A fault in the words of the page: dates as they are read here, no name of field."""
    # For these kinds, the message of a file tells how a file is written.
    if faute.valeur is not None and champ is not None and champ.genre == "liste":
        return "une des réponses proposées est attendue"
    message = _REFUSE.sub("", _NOMME.sub("", pour_lecteur(faute.message), count=1))
    message = message.replace("JJ/MM/AAAA ou AAAA-MM-JJ", "JJ/MM/AAAA").replace("AAAA-MM-JJ", "JJ/MM/AAAA")
    return _DATE_ISO.sub(r"\3/\2/\1", message)


def _affiche(question: Question, reponses: Mapping[str, str]) -> str:
    texte = reponses.get(question.champ, "")
    return texte.removesuffix("%") if question.unite == "%" else texte


def _widget(question: Question, champ: Champ, vu: ContexteDesQuestions) -> forms.Widget:
    if champ.genre in {"liste", "oui_non"}:
        choix = _choix(question, champ, vu)
        if question.menu or len(choix) > CHOIX_VISIBLES:
            attributs = {"class": "large"}
            return forms.Select(attributs, [("", "—"), *choix])
        return forms.RadioSelect(choices=choix)
    if champ.genre == "date":
        # Type "date" is written back in ISO form by browsers; others may write 01/03/2026.
        return forms.TextInput({"type": "date"}) if _iso(vu.reponses.get(question.champ, "")) else forms.TextInput()
    nombres = {"inputmode": "decimal", "class": "court", "autocomplete": "off"}
    if champ.genre == "entier":
        nombres["inputmode"] = "numeric"
    return forms.TextInput(nombres if champ.genre != "texte" else {"autocomplete": "off"})


def _iso(texte: str) -> bool:
    """A wrong date would be shown blank by a date field: it is kept as text, beside its message."""
    morceaux = texte.split("-")
    return not texte or (len(morceaux) == len(("annee", "mois", "jour")) and all(m.isdecimal() for m in morceaux))


def _choix(question: Question, champ: Champ, vu: ContexteDesQuestions) -> list[tuple[str, str]]:
    if champ.genre == "oui_non":
        return [("oui", "Oui"), ("non", "Non")]
    assert champ.liste is not None  # noqa: S101 - only lists come here
    noms = [str(membre.value) for membre in champ.liste]
    if question.choix is not None:
        proposes = question.choix(vu)
        noms = [nom for nom in noms if nom in proposes] or noms
    employeurs = {mode.value: ecriture.majuscule(libelle) for mode, libelle in ecriture.EMPLOYEURS.items()}
    libelles = LIBELLES.get(champ.liste.__name__, employeurs)
    paires = [(nom, libelles[nom]) for nom in noms]
    return sorted(paires, key=lambda paire: paire[1]) if question.menu and len(noms) > CHOIX_VISIBLES else paires
