"""Steering of the fund."""

from __future__ import annotations

import datetime
import io
from decimal import Decimal

import xlsxwriter
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from binome.documents import tableur
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
    titres, lignes = tableaux.lignes_export(Contrat.objects.visibles(requete.acteur))
    if format_ == "csv":
        octets, type_mime = tableur.table(titres, lignes), "text/csv; charset=utf-8"
    elif format_ == "xlsx":
        octets = _xlsx(titres, lignes)
        type_mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    else:
        raise Http404
    noter_lecture(requete, f"exporter_{format_}", Caisse.objects.get(pk=requete.acteur.la_caisse))
    reponse = HttpResponse(octets, content_type=type_mime)
    reponse["Content-Disposition"] = f'attachment; filename="contrats-{timezone.localdate()}.{format_}"'
    return reponse


def _xlsx(titres: list[str], lignes: list[list[tableur.Cellule]]) -> bytes:
    """A workbook: texts stay texts, whatever they begin with."""
    flux = io.BytesIO()
    with xlsxwriter.Workbook(
        flux, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as livre:
        feuille = livre.add_worksheet("Contrats")
        gras, jour = livre.add_format({"bold": True}), livre.add_format({"num_format": "dd/mm/yyyy"})
        euros = livre.add_format({"num_format": "# ##0.00"})
        feuille.write_row(0, 0, titres, gras)
        for rang, ligne in enumerate(lignes, start=1):
            for colonne, cellule in enumerate(ligne):
                if isinstance(cellule, datetime.date):
                    feuille.write_datetime(rang, colonne, datetime.datetime.combine(cellule, datetime.time()), jour)
                elif isinstance(cellule, Decimal):
                    feuille.write_number(rang, colonne, cellule, euros)
                elif cellule is not None:
                    feuille.write_string(rang, colonne, str(cellule))
        feuille.freeze_panes(1, 0)
        feuille.autofit()
    return flux.getvalue()
