"""Where and how the doctor practises: grouped and coordinated practice (avenant 7), zone of the full time."""

import datetime

import numpy as np
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit
from openfisca_core.variables import Variable

from openfisca_assistants_medicaux.calendrier import ajouter_mois_si_connu
from openfisca_assistants_medicaux.conditions import est, verdict
from openfisca_assistants_medicaux.distributions import distribution_applicable, lire_percentile
from openfisca_assistants_medicaux.entities import Contrat
from openfisca_assistants_medicaux.lecture import Lecteur
from openfisca_assistants_medicaux.lectures import lecture_suivie
from openfisca_assistants_medicaux.nomenclatures import SANS_DATE, Condition, LectureTranchee, Option, Reponse, Zone
from openfisca_assistants_medicaux.variables.distributions import hors_distribution
from openfisca_assistants_medicaux.variables.eligibilite.medecin import est_collectif
from openfisca_assistants_medicaux.variables.eligibilite.seuil import est_generaliste


class condition_exercice_regroupe(Variable):
    value_type = Enum
    possible_values = Condition
    default_value = Condition.indeterminee
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Exercice regroupé (au moins deux médecins au même lieu), sous l'avenant 7"
    reference = "Avenant 7, art. 9-1 et suivants ; supprimé par le règlement arbitral (ameli) ; arbitrage D5"

    def formula(contrat, period):
        """Assez de médecins au lieu principal ; sinon isolé en zone sous-dense, ou partageant l'assistant."""
        lire = Lecteur(contrat, period)
        signature = contrat("date_signature", period)
        exige = lire.nombre("eligibilite.exercice_regroupe.exige", signature)
        vise = exige == 1
        medecins = contrat("nombre_medecins_lieu", period)
        minimum = lire.nombre("eligibilite.exercice_regroupe.nombre_medecins_minimum", signature, quand=vise)
        regroupe = (medecins >= 0) & (medecins >= minimum)
        isole = (medecins >= 0) & (medecins < minimum)
        zone = contrat("zone_a_la_signature", period)
        # Some zones are under-served in every reading of the texts; the others, by an arbitrage.
        sous_dense, _ = lire.appartient(
            "eligibilite.exercice_regroupe.zones_sous_denses", signature, zone, quand=vise & isole
        )
        zone_dispensee, _ = lire.appartient(
            "eligibilite.exercice_regroupe.zones_dispensees", signature, zone, quand=vise & isole & ~sous_dense
        )
        zone_dispensee |= sous_dense
        # Avenant 8 opens the ZAC to a doctor alone for the full time only, on the conditions of the zone.
        en_zac = isole & zone_dispensee & (np.asarray(zone) == Zone.zac.index)
        condition_de_zone = np.asarray(contrat("condition_zone", period))
        lire.pris_en_compte("condition_zone", en_zac)
        temps_plein = condition_de_zone == Condition.remplie.index
        zac_incertaine = en_zac & (condition_de_zone == Condition.indeterminee.index)
        partage = contrat("coordination_assistant_partage", period)
        dispense = isole & ((zone_dispensee & (~en_zac | temps_plein)) | est(partage, Reponse.oui))
        zone_connue = np.asarray(zone) != Zone.non_renseignee.index
        return verdict(
            remplie=regroupe,
            non_remplie=isole & zone_connue & est(partage, Reponse.non) & ~zac_incertaine,
            derogation=dispense,
            sans_objet=(exige == 0) | est_collectif(contrat, period),
        )


class date_limite_exercice_coordonne(Variable):
    value_type = datetime.date
    default_value = SANS_DATE
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Date limite d'engagement dans un exercice coordonné (avenant 7)"
    reference = "Brochure CNAM 2019 (« dans les 2 ans »)"

    def formula(contrat, period):
        """Le délai, compté de la signature ; aucune une fois la condition supprimée."""
        signature = contrat("date_signature", period)
        delai = Lecteur(contrat, period).nombre("eligibilite.exercice_coordonne.delai", signature)
        return ajouter_mois_si_connu(signature, delai)


class condition_exercice_coordonne(Variable):
    value_type = Enum
    possible_values = Condition
    default_value = Condition.indeterminee
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Exercice coordonné, engagé dans le délai (avenant 7)"
    reference = "Brochure CNAM 2019 ; supprimé par le règlement arbitral (ameli)"

    def formula(contrat, period):
        """Engagé ou promis ; sans objet quand le régime ne fixe pas de délai."""
        delai = Lecteur(contrat, period).nombre(
            "eligibilite.exercice_coordonne.delai", contrat("date_signature", period)
        )
        engagement = contrat("engagement_exercice_coordonne", period)
        return verdict(
            remplie=est(engagement, Reponse.oui),
            non_remplie=est(engagement, Reponse.non),
            sans_objet=np.isnan(delai) | est_collectif(contrat, period),
        )


class condition_zone(Variable):
    value_type = Enum
    possible_values = Condition
    default_value = Condition.indeterminee
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Zone exigée pour le temps plein (avenants 7 et 8)"
    reference = (
        "Brochure CNAM 2019 ; ameli, 12/03/2020 (avenant 8) ; supprimée par le règlement arbitral ; arbitrage D5"
    )

    def formula(contrat, period):
        """Le temps plein demande une zone ; en ZAC, une patientèle ; plus rien quand la liste des zones est vide."""
        lire = Lecteur(contrat, period)
        signature = contrat("date_signature", period)
        temps_plein = (np.asarray(contrat("option", period)) == Option.un_etp.index) & ~est_collectif(contrat, period)
        exigees = lire.longueur("options.un_etp.zones_requises", signature, quand=temps_plein)
        zone = contrat("zone_a_la_signature", period)
        vise = temps_plein & (exigees > 0)
        admise, _ = lire.appartient("options.un_etp.zones_requises", signature, zone, quand=vise)
        if not vise.any():
            return verdict(remplie=vise, non_remplie=vise, sans_objet=~vise)
        with lire.seulement(vise):
            en_zac = vise & (np.asarray(zone) == Zone.zac.index)
            percentile = lire.nombre("options.un_etp.zac_percentile_minimal", signature, quand=en_zac)
            soumise = en_zac & ~np.isnan(percentile)
            bas, haut = mediane_de_zone(lire, contrat, period, np.where(soumise, percentile, np.nan), soumise)
            patients = contrat("patientele_au_seuil", period)
            lire.pris_en_compte("patientele_au_seuil", soumise)
            assez = (patients >= 0) & (patients >= haut)
            trop_peu = (patients >= 0) & (patients < bas)
            connue = np.asarray(zone) != Zone.non_renseignee.index
            ouverte = admise & (~soumise | assez)
            regroupe, peut_etre = _regroupe_en_zac(contrat, period, lire, en_zac & ~ouverte)
        refusee = ~admise | (soumise & trop_peu)
        return verdict(
            remplie=vise & (ouverte | regroupe),
            non_remplie=vise & connue & refusee & ~peut_etre,
            sans_objet=~vise,
        )


def _regroupe_en_zac(contrat, period, lire, en_zac):
    """(surely, perhaps) a grouped doctor of a ZAC, where D5 opens the full time to them whatever their patients."""
    if not en_zac.any():
        return en_zac, en_zac
    with lire.seulement(en_zac):
        signature, medecins = contrat("date_signature", period), contrat("nombre_medecins_lieu", period)
        minimum = lire.nombre("eligibilite.exercice_regroupe.nombre_medecins_minimum", signature)
        possible = en_zac & ((medecins < 0) | (medecins >= minimum))
        ouvre = (
            lecture_suivie(lire, "d5", contrat("lecture_d5", period), signature, possible) == LectureTranchee.b.index
        )
    return ouvre & (medecins >= 0), ouvre & (medecins < 0)


def mediane_de_zone(lire, contrat, period, percentile, quand):
    """Bounds of the percentile asked in ZAC, on the indicator of the activity threshold (MT for GPs, else FA)."""
    signature = contrat("date_signature", period)
    specialite = np.asarray(contrat("specialite", period))
    distribution = distribution_applicable(lire, signature)
    generaliste = est_generaliste(contrat, period)
    inconnu = hors_distribution(lire, contrat, period, signature, quand=quand)
    mt = lire_percentile(
        lire, percentile, distribution, specialite, "patientele_mt", quand=quand & generaliste, sauf=inconnu
    )
    fa = lire_percentile(lire, percentile, distribution, specialite, "file_active", quand=quand & ~generaliste)
    return np.where(generaliste, mt[0], fa[0]), np.where(generaliste, mt[1], fa[1])
