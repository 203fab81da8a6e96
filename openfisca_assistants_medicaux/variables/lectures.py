"""Which reading a contract follows on each point that the texts read leave open: entered, never computed."""

from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit
from openfisca_core.variables import Variable

from openfisca_assistants_medicaux.entities import Contrat
from openfisca_assistants_medicaux.nomenclatures import LectureTranchee


class lecture_d12(Variable):
    value_type = Enum
    possible_values = LectureTranchee
    default_value = LectureTranchee.non_tranchee
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Lecture tranchée : modulation sous les avenants 7 et 8"
    reference = "Arbitrage D12"


class lecture_d19(Variable):
    value_type = Enum
    possible_values = LectureTranchee
    default_value = LectureTranchee.non_tranchee
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Lecture tranchée : modulation de l'aide collective"
    reference = "Arbitrage D19"


class lecture_d24(Variable):
    value_type = Enum
    possible_values = LectureTranchee
    default_value = LectureTranchee.non_tranchee
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Lecture tranchée : jour d'où se comptent les années du contrat"
    reference = "Arbitrage D24"


class lecture_d7(Variable):
    value_type = Enum
    possible_values = LectureTranchee
    default_value = LectureTranchee.non_tranchee
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Lecture tranchée : indicateur de la bande sous le règlement arbitral et la convention 2024"
    reference = "Arbitrage D7"


class lecture_d4(Variable):
    value_type = Enum
    possible_values = LectureTranchee
    default_value = LectureTranchee.non_tranchee
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Lecture tranchée : seuil d'activité du généraliste sous les avenants 7 et 8"
    reference = "Arbitrage D4"


class lecture_d5(Variable):
    value_type = Enum
    possible_values = LectureTranchee
    default_value = LectureTranchee.non_tranchee
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Lecture tranchée : zone du temps plein sous les avenants 7 et 8"
    reference = "Arbitrage D5"


class lecture_d2(Variable):
    value_type = Enum
    possible_values = LectureTranchee
    default_value = LectureTranchee.non_tranchee
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Lecture tranchée : part d'honoraires cliniques égale au minimum"
    reference = "Arbitrage D2"


class lecture_e9(Variable):
    value_type = Enum
    possible_values = LectureTranchee
    default_value = LectureTranchee.non_tranchee
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Lecture tranchée : évaluation du nouvel installé"
    reference = "Arbitrage E9"


class lecture_e12(Variable):
    value_type = Enum
    possible_values = LectureTranchee
    default_value = LectureTranchee.non_tranchee
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Lecture tranchée : objectif d'un groupe qui compte un nouvel installé"
    reference = "Arbitrage E12"


class lecture_e3(Variable):
    value_type = Enum
    possible_values = LectureTranchee
    default_value = LectureTranchee.non_tranchee
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Lecture tranchée : contrat renouvelé"
    reference = "Arbitrages C13, D21 et E3"
