"""The result page, « et si ? » and the explanation of a figure."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from binome.documents import graphiques
from binome.simulation import CONDITION_DU_SEUIL, INDICATEURS, FigureInconnue, Resultat, Simulation
from binome.simulation.mots import ecriture
from binome.site.simulateur import adresse, presentation
from binome.site.simulateur.conversation import parcours_de
from binome.site.simulateur.etapes import REFUS, adresse_de_l_etape, page_en_faute
from binome.site.simulateur.formulaires import Formulaire
from binome.site.simulateur.lecture import AdresseRefusee, Ouverte, ouvrir
from binome.site.simulateur.parcours import PARCOURS, SUIVI
from binome.site.simulateur.questions import COLONNES_DU_BAREME, EMPLOI, HYPOTHESES, ContexteDesQuestions, Question

Vue = Callable[..., HttpResponse]


def d_une_adresse(vue: Callable[[HttpRequest, Ouverte], HttpResponse]) -> Vue:
    """A view of an opened address. One that cannot be opened answers 422, on the step where it can be mended."""

    @wraps(vue)
    def gardee(requete: HttpRequest) -> HttpResponse:
        try:
            return vue(requete, ouvrir(requete))
        except AdresseRefusee as refus:
            return page_en_faute(requete, refus.parcours, dict(refus.reponses), tuple(refus.refus.fautes))

    return gardee


@d_une_adresse
def page(requete: HttpRequest, ouverte: Ouverte) -> HttpResponse:
    """The whole answer."""
    resultat = ouverte.resultat
    utiles, sans_objet = presentation.conditions_utiles(resultat)
    ailleurs = requete.build_absolute_uri(f"{reverse('simulateur:resultat')}?{ouverte.adresse}")
    manquants, couts, si = _manquants(ouverte), _hypotheses_de_cout(ouverte), _et_si(resultat)
    colonnes = presentation.options_comparees(resultat)
    contexte: dict[str, Any] = {
        "rubrique": "simuler",
        "r": resultat,
        "conditions": utiles,
        "sans_objet": sans_objet,
        "colonnes": colonnes,
        "refusees": presentation.options_refusees(resultat),
        # A chosen option that is closed has no year: those of the options compared with it have their lines.
        "rangs": sorted({rang for colonne in colonnes for rang in colonne.annees}),
        "choisie": next((o for o in resultat.options if o.choisie), None),
        "option_proposee": ouverte.option_proposee,
        "cout": presentation.cout_montre(resultat),
        "cout_partiel": presentation.cout_partiel_montre(resultat),
        "colonnes_partielles": ecriture.COUT_PARTIEL,
        "frise": presentation.frise(resultat),
        "sans_date": presentation.sans_date(resultat),
        "si": si,
        "gardees_si": _gardees(ouverte, {f"projections.{si.annee.rang}.{i}" for i in INDICATEURS} if si else set()),
        "dit": presentation.dit(resultat, ouverte.situation),
        "manquants": manquants,
        "tout_notifie": manquants is not None and all(champ.value() for champ in manquants),
        "gardees_notifie": [
            (nom, texte)
            for nom, texte in adresse.paires(ouverte.simulation.situation)
            if manquants is None or nom not in manquants.fields
        ],
        "signe": ouverte.situation.date_signature < resultat.date_appreciation,
        "adresse": ouverte.adresse_detaillee,
        "adresse_demandee": ouverte.adresse,
        "figures": ouverte.simulation.figures(),
        "tableau_objectif": graphiques.tableau("objectif", resultat),
        "tableau_mensuel": graphiques.tableau("mensuel", resultat) if resultat.annees else None,
        "hauteurs": {nom: graphiques.hauteur(nom, resultat) for nom in graphiques.NOMS},
        "defauts": presentation.defauts(resultat),
        "formulaire_cout": couts,
        "gardees_cout": _gardees(ouverte, set(couts.fields)),
        "partage": ailleurs,
        "modifier": _modifier(ouverte),
        "ancienne": resultat.date_appreciation < timezone.localdate(),
        "rejouer": _a_ce_jour(ouverte),
    }
    return render(requete, "simulateur/resultat.html", contexte)


def _et_si(resultat: Resultat) -> presentation.EtSi | None:
    """The sliders, and what they say where they stand."""
    si = presentation.et_si(resultat.situation, resultat.annees, resultat.objectifs)
    if si is None or si.suppose:
        return si
    # The years alone are asked of the law: the rest of the answer is not shown.
    supposee = Simulation(presentation.supposee(resultat.situation, si))
    return presentation.et_si(supposee.situation, supposee.annees_retenues(), supposee.objectifs())


def _gardees(ouverte: Ouverte, sauf: set[str]) -> list[tuple[str, str]]:
    """The situation asked about, as hidden fields, without those that the form shows."""
    return [(nom, texte) for nom, texte in adresse.paires(ouverte.situation) if nom not in sauf]


def _manquants(ouverte: Ouverte) -> Formulaire | None:
    """Fields for what only the fund can tell: what is « non déterminé », and what it notified."""
    resultat = ouverte.resultat
    if resultat.verdict.eligible == "non":
        return None
    # What was typed stays at hand, to be corrected.
    inconnus = {f"objectifs_notifies.{o.indicateur}.cible" for o in resultat.objectifs if o.cible is None or o.notifie}
    seuil_inconnu = any(
        c.nom == CONDITION_DU_SEUIL and c.verdict == "indeterminee" for c in resultat.verdict.conditions
    )
    if resultat.bande is not None and (resultat.bande.certitude is None or seuil_inconnu):
        inconnus.add("contrat.bande_notifiee")
    reponses = dict(adresse.paires(ouverte.simulation.situation))
    vu = ContexteDesQuestions(reponses, timezone.localdate(), complet=resultat)
    individuel = resultat.situation.groupe is None
    montants = {f"montants_notifies.{colonne}" for colonne in COLONNES_DU_BAREME} if individuel else set()
    demandees: tuple[Question, ...] = tuple(
        q for q in SUIVI if q.champ in inconnus or (q.champ in montants and q.si(vu))
    )
    return Formulaire(demandees, vu, ()) if demandees else None


def _hypotheses_de_cout(ouverte: Ouverte) -> Formulaire:
    """The assumptions of the cost, with what was answered."""
    reponses = dict(adresse.paires(ouverte.situation))
    vu = ContexteDesQuestions(reponses, timezone.localdate())
    posees = (*EMPLOI, *HYPOTHESES)
    return Formulaire(tuple(q for q in posees if q.champ.startswith("cout.") and q.si(vu)), vu, ())


def _modifier(ouverte: Ouverte) -> list[tuple[str, str]]:
    """The steps to go back to, with their addresses."""
    parcours = PARCOURS[_nom_du_parcours(ouverte)]
    reponses = dict(adresse.paires(ouverte.situation))
    reponses.pop("date_appreciation", None)
    return [(etape.titre, adresse_de_l_etape(parcours, etape, reponses)) for etape in parcours.etapes]


def _nom_du_parcours(ouverte: Ouverte) -> str:
    return parcours_de(ouverte.situation).nom


def _a_ce_jour(ouverte: Ouverte) -> str:
    aujourd_hui = ouverte.situation.model_copy(update={"date_appreciation": timezone.localdate()})
    return f"{reverse('simulateur:resultat')}?{adresse.ecrire(aujourd_hui)}"


@d_une_adresse
def et_si(requete: HttpRequest, ouverte: Ouverte) -> HttpResponse:
    """What the evaluated year would pay: the fragment beside the sliders."""
    contexte = {"si": _et_si(ouverte.resultat), "r": ouverte.resultat}
    return render(requete, "simulateur/et_si_reponse.html", contexte)


@d_une_adresse
def explication(requete: HttpRequest, ouverte: Ouverte) -> HttpResponse:
    """Why a figure is what it is: parameters, dates, references, certainty, from the computation."""
    nom = requete.GET.get("figure", "")
    contexte: dict[str, Any] = {
        "rubrique": "simuler",
        "retour": f"{reverse('simulateur:resultat')}?{ouverte.adresse}",
    }
    try:
        contexte["explication"] = ouverte.simulation.expliquer(nom)
    except FigureInconnue as erreur:
        contexte["inconnue"] = str(erreur)
        return render(requete, "simulateur/explication.html", contexte, status=REFUS)
    en_fenetre = "simulateur/explication_fragment.html"
    return render(requete, en_fenetre if requete.htmx else "simulateur/explication.html", contexte)  # type: ignore[attr-defined]
