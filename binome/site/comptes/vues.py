"""Where each role starts, and the choice of one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from binome.dossiers.nomenclatures import Role
from binome.site.comptes.acces import CLE, acteur_de, affectations_de

ACCUEILS = {
    Role.MEDECIN: "medecin:accueil",
    Role.DELEGUE: "caisse:prospection",
    Role.GESTIONNAIRE: "caisse:journee",
    Role.VALIDEUR: "caisse:journee",
    Role.RESPONSABLE: "caisse:journee",
    Role.PILOTAGE: "caisse:national",
    Role.ADMINISTRATEUR: "caisse:valeurs",
}


@require_safe
def accueil(requete: HttpRequest) -> HttpResponse:
    """The first page of the role; the choice of one when there are several and none was chosen."""
    affectations = affectations_de(requete)
    acteur = acteur_de(requete)
    if acteur is None or (len(affectations) > 1 and CLE not in requete.session):
        return render(requete, "comptes/roles.html", {"affectations": affectations})
    return redirect(ACCUEILS[acteur.role])


@require_POST
def choisir(requete: HttpRequest) -> HttpResponse:
    """Take one's own roles, one at a time."""
    cle = requete.POST.get("affectation", "")
    if cle.isdecimal() and int(cle) in {affectation.pk for affectation in affectations_de(requete)}:
        requete.session[CLE] = int(cle)
        requete.session.cycle_key()
        return redirect("comptes:accueil")
    return redirect("comptes:accueil")
