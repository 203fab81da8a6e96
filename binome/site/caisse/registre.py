"""Who read or changed what, in the fund."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from binome.dossiers.models import Consultation
from binome.site.caisse.pages import page, tranche
from binome.site.comptes.acces import Requete, Role, reserve


@require_safe
@reserve(Role.RESPONSABLE)
def registre(requete: Requete) -> HttpResponse:
    """The log of reads and changes, latest first."""
    lignes = Consultation.objects.filter(caisse_id=requete.acteur.la_caisse).select_related("utilisateur")
    return page(requete, "registre", "registre", tranche=tranche(requete, lignes.order_by("-pk")))
