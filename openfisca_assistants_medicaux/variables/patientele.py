"""The initial patient list, from the last half-yearly statement before signature."""

import datetime

import numpy as np
from openfisca_core.periods import DateUnit
from openfisca_core.variables import Variable

from openfisca_assistants_medicaux.calendrier import ABSENTE, UN_JOUR, dernier_releve_avant, renseignee
from openfisca_assistants_medicaux.certitude import deduite
from openfisca_assistants_medicaux.entities import Contrat
from openfisca_assistants_medicaux.lecture import Lecteur
from openfisca_assistants_medicaux.nomenclatures import NON_DETERMINE, SANS_DATE

#: Words of `eligibilite.seuil.population`.
POPULATIONS = {"adultes_plus_16": 0, "adultes_et_enfants": 1}


def patientele_de_la_population(population, totale, adultes):
    """Patients counted for the population of a regime (adults, or all ages); -1 where unknown.

    `population` holds codes of POPULATIONS (-1: no rule at that date); all arrays share one shape, in patients.
    """
    comptee = np.where(population == POPULATIONS["adultes_plus_16"], adultes, totale)
    return np.where(population < 0, NON_DETERMINE, comptee)


def releve_qui_compte(population, period, jours, signature):
    """The last half-yearly statement before each day; that of the day itself where it is admitted (arbitrage D17).

    Whether it is weighs only where a statement is dated of the day itself.
    """
    lire = Lecteur(population, period)
    releves = lire.valeur("objectifs.releves") or []
    avant = dernier_releve_avant(jours, releves)
    jusque_la = np.where(renseignee(jours), dernier_releve_avant(jours + UN_JOUR, releves), ABSENTE)
    admis = lire.nombre("objectifs.releve_du_jour_admis", signature, quand=jusque_la != avant) == 1
    return np.where(admis, jusque_la, avant)


class patientele_mt(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Patients médecin traitant, tous âges (contrat collectif : total des médecins adhérents)"


class patientele_mt_adultes(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Patients médecin traitant de plus de 16 ans"


class patientele_mt_enfants(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Patients médecin traitant de moins de 16 ans"


class part_enfants(Variable):
    value_type = float
    default_value = -1.0
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Part des moins de 16 ans parmi les patients médecin traitant, quand leur nombre est inconnu (taux)"


class file_active(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "File active : patients différents vus au moins une fois dans l'année (collectif : total)"


class patientele_mt_totale(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Patients médecin traitant, tous âges, déduits au besoin des adultes et des enfants"

    @deduite
    def formula(contrat, period):
        """Le total saisi, sinon la somme des adultes et des enfants."""
        totale = contrat("patientele_mt", period)
        adultes, enfants = contrat("patientele_mt_adultes", period), contrat("patientele_mt_enfants", period)
        somme = np.where((adultes >= 0) & (enfants >= 0), adultes + enfants, NON_DETERMINE)
        return np.where(totale >= 0, totale, somme)


class patientele_mt_adultes_retenue(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Patients médecin traitant adultes, déduits au besoin du total et des enfants"

    @deduite
    def formula(contrat, period):
        """Les adultes saisis, sinon le total moins les enfants."""
        adultes = contrat("patientele_mt_adultes", period)
        totale, enfants = contrat("patientele_mt", period), contrat("patientele_mt_enfants", period)
        difference = np.where((totale >= 0) & (enfants >= 0) & (enfants <= totale), totale - enfants, NON_DETERMINE)
        return np.where(adultes >= 0, adultes, difference)


class patientele_mt_enfants_retenue(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Patients médecin traitant de moins de 16 ans, déduits au besoin du total et des adultes"

    @deduite
    def formula(contrat, period):
        """Les enfants saisis, sinon le total moins les adultes."""
        enfants = contrat("patientele_mt_enfants", period)
        totale, adultes = contrat("patientele_mt", period), contrat("patientele_mt_adultes", period)
        difference = np.where((totale >= 0) & (adultes >= 0) & (adultes <= totale), totale - adultes, NON_DETERMINE)
        return np.where(enfants >= 0, enfants, difference)


class compte_les_adultes_seuls(Variable):
    value_type = bool
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Les règles du contrat ne comptent que les patients médecin traitant adultes"
    reference = "Brochure CNAM 2019 (adultes) ; fiche URPS (adultes et enfants dès le règlement arbitral)"

    def formula(contrat, period):
        """Selon la population que comptent les règles."""
        population = Lecteur(contrat, period).texte(
            "eligibilite.seuil.population", contrat("date_des_regles", period), POPULATIONS
        )
        return population == POPULATIONS["adultes_plus_16"]


class base_patientele_mt(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Patientèle médecin traitant de départ, dans la population du régime (adultes, ou tous âges)"
    reference = (
        "Brochure CNAM 2019 (adultes) ; fiche URPS (adultes et enfants dès le règlement arbitral) ; arbitrage C2"
    )

    def formula(contrat, period):
        """Les adultes, ou tous les âges, selon la population que comptent les règles."""
        population = Lecteur(contrat, period).texte(
            "eligibilite.seuil.population", contrat("date_des_regles", period), POPULATIONS
        )
        return patientele_de_la_population(
            population, contrat("patientele_mt_totale", period), contrat("patientele_mt_adultes_retenue", period)
        )


class releve_reference(Variable):
    value_type = datetime.date
    default_value = SANS_DATE
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Relevé de patientèle qui fixe la base : le dernier avant la signature"
    reference = "Fiche URPS, note 4 (signature le 23 novembre : relevé du 30 juin) ; arbitrage D17"

    def formula(contrat, period):
        """Le dernier relevé semestriel antérieur à la signature, ou du jour même s'il est admis."""
        signature = contrat("date_signature", period)
        return releve_qui_compte(contrat, period, signature, signature)
