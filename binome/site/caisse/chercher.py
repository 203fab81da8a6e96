"""The search of the header: people, societies and files by what one remembers of them."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from binome.dossiers.models import Contrat, Medecin, Structure
from binome.dossiers.patientele import recherche
from binome.site.caisse.contrats import titulaires
from binome.site.caisse.pages import consigner_lecture, page
from binome.site.comptes.acces import AGENTS, Requete, reserve

#: Lines of each kind: whoever wants more says more.
LIGNES = 25


@require_safe
@reserve(*AGENTS)
def chercher(requete: Requete) -> HttpResponse:
    """What a text names; the file itself when it names one, and nothing else."""
    acteur, texte = requete.acteur, requete.GET.get("q", "").strip()[:80]
    sources = [
        ("contrats", titulaires(Contrat.objects.visibles(acteur)).order_by("-cree_le", "-pk"), recherche.contrats),
        ("medecins", Medecin.objects.visibles(acteur), recherche.medecins),
        ("structures", Structure.objects.visibles(acteur), recherche.structures),
    ]
    trouves = {nom: (lignes, nombre) for nom, lignes, nombre in recherche.tout(sources, texte, LIGNES)} if texte else {}
    if trouves and trouves["contrats"][1] == 1:
        (contrat,) = trouves["contrats"][0]
        autres = [m for m in trouves["medecins"][0] if m.pk != contrat.medecin_id]
        autres += [s for s in trouves["structures"][0] if s.pk != contrat.structure_id]
        if not autres:
            return redirect("caisse:contrat", contrat.pk)
    consigner_lecture(requete, "chercher")
    return page(
        requete,
        "chercher",
        "",
        q=texte,
        listes={nom: lignes for nom, (lignes, _) in trouves.items()},
        comptes={nom: nombre for nom, (_, nombre) in trouves.items()},
        trouve=any(nombre for _, nombre in trouves.values()),
    )
