"""The form of each act that the domain declares (`binome.dossiers.contrats.actes.declarations`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms

from binome.dossiers.acteur import Acteur
from binome.dossiers.contrats import ouverture
from binome.dossiers.contrats.actes import adhesions, assistant, avenants, lectures, notes, renouvellement
from binome.dossiers.contrats.journal import etat_de
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Assistant, Contrat, Medecin, Piece
from binome.dossiers.models.caisse import choix
from binome.dossiers.models.contrat import Employeur, TypeContratTravail
from binome.simulation import NomLecture, NomProfil, NomRemplacement, NomTeletravail
from binome.site.caisse.modifications import ajouter_a, champs_modifiables, changements
from binome.site.caisse.pages import Formulaire, Jour, Texte
from binome.site.caisse.simulation_recue import JSON_MAXIMUM, lire_simulation

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


class Embauche(FormulaireDActe):
    """A hire."""

    nom = forms.CharField(label="Nom de l'assistant", max_length=80)
    prenom = forms.CharField(label="Prénom", max_length=80, required=False)
    profil = forms.ChoiceField(label="Qualification à l'embauche", choices=choix(NomProfil))
    date_debut = Jour(label="Date d'embauche")
    heures = forms.DecimalField(label="Heures par semaine", min_value=0, max_digits=4, decimal_places=2, localize=True)
    type_contrat = forms.ChoiceField(label="Contrat de travail", choices=TypeContratTravail.choices)
    employeur = forms.ChoiceField(label="Employeur", choices=Employeur.choices)
    employeur_nom = forms.CharField(label="Nom de l'employeur", max_length=150, required=False)
    teletravail = forms.ChoiceField(label="Télétravail", choices=choix(NomTeletravail))
    piece = forms.ModelChoiceField(label="Contrat de travail (pièce)", queryset=Piece.objects.none(), required=False)

    def lignes(self) -> dict[str, Any]:
        """The contract's documents."""
        return {"piece": _pieces(self.contrat)}


def _embaucher(contrat: Contrat, acteur: Acteur, donnees: dict[str, Any]) -> None:
    # A shared assistant has one file in the fund, and a post in each doctor's.
    qui, _ = Assistant.objects.get_or_create(
        caisse=contrat.caisse, nom=donnees["nom"], prenom=donnees["prenom"], defaults={"profil": donnees["profil"]}
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


class Depart(FormulaireDActe):
    """A departure."""

    embauche: Any = forms.ModelChoiceField(label="Assistant", queryset=None)
    date_fin = Jour(label="Dernier jour")
    motif = Texte(label="Motif")

    def lignes(self) -> dict[str, Any]:
        """Posts that are held."""
        return {"embauche": self.contrat.embauches.filter(date_fin=None).select_related("assistant").order_by("pk")}


class Absence(FormulaireDActe):
    """An absence."""

    debut = Jour(label="Premier jour d'absence")
    fin = Jour(label="Dernier jour d'absence", required=False, help_text="Vide : en cours")
    remplace = forms.BooleanField(label="L'assistant absent est remplacé", required=False)
    motif = Texte(label="Motif", required=False)


class Formation(FormulaireDActe):
    """Training."""

    assistant: Any = forms.ModelChoiceField(label="Assistant", queryset=None)
    commencee_le = Jour(label="Formation commencée le", required=False)
    obtenue_le = Jour(label="Qualification obtenue le", required=False)
    piece = forms.ModelChoiceField(label="Attestation (pièce)", queryset=Piece.objects.none(), required=False)

    def lignes(self) -> dict[str, Any]:
        """The contract's assistants and documents."""
        return {
            "assistant": Assistant.objects.filter(embauches__contrat=self.contrat).distinct().order_by("nom", "pk"),
            "piece": _pieces(self.contrat),
        }


class Secretaire(FormulaireDActe):
    """How the promoted secretary was replaced."""

    remplacement = forms.ChoiceField(label="Remplacement", choices=choix(NomRemplacement))
    date = Jour(label="Date du remplacement", required=False)
    piece = forms.ModelChoiceField(label="Justificatif (pièce)", queryset=Piece.objects.none(), required=False)

    def lignes(self) -> dict[str, Any]:
        """The contract's documents."""
        return {"piece": _pieces(self.contrat)}


class Avenant(FormulaireDActe):
    """An amendment."""

    date_effet = forms.TypedChoiceField(label="Date d'effet (premier jour d'une année)")
    motif = Texte(label="Circonstances")
    piece = forms.ModelChoiceField(label="Avenant signé (pièce)", queryset=Piece.objects.none(), required=False)

    def __init__(self, contrat: Contrat, *args: Any, **champs: Any) -> None:
        super().__init__(contrat, *args, **champs)
        debuts: Any = self.fields["date_effet"]
        debuts.choices = [(d.isoformat(), f"{d:%d/%m/%Y}") for d in avenants.anniversaires(contrat)]
        debuts.coerce = forms.DateField().to_python
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
    """The switch to the newer rules."""

    date = Jour(label="Date du passage")
    piece = forms.ModelChoiceField(label="Demande du médecin (pièce)", queryset=Piece.objects.none(), required=False)

    def lignes(self) -> dict[str, Any]:
        """The contract's documents."""
        return {"piece": _pieces(self.contrat)}


class Renouvellement(FormulaireDActe):
    """The file of the contract that follows."""

    date_signature = Jour(label="Signature prévue", help_text="Après le terme du contrat en cours")


def _renouveler(contrat: Contrat, acteur: Acteur, donnees: dict[str, Any]) -> None:
    renouvellement.preparer_renouvellement(contrat.pk, acteur, date_signature=donnees["date_signature"])


class AUnAnniversaire(FormulaireDActe):
    """What happens on an anniversary of the contract only."""

    date = forms.TypedChoiceField(label="À compter du (anniversaire)")

    def __init__(self, contrat: Contrat, *args: Any, **champs: Any) -> None:
        super().__init__(contrat, *args, **champs)
        debuts: Any = self.fields["date"]
        debuts.choices = [(d.isoformat(), f"{d:%d/%m/%Y}") for d in avenants.anniversaires(contrat)[1:]]
        debuts.coerce = forms.DateField().to_python


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


class Retrait(AUnAnniversaire):
    """A doctor leaves."""

    adhesion: Any = forms.ModelChoiceField(label="Adhérent", queryset=None)
    motif = Texte(label="Motif")

    def lignes(self) -> dict[str, Any]:
        """Members."""
        return {"adhesion": self.contrat.adhesions.filter(fin=None).select_related("medecin").order_by("pk")}


class Bulletin(FormulaireDActe):
    """A member's form, before the signature."""

    adhesion: Any = forms.ModelChoiceField(label="Adhérent", queryset=None)
    bulletin = forms.ModelChoiceField(label="Bulletin d'adhésion (pièce)", queryset=Piece.objects.none())

    def lignes(self) -> dict[str, Any]:
        """Members and documents."""
        return {
            "adhesion": self.contrat.adhesions.select_related("medecin").order_by("pk"),
            "bulletin": _pieces(self.contrat),
        }


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


class EcheanceFaite(FormulaireDActe):
    """A deadline that was met."""

    echeance: Any = forms.ModelChoiceField(label="Échéance", queryset=None)
    date = Jour(label="Fait le")
    motif = Texte(label="Note", required=False)

    def lignes(self) -> dict[str, Any]:
        """Deadlines to meet; an evaluation has its own page."""
        return {"echeance": self.contrat.echeances.filter(faite_le=None).exclude(nom__startswith="date_evaluation.")}


class Note(FormulaireDActe):
    """A note."""

    texte = Texte(label="Note")


@dataclass(frozen=True)
class PageActe:
    """The form of an act, and the call that its answers make."""

    formulaire: Callable[..., forms.Form]
    executer: Callable[[Contrat, Acteur, dict[str, Any]], Any]


def _depart(contrat: Contrat, acteur: Acteur, d: dict[str, Any]) -> None:
    del contrat
    assistant.faire_partir(d["embauche"].pk, acteur, date_fin=d["date_fin"], motif=d["motif"])


def _absence(contrat: Contrat, acteur: Acteur, d: dict[str, Any]) -> None:
    assistant.noter_absence(
        contrat.pk, acteur, debut=d["debut"], fin=d["fin"], remplace=d["remplace"], motif=d["motif"]
    )


def _formation(contrat: Contrat, acteur: Acteur, d: dict[str, Any]) -> None:
    assistant.noter_formation(
        contrat.pk,
        d["assistant"],
        acteur,
        commencee_le=d["commencee_le"],
        obtenue_le=d["obtenue_le"],
        piece=d["piece"],
    )


def _secretaire(contrat: Contrat, acteur: Acteur, d: dict[str, Any]) -> None:
    assistant.noter_secretaire(contrat.pk, acteur, remplacement=d["remplacement"], date=d["date"], piece=d["piece"])


def _basculer(contrat: Contrat, acteur: Acteur, d: dict[str, Any]) -> None:
    avenants.basculer(contrat.pk, acteur, date=d["date"], piece=d["piece"])


def _retirer(contrat: Contrat, acteur: Acteur, d: dict[str, Any]) -> None:
    del contrat
    adhesions.retirer(d["adhesion"].pk, acteur, date=d["date"], motif=d["motif"])


def _bulletin(contrat: Contrat, acteur: Acteur, d: dict[str, Any]) -> None:
    adhesions.recevoir_bulletin(contrat.pk, d["adhesion"], d["bulletin"], acteur)


def _faire(contrat: Contrat, acteur: Acteur, d: dict[str, Any]) -> None:
    del contrat
    notes.faire_echeance(d["echeance"], acteur, date=d["date"], motif=d["motif"])


def _noter(contrat: Contrat, acteur: Acteur, d: dict[str, Any]) -> None:
    notes.noter(contrat.pk, acteur, d["texte"])


#: The page of each act that the domain declares, by its name.
PAGES: dict[str, PageActe] = {
    "modification": PageActe(Modification, _modifier),
    "embauche": PageActe(Embauche, _embaucher),
    "depart": PageActe(Depart, _depart),
    "absence": PageActe(Absence, _absence),
    "formation": PageActe(Formation, _formation),
    "secretaire": PageActe(Secretaire, _secretaire),
    "avenant": PageActe(Avenant, _amender),
    "bascule": PageActe(Bascule, _basculer),
    "lecture": PageActe(Lecture, _trancher),
    "bulletin": PageActe(Bulletin, _bulletin),
    "adhesion": PageActe(Adhesion, _faire_adherer),
    "retrait": PageActe(Retrait, _retirer),
    "renouvellement": PageActe(Renouvellement, _renouveler),
    "echeance": PageActe(EcheanceFaite, _faire),
    "note": PageActe(Note, _noter),
}
