"""What letters of decision carry: the fund's ways of appeal, and who signs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from binome.dossiers.echanges import mentions
from binome.dossiers.models import Caisse, Signataire
from binome.site.caisse.pages import Formulaire, envoi, formulaire, page
from binome.site.comptes.acces import AGENTS, Requete, ouvrir, reserve
from binome.site.socle.saisies import Jour


@require_safe
@reserve(*AGENTS)
def lire(requete: Requete) -> HttpResponse:
    """The mentions in force, and what is missing."""
    jour = timezone.localdate()
    signataires = Signataire.objects.visibles(requete.acteur)
    return page(
        requete,
        "mentions",
        "courriers",
        caisse=Caisse.objects.get(pk=requete.acteur.la_caisse),
        signent=[s for s in signataires if s.jusqu_au is None or s.jusqu_au >= jour],
        anciens=[s for s in signataires if s.jusqu_au is not None and s.jusqu_au < jour],
        manque_signataire=not mentions.signataires(requete.acteur.la_caisse, jour),
        peut_ecrire=requete.acteur.est(*mentions.ECRIVENT),
    )


class Recours(forms.ModelForm):  # type: ignore[type-arg]
    """The ways of appeal of the fund."""

    required_css_class = "requis"

    class Meta:
        model = Caisse
        fields = mentions.RECOURS
        widgets = {"recours_precisions": forms.Textarea(attrs={"rows": 4})}


@require_http_methods(["GET", "POST"])
@reserve(*mentions.ECRIVENT)
def ecrire_les_recours(requete: Requete) -> HttpResponse:
    """Set the ways of appeal."""
    caisse = Caisse.objects.get(pk=requete.acteur.la_caisse)

    def executer(donnees: dict[str, Any]) -> str:
        mentions.ecrire_les_recours(caisse.pk, donnees, requete.acteur)
        return "Voies de recours enregistrées. Les lettres déjà envoyées gardent les leurs."

    return formulaire(
        requete,
        Recours(envoi(requete), instance=caisse),
        executer,
        titre="Voies de recours",
        rubrique="courriers",
        retour=reverse("caisse:mentions"),
        chapeau="Telles que la caisse les fixe : chaque lettre de décision et chaque contrat les disent.",
    )


class Nomination(Formulaire):
    """Somebody who signs."""

    nom = forms.CharField(label="Prénom et nom", max_length=120)
    qualite = forms.CharField(label="Qualité", max_length=150, help_text="Exemple : « Directrice »")
    delegation = forms.CharField(
        label="Délégation",
        max_length=300,
        required=False,
        help_text="L’acte qui permet de signer, avec sa date ; vide pour qui signe en son nom",
    )
    depuis = Jour(label="Signe depuis le")


@require_http_methods(["GET", "POST"])
@reserve(*mentions.ECRIVENT)
def nommer(requete: Requete) -> HttpResponse:
    """Name a signatory."""

    def executer(donnees: dict[str, Any]) -> str:
        nomme = mentions.nommer(requete.acteur.la_caisse, requete.acteur, **donnees)
        return f"{nomme.nom} signe depuis le {nomme.depuis:%d/%m/%Y}."

    return formulaire(
        requete,
        Nomination(envoi(requete), initial={"depuis": timezone.localdate()}),
        executer,
        titre="Nommer un signataire",
        rubrique="courriers",
        retour=reverse("caisse:mentions"),
    )


class Retrait(Formulaire):
    """The last day of a signatory."""

    jusqu_au = Jour(label="Dernier jour de signature")


@require_http_methods(["GET", "POST"])
@reserve(*mentions.ECRIVENT)
def retirer(requete: Requete, cle: int) -> HttpResponse:
    """End a signatory."""
    signataire = ouvrir(requete, Signataire, cle)

    def executer(donnees: dict[str, Any]) -> str:
        mentions.retirer(cle, requete.acteur, donnees["jusqu_au"])
        return f"{signataire.nom} ne signe plus après le {donnees['jusqu_au']:%d/%m/%Y}."

    return formulaire(
        requete,
        Retrait(envoi(requete), initial={"jusqu_au": timezone.localdate()}),
        executer,
        titre=f"Retirer la signature de {signataire.nom}",
        rubrique="courriers",
        retour=reverse("caisse:mentions"),
        chapeau=f"{signataire}. Les lettres déjà envoyées gardent sa signature.",
    )
