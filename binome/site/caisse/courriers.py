"""Letters: their templates to read and preview, a letter of a file to complete and send."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from binome.documents import courriers
from binome.dossiers.echanges import lettres
from binome.dossiers.echanges.boite_d_envoi import ESSAIS
from binome.dossiers.models import Contrat, Courriel, Courrier
from binome.erreurs import BinomeErreur
from binome.site.caisse.pages import Formulaire, envoi, formulaire, page, tranche
from binome.site.comptes.acces import AGENTS, Requete, ouvrir, reserve


@require_safe
@reserve(*AGENTS)
def liste(requete: Requete) -> HttpResponse:
    """The templates, the letters sent, the outbox."""
    visibles = Courrier.objects.visibles(requete.acteur).defer("pdf", "contenu")
    return page(
        requete,
        "courriers",
        "courriers",
        modeles=courriers.modeles(),
        tranche=tranche(requete, visibles.select_related("contrat", "auteur")),
        en_attente=Courriel.objects.visibles(requete.acteur).filter(envoye_le=None).count(),
        abandonnes=Courriel.objects.visibles(requete.acteur).filter(envoye_le=None, essais__gte=ESSAIS).count(),
    )


@require_safe
@reserve(*AGENTS)
def apercu(requete: Requete, nom: str) -> HttpResponse:
    """A template filled with its examples."""
    del requete
    try:
        octets = courriers.apercu(nom)
    except BinomeErreur as erreur:
        raise Http404(str(erreur)) from erreur
    return en_pdf(octets, f"apercu-{nom}")


def en_pdf(octets: bytes, nom: str) -> HttpResponse:
    """A PDF to read."""
    reponse = HttpResponse(octets, content_type="application/pdf")
    reponse["Content-Disposition"] = f'inline; filename="{nom}.pdf"'
    return reponse


@require_safe
@reserve(*AGENTS)
def telecharger(requete: Requete, cle: int) -> HttpResponse:
    """A letter, as it was sent."""
    courrier = ouvrir(requete, Courrier, cle, action="telecharger")
    return en_pdf(bytes(courrier.pdf), f"courrier-{cle}")


class Lettre(Formulaire):
    """The values of a letter: those that the file tells are filled in."""

    def __init__(self, lettre: courriers.Courrier, *args: Any, **champs: Any) -> None:
        super().__init__(*args, **champs)
        self.modele = courriers.modele(lettre.modele)
        for nom, champ in self.modele.champs.items():
            self.fields[f"champ_{nom}"] = forms.CharField(
                label=champ.libelle,
                initial=lettre.champs.get(nom, ""),
                max_length=2000,
                help_text=f"Exemple : {champ.exemple}" if not lettre.champs.get(nom) else "",
                widget=forms.Textarea(attrs={"rows": 2}),
            )
        for nom, tableau in self.modele.tableaux.items():
            lignes = lettre.tableaux[nom].lignes
            self.fields[f"tableau_{nom}"] = forms.CharField(
                label=f"{tableau.libelle} ({lettres.SEPARATEUR.join(tableau.titres)})",
                initial="\n".join(lettres.SEPARATEUR.join(ligne) for ligne in lignes),
                max_length=6000,
                help_text="Une ligne par rangée, cellules séparées par « | »",
                widget=forms.Textarea(attrs={"rows": 6}),
            )

    def valeurs(self) -> tuple[dict[str, str], dict[str, list[list[str]]]]:
        """Fields and tables, as the letter takes them."""
        donnees = self.cleaned_data
        champs = {nom: donnees[f"champ_{nom}"] for nom in self.modele.champs}
        tableaux = {
            nom: [
                [c.strip() for c in ligne.split("|")]
                for ligne in donnees[f"tableau_{nom}"].splitlines()
                if ligne.strip()
            ]
            for nom in self.modele.tableaux
        }
        return champs, tableaux


@require_http_methods(["GET", "POST"])
@reserve(*lettres.ECRIVENT)
def ecrire(requete: Requete, cle: int) -> HttpResponse:
    """Choose a template (`?modele=`), complete the letter, look at it, send it."""
    contrat = ouvrir(requete, Contrat, cle, lignes=Contrat.objects.select_related("medecin", "structure", "caisse"))
    retour = reverse("caisse:contrat", args=[cle])
    nom = requete.GET.get("modele", "")
    if not nom:
        return page(requete, "courrier_choix", "contrats", contrat=contrat, modeles=courriers.modeles(), retour=retour)
    try:
        lettre = lettres.preparer(contrat, nom, requete.acteur, timezone.localdate())
    except BinomeErreur as erreur:
        raise Http404(str(erreur)) from erreur
    fait = Lettre(lettre, envoi(requete))
    if requete.method == "POST" and "apercu" in requete.POST and fait.is_valid():
        try:
            vue = lettres.composer(contrat, nom, requete.acteur, *fait.valeurs(), timezone.localdate())
            return en_pdf(courriers.rendre(vue), f"apercu-{contrat.numero}")
        except BinomeErreur as erreur:
            fait.add_error(None, str(erreur))

    def executer(donnees: dict[str, Any]) -> str:
        del donnees
        pret = lettres.composer(contrat, nom, requete.acteur, *fait.valeurs(), timezone.localdate())
        lettres.envoyer(contrat.pk, pret, requete.acteur)
        return "Courrier gardé dans le dossier, et son courriel mis en attente d'envoi."

    if "apercu" in requete.POST:
        return page(
            requete,
            "courrier",
            "contrats",
            422,
            formulaire=fait,
            titre=fait.modele.titre,
            retour=retour,
            contrat=contrat,
        )
    return formulaire(
        requete,
        fait,
        executer,
        titre=f"{fait.modele.titre} — {contrat.numero}",
        rubrique="contrats",
        retour=retour,
        modele="courrier",
        contrat=contrat,
    )
