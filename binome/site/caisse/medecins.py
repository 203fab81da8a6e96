"""Doctors and societies: their sheets, their accounts, their statements."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from binome import identifiants
from binome.documents.graphiques import historique
from binome.dossiers import faits
from binome.dossiers.contrats.journal import etat_de, objectifs_au, tracer
from binome.dossiers.models import Medecin, Structure
from binome.dossiers.nomenclatures import ENGAGEANTS, Role
from binome.dossiers.patientele import recherche
from binome.simulation import NomFormeJuridique
from binome.site.caisse.pages import envoi, formulaire, lire, page, tranche
from binome.site.comptes.acces import AGENTS, Requete, ouvrir, reserve
from binome.site.socle.saisies import Courriel, Jour

TIENNENT = (Role.GESTIONNAIRE, Role.RESPONSABLE)


@require_safe
@reserve(*AGENTS)
def liste(requete: Requete) -> HttpResponse:
    """The doctors of the fund."""
    cherche = requete.GET.get("q", "").strip()[:80]
    lignes = recherche.medecins(Medecin.objects.visibles(requete.acteur).select_related("structure"), cherche)
    filtre = requete.GET.copy()
    filtre.pop("page", None)
    return page(requete, "medecins", "medecins", tranche=tranche(requete, lignes), q=cherche, filtre=filtre.urlencode())


@require_safe
@reserve(*AGENTS)
def fiche(requete: Requete, cle: int) -> HttpResponse:
    """A doctor's sheet."""
    medecin = ouvrir(requete, Medecin, cle, lignes=Medecin.objects.select_related("structure"))
    return page(
        requete,
        "medecin",
        "medecins",
        medecin=medecin,
        contrats=medecin.contrats.order_by("-cree_le"),
        adhesions=medecin.adhesions.select_related("contrat__structure"),
        releves=medecin.releves.order_by("-date").prefetch_related("anciens__remplace_par"),
        comptes=medecin.comptes_bancaires.order_by("-depuis"),
        objectifs=objectifs_de(medecin),
        peut_modifier=requete.acteur.role in TIENNENT,
    )


def objectifs_de(medecin: Medecin) -> list[dict[str, Any]]:
    """The objectives of the doctor's current contract."""
    contrat = medecin.contrats.exclude(date_signature=None).order_by("-date_signature").first()
    jour = timezone.localdate()
    return [] if contrat is None else objectifs_au(etat_de(contrat), jour, jour)


@require_safe
@reserve(*AGENTS)
def graphique(requete: Requete, cle: int) -> HttpResponse:
    """The statements of a doctor against the objective, as a drawing."""
    return reponse_graphique(ouvrir(requete, Medecin, cle))


def reponse_graphique(medecin: Medecin) -> HttpResponse:
    """The drawing of a doctor's statements."""
    contrat = medecin.contrats.exclude(date_signature=None).order_by("-date_signature").first()
    # The line that the objective is compared with: adults only under the first rules.
    adultes = contrat is not None and bool(contrat.etat["verdict"].get("adultes_seuls"))
    svg = historique.rendre(
        [
            (r.date, r.nombre("patientele_mt", adultes_seuls=adultes), r.file_active)
            for r in medecin.releves.order_by("date")
        ],
        {o["indicateur"]: (o["base"], o["cible"]) for o in objectifs_de(medecin)},
    )
    return HttpResponse(svg, content_type="image/svg+xml")


class FicheMedecin(forms.ModelForm):  # type: ignore[type-arg]
    """A doctor's sheet."""

    class Meta:
        model = Medecin
        fields = (
            "rpps", "numero_am", "nom", "prenom", *faits.MEDECIN,
            "structure", "adresse", "courriel", "telephone", "secteur_dam",
        )  # fmt: skip
        field_classes = {"date_zonage": Jour, "date_installation": Jour, "courriel": Courriel}
        widgets = {"adresse": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, requete: Requete, *args: Any, **champs: Any) -> None:
        super().__init__(*args, **champs)
        self.instance.caisse_id = requete.acteur.la_caisse
        structures: Any = self.fields["structure"]
        structures.queryset = Structure.objects.visibles(requete.acteur).order_by("nom")

    def clean_rpps(self) -> str:
        """A number with a right key."""
        return lire(identifiants.rpps, self.cleaned_data["rpps"])

    def clean_numero_am(self) -> str:
        """Nine digits, or nothing."""
        texte = self.cleaned_data["numero_am"]
        return lire(identifiants.numero_am, texte) if texte else ""


@require_http_methods(["GET", "POST"])
@reserve(*TIENNENT)
def nouveau(requete: Requete) -> HttpResponse:
    """A new doctor."""
    return _editer(requete, Medecin(), "Nouveau médecin", reverse("caisse:medecins"))


@require_http_methods(["GET", "POST"])
@reserve(*TIENNENT)
def modifier(requete: Requete, cle: int) -> HttpResponse:
    """Correct a doctor's sheet. A contract keeps what was true when it was signed."""
    medecin = ouvrir(requete, Medecin, cle)
    return _editer(requete, medecin, f"Modifier la fiche de {medecin}", reverse("caisse:medecin", args=[cle]))


def _editer(requete: Requete, medecin: Medecin, titre: str, retour: str) -> HttpResponse:
    fait = FicheMedecin(requete, envoi(requete), instance=medecin)
    lie = medecin.pk is not None and medecin.contrats.filter(statut__in=ENGAGEANTS).exists()

    def executer(donnees: dict[str, Any]) -> str:
        del donnees
        with transaction.atomic():
            enregistre = fait.save()
            tracer(requete.acteur, "modifier", enregistre)
        return f"Fiche de {enregistre} enregistrée."

    return formulaire(
        requete, fait, executer, titre=titre, rubrique="medecins", retour=retour, aides=[MEDECIN_LIE] if lie else []
    )


#: What the source read says of a doctor who moves or changes specialty (assistants-medicaux.org, décisions de CPN).
MEDECIN_LIE = (
    "Ce médecin a un contrat en cours, qui garde ce qui était vrai à sa signature. Un changement de spécialité, ou un "
    "déménagement éloigné, se traite autrement : la caisse résilie le contrat, et un nouveau s'ouvre."
)


class FicheStructure(forms.ModelForm):  # type: ignore[type-arg]
    """A practice or a society."""

    class Meta:
        model = Structure
        fields = ("nom", "forme_juridique", "siret", "finess", "adresse", "representant", "courriel")
        field_classes = {"courriel": Courriel}
        widgets = {"adresse": forms.Textarea(attrs={"rows": 3})}

    def clean_siret(self) -> str:
        """Fourteen digits, or nothing."""
        texte = self.cleaned_data["siret"]
        return lire(identifiants.siret, texte) if texte else ""

    def clean_finess(self) -> str:
        """Nine signs, or nothing."""
        texte = self.cleaned_data["finess"]
        return lire(identifiants.finess, texte) if texte else ""

    def clean(self) -> dict[str, Any]:
        """A SISA is known by its FINESS."""
        donnees: dict[str, Any] = super().clean() or self.cleaned_data
        if donnees.get("forme_juridique") == NomFormeJuridique.SISA.value and not donnees.get("finess"):
            self.add_error("finess", "attendu pour une SISA")
        return donnees


@require_http_methods(["GET", "POST"])
@reserve(*TIENNENT)
def nouvelle_structure(requete: Requete) -> HttpResponse:
    """A new society."""
    neuve = Structure(caisse_id=requete.acteur.la_caisse)
    return _editer_la_structure(requete, neuve, "Nouvelle structure", reverse("caisse:medecins"))


@require_http_methods(["GET", "POST"])
@reserve(*TIENNENT)
def modifier_structure(requete: Requete, cle: int) -> HttpResponse:
    """Correct a society's sheet."""
    societe = ouvrir(requete, Structure, cle)
    return _editer_la_structure(requete, societe, f"Modifier {societe}", reverse("caisse:structure", args=[cle]))


def _editer_la_structure(requete: Requete, societe: Structure, titre: str, retour: str) -> HttpResponse:
    fait = FicheStructure(envoi(requete), instance=societe)

    def executer(donnees: dict[str, Any]) -> str:
        del donnees
        with transaction.atomic():
            enregistree = fait.save()
            tracer(requete.acteur, "modifier", enregistree)
        return f"{enregistree} enregistrée."

    return formulaire(requete, fait, executer, titre=titre, rubrique="medecins", retour=retour)


@require_safe
@reserve(*AGENTS)
def structure(requete: Requete, cle: int) -> HttpResponse:
    """A society's sheet."""
    societe = ouvrir(requete, Structure, cle)
    return page(
        requete,
        "structure",
        "medecins",
        structure=societe,
        contrats=societe.contrats.order_by("-cree_le"),
        medecins=societe.medecins.all(),
        comptes=societe.comptes_bancaires.order_by("-depuis"),
        peut_modifier=requete.acteur.role in TIENNENT,
    )
