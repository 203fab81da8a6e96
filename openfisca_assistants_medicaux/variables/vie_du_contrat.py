"""What happens during a contract: absence, suspension, early end, waiting period; what the rules need of them."""

import datetime

import numpy as np
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit
from openfisca_core.variables import Variable

from openfisca_assistants_medicaux.calendrier import (
    ABSENTE,
    ajouter_mois_si_connu,
    jours_communs,
    prochain_anniversaire,
    renseignee,
)
from openfisca_assistants_medicaux.certitude import deduite
from openfisca_assistants_medicaux.conditions import en_enum, selon, verdict
from openfisca_assistants_medicaux.entities import Annuite, Contrat
from openfisca_assistants_medicaux.lecture import Lecteur
from openfisca_assistants_medicaux.nomenclatures import NON_DETERMINE, SANS_DATE, Condition, SuiteAbsence
from openfisca_assistants_medicaux.variables.eligibilite.medecin import est_collectif
from openfisca_assistants_medicaux.variables.patientele import releve_qui_compte

SANS_FIN = np.datetime64("9999-12-31", "D")


class date_debut_absence(Variable):
    value_type = datetime.date
    default_value = SANS_DATE
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Premier jour d'absence de l'assistant"


class date_fin_absence(Variable):
    value_type = datetime.date
    default_value = SANS_DATE
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Dernier jour d'absence de l'assistant (absente : en cours)"


class assistant_remplace(Variable):
    value_type = bool
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "L'assistant absent est remplacé"


class date_debut_suspension(Variable):
    value_type = datetime.date
    default_value = SANS_DATE
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Premier jour de suspension du contrat"


class date_fin_suspension(Variable):
    value_type = datetime.date
    default_value = SANS_DATE
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Dernier jour de suspension du contrat (absente : en cours)"


class date_fin_anticipee(Variable):
    value_type = datetime.date
    default_value = SANS_DATE
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Dernier jour d'un contrat résilié avant son terme"


class date_fin_contrat_collectif(Variable):
    value_type = datetime.date
    default_value = SANS_DATE
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Fin d'un contrat collectif antérieur du médecin ou du groupe"


class circonstances_exceptionnelles(Variable):
    value_type = bool
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Circonstances exceptionnelles levant la carence"


class suite_absence(Variable):
    value_type = Enum
    possible_values = SuiteAbsence
    default_value = SuiteAbsence.sans_objet
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Suite à donner à l'absence de l'assistant"
    reference = "assistants-medicaux.org (décisions de CPN) ; ameli, questions-réponses"

    def formula(contrat, period):
        """Courte ou remplacée : rien ; longue sans remplaçant : suspension ; entre les deux : à signaler à la CPAM."""
        lire = Lecteur(contrat, period)
        debut, fin = contrat("date_debut_absence", period), contrat("date_fin_absence", period)
        absent = renseignee(debut)
        aujourd_hui = np.datetime64(str(period.start), "D")
        jusqu_a = np.where(renseignee(fin), fin, aujourd_hui)
        sans_action = lire.nombre("vie_du_contrat.absence.sans_action", debut, quand=absent)
        seuil = lire.nombre("vie_du_contrat.absence.seuil_suspension", debut, quand=absent)
        longue = jusqu_a >= ajouter_mois_si_connu(debut, seuil)
        courte = jusqu_a < ajouter_mois_si_connu(debut, sans_action)
        connue = ~np.isnan(seuil) & ~np.isnan(sans_action)
        codes = selon(
            [
                ~absent,
                connue & (courte | contrat("assistant_remplace", period)),
                connue & longue,
            ],
            [SuiteAbsence.sans_objet.index, SuiteAbsence.aucune_action.index, SuiteAbsence.suspension.index],
            SuiteAbsence.a_signaler.index,
        )
        return en_enum(codes, SuiteAbsence)


class date_suspension_possible(Variable):
    value_type = datetime.date
    default_value = SANS_DATE
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Jour à partir duquel l'absence non remplacée suspend le contrat"
    reference = "assistants-medicaux.org (décisions de CPN)"

    def formula(contrat, period):
        """Le seuil d'absence ; aucun si l'assistant est revenu avant, est remplacé, ou si le contrat est suspendu."""
        debut, fin = contrat("date_debut_absence", period), contrat("date_fin_absence", period)
        seuil = ajouter_mois_si_connu(
            debut, Lecteur(contrat, period).nombre("vie_du_contrat.absence.seuil_suspension", debut)
        )
        revenu = renseignee(fin) & (fin < seuil)
        fin_suspension = contrat("date_fin_suspension", period)
        suspendu = renseignee(contrat("date_debut_suspension", period)) & (
            ~renseignee(fin_suspension) | (fin_suspension >= debut)
        )
        annulee = revenu | suspendu | contrat("assistant_remplace", period)
        return np.where(annulee, ABSENTE, seuil)


class jours_suspendus_constates(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Annuite
    definition_period = DateUnit.ETERNITY
    label = "Jours suspendus de l'année, constatés par la caisse (plusieurs suspensions) ; -1 : une seule, ou aucune"
    reference = "Arbitrage E11 (union des jours de chaque suspension)"


class evaluation_suspendue_constatee(Variable):
    value_type = bool
    entity = Annuite
    definition_period = DateUnit.ETERNITY
    label = "Le contrat était suspendu le premier jour de l'année, constaté par la caisse (plusieurs suspensions)"


class jours_annuite(Variable):
    value_type = int
    entity = Annuite
    definition_period = DateUnit.DAY
    label = "Nombre de jours de l'annuité (365 ou 366)"

    @deduite
    def formula(annuite, period):
        """Du premier au dernier jour, compris."""
        debut, fin = annuite("debut_annuite", period), annuite("fin_annuite", period)
        return jours_communs(debut, fin, debut, fin)


class jours_suspendus(Variable):
    value_type = int
    entity = Annuite
    definition_period = DateUnit.DAY
    label = "Jours de l'annuité pendant lesquels le contrat est suspendu"
    reference = "ameli, questions-réponses ; arbitrage E4"

    @deduite
    def formula(annuite, period):
        """Les jours constatés, ou une suspension (sans fin, elle continue) jusqu'à la résiliation au plus."""
        debut, fin = annuite.contrat("date_debut_suspension", period), annuite.contrat("date_fin_suspension", period)
        jusqu_a = np.where(renseignee(fin), fin, SANS_FIN)
        resiliation = annuite.contrat("date_fin_anticipee", period)
        jusqu_a = np.where(renseignee(resiliation), np.minimum(jusqu_a, resiliation), jusqu_a)
        communs = jours_communs(annuite("debut_annuite", period), annuite("fin_annuite", period), debut, jusqu_a)
        constates = annuite("jours_suspendus_constates", period)
        return np.where(constates >= 0, constates, communs)


class jours_dus(Variable):
    value_type = int
    entity = Annuite
    definition_period = DateUnit.DAY
    label = "Jours de l'annuité pour lesquels l'aide est due"
    reference = "Aide collective (« au prorata selon l'année et la période ») ; arbitrage E4"

    def formula(annuite, period):
        """Tous, moins la suspension et ce qui suit une résiliation."""
        lire = Lecteur(annuite, period)
        debut, fin = annuite("debut_annuite", period), annuite("fin_annuite", period)
        resiliation = annuite.contrat("date_fin_anticipee", period)
        jusqu_a = np.where(renseignee(resiliation), np.minimum(fin, resiliation), fin)
        # Suspended days that the fund counted may go beyond a termination: nothing is due, never less.
        restants = np.maximum(jours_communs(debut, fin, debut, jusqu_a) - annuite("jours_suspendus", period), 0)
        jours = annuite("jours_annuite", period)
        interrompue = restants < jours
        prorata = lire.nombre("vie_du_contrat.prorata_temporis", debut, quand=interrompue) == 1
        return np.where(interrompue & prorata, restants, jours)


class objectifs_suspendus(Variable):
    value_type = bool
    entity = Annuite
    definition_period = DateUnit.DAY
    label = "Le contrat est suspendu le jour où l'année serait évaluée : les objectifs le sont aussi"
    reference = "ameli, questions-réponses ; djibe (objectifs suspendus, depuis le 02/07/2023)"

    def formula(annuite, period):
        """L'évaluation tombe le premier jour de l'annuité."""
        debut = annuite("debut_annuite", period)
        suspension, fin = (
            annuite.contrat("date_debut_suspension", period),
            annuite.contrat("date_fin_suspension", period),
        )
        en_cours = renseignee(suspension) & (suspension <= debut) & (~renseignee(fin) | (debut <= fin))
        en_cours |= annuite("evaluation_suspendue_constatee", period)
        regle = Lecteur(annuite, period).nombre("vie_du_contrat.suspension.objectifs_suspendus", debut, quand=en_cours)
        return en_cours & (regle == 1)


class releve_evaluation(Variable):
    value_type = datetime.date
    default_value = SANS_DATE
    entity = Annuite
    definition_period = DateUnit.DAY
    label = "Relevé de patientèle qui sert à évaluer l'année"
    reference = "Fiche URPS (relevés des 30/06 et 31/12) ; arbitrages D14, D17"

    def formula(annuite, period):
        """Le dernier relevé antérieur au premier jour de l'année, ou du jour même s'il est admis ; aucun pour une année
        non évaluée."""
        signature = annuite.contrat("date_signature", period)
        releve = releve_qui_compte(annuite, period, annuite("debut_annuite", period), signature)
        return np.where(annuite("annuite_evaluee", period), releve, ABSENTE)


class date_evaluation(Variable):
    value_type = datetime.date
    default_value = SANS_DATE
    entity = Annuite
    definition_period = DateUnit.DAY
    label = "Date d'évaluation des objectifs"
    reference = "Avenant 7 (« à partir de la troisième année ») ; arbitrage D14"

    @deduite
    def formula(annuite, period):
        """Le premier jour de chaque année évaluée."""
        return np.where(annuite("annuite_evaluee", period), annuite("debut_annuite", period), ABSENTE)


class date_limite_objectif(Variable):
    value_type = datetime.date
    default_value = SANS_DATE
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Date à laquelle l'objectif doit être atteint (nouvel installé, ou groupe)"
    reference = "Fiche URPS (P50 la 3e année) ; aide collective (délai propre au nouvel installé) ; arbitrage E9"

    def formula(contrat, period):
        """Le délai du nouvel installé, ou du groupe, compté de la signature ; aucune autrement."""
        lire = Lecteur(contrat, period)
        signature = contrat("date_signature", period)
        collectif = est_collectif(contrat, period)
        nouveau = contrat("nouvel_installe", period)
        mois = selon(
            [collectif & nouveau, collectif, nouveau],
            [
                lire.nombre("aide_collective.nouvel_installe.delai", signature, quand=collectif & nouveau),
                lire.nombre("aide_collective.objectif.delai", signature, quand=collectif & ~nouveau),
                lire.nombre("objectifs.nouvel_installe.delai", signature, quand=~collectif & nouveau),
            ],
            np.nan,
        )
        return ajouter_mois_si_connu(signature, mois)


class date_effet_resiliation(Variable):
    value_type = datetime.date
    default_value = SANS_DATE
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Date d'effet d'une résiliation demandée par le médecin à la date d'appréciation"
    reference = (
        "djibe (lettre recommandée, préavis) ; contrat type des centres de santé, JO du 15/03/2024 "
        "(effet à l'anniversaire) ; arbitrage D25"
    )

    def formula(contrat, period):
        """Le premier anniversaire du contrat après le préavis, compté de la date d'appréciation ; aucune sans règle."""
        lire = Lecteur(contrat, period)
        jour = np.full(contrat.count, np.datetime64(str(period.start), "D"))
        au_plus_tot = ajouter_mois_si_connu(jour, lire.nombre("vie_du_contrat.resiliation_medecin.preavis", jour))
        a_l_anniversaire = lire.nombre("vie_du_contrat.resiliation_medecin.effet_a_l_anniversaire", jour) == 1
        return np.where(
            a_l_anniversaire & renseignee(au_plus_tot),
            prochain_anniversaire(contrat("date_signature", period), au_plus_tot),
            au_plus_tot,
        )


class date_fin_carence(Variable):
    value_type = datetime.date
    default_value = SANS_DATE
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Jour à partir duquel un nouveau contrat est possible après un contrat collectif"
    reference = "Aide collective (deux ans, sauf circonstances exceptionnelles)"

    def formula(contrat, period):
        """La carence, comptée de la fin du contrat collectif."""
        fin = contrat("date_fin_contrat_collectif", period)
        return ajouter_mois_si_connu(fin, Lecteur(contrat, period).nombre("aide_collective.carence", fin))


class condition_carence(Variable):
    value_type = Enum
    possible_values = Condition
    default_value = Condition.indeterminee
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Carence après un contrat collectif"
    reference = "Aide collective (carence, sauf circonstances exceptionnelles)"

    @deduite
    def formula(contrat, period):
        """Pour tout nouveau contrat, individuel ou collectif."""
        carence = contrat("date_fin_carence", period)
        passee = contrat("date_signature", period) >= carence
        return verdict(
            remplie=renseignee(carence) & passee,
            non_remplie=renseignee(carence) & ~passee,
            derogation=contrat("circonstances_exceptionnelles", period),
            sans_objet=~renseignee(contrat("date_fin_contrat_collectif", period)),
        )
