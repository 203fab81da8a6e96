"""What a simulation answers: one typed model for the command line, the web, the API and the documents.

Amounts are exact (`Decimal`, euros with two decimals; integer cents inside); None means « non déterminé », and the
text beside it says what to ask. Nothing here computes a rule.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from binome.simulation.cout.modeles import Cout
from binome.simulation.situation import Situation

MODELE = ConfigDict(extra="forbid", frozen=True)


class Reference(BaseModel):
    """A text, or the place where it was read."""

    model_config = MODELE

    titre: str
    lien: str | None = None


class Version(BaseModel):
    """What computed this result."""

    model_config = MODELE

    binome: str
    openfisca_core: str
    distributions: tuple[str, ...] = Field((), description="Fichiers de distributions ajoutés par l'opérateur")


class Condition(BaseModel):
    """One condition of eligibility, or of an option."""

    model_config = MODELE

    nom: str = Field(description="Variable de la loi : la figure à demander à « binome expliquer »")
    libelle: str
    verdict: str = Field(description="remplie, non_remplie, derogation, sans_objet ou indeterminee")
    raison: str = Field(description="Ce qui fonde le verdict, ou ce qui manque pour le rendre")
    patients: int | None = Field(None, description="Patients comparés au seuil")
    seuil: int | None = Field(None, description="Seuil, en patients")
    manque: int | None = Field(None, description="Patients manquants (0 : aucun)")
    reference: str
    certitude: str


class Verdict(BaseModel):
    """Eligibility and its reasons."""

    model_config = MODELE

    eligible: str = Field(description="oui, non ou indeterminee")
    phrase: str
    conditions: tuple[Condition, ...]
    pour_changer: tuple[str, ...] = Field(description="Ce qui changerait le verdict")
    certitude: str


class MontantPossible(BaseModel):
    """An amount that stays possible while the doctor's band is not firm."""

    model_config = MODELE

    montant: Decimal
    condition: str


class Versement(BaseModel):
    """One instalment."""

    model_config = MODELE

    date: datetime.date | None = Field(description="Date limite ; vide quand elle ne peut être calculée")
    montant: Decimal
    libelle: str
    certitude: str = Field(description="Certitude de la date et de la part versée")


class Annee(BaseModel):
    """One contract year."""

    model_config = MODELE

    rang: int
    debut: datetime.date
    fin: datetime.date
    montant_maximal: Decimal | None = Field(description="Vide : non déterminé, ou plusieurs montants possibles")
    montants_possibles: tuple[MontantPossible, ...] = ()
    evaluee: bool = Field(description="L'aide dépend des résultats de patientèle")
    date_evaluation: datetime.date | None = None
    releve_evaluation: datetime.date | None = None
    projection: bool = Field(False, description="Le résultat de l'année est supposé, non constaté")
    statut_patientele_mt: str | None = None
    statut_file_active: str | None = None
    taux_modulation: str | None = Field(None, description="Part de l'aide versée, fraction exacte ; vide : à évaluer")
    jours_dus: int
    jours: int
    montant_du: Decimal | None = Field(description="Vide tant que le résultat n'est pas connu")
    montant_prevu: Decimal | None = Field(description="Montant dû, ou maximum tant que le résultat n'est pas connu")
    au_plus: bool = Field(description="Le montant prévu est un maximum : le résultat de l'année n'est pas connu")
    versements: tuple[Versement, ...] = ()
    explication: str = Field(description="La règle appliquée, en une phrase")
    certitude: str | None = Field(description="Vide : la valeur n'est pas déterminée, il n'y a rien à certifier")


class Objectif(BaseModel):
    """The objective of one indicator."""

    model_config = MODELE

    indicateur: str = Field(description="patientele_mt ou file_active")
    libelle: str
    base: int | None
    gain: int | None = Field(description="Patients à gagner ; vide : non déterminé")
    gain_au_plus: int | None = Field(description="Borne supérieure connue du gain")
    cible: int | None
    notifie: bool
    phrase: str
    certitude: str | None = Field(description="Vide : la valeur n'est pas déterminée, il n'y a rien à certifier")


class Bande(BaseModel):
    """Where the doctor stands in the national distribution."""

    model_config = MODELE

    basse: str
    haute: str
    phrase: str
    certitude: str | None = Field(description="Vide : bande non déterminée, ou notifiée par la caisse")


class Option(BaseModel):
    """One financing option, side by side with the others."""

    model_config = MODELE

    option: str
    libelle: str
    choisie: bool
    ouverte: str = Field(description="oui, non ou indeterminee")
    conditions: tuple[Condition, ...] = Field(description="Conditions propres à l'option, avec leur verdict")
    heures_hebdomadaires: Decimal | None = None
    objectifs: tuple[Objectif, ...] = ()
    annees: tuple[Annee, ...] = ()
    total_cinq_ans: Decimal | None = Field(None, description="Somme prévue ; vide si une année n'est pas déterminée")


class Echeance(BaseModel):
    """One deadline of the contract."""

    model_config = MODELE

    nom: str
    libelle: str
    date: datetime.date
    reference: str
    certitude: str


class Hypothese(BaseModel):
    """A value of the law that is not an official text, and that this result uses."""

    model_config = MODELE

    nom: str
    description: str
    valeur: str
    certitude: str
    references: tuple[Reference, ...]


class Resultat(BaseModel):
    """The whole answer."""

    model_config = MODELE

    version: Version
    date_appreciation: datetime.date
    situation: Situation
    valeurs_par_defaut: dict[str, Any] = Field(description="Champs non remplis, et la valeur retenue")
    dispositif: str
    regime: str
    regime_libelle: str
    beneficiaire: str
    verdict: Verdict
    bande: Bande | None
    objectifs: tuple[Objectif, ...]
    options: tuple[Option, ...]
    annees: tuple[Annee, ...] = Field(description="Années de l'option choisie")
    total_cinq_ans: Decimal | None
    total_au_plus: bool = Field(description="Le total compte des maximums : des résultats ne sont pas connus")
    echeances: tuple[Echeance, ...]
    hypotheses: tuple[Hypothese, ...]
    cout: Cout | None = Field(None, description="Ce que coûte l'assistant ; vide : un message dit pourquoi")
    messages: tuple[str, ...] = ()
    certitude: str = Field(description="La plus faible de celles des chiffres de l'option choisie")


class Explication(BaseModel):
    """A figure, the law's values that made it, and the figures it rests on."""

    model_config = MODELE

    variable: str
    libelle: str
    valeur: str
    reference: str | None = None
    regle: str | None = Field(None, description="La règle en une phrase (documentation de la formule)")
    certitude: str
    parametres: tuple[Hypothese, ...] = ()
    dependances: tuple[Explication, ...] = ()
