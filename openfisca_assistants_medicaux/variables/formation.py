"""Training of the assistant: which qualification, how long, by when. Read at the date of hire."""

import datetime

import numpy as np
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit
from openfisca_core.variables import Variable

from openfisca_assistants_medicaux.calendrier import ABSENTE, ajouter_mois_si_connu
from openfisca_assistants_medicaux.conditions import en_enum, selon
from openfisca_assistants_medicaux.entities import Contrat
from openfisca_assistants_medicaux.lecture import Lecteur
from openfisca_assistants_medicaux.nomenclatures import NON_DETERMINE, SANS_DATE, Dispositif, ProfilAssistant, Reponse


def est_soignant(contrat, period):
    """Nurses, care assistants and childcare assistants: they owe the FAE, not the CQP."""
    profil = np.asarray(contrat("profil_assistant", period))
    deas, deap = ProfilAssistant.deas.index, ProfilAssistant.deap.index
    return (profil == ProfilAssistant.dei.index) | (profil == deas) | (profil == deap)


def est_certifie(contrat, period):
    """The assistant already holds the CQP: no training is owed."""
    return np.asarray(contrat("profil_assistant", period)) == ProfilAssistant.cqp_am.index


class titre_admis(Variable):
    value_type = Enum
    possible_values = Reponse
    default_value = Reponse.indeterminee
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "L'assistant détient un titre qui autorise la fonction"
    reference = "Arrêté du 7 novembre 2019 (JORFTEXT000039364029)"

    def formula(contrat, period):
        """Un titre de la liste des titres qui autorisent la fonction."""
        profil = contrat("profil_assistant", period)
        admis, connu = Lecteur(contrat, period).appartient(
            "formation.titres_admis", contrat("date_embauche", period), profil
        )
        connu &= np.asarray(profil) != ProfilAssistant.non_renseigne.index
        codes = selon([connu & admis, connu], [Reponse.oui.index, Reponse.non.index], Reponse.indeterminee.index)
        return en_enum(codes, Reponse)


class date_limite_debut_formation(Variable):
    value_type = datetime.date
    default_value = SANS_DATE
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Date limite pour commencer la formation"
    reference = "Avenant 7, art. 9-2, lu dans acoorde.fr ; fiche URPS ; arbitrages C16, D15"

    def formula(contrat, period):
        """Le délai, compté de l'embauche ; aucune pour un assistant certifié, ni quand un seul délai court."""
        embauche = contrat("date_embauche", period)
        a_former = ~est_certifie(contrat, period)
        delai = Lecteur(contrat, period).nombre("formation.delai_debut", embauche, quand=a_former)
        return np.where(a_former, ajouter_mois_si_connu(embauche, delai), ABSENTE)


class date_limite_qualification(Variable):
    value_type = datetime.date
    default_value = SANS_DATE
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Date limite pour obtenir la qualification (CQP, ou attestation FAE des soignants)"
    reference = "Avenant 7, art. 9-2 ; arrêté du 7 novembre 2019 (FAE) ; aide collective ; arbitrages C16, D15"

    def formula(contrat, period):
        """Le délai du CQP, celui de la FAE pour un soignant, celui du groupe pour un groupe ; compté de l'embauche."""
        lire = Lecteur(contrat, period)
        embauche = contrat("date_embauche", period)
        a_former = ~est_certifie(contrat, period)
        soignant = est_soignant(contrat, period)
        collectif = np.asarray(contrat("dispositif", period)) == Dispositif.collectif.index
        cqp = a_former & ~soignant
        delai = selon(
            [soignant, collectif],
            [
                lire.nombre("formation.fae.delai", embauche, quand=soignant),
                lire.nombre("aide_collective.formation_delai_qualification", embauche, quand=cqp & collectif),
            ],
            lire.nombre("formation.delai_qualification", embauche, quand=cqp & ~collectif),
        )
        return np.where(a_former, ajouter_mois_si_connu(embauche, delai), ABSENTE)


class heures_formation(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Durée de la formation à suivre (heures) ; 0 : aucune ; -1 : inconnue"
    reference = "Fiche URPS (384 h) ; ccn-cabinets-medicaux.fr (279 h) ; IGAS 2023 (FAE, 112 h) ; arbitrage C5"

    def formula(contrat, period):
        """La FAE pour un soignant, le CQP pour les autres."""
        lire = Lecteur(contrat, period)
        embauche = contrat("date_embauche", period)
        soignant, certifie = est_soignant(contrat, period), est_certifie(contrat, period)
        heures = np.where(
            soignant,
            lire.entier("formation.fae.duree", embauche, quand=soignant),
            lire.entier("formation.cqp.duree", embauche, quand=~soignant & ~certifie),
        )
        return np.where(certifie, 0, heures)


class fiche_rncp(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Numéro de la fiche RNCP du CQP à l'embauche ; -1 : aucune"
    reference = "ccn-cabinets-medicaux.fr ; arbitrage C19"

    def formula(contrat, period):
        """La fiche en vigueur à l'embauche."""
        lire = Lecteur(contrat, period)
        historique = lire.historique("formation.cqp.rncp")
        codes = {e.valeur: int(e.valeur.removeprefix("RNCP")) for e in historique.entrees}
        return lire.texte("formation.cqp.rncp", contrat("date_embauche", period), codes)


class annees_experience_sans_bac(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Années de secrétariat médical demandées à un assistant sans baccalauréat"
    reference = "Fiche URPS (trois ans) ; arbitrage C5"

    def formula(contrat, period):
        """Demandées à un profil administratif."""
        return Lecteur(contrat, period).entier(
            "formation.prerequis.experience_sans_bac", contrat("date_embauche", period)
        )
