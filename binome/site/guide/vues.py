"""The pages of the guide."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from binome.dossiers.exploitation.donnees_personnelles import REGISTRE
from binome.simulation.mots.grandeurs import mot
from binome.simulation.parametres import THEMES
from binome.site.guide import annee_3 as exemples
from binome.site.guide import glossaire as mots
from binome.site.guide import histoire as histoires
from binome.site.guide import registre
from binome.site.guide.loi import ReglesInconnues, historique, noms_proches, parametres_du, publication
from binome.site.guide.missions import FAMILLES
from binome.site.guide.recherche import Comparaison, Filtre
from openfisca_assistants_medicaux.certitude import Certitude

#: When a value is read, in words: which date of a situation it depends on.
LECTURES = {
    "date_signature": "à la date de signature du contrat",
    "debut_annuite": "au premier jour de chaque année du contrat",
    "date_embauche_am": "à la date d’embauche de l’assistant",
    "date_evenement": "à la date de l’évènement",
}


@dataclass(frozen=True)
class Chapitre:
    """A page that the guide's first page presents."""

    nom: str
    titre: str
    resume: str

    @property
    def adresse(self) -> str:
        """Its address."""
        return reverse(f"guide:{self.nom}")


CHAPITRES = (
    Chapitre("annee_3", "L’année 3, en chiffres", "Ce qui est versé selon vos résultats : tout, une part, ou rien."),
    Chapitre(
        "conditions", "Conditions et échéances", "Ce que l’aide demande, ce qui est attendu ensuite, selon quel texte."
    ),
    Chapitre("missions", "Ce que fait un assistant", "Trois familles de missions, et ce qu’il ne peut pas faire."),
    Chapitre("profils", "Profils et formation", "Qui recruter, quelle formation, dans quel délai, qui la paie."),
    Chapitre("recruter", "Comment recruter", "Seul, en groupement, en société, à plusieurs, ou votre secrétaire."),
    Chapitre("histoire", "L’histoire des règles", "Chaque régime, ses dates, ses montants, ce qu’il a changé."),
    Chapitre("glossaire", "Glossaire", "Les mots du dispositif, un sens pour chacun."),
)


@require_safe
def accueil(requete: HttpRequest) -> HttpResponse:
    """What the guide holds."""
    return _page(requete, "accueil", chapitres=CHAPITRES, certitudes=sorted(Certitude, reverse=True))


@require_safe
def missions(requete: HttpRequest) -> HttpResponse:
    """What an assistant does, and may not do."""
    return _page(requete, "missions", familles=FAMILLES)


@require_safe
def conditions(requete: HttpRequest) -> HttpResponse:
    """What the aid asks for, and what is awaited until its term."""
    return _page(
        requete, "conditions", conditions=registre.conditions(timezone.localdate()), echeances=registre.echeances()
    )


@require_safe
def profils(requete: HttpRequest) -> HttpResponse:
    """Who may be an assistant, and how one is trained."""
    return _page(requete, "profils")


@require_safe
def recruter(requete: HttpRequest) -> HttpResponse:
    """The ways to recruit."""
    return _page(requete, "recruter")


@require_safe
def annee_3(requete: HttpRequest) -> HttpResponse:
    """The third year, with the amounts of an example."""
    return _page(
        requete,
        "annee_3",
        exemple=exemples.exemple(timezone.localdate()),
        statuts=exemples.STATUTS,
        publication=publication(exemples.TABLE),
    )


@require_safe
def histoire(requete: HttpRequest) -> HttpResponse:
    """The rules since the scheme began."""
    return _page(
        requete,
        "histoire",
        moments=histoires.moments(),
        debuts=histoires.debuts(),
        tableaux=(
            ("Les montants par an, d’un régime à l’autre", histoires.tableau(histoires.montants())),
            ("Les conditions, d’un régime à l’autre", histoires.tableau(histoires.REGLES)),
        ),
    )


@require_safe
def glossaire(requete: HttpRequest) -> HttpResponse:
    """The words."""
    aujourd_hui = timezone.localdate()
    rubriques = [
        (rubrique.replace("'", "’"), [(terme, terme.ecrire_pour_tous(aujourd_hui)) for terme in termes])
        for rubrique, termes in mots.rubriques()
    ]
    return _page(requete, "glossaire", rubriques=rubriques)


@require_safe
def donnees(requete: HttpRequest) -> HttpResponse:
    """What becomes of what a user types."""
    reconnu_jours = datetime.timedelta(seconds=settings.NAVIGATEUR_CONNU).days
    return _page(requete, "donnees", rubrique="", registre=REGISTRE, reconnu_jours=reconnu_jours)


@require_safe
def accessibilite(requete: HttpRequest) -> HttpResponse:
    """What is tested, and what is not."""
    return _page(requete, "accessibilite", rubrique="")


@require_safe
def sources(requete: HttpRequest) -> HttpResponse:
    """Every rule in force on a day, filtered. Without JavaScript it is a form; with it, the results alone are sent."""
    filtre = Filtre({nom: requete.GET.get(nom, "") for nom in Filtre.base_fields})
    contexte: dict[str, Any] = {"formulaire": filtre, "fautes": filtre.fautes(), "themes": []}
    if filtre.is_valid():
        regles = filtre.trouver()
        contexte |= {
            "jour": filtre.jour,
            "jour_du_droit": filtre.jour,
            "nombre": len(regles),
            "avant_tout": not parametres_du(filtre.jour),
            "themes": [
                (theme, libelle, [r for r in regles if r.theme == theme])
                for theme, libelle in THEMES.items()
                if any(r.theme == theme for r in regles)
            ],
        }
    return _resultats(requete, "sources", contexte, valide=filtre.is_valid())


@require_safe
def comparer(requete: HttpRequest) -> HttpResponse:
    """What changed between two days."""
    formulaire = Comparaison({nom: requete.GET.get(nom, "") for nom in Comparaison.base_fields})
    contexte: dict[str, Any] = {"formulaire": formulaire, "fautes": formulaire.fautes(), "themes": []}
    if formulaire.is_valid():
        changements = formulaire.trouver()
        contexte |= {
            "avant": formulaire.cleaned_data["avant"],
            "apres": formulaire.cleaned_data["apres"],
            "nombre": len(changements),
            "themes": [
                (theme, libelle, [c for c in changements if c.theme == theme])
                for theme, libelle in THEMES.items()
                if any(c.theme == theme for c in changements)
            ],
        }
        # The days that the page chose are shown in the fields, for the next question to start from.
        choisies = {nom: formulaire.cleaned_data[nom].isoformat() for nom in ("avant", "apres")}
        contexte["formulaire"] = Comparaison({**formulaire.data, **choisies})
    return _resultats(requete, "comparer", contexte, valide=formulaire.is_valid())


@require_safe
def parametre(requete: HttpRequest, nom: str) -> HttpResponse:
    """One rule and its whole dated history."""
    try:
        etapes = historique(nom)
    except ReglesInconnues:
        return _page(requete, "regle_inconnue", rubrique="sources", statut=404, nom=nom, proches=noms_proches(nom))
    dernier = next(etape.parametre for etape in reversed(etapes) if etape.parametre is not None)
    aujourd_hui = timezone.localdate()
    return _page(
        requete,
        "parametre",
        rubrique="sources",
        nom=nom,
        description=dernier.description,
        theme=(dernier.theme, THEMES.get(dernier.theme, mot(dernier.theme))),
        lecture=LECTURES.get(dernier.cle_temporelle or ""),
        actuel=parametres_du(aujourd_hui).get(nom),
        aujourd_hui=aujourd_hui,
        etapes=tuple(reversed(etapes)),
        arbitrages=dernier.arbitrages,
    )


def _resultats(requete: HttpRequest, gabarit: str, contexte: dict[str, Any], *, valide: bool) -> HttpResponse:
    """The page, or its results alone for a live update; 422 when a field is wrong."""
    statut = 200 if valide else 422
    if getattr(requete, "htmx", False):
        reponse = render(requete, f"guide/_{gabarit}.html", contexte | {"appels": []}, status=statut)
    else:
        reponse = _page(requete, gabarit, rubrique="sources", statut=statut, **contexte)
    reponse["Vary"] = "HX-Request"
    return reponse


def _page(
    requete: HttpRequest, gabarit: str, *, rubrique: str = "guide", statut: int = 200, **contexte: Any
) -> HttpResponse:
    """A page of the guide: its section of the navigation, its notes, what comes next."""
    noms = [chapitre.nom for chapitre in CHAPITRES]
    suite = CHAPITRES[noms.index(gabarit) + 1 :][:1] if gabarit in noms else ()
    contexte |= {"rubrique": rubrique, "appels": [], "suite": suite[0] if suite else None}
    return render(requete, f"guide/{gabarit}.html", contexte, status=statut)
