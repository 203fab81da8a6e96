"""The assistant and the post: what is declared, nothing computed."""

import datetime

from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit
from openfisca_core.variables import Variable

from openfisca_assistants_medicaux.entities import Contrat
from openfisca_assistants_medicaux.nomenclatures import (
    SANS_DATE,
    ProfilAssistant,
    RemplacementSecretaire,
    Reponse,
    Teletravail,
)


class date_embauche(Variable):
    value_type = datetime.date
    default_value = SANS_DATE
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Date d'embauche de l'assistant médical"


class profil_assistant(Variable):
    value_type = Enum
    possible_values = ProfilAssistant
    default_value = ProfilAssistant.non_renseigne
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Qualification de l'assistant à l'embauche"


class locaux_adaptes(Variable):
    value_type = Enum
    possible_values = Reponse
    default_value = Reponse.indeterminee
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Les locaux permettent d'accueillir l'assistant"


class teletravail(Variable):
    value_type = Enum
    possible_values = Teletravail
    default_value = Teletravail.aucun
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Télétravail de l'assistant"


class secretaire_promue(Variable):
    value_type = bool
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "L'assistant est l'ancienne secrétaire du cabinet"


class remplacement_secretaire(Variable):
    value_type = Enum
    possible_values = RemplacementSecretaire
    default_value = RemplacementSecretaire.non_renseigne
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Remplacement de la secrétaire promue"


class date_remplacement_secretaire(Variable):
    value_type = datetime.date
    default_value = SANS_DATE
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Date à laquelle la secrétaire promue est remplacée"
