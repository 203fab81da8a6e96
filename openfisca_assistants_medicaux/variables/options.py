"""Which options a doctor may sign, and why not."""

import numpy as np
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit
from openfisca_core.variables import Variable

from openfisca_assistants_medicaux.certitude import deduite
from openfisca_assistants_medicaux.conditions import conjonction, est, verdict
from openfisca_assistants_medicaux.entities import Contrat
from openfisca_assistants_medicaux.lecture import Lecteur
from openfisca_assistants_medicaux.nomenclatures import (
    NON_DETERMINE,
    Condition,
    Option,
    Reponse,
    Specialite,
    Zone,
)
from openfisca_assistants_medicaux.registre import conditions
from openfisca_assistants_medicaux.variables.eligibilite.medecin import est_collectif

#: What a doctor may sign, besides the aid itself.
CONDITIONS_DE_L_OPTION = conditions().du_verdict("option")


class option_contrat_en_cours(Variable):
    value_type = Enum
    possible_values = Option
    default_value = Option.aucune
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Option du contrat en cours, avant la demande d'un second assistant"


class annee_contrat_en_cours(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Rang de l'année en cours dans le contrat actuel (0 : aucun contrat)"


class objectifs_contrat_en_cours_atteints(Variable):
    value_type = Enum
    possible_values = Reponse
    default_value = Reponse.indeterminee
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Les objectifs du contrat en cours sont déjà atteints"


def est_second_assistant(contrat, period):
    """True where the option is one of those that ask for a second assistant."""
    individuel = ~est_collectif(contrat, period)
    second, _ = Lecteur(contrat, period).appartient(
        "options.second_assistant.options",
        contrat("date_signature", period),
        contrat("option", period),
        quand=individuel,
    )
    return second & individuel


class condition_option_souscriptible(Variable):
    value_type = Enum
    possible_values = Condition
    default_value = Condition.indeterminee
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "L'option existe à la date de signature"
    reference = "Brochure CNAM 2019 ; ameli, mai 2023 (fin du 1/3 ETP) ; ameli, page du simulateur (1,5 et 2 ETP)"

    def formula(contrat, period):
        """Dans la liste des options ouvertes ; un contrat de 1/3 ETP renouvelé reste possible là où le texte le dit."""
        lire = Lecteur(contrat, period)
        signature = contrat("date_signature", period)
        option = contrat("option", period)
        ouverte, connue = lire.appartient("options.ouvertes_aux_nouveaux_contrats", signature, option)
        tiers_renouvele = contrat("renouvellement", period) & (np.asarray(option) == Option.tiers_etp.index) & ~ouverte
        renouvelable = lire.nombre("options.tiers_etp_renouvelable", signature, quand=tiers_renouvele)
        choisie = np.asarray(option) != Option.aucune.index
        return verdict(
            remplie=ouverte | (tiers_renouvele & (renouvelable == 1)),
            non_remplie=choisie
            & connue
            & ~ouverte
            & (~tiers_renouvele | (~np.isnan(renouvelable) & (renouvelable == 0))),
            sans_objet=est_collectif(contrat, period),
        )


class condition_second_assistant_specialite(Variable):
    value_type = Enum
    possible_values = Condition
    default_value = Condition.indeterminee
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Second assistant : médecin généraliste, hors MEP"
    reference = "ameli, page du simulateur ; arbitrage C17"

    def formula(contrat, period):
        """Les spécialités admises, hors mode d'exercice particulier."""
        lire = Lecteur(contrat, period)
        signature = contrat("date_signature", period)
        vise = est_second_assistant(contrat, period)
        specialite = contrat("specialite", period)
        admise, connue = lire.appartient("options.second_assistant.specialites", signature, specialite, quand=vise)
        mep = contrat("mode_exercice_particulier", period)
        mep_refuse = mep & (lire.nombre("options.second_assistant.mep_admis", signature, quand=vise & mep) == 0)
        renseignee = np.asarray(specialite) != Specialite.non_renseignee.index
        return verdict(
            remplie=admise & ~mep_refuse,
            non_remplie=connue & ((renseignee & ~admise) | mep_refuse),
            sans_objet=~vise,
        )


class condition_second_assistant_zone(Variable):
    value_type = Enum
    possible_values = Condition
    default_value = Condition.indeterminee
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Second assistant : zone d'intervention prioritaire"
    reference = "ameli, page du simulateur ; arbitrage C17"

    def formula(contrat, period):
        """Une zone de la liste requise."""
        vise = est_second_assistant(contrat, period)
        zone = contrat("zone_a_la_signature", period)
        admise, connue = Lecteur(contrat, period).appartient(
            "options.second_assistant.zones_requises", contrat("date_signature", period), zone, quand=vise
        )
        renseignee = np.asarray(zone) != Zone.non_renseignee.index
        return verdict(remplie=admise, non_remplie=connue & renseignee & ~admise, sans_objet=~vise)


class condition_second_assistant_contrat(Variable):
    value_type = Enum
    possible_values = Condition
    default_value = Condition.indeterminee
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Second assistant : contrat d'un temps plein, en troisième année au moins"
    reference = "ameli, page du simulateur ; Le Quotidien du Médecin, 03/04/2025 ; arbitrage C17"

    def formula(contrat, period):
        """L'option préalable en cours, à partir de l'année requise."""
        lire = Lecteur(contrat, period)
        signature = contrat("date_signature", period)
        vise = est_second_assistant(contrat, period)
        codes = {option.name: option.index for option in Option}
        prealable = lire.texte("options.second_assistant.option_prealable", signature, codes, quand=vise)
        minimum = lire.nombre("options.second_assistant.annee_contrat_minimale", signature, quand=vise)
        en_cours, annee = contrat("option_contrat_en_cours", period), contrat("annee_contrat_en_cours", period)
        connue = (prealable >= 0) & (annee >= 0)
        tenue = (np.asarray(en_cours) == prealable) & (annee >= minimum)
        return verdict(remplie=connue & tenue, non_remplie=connue & ~tenue, sans_objet=~vise)


class condition_second_assistant_objectifs(Variable):
    value_type = Enum
    possible_values = Condition
    default_value = Condition.indeterminee
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Second assistant : objectifs du premier contrat déjà atteints"
    reference = "ameli, page du simulateur ; arbitrage C17"

    def formula(contrat, period):
        """Demandés atteints là où le texte le demande."""
        vise = est_second_assistant(contrat, period)
        exige = Lecteur(contrat, period).nombre(
            "options.second_assistant.objectifs_deja_atteints", contrat("date_signature", period), quand=vise
        )
        atteints = contrat("objectifs_contrat_en_cours_atteints", period)
        return verdict(
            remplie=est(atteints, Reponse.oui),
            non_remplie=est(atteints, Reponse.non),
            sans_objet=~vise | (exige == 0),
        )


class option_ouverte(Variable):
    value_type = Enum
    possible_values = Reponse
    default_value = Reponse.indeterminee
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "L'option est ouverte à ce médecin"

    @deduite
    def formula(contrat, period):
        """Toutes les conditions de l'option, en plus de l'éligibilité."""
        return conjonction([contrat(condition, period) for condition in CONDITIONS_DE_L_OPTION])


class heures_hebdomadaires(Variable):
    value_type = float
    default_value = -1.0
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Durée hebdomadaire de travail de l'assistant pour l'option (heures)"
    reference = "assistants-medicaux.org (12/07/2024)"

    def formula(contrat, period):
        """La durée de l'option ; inconnue pour celles qu'aucune source ne donne."""
        lire = Lecteur(contrat, period)
        chemins = [None] * len(Option)
        for nom in lire.enfants("options.heures_hebdomadaires"):
            chemins[Option[nom].index] = f"options.heures_hebdomadaires.{nom}"
        heures = lire.table(chemins, np.asarray(contrat("option", period)), contrat("date_signature", period))
        return np.where(np.isnan(heures), -1.0, heures)
