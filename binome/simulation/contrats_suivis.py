"""Contracts under way, as a fund follows them: many at once, with what one simulation has no word for.

A `ContratSuivi` is a situation, the periods during which the contract was suspended (a contract may be suspended more
than once) and the parts of the aid that the fund decided. It is the whole input of a payment: the same one, under the
same rules, gives the same cents.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, Field, model_validator

from binome.simulation.modele.resultat import Annee, Echeance, PointOuvert
from binome.simulation.modele.situation import MODELE, Date, Rang, Situation
from binome.simulation.moteur.calcul import Calcul
from binome.simulation.moteur.lignes import OPTIONS, annuites_de, entrees_du_contrat, noms_de
from binome.simulation.moteur.systeme import annees_du_contrat, apports_du_processus, empreinte_de_la_loi, systeme
from binome.simulation.moteur.variantes import Bloc, Variante, executer, points_a_essayer
from binome.simulation.reponse import annees, echeances, lectures
from openfisca_assistants_medicaux.apports import Apports
from openfisca_assistants_medicaux.calendrier import ABSENTE, ajouter_mois
from openfisca_assistants_medicaux.lectures import Point, points_ouverts
from openfisca_assistants_medicaux.nomenclatures import Option as OptionLoi

#: Contracts computed in one run of the law.
PAQUET = 500

#: Inputs of the law that tell what a year was evaluated on.
RESULTATS = ("resultat_patientele_mt", "resultat_file_active")


class Periode(BaseModel):
    """A period of suspension, both days included."""

    model_config = MODELE

    debut: Date = Field(description="Premier jour")
    fin: Date | None = Field(None, description="Dernier jour ; vide : en cours")

    @model_validator(mode="after")
    def _ordre(self) -> Self:
        if self.fin is not None and self.fin < self.debut:
            raise ValueError(f"fin « {self.fin} » : date égale ou postérieure au début attendue ({self.debut})")
        return self


class TauxDecide(BaseModel):
    """The part of the aid that the fund decided for a contract year, as an exact fraction between 0 and 1."""

    model_config = MODELE

    annee: Rang = Field(description="Rang de l'annuité")
    numerateur: int = Field(ge=0, description="Numérateur de la part versée")
    denominateur: int = Field(gt=0, description="Dénominateur de la part versée")

    @model_validator(mode="after")
    def _part(self) -> Self:
        if self.numerateur > self.denominateur:
            raise ValueError(f"part « {self.numerateur}/{self.denominateur} » : au plus 1 attendu")
        return self


class ContratSuivi(BaseModel):
    """A contract as the law reads it: the whole input of what is due."""

    model_config = MODELE

    situation: Situation
    suspensions: tuple[Periode, ...] = ()
    taux_decides: tuple[TauxDecide, ...] = ()

    @property
    def date_signature(self) -> datetime.date:
        """Date of signature."""
        return self.situation.date_signature


@dataclass(frozen=True)
class Suivi:
    """What the law says of a contract under way."""

    annees: tuple[Annee, ...]
    regime: str
    #: Term of the contract, or its last day when it was terminated.
    date_fin: datetime.date | None
    echeances: tuple[Echeance, ...]
    #: What the rules say of the assistant's absence, and of a termination asked for at the date d'appréciation.
    suite_absence: str
    date_effet_resiliation: datetime.date | None
    renouvelable: str
    #: The rules of the contract count the adults only among MT patients.
    adultes_seuls: bool
    #: Fingerprint of the law that says so, with what was added to it.
    empreinte_loi: str
    #: Open points whose two readings do not give the same here.
    lectures: tuple[PointOuvert, ...] = ()

    def en_suspens(self, rang: int) -> PointOuvert | None:
        """An open point whose two readings do not give the same amount for a contract year; None when none."""
        return next((point for point in self.lectures if lectures.differe(point, rang)), None)


def suivre(contrats: Sequence[ContratSuivi], date: datetime.date, apports: Apports | None = None) -> Iterator[Suivi]:
    """What the law says of each contract at a date d'appréciation, in order, a few hundred contracts to a run.

    Verdicts of eligibility change nothing here: a signed contract is the fund's own decision. Raises nothing of its
    own: the situations were checked when the file was opened. `apports` is what is added to the law (default: what the
    process adds).
    """
    apports = apports_du_processus() if apports is None else apports
    yield from suivre_sous(systeme(apports), empreinte_de_la_loi(apports), contrats, date)


def suivre_sous(loi: Any, empreinte: str, contrats: Sequence[ContratSuivi], date: datetime.date) -> Iterator[Suivi]:
    """The same, under a law that is given with its fingerprint: the one of an older payment."""
    for debut in range(0, len(contrats), PAQUET):
        paquet = contrats[debut : debut + PAQUET]
        calcul, variantes = _lancer(loi, paquet, date)
        for ligne, contrat in enumerate(paquet):
            fin = contrat_fini(contrat) or calcul.date("date_fin_contrat", ligne)
            yield Suivi(
                annees=annees.lister(calcul, ligne, contrat.situation),
                regime=str(calcul.membre("regime", ligne).name),
                date_fin=fin,
                echeances=echeances.lister(calcul, ligne),
                suite_absence=str(calcul.membre("suite_absence", ligne).name),
                date_effet_resiliation=calcul.date("date_effet_resiliation", ligne),
                renouvelable=str(calcul.membre("renouvelable", ligne).name),
                adultes_seuls=calcul.vrai("compte_les_adultes_seuls", ligne),
                empreinte_loi=empreinte,
                # A signed contract is the fund's own decision: its verdicts are no matter of readings.
                lectures=lectures.lister(calcul, variantes.get(ligne, ()), {}, verdicts=False),
            )
        calcul.liberer()


def contrat_fini(contrat: ContratSuivi) -> datetime.date | None:
    """Last day of a contract ended before its term."""
    signe = contrat.situation.groupe or contrat.situation.contrat
    return None if signe is None else signe.date_fin_anticipee


def points_du_contrat(contrat: ContratSuivi) -> list[Point]:
    """The points on which the law may give two answers to a contract, settled or not."""
    loi: Any = systeme(apports_du_processus())
    dites = _entrees(loi, contrat, contrat.date_signature)
    # A result may come: what it changes is to be settled too.
    return points_ouverts(loi, contrat.date_signature, dites, RESULTATS)


def _lancer(
    loi: Any, contrats: Sequence[ContratSuivi], date: datetime.date
) -> tuple[Calcul, dict[int, tuple[Variante, ...]]]:
    """The run of a packet, and the rows that try the other readings, by contract."""
    duree = annees_du_contrat(loi)
    blocs = []
    for contrat in contrats:
        dites, annuites = _entrees(loi, contrat, date), _annuites(loi, contrat, duree)
        points = points_a_essayer(loi, dites, annuites, contrat.date_signature)
        colonnes = {nom: np.full(1, valeur) for nom, valeur in dites.items()}
        blocs.append(Bloc(1, colonnes, annuites, points, [0], contrat.date_signature))
    calcul, places = executer(loi, blocs, date, duree)
    return calcul, dict(places)


def _entrees(loi: Any, contrat: ContratSuivi, date: datetime.date) -> dict[str, Any]:
    dites = entrees_du_contrat(loi, contrat.situation, date)
    signe = contrat.situation.contrat
    if signe is not None and signe.option is not None:
        dites["option"] = noms_de(OptionLoi).index(OPTIONS[OPTIONS.index(signe.option)])
    return dites


def _annuites(loi: Any, contrat: ContratSuivi, duree: int) -> dict[str, NDArray[Any]]:
    """The columns of a contract's years: results, decided parts, suspended days."""
    colonnes = dict(annuites_de(contrat.situation, 1, duree))
    if contrat.suspensions:
        debuts, fins = bornes_des_annees(ancre_des_annees(contrat.situation, loi), duree)
        derniere = contrat_fini(contrat)
        colonnes["jours_suspendus_constates"] = np.array(
            [len(_jours_suspendus(contrat.suspensions, d, f, derniere)) for d, f in zip(debuts, fins, strict=True)]
        )
        colonnes["evaluation_suspendue_constatee"] = np.array(
            [any(s.debut <= d and (s.fin is None or d <= s.fin) for s in contrat.suspensions) for d in debuts]
        )
    if contrat.taux_decides:
        numerateurs, denominateurs = np.full(duree, -1), np.ones(duree, dtype=np.int64)
        for taux in contrat.taux_decides:
            numerateurs[taux.annee - 1], denominateurs[taux.annee - 1] = taux.numerateur, taux.denominateur
        colonnes |= {"taux_decide_numerateur": numerateurs, "taux_decide_denominateur": denominateurs}
    return colonnes


def ancre_des_annees(situation: Situation, loi: Any = None) -> datetime.date:
    """The day from which the law counts the years of a contract: the signature, unless the fund settled otherwise.

    `loi` is the law to read (default: that of the process).
    """
    signe, embauche = situation.contrat, situation.assistant.date_embauche
    if signe is None or signe.lectures is None or embauche is None:
        return situation.date_signature
    loi = systeme(apports_du_processus()) if loi is None else loi
    dites = entrees_du_contrat(loi, situation, situation.date_signature)
    noms = ("date_signature", "date_embauche", "lecture_d24")
    colonnes = {nom: np.array([dites[nom]]) for nom in noms if nom in dites}
    calcul = Calcul(loi, colonnes, {}, max(embauche, situation.date_signature), nombre=1, annees=1, trace=False)
    return calcul.date("ancre_des_annees", 0) or situation.date_signature


def bornes_des_annees(ancre: datetime.date, duree: int) -> tuple[list[datetime.date], list[datetime.date]]:
    """First and last days of each contract year from their anchor, counted as the law counts them."""
    jour = np.full(duree + 1, np.datetime64(ancre, "D"))
    debuts = ajouter_mois(jour, 12 * np.arange(duree + 1))
    assert (debuts > ABSENTE).all()  # noqa: S101 - a contract always has a date of signature
    un_jour = np.timedelta64(1, "D")
    return [d.item() for d in debuts[:-1]], [(d - un_jour).item() for d in debuts[1:]]


def _jours_suspendus(
    suspensions: Sequence[Periode], debut: datetime.date, fin: datetime.date, derniere: datetime.date | None
) -> set[int]:
    """Days of a year that some suspension covers, each once; those that follow a termination are not counted."""
    jours: set[int] = set()
    for periode in suspensions:
        borne = min(date for date in (fin, periode.fin, derniere) if date is not None)
        jours |= set(range(max(debut, periode.debut).toordinal(), borne.toordinal() + 1))
    return jours
