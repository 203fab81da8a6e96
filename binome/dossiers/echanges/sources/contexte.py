"""What a letter is drawn from: one contract, who writes, on which day, about what."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from binome.dossiers.acteur import Acteur
from binome.dossiers.contrats.etat import Etat
from binome.dossiers.contrats.journal import dernier_tenu, etat_de, evenements_tenus, objectifs_au, suivi_de
from binome.dossiers.models import Contrat, Evenement
from binome.dossiers.nomenclatures import Genre
from binome.dossiers.paiements.dus import droits
from binome.simulation import Annee, Suivi
from binome.simulation.parametres import Parametre, en_vigueur


@dataclass(frozen=True)
class Contexte:
    """Computed once for a letter, whatever the number of its fields."""

    contrat: Contrat
    acteur: Acteur
    jour: datetime.date
    #: Key of what the letter is about, when the file has several (a transfer, a year, a deadline).
    sujet: int | None = None

    @cached_property
    def etat(self) -> Etat:
        """The contract after all its events."""
        return etat_de(self.contrat)

    @cached_property
    def suivi(self) -> Suivi:
        """What the law says of the contract on the day of the letter."""
        return suivi_de(self.etat, self.jour)

    @cached_property
    def annees(self) -> tuple[Annee, ...]:
        """The contract years, as payments count them on the day of the letter."""
        return self.annees_de(self.etat)

    def annees_de(self, etat: Etat) -> tuple[Annee, ...]:
        """The contract years of another state of the contract, counted on the same day."""
        return next(droits([etat], max(self.jour, etat.date_signature))).annees

    def annee(self, rang: int) -> Annee | None:
        """One contract year."""
        return next((annee for annee in self.annees if annee.rang == rang), None)

    def tenus(self, genre: Genre) -> list[Evenement]:
        """The events of a kind that hold, in order."""
        return evenements_tenus(self.contrat, genre)

    def dernier(self, genre: Genre) -> Evenement | None:
        """The last event of a kind that holds."""
        return dernier_tenu(self.contrat, genre)

    @cached_property
    def resiliation(self) -> Evenement | None:
        """The termination, once there is one, be it to come."""
        annoncee = self.etat.fin_annoncee is not None
        return self.dernier(Genre.RESILIATION_ANNONCEE if annoncee else Genre.RESILIATION)

    @cached_property
    def loi(self) -> Mapping[str, Parametre]:
        """The law's values under the rules of the contract: those of its signature, or of its switch."""
        situation = self.etat.lire()
        bascule = None if situation.contrat is None else situation.contrat.date_bascule
        return {parametre.nom: parametre for parametre in en_vigueur(bascule or self.etat.date_signature)}

    def valeur_de_la_loi(self, nom: str) -> str | None:
        """A value of the law with its unit; None when the rules have none, or when nobody could read it."""
        trouve = self.loi.get(nom)
        return trouve.valeur_ecrite if trouve is not None and trouve.connue else None

    def objectifs_de(self, debut: datetime.date) -> list[dict[str, Any]]:
        """The objectives in force on the first day of a year: see `journal.objectifs_au`."""
        return objectifs_au(self.etat, debut, self.jour)
