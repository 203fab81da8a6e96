"""The activity threshold and its derogations."""

import numpy as np
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit
from openfisca_core.variables import Variable

from openfisca_assistants_medicaux.arithmetique import MILLION, en_millioniemes, zero_si_inconnu
from openfisca_assistants_medicaux.calendrier import ajouter_mois_si_connu, renseignee
from openfisca_assistants_medicaux.certitude import deduite
from openfisca_assistants_medicaux.conditions import est, selon, verdict
from openfisca_assistants_medicaux.distributions import INFINI, distribution_applicable, lire_percentile
from openfisca_assistants_medicaux.entities import Contrat
from openfisca_assistants_medicaux.lecture import Lecteur, calcul_partage
from openfisca_assistants_medicaux.lectures import lecture_suivie
from openfisca_assistants_medicaux.nomenclatures import (
    NON_DETERMINE,
    Bande,
    Condition,
    LectureTranchee,
    Reponse,
    Specialite,
)
from openfisca_assistants_medicaux.variables.distributions import LIMITES, hors_distribution
from openfisca_assistants_medicaux.variables.eligibilite.medecin import est_collectif
from openfisca_assistants_medicaux.variables.patientele import POPULATIONS, patientele_de_la_population


class nouvel_installe(Variable):
    value_type = bool
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Nouvel installé à la signature"
    reference = "Fiche URPS (« primo-installés ») ; arbitrages D6, C11"

    def formula(contrat, period):
        """Comme déclaré, sinon installé depuis strictement moins que l'ancienneté maximale à la signature."""
        lire = Lecteur(contrat, period)
        signature = contrat("date_signature", period)
        installation = contrat("date_installation", period)
        declare = contrat("nouvel_installe_declare", period)
        collectif = est_collectif(contrat, period)
        a_calculer = est(declare, Reponse.indeterminee) & renseignee(installation)
        mois = np.where(
            collectif,
            lire.nombre("aide_collective.nouvel_installe.anciennete_max", signature, quand=a_calculer & collectif),
            lire.nombre(
                "eligibilite.derogations.nouvel_installe_anciennete_max", signature, quand=a_calculer & ~collectif
            ),
        )
        fin = ajouter_mois_si_connu(installation, mois)
        return est(declare, Reponse.oui) | (a_calculer & (signature < fin) & (installation <= signature))


class patientele_au_seuil(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Patients comparés au seuil d'activité (médecin traitant, ou file active selon la spécialité)"
    reference = "Brochure CNAM 2019 ; fiche URPS ; arbitrages C2, D4"

    def formula(contrat, period):
        """La patientèle MT du généraliste, la file active des autres ; le total d'un groupe."""
        population = Lecteur(contrat, period).texte(
            "eligibilite.seuil.population", contrat("date_signature", period), POPULATIONS
        )
        mt = patientele_de_la_population(
            population, contrat("patientele_mt_totale", period), contrat("patientele_mt_adultes_retenue", period)
        )
        sur_mt = est_generaliste(contrat, period) | est_collectif(contrat, period)
        return np.where(sur_mt, mt, contrat("file_active", period))


class seuil_notifie(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Seuil d'activité notifié par la caisse (patients) ; il fait foi"


class seuil_activite_bas(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Seuil d'activité, valeur la plus basse possible (patients)"
    reference = "Brochure CNAM 2019 (640, 1 480) ; jhp et PAPS reprenant ameli (775) ; arbitrages C1, C2, D1"

    def formula(contrat, period):
        """Le percentile minimal de la spécialité, publié ou encadré ; multiplié par les adhérents d'un groupe."""
        return calcul_partage(contrat, period, "seuil", None, lambda: _seuil(contrat, period))[0]


class seuil_activite_haut(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Seuil d'activité, valeur la plus haute possible (patients)"
    reference = "Brochure CNAM 2019 (640, 1 480) ; jhp et PAPS reprenant ameli (775) ; arbitrages C1, C2, D1"

    @deduite
    def formula(contrat, period):
        """Égal au plus bas quand le seuil est publié."""
        return calcul_partage(contrat, period, "seuil", "seuil_activite_bas", lambda: _seuil(contrat, period))[1]


def _seuil(contrat, period):
    lire = Lecteur(contrat, period)
    signature = contrat("date_signature", period)
    specialite = contrat("specialite", period)
    collectif = est_collectif(contrat, period)
    generaliste = est_generaliste(contrat, period) & ~collectif
    cardiologue = (np.asarray(specialite) == Specialite.cardiologie_vasculaire.index) & ~collectif
    adherents = contrat("nombre_adherents", period)
    # The fund's own threshold wins, and nothing else is read.
    notifie = contrat("seuil_notifie", period)
    dit = (notifie >= 0) & ~collectif
    generaliste, cardiologue = generaliste & ~dit, cardiologue & ~dit
    inconnu = hors_distribution(lire, contrat, period, signature)
    generaliste &= ~inconnu
    publie = selon(
        [dit, collectif, generaliste, cardiologue],
        [
            notifie.astype(np.float64),
            lire.nombre("aide_collective.seuil_moyenne_mt", signature, quand=collectif)
            * np.where(adherents >= 0, adherents, np.nan),
            lire.nombre("eligibilite.seuil.medecine_generale", signature, quand=generaliste),
            lire.nombre("eligibilite.seuil.cardiologie", signature, quand=cardiologue),
        ],
        np.nan,
    )
    publie = np.where(collectif, publie, _seuil_donne(lire, specialite, signature, ~collectif, sinon=publie))
    percentile = np.where(
        collectif,
        lire.nombre("aide_collective.percentile_minimal", signature, quand=collectif),
        lire.nombre("eligibilite.seuil.percentile_minimal", signature, quand=~collectif & ~dit),
    )
    connu = ~np.isnan(publie)
    if connu.all():
        return publie.astype(np.int64), publie.astype(np.int64)
    # Without a published threshold, the bounds of the specialty's P30; nothing for a group whose members are not told.
    percentile = np.where(collectif | inconnu, np.nan, percentile)
    with lire.seulement(~connu):
        distribution = distribution_applicable(lire, signature)
        bas, haut = lire_percentile(lire, percentile, distribution, np.asarray(specialite), "file_active")
    chiffre = zero_si_inconnu(publie).astype(np.int64)
    return np.where(connu, chiffre, bas), np.where(connu, chiffre, haut)


def _seuil_donne(lire, specialite, signature, quand, sinon):
    """The threshold that an operator gives for a specialty, else `sinon`."""
    specialites = lire.enfants("eligibilite.seuil.par_specialite")
    if not specialites:
        return sinon
    places = np.full(len(Specialite), len(specialites), dtype=np.int64)
    for rang, nom in enumerate(specialites):
        places[Specialite[nom].index] = rang
    chemins = [*(f"eligibilite.seuil.par_specialite.{nom}" for nom in specialites), None]
    donne = lire.table(chemins, places[np.asarray(specialite)], signature, quand=quand)
    return np.where(np.isnan(donne), sinon, donne)


class seuil_activite(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Seuil d'activité, quand il est publié (patients)"
    reference = "Brochure CNAM 2019 (640, 1 480) ; jhp et PAPS reprenant ameli (775)"

    @deduite
    def formula(contrat, period):
        """Rien quand aucune source ne donne le seuil de la spécialité : à demander à la CPAM."""
        bas, haut = contrat("seuil_activite_bas", period), contrat("seuil_activite_haut", period)
        return np.where((bas == haut) & (haut < INFINI), bas, NON_DETERMINE)


class patients_manquants(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Patients qui manquent pour atteindre le seuil d'activité"

    @deduite
    def formula(contrat, period):
        """Zéro au seuil et au-dessus ; rien quand le seuil ou la patientèle est inconnu."""
        seuil, patients = contrat("seuil_activite", period), contrat("patientele_au_seuil", period)
        connu = (seuil >= 0) & (patients >= 0)
        return np.where(connu, np.maximum(seuil - patients, 0), NON_DETERMINE)


class derogation_seuil(Variable):
    value_type = bool
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Dispense du seuil d'activité : nouvel installé, RQTH ou ALD, forte part d'enfants (avenant 7)"
    reference = "Brochure CNAM 2019 ; ReAGJIR (plus de 20 % d'enfants) ; fiche URPS ; arbitrages D6, D18"

    def formula(contrat, period):
        """L'une des dérogations du régime suffit."""
        lire = Lecteur(contrat, period)
        signature = contrat("date_signature", period)
        individuel = ~est_collectif(contrat, period)
        nouveau = contrat("nouvel_installe", period) & individuel
        rqth = contrat("rqth_ald", period) & individuel
        totale, enfants = contrat("patientele_mt_totale", period), contrat("patientele_mt_enfants_retenue", period)
        enfants_connus = individuel & (totale > 0) & (enfants >= 0)
        # The share told serves where the counts are not known.
        dite = contrat("part_enfants", period)
        part_dite = individuel & ~enfants_connus & (dite >= 0)
        muet = Lecteur(contrat, period)
        muet.trace = False
        ecrite = ~np.isnan(muet.nombre("eligibilite.derogations.part_enfants_moins_16", signature))
        # Where no rule reads how many are children, having told it weighs on nothing.
        part = lire.nombre(
            "eligibilite.derogations.part_enfants_moins_16", signature, quand=ecrite & (enfants_connus | part_dite)
        )
        minimum = en_millioniemes(part)
        beaucoup_d_enfants = ~np.isnan(part) & (
            (enfants_connus & (enfants.astype(np.int64) * MILLION > minimum * totale))
            | (part_dite & (en_millioniemes(dite) > minimum))
        )
        admise_nouveau = lire.nombre("eligibilite.derogations.nouvel_installe", signature, quand=nouveau) == 1
        admise_rqth = lire.nombre("eligibilite.derogations.rqth_ald", signature, quand=rqth) == 1
        return (nouveau & admise_nouveau) | (rqth & admise_rqth) | beaucoup_d_enfants


class condition_seuil_activite(Variable):
    value_type = Enum
    possible_values = Condition
    default_value = Condition.indeterminee
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Seuil d'activité : au moins P30 de la spécialité"
    reference = "Avenant 7, art. 9-1 et suivants ; fiche URPS (P30) ; aide collective (moyenne du groupe)"

    def formula(contrat, period):
        """Au moins le seuil, égalité comprise, ou une dérogation ; non publié, la bande notifiée en juge."""
        lire = Lecteur(contrat, period)
        patients = contrat("patientele_au_seuil", period)
        bas, haut = contrat("seuil_activite_bas", period), contrat("seuil_activite_haut", period)
        connus = patients >= 0
        dit = contrat("seuil_notifie", period) >= 0
        notifiee, minimale = _bandes_au_seuil(contrat, period, lire, quand=(bas != haut) | (haut >= INFINI))
        juge = (notifiee > 0) & (minimale > 0)
        atteint = np.where(juge, notifiee >= minimale, connus & (haut >= 0) & (patients >= haut))
        manque = np.where(juge, notifiee < minimale, connus & (patients < bas))
        par_la_file_active, peut_etre = _file_active_au_seuil(contrat, period, lire, manque & ~juge & ~dit)
        atteint, manque = atteint | par_la_file_active, manque & ~par_la_file_active & ~peut_etre
        dispense = contrat("derogation_seuil", period)
        lire.pris_en_compte("derogation_seuil", ~atteint)
        for borne in ("seuil_activite_bas", "seuil_activite_haut"):
            lire.pris_en_compte(borne, ~juge)
        return verdict(remplie=atteint, non_remplie=manque, derogation=dispense)


def _file_active_au_seuil(contrat, period, lire, manque):
    """(reached, perhaps reached) by the file active of a GP under the MT threshold, where D4 reads « et/ou »."""
    patients, aucun = contrat("file_active", period), np.zeros(contrat.count, dtype=bool)
    vise = manque & est_generaliste(contrat, period) & ~est_collectif(contrat, period) & (patients >= 0)
    if not vise.any():
        return aucun, aucun
    signature, specialite = contrat("date_signature", period), np.asarray(contrat("specialite", period))

    def percentile(quand):
        rang = lire.nombre("eligibilite.seuil.percentile_minimal", signature, quand=quand)
        distribution = distribution_applicable(lire, signature)
        return lire_percentile(lire, rang, distribution, specialite, "file_active", quand=quand)

    # What is read weighs only where it counts: first to see where the reading changes the verdict, then on those rows.
    with lire.seulement(vise):
        bas, haut = percentile(aucun)
        possible = vise & (patients >= bas)
        ou = lecture_suivie(lire, "d4", contrat("lecture_d4", period), signature, possible) == LectureTranchee.b.index
        if ou.any():
            percentile(ou)
    return ou & (patients >= haut), ou & (patients < haut)


def _bandes_au_seuil(contrat, period, lire, quand):
    """(code of the band notified, code of the lowest band that reaches the threshold), zero where it cannot judge.

    A band is about the indicator that the fund retained: for every specialty without a published threshold but
    paediatrics, the active file, which is what the threshold compares.
    """
    notifiee = np.where(quand & ~est_collectif(contrat, period), np.asarray(contrat("bande_notifiee", period)), 0)
    percentile = lire.nombre(
        "eligibilite.seuil.percentile_minimal", contrat("date_signature", period), quand=notifiee > 0
    )
    minimale = np.zeros(contrat.count, dtype=np.int64)
    for rang, limite in enumerate(LIMITES, start=1):
        minimale[percentile == limite] = Bande.moins_de_p30.index + rang
    return notifiee, minimale


def est_generaliste(contrat, period):
    """True for general practitioners."""
    return np.asarray(contrat("specialite", period)) == Specialite.medecine_generale.index
