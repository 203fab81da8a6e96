"""The collective contract of 2026: who may sign, for how many ETP."""

import datetime

import numpy as np
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit
from openfisca_core.variables import Variable

from openfisca_assistants_medicaux.arithmetique import en_millioniemes, zero_si_inconnu
from openfisca_assistants_medicaux.calendrier import ABSENTE, ajouter_mois_si_connu, renseignee
from openfisca_assistants_medicaux.certitude import Certitude, source
from openfisca_assistants_medicaux.conditions import verdict
from openfisca_assistants_medicaux.entities import Contrat
from openfisca_assistants_medicaux.lecture import Lecteur
from openfisca_assistants_medicaux.nomenclatures import NON_DETERMINE, SANS_DATE, Condition, FormeJuridique
from openfisca_assistants_medicaux.variables.eligibilite.medecin import est_collectif
from openfisca_assistants_medicaux.variables.objectifs import objectif_d_un_nouvel_adherent


class forme_juridique(Variable):
    value_type = Enum
    possible_values = FormeJuridique
    default_value = FormeJuridique.non_renseignee
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Forme juridique de la société signataire"


class nombre_adherents(Variable):
    # Those of the first day of a contract year, when some came and some left (e13-adherents-qui-entrent-et-sortent.md).
    value_type = int
    default_value = NON_DETERMINE
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Nombre de médecins adhérents au contrat collectif"


class nombre_adherents_refuses(Variable):
    value_type = int
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Adhérents dont le secteur ou la spécialité n'est pas admis"


class nombre_adherents_indetermines(Variable):
    value_type = int
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Adhérents dont le secteur ou la spécialité n'est pas renseigné"


class nombre_adherents_sous_contrat_individuel(Variable):
    value_type = int
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Adhérents dont le contrat individuel n'est pas résilié"


class etp_demandes(Variable):
    value_type = float
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "ETP d'assistants demandés par le groupe"


class nombre_pamsu_docteur_junior(Variable):
    value_type = int
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Médecins adhérents PAMSU accueillant un docteur junior"


class structure_agreee_docteur_junior(Variable):
    value_type = bool
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "La structure est agréée terrain de stage ambulatoire pour les docteurs juniors"


class date_accueil_docteur_junior(Variable):
    value_type = datetime.date
    default_value = SANS_DATE
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Date d'accueil du docteur junior"


class patientele_mt_deja_gagnee(Variable):
    value_type = int
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Patients médecin traitant déjà gagnés par les contrats individuels antérieurs ; -1 : gain inconnu"


class file_active_deja_gagnee(Variable):
    value_type = int
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Patients de file active déjà gagnés par les contrats individuels antérieurs ; -1 : gain inconnu"


class date_adhesion(Variable):
    value_type = datetime.date
    default_value = SANS_DATE
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Date d'adhésion au contrat collectif : d'un adhérent ; du groupe, la première d'un nouvel installé"


class nombre_nouveaux_installes(Variable):
    value_type = int
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Adhérents nouveaux installés, sous la médiane"


class patientele_mt_des_nouveaux_a_gagner(Variable):
    value_type = int
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Patients médecin traitant qui manquent aux nouveaux installés du groupe pour la médiane ; -1 : inconnu"


class file_active_des_nouveaux_a_gagner(Variable):
    value_type = int
    entity = Contrat
    definition_period = DateUnit.ETERNITY
    label = "Patients de file active qui manquent aux nouveaux installés du groupe pour la médiane ; -1 : inconnu"


class adherent_nouvel_installe(Variable):
    value_type = bool
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Adhérent nouvel installé, sous la médiane"
    reference = "Aide collective (ancienneté, médiane) ; arbitrages C11, D6, E12"

    def formula(contrat, period):
        """Installé depuis moins que l'ancienneté maximale à l'adhésion, et sous la médiane par un indicateur."""
        return _vers_la_mediane(contrat, period, "patientele_mt")[0]


class patientele_mt_manquante_a_la_mediane(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Patients médecin traitant qui manquent à un adhérent nouvel installé pour la médiane ; -1 : non déterminé"
    reference = "Aide collective (médiane, nouvel installé) ; arbitrages D6, E12"

    def formula(contrat, period):
        """La médiane moins la base ; rien pour qui n'est pas nouvel installé."""
        return _vers_la_mediane(contrat, period, "patientele_mt")[1]


class file_active_manquante_a_la_mediane(Variable):
    value_type = int
    default_value = NON_DETERMINE
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Patients de file active qui manquent à un adhérent nouvel installé pour la médiane ; -1 : non déterminé"
    reference = "Aide collective (médiane, nouvel installé) ; arbitrages D6, E12"

    def formula(contrat, period):
        """La médiane moins la base ; rien pour qui n'est pas nouvel installé."""
        return _vers_la_mediane(contrat, period, "file_active")[1]


def _vers_la_mediane(contrat, period, indicateur):
    return objectif_d_un_nouvel_adherent(contrat, period, indicateur, _vient_de_s_installer(contrat, period))


def _vient_de_s_installer(contrat, period):
    """Members installed for less than the longest seniority of a new one, on the day they join."""
    signature, installation = contrat("date_signature", period), contrat("date_installation", period)
    adhesion = contrat("date_adhesion", period)
    jour = np.where(renseignee(adhesion), adhesion, signature)
    a_calculer = est_collectif(contrat, period) & renseignee(installation)
    mois = Lecteur(contrat, period).nombre(
        "aide_collective.nouvel_installe.anciennete_max", signature, quand=a_calculer
    )
    return a_calculer & (installation <= jour) & (jour < ajouter_mois_si_connu(installation, mois))


class date_limite_mediane_nouvel_installe(Variable):
    value_type = datetime.date
    default_value = SANS_DATE
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Date à laquelle le premier nouvel installé d'un groupe doit avoir atteint la médiane"
    reference = "Aide collective (délai propre au nouvel installé, compté de l'adhésion) ; arbitrage E12"

    def formula(contrat, period):
        """Le délai du nouvel installé, compté de son adhésion, ou de la signature s'il a signé avec les autres."""
        signature, adhesion = contrat("date_signature", period), contrat("date_adhesion", period)
        avec = est_collectif(contrat, period) & (contrat("nombre_nouveaux_installes", period) > 0)
        mois = Lecteur(contrat, period).nombre("aide_collective.nouvel_installe.delai", signature, quand=avec)
        jour = np.where(renseignee(adhesion), adhesion, signature)
        return np.where(avec, ajouter_mois_si_connu(jour, mois), ABSENTE)


class plafond_etp(Variable):
    value_type = float
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Plafond d'ETP du groupe, bonus docteur junior compris"
    reference = "Aide collective (exemple publié : 4 médecins dont 2 PAMSU, 5 ETP) ; arbitrage D19"

    def formula(contrat, period):
        """Un plafond par adhérent, plus le bonus par médecin PAMSU ou par adhérent d'une structure agréée."""
        lire = Lecteur(contrat, period)
        collectif = est_collectif(contrat, period)
        adherents = np.maximum(contrat("nombre_adherents", period), 0)
        par_medecin = lire.nombre(
            "aide_collective.plafond_etp_par_medecin", contrat("date_signature", period), quand=collectif
        )
        accueil = contrat("date_accueil_docteur_junior", period)
        pamsu = contrat("nombre_pamsu_docteur_junior", period)
        structure = contrat("structure_agreee_docteur_junior", period)
        demande = collectif & ((pamsu > 0) | structure)
        bonus = lire.nombre("aide_collective.bonus_docteur_junior.par_medecin", accueil, quand=demande)
        cumul = (
            lire.nombre(
                "aide_collective.bonus_docteur_junior.cumul_pamsu_et_structure",
                accueil,
                quand=demande & structure & (pamsu > 0),
            )
            == 1
        )
        de_la_structure = np.where(structure, adherents, 0)
        beneficiaires = np.where(cumul, pamsu + de_la_structure, np.maximum(pamsu, de_la_structure))
        return zero_si_inconnu(par_medecin) * adherents + zero_si_inconnu(bonus) * beneficiaires


class condition_etp_demandes(Variable):
    value_type = Enum
    possible_values = Condition
    default_value = Condition.indeterminee
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "ETP demandés : par pas d'un demi, dans la limite du plafond"
    reference = "Aide collective (ETP au plus égal au nombre de médecins adhérents, bonus en plus) ; arbitrage D19"

    def formula(contrat, period):
        """Par pas entiers, dans la limite du plafond."""
        collectif = est_collectif(contrat, period)
        pas = Lecteur(contrat, period).nombre(
            "aide_collective.pas_etp", contrat("date_signature", period), quand=collectif
        )
        pas = np.maximum(en_millioniemes(np.where(np.isnan(pas), 1.0, pas)), 1)
        etp = en_millioniemes(contrat("etp_demandes", period))
        connu = (etp > 0) & (contrat("nombre_adherents", period) >= 0)
        admis = (etp % pas == 0) & (etp <= en_millioniemes(contrat("plafond_etp", period)))
        return verdict(remplie=connu & admis, non_remplie=connu & ~admis, sans_objet=~collectif)


class condition_forme_juridique(Variable):
    value_type = Enum
    possible_values = Condition
    default_value = Condition.indeterminee
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Forme juridique : SCP, SCM ou SISA"
    reference = "Aide collective (SEL exclue)"

    def formula(contrat, period):
        """Sociétés dont les associés gardent leur activité propre, une fois l'aide collective ouverte."""
        collectif = est_collectif(contrat, period)
        forme = contrat("forme_juridique", period)
        admise, ouverte = Lecteur(contrat, period).appartient(
            "aide_collective.formes_juridiques", contrat("date_signature", period), forme, quand=collectif
        )
        connue = np.asarray(forme) != FormeJuridique.non_renseignee.index
        return verdict(remplie=admise, non_remplie=~ouverte | (connue & ~admise), sans_objet=~collectif)


class condition_adherents(Variable):
    value_type = Enum
    possible_values = Condition
    default_value = Condition.indeterminee
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Chaque adhérent : généraliste hors MEP, secteur 1 ou Optam"
    reference = "Aide collective"

    @source(Certitude.secondaire)
    def formula(contrat, period):
        """Chaque adhérent est jugé sur les conditions d'un médecin ; aucun ne doit être refusé."""
        collectif = est_collectif(contrat, period)
        adherents = contrat("nombre_adherents", period)
        refuses = contrat("nombre_adherents_refuses", period)
        indetermines = contrat("nombre_adherents_indetermines", period)
        Lecteur(contrat, period).pris_en_compte("condition_adherents", collectif)
        return verdict(
            remplie=(adherents > 0) & (refuses == 0) & (indetermines == 0),
            non_remplie=(adherents == 0) | (refuses > 0),
            sans_objet=~collectif,
        )


class condition_cumul(Variable):
    value_type = Enum
    possible_values = Condition
    default_value = Condition.indeterminee
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Pas de contrat individuel et collectif à la fois"
    reference = "Aide collective (contrats individuels à résilier avant l'adhésion)"

    def formula(contrat, period):
        """Aucun adhérent ne garde de contrat individuel."""
        collectif = est_collectif(contrat, period)
        restants = contrat("nombre_adherents_sous_contrat_individuel", period) > 0
        admis = Lecteur(contrat, period).nombre(
            "aide_collective.cumul_individuel_collectif", contrat("date_signature", period), quand=collectif
        )
        return verdict(remplie=~restants | (admis == 1), non_remplie=restants & (admis == 0), sans_objet=~collectif)


class date_rne_la_plus_ancienne(Variable):
    value_type = datetime.date
    default_value = SANS_DATE
    entity = Contrat
    definition_period = DateUnit.DAY
    label = "Date la plus ancienne admise pour l'extrait du registre national des entreprises (RNE)"
    reference = "Aide collective (extrait de moins de trois mois)"

    def formula(contrat, period):
        """L'ancienneté admise, comptée à rebours de la signature."""
        collectif = est_collectif(contrat, period)
        signature = contrat("date_signature", period)
        mois = Lecteur(contrat, period).nombre("aide_collective.rne_anciennete_max", signature, quand=collectif)
        return np.where(collectif, ajouter_mois_si_connu(signature, -mois), ABSENTE)
