"""What a file tells of the fields of a letter."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from binome import francais
from binome.dossiers.acteur import Acteur
from binome.dossiers.contrats.cycle import compte_de
from binome.dossiers.contrats.etat import Etat
from binome.dossiers.contrats.journal import etat_de
from binome.dossiers.models import Contrat, LigneVersement
from binome.dossiers.nomenclatures import EtatPiece, NaturePiece, StatutLigne
from binome.dossiers.paiements.dus import droits
from binome.dossiers.paiements.grand_livre import solde
from binome.simulation import INDICATEURS, Annee
from binome.simulation.mots.conditions import pour_changer
from binome.simulation.mots.phrases import RAISONS

#: Days that a letter leaves to answer: the fund's own habit, which the agent may change in the letter.
REPONSE = datetime.timedelta(days=30)


def champs_connus(contrat: Contrat, modele: str, acteur: Acteur, jour: datetime.date) -> dict[str, str]:
    """Every value that the file tells, by the name that a template gives it, written in French."""
    etat = etat_de(contrat)
    situation, reste = etat.lire(), solde(contrat)
    medecin, compte = contrat.medecin, compte_de(contrat)
    embauche = contrat.embauches.select_related("assistant").order_by("date_debut").last()
    ligne = contrat.lignes_versement.filter(statut=StatutLigne.EMISE).order_by("pk").last()
    signe = situation.contrat or situation.groupe
    limite = francais.date_longue(jour + REPONSE)
    connus: dict[str, str | None] = {
        "date_signature": _date(contrat.date_signature or situation.date_signature),
        "date_fin": _date(contrat.date_fin),
        "date_debut": _date(contrat.date_signature or situation.date_signature),
        "date_appreciation": _date(etat.verdict.get("date_appreciation")),
        "date_demande": _date(timezone.localdate(contrat.cree_le)),
        "date_limite": limite,
        "date_contestation": limite,
        "date_signalement": limite,
        "date_effet": _date(jour),
        "regles": etat.verdict.get("regime_libelle"),
        "regles_actuelles": etat.verdict.get("regime_libelle"),
        "option": None
        if situation.contrat is None or situation.contrat.option is None
        else situation.contrat.option.libelle,
        "etp": None if situation.groupe is None else francais.valeur(situation.groupe.etp_demandes),
        "societe": None if contrat.structure is None else contrat.structure.nom,
        "representant_societe": None if contrat.structure is None else contrat.structure.representant,
        "forme": None if contrat.structure is None else contrat.structure.get_forme_juridique_display(),
        "identifiant": None if contrat.structure is None else contrat.structure.finess or contrat.structure.siret,
        "siege": None if contrat.structure is None else ", ".join(contrat.structure.adresse.splitlines()),
        "specialite": None if medecin is None else medecin.get_specialite_display(),
        "secteur": None if medecin is None else medecin.get_secteur_display(),
        "zone": None if medecin is None else medecin.get_zone_display(),
        "numero_assurance_maladie": None if medecin is None else medecin.numero_am or "non renseigné",
        "cabinet": None if medecin is None else ", ".join(medecin.adresse.splitlines()),
        "assistant": None if embauche is None else str(embauche.assistant),
        "date_embauche": None if embauche is None else _date(embauche.date_debut),
        "embauche": None
        if embauche is None
        else f"{embauche.get_type_contrat_display()}, {_date(embauche.date_debut)}",
        "temps_de_travail": None
        if embauche is None
        else f"{francais.valeur(embauche.centiemes_heures / 100)} h par semaine",
        "compte": None if compte is None else f"compte se terminant par {compte.iban[-4:]}",
        "titulaire": None if compte is None else compte.titulaire,
        "releve_reference": _date(situation.patientele.date_releve),
        "solde": _solde(reste.aide, reste.du_par_le_medecin),
        "interlocuteur": acteur.nom,
        "reference_contrat": contrat.numero,
        "comment_envoyer": "Déposez-les dans votre espace Binôme, ou envoyez-les par courrier à la caisse.",
        "comment_signer": "Signez-le, puis déposez-le dans votre espace Binôme ou renvoyez-le par courrier.",
        "voies_de_recours": "Vous pouvez contester cette décision par écrit auprès de la caisse.",
        "duree": None
        if contrat.date_fin is None or signe is None
        else f"jusqu'au {francais.date_longue(contrat.date_fin)}",
        "beneficiaire": contrat.titulaire,
        "objectifs": _objectifs(etat),
        "representant": contrat.caisse.nom,
        "textes": etat.verdict.get("regime_libelle"),
    }
    if ligne is not None:
        connus |= _du_versement(ligne)
    evaluation = contrat.evaluations.order_by("annee", "version").last()
    if evaluation is not None:
        connus |= {
            "annuite": f"année {evaluation.annee}",
            "date_releve": _date(evaluation.releve_date),
            "date_evaluation": _date(timezone.localdate(evaluation.decidee_le)),
            "taux": f"{francais.valeur(round(evaluation.numerateur * 100 / evaluation.denominateur, 2))} %",
            "regle": evaluation.explication,
        } | _montants_de(etat, evaluation.annee, jour)
        if modele.startswith("evaluation"):
            connus |= {"motif": evaluation.motif or evaluation.explication}
    return {nom: valeur for nom, valeur in connus.items() if valeur}


def _date(date: datetime.date | str | None) -> str | None:
    if isinstance(date, str):
        date = datetime.date.fromisoformat(date)
    return None if date is None else francais.date_longue(date)


def _solde(aide: int, du: int) -> str:
    if du:
        return f"Vous devez {francais.euros(du)} à la caisse."
    return f"La caisse vous doit {francais.euros(aide)}." if aide else "Aucune somme ne reste due."


def _objectifs(etat: Etat) -> str | None:
    dits = [
        f"{o['libelle'].lower()} : de {francais.nombre(o['base'])} à {francais.nombre(o['cible'])}"
        for o in etat.verdict.get("objectifs", [])
        if o["base"] is not None and o["cible"] is not None
    ]
    return " ; ".join(dits) or None


def _du_versement(ligne: LigneVersement) -> dict[str, str | None]:
    return {
        "montant": francais.euros(ligne.montant),
        "date_versement": _date(ligne.campagne.date),
        "date_virement": _date(ligne.campagne.date),
        "reference_virement": ligne.reference,
        "motif": " ".join(detail["explication"] for detail in ligne.details) or None,
        "retenue": (
            f"Un trop-perçu de {francais.euros(ligne.compensation)} a été retenu."
            if ligne.compensation
            else "Aucune retenue."
        ),
    }


def _montants_de(etat: Etat, rang: int, jour: datetime.date) -> dict[str, str | None]:
    annee = next(a for a in next(droits([etat], max(jour, etat.date_signature))).annees if a.rang == rang)
    return {
        "montant_maximal": francais.euros(annee.montant_maximal),
        "montant": francais.euros(annee.montant_du),
    }


def tableaux_connus(contrat: Contrat, jour: datetime.date) -> dict[str, list[dict[str, str]]]:
    """The rows that the file tells, by the name that templates give to the table; each cell under its title."""
    etat = etat_de(contrat)
    verdict, annees = etat.verdict, next(droits([etat], max(jour, etat.date_signature))).annees
    conditions, objectifs = verdict.get("conditions", []), verdict.get("objectifs", [])
    acceptees = set(contrat.pieces.filter(etat=EtatPiece.ACCEPTEE).values_list("nature", flat=True))
    attendues = (NaturePiece.CONTRAT_SIGNE, NaturePiece.CONTRAT_TRAVAIL, NaturePiece.RIB)
    evaluation = contrat.evaluations.order_by("annee", "version").last()
    evalues = {} if evaluation is None else {i: getattr(evaluation, i) for i in INDICATEURS}
    ligne = contrat.lignes_versement.exclude(details=[]).order_by("pk").last()
    return {
        "montants": [_montant(annee) for annee in annees],
        "objectifs": [_objectif(o) | {"Gain": _nombre(o["gain"])} for o in objectifs],
        "indicateurs": [_objectif(o) | {"Résultat": _nombre(evalues.get(o["indicateur"]))} for o in objectifs],
        "releves": [_objectif(o) | {"Relevé": _nombre(_releve(contrat, o, verdict))} for o in objectifs],
        "pieces": [
            {
                "Pièce": piece.label,
                "Pourquoi": "attendue pour commencer les versements",
                "Ce qui manque": "à envoyer",
                "Qui la fournit": "le médecin",
            }
            for piece in attendues
            if piece not in acceptees
        ],
        "conditions": [
            {"Condition": c["libelle"], "Réponse": RAISONS[c["verdict"]], "Ce qui la fonde": c["raison"]}
            for c in conditions
            if c["verdict"] != "sans_objet"
        ],
        "motifs": [
            {
                "Condition non remplie": c["libelle"],
                "Votre situation": c["raison"],
                "Ce qui est demandé": pour_changer(c["nom"]),
                "Référence": c["reference"],
            }
            for c in conditions
            if c["verdict"] == "non_remplie"
        ],
        "medecins": [
            {"Médecin": str(a.medecin), "RPPS": a.medecin.rpps, "Adhésion": _date(a.debut) or "à la signature"}
            for a in contrat.adhesions.select_related("medecin").order_by("pk")
        ],
        "versements": [] if ligne is None else [_detail(detail) for detail in ligne.details],
        "comptes": [{"Annuité": str(a.rang), "Dû": francais.euros(a.montant_du)} for a in annees],
    }


def _montant(annee: Annee) -> dict[str, str]:
    maximal = francais.euros(annee.montant_maximal)
    return {
        "Annuité": str(annee.rang),
        "Début": _date(annee.debut) or "",
        "Du": _date(annee.debut) or "",
        "Au": _date(annee.fin) or "",
        "Montant maximal": maximal,
        "Total maximal": maximal,
    }


def _objectif(objectif: Mapping[str, Any]) -> dict[str, str]:
    return {
        "Indicateur": objectif["libelle"],
        "Base": _nombre(objectif["base"]),
        "Objectif": _nombre(objectif["cible"]),
    }


def _releve(contrat: Contrat, objectif: Mapping[str, Any], verdict: Mapping[str, Any]) -> int | None:
    """What the doctor's last statement says of an objective's indicator."""
    dernier = None if contrat.medecin is None else contrat.medecin.releves.order_by("-date").first()
    adultes = bool(verdict.get("adultes_seuls"))
    return None if dernier is None else dernier.nombre(objectif["indicateur"], adultes_seuls=adultes)


def _detail(detail: Mapping[str, Any]) -> dict[str, str]:
    """A difference that a campaign found, for a letter."""
    return {
        "Annuité": str(detail["annee"]),
        "Versement": detail["libelle"],
        "Date": _date(detail["date"]) or "",
        "Pourquoi": detail["explication"],
        "Montant": francais.euros(detail["ecart"]),
        "Versé": francais.euros(detail["deja"]),
        "Dû": francais.euros(detail["du"]),
        "En trop": francais.euros(max(detail["deja"] - detail["du"], 0)),
    }


def _nombre(valeur: int | None) -> str:
    return "non connu" if valeur is None else francais.nombre(valeur)
