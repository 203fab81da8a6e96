"""Conditions on the doctor: agreement with the health insurance, status, specialty, surgeons' clinical fees."""

import datetime

import numpy as np
from openfisca_core.indexed_enums import Enum, EnumArray
from openfisca_core.periods import DateUnit
from openfisca_core.variables import Variable

from openfisca_assistants_medicaux.arithmetique import MILLION, en_millioniemes
from openfisca_assistants_medicaux.calendrier import ajouter_mois_si_connu
from openfisca_assistants_medicaux.conditions import en_enum, est, selon, verdict
from openfisca_assistants_medicaux.entities import Contrat
from openfisca_assistants_medicaux.lecture import Lecteur
from openfisca_assistants_medicaux.lectures import lecture_suivie
from openfisca_assistants_medicaux.nomenclatures import (
    SANS_DATE,
    Condition,
    Dispositif,
    LectureTranchee,
    Reponse,
    Secteur,
    Specialite,
)


class condition_conventionnement(Variable):
    value_type = Enum
    possible_values = Condition
    default_value = Condition.indeterminee
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Conventionnement : secteur 1, ou secteur 2 avec Optam"
    reference = "Avenant 7, art. 9-1 et suivants ; convention médicale 2024-2029 ; arbitrages C18 et D29"

    def formula(contrat, period):
        """Un secteur de la liste admise, droit permanent lu comme le dit l'arbitrage ; groupe : voir les adhérents."""
        secteur = contrat("secteur", period)
        collectif = est_collectif(contrat, period)
        lire, signature = Lecteur(contrat, period), contrat("date_signature", period)
        # The permanent right is an old kind of secteur 1, that the lists of sectors do not name.
        dp = ~collectif & (np.asarray(secteur) == Secteur.secteur_1_dp.index)
        comme_secteur_1 = dp & (lire.nombre("eligibilite.droit_permanent_comme_secteur_1", signature, quand=dp) == 1)
        lu = EnumArray(np.where(comme_secteur_1, Secteur.secteur_1.index, np.asarray(secteur)), Secteur)
        admis, connu = lire.appartient("eligibilite.secteurs_admis", signature, lu, quand=~collectif)
        renseigne = np.asarray(secteur) != Secteur.non_renseigne.index
        return verdict(remplie=admis, non_remplie=connu & renseigne & ~admis, sans_objet=collectif)


class condition_statut_exercice(Variable):
    value_type = Enum
    possible_values = Condition
    default_value = Condition.indeterminee
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Statut : médecin libéral installé"
    reference = "Pages MSP de Mesdocs ; fiche URPS et ameli (activité mixte) ; arbitrage D3"

    def formula(contrat, period):
        """Remplaçants et médecins de centre de santé sont écartés ; l'activité mixte, admise là où un texte le dit."""
        collectif = est_collectif(contrat, period)
        lire = Lecteur(contrat, period)
        signature = contrat("date_signature", period)
        admis, connu = lire.appartient(
            "eligibilite.statuts_exercice_admis", signature, contrat("statut_exercice", period), quand=~collectif
        )
        # A doctor partly salaried is admitted where the regime says so; no text read says it under avenant 7.
        mixte = ~collectif & (en_millioniemes(contrat("quotite_liberale", period)) != MILLION)
        mixte_admise = lire.nombre("eligibilite.activite_mixte_admise", signature, quand=mixte & admis)
        return verdict(
            remplie=admis & (~mixte | (mixte_admise == 1)),
            non_remplie=connu & (~admis | (mixte & (mixte_admise == 0))),
            sans_objet=collectif,
        )


class departement_ouvert(Variable):
    value_type = Enum
    possible_values = Reponse
    default_value = Reponse.indeterminee
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Le département est des moins dotés dans la spécialité (avenant 7)"
    reference = "Brochure CNAM 2019 (« dans 30 % des départements où l'offre de soins est insuffisante »)"

    def formula(contrat, period):
        """Comme déclaré, sinon selon le rang du département parmi les moins dotés."""
        rang_densite = contrat("rang_densite_departement", period)
        part = Lecteur(contrat, period).nombre(
            "eligibilite.part_departements_specialites_zonees",
            contrat("date_signature", period),
            quand=rang_densite >= 0,
        )
        connu = (rang_densite >= 0) & ~np.isnan(part)
        dedans = connu & (en_millioniemes(rang_densite) <= en_millioniemes(part))
        calcule = selon([dedans, connu], [Reponse.oui.index, Reponse.non.index], Reponse.indeterminee.index)
        declare = np.asarray(contrat("departement_sous_dote", period))
        return en_enum(np.where(declare != Reponse.indeterminee.index, declare, calcule), Reponse)


class condition_specialite(Variable):
    value_type = Enum
    possible_values = Condition
    default_value = Condition.indeterminee
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Spécialité admise"
    reference = (
        "Avenant 7 (toutes, certaines dans 30 % des départements) ; règlement arbitral et convention 2024 "
        "(six spécialités exclues) ; aide collective (médecine générale hors MEP) ; arbitrages C3, E8"
    )

    def formula(contrat, period):
        """Hors des exclues ; sous l'avenant 7, certaines dans les seuls départements les moins dotés."""
        lire = Lecteur(contrat, period)
        signature = contrat("date_signature", period)
        specialite = contrat("specialite", period)
        collectif = est_collectif(contrat, period)
        connue = np.asarray(specialite) != Specialite.non_renseignee.index
        exclue, liste_connue = lire.appartient(
            "eligibilite.specialites_exclues", signature, specialite, quand=~collectif
        )
        partout, zonage_existe = lire.appartient(
            "eligibilite.specialites_france_entiere", signature, specialite, quand=~collectif
        )
        zonee, _ = lire.appartient("eligibilite.specialites_zonees", signature, specialite, quand=~collectif & ~partout)
        lire.pris_en_compte("departement_ouvert", ~collectif & zonage_existe & ~partout)
        departement = contrat("departement_ouvert", period)
        # Under avenant 7 the annex was not read: a specialty named nowhere is admitted where the department is open.
        admise = np.where(zonage_existe, partout | est(departement, Reponse.oui), liste_connue & ~exclue)
        refusee = np.where(zonage_existe, zonee & est(departement, Reponse.non), exclue)
        du_groupe, groupe_connu = lire.appartient("aide_collective.specialites", signature, specialite, quand=collectif)
        mep_exclu = contrat("mode_exercice_particulier", period) & (
            lire.nombre("aide_collective.mep_admis", signature, quand=collectif) == 0
        )
        # A group is judged member by member (`condition_adherents`); a collective row without members is one of them.
        groupe_entier = collectif & (contrat("nombre_adherents", period) >= 0)
        return verdict(
            remplie=connue & np.where(collectif, du_groupe & ~mep_exclu, admise),
            non_remplie=connue & np.where(collectif, groupe_connu & (~du_groupe | mep_exclu), refusee),
            sans_objet=groupe_entier,
        )


class debut_fenetre_honoraires(Variable):
    value_type = datetime.date
    default_value = SANS_DATE
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Début de la fenêtre d'appréciation des honoraires cliniques"
    reference = "ameli, « Revalorisation et assouplissement » (12 mois avant signature)"

    def formula(contrat, period):
        """La durée de la fenêtre, comptée à rebours de la signature."""
        signature = contrat("date_signature", period)
        mois = Lecteur(contrat, period).nombre("eligibilite.honoraires_cliniques.fenetre", signature)
        return ajouter_mois_si_connu(signature, -mois)


class condition_honoraires_cliniques(Variable):
    value_type = Enum
    possible_values = Condition
    default_value = Condition.indeterminee
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Chirurgiens, ORL, gynécologues : part minimale d'honoraires cliniques"
    reference = "ameli, « Revalorisation et assouplissement » (« 80 % et plus ») ; arbitrages D2, E8"

    def formula(contrat, period):
        """Pour les spécialités visées, hors groupe : au moins la part minimale ; à l'égalité, la lecture suivie."""
        lire = Lecteur(contrat, period)
        signature = contrat("date_signature", period)
        specialite, individuel = contrat("specialite", period), ~est_collectif(contrat, period)
        visee, _ = lire.appartient(
            "eligibilite.honoraires_cliniques.specialites", signature, specialite, quand=individuel
        )
        visee &= individuel
        part = contrat("part_honoraires_cliniques", period)
        minimum = lire.nombre("eligibilite.honoraires_cliniques.minimum", signature, quand=visee)
        connue = visee & (part >= 0) & ~np.isnan(minimum)
        part, minimum = en_millioniemes(part), en_millioniemes(minimum)
        egale = connue & (part == minimum)
        exclue = lecture_suivie(lire, "d2", contrat("lecture_d2", period), signature, egale) == LectureTranchee.b.index
        suffisante = (part >= minimum) & ~exclue
        return verdict(remplie=connue & suffisante, non_remplie=connue & ~suffisante, sans_objet=~visee)


def est_collectif(contrat, period):
    """True for collective contracts."""
    return np.asarray(contrat("dispositif", period)) == Dispositif.collectif.index
