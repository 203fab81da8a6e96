"""Bank accounts: proposed with their proof by one agent, examined by another."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from binome import francais, identifiants
from binome.dossiers.echanges import comptes
from binome.dossiers.echanges.depot import aide
from binome.dossiers.models import CompteBancaire, Medecin, Structure
from binome.site.caisse.pages import Fichier as ChampFichier
from binome.site.caisse.pages import Formulaire, envoi, envoi_et_fichiers, formulaire, lire
from binome.site.caisse.pieces import pages_vues
from binome.site.comptes.acces import Requete, ouvrir, reserve


class Rib(Formulaire):
    """A bank account, and the document that it is copied from."""

    titulaire = forms.CharField(label="Titulaire", max_length=70)
    iban = forms.CharField(label="IBAN", max_length=42)
    bic = forms.CharField(label="BIC", max_length=14, required=False)
    fichier = ChampFichier(label="RIB reçu", help_text=aide(settings.TAILLE_MAXIMALE_PIECE))

    def clean_iban(self) -> str:
        """An account of the SEPA zone, with a right key."""
        return lire(identifiants.iban, self.cleaned_data["iban"])

    def clean_bic(self) -> str:
        """A bank, or nothing."""
        return lire(identifiants.bic, self.cleaned_data["bic"]) if self.cleaned_data["bic"] else ""


@require_http_methods(["GET", "POST"])
@reserve(*comptes.PROPOSENT)
def du_medecin(requete: Requete, cle: int) -> HttpResponse:
    """Propose an account for a doctor."""
    return _proposer(requete, ouvrir(requete, Medecin, cle), reverse("caisse:medecin", args=[cle]))


@require_http_methods(["GET", "POST"])
@reserve(*comptes.PROPOSENT)
def de_la_structure(requete: Requete, cle: int) -> HttpResponse:
    """Propose an account for a society."""
    return _proposer(requete, ouvrir(requete, Structure, cle), reverse("caisse:structure", args=[cle]))


def _proposer(requete: Requete, qui: Medecin | Structure, retour: str) -> HttpResponse:
    def executer(donnees: dict[str, Any]) -> str:
        rib = donnees.pop("fichier")
        comptes.proposer(qui, requete.acteur, rib=(rib.name, rib.read()), **donnees)
        return f"Compte de {qui} proposé : un autre agent, valideur ou responsable de caisse, le valide."

    return formulaire(
        requete,
        Rib(*envoi_et_fichiers(requete), initial={"titulaire": str(qui)[:70]}),
        executer,
        titre=f"Compte bancaire de {qui}",
        rubrique="medecins",
        retour=retour,
        bouton="Proposer ce compte",
        chapeau="Recopiez le RIB reçu et joignez-le. Un autre agent le contrôle ; le titulaire est averti ; le compte "
        "sert ensuite, au terme du délai de la caisse. L'ancien compte reste dans l'historique.",
    )


class Examen(Formulaire):
    """Accepted or not."""

    decision = forms.ChoiceField(
        label="Décision",
        choices=[("valider", "Le compte est bien celui du RIB et de son titulaire : valider"), ("refuser", "Refuser")],
        widget=forms.RadioSelect,
    )
    motif = forms.CharField(label="Motif du refus", max_length=300, required=False)


@require_http_methods(["GET", "POST"])
@reserve(*comptes.VALIDENT)
def examiner(requete: Requete, cle: int) -> HttpResponse:
    """Validate or refuse a proposed account, its proof beside it."""
    lignes = CompteBancaire.objects.select_related("medecin", "structure", "rib", "saisi_par")
    compte = ouvrir(requete, CompteBancaire, cle, lignes=lignes)
    qui = compte.de_qui

    def executer(donnees: dict[str, Any]) -> str:
        if donnees["decision"] == "refuser":
            comptes.refuser(cle, requete.acteur, motif=donnees["motif"])
            return f"Compte de {qui} refusé."
        valide = comptes.valider(cle, requete.acteur)
        if valide.utilisable_le is None:
            return f"Compte de {qui} validé. Son titulaire n'a pas de courriel : avertissez-le, puis notez-le."
        utilisable = francais.date_courte(valide.utilisable_le)
        return f"Compte de {qui} validé ; titulaire averti ({valide.moyen_annonce}) ; utilisable le {utilisable}."

    return formulaire(
        requete,
        Examen(envoi(requete)),
        executer,
        titre=f"Compte bancaire de {qui}",
        rubrique="journee",
        retour=reverse("caisse:journee"),
        modele="compte",
        compte=compte,
        piece=compte.rib,
        pages_vues=pages_vues(compte.rib),
        ancien=qui.comptes_bancaires.filter(actif=True).exclude(pk=compte.pk).first(),
        soi_meme=compte.saisi_par_id == requete.user.pk,
    )


class Annonce(Formulaire):
    """How a holder was told."""

    moyen = forms.CharField(
        label="Comment le titulaire a été averti",
        max_length=200,
        help_text="À une adresse ou à un numéro déjà connus de la caisse : « lettre du 3 mars », « appel au cabinet ».",
    )


@require_http_methods(["GET", "POST"])
@reserve(*comptes.PROPOSENT, comptes.VALIDENT[0])
def annoncer(requete: Requete, cle: int) -> HttpResponse:
    """Record that a holder without an e-mail was told of the account."""
    compte = ouvrir(requete, CompteBancaire, cle)

    def executer(donnees: dict[str, Any]) -> str:
        annonce = comptes.annoncer(cle, requete.acteur, moyen=donnees["moyen"])
        assert annonce.utilisable_le is not None  # noqa: S101 - just announced
        return f"Annonce notée : compte utilisable le {francais.date_courte(annonce.utilisable_le)}."

    return formulaire(
        requete,
        Annonce(envoi(requete)),
        executer,
        titre=f"Annoncer le compte de {compte.de_qui}",
        rubrique="journee",
        retour=reverse("caisse:journee"),
        chapeau=f"{compte} : la caisse n'a pas de courriel où avertir son titulaire. Rien n'y est versé avant.",
    )
