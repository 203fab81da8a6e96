"""Letters: their templates to read and preview, a letter of a file to complete and send."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from binome.documents import courriers
from binome.dossiers.acteur import Acteur
from binome.dossiers.echanges import courriels_en_echec, impression, lettres, mentions
from binome.dossiers.echanges.boite_d_envoi import EN_ATTENTE
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Canal, Contrat, Courriel, Courrier, Signataire
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
        en_attente=Courriel.objects.visibles(requete.acteur).filter(EN_ATTENTE).count(),
        a_imprimer=impression.a_imprimer(requete.acteur).count(),
        a_poster=impression.a_poster(requete.acteur).count(),
        en_echec=courriels_en_echec.en_echec(requete.acteur).count(),
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


#: Boxes that are beside the letter: no template has a field of these names.
SIGNATAIRE, VOIE = "signe_par", "part_par"


class Lettre(Formulaire):
    """What the agent types in a letter, who signs it and how it travels; what the file tells is shown beside."""

    def __init__(self, contrat: Contrat, lettre: courriers.Courrier, *args: Any, **champs: Any) -> None:
        super().__init__(*args, **champs)
        modele = courriers.modele(lettre.modele)
        for nom in lettres.a_completer(lettre):
            champ = modele.champs[nom]
            self.fields[nom] = forms.CharField(
                label=champ.libelle,
                initial=lettre.champs[nom],
                max_length=2000,
                required=nom not in modele.facultatifs,
                help_text="" if lettre.champs[nom] else f"Exemple : {champ.exemple}",
                widget=forms.Textarea(attrs={"rows": 2}),
            )
        if modele.decide:
            self.fields[SIGNATAIRE] = forms.ModelChoiceField(
                Signataire.objects.filter(pk__in=[s.pk for s in mentions.signataires(contrat.caisse_id, lettre.date)]),
                label="Signataire",
                empty_label=None,
            )
        voies = lettres.canaux(lettres.medecin_vise(contrat, lettre))
        self.fields[VOIE] = forms.ChoiceField(
            label="Comment part-elle ?", choices=[(v.value, v.label) for v in voies], initial=voies[0].value
        )

    def ecrits(self) -> dict[str, str]:
        """What was typed in the letter itself."""
        return {nom: texte for nom, texte in self.cleaned_data.items() if nom not in {SIGNATAIRE, VOIE}}


def proposee(contrat: Contrat, nom: str, acteur: Acteur, dit: str) -> str:
    """What an act says once done, with the way to the letter that it causes, if the file has what it quotes."""
    jour = timezone.localdate()
    if not nom or acteur.role not in lettres.ECRIVENT:
        return dit
    if nom not in {p.modele.nom for p in lettres.proposables(contrat, acteur, jour)}:
        return dit
    adresse = reverse("caisse:ecrire", args=[contrat.pk], query={"modele": nom})
    return format_html('{} <a href="{}">Écrire « {} »</a>', dit, adresse, courriers.modele(nom).titre)


@require_http_methods(["GET", "POST"])
@reserve(*lettres.ECRIVENT)
def ecrire(requete: Requete, cle: int) -> HttpResponse:
    """Choose a letter (`?modele=`), complete it, look at it, send it; `?sujet=` says which thing, among several."""
    contrat = ouvrir(requete, Contrat, cle, lignes=Contrat.objects.select_related("medecin", "structure", "caisse"))
    retour, jour = reverse("caisse:contrat", args=[cle]), timezone.localdate()
    nom, sujet = requete.GET.get("modele", ""), requete.GET.get("sujet", "")
    if not nom:
        proposes = lettres.proposables(contrat, requete.acteur, jour)
        return page(requete, "courrier_choix", "contrats", contrat=contrat, proposes=proposes, retour=retour)
    try:
        lettre = lettres.preparer(contrat, nom, requete.acteur, jour, sujet=int(sujet) if sujet.isdecimal() else None)
    except BinomeErreur as erreur:
        raise Http404(str(erreur)) from erreur
    fait = Lettre(contrat, lettre, envoi(requete))
    modele = courriers.modele(nom)
    contexte: dict[str, Any] = {
        "contrat": contrat,
        "sus": [(c.libelle, lettre.champs[n]) for n, c in modele.champs.items() if n not in fait.fields],
        "manques": lettres.manques(modele, contrat, jour),
        "tableaux": [(t.libelle, t.titres, lettre.tableaux[n].lignes) for n, t in modele.tableaux.items()],
    }
    if requete.method == "POST" and "apercu" in requete.POST:
        if fait.is_valid():
            try:
                vue = lettres.composer(lettre, fait.ecrits(), fait.cleaned_data.get(SIGNATAIRE))
                return en_pdf(courriers.rendre(vue), f"apercu-{contrat.numero}")
            except BinomeErreur as erreur:
                fait.add_error(None, str(erreur))
        return page(
            requete, "courrier", "contrats", 422, formulaire=fait, titre=modele.titre, retour=retour, **contexte
        )

    def executer(donnees: dict[str, Any]) -> str:
        composee = lettres.composer(lettre, fait.ecrits(), donnees.get(SIGNATAIRE))
        espace = requete.build_absolute_uri(reverse("medecin:accueil"))
        courrier = lettres.envoyer(contrat.pk, composee, requete.acteur, canal=Canal(donnees[VOIE]), espace=espace)
        if courrier.canal == Canal.ESPACE:
            return "Lettre gardée dans le dossier ; le médecin la trouve dans son espace, un courriel l'en avertit."
        return "Lettre gardée dans le dossier, et mise dans la file d'impression."

    return formulaire(
        requete,
        fait,
        executer,
        titre=f"{modele.titre} — {contrat.numero}",
        rubrique="contrats",
        retour=retour,
        modele="courrier",
        **contexte,
    )


class Suite(Formulaire):
    """What is done of an e-mail that was given up."""

    suite = forms.ChoiceField(label="Que faire ?")

    def __init__(self, adresse: str, *args: Any, **champs: Any) -> None:
        super().__init__(*args, **champs)
        choix: Any = self.fields["suite"]
        choix.choices = [
            ("renvoyer", f"L'envoyer de nouveau, à {adresse}"),
            ("classer", "Le classer : le médecin a été prévenu autrement"),
        ]


@require_http_methods(["GET", "POST"])
@reserve(*courriels_en_echec.REPRENNENT)
def reprendre(requete: Requete, cle: int) -> HttpResponse:
    """An e-mail that was given up: sent again to the doctor's address of today, or filed."""
    courriel = ouvrir(requete, Courriel, cle, lignes=Courriel.objects.select_related(*courriels_en_echec.DE_QUI))
    if courriel.abandonne_le is None or courriel.classe_le is not None:
        raise Http404
    adresse = courriels_en_echec.adresse_actuelle(courriel)

    def executer(donnees: dict[str, Any]) -> str:
        if donnees["suite"] == "classer":
            courriels_en_echec.classer(cle, requete.acteur)
            return "Courriel classé."
        courriels_en_echec.renvoyer(cle, requete.acteur)
        return f"Courriel remis en attente d'envoi, à {adresse}."

    return formulaire(
        requete,
        Suite(adresse, envoi(requete)),
        executer,
        titre="Courriel abandonné",
        rubrique="courriers",
        retour=reverse("caisse:journee"),
        chapeau=f"« {courriel.objet} », à {courriel.destinataire} : {courriel.erreur}. "
        "L'adresse se corrige sur la fiche du médecin.",
    )


@require_POST
@reserve(*courriels_en_echec.REPOND_DES_COMPTES)
def classer_de_compte(requete: Requete, cle: int) -> HttpResponse:
    """A mail of an account that was given up: taken off the list."""
    try:
        courriels_en_echec.classer_de_compte(cle, requete.acteur)
    except Refus as refus:
        raise Http404 from refus
    messages.success(requete, "Courriel de compte classé.")
    return redirect("caisse:journee")
