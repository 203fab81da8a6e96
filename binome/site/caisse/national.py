"""National steering: no name, and no small group, even by joining the tables."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from binome.documents import tableur
from binome.dossiers.models import Contrat
from binome.dossiers.patientele import national as tableaux
from binome.simulation import INDICATEURS
from binome.site.caisse.pages import page
from binome.site.comptes.acces import Requete, Role, reserve


@require_safe
@reserve(Role.PILOTAGE)
def national(requete: Requete) -> HttpResponse:
    """The national tables."""
    vue = tableaux.dresser(Contrat.objects.all())
    patients = [(INDICATEURS[nom], somme) for nom, somme in vue.patients.items()]
    return page(requete, "national", "national", national=vue, patients=patients, secret=tableaux.SECRET)


@require_safe
@reserve(Role.PILOTAGE)
def exporter(requete: Requete) -> HttpResponse:
    """What the page shows, for a spreadsheet."""
    del requete
    titres, lignes = tableaux.lignes_export(tableaux.dresser(Contrat.objects.all()))
    reponse = HttpResponse(tableur.table(titres, lignes), content_type="text/csv; charset=utf-8")
    reponse["Content-Disposition"] = f'attachment; filename="national-{timezone.localdate()}.csv"'
    return reponse
