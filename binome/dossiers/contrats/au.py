"""A file as it was known at the end of a day: its rows, less all that was recorded after.

The state of a contract is rebuilt from its events (`journal.au`); what stands beside it (posts, members, deadlines,
documents, evaluations) is read in its rows, and each row is shown as the events known that day had left it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from binome.dossiers.contrats import journal
from binome.dossiers.contrats.etat import REVIENNENT, Etat, en_vigueur
from binome.dossiers.models import Adhesion, Contrat, Echeance, Ecriture, Embauche, Evaluation, Evenement, Piece
from binome.dossiers.nomenclatures import SIGNES, EtatPiece, Genre


@dataclass(frozen=True)
class Connu:
    """What a file holds on a day."""

    etat: Etat
    evenements: Sequence[Evenement]
    date_signature: datetime.date | None
    date_fin: datetime.date | None
    regime: str
    echeances: Sequence[Echeance]
    embauches: Sequence[Embauche]
    adhesions: Sequence[Adhesion]
    pieces: Sequence[Piece]
    evaluations: Sequence[Evaluation]
    ecritures: Sequence[Ecriture]


def fin_du_jour(jour: datetime.date) -> datetime.datetime:
    """The instant from which nothing was known yet at the end of a day."""
    return timezone.make_aware(datetime.datetime.combine(jour + datetime.timedelta(days=1), datetime.time()))


def aujourd_hui(contrat: Contrat) -> Connu:
    """A file as it stands."""
    return Connu(
        etat=journal.etat_de(contrat),
        evenements=list(contrat.evenements.select_related("auteur", "piece").order_by("numero")),
        date_signature=contrat.date_signature,
        date_fin=contrat.date_fin,
        regime=contrat.regime,
        echeances=list(contrat.echeances.all()),
        embauches=_embauches(contrat),
        adhesions=_adhesions(contrat),
        pieces=list(contrat.pieces.select_related("deposee_par")),
        evaluations=list(contrat.evaluations.select_related("auteur")),
        ecritures=_ecritures(contrat),
    )


def au(contrat: Contrat, jour: datetime.date) -> Connu | None:
    """A file as it was known at the end of a day; None before it was opened."""
    fin = fin_du_jour(jour)
    evenements = list(journal.connus(contrat, fin).select_related("auteur", "piece").order_by("numero"))
    etat = journal.au(contrat, jour)
    if etat is None:
        return None
    suivi = journal.suivi_de(etat, _jour_du_calcul(evenements))
    signe = etat.statut in SIGNES
    return Connu(
        etat=etat,
        evenements=evenements,
        date_signature=etat.date_signature if signe else None,
        date_fin=_fin(suivi.date_fin, etat) if signe else None,
        regime=suivi.regime,
        echeances=list(_echeances_au(contrat, suivi.echeances, evenements)) if signe else [],
        embauches=_embauches_au(contrat, evenements),
        adhesions=list(_adhesions_au(contrat, etat, evenements, fin)),
        pieces=list(_pieces_au(contrat, fin)),
        evaluations=list(_evaluations_au(contrat, fin)),
        ecritures=[e for e in _ecritures(contrat) if e.consigne_le < fin],
    )


def _fin(terme: datetime.date | None, etat: Etat) -> datetime.date | None:
    return terme if terme is None or etat.fin_annoncee is None else min(terme, etat.fin_annoncee)


def _embauches(contrat: Contrat) -> list[Embauche]:
    return list(contrat.embauches.select_related("assistant").order_by("date_debut", "pk"))


def _adhesions(contrat: Contrat) -> list[Adhesion]:
    return list(contrat.adhesions.select_related("medecin", "bulletin").order_by("pk"))


def _ecritures(contrat: Contrat) -> list[Ecriture]:
    return list(contrat.ecritures.select_related("ligne").order_by("pk"))


def _jour_du_calcul(evenements: Sequence[Evenement]) -> datetime.date:
    """The day on which the law was last asked: that of the last event that changes what it reads."""
    utiles = [e for e in evenements if e.genre not in journal.SANS_EFFET_SUR_LA_LOI]
    return timezone.localdate((utiles or evenements)[-1].consigne_le)


def _echeances_au(contrat: Contrat, comptees: Iterable[Any], evenements: Sequence[Evenement]) -> Iterable[Echeance]:
    """The deadlines that the law counted then, done by what was known; and those done before it stopped counting."""
    faites = journal.echeances_closes(en_vigueur(evenements))
    comptees = list(comptees)
    for e in comptees:
        faite_le = faites.get(e.nom)
        yield Echeance(
            contrat=contrat, nom=e.nom, libelle=e.libelle, date=e.date, certitude=e.certitude, faite_le=faite_le
        )
    restantes = faites.keys() - {e.nom for e in comptees}
    yield from contrat.echeances.filter(nom__in=restantes, faite_le__isnull=False)


def _embauches_au(contrat: Contrat, evenements: Sequence[Evenement]) -> list[Embauche]:
    """The posts: each column as it was before what was corrected, or undone, since."""
    tenus = list(en_vigueur(evenements))
    venus = {e.donnees["embauche"]: e.numero for e in tenus if e.genre == Genre.EMBAUCHE}
    partis = {e.donnees["embauche"]: e for e in tenus if e.genre == Genre.DEPART}
    motifs = {e.numero: e.motif for e in evenements}
    depuis = list(_revenus_depuis(contrat, evenements[-1].numero))
    # A hire undone since is a row no more: what it was is kept by what undid it.
    lignes = {embauche.pk: embauche for embauche in _embauches(contrat)}
    for cle, numero in venus.items():
        if cle not in lignes:
            lignes[cle] = _refaite(contrat, cle, next(avant for vise, avant in depuis if vise == numero))
    for cle, numero in venus.items():
        for vise, avant in depuis:
            if vise == numero:
                for champ in DU_POSTE:
                    if champ in avant:
                        setattr(lignes[cle], champ, lu(champ, avant[champ]))
        parti = partis.get(cle)
        lignes[cle].date_fin = None if parti is None else parti.date_effet
        lignes[cle].motif_fin = "" if parti is None else motifs[parti.numero][:200]
    return sorted((lignes[cle] for cle in venus), key=lambda embauche: (embauche.date_debut, embauche.pk))


def _revenus_depuis(contrat: Contrat, numero: int) -> Iterable[tuple[int, dict[str, Any]]]:
    """What was corrected or undone since an event, the last first: which act, and what was there before."""
    corrections = {e.numero: int(e.donnees["numero"]) for e in contrat.evenements.filter(genre=Genre.CORRECTION)}
    for e in contrat.evenements.filter(numero__gt=numero, genre__in=list(REVIENNENT)).order_by("-numero"):
        vise = int(e.donnees["numero"])
        yield corrections.get(vise, vise), e.donnees["avant"]


def _refaite(contrat: Contrat, cle: int, avant: dict[str, Any]) -> Embauche:
    return Embauche(contrat=contrat, pk=cle, **{champ: lu(champ, valeur) for champ, valeur in avant.items()})


#: Columns of a hire that a correction may change.
DU_POSTE = ("date_debut", "centiemes_heures", "type_contrat", "employeur", "employeur_nom", "teletravail")


def lu(champ: str, valeur: Any) -> Any:
    """A column of a hire, from what an event keeps of it."""
    return datetime.date.fromisoformat(valeur) if champ.startswith("date_") and valeur else valeur


def _adhesions_au(
    contrat: Contrat, etat: Etat, evenements: Sequence[Evenement], fin: datetime.datetime
) -> Iterable[Adhesion]:
    """Who signed, then who joined; each leaves by an event of their own, or with the contract."""
    tenus = list(en_vigueur(evenements))
    venus = {e.donnees["medecin"] for e in contrat.evenements.filter(genre=Genre.ADHESION)}
    connus = {e.donnees["medecin"]: e.date_effet for e in tenus if e.genre == Genre.ADHESION}
    sortis = {e.donnees["medecin"] for e in tenus if e.genre == Genre.RETRAIT}
    adhesions = _adhesions(contrat)
    depuis = contrat.evenements.filter(numero__gt=evenements[-1].numero, genre=Genre.ACTE_ANNULE)
    for annulation in depuis:
        if annulation.donnees["genre"] == Genre.ADHESION and annulation.donnees["avant"]["medecin_id"] in connus:
            adhesions.append(Adhesion(contrat=contrat, **annulation.donnees["avant"]))
    for adhesion in adhesions:
        if adhesion.medecin_id in venus - connus.keys():
            continue
        if adhesion.medecin_id in connus:
            adhesion.debut = connus[adhesion.medecin_id]
        if adhesion.medecin_id not in sortis and etat.date_fin_anticipee is None and etat.fin_annoncee is None:
            adhesion.fin = None
        if etat.statut not in SIGNES:
            adhesion.debut = None
        if adhesion.bulletin is not None and adhesion.bulletin.deposee_le >= fin:
            adhesion.bulletin = None
        yield adhesion


def _pieces_au(contrat: Contrat, fin: datetime.datetime) -> Iterable[Piece]:
    for piece in contrat.pieces.filter(deposee_le__lt=fin).select_related("deposee_par"):
        if piece.controlee_le is not None and piece.controlee_le >= fin:
            piece.etat, piece.motif_refus = EtatPiece.RECUE, ""
            piece.controlee_le = piece.controlee_par = None
        yield piece


def _evaluations_au(contrat: Contrat, fin: datetime.datetime) -> Iterable[Evaluation]:
    for evaluation in contrat.evaluations.filter(decidee_le__lt=fin).select_related("auteur"):
        if evaluation.contestee_le is not None and evaluation.contestee_le >= fin:
            evaluation.contestee_le = None
        yield evaluation
