"""How many more patients the doctor commits to: the gain over the base, per indicator.

Order, from the strongest: objective notified by the fund · to be set with the fund (RQTH/ALD) · renewal
(maintenance) · new doctor below the median (P50) · the curve of the specialty and option, when one is given · the
formula of the regime. Where the formula is unknown the gain
is undetermined (-1), and a bound may still be known (`borne_gain_…`).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from openfisca_core.periods import DateUnit
from openfisca_core.variables import Variable

from openfisca_assistants_medicaux.arithmetique import (
    MILLION,
    division_arrondie,
    en_millioniemes,
    fraction_de,
    zero_si_inconnu,
)
from openfisca_assistants_medicaux.certitude import deduite
from openfisca_assistants_medicaux.distributions import INFINI, distribution_applicable, lire_percentile
from openfisca_assistants_medicaux.entities import Contrat
from openfisca_assistants_medicaux.lecture import Lecteur, calcul_partage
from openfisca_assistants_medicaux.lectures import lecture_suivie
from openfisca_assistants_medicaux.nomenclatures import (
    INDICATEURS,
    NON_DETERMINE,
    Bande,
    LectureTranchee,
    Option,
    Specialite,
)
from openfisca_assistants_medicaux.variables.distributions import hors_distribution, mediane
from openfisca_assistants_medicaux.variables.eligibilite.medecin import est_collectif

FORMULES = {"grille_par_bande": 0, "droite_continue": 1}
ARRONDIS = {"entier_inferieur": 0, "au_plus_proche": 1}
BANDES = ("p30_p50", "p50_p70", "p70_p90", "p90_p95", "p95_plus")
#: Options whose objective a curve may give.
COURBES = ("demi_etp", "un_etp", "un_etp_et_demi", "deux_etp")
GRILLE = [None] * (len(Option) * len(BANDES))
for _option in ("tiers_etp", "demi_etp", "un_etp"):
    for _rang, _bande in enumerate(BANDES):
        GRILLE[Option[_option].index * len(BANDES) + _rang] = f"objectifs.av7.taux.{_option}.{_bande}"

Entiers = NDArray[np.int64]


@dataclass(frozen=True)
class Objectif:
    """A gain in patients and its upper bound; -1 where undetermined. Arrays of one shape."""

    gain: Entiers
    borne: Entiers

    @classmethod
    def inconnu(cls, nombre: int) -> "Objectif":
        """`nombre` undetermined objectives."""
        return cls(np.full(nombre, NON_DETERMINE), np.full(nombre, NON_DETERMINE))

    @classmethod
    def ferme(cls, gain: Entiers) -> "Objectif":
        """Firm objectives: the bound is the gain."""
        return cls(gain, gain)

    def si(self, quand: NDArray[np.bool_], sinon: "Objectif") -> "Objectif":
        """This objective where `quand`, else `sinon`."""
        return Objectif(np.where(quand, self.gain, sinon.gain), np.where(quand, self.borne, sinon.borne))


def droite_reglement_arbitral(base, p30, p99, coefficient, arrondi):
    """Gain of the règlement arbitral for 1 ETP: P30 × c × (P99 − base) / (P99 − P30), never below 0.

    `base`, `p30`, `p99` in patients, `coefficient` in millionths, `arrondi` one of ARRONDIS. Reconstructed from two
    published points (docs/arbitrages/e01-arrondi-droite-ra.md).
    """
    numerateur = p30 * coefficient * np.maximum(p99 - base, 0)
    denominateur = MILLION * np.maximum(p99 - p30, 1)
    proche = division_arrondie(numerateur, denominateur)
    return np.where(arrondi == ARRONDIS["au_plus_proche"], proche, numerateur // denominateur)


def objectif_grille(lire, base, option, basse, haute, dates, quand):
    """Avenant 7 grid: the rate of the band × the base, rounded down; bound by the nearest known rate below."""
    taux_ferme = np.full(len(base), np.nan)
    accord = np.ones(len(base), dtype=bool)
    borne = np.full(len(base), np.nan)
    for rang in range(len(BANDES)):
        bande = Bande[BANDES[rang]].index
        possible = (basse <= bande) & (bande <= haute)
        taux = lire.table(GRILLE, option * len(BANDES) + rang, dates, quand=quand & possible & (base >= 0))
        borne = np.where((bande <= basse) & ~np.isnan(taux), taux, borne)
        premier = possible & (bande == basse)
        taux_ferme = np.where(premier, taux, taux_ferme)
        accord &= ~possible | (taux == taux_ferme)
    sous_p30 = basse < Bande.p30_p50.index
    connu = accord & ~np.isnan(taux_ferme) & ~sous_p30 & (base >= 0)
    borne_connue = ~np.isnan(borne) & ~sous_p30 & (base >= 0)
    a_arrondir = (connu & reste_a_arrondir(base, taux_ferme)) | (borne_connue & reste_a_arrondir(base, borne))
    arrondi = lire.texte("objectifs.av7.arrondi", dates, ARRONDIS, quand=quand & a_arrondir)
    gain = np.where(connu, part_de_la_base(base, taux_ferme, arrondi), NON_DETERMINE)
    plafond = np.where(borne_connue, part_de_la_base(base, borne, arrondi), NON_DETERMINE)
    return Objectif(gain, np.where(connu, gain, plafond))


def reste_a_arrondir(base, taux):
    """True where `taux` × `base` is not a whole number of patients: only there does the rounding decide anything."""
    return np.maximum(base, 0) * en_millioniemes(taux) % MILLION != 0


def part_de_la_base(base, taux, arrondi):
    """`taux` × `base`, rounded as the parameter says (down, or to the nearest)."""
    proche = division_arrondie(np.maximum(base, 0) * en_millioniemes(taux), MILLION)
    return np.where(arrondi == ARRONDIS["au_plus_proche"], proche, fraction_de(base, taux))


def objectif_droite(lire, contrat, period, base, indicateur, dates, quand):
    """Règlement arbitral: the line for 1 ETP and MT; maintenance for a half time at P95 and above."""
    option = np.asarray(contrat("option", period))
    generaliste = np.asarray(contrat("specialite", period)) == Specialite.medecine_generale.index
    p95 = np.asarray(contrat("bande_basse", period)) == Bande.p95_plus.index
    demi_p95 = quand & generaliste & (option == Option.demi_etp.index) & p95
    maintien = lire.entier("objectifs.ra.demi_etp.p95", dates, quand=demi_p95)
    gain = np.where(demi_p95, maintien, NON_DETERMINE)
    lire.pris_en_compte("bande_basse", quand & generaliste & ((option == Option.demi_etp.index) | (base >= 0)))
    if indicateur == "patientele_mt":
        temps_plein = quand & generaliste & (option == Option.un_etp.index) & (base >= 0)
        specialite = np.asarray(contrat("specialite", period))
        distribution = distribution_applicable(lire, dates)
        inconnu = hors_distribution(lire, contrat, period, dates, quand=temps_plein)
        p30, p30_haut = lire_percentile(lire, 30, distribution, specialite, indicateur, quand=temps_plein, sauf=inconnu)
        p99 = lire.entier("objectifs.ra.un_etp.p99_patientele_mt", dates, quand=temps_plein)
        coefficient = en_millioniemes(lire.nombre("objectifs.ra.un_etp.coefficient_p30", dates, quand=temps_plein))
        arrondi = lire.texte("objectifs.ra.arrondi", dates, ARRONDIS, quand=temps_plein)
        plafond = lire.entier("objectifs.ra.un_etp.plafond_p95", dates, quand=temps_plein & p95)
        calculable = temps_plein & (p30 == p30_haut) & (p30_haut < INFINI) & (base >= p30) & (p99 >= 0)
        sur_la_droite = droite_reglement_arbitral(
            base, np.where(calculable, p30, 0), np.where(calculable, p99, 1), coefficient, arrondi
        )
        plafonnee = np.where(p95 & (plafond >= 0), np.minimum(sur_la_droite, plafond), sur_la_droite)
        gain = np.where(calculable, plafonnee, gain)
    return Objectif.ferme(gain)


def objectif_courbe(lire, contrat, period, base, indicateur, dates, quand):
    """The gain that the curve of the contract's specialty and option gives from the base; unknown without a curve."""
    specialites = lire.enfants("objectifs.courbes")
    chemins = [
        f"objectifs.courbes.{specialite}.{option}.{indicateur}" for specialite in specialites for option in COURBES
    ]
    places = np.full((len(Specialite), len(Option)), len(chemins), dtype=np.int64)
    for rang, specialite in enumerate(specialites):
        for colonne, option in enumerate(COURBES):
            places[Specialite[specialite].index, Option[option].index] = rang * len(COURBES) + colonne
    cles = places[np.asarray(contrat("specialite", period)), np.asarray(contrat("option", period))]
    connue = quand & (base >= 0)
    gain = lire.courbe([*chemins, None], cles, np.maximum(base, 0), dates, quand=connue)
    return Objectif.ferme(np.where(connue, gain, NON_DETERMINE))


def objectif_collectif(lire, contrat, period, indicateur, dates, quand):
    """Collective aid: a fixed gain per ETP, less the patients already gained under former individual contracts.

    New members (arbitrage E12) bring what they lack to the median, in place of their share of it or beside it.
    """
    par_etp = lire.nombre(f"aide_collective.objectif.{indicateur}_par_etp", dates, quand=quand)
    etp = contrat("etp_demandes", period)
    nouveaux, adherents = contrat("nombre_nouveaux_installes", period), contrat("nombre_adherents", period)
    avec = quand & (nouveaux > 0)
    tranchee = contrat("lecture_e12", period)
    suivie = lecture_suivie(lire, "e12", tranchee, contrat("date_signature", period), avec)
    remplace = avec & (suivie == LectureTranchee.a.index)
    # Members are taken to share the objective evenly: no text says how.
    diviseur = np.where(remplace, np.maximum(adherents, 1), 1).astype(np.int64)
    parts = np.where(remplace, np.maximum(adherents - nouveaux, 0), 1)
    brut = zero_si_inconnu(par_etp).astype(np.int64) * en_millioniemes(etp) * parts // (MILLION * diviseur)
    deja = contrat(f"{indicateur}_deja_gagnee", period)
    deduite = lire.nombre("aide_collective.objectif.deduction_anciens_contrats", dates, quand=quand & (deja != 0)) == 1
    des_nouveaux = np.where(avec, contrat(f"{indicateur}_des_nouveaux_a_gagner", period), 0)
    percentile = lire.nombre("aide_collective.nouvel_installe.objectif_percentile", dates, quand=avec)
    net = np.maximum(brut - np.where(deduite, np.maximum(deja, 0), 0), 0) + np.maximum(des_nouveaux, 0)
    # Former contracts whose gain is not told leave a bound only: what is owed without any deduction.
    gain = np.where(deduite & (deja < 0), NON_DETERMINE, net)
    connu = ~np.isnan(par_etp) & (etp > 0)
    connu &= ~avec | ((des_nouveaux >= 0) & (suivie >= 0) & ~np.isnan(percentile) & (~remplace | (adherents > 0)))
    return Objectif(np.where(connu, gain, NON_DETERMINE), np.where(connu, net, NON_DETERMINE))


def objectif_d_un_nouvel_adherent(contrat, period, indicateur, nouveau):
    """What each new member of a group lacks to the median of one indicator; nothing for those already above it."""
    possible, surement = sous_la_mediane(contrat, period, nouveau)
    bas, haut = mediane(contrat, period, indicateur)
    manque = objectif_nouvel_installe(_base(contrat, period, indicateur), bas, haut, surement).gain
    return possible, np.where(possible, manque, 0)


def objectif_nouvel_installe(base, bas, haut, surement):
    """Reach the median: firm when it is published or surely reached; bounded otherwise.

    Only where the doctor `surement` starts below it: inside the margin of an estimated median, the regime's formula may
    apply instead, and ask for more. An indicator not given stays unknown.
    """
    ecart = np.maximum(haut - base, 0)
    connu = (base >= 0) & surement & (haut < INFINI)
    ferme = connu & ((bas == haut) | (base >= haut))
    return Objectif(np.where(ferme, ecart, NON_DETERMINE), np.where(connu, ecart, NON_DETERMINE))


def _base(contrat, period, indicateur):
    nom = "base_patientele_mt" if indicateur == "patientele_mt" else "file_active"
    return contrat(nom, period).astype(np.int64)


def objectif(contrat, period, indicateur):
    """The objective of one indicator, by the order given at the top of this module."""
    lire = Lecteur(contrat, period)
    dates = contrat("date_des_regles", period)
    base = _base(contrat, period, indicateur)
    collectif = est_collectif(contrat, period)
    suivi = contrat("suit_patientele_mt", period) if indicateur == "patientele_mt" else np.ones(len(base), dtype=bool)

    cible = contrat(f"cible_notifiee_{indicateur}", period)
    gain_notifie = contrat(f"gain_notifie_{indicateur}", period)
    notifie = suivi & ((cible >= 0) | (gain_notifie >= 0))
    libre = suivi & ~notifie
    handicap = libre & contrat("rqth_ald", period) & ~collectif
    a_fixer = handicap & (lire.nombre("objectifs.rqth_ald_a_fixer", dates, quand=handicap) != 0)
    # A doctor partly salaried: the objective is the whole one where the regime says so, else nobody knows.
    mixte = libre & ~a_fixer & ~collectif & (en_millioniemes(contrat("quotite_liberale", period)) != MILLION)
    sans_regle = mixte & (lire.nombre("objectifs.activite_mixte_objectif_entier", dates, quand=mixte) != 1)
    reste = libre & ~a_fixer & ~sans_regle & ~collectif
    renouvele = reste & contrat("renouvellement", period)
    signature, tranchee = contrat("date_signature", period), contrat("lecture_e3", period)
    continue_l_aide = lecture_suivie(lire, "e3", tranchee, signature, renouvele) != LectureTranchee.b.index
    continue_l_aide &= renouvele
    maintien = continue_l_aide & (lire.nombre("objectifs.renouvellement_maintien", dates, quand=continue_l_aide) == 1)
    reste = reste & ~maintien
    possible, surement = sous_la_mediane(contrat, period, contrat("nouvel_installe", period))
    installe = reste & contrat("nouvel_installe", period)
    # A new doctor who already stands above the median follows the rules of all: arbitrage D6.
    partout = lire.nombre("objectifs.nouvel_installe.seulement_sous_la_mediane", dates, quand=installe) == 0
    nouveau = reste & (possible | (installe & partout))
    reste = reste & ~nouveau

    par_courbe = objectif_courbe(lire, contrat, period, base, indicateur, dates, reste)
    donne = reste & (par_courbe.gain >= 0)
    reste = reste & ~donne
    formule = lire.texte("objectifs.formule", dates, FORMULES, quand=reste)
    plafond = lire.texte("objectifs.borne_superieure", dates, FORMULES, quand=reste & (formule < 0))
    par_grille = reste & (formule == FORMULES["grille_par_bande"])
    par_droite = reste & (formule == FORMULES["droite_continue"])
    bornee = reste & (formule < 0) & (plafond == FORMULES["droite_continue"])
    lire.pris_en_compte("nouvel_installe", reste | nouveau | donne)

    # Each rule is computed only if some contract follows it.
    resultat = Objectif.inconnu(len(base))
    if par_grille.any():
        with lire.seulement(par_grille):
            resultat = _par_grille(lire, contrat, period, base, dates, par_grille).si(par_grille, resultat)
    if (par_droite | bornee).any():
        with lire.seulement(par_droite | bornee):
            droite = objectif_droite(lire, contrat, period, base, indicateur, dates, par_droite | bornee)
        # A rule « at most as demanding » leaves only a bound, unless that bound is zero.
        assouplie = Objectif(np.where(droite.gain == 0, 0, NON_DETERMINE), droite.borne)
        resultat = assouplie.si(bornee, droite.si(par_droite, resultat))
    if nouveau.any():
        with lire.seulement(nouveau):
            bas, haut = mediane(contrat, period, indicateur)
        resultat = objectif_nouvel_installe(base, bas, haut, surement).si(nouveau, resultat)
    resultat = par_courbe.si(donne, resultat)
    resultat = Objectif.ferme(np.zeros(len(base), dtype=np.int64)).si(maintien, resultat)
    if collectif.any():
        with lire.seulement(collectif):
            du_groupe = objectif_collectif(lire, contrat, period, indicateur, dates, libre & collectif)
        resultat = du_groupe.si(libre & collectif, resultat)
    ecart_notifie = np.where(base >= 0, np.maximum(cible - base, 0), NON_DETERMINE)
    return Objectif.ferme(np.where(cible >= 0, ecart_notifie, gain_notifie)).si(notifie, resultat)


def _par_grille(lire, contrat, period, base, dates, quand):
    """The avenant 7 grid, by the band of each contract."""
    bandes = [np.asarray(contrat(nom, period)) for nom in ("bande_basse", "bande_haute")]
    for nom in ("bande_basse", "bande_haute"):
        lire.pris_en_compte(nom, quand)
    option = np.asarray(contrat("option", period)).astype(np.int64)
    return objectif_grille(lire, base, option, *bandes, dates, quand)


def objectif_partage(contrat, period, indicateur, principale):
    """The objective, computed once for the gain and its bound."""
    return calcul_partage(
        contrat, period, f"objectif_{indicateur}", principale, lambda: objectif(contrat, period, indicateur)
    )


def sous_la_mediane(contrat, period, nouveau):
    """(may a doctor of `nouveau` stand below the median on a given indicator, does he surely): arbitrage D6."""
    possible, surement = np.zeros(contrat.count, dtype=bool), np.zeros(contrat.count, dtype=bool)
    if nouveau.any():
        for indicateur in INDICATEURS:
            with Lecteur(contrat, period).seulement(nouveau):
                base = _base(contrat, period, indicateur)
                suivi = contrat("suit_patientele_mt", period) if indicateur == "patientele_mt" else True
                bas, haut = mediane(contrat, period, indicateur)
            possible |= suivi & (base >= 0) & (base < haut)
            surement |= suivi & (base >= 0) & (base < bas)
    return nouveau & possible, nouveau & surement


class nouvel_installe_sous_la_mediane(Variable):
    value_type = bool
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Nouvel installé sous la médiane d'un indicateur à la signature : il vise la médiane"
    reference = "Fiche URPS (« primo-installés ») ; arbitrages D6, E9"

    def formula(contrat, period):
        """Nouvel installé, et sous la médiane par un indicateur au moins."""
        return sous_la_mediane(contrat, period, contrat("nouvel_installe", period))[0]


class cible_notifiee_patientele_mt(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Patientèle médecin traitant à atteindre, notifiée par la caisse (patients)"


class cible_notifiee_file_active(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "File active à atteindre, notifiée par la caisse (patients)"


class gain_notifie_patientele_mt(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Patients médecin traitant à gagner, notifiés par la caisse"


class gain_notifie_file_active(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Patients de file active à gagner, notifiés par la caisse"


REFERENCE = (
    "Avenant 7, art. 9-5-2-2 (grille) ; règlement arbitral (formule reconstruite) ; convention 2024 (assouplie, "
    "formule inconnue) ; aide collective ; arbitrages D6, D10, D18, D21, D22, E1, E12"
)


class gain_patientele_mt(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Patients médecin traitant à gagner ; -1 : non déterminé"
    reference = REFERENCE

    def formula(contrat, period):
        """Le gain sur la base, arrondi comme le régime arrondit."""
        return objectif_partage(contrat, period, "patientele_mt", None).gain


class gain_file_active(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Patients de file active à gagner ; -1 : non déterminé"
    reference = REFERENCE

    def formula(contrat, period):
        """Le gain sur la base, arrondi comme le régime arrondit."""
        return objectif_partage(contrat, period, "file_active", None).gain


class borne_gain_patientele_mt(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Patients médecin traitant à gagner, au plus ; -1 : aucune borne connue"
    reference = REFERENCE

    @deduite
    def formula(contrat, period):
        """La borne supérieure du gain ; le gain lui-même s'il est ferme."""
        return objectif_partage(contrat, period, "patientele_mt", "gain_patientele_mt").borne


class borne_gain_file_active(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Patients de file active à gagner, au plus ; -1 : aucune borne connue"
    reference = REFERENCE

    @deduite
    def formula(contrat, period):
        """La borne supérieure du gain ; le gain lui-même s'il est ferme."""
        return objectif_partage(contrat, period, "file_active", "gain_file_active").borne


def _cible(contrat, period, indicateur):
    notifiee = contrat(f"cible_notifiee_{indicateur}", period)
    base, gain = _base(contrat, period, indicateur), contrat(f"gain_{indicateur}", period)
    calculee = np.where((base >= 0) & (gain >= 0), base + gain, NON_DETERMINE)
    return np.where(notifiee >= 0, notifiee, calculee)


class cible_patientele_mt(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Patientèle médecin traitant à atteindre ; -1 : non déterminée"

    @deduite
    def formula(contrat, period):
        """La cible notifiée, sinon la base plus le gain."""
        return _cible(contrat, period, "patientele_mt")


class cible_file_active(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "File active à atteindre ; -1 : non déterminée"

    @deduite
    def formula(contrat, period):
        """La cible notifiée, sinon la base plus le gain."""
        return _cible(contrat, period, "file_active")
