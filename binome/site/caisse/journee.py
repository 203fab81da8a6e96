"""« Ma journée »: what is late, what comes, what is missing; each line leads to the act."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from binome.dossiers import travail
from binome.dossiers.echanges.courriels_en_echec import REPOND_DES_COMPTES, de_comptes
from binome.dossiers.paiements import campagnes
from binome.site.caisse.pages import page, tranche
from binome.site.comptes.acces import AGENTS, Requete, reserve

#: How many lines of each list; the whole list has its page.
LIGNES = 25


@dataclass(frozen=True)
class Vue:
    """A list as the page shows it: its first lines."""

    liste: travail.ListeDeTravail
    lignes: QuerySet[Any]
    nombre: int
    gabarit: str


def _vue(liste: travail.ListeDeTravail, lignes: QuerySet[Any]) -> Vue:
    return Vue(liste, lignes[:LIGNES], lignes.count(), gabarit(liste))


@require_safe
@reserve(*AGENTS)
def journee(requete: Requete) -> HttpResponse:
    """The lists of the day: those of the whole fund, or of the files that the agent keeps."""
    jour, acteur = timezone.localdate(), requete.acteur
    les_miens = requete.GET.get("dossiers") == "miens"
    listes = [_vue(liste, travail.lignes(liste, acteur, jour, les_miens=les_miens)) for liste in travail.LISTES]
    courriels = de_comptes(acteur)
    return page(
        requete,
        "journee",
        "journee",
        jour=jour,
        listes=[vue for vue in listes if vue.nombre or vue.liste.vide],
        en_tete=[vue for vue in listes if vue.liste.en_tete],
        les_miens=les_miens,
        limite=LIGNES,
        courriels_de_comptes=courriels[:LIGNES],
        nombre_de_courriels=courriels.count(),
        repond_des_comptes=acteur.est(*REPOND_DES_COMPTES),
        valide_les_campagnes=acteur.role in campagnes.VALIDENT,
    )


@require_safe
@reserve(*AGENTS)
def liste(requete: Requete, nom: str) -> HttpResponse:
    """One list, whole, by pages."""
    voulue = travail.PAR_NOM.get(nom)
    if voulue is None:
        raise Http404
    les_miens = requete.GET.get("dossiers") == "miens"
    lignes = travail.lignes(voulue, requete.acteur, timezone.localdate(), les_miens=les_miens)
    return page(
        requete,
        "journee_liste",
        "journee",
        liste=voulue,
        jour=timezone.localdate(),
        gabarit=gabarit(voulue),
        tranche=tranche(requete, lignes),
        filtre="dossiers=miens" if les_miens else "",
        les_miens=les_miens,
        valide_les_campagnes=requete.acteur.role in campagnes.VALIDENT,
    )


def gabarit(voulue: travail.ListeDeTravail) -> str:
    """The template of a list's lines."""
    return f"caisse/journee/{voulue.gabarit or voulue.nom}.html"
