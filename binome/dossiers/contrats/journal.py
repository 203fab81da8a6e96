"""The events of a contract: appended here and nowhere else, and the contract's columns kept as their image."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import F, Min
from django.utils import timezone

from binome.dossiers.acteur import Acteur
from binome.dossiers.contrats import etat as etats
from binome.dossiers.contrats.etat import Etat
from binome.dossiers.models import Consultation, Contrat, Echeance, Evenement, Piece
from binome.dossiers.nomenclatures import DU_RECOUVREMENT, SIGNES, Genre
from binome.simulation import Simulation, Suivi, suivre
from openfisca_assistants_medicaux import registre

LOT = 500

#: Events that change nothing of what the law reads: neither deadlines, nor term, nor rules are counted again.
SANS_EFFET_SUR_LA_LOI = {
    Genre.NOTE,
    Genre.PIECE,
    Genre.PIECE_REFUSEE,
    Genre.COURRIER,
    Genre.COMPTE,
    Genre.VERSEMENT,
    Genre.RETOUR,
    Genre.ANNULATION,
    Genre.REMBOURSEMENT,
    *DU_RECOUVREMENT,
    Genre.ECHEANCE,
    Genre.CONTESTATION,
    Genre.RELEVE,
    Genre.PREPARATION,
    Genre.REPRISE_BROUILLON,
    Genre.CLASSEMENT,
}


def verrouiller(contrat_id: int) -> Contrat:
    """The contract, alone to be changed until the end of the transaction."""
    return Contrat.objects.select_for_update(of=("self",)).get(pk=contrat_id)


def etat_de(contrat: Contrat) -> Etat:
    """The stored image of the events."""
    return Etat.model_validate(contrat.etat)


@transaction.atomic
def consigner(
    contrat: Contrat,
    genre: Genre,
    acteur: Acteur,
    *,
    date_effet: datetime.date,
    donnees: dict[str, Any] | None = None,
    motif: str = "",
    piece: Piece | None = None,
    quand: datetime.datetime | None = None,
) -> Evenement:
    """Append an event to a locked contract and bring its columns up to date.

    `quand` is when it was recorded (default: now); the past is only for taking over older files. Raises ValueError when
    the event cannot follow the others, and IntegrityError when somebody else wrote first.
    """
    evenement = Evenement(
        contrat=contrat,
        numero=contrat.dernier_evenement + 1,
        genre=genre,
        date_effet=date_effet,
        consigne_le=quand or timezone.now(),
        auteur=acteur.utilisateur,
        role=acteur.role,
        motif=motif,
        piece=piece,
        donnees=donnees or {},
    )
    avant = None if contrat.dernier_evenement == 0 else etat_de(contrat)
    apres = _apres(contrat, avant, evenement)
    evenement.save(force_insert=True)
    contrat.dernier_evenement = evenement.numero
    contrat.etat = apres.model_dump(mode="json")
    suivi = None if genre in SANS_EFFET_SUR_LA_LOI else suivi_de(apres, timezone.localdate(evenement.consigne_le))
    _projeter(contrat, apres, suivi)
    contrat.save()
    if suivi is not None:
        _echeances(contrat, suivi)
    if genre in etats.REVIENNENT:
        _rouvrir_les_echeances(contrat, contrat.evenements.get(numero=evenement.donnees["numero"]))
    else:
        _clore_les_echeances(contrat, [evenement])
    tracer(acteur, str(genre), contrat, quand=evenement.consigne_le)
    return evenement


def _apres(contrat: Contrat, avant: Etat | None, evenement: Evenement) -> Etat:
    if evenement.genre not in etats.REVIENNENT:
        return etats.appliquer(avant, evenement)
    refait = etats.rejouer([*contrat.evenements.order_by("numero"), evenement])
    assert refait is not None  # noqa: S101 - the opening is neither corrected nor undone
    return refait


def tenus(contrat: Contrat) -> list[etats.Fait]:
    """The events of a contract as they hold: see `etat.en_vigueur`."""
    return list(etats.en_vigueur(contrat.evenements.order_by("numero")))


def evenements_tenus(contrat: Contrat, genre: Genre) -> list[Evenement]:
    """The events of a kind that were not undone, in order, saying what they were corrected to."""
    faits = {fait.numero: fait for fait in tenus(contrat) if fait.genre == genre}
    evenements = list(contrat.evenements.filter(numero__in=faits).order_by("numero"))
    for evenement in evenements:
        tenu = faits[evenement.numero]
        evenement.date_effet, evenement.donnees = tenu.date_effet, tenu.donnees
    return evenements


def dernier_tenu(contrat: Contrat, genre: Genre) -> Evenement | None:
    """The last of them."""
    return next(reversed(evenements_tenus(contrat, genre)), None)


def consigner_ensemble(
    contrats: Iterable[Contrat],
    genre: Genre,
    acteur: Acteur,
    *,
    date_effet: datetime.date,
    donnees: Mapping[int, dict[str, Any]],
    quand: datetime.datetime,
) -> None:
    """Append the same kind of event, one that changes nothing of the contract itself, to many locked contracts."""
    if genre not in SANS_EFFET_SUR_LA_LOI:
        raise ValueError(f"« {genre} » change le dossier : un contrat à la fois")
    contrats = list(contrats)
    Evenement.objects.bulk_create(
        [
            Evenement(
                contrat=contrat,
                numero=contrat.dernier_evenement + 1,
                genre=genre,
                date_effet=date_effet,
                consigne_le=quand,
                auteur=acteur.utilisateur,
                role=acteur.role,
                donnees=donnees.get(contrat.pk, {}),
            )
            for contrat in contrats
        ],
        batch_size=LOT,
    )
    Contrat.objects.filter(pk__in=[contrat.pk for contrat in contrats]).update(
        dernier_evenement=F("dernier_evenement") + 1
    )


def suivi_de(etat: Etat, jour: datetime.date) -> Suivi:
    """What the law says of a contract on a day, its last amendments included."""
    return next(suivre([etat.suivi(datetime.date.max)], max(jour, etat.date_signature)))


def objectifs_au(etat: Etat, debut: datetime.date, jour: datetime.date) -> list[dict[str, Any]]:
    """The objectives of the contract year that starts on `debut`, as known on a day.

    Those of the answer kept, unless an amendment, or a member who came or left, changed what they rest on.
    """
    if not etat.changements_avant(debut):
        return list(etat.verdict.get("objectifs", []))
    situation = etat.lire(debut)
    resultat = Simulation(situation, max(jour, situation.date_signature)).resultat()
    return [objectif.model_dump(mode="json") for objectif in resultat.objectifs]


def image_de(etat: Etat) -> dict[str, Any]:
    """The columns of a contract that its state alone gives."""
    situation = etat.lire()
    option = None if situation.contrat is None else situation.contrat.option
    return {
        "statut": etat.statut,
        "eligible": etat.verdict.get("eligible", ""),
        "option": "" if option is None else option.value,
        "date_signature": situation.date_signature if etat.statut in SIGNES else None,
    }


def _projeter(contrat: Contrat, etat: Etat, suivi: Suivi | None) -> None:
    for colonne, valeur in image_de(etat).items():
        setattr(contrat, colonne, valeur)
    if suivi is not None:
        contrat.regime = suivi.regime
        contrat.date_fin = suivi.date_fin if etat.statut in SIGNES else None
        if contrat.date_fin is not None and etat.fin_annoncee is not None:
            contrat.date_fin = min(contrat.date_fin, etat.fin_annoncee)


def _clore_les_echeances(contrat: Contrat, faits: Iterable[etats.Fait]) -> None:
    """Mark as done the deadlines that events close."""
    for nom, faite_le in echeances_closes(faits).items():
        contrat.echeances.filter(nom=nom, faite_le=None).update(faite_le=faite_le)


def echeances_closes(faits: Iterable[etats.Fait]) -> dict[str, datetime.date]:
    """The deadlines that events close, and when: what is done is not done again (the law's register says which), unless
    an evaluation is contested, or its statement corrected."""
    closes: dict[str, datetime.date] = {}
    for fait in faits:
        if fait.genre in {Genre.CONTESTATION, Genre.RELEVE}:
            for annee in fait.donnees.get("annees", [fait.donnees.get("annee")]):
                closes.pop(f"date_evaluation.{annee}", None)
        for fiche in registre.echeances():
            if not fiche.close_par(fait.genre, fait.donnees):
                continue
            # A yearly deadline is met on the day of the decision; any other on the day of what happened.
            faite_le = timezone.localdate(fait.consigne_le) if fiche.par_annee else fait.date_effet
            closes.setdefault(f"{fiche.nom}.{fait.donnees['annee']}" if fiche.par_annee else fiche.nom, faite_le)
    return closes


def _rouvrir_les_echeances(contrat: Contrat, revenu: Evenement) -> None:
    """Open again the deadlines that an event closed, once it was undone or corrected, unless another one meets them."""
    rouvertes = [fiche for fiche in registre.echeances() if fiche.close_par(revenu.genre, revenu.donnees)]
    if revenu.genre == Genre.ECHEANCE:
        contrat.echeances.filter(nom=revenu.donnees["echeance"]).update(faite_le=None)
    contrat.echeances.filter(nom__in=[fiche.nom for fiche in rouvertes if not fiche.par_annee]).update(faite_le=None)
    _clore_les_echeances(contrat, tenus(contrat))


def _echeances(contrat: Contrat, suivi: Suivi) -> None:
    """Count the deadlines again; what was done or reminded is kept."""
    if contrat.statut not in SIGNES:
        contrat.echeances.all().delete()
        return
    gardees = [e.nom for e in suivi.echeances]
    contrat.echeances.exclude(nom__in=gardees).filter(faite_le=None).delete()
    Echeance.objects.bulk_create(
        [
            Echeance(contrat=contrat, nom=e.nom, libelle=e.libelle, date=e.date, certitude=e.certitude)
            for e in suivi.echeances
        ],
        update_conflicts=True,
        unique_fields=["contrat", "nom"],
        update_fields=["libelle", "date", "certitude"],
    )


def au(contrat: Contrat, jour: datetime.date) -> Etat | None:
    """The contract as it was known at the end of a day; None before it was opened."""
    fin = timezone.make_aware(datetime.datetime.combine(jour + datetime.timedelta(days=1), datetime.time()))
    return etats.rejouer(connus(contrat, fin).order_by("numero"))


def connus(contrat: Contrat, fin: datetime.datetime) -> Any:
    """The events recorded before an instant: the first ones, up to the first that was not, so that an event never goes
    without those it followed."""
    suivant = contrat.evenements.filter(consigne_le__gte=fin).aggregate(numero=Min("numero"))["numero"]
    return contrat.evenements.all() if suivant is None else contrat.evenements.filter(numero__lt=suivant)


def reconstruire(contrat: Contrat) -> Etat | None:
    """The contract rebuilt from all its events: always what is stored (`verifier_dossiers` checks it)."""
    return etats.rejouer(contrat.evenements.order_by("numero"))


def tracer(acteur: Acteur, action: str, objet: Any, *, quand: datetime.datetime | None = None) -> None:
    """Log a read of a named file, or a change."""
    Consultation.objects.create(
        quand=quand or timezone.now(),
        utilisateur=acteur.utilisateur,
        role=acteur.role,
        caisse_id=acteur.caisse_id,
        action=action,
        objet=objet._meta.model_name,
        objet_id=objet.pk,
    )
