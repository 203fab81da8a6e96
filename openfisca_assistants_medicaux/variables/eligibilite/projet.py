"""Conditions on the post: premises, telework, replacement of a promoted secretary."""

import datetime

import numpy as np
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit
from openfisca_core.variables import Variable

from openfisca_assistants_medicaux.calendrier import ABSENTE, ajouter_mois_si_connu, renseignee
from openfisca_assistants_medicaux.certitude import Certitude, source
from openfisca_assistants_medicaux.conditions import est, verdict
from openfisca_assistants_medicaux.entities import Contrat
from openfisca_assistants_medicaux.lecture import Lecteur
from openfisca_assistants_medicaux.nomenclatures import (
    SANS_DATE,
    Condition,
    RemplacementSecretaire,
    Reponse,
    Teletravail,
)


class condition_locaux(Variable):
    value_type = Enum
    possible_values = Condition
    default_value = Condition.indeterminee
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Locaux adaptés à l'accueil de l'assistant"
    reference = "Fiche URPS (règlement arbitral)"

    def formula(contrat, period):
        """Demandés dès que le régime les exige."""
        exiges = Lecteur(contrat, period).nombre("eligibilite.locaux_adaptes_exiges", contrat("date_signature", period))
        locaux = contrat("locaux_adaptes", period)
        return verdict(remplie=est(locaux, Reponse.oui), non_remplie=est(locaux, Reponse.non), sans_objet=exiges == 0)


class condition_teletravail(Variable):
    value_type = Enum
    possible_values = Condition
    default_value = Condition.indeterminee
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Télétravail de l'assistant : pas à 100 %"
    reference = "Fiche URPS ; assistants-medicaux.org"

    def formula(contrat, period):
        """Le télétravail total est refusé quand le régime ne l'admet pas."""
        lire = Lecteur(contrat, period)
        total = np.asarray(contrat("teletravail", period)) == Teletravail.total.index
        admis = lire.nombre("eligibilite.teletravail_total_admis", contrat("date_signature", period), quand=total)
        aucun = np.asarray(contrat("teletravail", period)) == Teletravail.aucun.index
        return verdict(remplie=~total | (admis == 1), non_remplie=total & (admis == 0), sans_objet=aucun)


class date_limite_remplacement_secretaire(Variable):
    value_type = datetime.date
    default_value = SANS_DATE
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Date limite de remplacement de la secrétaire promue"
    reference = "Fiche URPS (poste ou secrétariat à distance, dans les 6 mois) ; arbitrages C20, D16"

    def formula(contrat, period):
        """Le délai, compté de l'embauche, pour un salarié comme pour un secrétariat à distance."""
        promue = contrat("secretaire_promue", period)
        delai = Lecteur(contrat, period).nombre(
            "eligibilite.remplacement_secretaire.delai", contrat("date_signature", period), quand=promue
        )
        return np.where(promue, ajouter_mois_si_connu(contrat("date_embauche", period), delai), ABSENTE)


class date_limite_justificatif_telesecretariat(Variable):
    value_type = datetime.date
    default_value = SANS_DATE
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Date limite du justificatif de secrétariat à distance"
    reference = "FMF, « il faut bien lire les petites lignes » (justificatif à la signature) ; arbitrage C20"

    def formula(contrat, period):
        """Le jour de la signature, quand un secrétariat à distance remplace la secrétaire promue."""
        signature = contrat("date_signature", period)
        mode = np.asarray(contrat("remplacement_secretaire", period))
        a_distance = contrat("secretaire_promue", period) & (mode == RemplacementSecretaire.telesecretariat.index)
        due = Lecteur(contrat, period).nombre(
            "eligibilite.remplacement_secretaire.telesecretariat_a_la_signature", signature, quand=a_distance
        )
        return np.where(a_distance & (due == 1), signature, ABSENTE)


class condition_remplacement_secretaire(Variable):
    value_type = Enum
    possible_values = Condition
    default_value = Condition.indeterminee
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Secrétaire promue assistante : remplacée dans le délai"
    reference = "Fiche URPS ; FMF ; arbitrages C20, D16"

    @source(Certitude.secondaire)
    def formula(contrat, period):
        """Si l'assistant est l'ancienne secrétaire : remplacée dans le délai, ou promise tant que le délai court."""
        promue = contrat("secretaire_promue", period)
        mode = np.asarray(contrat("remplacement_secretaire", period))
        remplacee_le = contrat("date_remplacement_secretaire", period)
        limite = contrat("date_limite_remplacement_secretaire", period)
        datee = renseignee(remplacee_le) & renseignee(limite)
        lire = Lecteur(contrat, period)
        lire.pris_en_compte("condition_remplacement_secretaire", promue)
        # A salaried successor promised while the delay runs: what a doctor can say before hiring.
        dans_le_delai = ~renseignee(limite) | (lire.appreciation <= limite)
        promis = promue & (mode == RemplacementSecretaire.salarie.index) & ~renseignee(remplacee_le) & dans_le_delai
        admis = lire.nombre(
            "eligibilite.remplacement_secretaire.promesse_admise", contrat("date_signature", period), quand=promis
        )
        return verdict(
            remplie=promue & ((datee & (remplacee_le <= limite)) | (promis & (admis == 1))),
            non_remplie=promue & ((mode == RemplacementSecretaire.aucun.index) | (datee & (remplacee_le > limite))),
            sans_objet=~promue,
        )
