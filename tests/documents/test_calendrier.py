"""The calendar, read back: each deadline and each payment of the result, and nothing else."""

from __future__ import annotations

import datetime

import icalendar
import pytest

from binome import francais
from binome.documents import calendrier
from binome.simulation.modele.resultat import Resultat
from binome.simulation.moteur.explications import certitude_en_mots
from tests.documents.outils import EXEMPLES, resultat_de, resultat_modifie


def lu(resultat: Resultat) -> icalendar.Calendar:
    lu = icalendar.Calendar.from_ical(calendrier.rendre(resultat))
    assert isinstance(lu, icalendar.Calendar)
    return lu


def jour(evenement: icalendar.Event) -> datetime.date:
    date = evenement["dtstart"].dt
    assert type(date) is datetime.date
    return date


@pytest.mark.parametrize("exemple", EXEMPLES)
def test_chaque_echeance_et_chaque_versement_y_est(exemple: str) -> None:
    resultat = resultat_de(exemple)
    evenements = lu(resultat).events
    attendus = [e.date for e in resultat.echeances]
    attendus += [v.date for annee in resultat.annees for v in annee.versements if v.date is not None]
    releves = [
        annee.releve_evaluation
        for annee in resultat.annees
        if annee.releve_evaluation is not None and annee.jours_dus > 0
    ]
    attendus += releves
    assert [jour(e) for e in evenements if e["summary"].startswith("Relevé de patientèle qui")] == releves
    if attendus:
        assert sorted(jour(e) for e in evenements) == sorted(attendus)
    for evenement in evenements:
        assert evenement["dtend"].dt == jour(evenement) + datetime.timedelta(days=1)
    for echeance in resultat.echeances:
        trouve = next(e for e in evenements if e["summary"] == echeance.libelle and jour(e) == echeance.date)
        assert echeance.reference in trouve["description"]
        assert certitude_en_mots(echeance.certitude) in trouve["description"]


@pytest.mark.parametrize("exemple", EXEMPLES)
def test_les_montants_sont_ceux_du_resultat(exemple: str) -> None:
    resultat = resultat_de(exemple)
    for annee in resultat.annees:
        for versement in annee.versements:
            montant = f"{'au plus ' if annee.au_plus else ''}{francais.euros(versement.montant)}"
            titres = [e["summary"] for e in lu(resultat).events if jour(e) == versement.date]
            suppose = " (supposé)" if annee.projection else ""
            assert f"Aide, année\u00a0{annee.rang} : {montant}{suppose}" in titres


@pytest.mark.parametrize("exemple", EXEMPLES)
def test_les_rappels_sont_a_venir_et_le_passe_n_en_a_pas(exemple: str) -> None:
    resultat = resultat_de(exemple)
    for evenement in lu(resultat).events:
        for alarme in evenement.alarms.times:
            assert alarme.trigger.date() >= resultat.date_appreciation
            assert alarme.trigger.date() <= jour(evenement)
        if jour(evenement) < resultat.date_appreciation:
            assert not evenement.walk("VALARM")
        elif jour(evenement) > resultat.date_appreciation + datetime.timedelta(weeks=5):
            assert evenement.walk("VALARM")


def test_le_fichier_est_stable_et_se_lit_partout() -> None:
    resultat = resultat_de("generaliste-2026")
    octets = calendrier.rendre(resultat)
    assert octets == calendrier.rendre(resultat)
    assert octets.startswith(b"BEGIN:VCALENDAR\r\n")
    assert octets.count(b"\n") == octets.count(b"\r\n")
    assert all(len(ligne) <= 75 for ligne in octets.split(b"\r\n"))
    lu_ = lu(resultat)
    assert lu_["prodid"]
    assert lu_["x-wr-calname"] == "Assistant médical : Généraliste de 2026\\, un temps plein"
    for evenement in lu_.events:
        assert evenement["dtstamp"].dt == datetime.datetime(2026, 11, 23, tzinfo=datetime.UTC)


def test_t48_chaque_evenement_dure_un_jour_entier() -> None:
    """Whole days, whose end is the day after: calendars show others on two days, or at midnight."""
    evenements = lu(resultat_de("generaliste-2026")).events
    assert len(evenements) > 10
    for evenement in evenements:
        assert {evenement[bord].params["VALUE"] for bord in ("dtstart", "dtend")} == {"DATE"}
        assert evenement["dtend"].dt - evenement["dtstart"].dt == datetime.timedelta(days=1)
    assert len({str(evenement["uid"]) for evenement in evenements}) == len(evenements)


def test_les_identifiants_sont_uniques_et_durent() -> None:
    """The same contract simulated a year later, with a result: its events are replaced, not doubled."""
    avant = {e["uid"] for e in lu(resultat_de("generaliste-2026")).events}
    apres = {
        e["uid"]
        for e in lu(
            resultat_modifie(
                "generaliste-2026",
                date_appreciation="2028-06-01",
                resultats=[{"annee": 3, "patientele_mt": 1300, "file_active": 1700}],
            )
        ).events
    }
    assert len(avant) == len(lu(resultat_de("generaliste-2026")).events)
    assert avant == apres
    assert avant.isdisjoint(e["uid"] for e in lu(resultat_modifie("generaliste-2026", titre="Une autre")).events)


def test_un_refus_dit_qu_il_n_y_a_rien() -> None:
    """A calendar without any event cannot be read: the refusal is the event."""
    resultat = resultat_de("chirurgien-ineligible")
    (seul,) = lu(resultat).events
    assert jour(seul) == resultat.date_appreciation
    assert resultat.verdict.phrase in seul["summary"]


def test_un_titre_ne_peut_rien_ajouter() -> None:
    """A title is text: no line, no component of its own."""
    resultat = resultat_modifie("generaliste-2026", titre="a\r\nEND:VCALENDAR\nBEGIN:VEVENT\\,;:")
    lu_ = lu(resultat)
    assert len(lu_.events) == len(lu(resultat_de("generaliste-2026")).events)
    assert "END:VCALENDAR" in lu_["x-wr-calname"]


def test_une_date_a_fixer_n_est_pas_dans_le_calendrier() -> None:
    resultat = resultat_de("generaliste-2026")
    versement = resultat.annees[0].versements[0].model_copy(update={"date": None, "montant": 100})
    annee = resultat.annees[0].model_copy(update={"versements": (versement,)})
    sans_date = resultat.model_copy(update={"annees": (annee,)})
    assert len(lu(sans_date).events) == len(resultat.echeances)
