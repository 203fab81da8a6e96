"""Instalments of each contract year: dated, and adding up to the year's amount to the cent.

At most two per year. They are planned on `montant_prevu`: the amount due, or the maximum while results are unknown.
"""

import datetime

import numpy as np
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit
from openfisca_core.variables import Variable

from openfisca_assistants_medicaux.arithmetique import MILLION, en_millioniemes
from openfisca_assistants_medicaux.calendrier import ABSENTE, ajouter_jours_si_connu, ajouter_mois_si_connu
from openfisca_assistants_medicaux.certitude import deduite
from openfisca_assistants_medicaux.conditions import en_enum, selon
from openfisca_assistants_medicaux.entities import Annuite, Contrat
from openfisca_assistants_medicaux.lecture import Lecteur
from openfisca_assistants_medicaux.nomenclatures import NON_DETERMINE, SANS_DATE, Beneficiaire, Dispositif
from openfisca_assistants_medicaux.variables.montants import en_centimes_entiers

MOMENTS = {"date_anniversaire": 0}


#: Parameters of the individual and collective calendars for the instalments of years 3 and later.
ACOMPTES = ("annee_3_et_suivantes.acomptes", "acomptes")
MOIS_DES_ACOMPTES = ("annee_3_et_suivantes.mois_des_acomptes", "mois_des_acomptes")


def _premier(lire):
    return lambda chemin, dates, quand: lire.element(chemin, 0, dates, quand=quand)


def _second(lire):
    return lambda chemin, dates, quand: lire.element(chemin, 1, dates, quand=quand)


def _du_calendrier(annuite, period, lecture, individuel, collectif, dates, quand):
    """What the calendar of the contract says: a group's own where it is known, else that of individual contracts."""
    groupe = quand & (annuite.contrat("dispositif", period) == Dispositif.collectif)
    propre = np.full(len(quand), np.nan)
    if groupe.any():
        propre = lecture(f"aide_collective.versements.{collectif}", dates, quand=groupe)
    sans = ~groupe | np.isnan(propre)
    return np.where(sans, lecture(f"versements.{individuel}", dates, quand=quand & sans), propre)


class premiere_annee(Variable):
    value_type = bool
    entity = Annuite
    definition_period = DateUnit.DAY
    label = "L'année est versée comme une première année"

    @deduite
    def formula(annuite, period):
        """Le premier rang, sauf si l'année est versée comme une troisième et suivante."""
        return (annuite("rang", period) == 1) & ~annuite("troisieme_annee_et_suivantes", period)


class part_premier_versement(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Annuite
    definition_period = DateUnit.DAY
    label = "Part de l'année versée en premier (millionièmes) ; -1 : non déterminée"
    reference = "Brochure CNAM 2019 (avance de 70 %) ; djibe (100 %, puis 2 × 50 %) ; arbitrages C7, E2"

    def formula(annuite, period):
        """L'avance de la première année, la deuxième entière, puis le premier acompte."""
        lire = Lecteur(annuite, period)
        dates = annuite("date_des_regles_annuite", period)
        premiere, suite = annuite("premiere_annee", period), annuite("troisieme_annee_et_suivantes", period)
        avance = _du_calendrier(annuite, period, lire.nombre, "avance.taux", "part_annee_1", dates, premiere)
        fraction = _du_calendrier(annuite, period, _premier(lire), *ACOMPTES, dates, suite)
        part = selon([premiere, suite], [avance, fraction], 1.0)
        return np.where(np.isnan(part), NON_DETERMINE, en_millioniemes(part))


class versement_1_montant(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Annuite
    definition_period = DateUnit.DAY
    label = "Premier versement de l'année (centimes) ; -1 : non déterminé"
    reference = "Brochure CNAM 2019 ; djibe ; arbitrage D10"

    @deduite
    def formula(annuite, period):
        """Sa part du montant de l'année, en centimes entiers."""
        prevu = annuite("montant_prevu", period).astype(np.int64)
        part = annuite("part_premier_versement", period).astype(np.int64)
        connu = (prevu >= 0) & (part >= 0)
        premier = en_centimes_entiers(annuite, period, np.where(connu, prevu * part, 0), np.full(len(prevu), MILLION))
        return np.where(connu, premier, NON_DETERMINE)


class versement_2_montant(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Annuite
    definition_period = DateUnit.DAY
    label = "Second versement de l'année (centimes) ; 0 : aucun ; -1 : non déterminé"
    reference = "Arbitrage D10 (le dernier versement absorbe l'écart)"

    @deduite
    def formula(annuite, period):
        """Le reste : les deux versements font le montant exact."""
        prevu, premier = annuite("montant_prevu", period), annuite("versement_1_montant", period)
        return np.where(premier >= 0, prevu - premier, NON_DETERMINE)


class versement_1_date(Variable):
    value_type = datetime.date
    default_value = SANS_DATE
    entity = Annuite
    definition_period = DateUnit.DAY
    label = "Date limite du premier versement de l'année"
    reference = "Brochure CNAM 2019 (15 jours après l'embauche) ; djibe (dans le mois du contrat) ; arbitrages D13, E2"

    def formula(annuite, period):
        """Après l'embauche ou la signature ; la deuxième année, l'anniversaire ; puis le premier acompte."""
        lire = Lecteur(annuite, period)
        dates = annuite("date_des_regles_annuite", period)
        debut = annuite("debut_annuite", period)
        premiere, suite = annuite("premiere_annee", period), annuite("troisieme_annee_et_suivantes", period)
        jours = lire.nombre("versements.avance.delai_jours", dates, quand=premiere)
        mois = _du_calendrier(
            annuite, period, lire.nombre, "avance.delai_mois", "delai_mois", dates, premiere & np.isnan(jours)
        )
        apres_embauche = ajouter_jours_si_connu(annuite.contrat("date_embauche", period), jours)
        apres_signature = ajouter_mois_si_connu(annuite.contrat("date_signature", period), mois)
        deuxieme = ~premiere & ~suite
        moment = lire.texte("versements.annee_2.moment", dates, MOMENTS, quand=deuxieme)
        decalage = _du_calendrier(annuite, period, _premier(lire), *MOIS_DES_ACOMPTES, dates, suite)
        return selon(
            [premiere, suite],
            [
                np.where(np.isnan(jours), apres_signature, apres_embauche),
                ajouter_mois_si_connu(debut, decalage),
            ],
            np.where(moment == MOMENTS["date_anniversaire"], debut, ABSENTE),
        )


class versement_2_date(Variable):
    value_type = datetime.date
    default_value = SANS_DATE
    entity = Annuite
    definition_period = DateUnit.DAY
    label = "Date limite du second versement de l'année"
    reference = "Arbitrage E2 (solde de l'avenant 7, seconde moitié à partir de l'année 3)"

    def formula(annuite, period):
        """Le solde de la première année, ou le second acompte ; aucune date s'il n'y en a pas."""
        lire = Lecteur(annuite, period)
        dates = annuite("date_des_regles_annuite", period)
        premiere, suite = annuite("premiere_annee", period), annuite("troisieme_annee_et_suivantes", period)
        solde = lire.nombre("versements.solde_annee_1.mois", dates, quand=premiere)
        decalage = _du_calendrier(annuite, period, _second(lire), *MOIS_DES_ACOMPTES, dates, suite)
        date = selon(
            [premiere, suite],
            [
                ajouter_mois_si_connu(annuite.contrat("ancre_des_annees", period), solde),
                ajouter_mois_si_connu(annuite("debut_annuite", period), decalage),
            ],
            ABSENTE,
        )
        return np.where(annuite("part_premier_versement", period) < MILLION, date, ABSENTE)


class beneficiaire(Variable):
    value_type = Enum
    possible_values = Beneficiaire
    default_value = Beneficiaire.medecin
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Bénéficiaire du versement"
    reference = "Fiche URPS (le médecin, même si l'employeur est un tiers) ; aide collective (la société signataire)"

    def formula(contrat, period):
        """Le médecin, ou la société signataire."""
        lire = Lecteur(contrat, period)
        signature = contrat("date_signature", period)
        codes = {membre.name: membre.index for membre in Beneficiaire}
        collectif = contrat("dispositif", period) == Dispositif.collectif
        individuel = lire.texte("versements.beneficiaire", signature, codes, quand=~collectif)
        du_groupe = lire.texte("aide_collective.versement_beneficiaire", signature, codes, quand=collectif)
        return en_enum(np.maximum(np.where(collectif, du_groupe, individuel), 0), Beneficiaire)


class date_limite_justificatifs(Variable):
    value_type = datetime.date
    default_value = SANS_DATE
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Date limite d'envoi des justificatifs d'embauche"
    reference = "Brochure CNAM 2019 (15 jours suivant l'embauche)"

    def formula(contrat, period):
        """Le délai, compté de l'embauche, quand une source le donne."""
        jours = Lecteur(contrat, period).nombre("versements.justificatifs.delai", contrat("date_signature", period))
        return ajouter_jours_si_connu(contrat("date_embauche", period), jours)
