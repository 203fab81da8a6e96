"""Where each role starts, the choice of one, and the sessions of an account."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from binome.dossiers.nomenclatures import Role
from binome.site.comptes.acces import CLE, acteur_de, affectations_de
from binome.site.comptes.journal import Quoi, noter
from binome.site.comptes.models import Connexion
from binome.site.comptes.navigateurs import en_mots
from binome.site.comptes.sessions import changer_de_cle, fermer_les_sessions, sessions_de

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
        changer_de_cle(requete)
        return redirect("comptes:accueil")
    return redirect("comptes:accueil")


#: Log-ins and refusals shown to whoever the account belongs to.
DERNIERS_FAITS = 20


@require_safe
@never_cache
def sessions(requete: HttpRequest) -> HttpResponse:
    """The open sessions of the account, and what happened lately at its door."""
    ouvertes = [(session, en_mots(session.user_agent)) for session in sessions_de(requete.user)]  # type: ignore[arg-type]
    faits = Connexion.objects.filter(utilisateur=requete.user.pk).select_related("auteur")[:DERNIERS_FAITS]
    return render(
        requete,
        "comptes/sessions.html",
        {"rubrique": "compte", "sessions": ouvertes, "actuelle": requete.session.session_key, "faits": faits},
    )


@require_POST
def fermer(requete: HttpRequest) -> HttpResponse:
    """Close one session of the account, or all the others."""
    cle = requete.POST.get("session", "")
    if cle == "autres":
        fermees = fermer_les_sessions(requete.user, sauf=requete.session.session_key)  # type: ignore[arg-type]
    else:
        trouvees = [session for session in sessions_de(requete.user) if str(session.pk) == cle]  # type: ignore[arg-type]
        if not trouvees:
            raise Http404
        trouvees[0].end()
        fermees = 1
    noter(Quoi.FERMEE, requete, requete.user, detail=cle if cle == "autres" else "")  # type: ignore[arg-type]
    messages.success(requete, "Session fermée." if fermees == 1 else f"Sessions fermées : {fermees}.")
    return redirect("comptes:sessions")
