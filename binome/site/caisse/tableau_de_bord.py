"""Steering of the fund."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from binome.documents import classeur, tableur
from binome.dossiers.models import Caisse, Contrat
from binome.dossiers.patientele import tableau_de_bord as tableaux
from binome.simulation import INDICATEURS
from binome.site.caisse.pages import page
from binome.site.comptes.acces import AGENTS, Requete, noter_lecture, reserve


@require_safe
@reserve(*AGENTS)
def tableau_de_bord(requete: Requete) -> HttpResponse:
    """The steering table of the fund."""
    jour = timezone.localdate()
    tableau = tableaux.dresser(Contrat.objects.visibles(requete.acteur), jour)
    patients = [(INDICATEURS[nom], gagnes) for nom, gagnes in tableau.patients.items()]
    return page(requete, "tableau_de_bord", "tableau_de_bord", tableau=tableau, patients=patients, jour=jour)


@require_safe
@reserve(*AGENTS)
def exporter(requete: Requete, format_: str) -> HttpResponse:
    """One row for each contract, for a spreadsheet."""
    return fichier_de_contrats(requete, Contrat.objects.visibles(requete.acteur).order_by("numero"), format_)


def fichier_de_contrats(requete: Requete, contrats: QuerySet[Contrat], format_: str) -> HttpResponse:
    """These contracts, in their order, as « csv » or « xlsx »; the reading is logged. Raises Http404."""
    titres, lignes = tableaux.lignes_export(contrats)
    if format_ == "csv":
        octets, type_mime = tableur.table(titres, lignes), "text/csv; charset=utf-8"
    elif format_ == "xlsx":
        octets, type_mime = classeur.classeur("Contrats", titres, lignes), classeur.TYPE_MIME
    else:
        raise Http404
    noter_lecture(requete, f"exporter_{format_}", Caisse.objects.get(pk=requete.acteur.la_caisse))
    reponse = HttpResponse(octets, content_type=type_mime)
    reponse["Content-Disposition"] = f'attachment; filename="contrats-{timezone.localdate()}.{format_}"'
    return reponse
