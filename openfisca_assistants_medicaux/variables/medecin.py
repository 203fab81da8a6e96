"""The doctor who signs: what is declared, and the zone that was theirs on the day of signature."""

import datetime

import numpy as np
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit
from openfisca_core.variables import Variable

from openfisca_assistants_medicaux.conditions import en_enum
from openfisca_assistants_medicaux.entities import Contrat
from openfisca_assistants_medicaux.lecture import Lecteur
from openfisca_assistants_medicaux.nomenclatures import SANS_DATE, Reponse, Secteur, Specialite, StatutExercice, Zone


class specialite(Variable):
    value_type = Enum
    possible_values = Specialite
    default_value = Specialite.non_renseignee
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Spécialité du médecin"


class secteur(Variable):
    value_type = Enum
    possible_values = Secteur
    default_value = Secteur.non_renseigne
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Secteur conventionnel"


class statut_exercice(Variable):
    value_type = Enum
    possible_values = StatutExercice
    default_value = StatutExercice.installe
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Statut d'exercice"


class mode_exercice_particulier(Variable):
    value_type = bool
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Généraliste à mode d'exercice particulier (MEP)"


class zone(Variable):
    value_type = Enum
    possible_values = Zone
    default_value = Zone.non_renseignee
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Zone du cabinet principal (zonage de l'ARS)"


class date_zonage(Variable):
    value_type = datetime.date
    default_value = SANS_DATE
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Date d'effet du zonage qui donne cette zone"


class zone_a_la_signature(Variable):
    value_type = Enum
    possible_values = Zone
    default_value = Zone.non_renseignee
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Zone du cabinet principal en vigueur le jour de la signature"
    reference = (
        "Zonages successifs des agences régionales de santé (2018, 2022, 2026 en Auvergne-Rhône-Alpes) ; arbitrage D28"
    )

    def formula(contrat, period):
        """La zone donnée ; d'un zonage qui prend effet après la signature, elle n'est pas celle du contrat."""
        zone, signature = np.asarray(contrat("zone", period)), contrat("date_signature", period)
        posterieure = (contrat("date_zonage", period) > signature) & (zone != Zone.non_renseignee.index)
        du_jour = Lecteur(contrat, period).nombre(
            "eligibilite.zone_du_jour_de_la_signature", signature, quand=posterieure
        )
        return en_enum(np.where(posterieure & (du_jour == 1), Zone.non_renseignee.index, zone), Zone)


class departement_sous_dote(Variable):
    value_type = Enum
    possible_values = Reponse
    default_value = Reponse.indeterminee
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Le département est de ceux où la spécialité est admise sous l'avenant 7"


class rang_densite_departement(Variable):
    value_type = float
    default_value = -1.0
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Rang du département parmi les moins dotés dans la spécialité (0 : le moins doté ; 1 : le mieux doté)"


class date_installation(Variable):
    value_type = datetime.date
    default_value = SANS_DATE
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Date d'installation en libéral"


class nouvel_installe_declare(Variable):
    value_type = Enum
    possible_values = Reponse
    default_value = Reponse.indeterminee
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Nouvel installé, tel que déclaré (l'emporte sur la date d'installation)"


class rqth_ald(Variable):
    value_type = bool
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Reconnaissance de travailleur handicapé (RQTH) ou affection de longue durée (ALD)"


class part_honoraires_cliniques(Variable):
    value_type = float
    default_value = -1.0
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Part des honoraires cliniques dans les honoraires des douze mois avant signature (taux)"


class quotite_liberale(Variable):
    value_type = float
    default_value = 1.0
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Part du temps de travail exercée en libéral (activité mixte ; taux)"


class nombre_medecins_lieu(Variable):
    value_type = int
    default_value = -1
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Nombre de médecins au lieu d'exercice principal, le signataire compris"


class coordination_assistant_partage(Variable):
    value_type = Enum
    possible_values = Reponse
    default_value = Reponse.indeterminee
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Médecin isolé coordonné avec des confrères partageant le même assistant"


class engagement_exercice_coordonne(Variable):
    value_type = Enum
    possible_values = Reponse
    default_value = Reponse.indeterminee
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Exercice coordonné, effectif ou promis dans le délai"
