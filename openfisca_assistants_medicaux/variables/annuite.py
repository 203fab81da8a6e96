"""The contract year: the row of every computation of money."""

import datetime

import numpy as np
from openfisca_core.periods import DateUnit
from openfisca_core.variables import Variable

from openfisca_assistants_medicaux.calendrier import ABSENTE, UN_JOUR, ajouter_mois, ajouter_mois_si_connu, renseignee
from openfisca_assistants_medicaux.certitude import deduite
from openfisca_assistants_medicaux.entities import Annuite, Contrat
from openfisca_assistants_medicaux.lecture import Lecteur
from openfisca_assistants_medicaux.lectures import lecture_suivie
from openfisca_assistants_medicaux.nomenclatures import SANS_DATE, LectureTranchee


class rang(Variable):
    value_type = int
    entity = Annuite
    definition_period = DateUnit.ETERNITY
    label = "Rang de l'annuité (1 à 5)"


class embauche_eloignee(Variable):
    value_type = bool
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "L'embauche suit la signature de trop loin pour compter les années de l'une comme de l'autre"
    reference = "Arbitrage D24"

    def formula(contrat, period):
        """L'embauche suit la signature de plus que l'écart à signaler."""
        signature, embauche = contrat("date_signature", period), contrat("date_embauche", period)
        ecart = Lecteur(contrat, period).nombre("vie_du_contrat.ecart_signature_embauche", signature)
        return (embauche > signature) & (embauche > ajouter_mois_si_connu(signature, ecart))


class ancre_des_annees(Variable):
    value_type = datetime.date
    default_value = SANS_DATE
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Jour d'où se comptent les années du contrat"
    reference = "ameli (« à la date anniversaire du contrat ») ; avenant 7, art. 9-5-2-2 ; arbitrage D24"

    def formula(contrat, period):
        """La signature ; l'embauche, si elle la suit de loin et que cette lecture est retenue."""
        lire = Lecteur(contrat, period)
        signature, embauche = contrat("date_signature", period), contrat("date_embauche", period)
        if not (embauche > signature).any():
            return signature
        with lire.seulement(embauche > signature):
            eloignee = contrat("embauche_eloignee", period)
            suivie = lecture_suivie(lire, "d24", contrat("lecture_d24", period), signature, eloignee)
        # What is read weighs only where the hire is far enough to matter, and the point open.
        lire.pris_en_compte("embauche_eloignee", suivie > 0)
        return np.where(suivie == LectureTranchee.b.index, embauche, signature)


class debut_annuite(Variable):
    value_type = datetime.date
    default_value = SANS_DATE
    entity = Annuite
    definition_period = DateUnit.DAY
    label = "Premier jour de l'annuité"
    reference = "ameli, « Ce qui change dès juin 2024 » (« à la date anniversaire ») ; arbitrage E6"

    @deduite
    def formula(annuite, period):
        """L'anniversaire de l'ancre des années, compté de l'ancre elle-même."""
        ancre = annuite.contrat("ancre_des_annees", period)
        return ajouter_mois(ancre, 12 * (annuite("rang", period).astype(np.int64) - 1))


class fin_annuite(Variable):
    value_type = datetime.date
    default_value = SANS_DATE
    entity = Annuite
    definition_period = DateUnit.DAY
    label = "Dernier jour de l'annuité"

    @deduite
    def formula(annuite, period):
        """La veille de l'anniversaire suivant."""
        ancre = annuite.contrat("ancre_des_annees", period)
        suivante = ajouter_mois(ancre, 12 * annuite("rang", period).astype(np.int64))
        return np.where(renseignee(suivante), suivante - UN_JOUR, ABSENTE)


class annuite_commencee(Variable):
    value_type = bool
    entity = Annuite
    definition_period = DateUnit.DAY
    label = "L'annuité a commencé à la date d'appréciation"

    @deduite
    def formula(annuite, period):
        """Vrai à partir du premier jour de l'année."""
        debut = annuite("debut_annuite", period)
        return renseignee(debut) & (debut <= np.datetime64(str(period.start), "D"))


class date_des_regles_annuite(Variable):
    value_type = datetime.date
    default_value = SANS_DATE
    entity = Annuite
    definition_period = DateUnit.DAY
    label = "Date à laquelle lire les règles de versement et de modulation de l'année"
    reference = "Arbitrage E7"

    @deduite
    def formula(annuite, period):
        """La signature ; dès la première année ouverte à compter d'une bascule admise, la bascule."""
        regles = annuite.contrat("date_des_regles", period)
        commencee_apres = annuite("debut_annuite", period) >= regles
        return np.where(commencee_apres, regles, annuite.contrat("date_signature", period))


class troisieme_annee_et_suivantes(Variable):
    value_type = bool
    entity = Annuite
    definition_period = DateUnit.DAY
    label = "L'année est payée et évaluée comme une « 3e année et suivantes »"
    reference = "Avenant 7, art. 9-5-2-2 ; arbitrages C13, D21 et E3 pour le renouvellement"

    def formula(annuite, period):
        """Dès la troisième année ; toute année d'un renouvellement, sauf s'il repart en première année."""
        lire = Lecteur(annuite, period)
        renouvele = annuite.contrat("renouvellement", period)
        suite = annuite("rang", period) >= 3
        signature, tranchee = annuite.contrat("date_signature", period), annuite.contrat("lecture_e3", period)
        repart = lecture_suivie(lire, "e3", tranchee, signature, renouvele & ~suite) == LectureTranchee.b.index
        return suite | (renouvele & ~repart)
