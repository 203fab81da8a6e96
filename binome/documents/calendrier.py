"""Deadlines and payments of a contract as a calendar, with reminders."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from icalendar import Alarm, Calendar, Event, vText

from binome import francais
from binome.simulation import Resultat, certitude_en_mots, phrase_de_la_version
from binome.simulation.mots import ecriture
from binome.simulation.mots.phrases import pour_lecteur

PRODUIT = "-//Binome//Aide a l'emploi d'assistants medicaux//FR"
AVERTISSEMENT = "Ceci est une simulation, pas une décision de la caisse."
#: Reminders come in the morning of a day, counted from the day itself: a choice of comfort.
MATIN = datetime.timedelta(hours=8)
RAPPELS_ECHEANCE = (datetime.timedelta(weeks=-4), datetime.timedelta(weeks=-1))
RAPPELS_VERSEMENT = (datetime.timedelta(0),)


@dataclass(frozen=True)
class _Jour:
    """What happens on a day."""

    nom: str
    date: datetime.date
    resume: str
    description: tuple[str, ...]
    rappels: tuple[datetime.timedelta, ...] = ()


def rendre(resultat: Resultat) -> bytes:
    """An iCalendar file of whole-day events: every deadline, statement and dated payment; the same bytes each time.

    A day of the past has no reminder. An event keeps its identifier when the same contract is simulated again later,
    so that a calendar replaces it.
    """
    calendrier = _calendrier(_nom(resultat.situation.titre))
    contrat = _contrat(resultat)
    calcule = f"Calculé par {phrase_de_la_version(resultat.version)}"
    for jour in [*_echeances(resultat), *_releves(resultat), *_versements(resultat)] or [_rien(resultat)]:
        calendrier.add_component(_evenement(jour, contrat, resultat.date_appreciation, (calcule, AVERTISSEMENT)))
    octets: bytes = calendrier.to_ical()
    return octets


def echeances(
    titre: str,
    identifiant: str,
    lignes: Iterable[tuple[str, datetime.date, str, tuple[str, ...]]],
    aujourd_hui: datetime.date,
) -> bytes:
    """The deadlines of a contract (name, date, label, what it asks for), known by its number, as an iCalendar file."""
    calendrier = _calendrier(titre)
    for nom, date, libelle, phrases in lignes:
        jour = _Jour(nom, date, libelle, (titre, *phrases), RAPPELS_ECHEANCE)
        calendrier.add_component(_evenement(jour, identifiant, aujourd_hui, ()))
    octets: bytes = calendrier.to_ical()
    return octets


def _calendrier(nom: str) -> Calendar:
    calendrier = Calendar()
    calendrier.add("prodid", PRODUIT)
    calendrier.add("version", "2.0")
    calendrier.add("calscale", "GREGORIAN")
    calendrier.add("method", "PUBLISH")
    calendrier.add("x-wr-calname", vText(nom))
    return calendrier


def _nom(titre: str | None) -> str:
    """The name of the calendar, on one line whatever the title is."""
    mots = "".join(signe if signe.isprintable() else " " for signe in titre or "").split()
    return f"Assistant médical : {' '.join(mots)}" if mots else "Assistant médical"


def _contrat(resultat: Resultat) -> str:
    """What tells a contract from another, whatever is learnt of it later."""
    saisie = resultat.situation.model_dump_json(include={"titre", "medecin", "groupe", "patientele"})
    return f"{saisie} {resultat.situation.date_signature}"


def _echeances(resultat: Resultat) -> Iterator[_Jour]:
    for echeance in resultat.echeances:
        yield _Jour(
            f"echeance {echeance.nom}",
            echeance.date,
            echeance.libelle,
            (
                f"Référence : {echeance.reference}",
                f"Certitude : {certitude_en_mots(echeance.certitude, echeance.origine)}",
            ),
            RAPPELS_ECHEANCE,
        )


def _releves(resultat: Resultat) -> Iterator[_Jour]:
    """The day at which patients are counted: the last one to act before an evaluation."""
    for annee in resultat.annees:
        if annee.releve_evaluation is not None and annee.jours_dus > 0:
            yield _Jour(
                f"releve {annee.rang}",
                annee.releve_evaluation,
                f"Relevé de patientèle qui évaluera l'année{francais.INSECABLE}{annee.rang}",
                tuple(f"{o.libelle} : {ecriture.cible(o)} à atteindre." for o in resultat.objectifs),
                RAPPELS_ECHEANCE,
            )


def _versements(resultat: Resultat) -> Iterator[_Jour]:
    for annee in resultat.annees:
        deux = ecriture.deux_montants(resultat, annee.rang)
        for rang, versement in enumerate(annee.versements, start=1):
            if versement.date is None:
                continue
            sure = certitude_en_mots(versement.certitude, versement.origine)
            montant = f"{'au plus ' if annee.au_plus else ''}{francais.euros(versement.montant)}"
            yield _Jour(
                f"versement {annee.rang}.{rang}",
                versement.date,
                f"Aide, année{francais.INSECABLE}{annee.rang} : {montant}{' (supposé)' if annee.projection else ''}",
                (
                    f"{versement.libelle.capitalize()}, date limite : {montant}.",
                    *(("Résultats supposés, non constatés.",) if annee.projection else ()),
                    pour_lecteur(annee.explication),
                    *((f"Deux lectures, à trancher par la caisse : {deux}.",) if deux else ()),
                    f"Règles : {resultat.regime_libelle}",
                    f"Certitude de la date et de la part versée : {sure}",
                ),
                RAPPELS_VERSEMENT,
            )


def _rien(resultat: Resultat) -> _Jour:
    """A calendar must hold something: a refused request has neither deadline nor payment, and says so."""
    return _Jour(
        "rien", resultat.date_appreciation, f"Aucune échéance : {pour_lecteur(resultat.verdict.phrase)}", (), ()
    )


def _evenement(
    jour: _Jour, contrat: str, aujourd_hui: datetime.date, avertissements: tuple[str, ...] = (AVERTISSEMENT,)
) -> Event:
    evenement = Event()
    evenement.add("uid", f"{uuid.uuid5(uuid.NAMESPACE_OID, f'binome {contrat} {jour.nom}')}@binome")
    evenement.add("dtstamp", datetime.datetime.combine(aujourd_hui, datetime.time(), datetime.UTC))
    evenement.add("dtstart", jour.date)
    evenement.add("dtend", jour.date + datetime.timedelta(days=1))
    evenement.add("summary", jour.resume)
    evenement.add("description", "\n".join([*jour.description, *avertissements]))
    evenement.add("transp", "TRANSPARENT")
    for rappel in jour.rappels:
        if jour.date + rappel >= aujourd_hui:
            evenement.add_component(_alarme(rappel, jour.resume))
    return evenement


def _alarme(avance: datetime.timedelta, resume: str) -> Alarm:
    alarme = Alarm()
    alarme.add("action", "DISPLAY")
    alarme.add("description", resume)
    alarme.add("trigger", avance + MATIN)
    return alarme
