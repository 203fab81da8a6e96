"""Accounting: periods closed and handed over, and their reconciliation with the ledger and the bank."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from binome import francais
from binome.documents.classeur import TYPE_MIME
from binome.dossiers.models import Caisse, ExportComptable
from binome.dossiers.paiements import comptabilite, rapprochement
from binome.site.caisse.pages import Formulaire, envoi, formulaire, tranche
from binome.site.comptes.acces import AGENTS, Requete, ouvrir, reserve
from binome.site.socle.saisies import Jour


class Cloture(Formulaire):
    """A period to close."""

    fin = Jour(label="Dernier jour de la période")


@require_http_methods(["GET", "POST"])
@reserve(*AGENTS)
def periodes(requete: Requete) -> HttpResponse:
    """The closed periods, the next one, and the reconciliation of a year."""
    caisse = requete.acteur.la_caisse

    def executer(donnees: dict[str, Any]) -> str:
        export = comptabilite.clore(caisse, donnees["fin"], requete.acteur)
        return f"{export} : close, {export.nombre} écritures, {francais.euros(export.total)}."

    annees = rapprochement.annees(caisse) or [timezone.localdate().year]
    demandee = requete.GET.get("annee", "")
    annee = next((an for an in annees if str(an) == demandee), annees[0])
    return formulaire(
        requete,
        Cloture(envoi(requete)),
        executer,
        titre="Comptabilité",
        rubrique="versements",
        retour=reverse("caisse:comptabilite"),
        bouton="Clore la période",
        modele="comptabilite",
        tranche=tranche(requete, ExportComptable.objects.visibles(requete.acteur).select_related("auteur")),
        premier_jour=comptabilite.premier_jour(caisse),
        plan=comptabilite.plan_de(Caisse.objects.get(pk=caisse)),
        peut_clore=requete.acteur.role in comptabilite.CLOTURENT,
        bilan=rapprochement.rapprocher(caisse, annee),
        annees=annees,
    )


@require_safe
@reserve(*AGENTS)
def exporter(requete: Requete, cle: int, format_: str) -> HttpResponse:
    """A closed period: the CSV byte for byte as it was closed, or the same lines as a workbook."""
    if format_ not in {"csv", "xlsx"}:
        raise Http404
    export = ouvrir(requete, ExportComptable, cle, action=f"telecharger_comptabilite_{format_}")
    if format_ == "csv":
        octets, type_mime = bytes(export.octets), "text/csv; charset=utf-8"
    else:
        octets, type_mime = comptabilite.en_classeur(export), TYPE_MIME
    reponse = HttpResponse(octets, content_type=type_mime)
    nom = f"comptabilite-{export.numero:04d}-{export.debut}-{export.fin}.{format_}"
    reponse["Content-Disposition"] = f'attachment; filename="{nom}"'
    return reponse
