"""Eligibility as the conjunction of its conditions: an undetermined condition never becomes a yes."""

from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit
from openfisca_core.variables import Variable

from openfisca_assistants_medicaux.certitude import deduite
from openfisca_assistants_medicaux.conditions import conjonction
from openfisca_assistants_medicaux.entities import Contrat
from openfisca_assistants_medicaux.nomenclatures import Reponse
from openfisca_assistants_medicaux.registre import conditions

#: Facts about the doctor (or the group), in the order in which a reader of the convention meets them.
CONDITIONS_DU_MEDECIN = conditions().du_verdict("medecin")

#: What depends on the post and the option chosen.
CONDITIONS_DU_PROJET = conditions().du_verdict("projet")


class eligible_medecin(Variable):
    value_type = Enum
    possible_values = Reponse
    default_value = Reponse.indeterminee
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Le médecin (ou le groupe) remplit les conditions qui tiennent à lui"

    @deduite
    def formula(contrat, period):
        """Sans les conditions du poste : ce qu'une caisse peut dire avant tout projet."""
        return conjonction([contrat(condition, period) for condition in CONDITIONS_DU_MEDECIN])


#: Those of them that another option would lift: the doctor and the post are not in question.
CONDITIONS_DU_POSTE = tuple(condition for condition in CONDITIONS_DU_PROJET if condition != "condition_zone")


class eligible_poste(Variable):
    value_type = Enum
    possible_values = Reponse
    default_value = Reponse.indeterminee
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Le poste remplit les conditions qui tiennent à lui, quelle que soit l'option"

    @deduite
    def formula(contrat, period):
        """Les conditions du poste, sans celles qu'une autre option lèverait."""
        return conjonction([contrat(condition, period) for condition in CONDITIONS_DU_POSTE])


class eligible(Variable):
    value_type = Enum
    possible_values = Reponse
    default_value = Reponse.indeterminee
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Éligible à l'aide"

    @deduite
    def formula(contrat, period):
        """Toutes les conditions, du médecin et du poste."""
        return conjonction([contrat(condition, period) for condition in CONDITIONS_DU_MEDECIN + CONDITIONS_DU_PROJET])
