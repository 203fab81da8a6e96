"""The contract: what was signed, when, and which rules govern it."""

import datetime

import numpy as np
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit
from openfisca_core.variables import Variable

from openfisca_assistants_medicaux.calendrier import ABSENTE, UN_JOUR, ajouter_mois_si_connu, renseignee
from openfisca_assistants_medicaux.certitude import deduite
from openfisca_assistants_medicaux.conditions import en_enum
from openfisca_assistants_medicaux.entities import Contrat
from openfisca_assistants_medicaux.lecture import Lecteur
from openfisca_assistants_medicaux.nomenclatures import SANS_DATE, Dispositif, Option, Regime, Reponse

REGIMES = {regime.name: regime.index for regime in Regime}


class dispositif(Variable):
    value_type = Enum
    possible_values = Dispositif
    default_value = Dispositif.individuel
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Contrat individuel ou aide collective"


class date_signature(Variable):
    value_type = datetime.date
    default_value = SANS_DATE
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Date de signature du contrat avec la caisse"


class option(Variable):
    value_type = Enum
    possible_values = Option
    default_value = Option.aucune
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Option de financement choisie (contrat individuel)"


class renouvellement(Variable):
    value_type = bool
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Le contrat est le renouvellement d'un contrat échu"


class date_bascule(Variable):
    value_type = datetime.date
    default_value = SANS_DATE
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Date à laquelle un ancien contrat est passé, sur demande, aux règles nouvelles"
    reference = "Règlement arbitral (arrêté du 28 avril 2023), lu dans la fiche URPS"


class regime(Variable):
    value_type = Enum
    possible_values = Regime
    default_value = Regime.aucun
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Régime du contrat à sa date de signature"
    reference = "Avenants 7 et 8, règlement arbitral, convention médicale 2024-2029, aide collective"

    def formula(contrat, period):
        """Les règles en vigueur le jour de la signature ; un contrat collectif a les siennes."""
        lire = Lecteur(contrat, period)
        signature = contrat("date_signature", period)
        collectif = contrat("dispositif", period) == Dispositif.collectif
        ouvert = lire.nombre("regimes.aide_collective_ouverte", signature, quand=collectif) == 1
        individuel = lire.texte("regimes.regime", signature, REGIMES, quand=~collectif)
        codes = np.where(collectif, np.where(ouvert, Regime.COLL.index, -1), individuel)
        return en_enum(np.where(codes < 0, Regime.aucun.index, codes), Regime)


class bascule_possible(Variable):
    value_type = bool
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Le contrat est de ceux qui peuvent passer, sur demande, aux règles nouvelles, ou qui l'ont pu"
    reference = "Règlement arbitral (arrêté du 28 avril 2023), lu dans la fiche URPS ; arbitrage E7"

    def formula(contrat, period):
        """Un contrat d'un régime de départ, une fois la bascule ouverte à la date d'appréciation."""
        lire = Lecteur(contrat, period)
        jour = np.full(contrat.count, np.datetime64(str(period.start), "D"))
        ouverte = lire.nombre("vie_du_contrat.bascule_ouverte", jour) == 1
        de_depart, _ = lire.appartient(
            "vie_du_contrat.regimes_de_depart_de_la_bascule", jour, contrat("regime", period)
        )
        return ouverte & de_depart


class bascule_admise(Variable):
    value_type = bool
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "La bascule vers les règles nouvelles est admise"
    reference = "Règlement arbitral (arrêté du 28 avril 2023), lu dans la fiche URPS ; arbitrage E7"

    def formula(contrat, period):
        """Un contrat d'un régime de départ passe aux règles nouvelles, sur demande, une fois la bascule ouverte."""
        lire = Lecteur(contrat, period)
        bascule = contrat("date_bascule", period)
        demandee = renseignee(bascule) & (bascule > contrat("date_signature", period))
        ouverte = lire.nombre("vie_du_contrat.bascule_ouverte", bascule, quand=demandee) == 1
        de_depart, _ = lire.appartient(
            "vie_du_contrat.regimes_de_depart_de_la_bascule", bascule, contrat("regime", period), quand=demandee
        )
        en_cours = bascule <= contrat("date_fin_contrat", period)
        for nom in ("regime", "date_fin_contrat"):
            lire.pris_en_compte(nom, demandee)
        return demandee & ouverte & de_depart & en_cours


class date_des_regles(Variable):
    value_type = datetime.date
    default_value = SANS_DATE
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Date à laquelle lire les règles d'objectif du contrat : la bascule si elle est admise, sinon la signature"

    @deduite
    def formula(contrat, period):
        """La bascule si elle est admise, sinon la signature."""
        admise = contrat("bascule_admise", period)
        return np.where(admise, contrat("date_bascule", period), contrat("date_signature", period))


class regime_des_regles(Variable):
    value_type = Enum
    possible_values = Regime
    default_value = Regime.aucun
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Régime dont le contrat suit les objectifs, bascule comprise"

    def formula(contrat, period):
        """Le régime de la signature, ou celui du jour de la bascule admise."""
        admise = contrat("bascule_admise", period)
        apres = Lecteur(contrat, period).texte(
            "regimes.regime", contrat("date_des_regles", period), REGIMES, quand=admise
        )
        return en_enum(np.where(admise, apres, np.asarray(contrat("regime", period))), Regime)


class date_fin_contrat(Variable):
    value_type = datetime.date
    default_value = SANS_DATE
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Dernier jour du contrat"
    reference = "Contrat type (annexe 34 de l'avenant 7) ; règlement arbitral ; convention médicale 2024-2029"

    def formula(contrat, period):
        """La durée du contrat depuis l'ancre de ses années, moins un jour."""
        lire = Lecteur(contrat, period)
        signature = contrat("date_signature", period)
        collectif = contrat("dispositif", period) == Dispositif.collectif
        annees = np.where(
            collectif,
            lire.nombre("aide_collective.duree", signature, quand=collectif),
            lire.nombre("vie_du_contrat.duree", signature, quand=~collectif),
        )
        suivante = ajouter_mois_si_connu(contrat("ancre_des_annees", period), annees * 12)
        return np.where(renseignee(suivante), suivante - UN_JOUR, ABSENTE)


class renouvelable(Variable):
    value_type = Enum
    possible_values = Reponse
    default_value = Reponse.indeterminee
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Le contrat peut être renouvelé à son terme"
    reference = "Bulletin de l'Ordre n° 74 ; arbitrage C9"

    def formula(contrat, period):
        """Renouvelable sans limite écrite ; l'accord à donner est une règle à part."""
        admis = Lecteur(contrat, period).nombre("vie_du_contrat.renouvelable", contrat("date_signature", period))
        codes = np.where(admis == 1, Reponse.oui.index, Reponse.non.index)
        return en_enum(np.where(np.isnan(admis), Reponse.indeterminee.index, codes), Reponse)


class renouvellement_par_accord_expres(Variable):
    value_type = Enum
    possible_values = Reponse
    default_value = Reponse.indeterminee
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Le renouvellement demande l'accord exprès du médecin et de la caisse"
    reference = "Contrat type des centres de santé, JO du 15/03/2024 (par analogie) ; arbitrage D25"

    def formula(contrat, period):
        """Exprès là où la règle le dit : rien ne se renouvelle tacitement."""
        expres = Lecteur(contrat, period).nombre(
            "vie_du_contrat.renouvellement_expres", contrat("date_fin_contrat", period)
        )
        codes = np.where(expres == 1, Reponse.oui.index, Reponse.non.index)
        return en_enum(np.where(np.isnan(expres), Reponse.indeterminee.index, codes), Reponse)
