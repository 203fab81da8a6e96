"""The yearly evaluation: the proposal and its reasons, the decision, the contestation."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from binome import francais
from binome.dossiers import travail
from binome.dossiers.contrats import evaluations
from binome.dossiers.contrats.journal import etat_de, objectifs_au
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Contrat
from binome.dossiers.nomenclatures import Role
from binome.simulation import PART_ENTIERE
from binome.site.caisse.pages import Formulaire, Texte, envoi, formulaire, page, tranche
from binome.site.caisse.templatetags.dossiers import part as ecrire_part
from binome.site.caisse.templatetags.dossiers import rang as rang_de
from binome.site.comptes.acces import AGENTS, Requete, ouvrir, reserve
from binome.site.socle.saisies import Part

#: Choices that one demand may make: those of a page, and a little more.
CHOIX_MAXIMUM = 500


class Decision(Formulaire):
    """The part decided."""

    part = Part(
        label="Autre part de l'aide",
        borne=PART_ENTIERE,
        required=False,
        help_text="vide : la part proposée par les règles",
    )
    motif = Texte(
        label="Motif", required=False, help_text="Attendu pour s'écarter de la proposition, ou corriger une évaluation"
    )
    #: The part whose amount was shown: another one than the rules' is decided once its amount was seen.
    montree = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, proposition: evaluations.Proposition, *args: Any, **champs: Any) -> None:
        super().__init__(*args, **champs)
        self.proposition = proposition

    def clean(self) -> dict[str, Any]:
        """Show what a part comes to before it is decided."""
        donnees = super().clean() or self.cleaned_data
        part, montree = donnees.get("part"), donnees.get("montree", "")
        if part is None or part == self.proposition.taux or not donnees.get("motif") or montree == str(part):
            return donnees
        # Only now is the amount shown: a first try refused for another reason confirms nothing.
        self.data = dict(self.data.items()) | {"montree": str(part)}
        maximum = self.proposition.annee.montant_maximal
        soit = "" if maximum is None else f", soit {francais.euros(_du(part, maximum))} pour une année entière"
        raise ValidationError(f"À confirmer : {ecrire_part(part)} de l'aide{soit}. Décidez de nouveau pour confirmer.")


def _du(part: Fraction, maximum: int) -> int:
    """A part of an amount in cents, half a cent rounded up."""
    return math.floor(part * maximum + Fraction(1, 2))


@require_http_methods(["GET", "POST"])
@reserve(Role.GESTIONNAIRE, Role.RESPONSABLE)
def evaluer(requete: Requete, cle: int, annee: int) -> HttpResponse:
    """Show what the rules propose, and decide."""
    contrat = ouvrir(requete, Contrat, cle)
    etat, jour = etat_de(contrat), timezone.localdate()
    try:
        proposition = evaluations.proposer(contrat, etat, annee, jour)
    except Refus as refus:
        raise Http404(str(refus)) from refus

    def executer(donnees: dict[str, Any]) -> str:
        evaluations.decider(contrat.pk, annee, requete.acteur, taux=donnees["part"], motif=donnees["motif"])
        return f"Évaluation de l'année {annee} décidée."

    return formulaire(
        requete,
        Decision(proposition, envoi(requete)),
        executer,
        titre=f"Évaluer l'année {annee} — {contrat}",
        rubrique="journee",
        retour=reverse("caisse:contrat", args=[cle]),
        bouton="Décider",
        modele="evaluation",
        contrat=contrat,
        proposition=proposition,
        objectifs=objectifs_au(etat, proposition.annee.debut, jour),
        decidees=contrat.evaluations.filter(annee=annee).select_related("auteur"),
    )


@dataclass(frozen=True)
class Ligne:
    """A year to evaluate, and what the rules propose."""

    contrat: Contrat
    rang: int
    proposition: evaluations.Proposition

    @property
    def entiere(self) -> bool:
        """The rules propose the whole aid, and nothing was decided before: it may be decided with others."""
        return self.proposition.taux == evaluations.ENTIERE and not self.proposition.constat.manquants


@require_http_methods(["GET", "POST"])
@reserve(*AGENTS)
def ensemble(requete: Requete) -> HttpResponse:
    """The years to evaluate, with what the rules propose; those whose whole aid they propose are decided together."""
    if requete.method == "POST" and not requete.acteur.est(Role.GESTIONNAIRE, Role.RESPONSABLE):
        raise PermissionDenied
    refusees: list[tuple[str, str]] = []
    if requete.method == "POST":
        fait = evaluations.decider_ensemble(_choisies(requete), requete.acteur)
        messages.success(requete, f"{francais.pluriel(len(fait.decidees), 'évaluation')} : aide entière décidée.")
        numeros = Contrat.objects.visibles(requete.acteur).in_bulk([cle for cle, _ in fait.refusees])
        refusees = [(f"{numeros[cle]}, année {rang}", dit) for (cle, rang), dit in fait.refusees.items()]
    jour = timezone.localdate()
    a_faire = travail.PAR_NOM["evaluations"].lignes(requete.acteur, jour)
    vues = tranche(requete, a_faire.prefetch_related("contrat__adhesions__medecin"))
    demandes = [(e.contrat, etat_de(e.contrat), rang_de(e.nom)) for e in vues]
    proposees = evaluations.propositions(demandes, jour)
    lignes = [
        Ligne(contrat, rang, proposition)
        for (contrat, _, rang), proposition in zip(demandes, proposees, strict=True)
        if proposition is not None
    ]
    return page(
        requete,
        "evaluations",
        "journee",
        422 if refusees else 200,
        lignes=lignes,
        entieres=[ligne for ligne in lignes if ligne.entiere],
        tranche=vues,
        refusees=refusees,
    )


def _choisies(requete: Requete) -> list[tuple[int, int]]:
    """The files and years ticked, among those that the agent sees; what is no such thing is left out."""
    couples = [choix.split(":") for choix in requete.POST.getlist("choix")[:CHOIX_MAXIMUM]]
    lus = [(int(c[0]), int(c[1])) for c in couples if len(c) == 2 and all(re.fullmatch(r"[0-9]{1,9}", n) for n in c)]
    siens = set(
        Contrat.objects.visibles(requete.acteur).filter(pk__in=[cle for cle, _ in lus]).values_list("pk", flat=True)
    )
    return [(cle, rang) for cle, rang in lus if cle in siens]


class Contestation(Formulaire):
    """What the doctor contests."""

    motif = Texte(label="Ce que le médecin conteste")


@require_http_methods(["GET", "POST"])
@reserve(*AGENTS)
def contester(requete: Requete, cle: int, annee: int) -> HttpResponse:
    """Record that an evaluation is contested."""
    contrat = ouvrir(requete, Contrat, cle)

    def executer(donnees: dict[str, Any]) -> str:
        evaluations.contester(contrat.pk, annee, requete.acteur, motif=donnees["motif"])
        return f"Contestation de l'année {annee} enregistrée : elle est à décider de nouveau."

    return formulaire(
        requete,
        Contestation(envoi(requete)),
        executer,
        titre=f"Contestation de l'année {annee} — {contrat}",
        rubrique="contrats",
        retour=reverse("caisse:contrat", args=[cle]),
    )
