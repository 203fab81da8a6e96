"""« Ma journée »: what is late, what comes, what is missing; each line leads to the act."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from binome.dossiers.echanges import comptes
from binome.dossiers.echanges.courriels_en_echec import REPOND_DES_COMPTES, de_comptes, en_echec
from binome.dossiers.models import Campagne, Contrat, Echeance, Piece
from binome.dossiers.nomenclatures import (
    ENGAGEANTS,
    EtatPiece,
    NaturePiece,
    Statut,
    StatutCampagne,
)
from binome.site.caisse.pages import page
from binome.site.comptes.acces import AGENTS, Requete, reserve

#: How far ahead deadlines are shown, and how many lines of each list.
HORIZON, LIGNES = datetime.timedelta(days=30), 25
#: Deadlines that nobody has to do anything about.
INFORMATIVES = ("releve_reference", "date_rne_la_plus_ancienne", "date_fin_carence")


@require_safe
@reserve(*AGENTS)
def journee(requete: Requete) -> HttpResponse:
    """The lists of the day."""
    jour = timezone.localdate()
    contrats = Contrat.objects.visibles(requete.acteur)
    a_faire = (
        Echeance.objects.visibles(requete.acteur)
        .filter(faite_le=None, contrat__statut__in=ENGAGEANTS)
        .exclude(nom__in=INFORMATIVES)
        .select_related("contrat__medecin", "contrat__structure")
        .order_by("date", "pk")
    )
    evaluations = a_faire.filter(nom__startswith="date_evaluation.", date__lte=jour)
    autres = a_faire.exclude(nom__startswith="date_evaluation.")
    en_retard, a_venir = autres.filter(date__lt=jour), autres.filter(date__gte=jour, date__lte=jour + HORIZON)
    accepte = Piece.objects.filter(contrat=OuterRef("pk"), etat=EtatPiece.ACCEPTEE)
    incomplets = (
        contrats.filter(statut__in=(Statut.A_SIGNER, Statut.SIGNE))
        .annotate(
            signe=Exists(accepte.filter(nature=NaturePiece.CONTRAT_SIGNE)),
            travail=Exists(accepte.filter(nature=NaturePiece.CONTRAT_TRAVAIL)),
        )
        .filter(Q(signe=False) | Q(travail=False))
        .select_related("medecin", "structure")
        .order_by("date_signature", "pk")
    )
    recues = Piece.objects.visibles(requete.acteur).filter(etat=EtatPiece.RECUE)
    pieces = recues.exclude(pk__in=comptes.ribs_a_examiner()).select_related("contrat", "medecin", "structure")
    campagnes = Campagne.objects.visibles(requete.acteur).filter(
        statut__in=(StatutCampagne.PREPARATION, StatutCampagne.PROPOSEE, StatutCampagne.VALIDEE)
    )
    termes = contrats.filter(statut__in=ENGAGEANTS, date_fin__lt=jour).select_related("medecin", "structure")
    listes: dict[str, QuerySet[Any]] = {
        "en_retard": en_retard,
        "a_venir": a_venir,
        "evaluations": evaluations,
        "incomplets": incomplets,
        "pieces": pieces.order_by("deposee_le"),
        "termes": termes.order_by("date_fin"),
        "campagnes": campagnes,
        "courriels": en_echec(requete.acteur),
        "courriels_de_comptes": de_comptes(requete.acteur),
        "comptes_a_valider": comptes.a_valider(requete.acteur),
        "comptes_a_annoncer": comptes.a_annoncer(requete.acteur),
    }
    return page(
        requete,
        "journee",
        "journee",
        jour=jour,
        listes={nom: lignes[:LIGNES] for nom, lignes in listes.items()},
        comptes={nom: lignes.count() for nom, lignes in listes.items()},
        limite=LIGNES,
        repond_des_comptes=requete.acteur.est(*REPOND_DES_COMPTES),
    )
