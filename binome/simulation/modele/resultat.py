"""What a simulation answers: one typed model for the command line, the web, the API and the documents.

Amounts are integer cents, as the law computes them; what was typed, echoed in `situation`, stays in euros. None means
« non déterminé », and the text beside it says what to ask. Nothing here computes a rule.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from binome.simulation.modele.cout import Centimes, Cout
from binome.simulation.modele.situation import Situation
from openfisca_assistants_medicaux import certitude as mots

MODELE = ConfigDict(extra="forbid", frozen=True)

#: The name of a certainty: the law package holds the words.
NomCertitude = Annotated[str, WithJsonSchema({"type": "string", "enum": list(mots.NOMS)})]


class Reference(BaseModel):
    """A text, or the place where it was read."""

    model_config = MODELE

    titre: str = Field(description="Texte, ou lieu où la valeur a été lue")
    lien: str | None = Field(None, description="Adresse, quand elle est connue")


class FichierAjoute(BaseModel):
    """A file that an operator adds to the law."""

    model_config = MODELE

    nom: str = Field(description="Nom du fichier")
    empreinte: str = Field(description="SHA-256 de son contenu")


class Version(BaseModel):
    """What computed this result."""

    model_config = MODELE

    binome: str = Field(description="Version de Binôme")
    openfisca_core: str = Field(description="Version d'OpenFisca")
    empreinte_loi: str = Field(
        description="SHA-256 des règles, des paramètres et de ce que l'opérateur leur ajoute : la même, le même calcul"
    )
    distributions: tuple[FichierAjoute, ...] = Field(
        (), description="Percentiles ajoutés par l'opérateur, dans l'ordre où ils sont lus"
    )
    valeurs: tuple[FichierAjoute, ...] = Field(
        (), description="Valeurs que la caisse a lues dans les textes et données"
    )


class Condition(BaseModel):
    """One condition of eligibility, or of an option."""

    model_config = MODELE

    nom: str = Field(description="Variable de la loi : la figure à demander à « binome expliquer »")
    libelle: str = Field(description="La condition, en mots")
    verdict: str = Field(description="remplie, non_remplie, derogation, sans_objet ou indeterminee")
    raison: str = Field(description="Ce qui fonde le verdict, ou ce qui manque pour le rendre")
    patients: int | None = Field(None, description="Patients comparés au seuil")
    seuil: int | None = Field(None, description="Seuil, en patients")
    manque: int | None = Field(None, description="Patients manquants (0 : aucun)")
    reference: str = Field(description="Texte qui la pose")
    certitude: NomCertitude = Field(description=f"Certitude du verdict : {mots.LISTE}")
    origine: str | None = Field(None, description="caisse : le verdict repose sur une valeur que la caisse a donnée")


class Verdict(BaseModel):
    """Eligibility and its reasons."""

    model_config = MODELE

    eligible: str = Field(description="Le médecin, le poste et l'option ensemble : oui, non ou indeterminee")
    medecin: str = Field(description="Le médecin (ou le groupe) seul, quels que soient le poste et l'option")
    poste: str = Field(description="Le poste seul : locaux, télétravail, secrétaire remplacée, ETP d'un groupe")
    option: str | None = Field(description="L'option choisie : oui, non ou indeterminee ; vide : aucune, ou un groupe")
    phrase: str = Field(description="Le verdict, en une phrase")
    conditions: tuple[Condition, ...] = Field(description="Chaque condition, avec son verdict")
    pour_changer: tuple[str, ...] = Field(description="Ce qui changerait le verdict")
    certitude: NomCertitude = Field(description=f"Certitude du verdict : {mots.LISTE}")


class MontantPossible(BaseModel):
    """An amount that stays possible while the doctor's band is not firm."""

    model_config = MODELE

    montant: Centimes = Field(description="Montant de l'année, en centimes")
    condition: str = Field(description="À quelle condition ce montant est celui de l'année")


class Versement(BaseModel):
    """One instalment."""

    model_config = MODELE

    date: datetime.date | None = Field(description="Date limite ; vide quand elle ne peut être calculée")
    montant: Centimes = Field(description="Montant du versement, en centimes")
    libelle: str = Field(description="Le versement, en mots")
    certitude: NomCertitude = Field(description=f"Certitude de la date et de la part versée : {mots.LISTE}")
    origine: str | None = Field(
        None, description="caisse : la date ou la part repose sur une valeur que la caisse a donnée"
    )


class Annee(BaseModel):
    """One contract year."""

    model_config = MODELE

    rang: int = Field(description="Rang de l'année dans le contrat, à partir de 1")
    debut: datetime.date = Field(description="Premier jour")
    fin: datetime.date = Field(description="Dernier jour")
    montant_maximal: Centimes | None = Field(
        description="En centimes ; vide : non déterminé, ou plusieurs montants possibles"
    )
    montants_possibles: tuple[MontantPossible, ...] = Field(
        (), description="Montants selon la bande, quand elle n'est pas sûre"
    )
    evaluee: bool = Field(description="L'aide dépend des résultats de patientèle")
    date_evaluation: datetime.date | None = Field(
        None, description="Date à laquelle l'année est évaluée ; vide : non évaluée"
    )
    releve_evaluation: datetime.date | None = Field(
        None, description="Date du relevé de patientèle qui sert à l'évaluer ; vide : non évaluée"
    )
    projection: bool = Field(False, description="Le résultat de l'année est supposé, non constaté")
    statut_patientele_mt: str | None = Field(
        None, description="Résultat de patientèle médecin traitant, face à l'objectif ; vide : sans objet"
    )
    statut_file_active: str | None = Field(
        None, description="Résultat de file active, face à l'objectif ; vide : sans objet"
    )
    taux_modulation: str | None = Field(None, description="Part de l'aide versée, fraction exacte ; vide : à évaluer")
    jours_dus: int = Field(description="Jours pour lesquels l'aide est due")
    jours: int = Field(description="Jours de l'année")
    montant_du: Centimes | None = Field(description="En centimes ; vide tant que le résultat n'est pas connu")
    montant_prevu: Centimes | None = Field(
        description="Montant dû, ou maximum tant que le résultat n'est pas connu, en centimes"
    )
    au_plus: bool = Field(description="Le montant prévu est un maximum : le résultat de l'année n'est pas connu")
    versements: tuple[Versement, ...] = Field((), description="Versements de l'aide, par date")
    explication: str = Field(description="La règle appliquée, en une phrase")
    certitude: NomCertitude | None = Field(
        description="La plus faible de celles du maximum et du montant dû ; vide : maximum non déterminé"
    )
    certitude_maximal: NomCertitude | None = Field(
        description="Certitude de montant_maximal, ou des montants possibles ; vide : non déterminé"
    )
    certitude_du: NomCertitude | None = Field(
        description="Certitude de montant_du : celle du maximum et de la modulation ; vide : montant dû non déterminé"
    )
    origine: str | None = Field(
        None, description="caisse : le maximum ou le montant dû repose sur une valeur que la caisse a donnée"
    )


class Objectif(BaseModel):
    """The objective of one indicator."""

    model_config = MODELE

    indicateur: str = Field(description="patientele_mt ou file_active")
    libelle: str = Field(description="L'indicateur, en mots")
    base: int | None = Field(description="Patients au départ ; vide : non renseigné")
    gain: int | None = Field(description="Patients à gagner ; vide : non déterminé")
    gain_au_plus: int | None = Field(description="Borne supérieure connue du gain")
    cible: int | None = Field(description="Patients à atteindre ; vide : non déterminé")
    adultes_seuls: bool = Field(False, description="Vrai : seuls les patients de plus de 16 ans comptent")
    notifie: bool = Field(description="Vrai : objectif notifié par la caisse")
    origine: str | None = Field(None, description="caisse : l'objectif repose sur une valeur que la caisse a donnée")
    phrase: str = Field(description="L'objectif, en une phrase")
    certitude: NomCertitude | None = Field(
        description="Vide : la valeur n'est pas déterminée, il n'y a rien à certifier"
    )


class Bande(BaseModel):
    """Where the doctor stands in the national distribution."""

    model_config = MODELE

    basse: str = Field(description="Bande nationale la plus basse possible")
    haute: str = Field(description="Bande nationale la plus haute possible ; la même quand elle est sûre")
    phrase: str = Field(description="La position, en une phrase")
    certitude: NomCertitude | None = Field(description="Vide : bande non déterminée, ou notifiée par la caisse")
    origine: str | None = Field(None, description="caisse : la position repose sur une valeur que la caisse a donnée")


class Option(BaseModel):
    """One financing option, side by side with the others."""

    model_config = MODELE

    option: str = Field(description="Nom de l'option")
    libelle: str = Field(description="L'option, en mots")
    choisie: bool = Field(description="Vrai : option de la situation")
    ouverte: str = Field(description="oui, non ou indeterminee")
    conditions: tuple[Condition, ...] = Field(description="Conditions propres à l'option, avec leur verdict")
    heures_hebdomadaires: Decimal | None = Field(
        None, description="Temps de travail de l'assistant, en heures par semaine"
    )
    objectifs: tuple[Objectif, ...] = Field((), description="Objectifs de patientèle sous cette option")
    annees: tuple[Annee, ...] = Field((), description="Années du contrat sous cette option")
    total_cinq_ans: Centimes | None = Field(
        None, description="Somme prévue, en centimes ; vide si une année n'est pas déterminée"
    )


class Echeance(BaseModel):
    """One deadline of the contract."""

    model_config = MODELE

    nom: str = Field(description="Variable de la loi, avec le rang de l'année s'il y en a un")
    libelle: str = Field(description="L'échéance, en mots")
    date: datetime.date = Field(description="Jour de l'échéance")
    reference: str = Field(description="Texte qui la pose")
    certitude: NomCertitude = Field(description=f"Certitude de la date : {mots.LISTE}")
    origine: str | None = Field(None, description="caisse : la date repose sur une valeur que la caisse a donnée")


class Hypothese(BaseModel):
    """A value of the law that is not an official text, and that this result uses."""

    model_config = MODELE

    nom: str = Field(description="Nom de la valeur de la loi")
    description: str = Field(description="Ce qu'elle fixe")
    valeur: str = Field(description="La valeur et son unité, pour un lecteur")
    certitude: NomCertitude = Field(description=mots.LISTE)
    references: tuple[Reference, ...] = Field(description="Textes, ou lieux où elle a été lue")
    origine: str | None = Field(
        None, description="caisse : la caisse l'a lue dans le texte et donnée ; vide : lue par nous"
    )


class MontantLu(BaseModel):
    """What one reading gives for a contract year."""

    model_config = MODELE

    rang: int = Field(description="Rang de l'année dans le contrat")
    debut: datetime.date = Field(description="Premier jour de l'année sous cette lecture")
    montant: Centimes | None = Field(description="Montant prévu, en centimes ; vide : non déterminé")


class Lecture(BaseModel):
    """One of the two readings of a point, and what it gives."""

    model_config = MODELE

    texte: str = Field(description="Ce que dit cette lecture")
    source: str = Field(description="Où elle a été lue")
    eligible: str = Field(description="oui, non ou indeterminee")
    option_ouverte: str = Field(description="oui, non ou indeterminee")
    annees: tuple[MontantLu, ...] = Field(description="Montants par année ; aucun quand l'aide ou l'option est refusée")
    total_cinq_ans: Centimes | None = Field(
        description="Somme prévue, en centimes ; vide si une année n'est pas déterminée"
    )


class PointOuvert(BaseModel):
    """A point open between two readings that do not give the same here, or that the fund settled."""

    model_config = MODELE

    point: str = Field(description="Nom du point : celui du champ de « lectures » qui le tranche")
    arbitrage: str = Field(description="Page du registre des arbitrages")
    question: str = Field(description="Ce qui est ouvert, en une question")
    option: str | None = Field(description="Option sur laquelle les lectures sont essayées ; vide pour un groupe")
    retenue: str = Field(description="Lecture suivie dans ce résultat : a ou b")
    ouverte: bool = Field(description="Faux : point tranché par la caisse, un seul montant")
    a: Lecture | None = Field(description="Première lecture ; vide : écartée par la caisse")
    b: Lecture | None = Field(description="Seconde lecture ; vide : écartée par la caisse")
    phrase: str = Field(description="Les deux lectures et leurs montants, en une phrase")


class Resultat(BaseModel):
    """The whole answer."""

    model_config = MODELE

    version: Version = Field(description="Ce qui a calculé ce résultat")
    date_appreciation: datetime.date = Field(description="Date à laquelle la situation est appréciée")
    situation: Situation = Field(description="La situation simulée, telle qu'elle a été lue")
    valeurs_par_defaut: dict[str, Any] = Field(description="Champs non remplis, et la valeur retenue")
    dispositif: str = Field(description="individuel ou collectif")
    regime: str = Field(description="Nom du régime de règles qui s'applique")
    regime_libelle: str = Field(description="Le régime, en mots")
    bascule_possible: bool = Field(
        False, description="Vrai : le contrat peut passer, sur demande, aux règles nouvelles"
    )
    beneficiaire: str = Field(description="À qui l'aide est versée")
    plafond_etp: float | None = Field(
        description="ETP que le groupe peut demander, bonus compris ; vide : contrat individuel, ou non déterminé"
    )
    verdict: Verdict = Field(description="L'éligibilité et ses raisons")
    bande: Bande | None = Field(description="Position parmi les médecins de la spécialité ; vide pour un groupe")
    objectifs: tuple[Objectif, ...] = Field(description="Objectifs de patientèle du contrat")
    options: tuple[Option, ...] = Field(description="Les options, côte à côte ; aucune pour un groupe")
    annees: tuple[Annee, ...] = Field(description="Années de l'option choisie")
    total_cinq_ans: Centimes | None = Field(
        description="Somme prévue de l'option choisie, en centimes ; vide si une année n'est pas déterminée"
    )
    lectures: tuple[PointOuvert, ...] = Field(
        (), description="Points ouverts entre deux lectures qui ne donnent pas la même réponse ici, ou tranchés"
    )
    total_au_plus: bool = Field(description="Le total compte des maximums : des résultats ne sont pas connus")
    echeances: tuple[Echeance, ...] = Field(description="Échéances du contrat, par date")
    hypotheses: tuple[Hypothese, ...] = Field(
        description="Valeurs de la loi employées qui ne viennent pas d'un texte officiel"
    )
    valeurs_de_la_caisse: tuple[Hypothese, ...] = Field(
        (), description="Valeurs employées que la caisse a données : texte officiel, d'après la caisse"
    )
    cout: Cout | None = Field(None, description="Ce que coûte l'assistant ; vide : un message dit pourquoi")
    messages: tuple[str, ...] = Field((), description="Ce que le lecteur doit savoir de ce résultat")
    certitude: NomCertitude = Field(description="La plus faible de celles des chiffres de l'option choisie")


class Explication(BaseModel):
    """A figure, the law's values that made it, and the figures it rests on."""

    model_config = MODELE

    variable: str = Field(description="Variable de la loi")
    libelle: str = Field(description="Le chiffre, en mots")
    valeur: str = Field(description="Sa valeur, pour un lecteur")
    reference: str | None = Field(None, description="Texte de la règle")
    regle: str | None = Field(None, description="La règle en une phrase (documentation de la formule)")
    certitude: NomCertitude = Field(description=f"Certitude du chiffre : {mots.LISTE}")
    parametres: tuple[Hypothese, ...] = Field((), description="Valeurs de la loi lues par la règle")
    dependances: tuple[Explication, ...] = Field((), description="Chiffres dont celui-ci dépend, expliqués de même")
    version: Version | None = Field(None, description="Ce qui l'a calculé ; dit une fois, pour le chiffre demandé")
