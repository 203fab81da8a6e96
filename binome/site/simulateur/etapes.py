"""Views of the conversation: one page by step, the address carrying every answer."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from binome.simulation import Faute, SituationInvalide
from binome.site.simulateur import adresse, conversation
from binome.site.simulateur.formulaires import Formulaire
from binome.site.simulateur.parcours import PARCOURS, Etape, Parcours
from binome.site.simulateur.questions import ContexteDesQuestions, Question

#: Names of the form that are not answers: which questions were on the page, a row asked for, the step submitted.
POSEES, AJOUT, SUITE = "posees", "ajouter", "suite"
REFUS = 422


def accueil(requete: HttpRequest) -> HttpResponse:
    """The first page: it invites to simulate."""
    parcours = [
        {"titre": p.titre, "adresse": reverse("simulateur:etape", args=[p.nom, p.etapes[0].nom]), "nom": p.nom}
        for p in PARCOURS.values()
    ]
    return render(requete, "simulateur/accueil.html", {"rubrique": "simuler", "parcours": parcours})


def etape(requete: HttpRequest, parcours: str, etape: str) -> HttpResponse:
    """One step: its questions, and what the answers already tell. 422 when a submitted answer is refused."""
    chemin = PARCOURS.get(parcours)
    page = chemin.etape(etape) if chemin else None
    if chemin is None or page is None:
        raise Http404
    reponses = adresse.reponses_de(requete.GET.dict())
    aujourd_hui, essais = timezone.localdate(), conversation.Essais()
    vu = conversation.contexte(chemin, reponses, aujourd_hui, essais)
    utiles = conversation.utiles(chemin, reponses, vu)
    # What no question asks any more counts no more, but stays at hand until the step is left: a date being rewritten
    # must not lose the answers that the next date will ask for again.
    de_cote = {nom: texte for nom, texte in reponses.items() if nom not in utiles}
    if de_cote:
        reponses = utiles
        vu = conversation.contexte(chemin, reponses, aujourd_hui, essais)
    ajout = AJOUT in requete.GET
    posees = conversation.questions_de(page, vu, ajout=ajout)
    if SUITE not in requete.GET or ajout:
        # What is already written may be wrong; what is not written yet is not missing.
        fautes = conversation.controler(chemin, posees, reponses, aujourd_hui, essais) if requete.GET else ()
        fautes = tuple(faute for faute in fautes if reponses.get(faute.champ))
        return _page(requete, chemin, page, posees, vu, fautes, de_cote=de_cote)
    fautes = conversation.controler(chemin, posees, reponses, aujourd_hui, essais)
    if fautes:
        return _page(requete, chemin, page, posees, vu, fautes, de_cote=de_cote, statut=REFUS)
    nouvelles = () if page.liste else _nouvelles(posees, requete.GET.get(POSEES, ""))
    if nouvelles:
        return _page(requete, chemin, page, posees, vu, (), de_cote=de_cote, nouvelles=nouvelles)
    return _continuer(chemin, page, reponses, aujourd_hui)


def _nouvelles(posees: tuple[Question, ...], vues: str) -> tuple[Question, ...]:
    """Questions that the answers of this page just made useful, and that were not on it."""
    deja = set(vues.split())
    return tuple(question for question in posees if question.champ not in deja)


def _continuer(
    parcours: Parcours, page: Etape, reponses: Mapping[str, str], aujourd_hui: datetime.date
) -> HttpResponse:
    suivante = parcours.suivante(page)
    if suivante is not None:
        return HttpResponseRedirect(adresse_de_l_etape(parcours, suivante, reponses))
    # The day of the answer is written in the address: reopened next year, it says the same.
    completes = {"date_appreciation": aujourd_hui.isoformat(), **reponses}
    try:
        situation = conversation.situation_de(completes)
    except SituationInvalide as erreur:
        return HttpResponseRedirect(_premiere_etape_en_faute(parcours, reponses, tuple(erreur.fautes), aujourd_hui))
    return HttpResponseRedirect(f"{reverse('simulateur:resultat')}?{adresse.ecrire(situation)}")


def _premiere_etape_en_faute(
    parcours: Parcours, reponses: Mapping[str, str], fautes: tuple[Faute, ...], aujourd_hui: datetime.date
) -> str:
    vu = conversation.contexte(parcours, reponses, aujourd_hui)
    for page in parcours.etapes:
        noms = {question.champ for question in conversation.questions_de(page, vu)}
        if any(conversation.concerne(faute.champ, noms) for faute in fautes):
            return f"{adresse_de_l_etape(parcours, page, reponses)}&{SUITE}=1"
    return f"{adresse_de_l_etape(parcours, parcours.etapes[0], reponses)}&{SUITE}=1"


def adresse_de_l_etape(parcours: Parcours, page: Etape, reponses: Mapping[str, str]) -> str:
    """The address of a step, with every answer."""
    return f"{reverse('simulateur:etape', args=[parcours.nom, page.nom])}?{urlencode(reponses)}"


def page_en_faute(
    requete: HttpRequest, parcours: Parcours, reponses: Mapping[str, str], fautes: tuple[Faute, ...]
) -> HttpResponse:
    """The step where the first fault of an address stands, with every answer kept."""
    aujourd_hui = timezone.localdate()
    vu = conversation.contexte(parcours, reponses, aujourd_hui)
    for page in parcours.etapes:
        posees = conversation.questions_de(page, vu)
        noms = {question.champ for question in posees}
        if any(conversation.concerne(faute.champ, noms) for faute in fautes):
            break
    else:
        page = parcours.etapes[0]
        posees = conversation.questions_de(page, vu)
    return _page(requete, parcours, page, posees, vu, fautes, statut=REFUS)


def _page(
    requete: HttpRequest,
    parcours: Parcours,
    page: Etape,
    posees: tuple[Question, ...],
    vu: ContexteDesQuestions,
    fautes: tuple[Faute, ...],
    *,
    de_cote: Mapping[str, str] | None = None,
    nouvelles: tuple[Question, ...] = (),
    statut: int = 200,
) -> HttpResponse:
    noms = {question.champ for question in posees}
    contexte: dict[str, Any] = {
        "rubrique": "simuler",
        "parcours": parcours,
        "page": page,
        "action": reverse("simulateur:etape", args=[parcours.nom, page.nom]),
        "formulaire": Formulaire(posees, vu, fautes),
        # The rows of a list are always asked: naming them all would make the address longer than servers read.
        "posees": "" if page.liste else " ".join(question.champ for question in posees),
        "complet": page.liste and conversation.rang_libre(conversation.rangees(page, vu.reponses)) is None,
        "rangees_maximum": conversation.RANGEES_MAXIMUM,
        # A wrong answer that no question of the page can mend is told, then left behind: it would be refused for ever.
        "gardees": [
            (nom, texte)
            for nom, texte in {**(de_cote or {}), **vu.reponses}.items()
            if nom not in noms and not any(conversation.met_en_cause(faute, nom) for faute in fautes)
        ],
        "etapes": _etapes(parcours, page, vu.reponses),
        "derniere": parcours.suivante(page) is None,
        "nouvelles": nouvelles,
        "apercu": vu.complet if _de_quoi_apercevoir(vu) else None,
    }
    gabarit = "simulateur/etape_fragment.html" if requete.htmx else "simulateur/etape.html"  # type: ignore[attr-defined]
    return render(requete, gabarit, contexte, status=statut)


def _de_quoi_apercevoir(vu: ContexteDesQuestions) -> bool:
    """Something to say: a specialty, or a group's first member."""
    return bool(vu.reponse("medecin.specialite") or any(nom.startswith("groupe.membres.") for nom in vu.reponses))


def _etapes(parcours: Parcours, page: Etape, reponses: Mapping[str, str]) -> list[dict[str, Any]]:
    courante = parcours.etapes.index(page)
    return [
        {
            "titre": autre.titre,
            "courante": rang == courante,
            "faite": rang < courante,
            "adresse": adresse_de_l_etape(parcours, autre, reponses),
        }
        for rang, autre in enumerate(parcours.etapes)
    ]
