"""The form of each act that the domain declares (`binome.dossiers.contrats.actes.declarations`)."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.db.models import QuerySet

from binome import francais
from binome.dossiers.acteur import Acteur
from binome.dossiers.contrats import ouverture
from binome.dossiers.contrats.actes import adhesions, assistant, avenants, lectures
from binome.dossiers.contrats.actes.declarations import ACTES, Acte, Parametre
from binome.dossiers.contrats.journal import etat_de
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Assistant, Contrat, Medecin, Piece
from binome.dossiers.models.caisse import choix
from binome.dossiers.models.contrat import Employeur, TypeContratTravail
from binome.simulation import NomLecture, NomProfil, NomTeletravail
from binome.site.caisse.modifications import ajouter_a, champs_modifiables, changements
from binome.site.caisse.pages import Formulaire, Texte
from binome.site.caisse.simulation_recue import JSON_MAXIMUM, lire_simulation
from binome.site.socle.saisies import Heures, Jour
from binome.tableaux import cellules

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


class Modification(FormulaireDActe):
    """Another simulation in the place of the draft's."""

    simulation = forms.CharField(
        label="Adresse d'une simulation, ou ses données JSON",
        max_length=JSON_MAXIMUM,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="L'adresse de la page de résultat, ou le fichier JSON exporté.",
    )
    motif = Texte(label="Motif", required=False)


def _modifier(contrat: Contrat, acteur: Acteur, d: dict[str, Any]) -> None:
    ouverture.modifier_brouillon(contrat, lire_simulation(d["simulation"].strip()), acteur, motif=d["motif"])


class AssistantConnu(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Assistants of one name, told apart by what the fund knows of them."""

    def label_from_instance(self, obj: Any) -> str:
        """Name, qualification and posts."""
        postes = ", ".join(
            f"{embauche.contrat.titulaire} depuis le {embauche.date_debut:%d/%m/%Y}"
            for embauche in obj.embauches.select_related("contrat__medecin", "contrat__structure")
        )
        return f"{obj} — {obj.get_profil_display()}" + (f" ; {postes}" if postes else "")


class Embauche(FormulaireDActe):
    """A hire."""

    nom = forms.CharField(label="Nom de l'assistant", max_length=80)
    prenom = forms.CharField(label="Prénom", max_length=80, required=False)
    profil = forms.ChoiceField(label="Qualification à l'embauche", choices=choix(NomProfil))
    date_debut = Jour(label="Date d'embauche")
    heures = Heures(label="Heures par semaine")
    type_contrat = forms.ChoiceField(label="Contrat de travail", choices=TypeContratTravail.choices)
    employeur = forms.ChoiceField(label="Employeur", choices=Employeur.choices)
    employeur_nom = forms.CharField(label="Nom de l'employeur", max_length=150, required=False)
    teletravail = forms.ChoiceField(label="Télétravail", choices=choix(NomTeletravail))
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
        nom, prenom = (str(self.data.get(champ, "")).strip() for champ in ("nom", "prenom"))
        connus = Assistant.objects.filter(caisse=self.contrat.caisse, anonymise_le=None)
        return connus.filter(nom__iexact=nom, prenom__iexact=prenom) if nom else connus.none()

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


class Lecture(FormulaireDActe):
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


@dataclass(frozen=True)
class PageActe:
    """The form of an act, and the call that its answers make."""

    formulaire: Callable[..., forms.Form]
    executer: Callable[[Contrat, Acteur, dict[str, Any]], Any]


#: Kinds that a box of its own reads.
CASES: dict[type, Callable[..., forms.Field]] = {datetime.date: Jour, bool: forms.BooleanField, str: Texte}


class FormulaireDeclare(FormulaireDActe):
    """What the declaration of an act asks, each thing by the box of its kind."""

    def __init__(self, acte: Acte, contrat: Contrat, *args: Any, **champs: Any) -> None:
        super().__init__(contrat, *args, **champs)
        for parametre in acte.parametres():
            self.fields[parametre.nom] = _case(parametre, contrat)


def _case(parametre: Parametre, contrat: Contrat) -> forms.Field:
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
        return forms.ChoiceField(choices=choix(donnee.liste), **communs)
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
    "lecture": PageActe(Lecture, _trancher),
    "adhesion": PageActe(Adhesion, _faire_adherer),
}

#: The page of each act that the domain declares, by its name.
PAGES: dict[str, PageActe] = {nom: _PROPRES.get(nom) or _declare(nom) for nom in ACTES}
