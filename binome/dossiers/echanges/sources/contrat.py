"""The contract: what was asked, what the law answered, what is written in it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Self

from django.utils import timezone

from binome import francais
from binome.dossiers.contrats.cycle import compte_de
from binome.dossiers.echanges.sources.contexte import Contexte
from binome.dossiers.echanges.sources.source import Rangee, Source, Valeur, champ, date_de, jour, table
from binome.dossiers.models import Contrat
from binome.dossiers.nomenclatures import ENGAGEANTS, Statut
from binome.simulation.mots.conditions import pour_changer
from binome.simulation.mots.ecriture import minuscule
from binome.simulation.mots.phrases import RAISONS
from openfisca_assistants_medicaux import registre
from openfisca_assistants_medicaux.nomenclatures import Regime

AVANT_SIGNATURE = (Statut.BROUILLON, Statut.A_SIGNER)
#: Contract years begin one after the other: the column that says the instalment's own day when the law cannot yet.
A_L_EMBAUCHE = "après l'embauche"


def objet_de(contexte: Contexte) -> str | None:
    """What a contract finances, in words."""
    situation = contexte.etat.lire()
    if situation.groupe is not None:
        return f"un contrat collectif pour {francais.valeur(situation.groupe.etp_demandes)} équivalents temps plein"
    option = None if situation.contrat is None else situation.contrat.option
    return None if option is None else f"un contrat individuel, option {minuscule(option.libelle)}"


@dataclass(frozen=True)
class DeLaDemande(Source):
    """What a doctor, or a society, asks for: a file whose contract is not signed."""

    contexte: Contexte
    nom = "demande"

    @classmethod
    def trouver(cls, contexte: Contexte) -> Self | None:
        """None once the contract is signed."""
        ouverte = contexte.contrat.statut in (*AVANT_SIGNATURE, Statut.SANS_SUITE)
        return cls(contexte) if ouverte else None

    @champ
    def date(self) -> Valeur:
        """The day when the file was opened."""
        return jour(timezone.localdate(self.contexte.contrat.cree_le))

    @champ
    def objet(self) -> Valeur:
        """What is asked for."""
        return objet_de(self.contexte)


@dataclass(frozen=True)
class _DeLaReponse(Source):
    """The answer on eligibility, as it was kept."""

    contexte: Contexte
    verdict: Mapping[str, Any]

    @classmethod
    def _rendue(cls, contexte: Contexte, reponse: str) -> Self | None:
        verdict = contexte.etat.verdict
        return cls(contexte, verdict) if verdict.get("eligible") == reponse else None

    @champ
    def date(self) -> Valeur:
        """The day on which the situation was judged."""
        return jour(date_de(self.verdict["date_appreciation"]))

    @champ
    def regles(self) -> Valeur:
        """The rules that judged it."""
        return f"les règles « {self.verdict['regime_libelle']} »"


@dataclass(frozen=True)
class DeLAccord(_DeLaReponse):
    """An answer that opens the aid."""

    nom = "accord"

    @classmethod
    def trouver(cls, contexte: Contexte) -> Self | None:
        """None unless every condition is met."""
        return cls._rendue(contexte, "oui")

    @table("condition", "reponse", "source")
    def conditions(self) -> list[Rangee]:
        """Every condition that applies, what the law says of it, and the text that poses it."""
        return [
            {"condition": c["libelle"], "reponse": RAISONS[c["verdict"]], "source": c["reference"]}
            for c in self.verdict["conditions"]
            if c["verdict"] != "sans_objet"
        ]


@dataclass(frozen=True)
class DuRefus(_DeLaReponse):
    """An answer that refuses the aid."""

    nom = "refus"

    @classmethod
    def trouver(cls, contexte: Contexte) -> Self | None:
        """None unless a condition is not met."""
        return cls._rendue(contexte, "non")

    @property
    def _refusees(self) -> list[Mapping[str, Any]]:
        return [c for c in self.verdict["conditions"] if c["verdict"] == "non_remplie"]

    @champ
    def pour_changer(self) -> Valeur:
        """What would change the answer, from the register of conditions."""
        return francais.enumeration([pour_changer(c["nom"]) for c in self._refusees]) or None

    @table("condition", "situation", "demande", "source")
    def conditions(self) -> list[Rangee]:
        """The conditions that are not met: short name and remedy from the register."""
        return [
            {
                "condition": registre.conditions()[c["nom"]].court,
                "situation": c["raison"],
                "demande": pour_changer(c["nom"]),
                "source": c["reference"],
            }
            for c in self._refusees
        ]


@dataclass(frozen=True)
class DuContrat(Source):
    """What is written in the contract, signed or ready to be."""

    contexte: Contexte
    nom = "contrat"

    @classmethod
    def trouver(cls, contexte: Contexte) -> Self:
        """Always there."""
        return cls(contexte)

    @property
    def _contrat(self) -> Contrat:
        return self.contexte.contrat

    @champ
    def date_signature(self) -> Valeur:
        """The day of the signature, planned or done."""
        return jour(self.contexte.etat.date_signature)

    @champ
    def date_fin(self) -> Valeur:
        """Last day: the term, unless the contract ended before."""
        fin = self._contrat.date_fin or self.contexte.suivi.date_fin
        return None if fin is None else jour(fin)

    @champ
    def regles(self) -> Valeur:
        """The set of rules that it follows."""
        regimes: Any = Regime
        return f"« {regimes[self.contexte.suivi.regime].value} »"

    @champ
    def option(self) -> Valeur:
        """Option of an individual contract."""
        contrat = self.contexte.etat.lire().contrat
        return None if contrat is None or contrat.option is None else minuscule(contrat.option.libelle)

    @champ
    def etp(self) -> Valeur:
        """Full-time equivalents of a collective contract."""
        groupe = self.contexte.etat.lire().groupe
        return None if groupe is None else francais.valeur(groupe.etp_demandes)

    @champ
    def temps_de_travail(self) -> Valeur:
        """Weekly time of the option, where the texts read tell it; for a group, that of its full-time equivalents."""
        situation = self.contexte.etat.lire()
        if situation.groupe is not None:
            plein = self.contexte.valeur_de_la_loi("emploi.temps_de_travail.duree_legale")
            return None if plein is None else f"{plein} pour chaque équivalent temps plein"
        option = None if situation.contrat is None else situation.contrat.option
        if option is None:
            return None
        return self.contexte.valeur_de_la_loi(f"options.heures_hebdomadaires.{option.value}")

    @champ
    def beneficiaire(self) -> Valeur:
        """Who is paid."""
        medecin = self._contrat.medecin
        return self._contrat.titulaire if medecin is None else medecin.titre

    @champ
    def compte(self) -> Valeur:
        """Where: the account kept, or the one whose proof is awaited."""
        compte = compte_de(self._contrat)
        if compte is None:
            return "le compte dont le relevé d'identité bancaire sera joint au dossier"
        return f"le compte de {compte.titulaire} se terminant par {compte.iban[-4:]}"

    @champ
    def assistant(self) -> Valeur:
        """The assistant in post, or to be hired."""
        poste = self._contrat.embauches.filter(date_fin=None).select_related("assistant").order_by("date_debut").last()
        return "à recruter" if poste is None else f"{poste.assistant}, depuis le {jour(poste.date_debut)}"

    @champ
    def releve_reference(self) -> Valeur:
        """The statement that gives the base: the one that was told, or the last before the signature."""
        dite = self.contexte.etat.lire().patientele.date_releve
        comptee = next((e.date for e in self.contexte.suivi.echeances if e.nom == "releve_reference"), None)
        date = dite or comptee
        return None if date is None else jour(date)

    @table("annuite", "debut", "fin", "maximal", "par_etp")
    def annees(self) -> list[Rangee]:
        """The contract years: days, and largest amount; for a group, what it makes for one full-time equivalent."""
        groupe = self.contexte.etat.lire().groupe
        etp = Fraction(1) if groupe is None else Fraction(str(groupe.etp_demandes))
        return [
            {
                "annuite": str(annee.rang),
                "debut": jour(annee.debut),
                "fin": jour(annee.fin),
                "maximal": francais.euros(annee.montant_maximal),
                "par_etp": francais.euros(
                    None if annee.montant_maximal is None else round(Fraction(annee.montant_maximal) / etp)
                ),
            }
            for annee in self.contexte.annees
        ]

    @table("indicateur", "base", "gain", "objectif")
    def objectifs(self) -> list[Rangee]:
        """The objectives, as the contract writes them."""
        return [
            {
                "indicateur": o["libelle"],
                "base": patients(o["base"]),
                "gain": patients(o["gain"]),
                "objectif": patients(o["cible"]),
            }
            for o in self.contexte.etat.verdict["objectifs"]
        ]

    @table("annuite", "versement", "date", "montant")
    def versements(self) -> list[Rangee]:
        """Every instalment of the contract; a year whose results are not known yet is told at its largest."""
        return echeancier(self.contexte, datetime.date.min)


def echeancier(contexte: Contexte, depuis: datetime.date) -> list[Rangee]:
    """Instalments from a day on."""
    return [
        {
            "annuite": str(annee.rang),
            "versement": versement.libelle,
            "date": A_L_EMBAUCHE if versement.date is None else jour(versement.date),
            "montant": ("au plus " if annee.au_plus else "") + francais.euros(versement.montant),
        }
        for annee in contexte.annees
        for versement in annee.versements
        if versement.date is None or versement.date >= depuis
    ]


def patients(nombre: int | None) -> str:
    """A number of patients, for a cell."""
    return "à déterminer" if nombre is None else francais.nombre(nombre)


@dataclass(frozen=True)
class DeLaSignature(Source):
    """A contract that was signed and still binds."""

    contexte: Contexte
    nom = "signature"

    @classmethod
    def trouver(cls, contexte: Contexte) -> Self | None:
        """None before, and once it ended."""
        return cls(contexte) if contexte.contrat.statut in ENGAGEANTS else None

    @champ
    def date(self) -> Valeur:
        """The day of the signature."""
        return jour(self.contexte.etat.date_signature)

    @champ
    def date_fin(self) -> Valeur:
        """The term."""
        fin = self.contexte.contrat.date_fin
        return None if fin is None else jour(fin)
