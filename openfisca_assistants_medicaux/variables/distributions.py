"""Where the doctor stands in the national distribution: bands and positions.

A percentile may be known only within bounds, so a band is an interval [basse, haute]; a single band when firm.
Two readings, because a contract may have switched rules: the position that fixes the *amounts* is frozen at
signature; the band that fixes the *objective* follows `date_des_regles`.
"""

import numpy as np
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit
from openfisca_core.variables import Variable

from openfisca_assistants_medicaux.certitude import deduite
from openfisca_assistants_medicaux.conditions import en_enum, selon
from openfisca_assistants_medicaux.distributions import distribution_applicable, lire_percentile
from openfisca_assistants_medicaux.entities import Contrat
from openfisca_assistants_medicaux.lecture import Lecteur, calcul_partage
from openfisca_assistants_medicaux.lectures import lecture_suivie
from openfisca_assistants_medicaux.nomenclatures import (
    INDICATEURS,
    NON_DETERMINE,
    Bande,
    Dispositif,
    LectureTranchee,
    Reponse,
    Specialite,
)
from openfisca_assistants_medicaux.variables.patientele import POPULATIONS, patientele_de_la_population

#: Lower limit of each band above `moins_de_p30`, in order.
LIMITES = (30, 50, 70, 90, 95)

#: Those of which no source says whether a doctor who stands exactly there has reached them.
BORNES_ARBITREES = (50, 70)

#: Words of `distributions.indicateur_retenu`.
REGLES_INDICATEUR = {"meilleur": 0, "patientele_mt": 1, "les_deux": 2}


def indicateurs_suivis(lire, contrat, period, dates):
    """(MT is followed, active file is followed) for each contract: by specialty, at `dates`.

    The lists name indicators; position 0 or 1 of a list is enough to tell which of the two it holds.
    """
    specialite = contrat("specialite", period)
    generaliste = (specialite == Specialite.medecine_generale) | (contrat("dispositif", period) == Dispositif.collectif)
    pediatre = specialite == Specialite.pediatrie
    longueurs = {
        nom: lire.longueur(f"objectifs.indicateurs.{nom}", dates, quand=concernes)
        for nom, concernes in (
            ("medecine_generale", generaliste),
            ("pediatrie", pediatre),
            ("autres_specialites", ~generaliste),
        )
    }
    # A list of two is « MT and file active », of one « file active »; a missing list falls back on the general one.
    propre = np.where(generaliste, longueurs["medecine_generale"], np.where(pediatre, longueurs["pediatrie"], -1))
    nombre = np.where(propre > 0, propre, longueurs["autres_specialites"])
    return nombre == len(INDICATEURS), nombre > 0


def hors_distribution(lire, contrat, period, dates, quand=True):
    """Doctors whom the published percentiles leave out: general practitioners of a particular practice (MEP), whose
    threshold and band only the fund knows (docs/arbitrages/d23-mep.md). `quand` says where it matters."""
    generaliste = np.asarray(contrat("specialite", period)) == Specialite.medecine_generale.index
    individuel = np.asarray(contrat("dispositif", period)) == Dispositif.individuel.index
    mep = contrat("mode_exercice_particulier", period) & generaliste & individuel
    compris = lire.nombre("distributions.mep_compris", dates, quand=mep & quand)
    return mep & (compris != 1)


def retenir(regle, mt, file_active):
    """Combine the two indicators' band codes by the rule in force (best, MT alone, or both); arrays of one shape."""
    return selon(
        [regle == REGLES_INDICATEUR["patientele_mt"], regle == REGLES_INDICATEUR["les_deux"]],
        [mt, np.minimum(mt, file_active)],
        np.maximum(mt, file_active),
    )


def encadrer_bande(lire, contrat, period, dates, limites):
    """Number of `limites` surely reached, and possibly reached, by each contract's best indicator at `dates`.

    What is read counts only where the fund notified no band.
    """
    libre = np.asarray(contrat("bande_notifiee", period)) == Bande.non_determinee.index
    specialite = np.asarray(contrat("specialite", period))
    distribution = distribution_applicable(lire, dates)
    population = lire.texte("eligibilite.seuil.population", dates, POPULATIONS)
    suivi_mt, suivi_fa = indicateurs_suivis(lire, contrat, period, dates)
    patients = {
        "patientele_mt": patientele_de_la_population(
            population, contrat("patientele_mt_totale", period), contrat("patientele_mt_adultes_retenue", period)
        ),
        "file_active": contrat("file_active", period),
    }
    donne = {
        "patientele_mt": suivi_mt & (patients["patientele_mt"] >= 0),
        "file_active": suivi_fa & (patients["file_active"] >= 0),
    }
    inconnu = hors_distribution(lire, contrat, period, dates, quand=libre)
    sures, possibles = {}, {}
    for indicateur in INDICATEURS:
        sures[indicateur] = np.zeros(contrat.count, dtype=np.int64)
        possibles[indicateur] = np.zeros(contrat.count, dtype=np.int64)
        for limite in limites:
            bas, haut = lire_percentile(
                lire, limite, distribution, specialite, indicateur, quand=libre & donne[indicateur], sauf=inconnu
            )
            # At a published bound that no source says inclusive, the arbitrage D9 decides.
            egal = donne[indicateur] & (patients[indicateur] == bas) & (bas == haut) & (limite in BORNES_ARBITREES)
            exclue = lire.nombre("distributions.borne_basse_incluse", dates, quand=libre & egal) == 0
            sures[indicateur] += (patients[indicateur] >= haut) & ~(egal & exclue)
            possibles[indicateur] += (patients[indicateur] >= bas) & ~(egal & exclue)
    ecart = (sures["patientele_mt"] != sures["file_active"]) | (possibles["patientele_mt"] != possibles["file_active"])
    partages = libre & ecart & donne["patientele_mt"] & donne["file_active"]
    regle = lire.texte("distributions.indicateur_retenu", dates, REGLES_INDICATEUR, quand=partages)
    # The other reading of arbitrage D7: both indicators must reach the band.
    au_meilleur = partages & (regle == REGLES_INDICATEUR["meilleur"])
    ensemble = lecture_suivie(lire, "d7", contrat("lecture_d7", period), dates, au_meilleur) == LectureTranchee.b.index
    regle = np.where(ensemble, REGLES_INDICATEUR["les_deux"], regle)

    def combiner(codes, sans_rien):
        mt = np.where(donne["patientele_mt"], codes["patientele_mt"], codes["file_active"])
        fa = np.where(donne["file_active"], codes["file_active"], codes["patientele_mt"])
        aucun = ~donne["patientele_mt"] & ~donne["file_active"]
        return np.where(aucun, sans_rien, retenir(regle, mt, fa))

    return combiner(sures, 0), combiner(possibles, len(limites))


class bande_notifiee(Variable):
    value_type = Enum
    possible_values = Bande
    default_value = Bande.non_determinee
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Bande notifiée par la caisse (l'emporte sur la bande calculée)"


class bande_basse(Variable):
    value_type = Enum
    possible_values = Bande
    default_value = Bande.non_determinee
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Bande la plus basse possible du médecin dans la distribution nationale"
    reference = "Avenant 7, art. 9-5-2-2 (« patientèle MT et/ou file active ») ; arbitrages C12, D1, D7, D9"

    def formula(contrat, period):
        """La bande notifiée, sinon les limites sûrement atteintes par l'indicateur retenu."""
        return _bande(contrat, period, 0, principale=None)


class bande_haute(Variable):
    value_type = Enum
    possible_values = Bande
    default_value = Bande.non_determinee
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Bande la plus haute possible du médecin dans la distribution nationale"
    reference = "Avenant 7, art. 9-5-2-2 (« patientèle MT et/ou file active ») ; arbitrages C12, D1, D7, D9"

    @deduite
    def formula(contrat, period):
        """La bande notifiée, sinon les limites peut-être atteintes par l'indicateur retenu."""
        return _bande(contrat, period, 1, principale="bande_basse")


def _bande(contrat, period, borne, principale):
    def calcul():
        lire = Lecteur(contrat, period)
        return encadrer_bande(lire, contrat, period, contrat("date_des_regles", period), LIMITES)

    bornes = calcul_partage(contrat, period, "bande", principale, calcul)
    notifiee = np.asarray(contrat("bande_notifiee", period))
    codes = Bande.moins_de_p30.index + bornes[borne]
    return en_enum(np.where(notifiee > 0, notifiee, codes), Bande)


class percentiles_inapplicables(Variable):
    value_type = bool
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Les percentiles publiés ne valent pas pour ce médecin (généraliste MEP) : la bande notifiée décide"
    reference = "Percentiles publiés « hors MEP » ; arbitrage D23"

    def formula(contrat, period):
        """Un généraliste à mode d'exercice particulier, tant qu'aucun texte ne lui applique ceux des autres."""
        return hors_distribution(Lecteur(contrat, period), contrat, period, contrat("date_signature", period))


class patientele_au_moins_p90(Variable):
    value_type = Enum
    possible_values = Reponse
    default_value = Reponse.indeterminee
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Patientèle d'au moins P90 à la signature"
    reference = "ameli, « Ce qui change dès juin 2024 » (P90 à P94) ; arbitrages C12, D1, D7, D9"

    def formula(contrat, period):
        """Oui, non, ou indéterminé dans la marge d'un P90 non publié."""
        return _position(contrat, period, 90, Bande.p90_p95)


class patientele_au_moins_p95(Variable):
    value_type = Enum
    possible_values = Reponse
    default_value = Reponse.indeterminee
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Patientèle d'au moins P95 à la signature"
    reference = "ameli, « Ce qui change dès juin 2024 » (au moins P95) ; arbitrages C4, C12, D1, D7, D9"

    def formula(contrat, period):
        """Oui, non, ou indéterminé dans la marge d'un P95 non publié."""
        return _position(contrat, period, 95, Bande.p95_plus)


def _position(contrat, period, percentile, bande):
    lire = Lecteur(contrat, period)
    sure, possible = encadrer_bande(lire, contrat, period, contrat("date_signature", period), (percentile,))
    notifiee = np.asarray(contrat("bande_notifiee", period))
    individuel = np.asarray(contrat("dispositif", period)) == Dispositif.individuel.index
    calculee = selon(
        [sure == 1, possible == 1],
        [Reponse.oui.index, Reponse.indeterminee.index],
        Reponse.non.index,
    )
    dite = np.where(notifiee >= bande.index, Reponse.oui.index, Reponse.non.index)
    codes = np.where(notifiee > 0, dite, calculee)
    # The collective aid has no high band in the texts read.
    return en_enum(np.where(individuel, codes, Reponse.non.index), Reponse)


class suit_patientele_mt(Variable):
    value_type = bool
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "La patientèle médecin traitant est un indicateur suivi"
    reference = "Brochure CNAM 2019 ; FMF, « effets paradoxaux » (pédiatres)"

    def formula(contrat, period):
        """Les spécialités dont deux indicateurs sont suivis."""
        lire = Lecteur(contrat, period)
        return indicateurs_suivis(lire, contrat, period, contrat("date_des_regles", period))[0]


class percentile_50_patientele_mt(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Médiane nationale de patientèle médecin traitant, quand elle est publiée (patients)"

    def formula(contrat, period):
        """La médiane publiée ; rien si elle n'est qu'encadrée."""
        bas, haut = mediane(contrat, period, "patientele_mt")
        return np.where(bas == haut, bas, NON_DETERMINE)


class percentile_50_file_active(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Médiane nationale de file active, quand elle est publiée (patients)"

    def formula(contrat, period):
        """La médiane publiée ; rien si elle n'est qu'encadrée."""
        bas, haut = mediane(contrat, period, "file_active")
        return np.where(bas == haut, bas, NON_DETERMINE)


def mediane(contrat, period, indicateur):
    """Bounds of the objective percentile of a new doctor (P50) for one indicator."""
    lire = Lecteur(contrat, period)
    dates = contrat("date_des_regles", period)
    collectif = contrat("dispositif", period) == Dispositif.collectif
    percentile = np.where(
        collectif,
        lire.nombre("aide_collective.nouvel_installe.objectif_percentile", dates, quand=collectif),
        lire.nombre("objectifs.nouvel_installe.percentile", dates, quand=~collectif),
    )
    specialite = np.where(collectif, Specialite.medecine_generale.index, np.asarray(contrat("specialite", period)))
    distribution = distribution_applicable(lire, dates)
    return lire_percentile(
        lire,
        percentile,
        distribution,
        specialite,
        indicateur,
        sauf=hors_distribution(lire, contrat, period, dates),
    )
