"""The cost of the assistant, as entered and as answered.

What is typed (`HypothesesCout`) is in euros, what is answered (`Cout`) in integer cents. A field of `HypothesesCout`
left empty takes the default read in the law package (topic « emploi »), and `Cout.hypotheses` tells which did.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from binome.simulation.modele import saisies
from binome.simulation.modele.nomenclatures import NomContratDeTravail, NomTerritoire
from binome.tableaux import cellules
from openfisca_assistants_medicaux.certitude import LISTE
from openfisca_assistants_medicaux.nomenclatures import CODES_METROPOLE, CODES_OUTRE_MER

MODELE = ConfigDict(extra="forbid", frozen=True)

#: Technical bounds, against typing errors; not figures of the law.
SALAIRE_MAXIMUM, MONTANT_MAXIMUM, MENSUEL_MAXIMUM, SALARIES_MAXIMUM = 9_500, 10_000_000, 20_000, 250
HONORAIRE_MAXIMUM = 2_000

#: The published schema says what is read: a boolean, or the word that people write.
_OUI_NON_ECRIT = {"type": ["boolean", "string"], "enum": [True, False, "oui", "non"]}
OuiNon = Annotated[bool, saisies.lue(cellules.oui_non, _OUI_NON_ECRIT)]
_Euros = Annotated[Decimal, Field(ge=0, le=MONTANT_MAXIMUM, decimal_places=2, allow_inf_nan=False)]
Euros = Annotated[_Euros, saisies.euros(MONTANT_MAXIMUM)]
#: A sum that the product answers.
Centimes = Annotated[int, Field(json_schema_extra={"format": "centimes"})]
Salaire = Annotated[
    Decimal,
    Field(gt=0, le=SALAIRE_MAXIMUM, decimal_places=2, allow_inf_nan=False),
    saisies.euros(SALAIRE_MAXIMUM),
]
#: Rates that no practice exceeds, and a share of charges under which something is left: against typing errors.
TAUX_MAXIMUM, CHARGES_MAXIMUM = Decimal("0.2"), Decimal("0.95")
_Part = Annotated[Decimal, Field(ge=0, le=1, decimal_places=6, allow_inf_nan=False)]
#: A rate of the gross salary, often under 1 %; a share of the fees, never.
TAUX_DU_SALAIRE = cellules.Part(maximum=TAUX_MAXIMUM, sous_un_pour_cent=True)
PART_DES_HONORAIRES = cellules.Part(maximum=CHARGES_MAXIMUM)
TauxDuSalaire = Annotated[_Part, Field(le=TAUX_MAXIMUM), TAUX_DU_SALAIRE, saisies.part(TAUX_DU_SALAIRE)]
PartDesHonoraires = Annotated[_Part, Field(le=CHARGES_MAXIMUM), PART_DES_HONORAIRES, saisies.part(PART_DES_HONORAIRES)]


HEURES_MAXIMUM, MOIS_DE_CDD_MAXIMUM = 48, 60
Heures = Annotated[
    Decimal,
    Field(ge=1, le=HEURES_MAXIMUM, decimal_places=2, allow_inf_nan=False),
    saisies.decimal(1, HEURES_MAXIMUM),
]

_TERRITOIRE_ECRIT = WithJsonSchema(
    {
        "anyOf": [
            {"type": "string", "enum": [*NomTerritoire], "description": "Nom"},
            {"type": "string", "enum": sorted(CODES_METROPOLE | set(CODES_OUTRE_MER)), "description": "Département"},
        ]
    }
)
Territoire = Annotated[
    NomTerritoire,
    BeforeValidator(NomTerritoire.reconnaitre, json_schema_input_type=Annotated[Any, _TERRITOIRE_ECRIT]),
]


class HypothesesCout(BaseModel):
    """What the doctor may say of the salary, of the practice and of a consultation; all of it has a default."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)

    territoire: Territoire = Field(
        NomTerritoire.metropole,
        description="Où est le cabinet : métropole ou territoire d'outre-mer ; le code du département convient",
    )
    heures_hebdomadaires: Heures | None = Field(
        None,
        description="Heures de travail réelles par semaine, pour un seul assistant, si le poste dépasse le temps de "
        "l'option ; l'aide n'en dépend pas",
    )
    type_contrat: NomContratDeTravail = Field(
        NomContratDeTravail.cdi, description="Contrat de travail de l'assistant : cdi ou cdd"
    )
    duree_cdd_mois: Annotated[int, Field(ge=1, le=MOIS_DE_CDD_MAXIMUM)] | None = Field(
        None, description="Durée du CDD en mois ; vide : la plus longue que la loi permet"
    )
    autre_aide_embauche: OuiNon = Field(
        False, description="Une autre aide à l'embauche est espérée (apprentissage, handicap, insertion…)"
    )
    salaire_brut_mensuel: Salaire | None = Field(
        None,
        description="Salaire brut mensuel d'un temps plein (151,67 h), ancienneté comprise, en euros ; "
        "vide : le plus grand du SMIC et du minimum connu de la convention collective, ancienneté en sus",
    )
    anciennete_annees: Annotated[int, Field(ge=0, le=60), saisies.entier(0, 60)] = Field(
        0, description="Ancienneté à la signature, en années révolues ; elle croît à chaque année du contrat"
    )
    autres_salaires_annuels: Annotated[tuple[Euros, ...], Field(max_length=SALARIES_MAXIMUM)] = Field(
        (), description="Salaire brut annuel de chacun des autres salariés du cabinet, en euros"
    )
    assujetti_taxe_salaires: OuiNon = Field(
        True, description="Le cabinet doit la taxe sur les salaires (il n'est pas soumis à la TVA)"
    )
    redevable_taxe_apprentissage: OuiNon = Field(
        False, description="Le cabinet doit la taxe d'apprentissage (hypothèse : non pour un bénéfice non commercial)"
    )
    mutuelle_mensuelle: Annotated[_Euros, Field(le=MENSUEL_MAXIMUM), saisies.euros(MENSUEL_MAXIMUM)] | None = Field(
        None, description="Part patronale de la complémentaire santé, en euros par mois et par assistant"
    )
    taux_prevoyance: TauxDuSalaire | None = Field(
        None, description="Part patronale de la prévoyance, en part du salaire brut (0.01 pour 1 %)"
    )
    taux_formation: TauxDuSalaire | None = Field(
        None, description="Contribution à la formation professionnelle, en part du salaire brut (0.006 pour 0,6 %)"
    )
    temps_partiel_demande: OuiNon = Field(
        False,
        description="L'assistant a demandé par écrit un temps plus court que le minimum de la convention collective, "
        "ou complète son temps chez le même employeur",
    )
    facture_mensuelle: Annotated[_Euros, Field(gt=0, le=MENSUEL_MAXIMUM), saisies.euros(MENSUEL_MAXIMUM)] | None = (
        Field(
            None,
            description="Facture mensuelle d'un groupement d'employeurs pour un assistant à temps plein, en euros ; "
            "elle remplace salaire et charges, au prorata du temps de travail",
        )
    )
    honoraire_consultation: (
        Annotated[_Euros, Field(ge=1, le=HONORAIRE_MAXIMUM), saisies.euros(HONORAIRE_MAXIMUM)] | None
    ) = Field(None, description="Honoraire moyen d'une consultation, en euros")
    part_de_charges: PartDesHonoraires | None = Field(
        None, description="Part des charges dans les honoraires (0.47 pour 47 %)"
    )
    jours_par_an: Annotated[int, Field(ge=1, le=366), saisies.entier(1, 366)] | None = Field(
        None, description="Jours de consultation du médecin dans l'année"
    )


class HypotheseCout(BaseModel):
    """One assumption that the cost rests on, as retained."""

    model_config = MODELE

    nom: str = Field(description="Champ de « cout » dans la situation")
    libelle: str = Field(description="L'hypothèse, en mots")
    valeur: bool | int | Decimal | NomTerritoire | NomContratDeTravail | tuple[Decimal, ...] = Field(
        description="Valeur retenue"
    )
    valeur_ecrite: str = Field(description="La valeur et son unité, pour un lecteur")
    par_defaut: bool = Field(description="Vrai : la valeur n'a pas été saisie")
    certitude: str | None = Field(description=f"{LISTE} ; vide : valeur saisie")
    source: str | None = Field(None, description="D'où vient la valeur par défaut")


class SalaireRetenu(BaseModel):
    """The gross salary at the start of the contract, and why; sums in cents."""

    model_config = MODELE

    brut_mensuel: Centimes = Field(description="Centimes par mois pour un temps plein, ancienneté comprise")
    smic: Centimes = Field(description="SMIC mensuel brut connu à la date retenue")
    minimum_conventionnel: Centimes | None = Field(description="Dernier minimum connu de la convention collective")
    date_minimum_conventionnel: datetime.date | None = Field(description="Date d'effet de ce minimum")
    taux_anciennete: Decimal = Field(description="Majoration d'ancienneté au début du contrat (0.04 pour 4 %)")
    raison: str = Field(description="Pourquoi ce salaire a été retenu, en une phrase")
    certitude: str | None = Field(description="Vide : salaire saisi")


class CoutAnnuel(BaseModel):
    """One contract year, for all the posts of the option; sums in cents."""

    model_config = MODELE

    rang: int = Field(description="Rang de l'année dans le contrat, à partir de 1")
    debut: datetime.date = Field(description="Premier jour")
    fin: datetime.date = Field(description="Dernier jour")
    brut: Centimes = Field(description="Salaires bruts de l'année")
    indemnite_fin_contrat: Centimes = Field(description="Indemnité de fin de CDD, comptée mois par mois")
    cotisations: Centimes = Field(description="Cotisations patronales avant réduction, hors les lignes ci-dessous")
    allegement: Centimes = Field(description="Réduction générale des cotisations (nombre positif, retranché du total)")
    formation: Centimes = Field(description="Contribution à la formation professionnelle")
    taxe_apprentissage: Centimes = Field(description="Taxe d'apprentissage")
    taxe_salaires: Centimes = Field(description="Taxe sur les salaires due du fait de l'assistant")
    mutuelle: Centimes = Field(description="Part patronale de la complémentaire santé")
    prevoyance: Centimes = Field(description="Part patronale de la prévoyance")
    facture: Centimes = Field(description="Facture du groupement d'employeurs, qui remplace les autres lignes")
    total: Centimes = Field(description="Coût de l'année pour l'employeur")
    cout_mensuel: Centimes = Field(description="Douzième du total")
    aide: Centimes | None = Field(description="Aide prévue pour l'année ; vide : non déterminée ; 0 : aide refusée")
    aide_au_plus: bool = Field(description="L'aide est un maximum : elle dépend de résultats non connus")
    reste_a_charge: Centimes | None = Field(description="Total moins aide ; négatif : l'aide dépasse le coût")
    reste_a_charge_mensuel: Centimes | None = Field(description="Douzième du reste à charge")
    consultations_par_jour: Decimal | None = Field(
        description="Consultations de plus par jour qui couvrent le reste à charge ; "
        "vide : l'aide couvre tout, ou l'aide n'est pas déterminée"
    )
    aide_couvre_tout: bool = Field(description="L'aide couvre tout le coût de l'année")
    legislation_constante: bool = Field(
        description="L'année dépasse le dernier barème connu, prolongé à législation constante"
    )


class CoutOption(BaseModel):
    """The cost of the assistant under one option; sums in cents."""

    model_config = MODELE

    option: str = Field(description="Nom de l'option, ou « groupe » pour un contrat collectif")
    libelle: str = Field(description="L'option, en mots")
    etp: Decimal = Field(description="Équivalents temps plein")
    heures_hebdomadaires: Decimal = Field(description="Heures de travail par semaine, tous postes ensemble")
    temps_trop_court: bool = Field(
        description="Un poste est plus court que le minimum de la convention collective, sans demande écrite dite"
    )
    annees: tuple[CoutAnnuel, ...] = Field(description="Le coût, année par année")
    total_cinq_ans: Centimes = Field(description="Coût des années du contrat pour l'employeur")
    aide_cinq_ans: Centimes | None = Field(description="Vide si l'aide d'une année n'est pas déterminée")
    reste_a_charge_cinq_ans: Centimes | None = Field(
        description="Total moins aide ; vide si l'aide d'une année n'est pas déterminée"
    )


class AnneePartielle(BaseModel):
    """What can be told of a contract year whose cost is not determined; an empty line is not known there."""

    model_config = MODELE

    rang: int = Field(description="Rang de l'année dans le contrat, à partir de 1")
    debut: datetime.date = Field(description="Premier jour")
    fin: datetime.date = Field(description="Dernier jour")
    brut: Centimes | None = Field(description="Salaires bruts de l'année")
    indemnite_fin_contrat: Centimes | None = Field(description="Indemnité de fin de CDD, comptée mois par mois")
    cotisations: Centimes | None = Field(description="Cotisations patronales avant toute réduction")
    formation: Centimes | None = Field(description="Contribution à la formation professionnelle")
    taxe_apprentissage: Centimes | None = Field(description="Taxe d'apprentissage")
    taxe_salaires_avant_franchise: Centimes | None = Field(
        description="Taxe sur les salaires de l'assistant, avant franchise et décote"
    )
    taxe_salaires: Centimes | None = Field(description="Taxe sur les salaires due du fait de l'assistant")
    mutuelle: Centimes | None = Field(description="Part patronale de la complémentaire santé")
    prevoyance: Centimes | None = Field(description="Part patronale de la prévoyance, si elle est saisie")
    total_au_plus: Centimes | None = Field(description="Coût de l'année avant réductions : le coût ne le dépasse pas")
    aide: Centimes | None = Field(description="Aide prévue pour l'année ; vide : non déterminée ; 0 : aide refusée")
    aide_au_plus: bool = Field(description="L'aide est un maximum : elle dépend de résultats non connus")


class OptionPartielle(BaseModel):
    """What can be told of an option whose cost is not determined."""

    model_config = MODELE

    option: str = Field(description="Nom de l'option, ou « groupe » pour un contrat collectif")
    libelle: str = Field(description="L'option, en mots")
    etp: Decimal = Field(description="Équivalents temps plein")
    heures_hebdomadaires: Decimal = Field(description="Heures de travail par semaine, tous postes ensemble")
    annees: tuple[AnneePartielle, ...] = Field(description="Ce qui se calcule, année par année")


class SourceCout(BaseModel):
    """Where figures come from, with version and date."""

    model_config = MODELE

    titre: str = Field(description="Titre de la source")
    version: str | None = Field(None, description="Version, quand elle en a une")
    date: datetime.date | None = Field(None, description="Date de la source")
    lien: str | None = Field(None, description="Adresse, quand elle est connue")


class Cout(BaseModel):
    """What the assistant costs, before and after the aid."""

    model_config = MODELE

    salaire: SalaireRetenu | None = Field(description="Vide quand une facture remplace le salaire")
    options: tuple[CoutOption, ...] = Field(
        description="Le coût de chaque option ouverte ; vide quand il n'est pas déterminé"
    )
    non_determine: str | None = Field(
        description="Pourquoi le coût n'est pas déterminé, en une phrase ; vide : il l'est"
    )
    connu: tuple[OptionPartielle, ...] = Field(
        description="Ce qui se calcule d'un coût non déterminé, option par option"
    )
    hypotheses: tuple[HypotheseCout, ...] = Field(description="Ce sur quoi repose ce coût, saisi ou par défaut")
    sources: tuple[SourceCout, ...] = Field(description="D'où viennent les chiffres")
    avertissements: tuple[str, ...] = Field(description="Ce qui fait obstacle à cet emploi, ou manque à ce coût")
    notes: tuple[str, ...] = Field(description="Ce que le lecteur doit savoir de ce coût")
    certitude: str = Field(description="La plus faible de celles des valeurs retenues")
