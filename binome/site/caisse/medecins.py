"""Doctors and societies: their sheets, their accounts, their statements."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from binome import identifiants
from binome.documents.graphiques import historique
from binome.dossiers import faits
from binome.dossiers.contrats.journal import etat_de, objectifs_au, tracer
from binome.dossiers.models import CompteBancaire, Medecin, Structure
from binome.dossiers.nomenclatures import ENGAGEANTS, Role
from binome.erreurs import BinomeErreur
from binome.simulation import NomFormeJuridique
from binome.site.caisse.pages import Formulaire, envoi, formulaire, page, tranche
from binome.site.comptes.acces import AGENTS, Requete, ouvrir, reserve
from binome.site.socle.saisies import Courriel, Jour

TIENNENT = (Role.GESTIONNAIRE, Role.RESPONSABLE)


@require_safe
@reserve(*AGENTS)
def liste(requete: Requete) -> HttpResponse:
    """The doctors of the fund."""
    lignes = Medecin.objects.visibles(requete.acteur).select_related("structure").order_by("nom", "prenom", "pk")
    cherche = requete.GET.get("q", "").strip()[:80]
    for mot in cherche.split():
        lignes = lignes.filter(Q(nom__icontains=mot) | Q(prenom__icontains=mot) | Q(rpps=mot))
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
        releves=medecin.releves.order_by("-date"),
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
        return _lire(identifiants.rpps, self.cleaned_data["rpps"])

    def clean_numero_am(self) -> str:
        """Nine digits, or nothing."""
        texte = self.cleaned_data["numero_am"]
        return _lire(identifiants.numero_am, texte) if texte else ""


def _lire(lire: Any, texte: str) -> str:
    try:
        return str(lire(texte))
    except BinomeErreur as erreur:
        raise ValidationError(str(erreur)) from erreur


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


class Rib(Formulaire):
    """A bank account."""

    titulaire = forms.CharField(label="Titulaire", max_length=70)
    iban = forms.CharField(label="IBAN", max_length=42)
    bic = forms.CharField(label="BIC", max_length=14, required=False)

    def clean_iban(self) -> str:
        """An account of the SEPA zone, with a right key."""
        return _lire(identifiants.iban, self.cleaned_data["iban"])

    def clean_bic(self) -> str:
        """A bank, or nothing."""
        return _lire(identifiants.bic, self.cleaned_data["bic"]) if self.cleaned_data["bic"] else ""


@require_http_methods(["GET", "POST"])
@reserve(*TIENNENT)
def compte(requete: Requete, cle: int) -> HttpResponse:
    """A new account for a doctor: it replaces the one before."""
    medecin = ouvrir(requete, Medecin, cle)
    return _changer_de_compte(requete, medecin, None, reverse("caisse:medecin", args=[cle]))


@require_http_methods(["GET", "POST"])
@reserve(*TIENNENT)
def compte_structure(requete: Requete, cle: int) -> HttpResponse:
    """A new account for a society."""
    societe = ouvrir(requete, Structure, cle)
    return _changer_de_compte(requete, None, societe, reverse("caisse:structure", args=[cle]))


def _changer_de_compte(
    requete: Requete, medecin: Medecin | None, societe: Structure | None, retour: str
) -> HttpResponse:
    qui = medecin or societe

    def executer(donnees: dict[str, Any]) -> str:
        with transaction.atomic():
            CompteBancaire.objects.filter(medecin=medecin, structure=societe, actif=True).update(actif=False)
            nouveau_compte = CompteBancaire.objects.create(
                caisse_id=requete.acteur.la_caisse,
                medecin=medecin,
                structure=societe,
                saisi_par=requete.acteur.utilisateur,
                **donnees,
            )
            tracer(requete.acteur, "compte_bancaire", nouveau_compte)
        return f"Compte de {qui} enregistré."

    return formulaire(
        requete,
        Rib(envoi(requete), initial={"titulaire": str(qui)[:70]}),
        executer,
        titre=f"Compte bancaire de {qui}",
        rubrique="medecins",
        retour=retour,
        chapeau="Recopiez le RIB reçu : l'ancien compte reste dans l'historique.",
    )


class FicheStructure(forms.ModelForm):  # type: ignore[type-arg]
    """A practice or a society."""

    class Meta:
        model = Structure
        fields = ("nom", "forme_juridique", "siret", "finess", "adresse", "representant")
        widgets = {"adresse": forms.Textarea(attrs={"rows": 3})}

    def clean_siret(self) -> str:
        """Fourteen digits, or nothing."""
        texte = self.cleaned_data["siret"]
        return _lire(identifiants.siret, texte) if texte else ""

    def clean_finess(self) -> str:
        """Nine signs, or nothing."""
        texte = self.cleaned_data["finess"]
        return _lire(identifiants.finess, texte) if texte else ""

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
    fait = FicheStructure(envoi(requete), instance=Structure(caisse_id=requete.acteur.la_caisse))

    def executer(donnees: dict[str, Any]) -> str:
        del donnees
        enregistree = fait.save()
        tracer(requete.acteur, "modifier", enregistree)
        return f"{enregistree} enregistrée."

    return formulaire(
        requete, fait, executer, titre="Nouvelle structure", rubrique="medecins", retour=reverse("caisse:medecins")
    )


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
