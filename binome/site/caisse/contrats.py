"""The files: their list, one file today or as it was known on a past day, and what can be done with it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any, Self

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_http_methods, require_safe

from binome.documents import calendrier
from binome.dossiers import faits
from binome.dossiers.acteur import Acteur
from binome.dossiers.contrats import au as connaissances
from binome.dossiers.contrats import cycle, journal, ouverture
from binome.dossiers.contrats.actes import declarations
from binome.dossiers.contrats.actes.corrections import CORRIGEABLES
from binome.dossiers.contrats.echeances import mots_de
from binome.dossiers.contrats.etat import NOTIFIABLES, annules
from binome.dossiers.contrats.evaluations import annees_a_evaluer
from binome.dossiers.contrats.poste import poste
from binome.dossiers.contrats.releve_de_la_caisse import accorder, ecarts
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Contrat, Medecin, Piece, Releve, Structure
from binome.dossiers.nomenclatures import DU_RECOUVREMENT, ENGAGEANTS, SIGNES, Compte, Genre, Role, Statut
from binome.dossiers.paiements import actes as actes_du_recouvrement
from binome.dossiers.paiements import campagnes, recouvrement
from binome.dossiers.paiements.dus import droits
from binome.dossiers.paiements.grand_livre import Solde
from binome.dossiers.patientele import recherche
from binome.simulation import NomOption, Situation
from binome.site.caisse.actes import ACTES, PAGES
from binome.site.caisse.courriers import proposee as lettre_proposee
from binome.site.caisse.modifications import ajouter_a, champs_modifiables, changements
from binome.site.caisse.pages import Formulaire, Texte, envoi, formulaire, page, tranche
from binome.site.caisse.simulation_recue import JSON_MAXIMUM, ChoixDuReleve, lire_simulation
from binome.site.caisse.tableau_de_bord import fichier_de_contrats
from binome.site.comptes.acces import AGENTS, Requete, ouvrir, reserve
from binome.site.socle.saisies import Jour

DEPOT = (Role.GESTIONNAIRE, Role.RESPONSABLE)


def titulaires(lignes: QuerySet[Contrat]) -> QuerySet[Contrat]:
    """With who signs."""
    return lignes.select_related("medecin", "structure", "caisse", "gestionnaire")


#: Orders of the list of files: code, words, columns.
TRIS = {
    "ouverture": ("Derniers ouverts", ("-cree_le", "-pk")),
    "numero": ("Numéro", ("numero",)),
    "signature": ("Derniers signés", (F("date_signature").desc(nulls_last=True), "pk")),
    "fin": ("Dernier jour", (F("date_fin").asc(nulls_last=True), "pk")),
}


@dataclass(frozen=True)
class Choix:
    """What the list of files shows: those that a text names, in a state, an option, kept by the agent, in an order.

    Anything else in the address is left out.
    """

    q: str
    statut: str
    option: str
    miens: bool
    tri: str

    @classmethod
    def de(cls, requete: Requete) -> Self:
        """What an address asks for."""
        lu = {nom: requete.GET.get(nom, "").strip()[:80] for nom in ("q", "statut", "option", "miens", "tri")}
        return cls(
            q=lu["q"],
            statut=lu["statut"] if lu["statut"] in Statut.values else "",
            option=lu["option"] if lu["option"] in {o.value for o in NomOption} else "",
            miens=lu["miens"] == "oui",
            tri=lu["tri"] if lu["tri"] in TRIS else next(iter(TRIS)),
        )

    def lignes(self, acteur: Acteur) -> QuerySet[Contrat]:
        """The files, in order."""
        lignes = recherche.contrats(titulaires(Contrat.objects.visibles(acteur)), self.q)
        if self.statut:
            lignes = lignes.filter(statut=self.statut)
        if self.option:
            lignes = lignes.filter(option=self.option)
        if self.miens:
            lignes = lignes.filter(gestionnaire=acteur.utilisateur)
        return lignes.order_by(*TRIS[self.tri][1])


@require_safe
@reserve(*AGENTS)
def liste(requete: Requete) -> HttpResponse:
    """The files, sought by name or number, by state and by option."""
    choix = Choix.de(requete)
    filtre = requete.GET.copy()
    filtre.pop("page", None)
    return page(
        requete,
        "contrats",
        "contrats",
        tranche=tranche(requete, choix.lignes(requete.acteur)),
        filtre=filtre.urlencode(),
        choix=choix,
        statuts=Statut.choices,
        options=[(o.value, o.libelle) for o in NomOption],
        tris=[(code, mots) for code, (mots, _) in TRIS.items()],
        peut_ouvrir=requete.acteur.role in DEPOT,
    )


@require_safe
@reserve(*AGENTS)
def exporter(requete: Requete, format_: str) -> HttpResponse:
    """The files of the list, as it is filtered and sorted, for a spreadsheet."""
    return fichier_de_contrats(requete, Choix.de(requete).lignes(requete.acteur), format_)


@require_safe
@reserve(*AGENTS)
def fiche(requete: Requete, cle: int) -> HttpResponse:
    """A file: today, or as it was known on a day (`?au=AAAA-MM-JJ`)."""
    contrat = ouvrir(requete, Contrat, cle, lignes=titulaires(Contrat.objects.all()))
    jour = timezone.localdate()
    demande = requete.GET.get("au", "")
    au, faute = _jour_demande(demande, jour)
    connu = connaissances.aujourd_hui(contrat) if au is None else connaissances.au(contrat, au)
    contexte: dict[str, Any] = {
        "contrat": contrat,
        "jour": au or jour,
        "au": au,
        "demande": demande,
        "faute": faute,
    }
    if connu is None:
        return page(requete, "contrat_absent", "contrats", **contexte)
    return page(requete, "contrat", "contrats", **contexte, **de_la_fiche(contrat, connu, requete.acteur, jour, au))


def _jour_demande(texte: str, aujourd_hui: datetime.date) -> tuple[datetime.date | None, str]:
    """The past day asked for, and what is wrong with it."""
    if not texte:
        return None, ""
    try:
        jour = parse_date(texte)
    except ValueError:
        jour = None
    if jour is None:
        return None, f"date « {texte[:20]} » : date AAAA-MM-JJ attendue ; le dossier est montré tel qu'aujourd'hui"
    if jour > aujourd_hui:
        return None, f"date « {jour} » : date passée attendue ; le dossier est montré tel qu'aujourd'hui"
    return (jour, "") if jour < aujourd_hui else (None, "")


def de_la_fiche(
    contrat: Contrat, connu: connaissances.Connu, acteur: Acteur, aujourd_hui: datetime.date, au: datetime.date | None
) -> dict[str, Any]:
    """Everything a file's page shows, as known on a day."""
    jour, etat = au or aujourd_hui, connu.etat
    du = next(droits([etat], max(jour, etat.date_signature)))
    situation = etat.lire(jour)
    aujourdhui = au is None
    return {
        "situation": situation,
        "statut": Statut(etat.statut),
        "annees": du.annees,
        "en_attente": du.en_attente if etat.statut in SIGNES else {},
        "engageants": ENGAGEANTS,
        "suivant": Contrat.objects.filter(precedent=contrat).first() if aujourdhui else None,
        "objectifs": journal.objectifs_au(etat, jour, jour),
        "etat": etat,
        "connu": connu,
        "ecritures": connu.ecritures,
        "solde": _solde(connu.ecritures),
        "recouvrement": recouvrement.calculer(
            [e for e in connu.evenements if e.genre in DU_RECOUVREMENT], recouvrement.sommes_de(connu.ecritures)
        ),
        "evenements": connu.evenements[::-1],
        "annules": annules(connu.evenements),
        "corriges": {int(e.donnees["numero"]) for e in connu.evenements if e.genre == Genre.CORRECTION},
        "corrigeables": CORRIGEABLES if aujourdhui and acteur.role in DEPOT else (),
        "a_refaire": {rang for rang, resultat in etat.evaluations.items() if resultat.a_refaire},
        "echeances": connu.echeances,
        "pieces": connu.pieces,
        "evaluations": connu.evaluations,
        "a_evaluer": annees_a_evaluer(contrat, etat, aujourd_hui) if aujourdhui else [],
        "embauches": connu.embauches,
        "adhesions": connu.adhesions,
        "courriers": contrat.courriers.filter(cree_le__lt=connaissances.fin_du_jour(jour)).defer("pdf"),
        "transitions": cycle.possibles(contrat, acteur) if aujourdhui else [],
        "actes": declarations.possibles(contrat, acteur) if aujourdhui else [],
        "actes_du_recouvrement": actes_du_recouvrement.possibles(contrat, acteur) if aujourdhui else [],
        "comptes": cycle.comptes_de(contrat).in_bulk(),
        "compte_bancaire": cycle.compte_de(contrat),
        "compte_propose": cycle.comptes_de(contrat).filter(valide_le=None, refuse_le=None).first(),
        "poste": poste(connu.embauches, etat, jour),
        "peut_payer": acteur.role in campagnes.VALIDENT,
    }


def _solde(ecritures: Any) -> Solde:
    sommes = {compte: sum(e.montant for e in ecritures if e.compte == compte) for compte in Compte.values}
    return Solde(sommes[Compte.AIDE], -sommes[Compte.CREANCE])


@require_safe
@reserve(*AGENTS)
def calendrier_ics(requete: Requete, cle: int) -> HttpResponse:
    """The deadlines of a file, for a calendar."""
    contrat = ouvrir(requete, Contrat, cle, lignes=titulaires(Contrat.objects.all()))
    return reponse_calendrier(contrat)


def reponse_calendrier(contrat: Contrat) -> HttpResponse:
    """The deadlines of a contract as an iCalendar file."""
    octets = calendrier.echeances(
        f"Aide à l'emploi d'un assistant médical, dossier {contrat.numero}",
        f"{contrat.caisse.code}-{contrat.numero}",
        [
            (e.nom, e.date, e.libelle, () if (mots := mots_de(e.nom)) is None else mots.phrases)
            for e in contrat.echeances.order_by("date", "nom")
        ],
        timezone.localdate(),
    )
    reponse = HttpResponse(octets, content_type="text/calendar; charset=utf-8")
    reponse["Content-Disposition"] = f'attachment; filename="{contrat.numero}.ics"'
    return reponse


class Nouveau(ChoixDuReleve):
    """A new file: from a simulation, or from the doctor's own data."""

    rpps = forms.CharField(label="RPPS du médecin", required=False, help_text="Contrat individuel", max_length=20)
    simulation = forms.CharField(
        label="Adresse d'une simulation, ou ses données JSON",
        required=False,
        max_length=JSON_MAXIMUM,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Copiez l'adresse de la page de résultat, ou le fichier JSON exporté. Sans simulation, le dossier "
        "part de la fiche du médecin et de son dernier relevé.",
    )
    date_signature = Jour(label="Signature prévue", required=False, help_text="Sans simulation")
    option = forms.ChoiceField(
        label="Option", required=False, choices=[("", "—"), *[(o.value, o.libelle) for o in NomOption]]
    )
    structure = forms.ModelChoiceField(
        label="Société signataire", queryset=Structure.objects.none(), required=False, help_text="Contrat collectif"
    )
    membres = forms.CharField(
        label="RPPS des adhérents",
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Contrat collectif : un par ligne, dans l'ordre de la simulation",
    )


@require_http_methods(["GET", "POST"])
@reserve(*DEPOT)
def nouveau(requete: Requete) -> HttpResponse:
    """Open a file."""
    initial = {nom: requete.GET.get(nom, "") for nom in ("rpps", "simulation")}
    fait = Nouveau(envoi(requete), initial=initial)
    structures: Any = fait.fields["structure"]
    structures.queryset = Structure.objects.visibles(requete.acteur).order_by("nom")
    ouverts: list[Contrat] = []

    def executer(donnees: dict[str, Any]) -> str:
        ouverts.append(_ouvrir_dossier(donnees, requete.acteur, fait))
        return f"Dossier {ouverts[0].numero} ouvert : {ouverts[0].etat['verdict']['phrase']}"

    reponse = formulaire(
        requete,
        fait,
        executer,
        titre="Ouvrir un dossier",
        rubrique="contrats",
        retour=reverse("caisse:contrats"),
        bouton="Ouvrir le dossier",
        chapeau="La réponse sur l'éligibilité est figée dans le dossier, avec la version des règles.",
    )
    if ouverts:
        reponse["Location"] = reverse("caisse:contrat", args=[ouverts[0].pk])
    return reponse


def _ouvrir_dossier(donnees: dict[str, Any], acteur: Acteur, fait: ChoixDuReleve) -> Contrat:
    texte = donnees["simulation"].strip()
    medecin = _medecin(donnees["rpps"], acteur) if donnees["rpps"].strip() else None
    if texte:
        situation = lire_simulation(texte)
        source = "adresse" if not texte.startswith("{") else "json"
    else:
        situation, source = _depuis_la_fiche(donnees, medecin), "fiche"
    membres = [_medecin(rpps, acteur) for rpps in donnees["membres"].split()]
    if situation.groupe is not None and len(membres) != len(situation.groupe.membres):
        raise Refus(f"RPPS des adhérents : {len(situation.groupe.membres)} attendus, {len(membres)} donnés")
    trouves = ecarts(situation, medecin, membres)
    if trouves:
        fait.demander()
    situation, retenu = accorder(situation, trouves, donnees.get("nombres", ""), donnees.get("motif_nombres", ""))
    return ouverture.ouvrir(
        situation,
        acteur,
        medecin=medecin,
        structure=donnees["structure"],
        membres=membres,
        source=source,
        motif=retenu,
    )


def _medecin(rpps: str, acteur: Acteur) -> Medecin:
    medecin = Medecin.objects.visibles(acteur).filter(rpps="".join(rpps.split())).first()
    if medecin is None:
        raise Refus(f"RPPS « {rpps[:20]} » : un médecin de la caisse est attendu (créez d'abord sa fiche)")
    return medecin


def _depuis_la_fiche(donnees: dict[str, Any], medecin: Medecin | None) -> Situation:
    if medecin is None:
        raise Refus("RPPS du médecin, ou simulation : l'un des deux est attendu")
    if donnees["date_signature"] is None or not donnees["option"]:
        raise Refus("sans simulation, la date de signature prévue et l'option sont attendues")
    releve = Releve.objects.filter(medecin=medecin, date__lt=donnees["date_signature"]).order_by("-date").first()
    return faits.situation_de(medecin, releve, donnees["date_signature"], donnees["option"])


class Transition(Formulaire):
    """What a transition asks for."""

    date = Jour(label="Date")
    motif = Texte(label="Motif", required=False)
    piece = forms.ModelChoiceField(label="Pièce", queryset=Piece.objects.none(), required=False)

    def __init__(self, transition: cycle.Transition, contrat: Contrat, *args: Any, **champs: Any) -> None:
        super().__init__(*args, **champs)
        if transition.date:
            self.fields["date"].label = transition.date
            self.fields["date"].initial = timezone.localdate()
        else:
            del self.fields["date"]
        self.fields["motif"].required = transition.motif_attendu
        pieces: Any = self.fields["piece"]
        pieces.queryset = contrat.pieces.all()
        if transition.nom == "signer":
            # What the contract says wins over what the law computes, and what no text gives waits for it.
            ajouter_a(self, champs_modifiables(NOTIFIABLES, contrat.etat["situation"]))
        if transition.nom == "resilier":
            self.fields["par"] = forms.ChoiceField(
                label="À la demande de",
                choices=[("medecin", "Médecin"), ("caisse", "Caisse"), ("collectif", "Passage au contrat collectif")],
            )
            self.fields["recue_le"] = Jour(
                label="Lettre du médecin reçue le", required=False, help_text="Le préavis se compte de ce jour"
            )
        if transition.nom == "signer" and contrat.precedent_id is not None:
            self.fields["date"].label = "Premier jour du contrat renouvelé"
            self.fields["date"].initial = contrat.etat["situation"][
                "groupe" if contrat.etat["situation"].get("groupe") else "contrat"
            ]["date_signature"]
            self.fields["signe_le"] = Jour(label="Signé le", initial=timezone.localdate())


@require_http_methods(["GET", "POST"])
@reserve(*AGENTS)
def transition(requete: Requete, cle: int, nom: str) -> HttpResponse:
    """Ask for a transition."""
    contrat = ouvrir(requete, Contrat, cle, lignes=titulaires(Contrat.objects.all()))
    demandee = next((t for t in cycle.TRANSITIONS if t.nom == nom and nom not in cycle.INTERNES), None)
    if demandee is None:
        raise Http404
    fait = Transition(demandee, contrat, envoi(requete))

    def executer(donnees: dict[str, Any]) -> str:
        complements: dict[str, Any] = {"par": donnees.get("par")} if donnees.get("par") else {}
        complements |= {nom: donnees[nom].isoformat() for nom in ("recue_le", "signe_le") if donnees.get(nom)}
        if nom == "signer":
            situation = contrat.etat["situation"]
            notifies = changements(NOTIFIABLES, champs_modifiables(NOTIFIABLES, situation), donnees, situation)
            complements |= {"notifies": notifies} if notifies else {}
        cycle.appliquer(
            contrat.pk,
            nom,
            requete.acteur,
            date_effet=donnees.get("date"),
            motif=donnees["motif"],
            piece=donnees["piece"],
            donnees=complements,
        )
        contrat.refresh_from_db()
        dit = f"Dossier {contrat.numero} : {contrat.get_statut_display().lower()}."
        if contrat.etat.get("fin_annoncee") and nom == "resilier":
            dit = f"Dossier {contrat.numero} : résiliation à venir, le contrat court jusque-là."
        return lettre_proposee(contrat, demandee.courrier, requete.acteur, dit)

    return formulaire(
        requete,
        fait,
        executer,
        titre=f"{demandee.libelle} — {contrat.numero}",
        rubrique="contrats",
        retour=reverse("caisse:contrat", args=[cle]),
        bouton=demandee.libelle,
        chapeau=f"{contrat.titulaire}, dossier « {contrat.get_statut_display().lower()} ».",
    )


@require_http_methods(["GET", "POST"])
@reserve(*AGENTS)
def acte(requete: Requete, cle: int, nom: str) -> HttpResponse:
    """Record what happens during a contract."""
    contrat = ouvrir(requete, Contrat, cle, lignes=titulaires(Contrat.objects.all()))
    choisi = ACTES.get(nom)
    if choisi is None or contrat.dispositif not in choisi.dispositifs:
        raise Http404
    if requete.acteur.role not in choisi.roles:
        raise PermissionDenied
    fait = PAGES[nom].formulaire(contrat, envoi(requete))
    ouverts: list[Contrat] = []

    def executer(donnees: dict[str, Any]) -> str:
        ecrit = PAGES[nom].executer(contrat, requete.acteur, donnees)
        if isinstance(ecrit, Contrat) and ecrit.pk != contrat.pk:
            ouverts.append(ecrit)
            return f"Dossier {ecrit.numero} ouvert : {ecrit.etat['verdict']['phrase']}"
        contrat.refresh_from_db()
        dit = f"Dossier {contrat.numero} : {choisi.libelle.lower()} enregistré."
        return lettre_proposee(contrat, choisi.courrier, requete.acteur, dit)

    reponse = formulaire(
        requete,
        fait,
        executer,
        titre=f"{choisi.libelle} — {contrat.numero}",
        rubrique="contrats",
        retour=reverse("caisse:contrat", args=[cle]),
        chapeau=choisi.aide,
    )
    if ouverts:
        reponse["Location"] = reverse("caisse:contrat", args=[ouverts[0].pk])
    return reponse
