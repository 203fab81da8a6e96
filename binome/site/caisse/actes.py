"""The form of each act that the domain declares (`binome.dossiers.contrats.actes.declarations`)."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone

from binome import francais
from binome.dossiers.acteur import Acteur
from binome.dossiers.contrats import ouverture
from binome.dossiers.contrats.actes import adhesions, annulation, assistant, avenants, declarations, lectures
from binome.dossiers.contrats.actes.declarations import Acte, ParametreDActe
from binome.dossiers.contrats.journal import etat_de
from binome.dossiers.contrats.releve_de_la_caisse import accorder, ecarts
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Assistant, Contrat, Medecin, Piece
from binome.dossiers.models.caisse import choix
from binome.dossiers.models.contrat import Employeur, TypeContratTravail
from binome.dossiers.nomenclatures import Dispositif
from binome.dossiers.paiements import actes as recouvrement
from binome.dossiers.paiements.creances import Centimes
from binome.erreurs import BinomeErreur
from binome.simulation import NomLecture, NomProfil, NomTeletravail, Situation, lire_situation
from binome.site.caisse.modifications import ajouter_a, champs_modifiables, changements, ecrits_de, remplacee
from binome.site.caisse.pages import Formulaire, Texte, raisons
from binome.site.caisse.simulation_recue import JSON_MAXIMUM, ChoixDuReleve, lire_simulation
from binome.site.socle import saisies
from binome.site.socle.saisies import Heures, Jour
from binome.tableaux import cellules

#: Every act that a file may ask: those of the contract, and those that recover what was paid in excess.
ACTES: dict[str, Acte] = {**declarations.ACTES, **recouvrement.ACTES}

#: Hours are entered with two decimals, and kept in hundredths.
CENTIEMES = 100


class FormulaireDActe(Formulaire):
    """A form about a contract."""

    def __init__(self, contrat: Contrat, *args: Any, **champs: Any) -> None:
        self.contrat = contrat
        super().__init__(*args, **champs)
        for nom, lignes in self.lignes().items():
            choisi: Any = self.fields[nom]
            choisi.queryset = lignes

    def lignes(self) -> dict[str, Any]:
        """Rows that each list offers: those of the contract only."""
        return {}


def _pieces(contrat: Contrat) -> Any:
    return contrat.pieces.all()


#: Parts of a situation that a draft may not have yet, by what signs.
PARTIES_DU_BROUILLON = {False: ("medecin", "patientele", "contrat"), True: ("groupe",)}


class Modification(ChoixDuReleve, FormulaireDActe):
    """The draft's own answers, each to be changed; or another simulation in their place."""

    simulation = forms.CharField(
        label="Ou : adresse d'une autre simulation, ou ses données JSON",
        required=False,
        max_length=JSON_MAXIMUM,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Elle remplace tout ce qui est écrit au-dessus.",
    )
    motif = Texte(label="Motif", required=False)

    def __init__(self, contrat: Contrat, *args: Any, **champs: Any) -> None:
        super().__init__(contrat, *args, **champs)
        self.situation: dict[str, Any] = etat_de(contrat).situation
        parties = PARTIES_DU_BROUILLON[contrat.dispositif == Dispositif.COLLECTIF]
        complete = {**{partie: {} for partie in parties}, **self.situation}
        self.champs = champs_modifiables(ouverture.MODIFIABLES, complete)
        ajouter_a(self, self.champs)
        for nom, ecrit in ecrits_de(self.champs, self.situation).items():
            self.fields[nom].initial = ecrit
        self.order_fields([*self.champs, "simulation", "motif"])
        self.lue: Situation | None = None
        self.retenu = ""

    def clean(self) -> dict[str, Any]:
        """Read what was written, and set it beside the statements of the fund."""
        donnees = super().clean() or self.cleaned_data
        texte = donnees.get("simulation", "").strip()
        membres = [a.medecin for a in self.contrat.adhesions.select_related("medecin").order_by("pk")]
        try:
            lue = lire_simulation(texte) if texte else lire_situation(remplacee(self.champs, donnees, self.situation))
            trouves = ecarts(lue, self.contrat.medecin, membres)
            if trouves:
                self.demander()
            self.lue, self.retenu = accorder(lue, trouves, donnees.get("nombres", ""), donnees.get("motif_nombres", ""))
        except BinomeErreur as erreur:
            raise ValidationError(raisons(erreur)) from erreur
        return donnees | {"lue": self.lue, "retenu": self.retenu}


def _modifier(contrat: Contrat, acteur: Acteur, d: dict[str, Any]) -> None:
    motif = " ".join(dit for dit in (d["retenu"], d["motif"]) if dit)
    ouverture.modifier_brouillon(contrat, d["lue"], acteur, motif=motif)


class AssistantConnu(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Assistants of one name, told apart by what the fund knows of them."""

    def label_from_instance(self, obj: Any) -> str:
        """Name, qualification and posts."""
        postes = ", ".join(
            f"{embauche.contrat.titulaire} depuis le {embauche.date_debut:%d/%m/%Y}"
            for embauche in obj.embauches.select_related("contrat__medecin", "contrat__structure")
        )
        return f"{obj} — {obj.get_profil_display()}" + (f" ; {postes}" if postes else "")


class Poste(FormulaireDActe):
    """Who is hired, by whom, and for how many hours."""

    nom = forms.CharField(label="Nom de l'assistant", max_length=80)
    prenom = forms.CharField(label="Prénom", max_length=80, required=False)
    profil = forms.ChoiceField(label="Qualification à l'embauche", choices=choix(NomProfil))
    date_debut = Jour(label="Date d'embauche")
    heures = Heures(label="Heures par semaine")
    type_contrat = forms.ChoiceField(label="Contrat de travail", choices=TypeContratTravail.choices)
    employeur = forms.ChoiceField(label="Employeur", choices=Employeur.choices)
    employeur_nom = forms.CharField(label="Nom de l'employeur", max_length=150, required=False)
    teletravail = forms.ChoiceField(label="Télétravail", choices=choix(NomTeletravail))


class Embauche(Poste):
    """A hire."""

    piece = forms.ModelChoiceField(label="Contrat de travail (pièce)", queryset=Piece.objects.none(), required=False)
    connu = AssistantConnu(
        label="Est-ce quelqu'un que la caisse connaît ?", queryset=Assistant.objects.none(), required=False
    )
    autre = forms.BooleanField(label="Non : une autre personne, du même nom", required=False)

    def __init__(self, *args: Any, **champs: Any) -> None:
        super().__init__(*args, **champs)
        if not self._homonymes().exists():
            del self.fields["connu"], self.fields["autre"]

    def lignes(self) -> dict[str, Any]:
        """The contract's documents, and the assistants of the fund who bear the name that is typed."""
        return {"piece": _pieces(self.contrat), "connu": self._homonymes()}

    def _homonymes(self) -> QuerySet[Assistant]:
        """Whatever the accents and the capitals: « Éric » and « ERIC » are one name."""
        dit = [francais.ordre(str(self.data.get(champ, ""))) for champ in ("nom", "prenom")]
        connus = Assistant.objects.filter(caisse=self.contrat.caisse, anonymise_le=None)
        if not dit[0]:
            return connus.none()
        noms = connus.values_list("pk", "nom", "prenom")
        memes = [cle for cle, nom, prenom in noms if [francais.ordre(nom), francais.ordre(prenom)] == dit]
        return connus.filter(pk__in=memes)

    def clean(self) -> dict[str, Any]:
        """A name is not a person: the agent says whether it is the same one."""
        donnees: dict[str, Any] = super().clean() or self.cleaned_data
        if "connu" in self.fields and bool(donnees.get("connu")) == bool(donnees.get("autre")):
            self.add_error(
                "connu",
                "un assistant de ce nom est déjà connu de la caisse : choisissez-le s'il s'agit de lui, "
                "ou cochez « une autre personne »",
            )
        return donnees


def _embaucher(contrat: Contrat, acteur: Acteur, donnees: dict[str, Any]) -> None:
    # A shared assistant has one file in the fund, and a post in each doctor's.
    qui = donnees.get("connu") or Assistant.objects.create(
        caisse=contrat.caisse, nom=donnees["nom"], prenom=donnees["prenom"], profil=donnees["profil"]
    )
    assistant.embaucher(
        contrat.pk,
        qui,
        acteur,
        date_debut=donnees["date_debut"],
        centiemes_heures=int(donnees["heures"] * CENTIEMES),
        type_contrat=TypeContratTravail(donnees["type_contrat"]),
        employeur=Employeur(donnees["employeur"]),
        employeur_nom=donnees["employeur_nom"],
        teletravail=donnees["teletravail"],
        piece=donnees["piece"],
    )


class Avenant(FormulaireDActe):
    """An amendment."""

    date_effet = forms.TypedChoiceField(label="Date d'effet (premier jour d'une année)")
    motif = Texte(label="Circonstances")
    piece = forms.ModelChoiceField(label="Avenant signé (pièce)", queryset=Piece.objects.none(), required=False)

    def __init__(self, contrat: Contrat, *args: Any, **champs: Any) -> None:
        super().__init__(contrat, *args, **champs)
        debuts: Any = self.fields["date_effet"]
        debuts.choices = [(d.isoformat(), f"{d:%d/%m/%Y}") for d in avenants.anniversaires(contrat)]
        debuts.coerce = cellules.date
        ajouter_a(self, champs_modifiables(avenants.AMENDABLES, etat_de(contrat).situation))

    def lignes(self) -> dict[str, Any]:
        """The contract's documents."""
        return {"piece": _pieces(self.contrat)}


def _amender(contrat: Contrat, acteur: Acteur, donnees: dict[str, Any]) -> None:
    situation = etat_de(contrat).situation
    champs = champs_modifiables(avenants.AMENDABLES, situation)
    avenants.amender(
        contrat.pk,
        acteur,
        date_effet=donnees["date_effet"],
        changements=changements(avenants.AMENDABLES, champs, donnees, situation),
        motif=donnees["motif"],
        piece=donnees["piece"],
    )


class Bascule(FormulaireDActe):
    """The switch to the newer rules, with the objectives that they count otherwise."""

    date = Jour(label="Date du passage")
    piece = forms.ModelChoiceField(label="Demande du médecin (pièce)", queryset=Piece.objects.none(), required=False)

    def __init__(self, contrat: Contrat, *args: Any, **champs: Any) -> None:
        super().__init__(contrat, *args, **champs)
        ajouter_a(self, champs_modifiables(avenants.DE_LA_BASCULE, etat_de(contrat).situation))

    def lignes(self) -> dict[str, Any]:
        """The contract's documents."""
        return {"piece": _pieces(self.contrat)}


def _basculer(contrat: Contrat, acteur: Acteur, d: dict[str, Any]) -> None:
    situation = etat_de(contrat).situation
    champs = champs_modifiables(avenants.DE_LA_BASCULE, situation)
    objectifs = changements(avenants.DE_LA_BASCULE, champs, d, situation)
    avenants.basculer(contrat.pk, acteur, date=d["date"], objectifs=objectifs, piece=d["piece"])


class AUnAnniversaire(FormulaireDActe):
    """What happens on an anniversary of the contract only."""

    date = forms.TypedChoiceField(label="À compter du (anniversaire)")

    def __init__(self, contrat: Contrat, *args: Any, **champs: Any) -> None:
        super().__init__(contrat, *args, **champs)
        debuts: Any = self.fields["date"]
        debuts.choices = [(d.isoformat(), f"{d:%d/%m/%Y}") for d in avenants.anniversaires(contrat)[1:]]
        debuts.coerce = cellules.date


class Adhesion(AUnAnniversaire):
    """A doctor joins."""

    rpps = forms.CharField(label="RPPS du médecin", max_length=20)
    bulletin = forms.ModelChoiceField(label="Bulletin d'adhésion (pièce)", queryset=Piece.objects.none())

    def lignes(self) -> dict[str, Any]:
        """The contract's documents."""
        return {"bulletin": _pieces(self.contrat)}


def _faire_adherer(contrat: Contrat, acteur: Acteur, donnees: dict[str, Any]) -> None:
    medecin = Medecin.objects.visibles(acteur).filter(rpps="".join(donnees["rpps"].split())).first()
    if medecin is None:
        raise Refus(f"RPPS « {donnees['rpps']} » : un médecin de la caisse est attendu")
    adhesions.faire_adherer(contrat.pk, medecin, acteur, date=donnees["date"], bulletin=donnees["bulletin"])


class PointTranche(FormulaireDActe):
    """An open point, settled."""

    choix = forms.ChoiceField(label="Point et lecture retenue")
    motif = Texte(label="Motif", help_text="Le texte ou l'instruction qui tranche")

    def __init__(self, contrat: Contrat, *args: Any, **champs: Any) -> None:
        super().__init__(contrat, *args, **champs)
        liste: Any = self.fields["choix"]
        liste.choices = [
            (
                f"{point.arbitrage}. {point.question}",
                [
                    (f"{point.point}:{nom}", f"{nom}) {texte}{' (tranché)' if point.tranchee == nom else ''}")
                    for nom, texte in point.lectures.items()
                ],
            )
            for point in lectures.points_a_trancher(etat_de(contrat))
        ]


def _trancher(contrat: Contrat, acteur: Acteur, d: dict[str, Any]) -> None:
    point, _, lecture = d["choix"].partition(":")
    lectures.trancher(contrat.pk, acteur, point=point, lecture=NomLecture(lecture), motif=d["motif"])


class Annulation(FormulaireDActe):
    """The last act, shown before it is undone."""

    numero = forms.TypedChoiceField(label="Acte annulé", coerce=int)
    motif = Texte(label="Motif")

    def __init__(self, contrat: Contrat, *args: Any, **champs: Any) -> None:
        super().__init__(contrat, *args, **champs)
        dernier, choisi = annulation.dernier_acte(contrat), self.fields["numero"]
        assert isinstance(choisi, forms.TypedChoiceField)  # noqa: S101 - declared above
        if dernier is not None:
            dit = f"{dernier.get_genre_display()}, {dernier.date_effet:%d/%m/%Y}"
            choisi.choices = [
                (dernier.numero, f"{dit} (consigné le {timezone.localdate(dernier.consigne_le):%d/%m/%Y})")
            ]


def _annuler(contrat: Contrat, acteur: Acteur, d: dict[str, Any]) -> None:
    annulation.annuler(contrat.pk, acteur, numero=d["numero"], motif=d["motif"])


@dataclass(frozen=True)
class PageActe:
    """The form of an act, and the call that its answers make."""

    formulaire: Callable[..., forms.Form]
    executer: Callable[[Contrat, Acteur, dict[str, Any]], Any]


#: Kinds that a box of its own reads.
CASES: dict[Any, Callable[..., forms.Field]] = {
    datetime.date: Jour,
    bool: forms.BooleanField,
    str: Texte,
    int: saisies.Entier,
    Centimes: saisies.Centimes,
}


class FormulaireDeclare(FormulaireDActe):
    """What the declaration of an act asks, each thing by the box of its kind."""

    def __init__(self, acte: Acte, contrat: Contrat, *args: Any, **champs: Any) -> None:
        super().__init__(contrat, *args, **champs)
        for parametre in acte.parametres():
            self.fields[parametre.nom] = _case(parametre, contrat)


def _case(parametre: ParametreDActe, contrat: Contrat) -> forms.Field:
    donnee = parametre.donnee
    communs: dict[str, Any] = {
        "label": donnee.libelle,
        "help_text": donnee.aide,
        # A box left unticked says no.
        "required": parametre.obligatoire and parametre.genre is not bool,
    }
    if donnee.lignes is not None:
        return forms.ModelChoiceField(queryset=donnee.lignes(contrat), **communs)
    if donnee.jours is not None:
        dates = [(jour.isoformat(), francais.date_courte(jour)) for jour in donnee.jours(contrat)]
        return forms.TypedChoiceField(choices=dates, coerce=cellules.date, **communs)
    if donnee.liste is not None:
        propres = getattr(donnee.liste, "choices", None)
        return forms.ChoiceField(choices=propres or choix(donnee.liste), **communs)
    return CASES[parametre.genre](**communs)


def _declare(nom: str) -> PageActe:
    """The page of an act whose rule takes what its form asks."""
    acte = ACTES[nom]
    return PageActe(partial(FormulaireDeclare, acte), acte.appliquer)


#: Acts whose form is more than the parameters of their rule.
_PROPRES: dict[str, PageActe] = {
    "modification": PageActe(Modification, _modifier),
    "embauche": PageActe(Embauche, _embaucher),
    "avenant": PageActe(Avenant, _amender),
    "bascule": PageActe(Bascule, _basculer),
    "lecture": PageActe(PointTranche, _trancher),
    "annulation": PageActe(Annulation, _annuler),
    "adhesion": PageActe(Adhesion, _faire_adherer),
}

#: The page of each act that the domain declares, by its name.
PAGES: dict[str, PageActe] = {nom: _PROPRES.get(nom) or _declare(nom) for nom in ACTES}
