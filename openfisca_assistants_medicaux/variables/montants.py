"""The maximum amount of each contract year, in cents.

The scale is the one in force on the first day of the contract year: an old contract is uprated at the first
anniversary on or after the change (ameli, « à la date anniversaire »).
"""

import numpy as np
from openfisca_core.periods import DateUnit
from openfisca_core.variables import Variable

from openfisca_assistants_medicaux.arithmetique import MILLION, en_centimes, en_millioniemes, quotient_arrondi
from openfisca_assistants_medicaux.certitude import deduite
from openfisca_assistants_medicaux.conditions import est
from openfisca_assistants_medicaux.entities import Annuite, Contrat
from openfisca_assistants_medicaux.lecture import Lecteur
from openfisca_assistants_medicaux.nomenclatures import NON_DETERMINE, Dispositif, Option, Reponse

OPTIONS = tuple(option.name for option in Option if option.name != "aucune")
ANNEES = ("annee_1", "annee_2", "annee_3_et_suivantes")


def _grille(colonnes):
    """Parameter of each (option, column), flattened; None where no option is chosen."""
    chemins = [None] * (len(Option) * len(colonnes))
    for nom in OPTIONS:
        for rang, colonne in enumerate(colonnes):
            chemins[Option[nom].index * len(colonnes) + rang] = f"montants.{nom}.{colonne}"
    return chemins


PAR_ANNEE = _grille(ANNEES)
P90_P95 = _grille(("bande_p90_p95",))
P95_PLUS = _grille(("bande_p95_plus",))
COLLECTIF = [f"aide_collective.montant_par_etp.{annee}" for annee in ANNEES]


def colonne_de_l_annee(rang, troisieme_et_suivantes):
    """Column of the scale: 0, 1 or 2 for a year 1, 2, or 3 and later."""
    return np.where(troisieme_et_suivantes, 2, np.clip(rang, 1, 3) - 1)


class proportion_du_montant(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Annuite
    definition_period = DateUnit.DAY
    label = "Part du barème due (millionièmes) : quotité libérale, ou nombre d'ETP d'un contrat collectif"
    reference = "Fiche URPS (activité mixte) ; aide collective (par ETP) ; arbitrages D3, D18"

    def formula(annuite, period):
        """La quotité libérale quand le régime la prévoit ; les ETP d'un groupe."""
        collectif = annuite.contrat("dispositif", period) == Dispositif.collectif
        quotite = en_millioniemes(annuite.contrat("quotite_liberale", period))
        mixte = ~collectif & (quotite != MILLION)
        lire = Lecteur(annuite, period)
        signature = annuite.contrat("date_signature", period)
        appliquee = lire.nombre("montants.quotite_liberale", signature, quand=mixte)
        handicap = ~collectif & annuite.contrat("rqth_ald", period)
        ordinaire = lire.nombre("montants.rqth_ald_montants_ordinaires", signature, quand=handicap) == 1
        individuelle = np.where(
            mixte, np.where((appliquee == 1) & (quotite < MILLION), quotite, NON_DETERMINE), MILLION
        )
        individuelle = np.where(handicap & ~ordinaire, NON_DETERMINE, individuelle)
        etp = en_millioniemes(annuite.contrat("etp_demandes", period))
        return np.where(collectif, np.where(etp > 0, etp, NON_DETERMINE), individuelle)


ARRONDIS = {"au_plus_proche": 0, "inferieur": 1}


def en_centimes_entiers(annuite, period, numerateur, denominateur):
    """Cents as a fraction of non-negative integers, rounded as the law is read to (arbitrage D10).

    The rounding is read, and weighs on the certainty, only where the fraction is not a whole number of cents.
    """
    a_arrondir = numerateur % denominateur != 0
    if not a_arrondir.any():
        return numerateur // denominateur
    signature = annuite.contrat("date_signature", period)
    arrondi = Lecteur(annuite, period).texte("montants.arrondi_au_centime", signature, ARRONDIS, quand=a_arrondir)
    return quotient_arrondi(numerateur, denominateur, arrondi == ARRONDIS["inferieur"])


def en_montant(annuite, period, bareme_euros, proportion):
    """Scale (euros, NaN unknown) × proportion (millionths, -1 unknown), in whole cents; -1 when unknown."""
    centimes = en_centimes(bareme_euros)
    connu = (centimes >= 0) & (proportion >= 0)
    produit = np.where(connu, centimes * proportion.astype(np.int64), 0)
    return np.where(connu, en_centimes_entiers(annuite, period, produit, np.full(len(produit), MILLION)), NON_DETERMINE)


def _lire_bareme(annuite, period, chemins, colonnes):
    """Amount by option and column at the first day of the year; a group reads its own scale in any band."""
    lire = Lecteur(annuite, period)
    option = np.asarray(annuite.contrat("option", period)).astype(np.int64)
    nombre_de_colonnes = len(chemins) // len(Option)
    # Only the first column of a one-column scale; the collective scale follows the individual ones.
    cle = option * nombre_de_colonnes + np.minimum(colonnes, nombre_de_colonnes - 1)
    collectif = annuite.contrat("dispositif", period) == Dispositif.collectif
    cle = np.where(collectif, len(chemins) + colonnes, cle)
    debut = annuite("debut_annuite", period)
    euros = lire.table([*chemins, *COLLECTIF], cle, debut)
    du_contrat = (annuite("rang", period) >= 1) & (debut <= annuite.contrat("date_fin_contrat", period))
    # The scale itself pays « la troisième année et les suivantes »: the term only takes a year away.
    lire.pris_en_compte("date_fin_contrat", ~du_contrat)
    return np.where(
        du_contrat, en_montant(annuite, period, euros, annuite("proportion_du_montant", period)), NON_DETERMINE
    )


class montant_bande_ordinaire(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Annuite
    definition_period = DateUnit.DAY
    label = "Montant maximal de l'année sous le P90 (centimes)"
    reference = "Avenant 7, art. 9-5-2-2 ; ameli, « Ce qui change dès juin 2024 » ; aide collective"

    def formula(annuite, period):
        """Le barème de l'année et de l'option, au premier jour de l'annuité."""
        troisieme = annuite("troisieme_annee_et_suivantes", period)
        colonnes = colonne_de_l_annee(annuite("rang", period), troisieme)
        return _lire_bareme(annuite, period, PAR_ANNEE, colonnes)


class montant_bande_p90_p95(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Annuite
    definition_period = DateUnit.DAY
    label = "Montant maximal de l'année de P90 inclus à P95 exclu (centimes)"
    reference = "ameli, « Ce qui change dès juin 2024 » ; Bulletin de l'Ordre n° 74"

    def formula(annuite, period):
        """Relevé à partir de la troisième année ; avant, le montant de tous."""
        troisieme = annuite("troisieme_annee_et_suivantes", period)
        colonnes = colonne_de_l_annee(annuite("rang", period), troisieme)
        releve = _lire_bareme(annuite, period, P90_P95, colonnes)
        ordinaire = annuite("montant_bande_ordinaire", period)
        lire = Lecteur(annuite, period)
        lire.pris_en_compte("montant_bande_ordinaire", ~troisieme)
        return np.where(troisieme, releve, ordinaire)


class montant_bande_p95_plus(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Annuite
    definition_period = DateUnit.DAY
    label = "Montant de l'année à partir du P95 (centimes)"
    reference = "ameli, « Ce qui change dès juin 2024 » ; Bulletin de l'Ordre n° 74 ; fiche URPS"

    def formula(annuite, period):
        """Le même toutes les années ; aucun pour une première année que le barème n'ouvre plus."""
        troisieme = annuite("troisieme_annee_et_suivantes", period)
        colonnes = colonne_de_l_annee(annuite("rang", period), troisieme)
        fixe = _lire_bareme(annuite, period, P95_PLUS, colonnes)
        ferme = ~troisieme & (annuite("montant_bande_ordinaire", period) < 0)
        Lecteur(annuite, period).pris_en_compte("montant_bande_ordinaire", ferme)
        return np.where(ferme, NON_DETERMINE, fixe)


class montant_notifie_annee_1(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Montant de la première année, notifié par la caisse (centimes)"


class montant_notifie_annee_2(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Montant de la deuxième année, notifié par la caisse (centimes)"


class montant_notifie_annee_3_et_suivantes(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Montant de la troisième année et des suivantes, notifié par la caisse (centimes)"


class montant_notifie(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Annuite
    definition_period = DateUnit.DAY
    label = "Montant maximal de l'année, notifié par la caisse (centimes)"
    reference = "Arbitrage D20 (1,5 et 2 ETP : montants saisis)"

    @deduite
    def formula(annuite, period):
        """Celui de l'année du barème ; il est déjà rapporté à la quotité du médecin."""
        troisieme = annuite("troisieme_annee_et_suivantes", period)
        colonnes = colonne_de_l_annee(annuite("rang", period), troisieme)
        notifies = [annuite.contrat(f"montant_notifie_{annee}", period) for annee in ANNEES]
        du_contrat = annuite("debut_annuite", period) <= annuite.contrat("date_fin_contrat", period)
        Lecteur(annuite, period).pris_en_compte("date_fin_contrat", ~du_contrat)
        return np.where(du_contrat, np.choose(colonnes, notifies), NON_DETERMINE)


class montant_maximal_bas(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Annuite
    definition_period = DateUnit.DAY
    label = "Plus petit montant maximal possible de l'année (centimes)"
    reference = "ameli, « Ce qui change dès juin 2024 » ; arbitrages D1, D7"

    @deduite
    def formula(annuite, period):
        """Le montant notifié ; à défaut, celui de la bande la plus basse possible."""
        return _montant_de_la_position(annuite, period, lambda position: est(position, Reponse.oui))


class montant_maximal_haut(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Annuite
    definition_period = DateUnit.DAY
    label = "Plus grand montant maximal possible de l'année (centimes)"
    reference = "ameli, « Ce qui change dès juin 2024 » ; arbitrages D1, D7"

    @deduite
    def formula(annuite, period):
        """Le montant notifié ; à défaut, celui de la bande la plus haute possible."""
        return _montant_de_la_position(annuite, period, lambda position: ~est(position, Reponse.non))


def _montant_de_la_position(annuite, period, atteinte):
    ordinaire = annuite("montant_bande_ordinaire", period)
    releve = annuite("montant_bande_p90_p95", period)
    fixe = annuite("montant_bande_p95_plus", period)
    p90 = atteinte(annuite.contrat("patientele_au_moins_p90", period))
    p95 = atteinte(annuite.contrat("patientele_au_moins_p95", period))
    notifie = annuite("montant_notifie", period)
    libre = notifie < 0
    # What the result rests on: nothing of the scale once the fund told; the position only where it changes the amount.
    lire = Lecteur(annuite, period)
    lire.pris_en_compte("patientele_au_moins_p95", libre & ((fixe != ordinaire) | (fixe != releve)))
    lire.pris_en_compte("patientele_au_moins_p90", libre & ~p95 & (releve != ordinaire))
    lire.pris_en_compte("montant_bande_ordinaire", libre & ~p95 & ~p90)
    lire.pris_en_compte("montant_bande_p90_p95", libre & ~p95 & p90)
    lire.pris_en_compte("montant_bande_p95_plus", libre & p95)
    lire.pris_en_compte("montant_notifie", ~libre)
    return np.where(libre, np.where(p95, fixe, np.where(p90, releve, ordinaire)), notifie)


class montant_maximal(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Annuite
    definition_period = DateUnit.DAY
    label = "Montant maximal de l'annuité (centimes)"
    reference = "Avenant 7, art. 9-5-2-2 ; ameli, « Ce qui change dès juin 2024 » ; arbitrages D1, D20 (1,5 et 2 ETP)"

    @deduite
    def formula(annuite, period):
        """Le montant s'il est seul possible ; rien s'il est inconnu ou si deux restent possibles."""
        bas, haut = annuite("montant_maximal_bas", period), annuite("montant_maximal_haut", period)
        return np.where(bas == haut, bas, NON_DETERMINE)
