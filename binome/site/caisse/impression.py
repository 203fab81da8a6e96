"""The print queue: what waits, the batches to print, the numbers of registered letters."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from binome.dossiers.echanges import impression
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Canal, Courrier, Impression
from binome.site.caisse.courriers import en_pdf
from binome.site.caisse.pages import Formulaire, envoi, formulaire, page, tranche
from binome.site.comptes.acces import AGENTS, Requete, ouvrir, reserve


@require_safe
@reserve(*AGENTS)
def file(requete: Requete) -> HttpResponse:
    """What waits to be printed, then to be posted; the batches."""
    numerotees = Count("courriers", filter=Q(courriers__canal=Canal.RECOMMANDE, courriers__numero_recommande=""))
    # A count groups the rows: the order is said again.
    lots = Impression.objects.visibles(requete.acteur).select_related("auteur").order_by("-pk")
    return page(
        requete,
        "impression",
        "courriers",
        attendent=impression.a_imprimer(requete.acteur).select_related("contrat__medecin", "contrat__structure"),
        a_poster=impression.a_poster(requete.acteur).select_related("contrat__medecin", "contrat__structure"),
        tranche=tranche(requete, lots.annotate(lettres=Count("courriers"), sans_numero=numerotees)),
        par_impression=impression.PAR_IMPRESSION,
    )


@require_POST
@reserve(*impression.IMPRIMENT)
def imprimer(requete: Requete) -> HttpResponse:
    """Take what waits into a batch."""
    try:
        lot = impression.imprimer(requete.acteur.la_caisse, requete.acteur)
    except Refus as refus:
        messages.error(requete, str(refus))
    else:
        messages.success(requete, f"{lot} préparée : ouvrez-la, imprimez-la, mettez sous pli.")
    return redirect("caisse:impression")


@require_safe
@reserve(*AGENTS)
def telecharger(requete: Requete, cle: int) -> HttpResponse:
    """A batch in one PDF."""
    lot = ouvrir(requete, Impression, cle, action="telecharger")
    return en_pdf(impression.en_pdf(lot), f"impression-{cle}")


class Numero(Formulaire):
    """What the post wrote on a letter."""

    numero = forms.CharField(
        label="N° de recommandé", max_length=30, help_text="Les 13 signes de l’étiquette, avec ou sans espaces"
    )


@require_http_methods(["GET", "POST"])
@reserve(*impression.IMPRIMENT)
def poster(requete: Requete, cle: int) -> HttpResponse:
    """Type back the number of a registered letter."""
    courrier = ouvrir(requete, Courrier, cle, lignes=Courrier.objects.defer("pdf", "contenu").select_related("contrat"))

    def executer(donnees: dict[str, Any]) -> str:
        poste = impression.poster(cle, donnees["numero"], requete.acteur)
        return f"{poste.objet} : recommandé n° {poste.numero_recommande}, noté au journal du dossier."

    return formulaire(
        requete,
        Numero(envoi(requete)),
        executer,
        titre="N° de recommandé",
        rubrique="courriers",
        retour=reverse("caisse:impression"),
        chapeau=f"« {courrier.objet} », dossier {courrier.contrat.numero if courrier.contrat else '—'}.",
    )
