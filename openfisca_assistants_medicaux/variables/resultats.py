"""What the statements of year 3 and later say: entered, never computed."""

from openfisca_core.periods import DateUnit
from openfisca_core.variables import Variable

from openfisca_assistants_medicaux.entities import Annuite


class resultat_patientele_mt(Variable):
    value_type = int
    default_value = -1
    entity = Annuite
    definition_period = DateUnit.ETERNITY
    label = "Patientèle médecin traitant constatée pour l'évaluation de l'année (patients)"


class resultat_file_active(Variable):
    value_type = int
    default_value = -1
    entity = Annuite
    definition_period = DateUnit.ETERNITY
    label = "File active constatée pour l'évaluation de l'année (patients)"


class taux_decide_numerateur(Variable):
    value_type = int
    default_value = -1
    entity = Annuite
    definition_period = DateUnit.ETERNITY
    label = "Part de l'aide décidée par la caisse pour l'année, numérateur ; -1 : aucune décision"
    reference = "Arbitrage E10 (la part décidée l'emporte)"


class taux_decide_denominateur(Variable):
    value_type = int
    default_value = 1
    entity = Annuite
    definition_period = DateUnit.ETERNITY
    label = "Part de l'aide décidée par la caisse pour l'année, dénominateur"
