"""The last act of a file, undone with a written reason: a later event says that it does not hold, nothing is erased.

Only the last one: what follows an act may rest on it. And only as long as nothing was paid or claimed since: then what
is wrong is corrected, and the next campaign counts the difference.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction

from binome import francais
from binome.dossiers.acteur import Acteur
from binome.dossiers.contrats.actes.corrections import DE_LA_PERSONNE, recompter_la_formation
from binome.dossiers.contrats.actes.ouvert import ouvrir
from binome.dossiers.contrats.au import DU_POSTE
from binome.dossiers.contrats.etat import annules
from binome.dossiers.contrats.journal import consigner
from binome.dossiers.erreurs import Refus
from binome.dossiers.models import Assistant, Contrat, Embauche, Engagement, Evenement
from binome.dossiers.nomenclatures import DU_RECOUVREMENT, Dispositif, Genre, Statut

#: Events that are no act: they do not keep the act before them from being undone.
PASSIFS = frozenset(
    {
        Genre.NOTE,
        Genre.PIECE,
        Genre.PIECE_REFUSEE,
        Genre.COURRIER,
        Genre.COMPTE,
        Genre.RELEVE,
        Genre.ACTE_ANNULE,
        Genre.ANNULATION,
        Genre.VERSEMENT,
        Genre.RETOUR,
        Genre.REMBOURSEMENT,
        *DU_RECOUVREMENT,
    }
)

#: What an undone act leaves beside the contract itself, put back as it was; `_rien` where there is nothing.
Defaire = Callable[[Contrat, Evenement, Acteur, datetime.datetime | None], None]


def _rien(contrat: Contrat, acte: Evenement, acteur: Acteur, quand: datetime.datetime | None) -> None:
    del contrat, acte, acteur, quand


def _signature(contrat: Contrat, acte: Evenement, acteur: Acteur, quand: datetime.datetime | None) -> None:
    """The doctors are free again; the contract that this one renewed is what it was."""
    del acte
    contrat.engagements.all().delete()
    contrat.adhesions.update(debut=None)
    precedent = contrat.precedent
    if precedent is None or precedent.statut != Statut.RENOUVELE:
        return
    renouvellement = precedent.evenements.filter(genre=Genre.RENOUVELLEMENT).order_by("numero").last()
    assert renouvellement is not None  # noqa: S101 - the contract is « renouvelé » by that event
    precedent = Contrat.objects.select_for_update(of=("self",)).get(pk=precedent.pk)
    motif = f"Signature du dossier {contrat.numero} annulée"
    _consigner(precedent, renouvellement, acteur, motif, quand)


def _embauche(contrat: Contrat, acte: Evenement, acteur: Acteur, quand: datetime.datetime | None) -> None:
    del acteur, quand
    contrat.embauches.filter(pk=acte.donnees["embauche"]).delete()


def _depart(contrat: Contrat, acte: Evenement, acteur: Acteur, quand: datetime.datetime | None) -> None:
    del acteur, quand
    contrat.embauches.filter(pk=acte.donnees["embauche"]).update(date_fin=None, motif_fin="")


def _formation(contrat: Contrat, acte: Evenement, acteur: Acteur, quand: datetime.datetime | None) -> None:
    del contrat, acteur, quand
    recompter_la_formation(Assistant.objects.get(pk=acte.donnees["assistant"]))


def _adhesion(contrat: Contrat, acte: Evenement, acteur: Acteur, quand: datetime.datetime | None) -> None:
    del acteur, quand
    medecin = acte.donnees["medecin"]
    contrat.engagements.filter(medecin=medecin, debut=acte.date_effet).delete()
    contrat.adhesions.filter(medecin=medecin, debut=acte.date_effet).delete()


def _retrait(contrat: Contrat, acte: Evenement, acteur: Acteur, quand: datetime.datetime | None) -> None:
    del acteur, quand
    contrat.adhesions.filter(medecin=acte.donnees["medecin"]).update(fin=None)
    engager_de_nouveau(contrat)


def _resiliation(contrat: Contrat, acte: Evenement, acteur: Acteur, quand: datetime.datetime | None) -> None:
    del acteur, quand
    contrat.adhesions.filter(fin=acte.date_effet).update(fin=None)
    engager_de_nouveau(contrat)


def engager_de_nouveau(contrat: Contrat) -> None:
    """Those whom the contract binds are bound to its last day again, as when it was signed."""
    debut, fin = contrat.date_signature, contrat.date_fin
    assert debut is not None  # noqa: S101 - the contract is signed
    assert fin is not None  # noqa: S101
    if contrat.dispositif == Dispositif.INDIVIDUEL:
        lies = [(contrat.medecin, debut, fin)]
    else:
        adhesions = contrat.adhesions.select_related("medecin")
        lies = [(a.medecin, a.debut or debut, a.fin or fin) for a in adhesions]
    for medecin, du, au in lies:
        assert medecin is not None  # noqa: S101 - proved by the constraint « contrat_signataire »
        engagement = contrat.engagements.filter(medecin=medecin, debut=du).first()
        if engagement is None:
            engagement = Engagement(contrat=contrat, medecin=medecin, rpps=medecin.rpps, debut=du)
        engagement.fin = au
        engagement.save()


def _correction(contrat: Contrat, acte: Evenement, acteur: Acteur, quand: datetime.datetime | None) -> None:
    """What was corrected says again what it said."""
    corrige = contrat.evenements.get(numero=acte.donnees["numero"])
    avant = acte.donnees.get("avant", {})
    if corrige.genre == Genre.EMBAUCHE:
        embauche = Embauche.objects.select_related("assistant").get(pk=corrige.donnees["embauche"])
        for objet, champs in ((embauche, DU_POSTE), (embauche.assistant, DE_LA_PERSONNE)):
            for champ in champs:
                if champ in avant:
                    setattr(objet, champ, avant[champ])
            objet.save()
    elif corrige.genre == Genre.DEPART:
        contrat.embauches.filter(pk=corrige.donnees["embauche"]).update(date_fin=corrige.date_effet)
    elif corrige.genre == Genre.FORMATION:
        _formation(contrat, corrige, acteur, quand)


#: The acts that may be undone, and what follows. An evaluation is decided again; money has its own reversals.
DEFAIRE: dict[Genre, Defaire] = {
    Genre.MODIFICATION: _rien,
    Genre.PREPARATION: _rien,
    Genre.REPRISE_BROUILLON: _rien,
    Genre.SIGNATURE: _signature,
    Genre.EMBAUCHE: _embauche,
    Genre.DEMARRAGE: _rien,
    Genre.ABSENCE: _rien,
    Genre.DEPART: _depart,
    Genre.FORMATION: _formation,
    Genre.SECRETAIRE: _rien,
    Genre.SUSPENSION: _rien,
    Genre.REPRISE: _rien,
    Genre.AVENANT: _rien,
    Genre.BASCULE: _rien,
    Genre.ADHESION: _adhesion,
    Genre.RETRAIT: _retrait,
    Genre.LECTURE: _rien,
    Genre.ECHEANCE: _rien,
    Genre.TERME: _rien,
    Genre.RESILIATION_ANNONCEE: _resiliation,
    Genre.RESILIATION: _resiliation,
    Genre.CLASSEMENT: _rien,
    Genre.CORRECTION: _correction,
}


def dernier_acte(contrat: Contrat) -> Evenement | None:
    """The last act that holds, when it may be undone; None otherwise."""
    evenements = list(contrat.evenements.order_by("numero"))
    sans = annules(evenements)
    dernier = next((e for e in reversed(evenements) if e.genre not in PASSIFS and e.numero not in sans), None)
    if dernier is None or Genre(dernier.genre) not in DEFAIRE or paye_depuis(contrat, dernier):
        return None
    return dernier


def paye_depuis(contrat: Contrat, acte: Evenement) -> bool:
    """True when the ledger moved after an act: what was paid rests on it."""
    return contrat.ecritures.filter(consigne_le__gte=acte.consigne_le).exists()


def annulable(contrat: Contrat) -> bool:
    """True when the last act may be undone."""
    return dernier_acte(contrat) is not None


@transaction.atomic
def annuler(
    contrat_id: int, acteur: Acteur, *, numero: int, motif: str, quand: datetime.datetime | None = None
) -> Evenement:
    """Undo the last act of a file, with a reason; what it wrote stays in the journal. Raises Refus."""
    contrat = ouvrir(contrat_id, acteur, "annulation", tuple(Statut))
    dernier = dernier_acte(contrat)
    if dernier is None or dernier.numero != numero:
        attendu = "aucun ne s'annule" if dernier is None else f"« {dernier.get_genre_display()} » attendu"
        raise Refus(f"annulation : le dernier acte du dossier, sur lequel rien n'a été payé ({attendu})")
    if not motif.strip():
        raise Refus("motif : attendu (pourquoi l'acte ne tient pas)")
    suivant = Contrat.objects.filter(precedent=contrat).exclude(statut=Statut.SANS_SUITE).first()
    if suivant is not None and dernier.genre in {Genre.TERME, Genre.SIGNATURE}:
        raise Refus(f"annulation : le dossier {suivant.numero} renouvelle celui-ci ; annulez d'abord ses actes")
    return _consigner(contrat, dernier, acteur, motif.strip(), quand)


def _avant(contrat: Contrat, acte: Evenement) -> dict[str, Any]:
    """The row that goes with an act, kept by what undoes it: the file of the day before still shows it."""
    if acte.genre == Genre.CORRECTION and acte.donnees["genre"] == Genre.EMBAUCHE:
        corrige = contrat.evenements.get(numero=acte.donnees["numero"])
        embauche = contrat.embauches.get(pk=corrige.donnees["embauche"])
        return {champ: _ecrit(getattr(embauche, champ)) for champ in DU_POSTE}
    if acte.genre == Genre.EMBAUCHE:
        embauche = contrat.embauches.get(pk=acte.donnees["embauche"])
        return {champ: _ecrit(getattr(embauche, champ)) for champ in ("assistant_id", *DU_POSTE)}
    if acte.genre == Genre.ADHESION:
        adhesion = contrat.adhesions.get(medecin=acte.donnees["medecin"], debut=acte.date_effet)
        return {champ: getattr(adhesion, champ) for champ in ("medecin_id", "pamsu_docteur_junior", "bulletin_id")}
    return {}


def _ecrit(valeur: Any) -> Any:
    return valeur.isoformat() if isinstance(valeur, datetime.date) else valeur


def _consigner(
    contrat: Contrat, acte: Evenement, acteur: Acteur, motif: str, quand: datetime.datetime | None
) -> Evenement:
    try:
        with transaction.atomic():
            ecrit = consigner(
                contrat,
                Genre.ACTE_ANNULE,
                acteur,
                date_effet=acte.date_effet,
                donnees={"numero": acte.numero, "genre": acte.genre, "avant": _avant(contrat, acte)},
                motif=motif,
                quand=quand,
            )
            if Genre(acte.genre) in DEFAIRE:
                DEFAIRE[Genre(acte.genre)](contrat, acte, acteur, quand)
    except IntegrityError as erreur:
        # Somebody was bound, or hired again, in between.
        raise Refus(
            f"annulation : {francais.lier(acte.get_genre_display().lower())} ne se défait plus, un médecin ou un "
            "assistant s'est engagé ailleurs depuis"
        ) from erreur
    return ecrit
