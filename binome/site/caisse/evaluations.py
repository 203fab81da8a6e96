"""The yearly evaluation: the proposal and its reasons, the decision, the contestation."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from binome.dossiers.contrats import evaluations
from binome.dossiers.contrats.journal import etat_de
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Contrat
from binome.dossiers.nomenclatures import Role
from binome.site.caisse.pages import Formulaire, Texte, envoi, formulaire
from binome.site.comptes.acces import AGENTS, Requete, ouvrir, reserve

CENT = 100


class Decision(Formulaire):
    """The part decided."""

    part = forms.DecimalField(
        label="Autre part de l'aide (%)",
        min_value=0,
        max_value=100,
        decimal_places=4,
        required=False,
        help_text="Vide : la part proposée par les règles",
    )
    motif = Texte(
        label="Motif", required=False, help_text="Attendu pour s'écarter de la proposition, ou corriger une évaluation"
    )


@require_http_methods(["GET", "POST"])
@reserve(Role.GESTIONNAIRE, Role.RESPONSABLE)
def evaluer(requete: Requete, cle: int, annee: int) -> HttpResponse:
    """Show what the rules propose, and decide."""
    contrat = ouvrir(requete, Contrat, cle)
    try:
        proposition = evaluations.proposer(contrat, etat_de(contrat), annee, timezone.localdate())
    except Refus as refus:
        raise Http404(str(refus)) from refus

    def executer(donnees: dict[str, Any]) -> str:
        part = None if donnees["part"] is None else Fraction(donnees["part"]) / CENT
        evaluations.decider(contrat.pk, annee, requete.acteur, taux=part, motif=donnees["motif"])
        return f"Évaluation de l'année {annee} décidée."

    return formulaire(
        requete,
        Decision(envoi(requete)),
        executer,
        titre=f"Évaluer l'année {annee} — {contrat}",
        rubrique="journee",
        retour=reverse("caisse:contrat", args=[cle]),
        bouton="Décider",
        modele="evaluation",
        contrat=contrat,
        proposition=proposition,
        decidees=contrat.evaluations.filter(annee=annee).select_related("auteur"),
    )


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
