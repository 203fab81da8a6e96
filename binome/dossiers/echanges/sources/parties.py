"""Who writes and who is written to: the letter itself, the fund, the doctor, the society, a member."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Self

from binome.dossiers.echanges.sources.contexte import Contexte
from binome.dossiers.echanges.sources.source import Rangee, Source, Valeur, champ, jour, table
from binome.dossiers.models import Adhesion, Caisse, Medecin, Structure
from binome.dossiers.nomenclatures import ENGAGEANTS, Dispositif, Statut

#: Days that a letter leaves to answer: the fund's own habit, which the agent may change in the letter.
REPONSE = datetime.timedelta(days=30)


@dataclass(frozen=True)
class DeLaLettre(Source):
    """The letter itself: who follows it, and when an answer is expected. The agent may change what it says."""

    contexte: Contexte
    nom = "lettre"

    @classmethod
    def trouver(cls, contexte: Contexte) -> Self:
        """Always there."""
        return cls(contexte)

    @champ
    def interlocuteur(self) -> Valeur:
        """Who writes."""
        return self.contexte.acteur.nom

    @champ
    def repondre_avant(self) -> Valeur:
        """The day before which to answer."""
        return jour(self.contexte.jour + REPONSE)


@dataclass(frozen=True)
class DeLaCaisse(Source):
    """The fund, as its administrator described it."""

    caisse: Caisse
    nom = "caisse"

    @classmethod
    def trouver(cls, contexte: Contexte) -> Self:
        """The fund of the file."""
        return cls(contexte.contrat.caisse)

    @champ
    def voies_de_recours(self) -> Valeur:
        """Authority, delay and court of an appeal, as the fund wrote them; blank, the letter cannot leave."""
        return self.caisse.voies_de_recours


@dataclass(frozen=True)
class _DUnMedecin(Source):
    """What a doctor's sheet says."""

    medecin: Medecin

    @champ
    def specialite(self) -> Valeur:
        """Specialty."""
        return self.medecin.get_specialite_display().lower()

    @champ
    def secteur(self) -> Valeur:
        """Sector under the convention."""
        return self.medecin.get_secteur_display()

    @champ
    def numero_assurance_maladie(self) -> Valeur:
        """Number at the health insurance."""
        return self.medecin.numero_am

    @champ
    def cabinet(self) -> Valeur:
        """Address of the practice."""
        return ", ".join(self.medecin.adresse.splitlines())


@dataclass(frozen=True)
class DuMedecin(_DUnMedecin):
    """The doctor who signs an individual contract."""

    nom = "medecin"

    @classmethod
    def trouver(cls, contexte: Contexte) -> Self | None:
        """None for a collective contract."""
        medecin = contexte.contrat.medecin
        return None if medecin is None else cls(medecin)

    @champ
    def zone(self) -> Valeur:
        """Zone of the practice."""
        return self.medecin.get_zone_display()


@dataclass(frozen=True)
class DeLaSociete(Source):
    """The society that signs a collective contract."""

    contexte: Contexte
    societe: Structure
    nom = "societe"

    @classmethod
    def trouver(cls, contexte: Contexte) -> Self | None:
        """None for an individual contract, whatever the society of its doctor."""
        contrat = contexte.contrat
        if contrat.dispositif != Dispositif.COLLECTIF or contrat.structure is None:
            return None
        return cls(contexte, contrat.structure)

    @champ
    def forme(self) -> Valeur:
        """Legal form."""
        return self.societe.get_forme_juridique_display().lower()

    @champ
    def identifiant(self) -> Valeur:
        """Finess, or Siret."""
        return self.societe.finess or self.societe.siret

    @champ
    def siege(self) -> Valeur:
        """Address."""
        return ", ".join(self.societe.adresse.splitlines())

    @champ
    def representant(self) -> Valeur:
        """Legal representative."""
        return self.societe.representant

    @table("medecin", "rpps", "adhesion")
    def adherents(self) -> list[Rangee]:
        """The members of the contract, and the first day of each."""
        return [
            {
                "medecin": adhesion.medecin.titre,
                "rpps": adhesion.medecin.rpps,
                "adhesion": jour(adhesion.debut or self.contexte.etat.date_signature),
            }
            for adhesion in self.contexte.contrat.adhesions.filter(fin=None).select_related("medecin").order_by("pk")
        ]


@dataclass(frozen=True)
class DeLAdherent(_DUnMedecin):
    """A member of a collective contract who has not signed a form yet."""

    contexte: Contexte
    adhesion: Adhesion
    nom = "adherent"

    @classmethod
    def _attendus(cls, contexte: Contexte) -> list[Adhesion]:
        return list(contexte.contrat.adhesions.filter(bulletin=None, fin=None).select_related("medecin").order_by("pk"))

    @classmethod
    def sujets(cls, contexte: Contexte) -> dict[int, str]:
        """Members whose form is awaited."""
        return {adhesion.pk: str(adhesion.medecin) for adhesion in cls._attendus(contexte)}

    @classmethod
    def trouver(cls, contexte: Contexte) -> Self | None:
        """The member asked for, or the first."""
        attendus = cls._attendus(contexte)
        return next((cls(a.medecin, contexte, a) for a in attendus if contexte.sujet in {None, a.pk}), None)

    @champ
    def societe(self) -> Valeur:
        """The society that signs."""
        return self.contexte.contrat.titulaire

    @champ
    def date_adhesion(self) -> Valeur:
        """First day of the membership: that of the contract, unless the member comes later."""
        return jour(self.adhesion.debut or self.contexte.etat.date_signature)

    @champ
    def contrat_individuel(self) -> Valeur:
        """The individual contract that still binds the doctor, and its last day."""
        autre = self.medecin.contrats.filter(statut__in=ENGAGEANTS).first()
        if autre is None or autre.date_fin is None:
            return "Aucun contrat individuel n'est en cours."
        return f"Un contrat individuel (dossier {autre.numero}) est en cours, jusqu'au {jour(autre.date_fin)}."

    @champ
    def docteur_junior(self) -> Valeur:
        """Whether the member receives a junior doctor."""
        if self.adhesion.pamsu_docteur_junior:
            return "Le médecin, praticien agréé maître de stage, accueille un docteur junior."
        return "Le médecin n'accueille pas de docteur junior."


@dataclass(frozen=True)
class DuPassage(Source):
    """The doctor's move from an individual contract to that of a society."""

    contexte: Contexte
    date_fin_du_contrat: datetime.date
    nom = "passage"

    @classmethod
    def trouver(cls, contexte: Contexte) -> Self | None:
        """An individual contract terminated for that reason."""
        contrat, fin = contexte.contrat, contexte.contrat.date_fin
        if contrat.statut != Statut.RESILIE or contrat.medecin is None or fin is None:
            return None
        resiliation = contexte.resiliation
        return cls(contexte, fin) if resiliation is not None and resiliation.donnees.get("par") == "collectif" else None

    @property
    def _adhesion(self) -> Adhesion | None:
        medecin = self.contexte.contrat.medecin
        assert medecin is not None  # noqa: S101 - checked when found
        return medecin.adhesions.filter(fin=None).select_related("contrat__structure").order_by("pk").last()

    @champ
    def date_fin(self) -> Valeur:
        """Last day of the individual contract."""
        return jour(self.date_fin_du_contrat)

    @champ
    def societe(self) -> Valeur:
        """The society joined, when its file is open; else the doctor's."""
        adhesion, medecin = self._adhesion, self.contexte.contrat.medecin
        if adhesion is not None:
            return adhesion.contrat.titulaire
        return None if medecin is None or medecin.structure is None else str(medecin.structure)

    @champ
    def date_adhesion(self) -> Valeur:
        """First day of the membership, by default the day after the individual contract."""
        adhesion = self._adhesion
        debut = None if adhesion is None else adhesion.debut
        return jour(debut or self.date_fin_du_contrat + datetime.timedelta(days=1))
