"""The page that corrects an act: the act's own form, filled with what is known, and why it was wrong."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from binome.dossiers.acteur import Acteur
from binome.dossiers.contrats.actes import avenants, corrections
from binome.dossiers.contrats.actes.declarations import ACTES
from binome.dossiers.contrats.au import DU_POSTE
from binome.dossiers.contrats.cycle import GESTION
from binome.dossiers.contrats.etat import Fait
from binome.dossiers.contrats.journal import etat_de
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Contrat, Embauche
from binome.dossiers.nomenclatures import Genre
from binome.site.caisse.actes import CENTIEMES, Avenant, FormulaireDeclare, Poste
from binome.site.caisse.modifications import champs_modifiables, changements
from binome.site.caisse.pages import Texte, envoi, formulaire
from binome.site.comptes.acces import Requete, ouvrir, reserve


@dataclass(frozen=True)
class PageDeCorrection:
    """The form of a correction, what it is filled with, and the call that its answers make."""

    formulaire: Callable[..., forms.Form]
    connu: Callable[[Contrat, Fait], dict[str, Any]]
    executer: Callable[[Contrat, Fait, Acteur, dict[str, Any]], Any]


def _demander_le_motif(fait: forms.Form) -> forms.Form:
    fait.fields.pop("motif", None)
    fait.fields["motif"] = Texte(label="Motif de la correction", help_text="Ce qui était faux")
    return fait


def _declare(nom: str, *sans: str) -> Callable[..., forms.Form]:
    """The form of a declared act, without what says on whom it bears."""

    def construire(contrat: Contrat, *args: Any, **champs: Any) -> forms.Form:
        fait = FormulaireDeclare(ACTES[nom], contrat, *args, **champs)
        for champ in sans:
            del fait.fields[champ]
        return _demander_le_motif(fait)

    return construire


def _jour(ecrit: Any) -> datetime.date | None:
    return None if not ecrit else datetime.date.fromisoformat(ecrit)


# -- a hire


def _poste(contrat: Contrat, *args: Any, **champs: Any) -> forms.Form:
    return _demander_le_motif(Poste(contrat, *args, **champs))


def _embauche_connue(contrat: Contrat, fait: Fait) -> dict[str, Any]:
    embauche = Embauche.objects.select_related("assistant").get(pk=fait.donnees["embauche"], contrat=contrat)
    connus = {champ: getattr(embauche, champ) for champ in DU_POSTE if champ != "centiemes_heures"}
    connus |= {champ: getattr(embauche.assistant, champ) for champ in corrections.DE_LA_PERSONNE}
    return connus | {"heures": f"{embauche.centiemes_heures / CENTIEMES:g}".replace(".", ",")}


def _corriger_embauche(contrat: Contrat, fait: Fait, acteur: Acteur, d: dict[str, Any]) -> None:
    dites = {champ: d[champ] for champ in (*DU_POSTE, *corrections.DE_LA_PERSONNE) if champ in d}
    dites["centiemes_heures"] = int(d["heures"] * CENTIEMES)
    corrections.corriger_embauche(contrat.pk, fait.numero, acteur, dites=dites, motif=d["motif"])


# -- an amendment


def _avenant(contrat: Contrat, *args: Any, **champs: Any) -> forms.Form:
    fait = Avenant(contrat, *args, **champs)
    del fait.fields["piece"]
    return _demander_le_motif(fait)


def _avenant_connu(contrat: Contrat, fait: Fait) -> dict[str, Any]:
    situation = etat_de(contrat).situation
    connus: dict[str, Any] = {"date_effet": fait.date_effet.isoformat()}
    for nom, champ in champs_modifiables(avenants.AMENDABLES, situation).items():
        valeur = _dite(nom, fait.donnees["changements"], situation)
        if valeur is not None:
            connus[nom] = champ.ecrire(valeur)
    return connus


def _dite(nom: str, dits: Mapping[str, Any], situation: Mapping[str, Any]) -> Any:
    """What an amendment says of a field: nothing where it repeats what the contract says of a member."""
    for chemin, valeur in dits.items():
        if nom == chemin:
            return valeur
        if not nom.startswith(f"{chemin}."):
            continue
        reste = nom.removeprefix(f"{chemin}.")
        if isinstance(valeur, list):
            rang, champ = reste.split(".", 1)
            membre = valeur[int(rang) - 1].get(champ)
            return None if membre == situation["groupe"]["membres"][int(rang) - 1].get(champ) else membre
        return valeur.get(reste)
    return None


def _corriger_avenant(contrat: Contrat, fait: Fait, acteur: Acteur, d: dict[str, Any]) -> None:
    situation = etat_de(contrat).situation
    champs = champs_modifiables(avenants.AMENDABLES, situation)
    corrections.corriger_avenant(
        contrat.pk,
        fait.numero,
        acteur,
        date_effet=d["date_effet"],
        changements=changements(avenants.AMENDABLES, champs, d, situation),
        motif=d["motif"],
    )


# -- what the acts declare


def _depart_connu(contrat: Contrat, fait: Fait) -> dict[str, Any]:
    del contrat
    return {"date_fin": fait.date_effet}


def _corriger_depart(contrat: Contrat, fait: Fait, acteur: Acteur, d: dict[str, Any]) -> None:
    corrections.corriger_depart(contrat.pk, fait.numero, acteur, date_fin=d["date_fin"], motif=d["motif"])


def _absence_connue(contrat: Contrat, fait: Fait) -> dict[str, Any]:
    del contrat
    return {
        "debut": fait.date_effet,
        "fin": _jour(fait.donnees["date_fin_absence"]),
        "remplace": fait.donnees["assistant_remplace"],
    }


def _corriger_absence(contrat: Contrat, fait: Fait, acteur: Acteur, d: dict[str, Any]) -> None:
    corrections.corriger_absence(
        contrat.pk, fait.numero, acteur, debut=d["debut"], fin=d["fin"], remplace=d["remplace"], motif=d["motif"]
    )


def _formation_connue(contrat: Contrat, fait: Fait) -> dict[str, Any]:
    del contrat
    return {nom: _jour(fait.donnees[nom]) for nom in ("commencee_le", "obtenue_le")}


def _corriger_formation(contrat: Contrat, fait: Fait, acteur: Acteur, d: dict[str, Any]) -> None:
    corrections.corriger_formation(
        contrat.pk,
        fait.numero,
        acteur,
        commencee_le=d["commencee_le"],
        obtenue_le=d["obtenue_le"],
        motif=d["motif"],
    )


def _secretaire_connue(contrat: Contrat, fait: Fait) -> dict[str, Any]:
    del contrat
    return {
        "remplacement": fait.donnees["remplacement_secretaire"],
        "date": _jour(fait.donnees["date_remplacement_secretaire"]),
    }


def _corriger_secretaire(contrat: Contrat, fait: Fait, acteur: Acteur, d: dict[str, Any]) -> None:
    corrections.corriger_secretaire(
        contrat.pk, fait.numero, acteur, remplacement=d["remplacement"], date=d["date"], motif=d["motif"]
    )


#: The page that corrects each kind of event.
PAGES: dict[Genre, PageDeCorrection] = {
    Genre.EMBAUCHE: PageDeCorrection(_poste, _embauche_connue, _corriger_embauche),
    Genre.AVENANT: PageDeCorrection(_avenant, _avenant_connu, _corriger_avenant),
    Genre.DEPART: PageDeCorrection(_declare("depart", "embauche_id"), _depart_connu, _corriger_depart),
    Genre.ABSENCE: PageDeCorrection(_declare("absence"), _absence_connue, _corriger_absence),
    Genre.FORMATION: PageDeCorrection(
        _declare("formation", "assistant", "piece"), _formation_connue, _corriger_formation
    ),
    Genre.SECRETAIRE: PageDeCorrection(_declare("secretaire", "piece"), _secretaire_connue, _corriger_secretaire),
}


@require_http_methods(["GET", "POST"])
@reserve(*GESTION)
def corriger(requete: Requete, cle: int, numero: int) -> HttpResponse:
    """Correct what was recorded wrong."""
    contrat = ouvrir(requete, Contrat, cle)
    try:
        fait = corrections.corrigeable(contrat, numero)
    except Refus as refus:
        raise Http404(str(refus)) from refus
    genre = Genre(fait.genre)
    propre = PAGES[genre]

    def executer(donnees: dict[str, Any]) -> str:
        propre.executer(contrat, fait, requete.acteur, donnees)
        return "Correction enregistrée : ce qui a été écrit d'abord reste au journal."

    return formulaire(
        requete,
        propre.formulaire(contrat, envoi(requete), initial=propre.connu(contrat, fait)),
        executer,
        titre=f"Corriger : {genre.label.lower()} — {contrat.numero}",
        rubrique="contrats",
        retour=reverse("caisse:contrat", args=[cle]),
        bouton="Corriger",
        chapeau="Ce qui est faux se corrige ici ; ce qui change pendant le contrat est un nouvel acte. "
        "Si la correction change ce qui est dû, la campagne suivante paie ou reprend la différence.",
    )
