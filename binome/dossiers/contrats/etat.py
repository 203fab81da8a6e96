"""What a contract is, as a pure image of what happened to it.

`rejouer` folds events, in order, into an `Etat`; nothing else makes one. The events known at a past date give the
contract as it was known then. Amounts, deadlines and dates are not here: the law gives them from the `Etat` (`suivis`).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict, Field

from binome.dossiers.nomenclatures import DU_RECOUVREMENT, Genre, Statut
from binome.simulation import (
    ContratSuivi,
    Periode,
    ResultatAnnuel,
    Situation,
    TauxDecide,
    ancre_des_annees,
    annees_du_contrat,
    bornes_des_annees,
    loi_du_processus,
)

#: What a fund writes in a contract, at its signature or by an amendment, and that wins over what the law computes.
NOTIFIABLES = (
    "objectifs_notifies.patientele_mt",
    "objectifs_notifies.file_active",
    "montants_notifies.annee_1",
    "montants_notifies.annee_2",
    "montants_notifies.annee_3_et_suivantes",
    "contrat.bande_notifiee",
    "contrat.seuil_notifie",
)


class Fait(Protocol):
    """What an event says."""

    @property
    def numero(self) -> int:
        """Its rank in the file."""

    @property
    def genre(self) -> str:
        """Its kind."""

    @property
    def date_effet(self) -> datetime.date:
        """Its day."""

    @property
    def consigne_le(self) -> datetime.datetime:
        """When it was recorded."""

    @property
    def donnees(self) -> dict[str, Any]:
        """The rest."""


@dataclass(frozen=True)
class FaitCorrige:
    """An event that a later one corrected: its rank and its kind, with what is true of it."""

    numero: int
    genre: str
    date_effet: datetime.date
    consigne_le: datetime.datetime
    donnees: dict[str, Any]


#: Kinds of events that change what another one says: the contract is made again from all of them.
REVIENNENT = frozenset({Genre.CORRECTION, Genre.ACTE_ANNULE})


def annules(faits: Iterable[Fait]) -> set[int]:
    """Ranks of the events that were undone."""
    return {int(fait.donnees["numero"]) for fait in faits if fait.genre == Genre.ACTE_ANNULE}


def en_vigueur(faits: Iterable[Fait]) -> Iterator[Fait]:
    """The events as they hold, in order: without those undone, and those corrected as they were corrected last."""
    ecrits = list(faits)
    sans = annules(ecrits)
    corriges = {
        int(fait.donnees["numero"]): fait
        for fait in ecrits
        if fait.genre == Genre.CORRECTION and fait.numero not in sans
    }
    for fait in ecrits:
        if fait.numero in sans or fait.genre in REVIENNENT:
            continue
        dit = corriges.get(fait.numero)
        if dit is None:
            yield fait
        else:
            yield FaitCorrige(
                fait.numero, fait.genre, dit.date_effet, fait.consigne_le, {**fait.donnees, **dit.donnees["donnees"]}
            )


class Avenant(BaseModel):
    """An amendment: what it changes in the situation, for the contract years that start on or after its date."""

    model_config = ConfigDict(frozen=True)

    date_effet: datetime.date
    changements: dict[str, Any] = Field(description="Valeurs nouvelles, par chemin de la situation")


class EvaluationDecidee(BaseModel):
    """A decided evaluation."""

    model_config = ConfigDict(frozen=True)

    patientele_mt: int | None = None
    file_active: int | None = None
    numerateur: int
    denominateur: int
    contestee: bool = False
    #: The statement that it rests on was corrected since.
    a_refaire: bool = False


class EntreeDansLeGroupe(BaseModel):
    """A doctor who joins a collective contract after its signature: what the fund knew of them, as the law reads it."""

    model_config = ConfigDict(frozen=True)

    date_effet: datetime.date
    medecin: int
    membre: dict[str, Any]


class SortieDuGroupe(BaseModel):
    """A member who leaves: one of those who signed, by their rank, or one who joined later."""

    model_config = ConfigDict(frozen=True)

    #: First day without them.
    date_effet: datetime.date
    medecin: int
    rang: int | None = None


class Etat(BaseModel):
    """A contract at some point of its events."""

    model_config = ConfigDict(frozen=True)

    statut: Statut
    #: As written in the contract; amendments, members who come and go, suspensions and evaluations are beside it.
    situation: dict[str, Any]
    #: The frozen answer on eligibility, and the version of what gave it.
    verdict: dict[str, Any] = {}
    version: dict[str, Any] = {}
    #: Why the fund signs what the rules refuse or do not settle; empty otherwise.
    decision_caisse: str = ""
    #: The contract started: the assistant was hired and the documents accepted. Nothing is due before.
    demarre: bool = False
    avenants: tuple[Avenant, ...] = ()
    entrees: tuple[EntreeDansLeGroupe, ...] = ()
    sorties: tuple[SortieDuGroupe, ...] = ()
    suspensions: tuple[Periode, ...] = ()
    evaluations: dict[int, EvaluationDecidee] = {}
    date_fin_anticipee: datetime.date | None = None
    #: Last day of a termination to come: the contract lives until then, and the termination may be withdrawn.
    fin_annoncee: datetime.date | None = None

    @property
    def date_signature(self) -> datetime.date:
        """Date of signature, planned until the contract is signed."""
        return self.lire().date_signature

    @property
    def collectif(self) -> bool:
        """True for a collective contract."""
        return self.situation.get("groupe") is not None

    def au_terme_annonce(self, jour: datetime.date) -> Etat:
        """The contract as it is on a day: ended, once the last day of a termination to come has passed."""
        if self.fin_annoncee is None or jour <= self.fin_annoncee:
            return self
        return self.model_copy(update={"date_fin_anticipee": self.fin_annoncee})

    def lire(self, annee: datetime.date | None = None) -> Situation:
        """The situation, with the amendments in force and the members present on the first day of a contract year."""
        donnees: dict[str, Any] = self.situation
        for avenant in sorted(self.avenants, key=lambda a: a.date_effet):
            if annee is not None and avenant.date_effet <= annee:
                for chemin, valeur in avenant.changements.items():
                    donnees = modifier(donnees, chemin, valeur)
        if annee is not None:
            # After the amendments, which write what those who signed are: one who left does not come back by them.
            donnees = self._avec_les_adherents(donnees, annee)
        partie = "groupe" if self.collectif else "contrat"
        if self.date_fin_anticipee is not None:
            donnees = modifier(donnees, f"{partie}.date_fin_anticipee", self.date_fin_anticipee.isoformat())
        resultats = [
            ResultatAnnuel(annee=rang, patientele_mt=r.patientele_mt, file_active=r.file_active).model_dump()
            for rang, r in sorted(self.evaluations.items())
            if r.patientele_mt is not None or r.file_active is not None
        ]
        return Situation.model_validate({**donnees, "resultats": resultats, "projections": []})

    def _avec_les_adherents(self, donnees: dict[str, Any], jour: datetime.date) -> dict[str, Any]:
        """The data of the contract, its members being those of a day."""
        sortis = [sortie for sortie in self.sorties if sortie.date_effet <= jour]
        rangs, medecins = {sortie.rang for sortie in sortis}, {sortie.medecin for sortie in sortis}
        venus = [
            entree.membre for entree in self.entrees if entree.date_effet <= jour and entree.medecin not in medecins
        ]
        if not (sortis or venus):
            return donnees
        signataires = [m for rang, m in enumerate(donnees["groupe"]["membres"]) if rang not in rangs]
        # Where nobody is left, there is no group to read: the contract is read as it was signed.
        return modifier(donnees, "groupe.membres", [*signataires, *venus]) if signataires or venus else donnees

    def changements_avant(self, jour: datetime.date) -> int:
        """How many amendments, members who came and members who left, the contract counts on a day."""
        changements: tuple[Avenant | EntreeDansLeGroupe | SortieDuGroupe, ...] = (
            *self.avenants,
            *self.entrees,
            *self.sorties,
        )
        return sum(changement.date_effet <= jour for changement in changements)

    def suivi(self, annee: datetime.date | None = None) -> ContratSuivi:
        """The contract as the law reads it, as it is on the first day of a contract year."""
        return ContratSuivi(
            situation=self.lire(annee),
            suspensions=self.suspensions,
            taux_decides=tuple(
                TauxDecide(annee=rang, numerateur=r.numerateur, denominateur=r.denominateur)
                for rang, r in sorted(self.evaluations.items())
            ),
        )

    def suivis(self) -> list[tuple[ContratSuivi, tuple[int, ...]]]:
        """The contract as the law reads it, for the contract years that share the same amendments and members."""
        debuts, _ = bornes_des_annees(ancre_des_annees(self.lire()), annees_du_contrat(loi_du_processus()))
        par_version: dict[int, list[int]] = {}
        for rang, debut in enumerate(debuts, start=1):
            par_version.setdefault(self.changements_avant(debut), []).append(rang)
        return [(self.suivi(debuts[rangs[0] - 1]), tuple(rangs)) for rangs in par_version.values()]


def modifier(donnees: Mapping[str, Any], chemin: str, valeur: Any) -> dict[str, Any]:
    """A copy of the situation's data with one value changed, by its dotted path; None removes it."""
    nom, _, reste = chemin.partition(".")
    copie = dict(donnees)
    if reste:
        copie[nom] = modifier(copie.get(nom) or {}, reste, valeur)
    elif valeur is None:
        copie.pop(nom, None)
    else:
        copie[nom] = valeur
    return copie


def rejouer(faits: Iterable[Fait]) -> Etat | None:
    """The contract after these events, in order; None before the first."""
    etat: Etat | None = None
    for fait in en_vigueur(faits):
        etat = appliquer(etat, fait)
    return etat


def appliquer(etat: Etat | None, fait: Fait) -> Etat:
    """The contract after one more event. Raises ValueError when the event cannot follow the others."""
    genre = Genre(fait.genre)
    if genre in REVIENNENT:
        raise ValueError(f"« {genre.label} » : le dossier se refait de tous ses événements")
    if etat is None:
        if genre != Genre.OUVERTURE:
            raise ValueError(f"un dossier commence par son ouverture, non par « {genre.label} »")
        return _ouvrir(fait)
    return etat if genre in SANS_EFFET else etat.model_copy(update=EFFETS[genre](etat, fait))


def _ouvrir(fait: Fait) -> Etat:
    donnees = fait.donnees
    return Etat(
        statut=Statut.BROUILLON,
        situation=donnees["situation"],
        verdict=donnees.get("verdict", {}),
        version=donnees.get("version", {}),
    )


def _figer(etat: Etat, fait: Fait) -> dict[str, Any]:  # noqa: ARG001
    """A new situation, and the answer that the law gave to it."""
    return {nom: fait.donnees[nom] for nom in ("situation", "verdict", "version") if nom in fait.donnees}


def _signer(etat: Etat, fait: Fait) -> dict[str, Any]:
    return _figer(etat, fait) | {
        "statut": Statut.SIGNE,
        "decision_caisse": fait.donnees.get("decision_caisse", ""),
    }


def _embaucher(etat: Etat, fait: Fait) -> dict[str, Any]:
    """The first hire is what the law reads; a replacement changes nothing of it."""
    if etat.situation.get("assistant", {}).get("date_embauche") and not fait.donnees.get("premiere"):
        return {}
    situation = etat.situation
    for champ in ("date_embauche", "profil_assistant", "teletravail"):
        if fait.donnees.get(champ):
            situation = modifier(situation, f"assistant.{champ}", fait.donnees[champ])
    return {"situation": situation}


def _demarrer(etat: Etat, fait: Fait) -> dict[str, Any]:  # noqa: ARG001
    return {"statut": Statut.EN_COURS, "demarre": True}


def _absence(etat: Etat, fait: Fait) -> dict[str, Any]:
    situation = etat.situation
    for champ in ("date_debut_absence", "date_fin_absence", "assistant_remplace"):
        situation = modifier(situation, f"assistant.{champ}", fait.donnees.get(champ))
    return {"situation": situation}


def _secretaire(etat: Etat, fait: Fait) -> dict[str, Any]:
    situation = etat.situation
    for champ in ("remplacement_secretaire", "date_remplacement_secretaire"):
        if fait.donnees.get(champ):
            situation = modifier(situation, f"assistant.{champ}", fait.donnees[champ])
    return {"situation": situation}


def _suspendre(etat: Etat, fait: Fait) -> dict[str, Any]:
    return {"statut": Statut.SUSPENDU, "suspensions": (*etat.suspensions, Periode(debut=fait.date_effet))}


def _reprendre(etat: Etat, fait: Fait) -> dict[str, Any]:
    """The day of resumption is the first one due again."""
    *closes, ouverte = etat.suspensions
    veille = fait.date_effet - datetime.timedelta(days=1)
    # Resumed on the very day it began: the suspension never was.
    derniere = () if veille < ouverte.debut else (Periode(debut=ouverte.debut, fin=veille),)
    return {"statut": Statut.EN_COURS, "suspensions": (*closes, *derniere)}


def _amender(etat: Etat, fait: Fait) -> dict[str, Any]:
    avenant = Avenant(date_effet=fait.date_effet, changements=fait.donnees["changements"])
    return {"avenants": (*etat.avenants, avenant)}


def _faire_adherer(etat: Etat, fait: Fait) -> dict[str, Any]:
    membre = fait.donnees.get("membre")
    # Recorded before the files told what they knew of a new member: the law goes on reading those who signed.
    if membre is None:
        return {}
    entree = EntreeDansLeGroupe(date_effet=fait.date_effet, medecin=fait.donnees["medecin"], membre=membre)
    return {"entrees": (*etat.entrees, entree)}


def _faire_sortir(etat: Etat, fait: Fait) -> dict[str, Any]:
    sortie = SortieDuGroupe(date_effet=fait.date_effet, medecin=fait.donnees["medecin"], rang=fait.donnees.get("rang"))
    return {"sorties": (*etat.sorties, sortie)}


def _basculer(etat: Etat, fait: Fait) -> dict[str, Any]:
    situation = modifier(etat.situation, "contrat.date_bascule", fait.date_effet.isoformat())
    for chemin, valeur in fait.donnees.get("changements", {}).items():
        situation = modifier(situation, chemin, valeur)
    return {"situation": situation, "verdict": {**etat.verdict, **fait.donnees.get("verdict", {})}}


def _evaluer(etat: Etat, fait: Fait) -> dict[str, Any]:
    donnees = fait.donnees
    resultat = EvaluationDecidee(
        patientele_mt=donnees.get("patientele_mt"),
        file_active=donnees.get("file_active"),
        numerateur=donnees["numerateur"],
        denominateur=donnees["denominateur"],
    )
    return {"evaluations": {**etat.evaluations, int(donnees["annee"]): resultat}}


def _contester(etat: Etat, fait: Fait) -> dict[str, Any]:
    annee = int(fait.donnees["annee"])
    conteste = etat.evaluations[annee].model_copy(update={"contestee": True})
    return {"evaluations": {**etat.evaluations, annee: conteste}}


def _corriger_un_releve(etat: Etat, fait: Fait) -> dict[str, Any]:
    """What rests on a statement that changed is to be decided again; what was decided holds till then."""
    a_refaire = {
        rang: resultat.model_copy(update={"a_refaire": True})
        for rang, resultat in etat.evaluations.items()
        if rang in fait.donnees.get("annees", [])
    }
    return {"evaluations": {**etat.evaluations, **a_refaire}}


def _trancher(etat: Etat, fait: Fait) -> dict[str, Any]:
    """The reading that the law follows from now on, for the whole contract."""
    partie = "groupe" if etat.collectif else "contrat"
    chemin = f"{partie}.lectures.{fait.donnees['point']}"
    return {"situation": modifier(etat.situation, chemin, fait.donnees["lecture"])}


def _annoncer_la_resiliation(etat: Etat, fait: Fait) -> dict[str, Any]:  # noqa: ARG001
    return {"fin_annoncee": fait.date_effet}


def _retirer_la_resiliation(etat: Etat, fait: Fait) -> dict[str, Any]:  # noqa: ARG001
    return {"fin_annoncee": None}


def _resilier(etat: Etat, fait: Fait) -> dict[str, Any]:  # noqa: ARG001
    return {"statut": Statut.RESILIE, "date_fin_anticipee": fait.date_effet, "fin_annoncee": None}


def _statut(statut: Statut) -> Callable[[Etat, Fait], dict[str, Any]]:
    return lambda etat, fait: {"statut": statut}  # noqa: ARG005


#: What each kind of event changes.
EFFETS: dict[Genre, Callable[[Etat, Fait], dict[str, Any]]] = {
    Genre.MODIFICATION: _figer,
    Genre.PREPARATION: _statut(Statut.A_SIGNER),
    Genre.REPRISE_BROUILLON: _statut(Statut.BROUILLON),
    Genre.SIGNATURE: _signer,
    Genre.EMBAUCHE: _embaucher,
    Genre.DEMARRAGE: _demarrer,
    Genre.ABSENCE: _absence,
    Genre.SECRETAIRE: _secretaire,
    Genre.SUSPENSION: _suspendre,
    Genre.REPRISE: _reprendre,
    Genre.AVENANT: _amender,
    Genre.ADHESION: _faire_adherer,
    Genre.RETRAIT: _faire_sortir,
    Genre.BASCULE: _basculer,
    Genre.EVALUATION: _evaluer,
    Genre.CONTESTATION: _contester,
    Genre.LECTURE: _trancher,
    Genre.RELEVE: _corriger_un_releve,
    Genre.TERME: _statut(Statut.ECHU),
    Genre.RENOUVELLEMENT: _statut(Statut.RENOUVELE),
    Genre.RESILIATION_ANNONCEE: _annoncer_la_resiliation,
    Genre.RESILIATION_RETIREE: _retirer_la_resiliation,
    Genre.RESILIATION: _resilier,
    Genre.CLASSEMENT: _statut(Statut.SANS_SUITE),
}

#: Kinds of events that leave the contract as it was: what they say stands beside it (documents, posts, money, notes).
SANS_EFFET = frozenset(
    {
        Genre.DEPART,
        Genre.FORMATION,
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
        Genre.NOTE,
    }
)
