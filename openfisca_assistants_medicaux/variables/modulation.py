"""What part of the maximum is paid, from year 3, by the results against the objectives."""

from dataclasses import dataclass

import numpy as np
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit
from openfisca_core.variables import Variable

from openfisca_assistants_medicaux.certitude import Certitude, deduite, source
from openfisca_assistants_medicaux.conditions import en_enum, est, selon
from openfisca_assistants_medicaux.entities import Annuite
from openfisca_assistants_medicaux.lecture import Lecteur, calcul_partage
from openfisca_assistants_medicaux.lectures import lecture_suivie
from openfisca_assistants_medicaux.nomenclatures import (
    NON_DETERMINE,
    Dispositif,
    LectureTranchee,
    RegleAnnuite,
    Reponse,
    StatutIndicateur,
)
from openfisca_assistants_medicaux.parts import (
    BAISSE,
    ETATS,
    INCONNU,
    SANS_OBJET,
    STABLE,
    Entiers,
    Masque,
    Part,
    meilleur_taux,
    positions,
    statut_indicateur,
)
from openfisca_assistants_medicaux.variables.montants import en_centimes_entiers

DEUX_INDICATEURS = [f"modulation.deux_indicateurs.file_active_{fa}.patientele_mt_{mt}" for fa in ETATS for mt in ETATS]
DEUX_OBJECTIFS_EXIGES = [
    f"modulation.deux_objectifs_exiges.file_active_{fa}.patientele_mt_{mt}" for fa in ETATS for mt in ETATS
]
INDICATEUR_DU_PRORATA = {"meilleur_taux": 0, "plus_faible_taux": 1}
TAUX_D_ATTEINTE = {"part_du_gain": 0, "part_de_la_cible": 1}
UN_INDICATEUR = [f"modulation.un_indicateur.file_active_{fa}" for fa in ETATS]


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
    lire = Lecteur(annuite, period)
    lire.pris_en_compte(f"statut_{indicateur}", resultat >= 0)
    with lire.seulement(resultat >= 0):
        reperes = (base, f"cible_{indicateur}", f"borne_gain_{indicateur}")
        return statut_indicateur(resultat, *(annuite.contrat(nom, period).astype(np.int64) for nom in reperes))


class annuite_evaluee(Variable):
    value_type = bool
    entity = Annuite
    definition_period = DateUnit.DAY
    label = "L'aide de l'année dépend des résultats"
    reference = "Avenant 7, art. 9-5-2-2 (« à partir de la troisième année ») ; arbitrages C6, C14, D14, E9"

    def formula(annuite, period):
        """Dès la première année vérifiée, puis chaque année ; toute année d'un contrat renouvelé. Pour le nouvel
        installé sous la médiane, la lecture suivie dit si son délai passe d'abord."""
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
        evaluee = ~(annuite("rang", period) < premiere) | (renouvele & suite)
        return evaluee & ~_delai_en_cours(annuite, period, lire, evaluee & ~collectif & ~renouvele)


def _delai_en_cours(annuite, period, lire, quand):
    """Years of a new doctor that open before the end of the delay, where the evaluation waits for it (E9)."""
    contrat = annuite.contrat
    nouveau = quand & contrat("nouvel_installe", period)
    if not nouveau.any():
        return nouveau
    with lire.seulement(nouveau):
        avant = nouveau & (annuite("debut_annuite", period) < contrat("date_limite_objectif", period))
        vise = avant & contrat("nouvel_installe_sous_la_mediane", period)
        suivie = lecture_suivie(lire, "e9", contrat("lecture_e9", period), contrat("date_signature", period), vise)
    return vise & (suivie == LectureTranchee.b.index)


class taux_numerateur(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Annuite
    definition_period = DateUnit.DAY
    label = "Part de l'aide versée, numérateur exact ; -1 : non déterminée"
    reference = "Fiche URPS, tableau « Atteinte de l'objectif individuel » ; arbitrages C10, D8, D11, D12, D19"

    def formula(annuite, period):
        """Selon la table des résultats ; à partir du P95, tout ou rien."""
        return calcul_partage(annuite, period, "part_versee", None, lambda: part_versee(annuite, period))[0].numerateur


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
        return _partage(annuite, period)[0].denominateur


class regle_annuite(Variable):
    value_type = Enum
    possible_values = RegleAnnuite
    default_value = RegleAnnuite.indeterminee
    entity = Annuite
    definition_period = DateUnit.DAY
    label = "Règle qui a fait la part versée de l'année, ou ce qui manque pour la dire"
    reference = "Fiche URPS, tableau « Atteinte de l'objectif individuel » ; arbitrages C10, D8, D11, D12, D19"

    @deduite
    def formula(annuite, period):
        """La valeur de la case lue dans la table, et non l'état des indicateurs."""
        return en_enum(_partage(annuite, period)[1], RegleAnnuite)


def _partage(annuite, period):
    return calcul_partage(annuite, period, "part_versee", "taux_numerateur", lambda: part_versee(annuite, period))


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
    """(part paid, code of the rule that made it): the fund's decision where it departs from the rules, else theirs."""
    part, regle = part_des_regles(annuite, period)
    decide = annuite("taux_decide_numerateur", period).astype(np.int64)
    if not (decide >= 0).any():
        return part, regle
    with Lecteur(annuite, period).seulement(decide >= 0):
        par_la_caisse = (decide >= 0) & annuite("annuite_evaluee", period)
        decidee = Part(decide, np.maximum(annuite("taux_decide_denominateur", period).astype(np.int64), 1))
    ecart = par_la_caisse & ~decidee.egale(part)
    return decidee.si(par_la_caisse, part), np.where(ecart, RegleAnnuite.decidee.index, regle)


@dataclass(frozen=True)
class Mesure:
    """What the evaluation of each year measures: the status of each indicator, and where results count at all."""

    file_active: Entiers
    patientele_mt: Entiers
    #: Years whose aid depends on results.
    evaluee: Masque
    suspendue: Masque
    #: Opened before an admitted switch: it had another objective, which the switched one does not judge (E7).
    avant_bascule: Masque
    #: Years that some result measures.
    mesuree: Masque

    @property
    def un_seul(self) -> Masque:
        """Only the file active is followed."""
        seul: Masque = self.patientele_mt == SANS_OBJET
        return seul

    @property
    def une_baisse(self) -> Masque:
        """An indicator is below its base."""
        baisse: Masque = (self.file_active == BAISSE) | (self.patientele_mt == BAISSE)
        return baisse

    @property
    def resultat_manquant(self) -> Masque:
        """A followed indicator has no result, or no base."""
        manque: Masque = (self.file_active == INCONNU) | (self.patientele_mt == INCONNU)
        return manque


def mesurer(annuite, period, lire):
    """The measure of each year (see `Mesure`)."""
    evaluee = annuite("annuite_evaluee", period)
    fa = np.asarray(annuite("statut_file_active", period)).astype(np.int64)
    mt = np.asarray(annuite("statut_patientele_mt", period)).astype(np.int64)
    suspendue = evaluee & annuite("objectifs_suspendus", period)
    avant_bascule = annuite.contrat("bascule_admise", period) & (
        annuite("debut_annuite", period) < annuite.contrat("date_bascule", period)
    )
    un_resultat = (fa != INCONNU) | ((mt != INCONNU) & (mt != SANS_OBJET))
    mesuree = evaluee & ~suspendue & ~avant_bascule & un_resultat
    for nom in ("statut_file_active", "statut_patientele_mt"):
        lire.pris_en_compte(nom, mesuree)
    lire.pris_en_compte("objectifs_suspendus", evaluee)
    return Mesure(fa, mt, evaluee, suspendue, avant_bascule, mesuree)


def part_des_regles(annuite, period):
    """(part paid, code of the rule that made it).

    Whole in years 1 and 2. From year 3: the table of results by the status of each indicator; at P95 and above, the
    table of P95; undetermined while the objectives are suspended with the contract.
    """
    lire = Lecteur(annuite, period)
    mesure = mesurer(annuite, period, lire)
    nombre = len(mesure.evaluee)
    part, regle = Part.inconnue(nombre), np.full(nombre, RegleAnnuite.a_evaluer.index)
    if mesure.mesuree.any():
        with lire.seulement(mesure.mesuree):
            part, regle = _part_mesuree(annuite, period, lire, mesure)
    ailleurs = [~mesure.evaluee, mesure.suspendue, mesure.avant_bascule, ~mesure.mesuree]
    regles = ("sans_verification", "objectifs_suspendus", "avant_bascule", "a_evaluer")
    regle = selon(ailleurs, [RegleAnnuite[nom].index for nom in regles], regle)
    entiere = Part(np.where(mesure.evaluee, NON_DETERMINE, 1), np.ones(nombre, dtype=np.int64))
    return part.si(mesure.mesuree, entiere), regle


@dataclass(frozen=True)
class Lue:
    """What a table of results says: the part, and where it is a prorata or the fixed amount of P95."""

    part: Part
    au_prorata: Masque
    fixe: Masque
    #: The table depends on a position against P95 that is not known.
    bande_inconnue: Masque

    def si(self, quand: Masque, sinon: "Lue") -> "Lue":
        """This one where `quand`, else `sinon`."""
        return Lue(
            self.part.si(quand, sinon.part),
            np.where(quand, self.au_prorata, sinon.au_prorata),
            np.where(quand, self.fixe, sinon.fixe),
            np.where(quand, self.bande_inconnue, sinon.bande_inconnue),
        )


def _part_mesuree(annuite, period, lire, mesure):
    """(part, rule) of the years that results measure, by the tables of the reading that each contract follows."""
    dates = annuite("date_des_regles_annuite", period)
    muet = Lecteur(annuite, period)
    muet.trace = False
    ouverte = mesure.mesuree & ~mesure.un_seul & (_lecture(annuite, period, muet, dates, mesure.mesuree) >= 0)
    if not ouverte.any():
        lue = un_objectif_suffit(annuite, period, lire, mesure, dates, mesure.mesuree)
    else:
        # Both readings, in silence: the default weighs on the certainty only where the choice changes the part.
        une = un_objectif_suffit(annuite, period, muet, mesure, dates, mesure.mesuree)
        deux = deux_objectifs_exiges(annuite, period, muet, mesure, dates, ouverte)
        differe = ouverte & ~une.part.egale(deux.part)
        _lecture(annuite, period, lire, dates, differe)
        exiges = ouverte & (_lecture(annuite, period, muet, dates, ouverte) == LectureTranchee.a.index)
        lue = un_objectif_suffit(annuite, period, lire, mesure, dates, mesure.mesuree & ~exiges)
        lue = deux_objectifs_exiges(annuite, period, lire, mesure, dates, exiges).si(exiges, lue)
    for nom in ("file_active", "base_patientele_mt", "cible_file_active", "cible_patientele_mt"):
        lire.pris_en_compte(nom, lue.au_prorata)
    return lue.part, _regle_lue(annuite, period, lire, mesure, lue)


def _lecture(annuite, period, lire, dates, quand):
    """The reading that each year of `quand` follows: D12 for an individual contract, D19 for a group."""
    collectif = annuite.contrat("dispositif", period) == Dispositif.collectif
    individuelle, du_groupe = (
        lecture_suivie(lire, point, annuite.contrat(f"lecture_{point}", period), dates, quand & lignes)
        for point, lignes in (("d12", ~collectif), ("d19", collectif))
    )
    return np.where(collectif, du_groupe, individuelle)


def _regle_lue(annuite, period, lire, mesure, lue):
    """Code of the rule, from the value that was read; where no part is known, from what is missing."""
    part = lue.part
    connue, tout = part.numerateur >= 0, part.numerateur == part.denominateur
    gains = [annuite.contrat(f"gain_{nom}", period) for nom in ("file_active", "patientele_mt")]
    for nom in ("gain_file_active", "gain_patientele_mt"):
        # Only to say what is missing: no amount rests on it.
        lire.pris_en_compte(nom, np.zeros(len(connue), dtype=bool))
    conditions = {
        "au_prorata": connue & lue.au_prorata,
        "fixe": connue & tout & lue.fixe,
        "entiere": connue & tout,
        "nulle": part.numerateur == 0,
        "partielle": connue,
        # At P95 and above, no objective makes the part.
        "objectif_inconnu": ~lue.fixe & ((gains[0] < 0) | (~mesure.un_seul & (gains[1] < 0))),
        "resultat_manquant": mesure.resultat_manquant,
        "bande_inconnue": lue.bande_inconnue,
    }
    codes = [RegleAnnuite[nom].index for nom in conditions]
    return selon(list(conditions.values()), codes, RegleAnnuite.indeterminee.index)


def deux_objectifs_exiges(annuite, period, lire, mesure, dates, quand):
    """Both objectives are asked for, at P95 and above too: the prorata as soon as one is missed."""
    part, au_prorata = part_de_la_table(annuite, period, lire, mesure, dates, quand, DEUX_OBJECTIFS_EXIGES)
    aucun = np.zeros(len(quand), dtype=bool)
    return Lue(part, au_prorata, aucun, aucun)


def un_objectif_suffit(annuite, period, lire, mesure, dates, quand):
    """The table of the règlement arbitral: one objective is enough; at P95 and above, the fixed amount."""
    p95 = annuite.contrat("patientele_au_moins_p95", period)
    lire.pris_en_compte("patientele_au_moins_p95", quand)
    surement, jamais = est(p95, Reponse.oui), est(p95, Reponse.non)
    fixe = part_a_partir_du_p95(lire, mesure, dates, quand & ~jamais)
    table, au_prorata = part_de_la_table(annuite, period, lire, mesure, dates, quand & ~surement, DEUX_INDICATEURS)
    part = fixe.si(surement, table.si(jamais | fixe.egale(table), Part.inconnue(len(quand))))
    return Lue(part, au_prorata & ~surement, surement, ~surement & ~jamais)


def part_a_partir_du_p95(lire, mesure, dates, quand):
    """The table of P95: by whether an indicator fell; undetermined where it cannot be told."""
    aucune_baisse = ~mesure.une_baisse & ~mesure.resultat_manquant
    sans = lire.nombre("modulation.p95_plus.sans_baisse", dates, quand=quand & aucune_baisse)
    avec = lire.nombre("modulation.p95_plus.avec_baisse", dates, quand=quand & mesure.une_baisse)
    return Part.du_taux(selon([mesure.une_baisse, aucune_baisse], [avec, sans], np.nan))


def part_de_la_table(annuite, period, lire, mesure, dates, quand, deux_indicateurs):
    """(part, is it a prorata) by the cell of the table of results; undetermined where possible cells differ.

    `deux_indicateurs` names the nine cells of the table read when both indicators are followed.
    """
    lignes, colonnes = positions(mesure.file_active), positions(mesure.patientele_mt)
    deux = lire_case(lire, deux_indicateurs, lignes, colonnes, dates, quand & ~mesure.un_seul)
    seul = lire_case(lire, UN_INDICATEUR, lignes, None, dates, quand & mesure.un_seul)
    case = np.where(mesure.un_seul, seul, deux)
    # A word in the table (« prorata ») reads as infinity: it needs the targets and results of both indicators.
    sure = (lignes[0] == lignes[1]) & (mesure.un_seul | (colonnes[0] == colonnes[1]))
    au_prorata = quand & np.isinf(case) & sure
    part = Part.du_taux(case)
    return prorata(annuite, period, lire, mesure, au_prorata).si(au_prorata, part), au_prorata


def lire_case(lire, chemins, lignes, colonnes, dates, quand):
    """Value of the cell that each row reads; NaN where several cells are possible and do not say the same.

    `lignes` and `colonnes` are the (first, last) positions in ETATS that the two indicators may hold; `colonnes` is
    None for the table of a single indicator.
    """
    largeur = 1 if colonnes is None else len(ETATS)
    gauche, droite = (0, 0) if colonnes is None else colonnes
    case = lire.table(chemins, lignes[0] * largeur + gauche, dates, quand=quand)
    if not (quand & ((lignes[0] < lignes[1]) | (gauche < droite))).any():
        return case
    accord = np.ones(len(case), dtype=bool)
    for ligne in range(len(ETATS)):
        for colonne in range(largeur):
            possible = quand & (lignes[0] <= ligne) & (ligne <= lignes[1]) & (gauche <= colonne) & (colonne <= droite)
            autre = possible & ((ligne > lignes[0]) | (colonne > gauche))
            if autre.any():
                valeur = lire.table(chemins, np.full(len(case), ligne * largeur + colonne), dates, quand=autre)
                accord &= ~autre | (valeur == case)
    return np.where(accord, case, np.nan)


def prorata(annuite, period, lire, mesure, lignes):
    """Best attainment rate of the objectives that are not reached, on the rows of the mask `lignes`.

    A group follows the indicator that its own rule names.
    """
    if not lignes.any():
        return Part.inconnue(len(lignes))
    with lire.seulement(lignes):
        du_groupe = lignes & (annuite.contrat("dispositif", period) == Dispositif.collectif)
        dates = annuite("date_des_regles_annuite", period)
        regle = lire.texte("aide_collective.prorata", dates, INDICATEUR_DU_PRORATA, quand=du_groupe)
        taux = lire.texte("modulation.taux_d_atteinte", dates, TAUX_D_ATTEINTE, quand=lignes)
        resultats = [annuite(f"resultat_{nom}", period).astype(np.int64) for nom in ("file_active", "patientele_mt")]
        bases = [annuite.contrat(nom, period).astype(np.int64) for nom in ("file_active", "base_patientele_mt")]
        cibles = [annuite.contrat(f"cible_{nom}", period).astype(np.int64) for nom in ("file_active", "patientele_mt")]
    return meilleur_taux(
        resultats,
        bases,
        cibles,
        [statut == STABLE for statut in (mesure.file_active, mesure.patientele_mt)],
        du_groupe & (regle == INDICATEUR_DU_PRORATA["plus_faible_taux"]),
        taux == TAUX_D_ATTEINTE["part_de_la_cible"],
    )


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
    """Amount (cents) × part paid × days due / days of the year, in whole cents."""
    jours_dus = annuite("jours_dus", period).astype(np.int64)
    jours = np.maximum(annuite("jours_annuite", period).astype(np.int64), 1)
    denominateur = annuite("taux_denominateur", period).astype(np.int64) * jours
    return en_centimes_entiers(annuite, period, montant.astype(np.int64) * numerateur * jours_dus, denominateur)
