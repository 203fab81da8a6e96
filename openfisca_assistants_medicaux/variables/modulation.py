"""What part of the maximum is paid, from year 3, by the results against the objectives."""

import numpy as np
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit
from openfisca_core.variables import Variable

from openfisca_assistants_medicaux.arithmetique import division_arrondie, zero_si_inconnu
from openfisca_assistants_medicaux.certitude import Certitude, deduite, source
from openfisca_assistants_medicaux.conditions import en_enum, est, selon
from openfisca_assistants_medicaux.entities import Annuite
from openfisca_assistants_medicaux.lecture import Lecteur, calcul_partage
from openfisca_assistants_medicaux.nomenclatures import NON_DETERMINE, Dispositif, Reponse, StatutIndicateur

ETATS = ("atteint", "stable", "baisse")
DEUX_INDICATEURS = [f"modulation.deux_indicateurs.file_active_{fa}.patientele_mt_{mt}" for fa in ETATS for mt in ETATS]
UN_INDICATEUR = [f"modulation.un_indicateur.file_active_{fa}" for fa in ETATS]

INCONNU = StatutIndicateur.indeterminee.index
BAISSE = StatutIndicateur.baisse.index
STABLE = StatutIndicateur.stable.index
ATTEINT = StatutIndicateur.atteint.index
MAINTENU = StatutIndicateur.maintenu.index
SANS_OBJET = StatutIndicateur.sans_objet.index


def statut_indicateur(resultat, base, cible, borne):
    """Status of a result: below the base, target reached, in between, or kept while the target is unknown.

    All in patients, -1 unknown. `borne` is the largest gain the target may ask for: at base + borne, it is reached.
    """
    connu = (resultat >= 0) & (base >= 0)
    certaine = np.where(cible >= 0, cible, np.where(borne >= 0, base + borne, NON_DETERMINE))
    atteint = (certaine >= 0) & (resultat >= certaine)
    statut = np.where(atteint, ATTEINT, np.where(cible >= 0, STABLE, MAINTENU))
    return np.where(connu, np.where(resultat < base, BAISSE, statut), INCONNU)


def meilleur_taux(resultats, bases, cibles):
    """Best attainment rate (result − base) / (target − base) of several indicators, as exact numerator and denominator.

    Only meaningful where every indicator is stable: base <= result < target.
    """
    numerateur = np.zeros(len(resultats[0]), dtype=np.int64)
    denominateur = np.ones(len(resultats[0]), dtype=np.int64)
    for resultat, base, cible in zip(resultats, bases, cibles, strict=True):
        gagne, a_gagner = np.maximum(resultat - base, 0), np.maximum(cible - base, 1)
        mieux = gagne * denominateur > numerateur * a_gagner
        numerateur = np.where(mieux, gagne, numerateur)
        denominateur = np.where(mieux, a_gagner, denominateur)
    return numerateur, denominateur


class statut_patientele_mt(Variable):
    value_type = Enum
    possible_values = StatutIndicateur
    default_value = StatutIndicateur.indeterminee
    entity = Annuite
    definition_period = DateUnit.DAY
    label = "Résultat de patientèle médecin traitant, comparé à la base et à l'objectif"
    reference = "Fiche URPS, tableau « Atteinte de l'objectif individuel »"

    @source(Certitude.secondaire)
    def formula(annuite, period):
        """Le résultat comparé à la base et à l'objectif ; sans objet quand l'indicateur n'est pas suivi."""
        statut = _statut(annuite, period, "patientele_mt", "base_patientele_mt")
        suivi = annuite.contrat("suit_patientele_mt", period)
        return en_enum(np.where(suivi, statut, SANS_OBJET), StatutIndicateur)


class statut_file_active(Variable):
    value_type = Enum
    possible_values = StatutIndicateur
    default_value = StatutIndicateur.indeterminee
    entity = Annuite
    definition_period = DateUnit.DAY
    label = "Résultat de file active, comparé à la base et à l'objectif"
    reference = "Fiche URPS, tableau « Atteinte de l'objectif individuel »"

    @source(Certitude.secondaire)
    def formula(annuite, period):
        """Le résultat comparé à la base et à l'objectif ; suivi pour toutes les spécialités."""
        return en_enum(_statut(annuite, period, "file_active", "file_active"), StatutIndicateur)


def _statut(annuite, period, indicateur, base):
    resultat = annuite(f"resultat_{indicateur}", period).astype(np.int64)
    if not (resultat >= 0).any():
        # No result at all (a planned contract, a whole batch of them): nothing to compare.
        Lecteur(annuite, period).pris_en_compte(f"statut_{indicateur}", np.zeros(len(resultat), dtype=bool))
        return np.full(len(resultat), INCONNU)
    Lecteur(annuite, period).pris_en_compte(f"statut_{indicateur}", resultat >= 0)
    return statut_indicateur(
        resultat,
        annuite.contrat(base, period).astype(np.int64),
        annuite.contrat(f"cible_{indicateur}", period).astype(np.int64),
        annuite.contrat(f"borne_gain_{indicateur}", period).astype(np.int64),
    )


class annuite_evaluee(Variable):
    value_type = bool
    entity = Annuite
    definition_period = DateUnit.DAY
    label = "L'aide de l'année dépend des résultats"
    reference = "Avenant 7, art. 9-5-2-2 (« à partir de la troisième année ») ; arbitrages C6, C14, D14"

    def formula(annuite, period):
        """Dès la première année vérifiée, puis chaque année ; toute année d'un contrat renouvelé."""
        lire = Lecteur(annuite, period)
        dates = annuite("date_des_regles_annuite", period)
        collectif = annuite.contrat("dispositif", period) == Dispositif.collectif
        premiere = np.where(
            collectif,
            lire.nombre("aide_collective.premiere_annee_verifiee", dates, quand=collectif),
            lire.nombre("objectifs.premiere_annee_verifiee", dates, quand=~collectif),
        )
        renouvele = annuite.contrat("renouvellement", period)
        lire.pris_en_compte("troisieme_annee_et_suivantes", renouvele)
        suite = annuite("troisieme_annee_et_suivantes", period)
        # Where the first evaluated year is not known (NaN), the year counts as evaluated: its result is undetermined.
        return ~(annuite("rang", period) < premiere) | (renouvele & suite)


class taux_numerateur(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Annuite
    definition_period = DateUnit.DAY
    label = "Part de l'aide versée, numérateur exact ; -1 : non déterminée"
    reference = "Fiche URPS, tableau « Atteinte de l'objectif individuel » ; arbitrages C10, D8, D11, D12, D19"

    def formula(annuite, period):
        """Selon la table des résultats ; à partir du P95, tout ou rien."""
        return calcul_partage(annuite, period, "part_versee", None, lambda: part_versee(annuite, period))[0]


class taux_denominateur(Variable):
    value_type = int
    default_value = 1
    entity = Annuite
    definition_period = DateUnit.DAY
    label = "Part de l'aide versée, dénominateur exact"
    reference = "Fiche URPS, tableau « Atteinte de l'objectif individuel » ; arbitrages C10, D8, D11, D12, D19"

    @deduite
    def formula(annuite, period):
        """Selon la table des résultats ; à partir du P95, tout ou rien."""
        return calcul_partage(annuite, period, "part_versee", "taux_numerateur", lambda: part_versee(annuite, period))[
            1
        ]


class taux_modulation(Variable):
    value_type = float
    default_value = -1.0
    entity = Annuite
    definition_period = DateUnit.DAY
    label = "Part de l'aide versée (taux, pour affichage) ; -1 : non déterminée"

    @deduite
    def formula(annuite, period):
        """La fraction exacte, en décimal."""
        return annuite("taux_numerateur", period) / annuite("taux_denominateur", period)


def part_versee(annuite, period):
    """(numerator, denominator) of the part paid: the fund's decision, or the rules' (see `part_des_regles`)."""
    numerateur, denominateur = part_des_regles(annuite, period)
    decide = annuite("taux_decide_numerateur", period).astype(np.int64)
    if not (decide >= 0).any():
        return numerateur, denominateur
    par_la_caisse = (decide >= 0) & annuite("annuite_evaluee", period)
    diviseur = np.maximum(annuite("taux_decide_denominateur", period).astype(np.int64), 1)
    return np.where(par_la_caisse, decide, numerateur), np.where(par_la_caisse, diviseur, denominateur)


def part_des_regles(annuite, period):
    """(numerator, denominator) of the part paid; numerator -1 when undetermined.

    1 in years 1 and 2. From year 3: the table of the règlement arbitral by the status of each indicator; at P95 and
    above, all or nothing; undetermined while the objectives are suspended with the contract.
    """
    lire = Lecteur(annuite, period)
    dates = annuite("date_des_regles_annuite", period)
    evaluee = annuite("annuite_evaluee", period)
    fa = np.asarray(annuite("statut_file_active", period))
    mt = np.asarray(annuite("statut_patientele_mt", period))
    p95 = annuite.contrat("patientele_au_moins_p95", period)
    suspendus = annuite("objectifs_suspendus", period)
    # A year opened before an admitted switch had another objective: the switched one does not judge it (E7).
    bascule_admise = annuite.contrat("bascule_admise", period)
    avant_bascule = bascule_admise & (annuite("debut_annuite", period) < annuite.contrat("date_bascule", period))
    mesure = evaluee & ~suspendus & ~avant_bascule & ((fa != INCONNU) | ((mt != INCONNU) & (mt != SANS_OBJET)))
    for nom in ("statut_file_active", "statut_patientele_mt", "patientele_au_moins_p95"):
        lire.pris_en_compte(nom, mesure)
    lire.pris_en_compte("objectifs_suspendus", evaluee)
    if not mesure.any():
        return np.where(evaluee, NON_DETERMINE, 1), np.ones(len(evaluee), dtype=np.int64)

    un_seul = mt == SANS_OBJET
    une_baisse = (fa == BAISSE) | (mt == BAISSE)
    aucune_baisse = (fa != INCONNU) & (mt != INCONNU) & ~une_baisse

    # P95 and above: the fixed amount, unless an indicator fell.
    sans = lire.nombre("modulation.p95_plus.sans_baisse", dates, quand=mesure & aucune_baisse & est(p95, Reponse.oui))
    avec = lire.nombre("modulation.p95_plus.avec_baisse", dates, quand=mesure & une_baisse & est(p95, Reponse.oui))
    taux_p95 = np.where(une_baisse, avec, np.where(aucune_baisse, sans, np.nan))

    # The table of everyone else. An unknown target counts as stable only beside a target that is reached.
    a_atteint = (fa == ATTEINT) | (mt == ATTEINT)
    decidable = une_baisse | (aucune_baisse & (a_atteint | ((fa == STABLE) & (un_seul | (mt == STABLE)))))
    ligne, colonne = _case(fa, une_baisse), _case(mt, une_baisse)
    hors_p95 = mesure & decidable & ~est(p95, Reponse.oui)
    deux = lire.table(DEUX_INDICATEURS, ligne * len(ETATS) + colonne, dates, quand=hors_p95 & ~un_seul)
    seul = lire.table(UN_INDICATEUR, ligne, dates, quand=hors_p95 & un_seul)
    case = np.where(un_seul, seul, deux)

    # A word in the table (« prorata ») reads as infinity; an unknown cell as NaN.
    au_prorata = decidable & np.isinf(case)
    numerateur = np.where(decidable & np.isfinite(case), case, NON_DETERMINE)
    denominateur = np.ones(len(fa), dtype=np.int64)
    numerateur[au_prorata], denominateur[au_prorata] = prorata(annuite, period, au_prorata, un_seul)

    connu_p95 = ~np.isnan(taux_p95)
    numerateur_p95 = np.where(connu_p95, zero_si_inconnu(taux_p95), NON_DETERMINE)
    meme = (numerateur_p95 * denominateur == numerateur) & connu_p95
    numerateur, denominateur = (
        selon([est(p95, Reponse.oui), est(p95, Reponse.non) | meme], [numerateur_p95, numerateur], NON_DETERMINE),
        np.where(est(p95, Reponse.oui), 1, denominateur),
    )
    numerateur = np.where(mesure, numerateur, NON_DETERMINE)
    denominateur = np.where(numerateur >= 0, denominateur, 1)
    return np.where(evaluee, numerateur, 1).astype(np.int64), np.where(mesure, denominateur, 1).astype(np.int64)


def prorata(annuite, period, lignes, un_seul):
    """Best attainment rate (numerator, denominator) of the rows selected by the mask `lignes`."""
    colonnes = [
        annuite("resultat_file_active", period),
        annuite("resultat_patientele_mt", period),
        annuite.contrat("file_active", period),
        annuite.contrat("base_patientele_mt", period),
        annuite.contrat("cible_file_active", period),
        annuite.contrat("cible_patientele_mt", period),
    ]
    resultat_fa, resultat_mt, base_fa, base_mt, cible_fa, cible_mt = (c[lignes].astype(np.int64) for c in colonnes)
    lire = Lecteur(annuite, period)
    for nom in ("file_active", "base_patientele_mt", "cible_file_active", "cible_patientele_mt"):
        lire.pris_en_compte(nom, lignes)
    seul = un_seul[lignes]
    return meilleur_taux(
        [resultat_fa, np.where(seul, 0, resultat_mt)],
        [base_fa, np.where(seul, 0, base_mt)],
        [cible_fa, np.where(seul, 1, cible_mt)],
    )


def _case(statut, une_baisse):
    """Position of a status in ETATS; when one indicator fell, an unknown other one changes nothing: read as fallen."""
    position = selon([statut == ATTEINT, statut == BAISSE], [0, 2], 1)
    return np.where(une_baisse & ((statut == INCONNU) | (statut == SANS_OBJET)), 2, position)


class montant_du(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Annuite
    definition_period = DateUnit.DAY
    label = "Montant dû pour l'année, résultat et jours dus compris (centimes) ; -1 : non déterminé"
    reference = "Fiche URPS ; arbitrages D10, E4"

    @deduite
    def formula(annuite, period):
        """Maximum × part versée × jours dus, arrondi une seule fois."""
        numerateur = annuite("taux_numerateur", period).astype(np.int64)
        bas, haut = annuite("montant_maximal_bas", period), annuite("montant_maximal_haut", period)
        connus = (bas >= 0) & (haut >= 0) & (numerateur >= 0)
        du = _du(annuite, period, np.where(connus, bas, 0), np.where(connus, numerateur, 0))
        # Two amounts stay possible: firm only when nothing of either is due.
        calcule = np.where(connus & ((bas == haut) | (numerateur == 0)), du, NON_DETERMINE)
        return np.where(aucun_jour_du(annuite, period), 0, calcule)


class montant_prevu(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Annuite
    definition_period = DateUnit.DAY
    label = "Montant prévu pour l'année : le montant dû, ou le maximum tant que le résultat n'est pas connu (centimes)"
    reference = "Arbitrages D10, E4"

    @deduite
    def formula(annuite, period):
        """Le montant dû, ou le maximum tant que le résultat n'est pas connu."""
        du = annuite("montant_du", period)
        maximal = annuite("montant_maximal", period)
        sans_taux = annuite("taux_numerateur", period) < 0
        prevu = _du(annuite, period, np.maximum(maximal, 0), np.ones(len(du), dtype=np.int64))
        return np.where(du >= 0, du, np.where((maximal >= 0) & sans_taux, prevu, NON_DETERMINE))


def aucun_jour_du(annuite, period):
    """Years that follow an early end, or are wholly suspended: nothing is due, whatever the rest."""
    return (annuite("jours_dus", period) == 0) & (annuite("jours_annuite", period) > 0)


def _du(annuite, period, montant, numerateur):
    """Amount (cents) × part paid × days due / days of the year, half up."""
    jours_dus = annuite("jours_dus", period).astype(np.int64)
    jours = np.maximum(annuite("jours_annuite", period).astype(np.int64), 1)
    denominateur = annuite("taux_denominateur", period).astype(np.int64) * jours
    return division_arrondie(montant.astype(np.int64) * numerateur * jours_dus, denominateur)
