"""How far the recovery of a claim has come: notice, set-off, instalments, appeal, what the fund gave up.

Nothing is kept but events and lines of the ledger: `calculer` folds them, and answers the same for a past day from
what was known then. Integer cents everywhere.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from django.db.models import Sum
from django.db.models.functions import Coalesce

from binome.dossiers.contrats.etat import Fait
from binome.dossiers.models import Contrat, Ecriture, Evenement
from binome.dossiers.nomenclatures import DU_RECOUVREMENT, Abandon, Compte, Genre, ModeDeRetenue, Nature
from openfisca_assistants_medicaux.calendrier import ajouter_mois

#: What brings a claim down: money, or the fund's renouncing.
RECOUVRENT, ABANDONNENT = (Nature.COMPENSATION, Nature.REMBOURSEMENT), (Nature.REMISE, Nature.NON_VALEUR)


class FaitSigne(Fait, Protocol):
    """An event, and who wrote it."""

    @property
    def auteur_id(self) -> int | None:
        """The agent; None for the system."""

    @property
    def motif(self) -> str:
        """Why."""


@dataclass(frozen=True)
class Mensualite:
    """An instalment of a schedule, in cents: what is asked, and what was received of it."""

    date: datetime.date
    centimes: int
    regle: int = 0

    @property
    def reste(self) -> int:
        """What is still to come of it."""
        return self.centimes - self.regle


@dataclass(frozen=True)
class ChoixDeRetenue:
    """What the fund chose to keep back; `plafond` (cents) is at most for each transfer."""

    mode: ModeDeRetenue
    plafond: int | None = None


@dataclass(frozen=True)
class AbandonDemande:
    """A claim, or a part of it, that an agent asks to give up; another one answers."""

    numero: int
    abandon: Abandon
    centimes: int
    auteur_id: int | None
    motif: str


@dataclass(frozen=True)
class Recouvrement:
    """Where the claim of a contract stands."""

    #: Owed by the doctor; of it, what was never notified.
    du: int = 0
    a_notifier: int = 0
    #: Found in excess since the contract began; received or kept back; given up.
    constate: int = 0
    recouvre: int = 0
    abandonne: int = 0
    notifie_le: datetime.date | None = None
    retenue: ChoixDeRetenue | None = None
    mensualites: tuple[Mensualite, ...] = ()
    #: Day on which an appeal was received, while it is not settled: recovery waits.
    recours_du: datetime.date | None = None
    abandon: AbandonDemande | None = None

    @property
    def notifie(self) -> int:
        """What is owed and was notified."""
        return max(self.du - self.a_notifier, 0)

    @property
    def echelonne(self) -> int:
        """What the schedule still expects."""
        return sum(mensualite.reste for mensualite in self.mensualites)

    @property
    def hors_echeancier(self) -> int:
        """What is owed besides the schedule."""
        return self.du - self.echelonne

    @property
    def retenable(self) -> int:
        """The most that the next transfer may keep back."""
        if self.recours_du is not None or self.retenue is None or self.retenue.mode == ModeDeRetenue.AUCUNE:
            return 0
        return self.notifie if self.retenue.plafond is None else min(self.notifie, self.retenue.plafond)

    def en_retard(self, jour: datetime.date) -> int:
        """What the schedule expected before a day and has not come; nothing is late while an appeal is heard."""
        if self.recours_du is not None:
            return 0
        return sum(mensualite.reste for mensualite in self.mensualites if mensualite.date < jour)

    @property
    def sans_retenue(self) -> str:
        """Why nothing is kept back of what is owed; empty when something may be."""
        if not self.du or self.retenable:
            return ""
        if self.recours_du is not None:
            return "un recours est en cours"
        if not self.notifie:
            return "le trop-perçu n'est pas notifié"
        return (
            "la caisse n'a pas choisi de retenue" if self.retenue is None else "la caisse a choisi de ne rien retenir"
        )


def echeancier(total: int, nombre: int, premiere: datetime.date) -> tuple[Mensualite, ...]:
    """A sum (cents) in monthly instalments that add up to it; the first ones bear the cents that do not divide.

    The day is that of the first one, or the last of a shorter month.
    """
    part, reste = divmod(total, nombre)
    jours = ajouter_mois(np.full(nombre, premiere, "datetime64[D]"), np.arange(nombre)).astype(object)
    return tuple(Mensualite(jour, part + (1 if rang < reste else 0)) for rang, jour in enumerate(jours))


def imputer(mensualites: Sequence[Mensualite], recu: int, abandonne: int) -> tuple[Mensualite, ...]:
    """A schedule after what was received, the oldest first, and what was given up, the last first (cents)."""
    restantes: list[Mensualite] = []
    for mensualite in reversed(mensualites):
        otee = min(max(abandonne, 0), mensualite.centimes)
        abandonne -= otee
        restantes.insert(0, replace(mensualite, centimes=mensualite.centimes - otee))
    imputees = []
    for mensualite in restantes:
        regle = min(max(recu, 0), mensualite.centimes)
        recu -= regle
        imputees.append(replace(mensualite, regle=regle))
    return tuple(mensualite for mensualite in imputees if mensualite.centimes)


def calculer(faits: Iterable[FaitSigne], sommes: Mapping[str, int]) -> Recouvrement:
    """Where a claim stands, from its events in order and the sums of the ledger by nature (cents, `sommes_de`)."""
    constate = -sommes.get(Nature.INDU, 0)
    recouvre = sum(sommes.get(nature, 0) for nature in RECOUVRENT)
    abandonne = sum(sommes.get(nature, 0) for nature in ABANDONNENT)
    tenu = Recouvrement(du=constate - recouvre - abandonne, constate=constate, recouvre=recouvre, abandonne=abandonne)
    notifie = 0
    for fait in faits:
        donnees, genre = fait.donnees, fait.genre
        if genre == Genre.INDU_NOTIFIE:
            notifie = donnees["constate"]
            tenu = replace(tenu, notifie_le=fait.date_effet)
        elif genre == Genre.RETENUE:
            tenu = replace(tenu, retenue=ChoixDeRetenue(ModeDeRetenue(donnees["mode"]), donnees["plafond"]))
        elif genre == Genre.ECHEANCIER:
            prevues = [Mensualite(datetime.date.fromisoformat(jour), c) for jour, c in donnees["mensualites"]]
            depuis = (recouvre - donnees["recouvre"], abandonne - donnees["abandonne"])
            tenu = replace(tenu, mensualites=imputer(prevues, *depuis))
        elif genre == Genre.RECOURS:
            tenu = replace(tenu, recours_du=fait.date_effet)
        elif genre == Genre.RECOURS_TRANCHE:
            tenu = replace(tenu, recours_du=None)
        elif genre == Genre.ABANDON_DEMANDE:
            demande = AbandonDemande(
                fait.numero, Abandon(donnees["abandon"]), donnees["montant"], fait.auteur_id, fait.motif
            )
            tenu = replace(tenu, abandon=demande)
        elif genre in {Genre.ABANDON_ACCORDE, Genre.ABANDON_REFUSE}:
            tenu = replace(tenu, abandon=None)
    # A claim that is settled has nothing left to notify.
    return replace(tenu, a_notifier=min(max(constate - notifie, 0), tenu.du))


def sommes_de(ecritures: Iterable[Ecriture]) -> dict[str, int]:
    """The claim's lines by nature, in cents; a reversing line goes with what it cancels."""
    lignes = list(ecritures)
    natures = {ligne.pk: ligne.nature for ligne in lignes}
    sommes: dict[str, int] = defaultdict(int)
    for ligne in lignes:
        if ligne.compte == Compte.CREANCE:
            sommes[natures[ligne.annule_id] if ligne.annule_id is not None else ligne.nature] += ligne.montant
    return sommes


def recouvrements(contrats: Iterable[int]) -> dict[int, Recouvrement]:
    """Where the claims of many contracts stand, by key; those that never owed anything are absent. Two queries."""
    sommes: dict[int, dict[str, int]] = defaultdict(dict)
    lignes = (
        Ecriture.objects.filter(contrat__in=list(contrats), compte=Compte.CREANCE)
        .annotate(sienne=Coalesce("annule__nature", "nature"))
        .values("contrat", "sienne")
        .annotate(somme=Sum("montant"))
    )
    for ligne in lignes.order_by():
        sommes[ligne["contrat"]][ligne["sienne"]] = ligne["somme"]
    faits: dict[int, list[Any]] = defaultdict(list)
    siens = Evenement.objects.filter(contrat__in=list(sommes), genre__in=[genre.value for genre in DU_RECOUVREMENT])
    for evenement in siens.order_by("contrat", "numero"):
        faits[evenement.contrat_id].append(evenement)
    return {contrat: calculer(faits[contrat], siennes) for contrat, siennes in sommes.items()}


def recouvrement_de(contrat: Contrat) -> Recouvrement:
    """Where the claim of one contract stands."""
    return recouvrements([contrat.pk]).get(contrat.pk, Recouvrement())
