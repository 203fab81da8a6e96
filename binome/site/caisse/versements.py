"""Payments: campaigns, transfers, returns, ledger, claims."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q, Sum
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from binome import argent, francais
from binome.dossiers.acteur import reserver
from binome.dossiers.models import Campagne, Contrat, Ecriture, LigneVersement
from binome.dossiers.nomenclatures import Compte, StatutLigne
from binome.dossiers.paiements import annulations, banque, campagnes, grand_livre, rejeux, signalements
from binome.erreurs import BinomeErreur
from binome.site.caisse.pages import Fichier as ChampFichier
from binome.site.caisse.pages import (
    Formulaire,
    Texte,
    envoi,
    envoi_et_fichiers,
    formulaire,
    page,
    raisons,
    tranche,
)
from binome.site.comptes.acces import AGENTS, Requete, ouvrir, reserve
from binome.site.socle.saisies import Euros, Jour


class Nouvelle(Formulaire):
    """A campaign."""

    date = Jour(label="Payer ce qui est dû au")


@require_http_methods(["GET", "POST"])
@reserve(*AGENTS)
def liste(requete: Requete) -> HttpResponse:
    """The campaigns of the fund, and a new one."""
    ouvertes: list[Campagne] = []

    def executer(donnees: dict[str, Any]) -> str:
        caisse = requete.acteur.la_caisse
        campagne = campagnes.ouvrir(caisse, donnees["date"], requete.acteur)
        ouvertes.append(campagnes.preparer(campagne.pk))
        return "Campagne préparée : à valider par un autre agent."

    lignes = (
        Campagne.objects.visibles(requete.acteur)
        .select_related("proposee_par", "validee_par")
        .annotate(
            virements=Count("lignes", filter=Q(lignes__montant__gt=0) & ~Q(lignes__statut=StatutLigne.ECARTEE)),
            total=Sum("lignes__montant", filter=~Q(lignes__statut=StatutLigne.ECARTEE)),
        )
        .order_by("-date", "-pk")
    )
    creances = (
        Ecriture.objects.visibles(requete.acteur)
        .filter(compte=Compte.CREANCE)
        .values("contrat", "contrat__numero", "contrat__medecin__nom", "contrat__structure__nom")
        .annotate(solde=Sum("montant"))
        .filter(solde__lt=0)
        .order_by("solde")[:50]
    )
    reponse = formulaire(
        requete,
        Nouvelle(envoi(requete)),
        executer,
        titre="Versements",
        rubrique="versements",
        retour=reverse("caisse:versements"),
        bouton="Préparer",
        modele="versements",
        tranche=tranche(requete, lignes),
        creances=[{**c, "du": -c["solde"]} for c in creances],
        propose=requete.acteur.role in campagnes.PROPOSENT,
        valide=requete.acteur.role in campagnes.VALIDENT,
    )
    if ouvertes:
        reponse["Location"] = reverse("caisse:campagne", args=[ouvertes[0].pk])
    return reponse


#: Who did what to a campaign.
AGENTS_DE_LA_CAMPAGNE = ("proposee_par", "validee_par", "emise_par", "annulation_demandee_par", "annulee_par")


@require_safe
@reserve(*AGENTS)
def campagne(requete: Requete, cle: int) -> HttpResponse:
    """A campaign and its lines, by state."""
    ouverte = ouvrir(requete, Campagne, cle, lignes=Campagne.objects.select_related(*AGENTS_DE_LA_CAMPAGNE))
    statut = requete.GET.get("statut", "")
    lignes = ouverte.lignes.select_related(*DE_LA_LIGNE).order_by("pk")
    if statut in StatutLigne.values:
        lignes = lignes.filter(statut=statut)
    vues = tranche(requete, lignes)
    signales = signalements.signaler(vues)
    for ligne in vues:
        ligne.signalements = signales[ligne.pk]
    comptes = {
        ligne["statut"]: ligne
        for ligne in ouverte.lignes.order_by()
        .values("statut")
        .annotate(nombre=Count("pk"), total=Sum("montant"), creances=Sum("indu"), retenues=Sum("compensation"))
    }
    acteur = requete.acteur
    autre = acteur.utilisateur is not None and acteur.utilisateur.pk != ouverte.proposee_par_id
    return page(
        requete,
        "campagne",
        "versements",
        campagne=ouverte,
        tranche=vues,
        filtre=f"statut={statut}" if statut else "",
        comptes=[{**c, "libelle": StatutLigne(c["statut"]).label} for c in comptes.values()],
        statut=statut,
        peut_valider=acteur.role in campagnes.VALIDENT and autre,
        peut_emettre=acteur.role in campagnes.VALIDENT,
        peut_annuler=acteur.role in (*campagnes.PROPOSENT, *campagnes.VALIDENT),
        peut_reprendre=acteur.role in campagnes.PROPOSENT,
        fichier=ouverte.fichiers.defer("octets").first(),
        execution=annulations.jour_d_execution(ouverte) if ouverte.emise_le else None,
        annulable=annulations.annulable(ouverte, timezone.localdate()),
        peut_annuler_l_ordre=acteur.role in campagnes.VALIDENT
        and acteur.utilisateur is not None
        and acteur.utilisateur.pk != ouverte.annulation_demandee_par_id,
        reponses=banque.reponses_de(ouverte),
    )


@require_POST
@reserve(*AGENTS)
def agir(requete: Requete, cle: int, acte: str) -> HttpResponse:
    """Go on with a preparation, or drop a campaign."""
    ouvrir(requete, Campagne, cle)
    try:
        if acte == "preparer":
            reserver(requete.acteur, requete.acteur.la_caisse, campagnes.PROPOSENT, "préparer")
            campagnes.preparer(cle)
            messages.success(requete, "Campagne préparée.")
        elif acte == "annuler":
            campagnes.annuler(cle, requete.acteur, motif=requete.POST.get("motif", ""))
            messages.success(requete, "Campagne annulée.")
        else:
            raise Http404
    except BinomeErreur as erreur:
        for raison in raisons(erreur):
            messages.error(requete, raison)
    return redirect("caisse:campagne", cle)


#: What a line shows of its contract and of its account.
DE_LA_LIGNE = (
    "contrat__medecin",
    "contrat__structure",
    "compte_bancaire__saisi_par",
    "compte_bancaire__valide_par",
)


class Confirmation(Formulaire):
    """What the agent was shown, sent back as it was."""

    total = forms.RegexField(r"^[0-9]{1,15}$", widget=forms.HiddenInput)


@require_http_methods(["GET", "POST"])
@reserve(*campagnes.VALIDENT)
def valider(requete: Requete, cle: int) -> HttpResponse:
    """Ask once more, with the total and what stands out, then record what the campaign proposes."""

    def executer(total: int) -> str:
        campagnes.valider(cle, requete.acteur, total=total)
        return "Campagne validée : les virements peuvent être émis."

    return _confirmer(requete, cle, StatutLigne.PROPOSEE, "Valider la campagne", executer)


@require_http_methods(["GET", "POST"])
@reserve(*campagnes.VALIDENT)
def emettre(requete: Requete, cle: int) -> HttpResponse:
    """Ask once more, with the total and what stands out, then issue the transfers."""

    def executer(total: int) -> str:
        emis = banque.emettre_campagne(cle, requete.acteur, total=total)
        return "Virements émis." if emis else "Campagne terminée : aucun virement à émettre."

    return _confirmer(requete, cle, StatutLigne.VALIDEE, "Émettre les virements", executer)


def _confirmer(
    requete: Requete,
    cle: int,
    statut: StatutLigne,
    titre: str,
    executer: Callable[[int], str],
    *,
    quoi: str = "Total à virer",
) -> HttpResponse:
    ouverte = ouvrir(requete, Campagne, cle, lignes=Campagne.objects.select_related("proposee_par"))
    lignes = list(ouverte.lignes.filter(statut=statut).select_related(*DE_LA_LIGNE).order_by("pk"))
    vus = signalements.signaler(lignes)
    total = sum(ligne.montant for ligne in lignes)
    return formulaire(
        requete,
        Confirmation(envoi(requete), initial={"total": total}),
        lambda donnees: executer(int(donnees["total"])),
        titre=f"{titre} du {francais.date_courte(ouverte.date)}",
        rubrique="versements",
        retour=reverse("caisse:campagne", args=[cle]),
        bouton=f"{titre} : {francais.euros(total)}",
        modele="campagne_confirmer",
        campagne=ouverte,
        nombre=sum(ligne.montant > 0 for ligne in lignes),
        total=total,
        quoi=quoi,
        creances=sum(ligne.indu for ligne in lignes),
        a_voir=[{"ligne": ligne, "signalements": vus[ligne.pk]} for ligne in lignes if vus[ligne.pk]],
    )


class Motif(Formulaire):
    """A written reason."""

    motif = Texte(label="Motif")


@require_http_methods(["GET", "POST"])
@reserve(*AGENTS)
def ecarter(requete: Requete, cle: int) -> HttpResponse:
    """Set a proposed line aside."""
    ligne = ouvrir(requete, LigneVersement, cle, lignes=LigneVersement.objects.select_related("contrat"))

    def executer(donnees: dict[str, Any]) -> str:
        campagnes.ecarter(cle, requete.acteur, motif=donnees["motif"])
        return "Ligne écartée : la campagne suivante la proposera de nouveau."

    return formulaire(
        requete,
        Motif(envoi(requete)),
        executer,
        titre=f"Écarter la ligne du dossier {ligne.contrat.numero}",
        rubrique="versements",
        retour=reverse("caisse:campagne", args=[ligne.campagne_id]),
        bouton="Écarter",
    )


@require_safe
@reserve(*campagnes.VALIDENT)
def fichier(requete: Requete, cle: int) -> HttpResponse:
    """The file sent to the bank, byte for byte."""
    ouverte = ouvrir(requete, Campagne, cle, action="telecharger_virements")
    emis = ouverte.fichiers.first()
    if emis is None:
        raise Http404
    reponse = HttpResponse(bytes(emis.octets), content_type="application/xml")
    reponse["Content-Disposition"] = f'attachment; filename="{emis.nom}"'
    return reponse


@require_http_methods(["GET", "POST"])
@reserve(*AGENTS)
def demander_annulation(requete: Requete, cle: int) -> HttpResponse:
    """Ask for the cancellation of an order that was issued."""
    ouverte = ouvrir(requete, Campagne, cle)

    def executer(donnees: dict[str, Any]) -> str:
        annulations.demander(cle, requete.acteur, motif=donnees["motif"])
        return "Annulation demandée : un autre agent la confirme, avant le jour d'exécution."

    return formulaire(
        requete,
        Motif(envoi(requete)),
        executer,
        titre=f"Demander l'annulation de l'ordre — {ouverte}",
        rubrique="versements",
        retour=reverse("caisse:campagne", args=[cle]),
        bouton="Demander l'annulation",
        chapeau="Un ordre émis s'annule avant son jour d'exécution, par deux agents. Retirez-le aussi à la banque : le "
        "site ne lui parle pas.",
    )


@require_http_methods(["GET", "POST"])
@reserve(*campagnes.VALIDENT)
def annuler_ordre(requete: Requete, cle: int) -> HttpResponse:
    """Ask once more, with the total, then cancel the order."""

    def executer(total: int) -> str:
        annulations.annuler(cle, requete.acteur, total=total)
        return "Ordre annulé : ses virements redeviennent dus, la campagne suivante les paiera."

    return _confirmer(requete, cle, StatutLigne.EMISE, "Annuler l'ordre", executer, quoi="Total à annuler")


class Retours(Formulaire):
    """A file from the bank."""

    fichier = ChampFichier(label="Fichier de la banque (pain.002, camt.053 ou camt.054)")


@require_http_methods(["GET", "POST"])
@reserve(*campagnes.VALIDENT)
def retours(requete: Requete) -> HttpResponse:
    """Take in the bank's answers."""

    def executer(donnees: dict[str, Any]) -> str:
        recu, caisse = donnees["fichier"], requete.acteur.la_caisse
        bilan = banque.recevoir(caisse, recu.name, recu.read(), requete.acteur)
        dit = f"{bilan.retournes} virement(s) rejeté(s), {francais.euros(bilan.centimes)}."
        if bilan.ordres_rejetes:
            dit += f" Ordre rejeté en entier : {', '.join(bilan.ordres_rejetes)} ; tous ses virements redeviennent dus."
        if bilan.acceptes and not bilan.retournes:
            dit += " La banque accuse réception : rien ne revient."
        if bilan.en_attente:
            dit += f" En attente à la banque : {bilan.en_attente}."
        for ecart in bilan.ecarts:
            rendu, vire = francais.euros(ecart.rendu), francais.euros(ecart.vire)
            dit += (
                f" {ecart.reference} : la banque rend {rendu} sur {vire} ; rien n'est inscrit, demandez-lui d'où vient "
                "l'écart."
            )
        if bilan.deja:
            dit += f" Déjà enregistrés : {', '.join(bilan.deja)}."
        if bilan.inconnues:
            dit += f" Références inconnues de la caisse : {', '.join(bilan.inconnues)}."
        return dit

    return formulaire(
        requete,
        Retours(*envoi_et_fichiers(requete)),
        executer,
        titre="Retours de la banque",
        rubrique="versements",
        retour=reverse("caisse:versements"),
        bouton="Enregistrer les retours",
        chapeau="Rapport (pain.002), avis (camt.054) ou relevé (camt.053). Le fichier est gardé tel quel. Un virement "
        "rejeté redevient dû ; il attend un nouveau RIB quand c'est le compte qui est en cause.",
    )


@require_safe
@reserve(*AGENTS)
def ecriture(requete: Requete, cle: int) -> HttpResponse:
    """Why an amount: the line, what it rests on, and the computation done again."""
    ligne = ouvrir(
        requete, Ecriture, cle, lignes=Ecriture.objects.select_related("contrat", "calcul", "ligne", "auteur", "annule")
    )
    rejeu = None if ligne.calcul is None else rejeux.rejouer(ligne.calcul)
    return page(
        requete,
        "ecriture",
        "versements",
        ecriture=ligne,
        rejeu=rejeu,
        reversible=ligne.nature in grand_livre.REVERSIBLES and requete.acteur.role in campagnes.VALIDENT,
    )


@require_http_methods(["GET", "POST"])
@reserve(*campagnes.VALIDENT)
def contre_passer(requete: Requete, cle: int) -> HttpResponse:
    """Cancel a line by the opposite one."""
    ligne = ouvrir(requete, Ecriture, cle)

    def executer(donnees: dict[str, Any]) -> str:
        grand_livre.contre_passer(cle, requete.acteur, motif=donnees["motif"])
        return f"Écriture {cle} annulée."

    return formulaire(
        requete,
        Motif(envoi(requete)),
        executer,
        titre=f"Annuler l'écriture {cle}",
        rubrique="versements",
        retour=reverse("caisse:contrat", args=[ligne.contrat_id]),
        bouton="Annuler l'écriture",
    )


class Remboursement(Formulaire):
    """Money received from a doctor."""

    montant = Euros(label="Montant reçu")
    date = Jour(label="Reçu le")
    motif = forms.CharField(label="Moyen et référence", max_length=200)


@require_http_methods(["GET", "POST"])
@reserve(*campagnes.VALIDENT)
def rembourser(requete: Requete, cle: int) -> HttpResponse:
    """Record a repayment."""
    contrat = ouvrir(requete, Contrat, cle)

    def executer(donnees: dict[str, Any]) -> str:
        montant = argent.en_centimes(donnees["montant"])
        grand_livre.rembourser(cle, montant, requete.acteur, date=donnees["date"], motif=donnees["motif"])
        return f"Remboursement de {francais.euros(montant)} enregistré."

    du = grand_livre.solde(contrat).du_par_le_medecin
    return formulaire(
        requete,
        Remboursement(envoi(requete)),
        executer,
        titre=f"Remboursement — {contrat}",
        rubrique="versements",
        retour=reverse("caisse:contrat", args=[cle]),
        chapeau=f"Créance de la caisse : {francais.euros(du)}.",
    )
