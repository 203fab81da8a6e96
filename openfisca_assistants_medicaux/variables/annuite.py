"""The contract year: the row of every computation of money."""

import datetime

import numpy as np
from openfisca_core.periods import DateUnit
from openfisca_core.variables import Variable

from openfisca_assistants_medicaux.calendrier import ABSENTE, ajouter_mois, renseignee
from openfisca_assistants_medicaux.certitude import deduite
from openfisca_assistants_medicaux.entities import Annuite
from openfisca_assistants_medicaux.lecture import Lecteur
from openfisca_assistants_medicaux.nomenclatures import SANS_DATE


class rang(Variable):
    value_type = int
    entity = Annuite
    definition_period = DateUnit.ETERNITY
    label = "Rang de l'année contractuelle (1 à 5)"


class debut_annuite(Variable):
    value_type = datetime.date
    default_value = SANS_DATE
    entity = Annuite
    definition_period = DateUnit.DAY
    label = "Premier jour de l'année contractuelle"
    reference = "ameli, « Ce qui change dès juin 2024 » (« à la date anniversaire ») ; arbitrage E6"

    @deduite
    def formula(annuite, period):
        """L'anniversaire de la signature, compté de la signature elle-même."""
        signature = annuite.contrat("date_signature", period)
        return ajouter_mois(signature, 12 * (annuite("rang", period).astype(np.int64) - 1))


class fin_annuite(Variable):
    value_type = datetime.date
    default_value = SANS_DATE
    entity = Annuite
    definition_period = DateUnit.DAY
    label = "Dernier jour de l'année contractuelle"

    @deduite
    def formula(annuite, period):
        """La veille de l'anniversaire suivant."""
        signature = annuite.contrat("date_signature", period)
        suivante = ajouter_mois(signature, 12 * annuite("rang", period).astype(np.int64))
        return np.where(renseignee(suivante), suivante - 1, ABSENTE)


class annuite_commencee(Variable):
    value_type = bool
    entity = Annuite
    definition_period = DateUnit.DAY
    label = "L'année contractuelle a commencé à la date d'appréciation"

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
        repart = (
            lire.nombre(
                "vie_du_contrat.renouvellement_repart_annee_1",
                annuite.contrat("date_signature", period),
                quand=renouvele,
            )
            == 1
        )
        return (annuite("rang", period) >= 3) | (renouvele & ~repart)
